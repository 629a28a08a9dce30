//! A selection of usage events as a person builds it: comparisons joined by and/or, in groups, of
//! which some take events in and others leave them out. It becomes the `q` text by which events are
//! listed (Oracle REST, framework version 2 and later) and the `ruleBuilderConditions` that
//! `addEvents` takes, so that what was shown is what is added.
//!
//! Not here: which events the rule may not touch (`life_cycle`).

use super::EVENT;
use super::condition::quoted;
use crate::schema::{Field, Kind};
use crate::{read_date_time, read_decimal, read_integer};
use serde::{Deserialize, Serialize};

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
    /// As typed; a list is separated by commas.
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
            let said = format!("{} {}", field.title, comparison.operator.words(field.kind));
            if !comparison.operator.takes_value() {
                return said;
            }
            let values = comparison.value.split(',').map(|value| meaning(field, value.trim()));
            format!("{said} {}", values.collect::<Vec<_>>().join(", "))
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
    /// Plainly false, and not unknown, for an event whose field has no value.
    fn q_of_a_value(&self) -> Result<String, String> {
        let q = self.q()?;
        Ok(if self.operator.takes_value() { format!("({} is not null and {q})", self.field) } else { q })
    }

    fn q(&self) -> Result<String, String> {
        let field =
            EVENT.field(&self.field).ok_or_else(|| format!("{} is not a field of an event.", self.field))?;
        let name = field.name;
        let typed = self.value.trim();
        if self.operator.takes_value() && typed.is_empty() {
            return Err("Type a value to compare with.".to_owned());
        }
        let literal = |text: &str| literal(field.kind, text.trim());
        let compared = |sign: &str| Ok(format!("{name} {sign} {}", literal(typed)?));
        match self.operator {
            Operator::Is => compared("="),
            Operator::IsNot => compared("<>"),
            Operator::Below => compared("<"),
            Operator::AtMost => compared("<="),
            Operator::Above => compared(">"),
            Operator::AtLeast => compared(">="),
            Operator::IsEmpty => Ok(format!("{name} is null")),
            Operator::IsNotEmpty => Ok(format!("{name} is not null")),
            Operator::Contains => {
                Ok(format!("UPPER({name}) like {}", quoted(&format!("%{}%", typed.to_uppercase()))))
            }
            Operator::StartsWith => {
                Ok(format!("UPPER({name}) like {}", quoted(&format!("{}%", typed.to_uppercase()))))
            }
            Operator::OneOf => {
                let parts = typed.split(',').filter(|part| !part.trim().is_empty());
                let literals = parts.map(literal).collect::<Result<Vec<_>, _>>()?;
                if literals.is_empty() {
                    return Err("Type values, separated by commas.".to_owned());
                }
                Ok(format!("{name} in ({})", literals.join(",")))
            }
        }
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
        Kind::DateTime => instant(text)
            .ok_or_else(|| format!("Type a day, or a time in UTC as 2026-11-30 14:05, not {text:?}.")),
    }
}

/// A day is its first moment; a time without an offset is in UTC.
fn instant(text: &str) -> Option<String> {
    let spelled = text.replacen(' ', "T", 1);
    let candidates = [
        spelled.clone(),
        format!("{spelled}+00:00"),
        format!("{spelled}:00+00:00"),
        format!("{spelled}T00:00:00+00:00"),
    ];
    let at = candidates.iter().find_map(|candidate| read_date_time(candidate))?;
    Some(quoted(&crate::write_date_time(&at)))
}

fn not_a(text: &str, what: &str) -> String {
    format!("{text:?} is not a {what}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(field: &str, operator: Operator, value: &str) -> Comparison {
        Comparison { field: field.to_owned(), operator, value: value.to_owned() }
    }

    fn rule(groups: Vec<(bool, bool, Vec<Comparison>)>) -> SelectionRule {
        let groups =
            groups.into_iter().map(|(excludes, any, comparisons)| Group { excludes, any, comparisons });
        SelectionRule { name: String::new(), groups: groups.collect() }
    }

    #[track_caller]
    fn check(comparison: Comparison, q: &str) {
        assert_eq!(rule(vec![(false, false, vec![comparison])]).q().as_deref(), Ok(q));
    }

    #[test]
    fn each_kind_of_field_is_said_in_its_own_way() {
        check(compare("EventType", Operator::Is, "ORA_VOICE"), "EventType = 'ORA_VOICE'");
        check(compare("ServiceId", Operator::Contains, "o'b"), "UPPER(ServiceId) like '%O''B%'");
        check(compare("ServiceId", Operator::StartsWith, "+49"), "UPPER(ServiceId) like '+49%'");
        check(compare("UsageQuantity", Operator::AtLeast, "1.50"), "UsageQuantity >= 1.50");
        check(compare("EventId", Operator::OneOf, "9007199254740993, 7"), "EventId in (9007199254740993,7)");
        check(compare("CurrencyCode", Operator::OneOf, "EUR,USD"), "CurrencyCode in ('EUR','USD')");
        check(
            compare("EventStartTime", Operator::Below, "2026-11-01"),
            "EventStartTime < '2026-11-01T00:00:00+00:00'",
        );
        check(
            compare("EventStartTime", Operator::AtLeast, "2026-11-01 14:05"),
            "EventStartTime >= '2026-11-01T14:05:00+00:00'",
        );
        check(compare("Error", Operator::IsEmpty, ""), "Error is null");
        check(compare("ReverseFlag", Operator::Is, "true"), "ReverseFlag = true");
    }

    #[test]
    fn groups_are_joined_and_left_out() {
        let built = rule(vec![
            (
                false,
                false,
                vec![
                    compare("CurrencyCode", Operator::Is, "EUR"),
                    compare("UsageQuantity", Operator::Above, "0"),
                ],
            ),
            (
                false,
                true,
                vec![compare("EventType", Operator::Is, "A"), compare("EventType", Operator::Is, "B")],
            ),
            (true, false, vec![compare("Error", Operator::IsNotEmpty, "")]),
        ]);
        assert_eq!(
            built.q().as_deref(),
            Ok(
                "((CurrencyCode = 'EUR' and UsageQuantity > 0) or (EventType = 'A' or EventType = 'B')) and not (Error is not null)"
            )
        );
        let conditions = built.conditions().expect("can be said");
        assert!(
            conditions
                .contains(r#""ConditionGroupType":"EXCLUDE","ConditionRestQParam":"Error is not null""#),
            "{conditions}"
        );
    }

    #[test]
    fn an_event_without_a_value_is_not_left_out_by_it() {
        let in_one = |comparison| {
            rule(vec![
                (false, false, vec![compare("EventType", Operator::Is, "A")]),
                (true, false, vec![comparison]),
            ])
        };
        let pounds = in_one(compare("CurrencyCode", Operator::Is, "GBP"));
        assert_eq!(
            pounds.q().as_deref(),
            Ok("EventType = 'A' and not ((CurrencyCode is not null and CurrencyCode = 'GBP'))")
        );
        let conditions = pounds.conditions().expect("can be said");
        assert!(conditions.contains(r#""ConditionRestQParam":"CurrencyCode = 'GBP'""#), "{conditions}");
    }

    #[test]
    fn what_cannot_be_said_is_told_where_it_stands() {
        let fault = |built: SelectionRule| built.q().expect_err("a fault");
        let two = rule(vec![(
            false,
            false,
            vec![compare("EventType", Operator::Is, "A"), compare("UsageQuantity", Operator::Is, "1,5")],
        )]);
        assert_eq!((fault(two.clone()).group, fault(two).comparison), (0, Some(1)));
        assert_eq!(fault(rule(vec![(false, false, vec![])])).comparison, None);
        let only_leaves = rule(vec![(true, false, vec![compare("EventType", Operator::Is, "A")])]);
        assert_eq!(fault(only_leaves).text, "Say which events the rule takes in.");
        let blank = rule(vec![(false, false, vec![compare("EventType", Operator::Is, "  ")])]);
        assert_eq!(fault(blank).text, "Type a value to compare with.");
        let odd = rule(vec![(false, false, vec![compare("EventStartTime", Operator::Is, "soon")])]);
        assert!(fault(odd).text.contains("soon"));
    }

    #[test]
    fn a_group_is_read_by_a_person() {
        let group = Group {
            excludes: false,
            any: true,
            comparisons: vec![
                compare("EventStatus", Operator::OneOf, "ORA_ERROR, ORA_DRAFT"),
                compare("EventStartTime", Operator::AtLeast, "2026-11-01"),
                compare("Error", Operator::IsEmpty, ""),
            ],
        };
        let meaning = |field: &Field, value: &str| match field.name {
            "EventStatus" => value.replace("ORA_", "").to_lowercase(),
            _ => value.to_owned(),
        };
        let words = "Status is one of error, draft or Start is at or after 2026-11-01 or Error is empty";
        assert_eq!(group.words(meaning), words);
    }

    #[test]
    fn a_rule_is_kept_and_read_back() {
        let built = rule(vec![(true, true, vec![compare("EventType", Operator::StartsWith, "A")])]);
        let text = serde_json::to_string(&built).expect("json");
        assert_eq!(serde_json::from_str::<SelectionRule>(&text).expect("a rule"), built);
        for operator in Operator::ALL {
            assert_eq!(Operator::named(operator.name()), Some(operator));
        }
    }
}
