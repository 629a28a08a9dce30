//! A selection of usage events as a person builds it: comparisons joined by and/or, in groups, of
//! which some take events in and others leave them out. It becomes the `q` text by which events are
//! listed (Oracle REST, framework version 2 and later) and the `ruleBuilderConditions` that
//! `addEvents` takes, so that what was shown is what is added.
//!
//! A rule is typed by a reader and kept for all: numbers are kept in machine notation. A time means the
//! whole day, minute or second that it names, in UTC unless it names an offset. An event without a value
//! is one of those of which the field "is not" something, and of no other comparison's.
//!
//! Not here: which events the rule may not touch (`life_cycle`).

mod quoted_list;
mod span;

use super::EVENT;
use super::condition::{begins_with, holds, quoted};
use crate::schema::{Field, Kind};
use crate::{Notation, TypedProblem, read_decimal, read_integer};
use serde::{Deserialize, Serialize};
use span::{Span, clock};

pub(super) use span::of as span_of;

/// Groups of comparisons. An event is meant if a group takes it in and none leaves it out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionRule {
    /// By which people find it again; may be empty. At most [`LONGEST_NAME`] characters.
    #[serde(default)]
    pub name: String,
    pub groups: Vec<Group>,
}

/// `ConditionGroupName` takes no more characters.
pub const LONGEST_NAME: usize = 30;

/// Comparisons of which all or any must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Leaves out what it matches.
    pub excludes: bool,
    /// Any of the comparisons is enough.
    pub any: bool,
    pub comparisons: Vec<Comparison>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// A field of the usage event.
    pub field: String,
    pub operator: Operator,
    /// As typed, or as kept; a list is separated by commas. A text of a list may stand in double quotes, and
    /// then holds commas, blanks at its ends, and quotes that are doubled.
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    Is,
    IsNot,
    OneOf,
    Contains,
    StartsWith,
    Below,
    AtMost,
    Above,
    AtLeast,
    IsEmpty,
    IsNotEmpty,
}

impl Operator {
    const ALL: [Self; 11] = [
        Self::Is,
        Self::IsNot,
        Self::OneOf,
        Self::Contains,
        Self::StartsWith,
        Self::Below,
        Self::AtMost,
        Self::Above,
        Self::AtLeast,
        Self::IsEmpty,
        Self::IsNotEmpty,
    ];

    /// The operators that make sense for a kind of field.
    pub fn for_kind(kind: Kind) -> impl Iterator<Item = Self> {
        let is_text = kind == Kind::Text;
        Self::ALL.into_iter().filter(move |operator| match operator {
            Self::Contains | Self::StartsWith => is_text,
            Self::Below | Self::AtMost | Self::Above | Self::AtLeast => !is_text && kind != Kind::Boolean,
            Self::OneOf => is_text || matches!(kind, Kind::Int64 | Kind::Int32 | Kind::Decimal),
            Self::Is | Self::IsNot | Self::IsEmpty | Self::IsNotEmpty => true,
        })
    }

    /// For a person, between field and value.
    pub fn words(self, kind: Kind) -> &'static str {
        let is_time = matches!(kind, Kind::DateTime | Kind::Date);
        match self {
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::OneOf => "is one of",
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
            Self::Below if is_time => "is before",
            Self::AtMost if is_time => "is at or before",
            Self::Above if is_time => "is after",
            Self::AtLeast if is_time => "is at or after",
            Self::Below => "is below",
            Self::AtMost => "is at most",
            Self::Above => "is above",
            Self::AtLeast => "is at least",
            Self::IsEmpty => "is empty",
            Self::IsNotEmpty => "is not empty",
        }
    }

    pub fn takes_value(self) -> bool {
        !matches!(self, Self::IsEmpty | Self::IsNotEmpty)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Is => "Is",
            Self::IsNot => "IsNot",
            Self::OneOf => "OneOf",
            Self::Contains => "Contains",
            Self::StartsWith => "StartsWith",
            Self::Below => "Below",
            Self::AtMost => "AtMost",
            Self::Above => "Above",
            Self::AtLeast => "AtLeast",
            Self::IsEmpty => "IsEmpty",
            Self::IsNotEmpty => "IsNotEmpty",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == name)
    }
}

/// What keeps a rule from being followed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFault {
    pub group: usize,
    /// `None` where the group itself is at fault.
    pub comparison: Option<usize>,
    pub text: String,
}

/// One entry of `ruleBuilderConditions`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Condition<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    condition_group_name: &'a str,
    qualified_rest_object_name: &'a str,
    condition_group_type: &'a str,
    condition_rest_q_param: String,
    condition_json: &'a Group,
}

impl SelectionRule {
    /// The rule as it is kept, of one that a reader has typed.
    ///
    /// # Errors
    /// The first comparison whose number is none, or two.
    pub fn understood(&self, notation: &Notation) -> Result<Self, RuleFault> {
        let mut rule = self.clone();
        for (place, group) in rule.groups.iter_mut().enumerate() {
            for (at, comparison) in group.comparisons.iter_mut().enumerate() {
                comparison.value = comparison.understood(notation).map_err(|text| RuleFault {
                    group: place,
                    comparison: Some(at),
                    text,
                })?;
            }
        }
        Ok(rule)
    }

    /// The rule as this reader types it, of one that was kept.
    pub fn to_type(&self, notation: &Notation) -> Self {
        let mut rule = self.clone();
        for comparison in rule.groups.iter_mut().flat_map(|group| &mut group.comparisons) {
            comparison.value = comparison.to_type(notation);
        }
        rule
    }

    /// The row-match expression over usage events.
    ///
    /// # Errors
    /// The first comparison that cannot be said, such as a number that is none.
    pub fn q(&self) -> Result<String, RuleFault> {
        let (mut takes, mut leaves) = (Vec::new(), Vec::new());
        for (place, group) in self.groups.iter().enumerate() {
            if group.excludes {
                // `not` over a field without a value is neither true nor false and would leave the event
                // out; `addEvents` leaves out only what the group matches.
                leaves.push(group.q(place, Comparison::q_of_a_value)?);
            } else {
                takes.push(group.q(place, Comparison::q)?);
            }
        }
        if takes.is_empty() {
            let text = "Say which events the rule takes in.".to_owned();
            return Err(RuleFault { group: 0, comparison: None, text });
        }
        let either = |terms: &[String]| match terms {
            [one] => one.clone(),
            several => format!("({})", several.join(" or ")),
        };
        let mut q = either(&takes);
        if !leaves.is_empty() {
            q = format!("{q} and not ({})", leaves.join(" or "));
        }
        Ok(q)
    }

    /// The same as `addEvents` takes it: a JSON array, one entry for each group.
    ///
    /// # Errors
    /// As [`SelectionRule::q`].
    pub fn conditions(&self) -> Result<String, RuleFault> {
        let conditions = self.groups.iter().enumerate().map(|(place, group)| {
            Ok(Condition {
                condition_group_name: self.name.trim(),
                qualified_rest_object_name: "subscriptionUsageEvents",
                condition_group_type: if group.excludes { "EXCLUDE" } else { "INCLUDE" },
                condition_rest_q_param: group.q(place, Comparison::q)?,
                condition_json: group,
            })
        });
        let conditions = conditions.collect::<Result<Vec<_>, RuleFault>>()?;
        serde_json::to_string(&conditions).map_err(|reason| RuleFault {
            group: 0,
            comparison: None,
            text: reason.to_string(),
        })
    }
}

impl Group {
    /// The group for a person to read: `Batch is B-1 and Status is Processed`. `meaning` gives what a
    /// value of a field stands for.
    pub fn words(&self, meaning: impl Fn(&'static Field, &str) -> String) -> String {
        let each = self.comparisons.iter().map(|comparison| {
            let Some(field) = EVENT.field(&comparison.field) else { return comparison.field.clone() };
            let zone = if field.kind == Kind::DateTime { " (UTC)" } else { "" };
            let said = format!("{}{zone} {}", field.title, comparison.operator.words(field.kind));
            if !comparison.operator.takes_value() {
                return said;
            }
            let values = comparison.values().unwrap_or_else(|_| vec![comparison.value.clone()]);
            let values = values.iter().map(|value| meaning(field, value));
            // What the sentence would leave out is said in it.
            let blanks = if comparison.operator == Operator::IsNot { " (or is empty)" } else { "" };
            // A comma between numbers might be one of theirs.
            let between = if comparison.compares_numbers().is_some() { "; " } else { ", " };
            format!("{said} {}{blanks}", values.collect::<Vec<_>>().join(between))
        });
        each.collect::<Vec<_>>().join(if self.any { " or " } else { " and " })
    }

    /// `say` puts one comparison into words of the query.
    fn q(&self, place: usize, say: fn(&Comparison) -> Result<String, String>) -> Result<String, RuleFault> {
        if self.comparisons.is_empty() {
            let text = "This group compares nothing yet.".to_owned();
            return Err(RuleFault { group: place, comparison: None, text });
        }
        let terms = self.comparisons.iter().enumerate().map(|(at, comparison)| {
            say(comparison).map_err(|text| RuleFault { group: place, comparison: Some(at), text })
        });
        let terms = terms.collect::<Result<Vec<_>, _>>()?;
        Ok(match terms.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(if self.any { " or " } else { " and " })),
        })
    }
}

impl Comparison {
    fn field(&self) -> Result<&'static Field, String> {
        EVENT.field(&self.field).ok_or_else(|| format!("{} is not a field of an event.", self.field))
    }

    /// Whether the value is made of numbers, and whether of whole ones only.
    fn compares_numbers(&self) -> Option<bool> {
        EVENT.field(&self.field).and_then(holds_numbers)
    }

    /// The value as it is kept, of one that a reader has typed.
    fn understood(&self, notation: &Notation) -> Result<String, String> {
        match EVENT.field(&self.field) {
            Some(field) => self.understood_of(field, notation),
            None => Ok(self.value.clone()),
        }
    }

    /// The same of a field of any resource.
    pub(super) fn understood_of(&self, field: &Field, notation: &Notation) -> Result<String, String> {
        let is_left = !self.operator.takes_value() || self.value.trim().is_empty();
        if field.kind == Kind::DateTime && !is_left {
            return Ok(notation.times.read(&self.value));
        }
        let Some(is_whole) = holds_numbers(field).filter(|_| !is_left) else {
            return Ok(self.value.clone());
        };
        let problem = |problem: TypedProblem| format!("{} {problem}.", field.title);
        match self.operator {
            Operator::OneOf => {
                notation.read_list(&self.value, is_whole).map(|values| values.join(",")).map_err(problem)
            }
            _ => notation.read(&self.value).map_err(problem),
        }
    }

    /// The values that are compared with: of a list each, else the one that was typed.
    fn values(&self) -> Result<Vec<String>, String> {
        let parts = |value: &str| value.split(',').map(|part| part.trim().to_owned()).collect();
        match self.operator {
            Operator::OneOf if self.compares_numbers().is_none() => quoted_list::read(&self.value),
            Operator::OneOf => Ok(parts(&self.value)),
            _ => Ok(vec![self.value.trim().to_owned()]),
        }
    }

    /// The value as this reader types it, of one that was kept.
    fn to_type(&self, notation: &Notation) -> String {
        if self.compares_numbers().is_none() {
            let is_time = EVENT.field(&self.field).is_some_and(|field| field.kind == Kind::DateTime);
            return if is_time { notation.times.write(&self.value) } else { self.value.clone() };
        }
        let each = self.value.split(',').map(|value| notation.write_to_type(value.trim()));
        each.collect::<Vec<_>>().join("; ")
    }

    /// What is understood of a typed comparison, for the person who types it: numbers as they will be
    /// shown, the span of a time, and that events without a value are among those that "are not".
    pub fn echo(&self, notation: &Notation) -> Option<String> {
        self.echo_of(EVENT.field(&self.field)?, notation)
    }

    /// The same of a field of any resource.
    pub(super) fn echo_of(&self, field: &Field, notation: &Notation) -> Option<String> {
        let value = self.understood_of(field, notation).ok()?;
        let value = value.trim();
        if !self.operator.takes_value() || value.is_empty() {
            return None;
        }
        let mut said = Vec::new();
        if holds_numbers(field).is_some() {
            let each = value.split(',').map(|value| notation.write(value));
            said.push(format!("= {}", each.collect::<Vec<_>>().join("; ")));
        } else if self.operator == Operator::OneOf {
            let values = self.values().ok()?;
            let values: Vec<_> = values.iter().map(|value| quoted_list::write(value)).collect();
            let number =
                if values.len() == 1 { "1 value".to_owned() } else { format!("{} values", values.len()) };
            said.push(format!("= {number}: {}", values.join(", ")));
        }
        if field.kind == Kind::DateTime {
            let Span { from, before } = span_of(value)?;
            let [from, before] = [from, before].map(|at| notation.times.write(&clock(&at)));
            said.push(match self.operator {
                Operator::Below => format!("before {from} UTC"),
                Operator::AtMost => format!("before {before} UTC"),
                Operator::Above => format!("from {before} UTC on"),
                Operator::AtLeast => format!("from {from} UTC on"),
                Operator::IsNot => format!("before {from} UTC, or from {before} UTC on"),
                _ => format!("from {from} UTC to before {before} UTC"),
            });
        }
        if self.operator == Operator::IsNot {
            said.push(format!("or {} is empty", field.title));
        }
        (!said.is_empty()).then(|| said.join(", "))
    }

    /// Plainly false, and not unknown, for an event whose field has no value.
    fn q_of_a_value(&self) -> Result<String, String> {
        let q = self.q()?;
        let may_be_unknown = self.operator.takes_value() && self.operator != Operator::IsNot;
        Ok(if may_be_unknown { format!("({} is not null and {q})", self.field) } else { q })
    }

    fn q(&self) -> Result<String, String> {
        self.q_of(self.field()?)
    }

    /// The same of a field of any resource.
    pub(super) fn q_of(&self, field: &Field) -> Result<String, String> {
        let name = field.name;
        let typed = self.value.trim();
        if self.operator.takes_value() && typed.is_empty() {
            return Err("Type a value to compare with.".to_owned());
        }
        if field.kind == Kind::DateTime && self.operator.takes_value() {
            return self.q_of_a_time(name, typed);
        }
        let literal = || literal(field.kind, typed);
        let compared = |sign: &str| Ok(format!("{name} {sign} {}", literal()?));
        match self.operator {
            Operator::Is => compared("="),
            Operator::IsNot => Ok(format!("({name} <> {} or {name} is null)", literal()?)),
            Operator::Below => compared("<"),
            Operator::AtMost => compared("<="),
            Operator::Above => compared(">"),
            Operator::AtLeast => compared(">="),
            Operator::IsEmpty => Ok(format!("{name} is null")),
            Operator::IsNotEmpty => Ok(format!("{name} is not null")),
            Operator::Contains => Ok(holds(name, typed)),
            Operator::StartsWith => Ok(begins_with(name, typed)),
            Operator::OneOf => {
                let values = self.values()?;
                let values = values.iter().filter(|value| !value.is_empty());
                let literals =
                    values.map(|value| self::literal(field.kind, value)).collect::<Result<Vec<_>, _>>()?;
                if literals.is_empty() {
                    return Err("Type values, separated by commas.".to_owned());
                }
                Ok(format!("{name} in ({})", literals.join(",")))
            }
        }
    }

    fn q_of_a_time(&self, name: &str, typed: &str) -> Result<String, String> {
        let Span { from, before } = span_of(typed).ok_or_else(|| {
            format!(
                "Type a day as 2026-11-30, or a time as 2026-11-30 14:05 (UTC), with at most {} digits of a \
                 second, not {typed:?}.",
                span::MOST_DIGITS
            )
        })?;
        let literal = |at| quoted(&crate::write_date_time(&at));
        let (from, before) = (literal(from), literal(before));
        match self.operator {
            Operator::Is => Ok(format!("({name} >= {from} and {name} < {before})")),
            Operator::IsNot => Ok(format!("({name} < {from} or {name} >= {before} or {name} is null)")),
            Operator::Below => Ok(format!("{name} < {from}")),
            Operator::AtMost => Ok(format!("{name} < {before}")),
            Operator::Above => Ok(format!("{name} >= {before}")),
            Operator::AtLeast => Ok(format!("{name} >= {from}")),
            _ => Err("A time cannot be compared in this way.".to_owned()),
        }
    }
}

/// Whether a field holds numbers, and whether whole ones only.
fn holds_numbers(field: &Field) -> Option<bool> {
    match field.kind {
        Kind::Decimal => Some(false),
        Kind::Int32 | Kind::Int64 => Some(true),
        Kind::Text | Kind::Boolean | Kind::DateTime | Kind::Date => None,
    }
}

fn literal(kind: Kind, text: &str) -> Result<String, String> {
    match kind {
        Kind::Text => Ok(quoted(text)),
        Kind::Decimal => {
            read_decimal(text).map(|number| number.to_string()).map_err(|_| not_a(text, "number"))
        }
        Kind::Int32 | Kind::Int64 => {
            read_integer(text).map(|number| number.to_string()).map_err(|_| not_a(text, "whole number"))
        }
        Kind::Boolean if matches!(text, "true" | "false") => Ok(text.to_owned()),
        Kind::Boolean => Err(not_a(text, "true or false")),
        Kind::Date if chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() => Ok(quoted(text)),
        Kind::Date => Err(format!("Type a day as 2026-11-30, not {text:?}.")),
        Kind::DateTime => Err("A time cannot be compared in this way.".to_owned()),
    }
}

fn not_a(text: &str, what: &str) -> String {
    format!("{text:?} is not a {what}.")
}

#[cfg(test)]
mod tests;
