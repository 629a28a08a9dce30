//! What a list is asked of one field, as the filter of its column says it: what a person types,
//! the row-match expression that a server takes, and the ends of a range for a list that is here as a whole.
//!
//! Times mean the whole day, minute or second that they name, as in a rule (`selection_rule`).

use super::condition::{holds, one_of, quoted, quoted_list};
use super::selection_rule::{Comparison, Operator, span_of};
use crate::schema::{Field, Kind};
use crate::{Notation, Value, read_decimal, read_integer, write_date_time};
use chrono::{DateTime, NaiveTime, TimeDelta, Timelike, Utc};
use rust_decimal::Decimal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldCondition {
    /// The text holds this one, in any case.
    Contains(String),
    /// It is one of these texts, letter for letter.
    OneOf {
        values: Vec<String>,
        or_blank: bool,
    },
    /// It is none of these texts. What comes later, and a blank unless that is among them, is not left out.
    NoneOf {
        values: Vec<String>,
        nor_blank: bool,
    },
    /// It lies between two ends, both of which count. An empty one is open; numbers are in machine notation.
    Between {
        from: String,
        to: String,
    },
    Blank,
    NotBlank,
}

/// The values that lie between two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    Numbers { from: Option<Decimal>, to: Option<Decimal> },
    Times { from: Option<DateTime<Utc>>, before: Option<DateTime<Utc>> },
}

/// What is wrong with a range that was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeFault {
    pub from: Option<String>,
    pub to: Option<String>,
}

impl FieldCondition {
    /// What finds the records that have this value too; of a time, those of its day. Nothing where no condition of the
    /// field does.
    pub fn of_value(field: &Field, value: Option<&Value>) -> Option<Self> {
        let only = |one: String| Self::Between { from: one.clone(), to: one };
        let condition = match value {
            None | Some(Value::Null) => Self::Blank,
            Some(Value::Text(text)) => Self::OneOf { values: vec![text.clone()], or_blank: false },
            Some(Value::Decimal(number)) => only(number.to_string()),
            Some(Value::DateTime(at)) => only(at.date_naive().to_string()),
            Some(Value::Integer(number)) => only(number.to_string()),
            Some(Value::Boolean(_) | Value::Date(_) | Value::Unread(_)) => return None,
        };
        condition.fits(field).then_some(condition)
    }

    /// What leaves out the records that have this value, of those that `asked` finds. Nothing where one condition cannot
    /// say both.
    pub fn leaving_out(field: &Field, value: &Value, asked: Option<&Self>) -> Option<Self> {
        let value = match value {
            Value::Null => return Self::without_blank(asked),
            Value::Text(text) => text.clone(),
            _ => return None,
        };
        let with = |values: &[String], nor_blank| {
            let values = values.iter().cloned().chain([value.clone()]).collect();
            Self::NoneOf { values, nor_blank }
        };
        let condition = match asked {
            None => with(&[], false),
            Some(Self::NotBlank) => with(&[], true),
            Some(Self::NoneOf { values, nor_blank }) => with(values, *nor_blank),
            Some(Self::OneOf { values, or_blank }) => {
                let rest: Vec<_> = values.iter().filter(|one| **one != value).cloned().collect();
                match rest.is_empty() {
                    true if *or_blank => Self::Blank,
                    _ => Self::OneOf { values: rest, or_blank: *or_blank },
                }
            }
            Some(Self::Contains(_) | Self::Between { .. } | Self::Blank) => return None,
        };
        condition.fits(field).then_some(condition)
    }

    fn without_blank(asked: Option<&Self>) -> Option<Self> {
        match asked.cloned() {
            None => Some(Self::NotBlank),
            Some(Self::NoneOf { values, nor_blank: false }) => Some(Self::NoneOf { values, nor_blank: true }),
            Some(Self::OneOf { values, or_blank: true }) => Some(Self::OneOf { values, or_blank: false }),
            Some(_) => None,
        }
    }

    /// What finds times from an instant of a whole second to another one, which is not among them.
    pub fn between_instants(from: DateTime<Utc>, before: DateTime<Utc>) -> Self {
        // Both ends of a condition count, each with all of the day, the minute or the second that it names.
        let is_of_days = [from, before].iter().all(|at| at.time() == NaiveTime::MIN);
        let is_of_minutes = [from, before].iter().all(|at| at.time().second() == 0);
        let (form, step) = match (is_of_days, is_of_minutes) {
            (true, _) => ("%Y-%m-%d", TimeDelta::days(1)),
            (false, true) => ("%Y-%m-%d %H:%M", TimeDelta::minutes(1)),
            (false, false) => ("%Y-%m-%d %H:%M:%S", TimeDelta::seconds(1)),
        };
        let text = |at: DateTime<Utc>| at.format(form).to_string();
        Self::Between { from: text(from), to: text(before - step) }
    }

    /// A range as a reader types it; nothing where both ends are open.
    ///
    /// # Errors
    /// What is wrong with either end.
    pub fn typed_range(
        field: &Field,
        from: &str,
        to: &str,
        notation: &Notation,
    ) -> Result<Option<Self>, RangeFault> {
        let end = |operator, typed: &str| {
            let mut end = comparison(field, operator, typed);
            if end.value.is_empty() {
                return Ok(String::new());
            }
            end.value = end.understood_of(field, notation)?;
            end.q_of(field)?;
            Ok(end.value)
        };
        let (from, to) = match (end(Operator::AtLeast, from), end(Operator::AtMost, to)) {
            (Ok(from), Ok(to)) => (from, to),
            (from, to) => return Err(RangeFault { from: from.err(), to: to.err() }),
        };
        if from.is_empty() && to.is_empty() {
            return Ok(None);
        }
        let range = Self::Between { from, to };
        if range.range(field).is_some_and(Range::is_empty) {
            let to = Some("This is before the other end, so nothing lies between.".to_owned());
            return Err(RangeFault { from: None, to });
        }
        Ok(Some(range))
    }

    /// What is understood of an end of a range while it is typed.
    pub fn echo_of_end(field: &Field, is_upper: bool, typed: &str, notation: &Notation) -> Option<String> {
        let operator = if is_upper { Operator::AtMost } else { Operator::AtLeast };
        comparison(field, operator, typed).echo_of(field, notation)
    }

    /// The ends as this reader types them.
    pub fn ends_to_type(&self, field: &Field, notation: &Notation) -> (String, String) {
        let Self::Between { from, to } = self else { return Default::default() };
        let to_type = |end: &str| match field.kind {
            Kind::Decimal | Kind::Int32 | Kind::Int64 => notation.write_to_type(end),
            Kind::DateTime => notation.times.write(end),
            _ => end.to_owned(),
        };
        (to_type(from), to_type(to))
    }

    /// Whether this can be asked of the field at all.
    pub fn fits(&self, field: &Field) -> bool {
        match self {
            Self::Contains(text) => field.kind == Kind::Text && !text.trim().is_empty(),
            Self::OneOf { values, .. } | Self::NoneOf { values, .. } => {
                field.kind == Kind::Text && !values.is_empty()
            }
            Self::Between { .. } => self.range(field).is_some(),
            Self::Blank | Self::NotBlank => true,
        }
    }

    /// The values of a range; nothing where it is none of this field.
    pub fn range(&self, field: &Field) -> Option<Range> {
        let Self::Between { from, to } = self else { return None };
        if from.is_empty() && to.is_empty() {
            return None;
        }
        match field.kind {
            Kind::Decimal => {
                let number = |text: &str| read_decimal(text).ok();
                Some(Range::Numbers { from: end(from, number)?, to: end(to, number)? })
            }
            Kind::Int32 | Kind::Int64 => {
                let number = |text: &str| read_integer(text).ok().map(Decimal::from);
                Some(Range::Numbers { from: end(from, number)?, to: end(to, number)? })
            }
            Kind::DateTime => {
                let from = end(from, span_of)?.map(|span| span.from);
                let before = end(to, span_of)?.map(|span| span.before);
                Some(Range::Times { from, before })
            }
            _ => None,
        }
    }

    /// The row-match expression of what fits the field.
    pub fn q(&self, field: &Field) -> Option<String> {
        let name = field.name;
        Some(match self {
            Self::Contains(text) => holds(name, text.trim()),
            Self::OneOf { values, or_blank: false } => one_of(name, values),
            Self::OneOf { values, .. } => ["(", &one_of(name, values), " or ", name, " is null)"].concat(),
            Self::NoneOf { values, nor_blank } => {
                let none = [name, " not in (", &quoted_list(values), ")"].concat();
                match nor_blank {
                    true => [&none, " and ", name, " is not null"].concat(),
                    false => ["(", &none, " or ", name, " is null)"].concat(),
                }
            }
            Self::Between { .. } => self.range(field)?.q(name),
            Self::Blank => [name, " is null"].concat(),
            Self::NotBlank => [name, " is not null"].concat(),
        })
    }

    /// For a person, behind what the field is called: `is EUR or USD`. `meaning` gives what a value stands for.
    pub fn words(&self, field: &Field, notation: &Notation, meaning: impl Fn(&str) -> String) -> String {
        match self {
            Self::Contains(text) => format!("contains \u{201c}{}\u{201d}", text.trim()),
            Self::OneOf { values, or_blank } => told(values, *or_blank, ["is", "is one of"], meaning),
            Self::NoneOf { values, nor_blank } => told(values, *nor_blank, ["is not", "is none of"], meaning),
            Self::Between { from, to } => {
                let shown = |end: &str| match field.kind {
                    Kind::Decimal | Kind::Int32 | Kind::Int64 => notation.write(end),
                    Kind::DateTime => notation.times.write(end),
                    _ => end.to_owned(),
                };
                match (from.as_str(), to.as_str()) {
                    (from, "") => format!("from {}", shown(from)),
                    ("", to) => format!("up to {}", shown(to)),
                    (from, to) if from == to => format!("is {}", shown(from)),
                    (from, to) => format!("from {} to {}", shown(from), shown(to)),
                }
            }
            Self::Blank => "is blank".to_owned(),
            Self::NotBlank => "is not blank".to_owned(),
        }
    }
}

/// Values in words, behind what is said of them: of a few, and of many.
fn told(
    values: &[String],
    and_blank: bool,
    [of_few, of_many]: [&str; 2],
    meaning: impl Fn(&str) -> String,
) -> String {
    let several = values.len() + usize::from(and_blank);
    if several > MOST_TOLD {
        return format!("{of_many} {several} values");
    }
    let mut told: Vec<_> = values.iter().map(|value| meaning(value)).collect();
    told.extend(and_blank.then(|| "blank".to_owned()));
    let last = told.pop().unwrap_or_default();
    match told.is_empty() {
        true => format!("{of_few} {last}"),
        false => format!("{of_few} {} or {last}", told.join(", ")),
    }
}

/// More values than this are told by their number.
const MOST_TOLD: usize = 3;

impl Range {
    fn q(self, name: &str) -> String {
        let time = |at: DateTime<Utc>| quoted(&write_date_time(&at));
        let (from, sign, to) = match self {
            Self::Numbers { from, to } => {
                (from.map(|number| number.to_string()), " <= ", to.map(|number| number.to_string()))
            }
            Self::Times { from, before } => (from.map(time), " < ", before.map(time)),
        };
        let between = if from.is_some() && to.is_some() { " and " } else { "" };
        let from = from.map_or_else(String::new, |from| [name, " >= ", &from].concat());
        let to = to.map_or_else(String::new, |to| [name, sign, &to].concat());
        [&*from, between, &to].concat()
    }

    fn is_empty(self) -> bool {
        match self {
            Self::Numbers { from: Some(from), to: Some(to) } => from > to,
            Self::Times { from: Some(from), before: Some(before) } => from >= before,
            _ => false,
        }
    }
}

/// An end of a range, where it can be read; an empty one is open.
fn end<T>(text: &str, read: fn(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

fn comparison(field: &Field, operator: Operator, value: &str) -> Comparison {
    Comparison { field: field.name.to_owned(), operator, value: value.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{BATCH, EVENT};
    use crate::{DayOrder, TimeForm};

    fn field(name: &str) -> &'static Field {
        EVENT.field(name).expect("a field")
    }

    fn between(from: &str, to: &str) -> FieldCondition {
        FieldCondition::Between { from: from.to_owned(), to: to.to_owned() }
    }

    fn one_of(values: &[&str], or_blank: bool) -> FieldCondition {
        FieldCondition::OneOf { values: values.iter().map(|value| (*value).to_owned()).collect(), or_blank }
    }

    fn none_of(values: &[&str], nor_blank: bool) -> FieldCondition {
        FieldCondition::NoneOf { values: values.iter().map(|value| (*value).to_owned()).collect(), nor_blank }
    }

    #[track_caller]
    fn check(name: &str, condition: &FieldCondition, q: &str) {
        assert_eq!(condition.q(field(name)).as_deref(), Some(q));
    }

    #[test]
    fn each_condition_is_said_and_no_text_breaks_out_of_its_quotes() {
        check(
            "Error",
            &FieldCondition::Contains(" o'b%".to_owned()),
            r"UPPER(Error) like '%O''B\%%' escape '\'",
        );
        check("CurrencyCode", &one_of(&["EUR"], false), "CurrencyCode = 'EUR'");
        check("CurrencyCode", &one_of(&["EUR", "USD"], false), "CurrencyCode in ('EUR','USD')");
        check(
            "ServiceId",
            &one_of(&["x' or '1'='1"], true),
            "(ServiceId = 'x'' or ''1''=''1' or ServiceId is null)",
        );
        check(
            "CurrencyCode",
            &none_of(&["EUR", "o'b"], false),
            "(CurrencyCode not in ('EUR','o''b') or CurrencyCode is null)",
        );
        check(
            "CurrencyCode",
            &none_of(&["EUR"], true),
            "CurrencyCode not in ('EUR') and CurrencyCode is not null",
        );
        check("UsageQuantity", &between("-1.50", "20"), "UsageQuantity >= -1.50 and UsageQuantity <= 20");
        check("UsageQuantity", &between("", "20"), "UsageQuantity <= 20");
        check(
            "EventStartTime",
            &between("2026-10-31", "2026-10-31"),
            "EventStartTime >= '2026-10-31T00:00:00+00:00' and EventStartTime < '2026-11-01T00:00:00+00:00'",
        );
        check(
            "LastUpdateDate",
            &between("2026-10-31 14:05", ""),
            "LastUpdateDate >= '2026-10-31T14:05:00+00:00'",
        );
        check("Error", &FieldCondition::Blank, "Error is null");
        check("UsageQuantity", &FieldCondition::NotBlank, "UsageQuantity is not null");
    }

    #[test]
    fn what_cannot_be_asked_of_a_field_is_not_asked() {
        for (name, condition) in [
            ("UsageQuantity", FieldCondition::Contains("1".to_owned())),
            ("UsageQuantity", one_of(&["1"], false)),
            ("UsageQuantity", between("soon", "")),
            ("UsageQuantity", between("1", "1 or 1=1")),
            ("UsageQuantity", between("", "")),
            ("EventStartTime", between("10", "20")),
            ("Error", between("a", "b")),
            ("Error", one_of(&[], true)),
            ("Error", none_of(&[], true)),
            ("UsageQuantity", none_of(&["1"], false)),
            ("Error", FieldCondition::Contains(" ".to_owned())),
        ] {
            assert!(!condition.fits(field(name)), "{name} {condition:?}");
        }
    }

    #[test]
    fn a_range_is_typed_by_a_reader_and_kept_for_all() {
        let german = Notation { decimal: ',', group: Some('.'), ..Notation::ENGLISH };
        let typed =
            |name: &str, from: &str, to: &str| FieldCondition::typed_range(field(name), from, to, &german);
        let kept = typed("UsageQuantity", "1,5", " 12.345,60").expect("understood").expect("a range");
        assert_eq!(kept, between("1.5", "12345.60"));
        assert_eq!(
            kept.ends_to_type(field("UsageQuantity"), &german),
            ("1,5".to_owned(), "12345,60".to_owned())
        );
        assert_eq!(typed("UsageQuantity", " ", ""), Ok(None));
        let fault = typed("UsageQuantity", "1.234", "x").expect_err("two readings, and none");
        assert_eq!(fault.from.as_deref(), Some("Quantity can be read in two ways; type 1234 or 1,234."));
        assert!(fault.to.is_some_and(|words| words.starts_with("Quantity ")));
        assert!(typed("UsageQuantity", "2", "1").expect_err("nothing between").to.is_some());
        assert!(typed("EventStartTime", "2026-11-01", "2026-10-31").is_err());
        assert_eq!(
            typed("EventStartTime", "2026-10-31", "2026-10-31"),
            Ok(Some(between("2026-10-31", "2026-10-31")))
        );
        assert!(typed("EventStartTime", "soon", "").expect_err("no time").from.is_some());
        let exact = typed("UsageQuantity", "0,1234567890123456789", "").expect("exact");
        assert_eq!(exact, Some(between("0.1234567890123456789", "")));
    }

    #[test]
    fn times_are_typed_and_told_as_their_reader_writes_them_and_kept_for_all() {
        let times =
            TimeForm { order: DayOrder::DayMonthYear, between: '.', fraction: ',', ..TimeForm::MACHINE };
        let german = Notation { times, ..Notation::ENGLISH };
        let start = field("EventStartTime");
        let typed = |from: &str, to: &str| FieldCondition::typed_range(start, from, to, &german);
        let kept = typed("5.9.2026", "6.9.2026 14:05").expect("understood").expect("a range");
        assert_eq!(kept, between("2026-09-05", "2026-09-06 14:05"));
        assert_eq!(typed("2026-09-05", "2026-09-06 14:05"), Ok(Some(kept.clone())), "machine notation too");
        let ends = ("05.09.2026".to_owned(), "06.09.2026 14:05".to_owned());
        assert_eq!(kept.ends_to_type(start, &german), ends);
        assert_eq!(kept.words(start, &german, str::to_owned), "from 05.09.2026 to 06.09.2026 14:05");
        let echo = FieldCondition::echo_of_end(start, true, "5.9.2026", &german);
        assert_eq!(echo.as_deref(), Some("before 06.09.2026 00:00 UTC"));
        assert!(typed("9/5/2026", "").expect_err("of another notation").from.is_some());
    }

    #[test]
    fn an_end_is_read_in_the_readers_notation_or_refused_with_both_readings_and_nought_is_one() {
        let german = Notation { decimal: ',', group: Some('.'), ..Notation::ENGLISH };
        let quantity = field("UsageQuantity");
        let typed = |from: &str, to: &str, notation: &Notation| {
            FieldCondition::typed_range(quantity, from, to, notation)
        };
        assert_eq!(typed("100,000", "", &Notation::ENGLISH), Ok(Some(between("100000", ""))));
        let fault = typed("100.000", "", &german).expect_err("two readings");
        let words = "Quantity can be read in two ways; type 100000 or 100,000.".to_owned();
        assert_eq!(fault, RangeFault { from: Some(words), to: None });
        for (text, notation) in [("100,000", &Notation::ENGLISH), ("100.000", &german)] {
            let kept = typed("100000", "", notation).expect("understood").expect("a range");
            let chip = kept.words(quantity, notation, str::to_owned);
            assert_eq!(chip, format!("from {text}"), "the chip shows what was read");
        }
        assert_eq!(typed("1.000.000,5", "", &german), Ok(Some(between("1000000.5", ""))));
        // The wrong way round, the second end says so; the same number twice is a range.
        let fault = typed("2", "1,5", &german).expect_err("nothing between");
        assert!(fault.from.is_none() && fault.to.is_some());
        assert_eq!(typed("1,50", "1,5", &german), Ok(Some(between("1.50", "1.5"))));
        for nought in ["0", "0,00", "-0"] {
            let kept = typed(nought, "", &german).expect("understood").expect("nought is an end");
            let range = kept.range(quantity);
            assert_eq!(range, Some(Range::Numbers { from: Some(Decimal::ZERO), to: None }), "{nought}");
            assert!(kept.words(quantity, &german, str::to_owned).contains('0'));
        }
    }

    #[test]
    fn a_field_of_another_resource_is_asked_by_its_own_kind() {
        let (events, created) = (BATCH.field("CountOfUsageEvents"), BATCH.field("CreationDate"));
        let (Some(events), Some(created)) = (events, created) else { panic!("fields of a batch") };
        let typed = |from: &str| FieldCondition::typed_range(events, from, "", &Notation::ENGLISH);
        assert_eq!(typed("1,000"), Ok(Some(between("1000", ""))));
        assert!(typed("1.5").expect_err("no whole number").from.is_some());
        let range = between("1000", "20000");
        assert_eq!(
            range.q(events).as_deref(),
            Some("CountOfUsageEvents >= 1000 and CountOfUsageEvents <= 20000")
        );
        assert!(!between("1.5", "").fits(events));
        assert_eq!(range.words(events, &Notation::ENGLISH, str::to_owned), "from 1,000 to 20,000");
        let day = FieldCondition::typed_range(created, "2026-10-31", "", &Notation::ENGLISH);
        assert_eq!(day, Ok(Some(between("2026-10-31", ""))));
        let echo = FieldCondition::echo_of_end(created, false, "2026-10-31", &Notation::ENGLISH);
        assert_eq!(echo.as_deref(), Some("from 2026-10-31 00:00 UTC on"));
    }

    #[test]
    fn a_day_is_all_of_it_for_the_list_that_is_here_too() {
        let at = |text: &str| crate::read_date_time(text);
        assert_eq!(
            between("2026-10-31", "2026-11-01").range(field("EventStartTime")),
            Some(Range::Times {
                from: at("2026-10-31T00:00:00+00:00"),
                before: at("2026-11-02T00:00:00+00:00")
            })
        );
        assert_eq!(
            between("1.50", "").range(field("UsageQuantity")),
            Some(Range::Numbers { from: Some(Decimal::new(150, 2)), to: None })
        );
    }

    #[test]
    fn a_value_is_asked_for_by_itself_and_a_time_by_its_day() {
        let of = |name: &str, value: Option<Value>| FieldCondition::of_value(field(name), value.as_ref());
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        assert_eq!(of("CurrencyCode", text("EUR")), Some(one_of(&["EUR"], false)));
        assert_eq!(of("Error", text("a, 'b' \\")), Some(one_of(&["a, 'b' \\"], false)));
        assert_eq!(of("Error", None), Some(FieldCondition::Blank));
        assert_eq!(of("UsageQuantity", Some(Value::Null)), Some(FieldCondition::Blank));
        let quantity = Decimal::from_str_exact("-1.500000000000000001").expect("a number");
        let exact = between("-1.500000000000000001", "-1.500000000000000001");
        assert_eq!(of("UsageQuantity", Some(Value::Decimal(quantity))), Some(exact));
        let at = crate::read_date_time("2026-10-31T23:59:59.999999+00:00").map(Value::DateTime);
        assert_eq!(of("EventStartTime", at), Some(between("2026-10-31", "2026-10-31")));
        assert_eq!(of("UsageQuantity", Some(Value::Unread("many".to_owned()))), None);
        assert_eq!(of("CurrencyCode", Some(Value::Integer(7))), None);
        let errored = BATCH.field("CountOfEventsErrored").expect("a field");
        let seven = FieldCondition::of_value(errored, Some(&Value::Integer(7)));
        assert_eq!(
            seven.and_then(|seven| seven.q(errored)).as_deref(),
            Some("CountOfEventsErrored >= 7 and CountOfEventsErrored <= 7")
        );
    }

    #[test]
    fn a_value_is_left_out_of_what_is_asked_already() {
        let without = |value: Value, asked: Option<FieldCondition>| {
            FieldCondition::leaving_out(field("CurrencyCode"), &value, asked.as_ref())
        };
        let eur = || Value::Text("EUR".to_owned());
        for (asked, left) in [
            (None, Some(none_of(&["EUR"], false))),
            (Some(FieldCondition::NotBlank), Some(none_of(&["EUR"], true))),
            (Some(none_of(&["USD"], true)), Some(none_of(&["USD", "EUR"], true))),
            (Some(one_of(&["EUR", "USD"], true)), Some(one_of(&["USD"], true))),
            (Some(one_of(&["EUR"], true)), Some(FieldCondition::Blank)),
            // Nothing would be left.
            (Some(one_of(&["EUR"], false)), None),
            (Some(FieldCondition::Contains("E".to_owned())), None),
        ] {
            assert_eq!(without(eur(), asked.clone()), left, "{asked:?}");
        }
        for (asked, left) in [
            (None, Some(FieldCondition::NotBlank)),
            (Some(none_of(&["EUR"], false)), Some(none_of(&["EUR"], true))),
            (Some(one_of(&["EUR"], true)), Some(one_of(&["EUR"], false))),
            (Some(FieldCondition::Blank), None),
            (Some(FieldCondition::Contains("E".to_owned())), None),
        ] {
            assert_eq!(without(Value::Null, asked.clone()), left, "{asked:?}");
        }
        let of_number = FieldCondition::leaving_out(field("UsageQuantity"), &Value::Integer(1), None);
        assert_eq!(of_number, None);
    }

    #[test]
    fn a_half_open_range_of_instants_is_asked_to_the_second() {
        let at = |text: &str| crate::read_date_time(text).expect("an instant");
        for (from, before, condition) in [
            ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", between("2026-03-01", "2026-03-31")),
            ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", between("2026-03-28 23:00", "2026-03-29 21:59")),
            (
                "1890-01-01T00:00:00Z",
                "1890-01-01T23:06:32Z",
                between("1890-01-01 00:00:00", "1890-01-01 23:06:31"),
            ),
        ] {
            let range = FieldCondition::between_instants(at(from), at(before));
            assert_eq!(range, condition);
            let times = Range::Times { from: Some(at(from)), before: Some(at(before)) };
            assert_eq!(range.range(field("EventStartTime")), Some(times));
        }
    }

    #[test]
    fn a_condition_is_read_by_a_person() {
        let words = |name: &str, condition: FieldCondition| {
            condition.words(field(name), &Notation::ENGLISH, |value| format!("<{value}>"))
        };
        assert_eq!(
            words("Error", FieldCondition::Contains("rate".to_owned())),
            "contains \u{201c}rate\u{201d}"
        );
        assert_eq!(words("CurrencyCode", one_of(&["EUR"], false)), "is <EUR>");
        assert_eq!(words("CurrencyCode", one_of(&["EUR", "USD"], true)), "is <EUR>, <USD> or blank");
        assert_eq!(words("CurrencyCode", one_of(&["A", "B", "C"], true)), "is one of 4 values");
        assert_eq!(words("CurrencyCode", none_of(&["EUR", "USD"], true)), "is not <EUR>, <USD> or blank");
        assert_eq!(words("CurrencyCode", none_of(&["A", "B", "C", "D"], false)), "is none of 4 values");
        assert_eq!(words("UsageQuantity", between("1000", "2000.50")), "from 1,000 to 2,000.50");
        assert_eq!(words("UsageQuantity", between("1000.5", "1000.5")), "is 1,000.5");
        assert_eq!(words("UsageQuantity", between("", "20")), "up to 20");
        assert_eq!(words("EventStartTime", between("2026-10-31", "")), "from 2026-10-31");
        assert_eq!(words("Error", FieldCondition::Blank), "is blank");
    }
}
