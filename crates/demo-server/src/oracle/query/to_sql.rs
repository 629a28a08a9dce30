//! Turns a condition into SQL for a resource's table: looks attributes up, reads each literal as
//! the attribute's kind, binds every value.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use rest_contract::{
    Field, Kind, Value, digits_of_second, letter_case, read_date_time, read_decimal, read_integer,
};
use unicode_normalization::UnicodeNormalization as _;

use super::{Check, Comparison, Condition, Fold, Literal, QueryError, Test};
use crate::database::{Parameter, Statement};
use crate::oracle::schema::resource::Resource;

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
    let (column, check) = match test.fold {
        None => (column, Cow::Borrowed(&test.check)),
        Some(_) if field.kind != Kind::Text => {
            return Err(QueryError::at(test.position, format!("{} is not a text", field.name)));
        }
        Some(fold) => {
            let check = composed(&test.check);
            let column =
                folded(column, fold, &check).map_err(|reason| QueryError::at(test.position, reason))?;
            (column, Cow::Owned(check))
        }
    };
    let constant =
        |literal: &Literal| constant(field, literal).map_err(|reason| QueryError::at(test.position, reason));
    sql.push(&column);
    match &*check {
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
        Check::Like { pattern, escape, negated } => {
            if field.kind != Kind::Text {
                let reason = format!("like needs a text attribute, and {} is none", field.name);
                return Err(QueryError::at(test.position, reason));
            }
            sql.push(if *negated { " NOT LIKE " } else { " LIKE " });
            sql.bind(Parameter::Text(sql_pattern(pattern.text(), *escape))).push(" ESCAPE '\\'");
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

/// The check with each letter and its accents as one, where there is such a letter.
fn composed(check: &Check) -> Check {
    let one = |literal: &Literal| match literal {
        Literal::Quoted(text) => Literal::Quoted(text.nfc().collect()),
        Literal::Bare(_) => literal.clone(),
    };
    match check.clone() {
        Check::Compare(comparison, value) => Check::Compare(comparison, one(&value)),
        Check::Like { pattern, escape, negated } => Check::Like { pattern: one(&pattern), escape, negated },
        Check::In { values, negated } => Check::In { values: values.iter().map(one).collect(), negated },
        Check::Between { low, high, negated } => Check::Between { low: one(&low), high: one(&high), negated },
        Check::IsNull { negated } => Check::IsNull { negated },
    }
}

/// The column in capitals or small letters. SQLite folds ASCII letters only, PostgreSQL what the database's
/// locale knows, and neither composes letters; of the other letters those that the test speaks of are folded
/// and composed here, and what a text holds beside them decides nothing.
fn folded(column: String, fold: Fold, check: &Check) -> Result<String, String> {
    let texts: Vec<&str> = match check {
        Check::Compare(_, value) => vec![value.text()],
        Check::Like { pattern, .. } => vec![pattern.text()],
        Check::In { values, .. } => values.iter().map(Literal::text).collect(),
        Check::Between { low, high, .. } => vec![low.text(), high.text()],
        Check::IsNull { .. } => Vec::new(),
    };
    let letters = texts.into_iter().flat_map(str::chars).filter(|letter| letter.is_alphabetic());
    let letters: BTreeSet<char> = letters.collect();
    type Cased = fn(&str) -> String;
    let (function, this_case, other_case): (_, Cased, Cased) = match fold {
        Fold::Upper => ("UPPER", letter_case::upper, letter_case::lower),
        Fold::Lower => ("LOWER", letter_case::lower, letter_case::upper),
    };
    // Each in its turn becomes the letter behind it.
    let mut written = Vec::new();
    for letter in letters {
        let is_ascii = letter.is_ascii();
        let letter = letter.to_string();
        let other = other_case(&letter);
        let doubles = letter.chars().chain(other.chars()).flat_map(doubles_of);
        written.extend(doubles.map(|double| (double.to_string(), letter.clone())));
        if is_ascii {
            continue;
        }
        // The final sigma has a capital, which is not folded to it.
        if other != letter && this_case(&other) == letter {
            written.push((other, letter.clone()));
        }
        if fold == Fold::Upper && letter == "Σ" {
            written.push(("ς".to_owned(), letter.clone()));
        }
        for apart in spellings(&letter) {
            let (apart, other) = (this_case(&apart), other_case(&apart));
            // The database has folded what begins with an ASCII letter.
            if other != apart && !apart.starts_with(|first: char| first.is_ascii()) {
                written.push((other, letter.clone()));
            }
            written.push((apart, letter.clone()));
        }
    }
    if written.len() > MOST_REPLACED {
        return Err("too many different letters beyond those of ASCII in one test".to_owned());
    }
    // A letter spelled into the text is no quote and no backslash.
    let replaced = |sql, (other, letter)| format!("REPLACE({sql}, '{other}', '{letter}')");
    Ok(written.into_iter().fold(format!("{function}({column})"), replaced))
}

/// Characters that stand for the very letter, as the sign of Ångström does for `Å`: no text that is composed
/// holds them.
fn doubles_of(letter: char) -> impl Iterator<Item = char> {
    static DOUBLES: LazyLock<BTreeMap<char, Vec<char>>> = LazyLock::new(|| {
        let mut doubles = BTreeMap::<char, Vec<char>>::new();
        // All of them stand in these parts of Unicode: signs and Greek letters, ideographs.
        for double in ('\u{340}'..='\u{2fff}').chain('\u{f900}'..='\u{faff}').chain('\u{2f800}'..='\u{2fa1f}')
        {
            let mut composed = std::iter::once(double).nfc();
            if let (Some(letter), None) = (composed.next(), composed.next())
                && letter != double
            {
                doubles.entry(letter).or_default().push(double);
            }
        }
        doubles
    });
    DOUBLES.get(&letter).into_iter().flatten().copied()
}

/// Databases follow calls within calls only so deep: SQLite a thousand.
const MOST_REPLACED: usize = 500;

/// The ways to write a letter with its accents, or a syllable with its parts, as several characters: the
/// parts in any order that means the same, the first of them composed or not.
fn spellings(letter: &str) -> BTreeSet<String> {
    let parts: Vec<char> = letter.nfd().collect();
    let orders = match parts.as_slice() {
        [base, a, b] => vec![vec![*base, *a, *b], vec![*base, *b, *a]],
        // With three accents only in the order that normal forms have.
        parts => vec![parts.to_vec()],
    };
    let composed_up_to = |parts: &[char], end: usize| -> String {
        let (first, rest) = parts.split_at(end);
        first.iter().copied().nfc().chain(rest.iter().copied()).collect()
    };
    let ways = orders.iter().flat_map(|parts| (1..parts.len()).map(|end| composed_up_to(parts, end)));
    ways.filter(|way| way != letter && way.nfc().eq(letter.chars())).collect()
}

/// `*` and `%` both match any text, unless they stand behind the escape; everything else stands for itself.
fn sql_pattern(pattern: &str, escape: Option<char>) -> String {
    let mut sql = String::with_capacity(pattern.len() + 4);
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            escaping if Some(escaping) == escape => {
                // At the end of a pattern there is nothing to escape, and it is a letter.
                sql.push('\\');
                sql.push(letters.next().unwrap_or(escaping));
            }
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

/// Microseconds since 1970. A time without an offset, and a bare day, are read as UTC. Finer than that no
/// stored time is, and a cut one would be found equal to what it is not.
fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    if digits_of_second(text) > 6 {
        return None;
    }
    let at = read_date_time(text)
        .or_else(|| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%:z").ok().map(|at| at.to_utc()))
        .or_else(|| {
            ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
                .into_iter()
                .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
                .map(|at| at.and_utc())
        })
        .or_else(|| text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0).map(|at| at.and_utc()))?;
    // A leap second would be the next one.
    (at.timestamp_subsec_nanos() < 1_000_000_000).then(|| at.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::protocol::framework_version::FrameworkVersion;
    use crate::oracle::query::parse;
    use crate::oracle::schema::resource_tree::{BATCHES, USAGE_EVENTS};

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
    fn a_letter_is_composed_of_each_way_to_write_it() {
        for (letter, expected) in [
            ("é", &["e\u{301}"] as &[&str]),
            ("ệ", &["e\u{302}\u{323}", "e\u{323}\u{302}", "\u{ea}\u{323}", "\u{1eb9}\u{302}"]),
            ("가", &["\u{1100}\u{1161}"]),
            ("각", &["\u{1100}\u{1161}\u{11a8}", "가\u{11a8}"]),
            ("ø", &[]),
            ("東", &[]),
        ] {
            let expected: BTreeSet<_> = expected.iter().map(|&way| way.to_owned()).collect();
            assert_eq!(spellings(letter), expected, "{letter}");
        }
    }

    #[test]
    fn a_letter_has_its_doubles() {
        let doubles = |letter| doubles_of(letter).collect::<String>();
        for (letter, expected) in [
            ('Å', "\u{212b}"),
            ('K', "\u{212a}"),
            ('Ω', "\u{2126}"),
            ('ά', "\u{1f71}"),
            ('樂', "\u{f914}\u{f95c}\u{f9bf}"),
            ('a', ""),
        ] {
            assert_eq!(doubles(letter), expected, "{letter}");
        }
        check(&USAGE_EVENTS, "LOWER(ServiceId) = 'ka'", "REPLACE(LOWER(t.service_id), '\u{212a}', 'k') = $1");
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
        assert_eq!(instant("1970-01-01T00:00:01.1234560Z"), Some(1_123_456));
        for text in ["1970-01-01T00:00:01.1234567Z", "1970-01-01 00:00:01.0000001", "1969-12-31 23:59:60"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
