//! Turns a condition into SQL for a resource's table: looks attributes up, reads each literal as
//! the attribute's kind, binds every value.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rest_contract::{Field, Kind, Value, read_date_time, read_decimal, read_integer};

use super::{Check, Comparison, Condition, Fold, Literal, QueryError, Test};
use crate::database::{Parameter, Statement};
use crate::oracle::resource_tree::Resource;

/// The table that attributes are looked up in: a resource under an alias.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub resource: &'static Resource,
    pub alias: String,
}

/// Appends the condition to the statement. The answer says whether it uses the resource's joins.
pub(crate) fn condition(
    sql: &mut Statement,
    columns: &Columns,
    condition: &Condition,
) -> Result<bool, QueryError> {
    match condition {
        Condition::All(parts) => several(sql, columns, parts, " AND "),
        Condition::Any(parts) => several(sql, columns, parts, " OR "),
        Condition::Not(inner) => {
            sql.push("NOT (");
            let joined = self::condition(sql, columns, inner)?;
            sql.push(")");
            Ok(joined)
        }
        Condition::Test(test) => test_of(sql, columns, test, &test.attribute),
    }
}

fn several(
    sql: &mut Statement,
    columns: &Columns,
    parts: &[Condition],
    word: &str,
) -> Result<bool, QueryError> {
    let mut joined = false;
    let mut outcome = Ok(());
    sql.push("(");
    sql.join(parts, word, |sql, part| {
        if outcome.is_ok() {
            outcome = condition(sql, columns, part).map(|needs| joined |= needs);
        }
    });
    sql.push(")");
    outcome.map(|()| joined)
}

/// One test; a dotted attribute asks whether any item of the child passes it.
fn test_of(sql: &mut Statement, columns: &Columns, test: &Test, path: &str) -> Result<bool, QueryError> {
    let unknown = || {
        let reason = format!("\"{}\" is not an attribute of {}", test.attribute, columns.resource.name);
        QueryError::at(test.position, reason)
    };
    if let Some((child_name, rest)) = path.split_once('.') {
        let child = columns.resource.child(child_name).ok_or_else(unknown)?;
        let inner = Columns { resource: child, alias: format!("{}x", columns.alias) };
        sql.push(&format!(
            "EXISTS (SELECT 1 FROM {} {alias} {} WHERE {alias}.{} = {}.{} AND ",
            child.table,
            child.joins(&inner.alias),
            child.parent_column,
            columns.alias,
            columns.resource.id_column,
            alias = inner.alias,
        ));
        test_of(sql, &inner, test, rest)?;
        sql.push(")");
        return Ok(false);
    }
    let field = columns.resource.schema.field(path).ok_or_else(unknown)?;
    let (column, joined) = columns.resource.column(field, &columns.alias);
    let column = match test.fold {
        None => column,
        Some(_) if field.kind != Kind::Text => {
            return Err(QueryError::at(test.position, format!("{} is not a text", field.name)));
        }
        Some(Fold::Upper) => format!("UPPER({column})"),
        Some(Fold::Lower) => format!("LOWER({column})"),
    };
    let constant =
        |literal: &Literal| constant(field, literal).map_err(|reason| QueryError::at(test.position, reason));
    sql.push(&column);
    match &test.check {
        Check::Compare(comparison, value) => {
            sql.push(match comparison {
                Comparison::Equal => " = ",
                Comparison::NotEqual => " <> ",
                Comparison::Less => " < ",
                Comparison::LessOrEqual => " <= ",
                Comparison::Greater => " > ",
                Comparison::GreaterOrEqual => " >= ",
            });
            sql.bind(constant(value)?);
        }
        Check::Like { pattern, negated } => {
            if field.kind != Kind::Text {
                let reason = format!("like needs a text attribute, and {} is none", field.name);
                return Err(QueryError::at(test.position, reason));
            }
            sql.push(if *negated { " NOT LIKE " } else { " LIKE " });
            sql.bind(Parameter::Text(sql_pattern(pattern.text()))).push(" ESCAPE '\\'");
        }
        Check::In { values, negated } => {
            let values = values.iter().map(constant).collect::<Result<Vec<_>, _>>()?;
            sql.push(if *negated { " NOT IN (" } else { " IN (" });
            sql.join(values, ", ", |sql, value| {
                sql.bind(value);
            });
            sql.push(")");
        }
        Check::Between { low, high, negated } => {
            sql.push(if *negated { " NOT BETWEEN " } else { " BETWEEN " });
            sql.bind(constant(low)?).push(" AND ").bind(constant(high)?);
        }
        Check::IsNull { negated } => {
            sql.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
        }
    }
    Ok(joined)
}

/// `*` and `%` both match any text; everything else stands for itself.
fn sql_pattern(pattern: &str) -> String {
    let mut sql = String::with_capacity(pattern.len() + 4);
    for letter in pattern.chars() {
        match letter {
            '*' | '%' => sql.push('%'),
            '_' | '\\' => {
                sql.push('\\');
                sql.push(letter);
            }
            other => sql.push(other),
        }
    }
    sql
}

/// The value that a literal stands for beside an attribute of the field's kind.
pub(crate) fn constant(field: &Field, literal: &Literal) -> Result<Parameter, String> {
    let text = literal.text();
    let not = |what: &str| format!("{text:?} is not {what}, which {} holds", field.name);
    match field.kind {
        Kind::Text => Ok(Parameter::Text(text.to_owned())),
        Kind::Decimal => match read_decimal(text.trim()) {
            Ok(value) => Ok(Parameter::Decimal(value.to_string())),
            Err(_) => Err(not("a number")),
        },
        Kind::Int32 | Kind::Int64 => {
            read_integer(text.trim()).map(Parameter::Integer).map_err(|_| not("a whole number"))
        }
        Kind::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "y" | "1" => Ok(Parameter::Boolean(true)),
            "false" | "n" | "0" => Ok(Parameter::Boolean(false)),
            _ => Err(not("true or false")),
        },
        Kind::DateTime => instant(text)
            .map(Parameter::Integer)
            .ok_or_else(|| not("a date and time such as 2026-10-01T08:00:00+00:00")),
        Kind::Date => match text.parse::<NaiveDate>() {
            Ok(day) => Ok(Parameter::Text(Value::Date(day).to_string())),
            Err(_) => Err(not("a date such as 2026-10-01")),
        },
    }
}

/// Microseconds since 1970. A time without an offset, and a bare day, are read as UTC.
fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    let at = read_date_time(text)
        .or_else(|| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%:z").ok().map(|at| at.to_utc()))
        .or_else(|| {
            ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
                .into_iter()
                .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
                .map(|at| at.and_utc())
        })
        .or_else(|| text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0).map(|at| at.and_utc()))?;
    Some(at.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::framework_version::FrameworkVersion;
    use crate::oracle::query::parse;
    use crate::oracle::resource_tree::{BATCHES, USAGE_EVENTS};

    fn check(resource: &'static Resource, text: &str, expected: &str) {
        let columns = Columns { resource, alias: "t".to_owned() };
        let mut sql = Statement::default();
        let found = parse(text, FrameworkVersion::NEWEST)
            .and_then(|parsed| condition(&mut sql, &columns, &parsed))
            .map_or_else(|error| error.to_string(), |_| sql.sql().to_owned());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn values_are_bound_never_spelled_out() {
        check(&USAGE_EVENTS, "EventStatus = 'x'' OR 1=1'", "t.event_status = $1");
        check(
            &USAGE_EVENTS,
            "UsageQuantity > 1.5 and EventId in (1,2)",
            "(t.usage_quantity > $1 AND t.event_id IN ($2, $3))",
        );
        check(&USAGE_EVENTS, "ServiceId like 'a_%'", "t.service_id LIKE $1 ESCAPE '\\'");
        check(&USAGE_EVENTS, "BatchNumber = 'B'", "tb.batch_number = $1");
        check(
            &USAGE_EVENTS,
            "usageCharges.BilledAmount < 0",
            "EXISTS (SELECT 1 FROM usage_charges tx  WHERE tx.event_id = t.event_id AND tx.billed_amount < $1)",
        );
        check(
            &BATCHES,
            "usageEvents.usageCharges.ChargeName is null",
            "EXISTS (SELECT 1 FROM usage_events tx LEFT JOIN usage_event_batches txb ON txb.usage_batch_id = \
             tx.usage_batch_id WHERE tx.usage_batch_id = t.usage_batch_id AND EXISTS (SELECT 1 FROM usage_charges \
             txx  WHERE txx.event_id = tx.event_id AND txx.charge_name IS NULL))",
        );
    }

    #[test]
    fn what_does_not_fit_says_so() {
        check(&USAGE_EVENTS, "Nope = 1", "\"Nope\" is not an attribute of usageEvents (at character 1)");
        check(
            &USAGE_EVENTS,
            "EventId = 1 and eventid = 2",
            "\"eventid\" is not an attribute of usageEvents (at character 17)",
        );
        check(
            &USAGE_EVENTS,
            "usageCharges.X = 1",
            "\"usageCharges.X\" is not an attribute of usageCharges (at character 1)",
        );
        check(
            &USAGE_EVENTS,
            "EventId = 'a'",
            "\"a\" is not a whole number, which EventId holds (at character 1)",
        );
        check(
            &USAGE_EVENTS,
            "UsageQuantity like '1%'",
            "like needs a text attribute, and UsageQuantity is none (at character 1)",
        );
        check(
            &USAGE_EVENTS,
            "EventStartTime > 'soon'",
            "\"soon\" is not a date and time such as 2026-10-01T08:00:00+00:00, which EventStartTime holds (at character 1)",
        );
    }

    #[test]
    fn instants_are_read_in_every_usual_form() {
        let expected = instant("2026-10-01T08:00:00+00:00");
        assert!(expected.is_some());
        for text in [
            "2026-10-01T10:00:00+02:00",
            "2026-10-01T08:00:00Z",
            "2026-10-01T08:00:00",
            "2026-10-01 08:00:00.000",
            "2026-10-01T08:00",
        ] {
            assert_eq!(instant(text), expected, "{text}");
        }
        assert_eq!(instant("1970-01-02"), Some(86_400_000_000));
    }
}
