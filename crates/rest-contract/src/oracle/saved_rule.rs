//! The rules that a batch keeps (`ruleBuilderConditions`), put together again as people built them: the
//! conditions of one rule were made at one moment under one name.
//!
//! Not here: what a rule means (`selection_rule`). Large texts travel as base64, which the caller
//! decodes.

use super::selection_rule::{Group, SelectionRule};
use crate::{Record, Value};
use chrono::{DateTime, Utc};

/// One condition as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCondition {
    pub excludes: bool,
    /// The row-match expression.
    pub q: String,
}

/// One rule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedRule {
    /// Empty where nobody named it.
    pub name: String,
    pub by: String,
    pub at: Option<DateTime<Utc>>,
    pub conditions: Vec<KeptCondition>,
    /// The rule to build on, where all of it was built here.
    pub rule: Option<SelectionRule>,
}

/// The rules in the order in which they were made. `decode` reads base64.
pub fn saved_rules(conditions: &[Record], decode: impl Fn(&str) -> Option<String>) -> Vec<SavedRule> {
    let mut conditions: Vec<&Record> = conditions.iter().collect();
    let sequence = |record: &Record| record.get("DisplaySequence").and_then(Value::as_integer);
    conditions.sort_by_key(|record| sequence(record));
    let mut rules = Vec::<SavedRule>::new();
    let mut groups = Vec::<Option<Group>>::new();
    for record in conditions {
        let text = |name: &str| record.text(name).unwrap_or_default().to_owned();
        let large = |name: &str| record.text(name).and_then(&decode);
        let (name, by) = (text("ConditionGroupName"), text("CreatedBy"));
        let at = record.get("CreationDate").and_then(Value::as_date_time);
        let excludes = text("ConditionGroupType").to_ascii_uppercase().contains("EXCLUDE");
        let condition = KeptCondition { excludes, q: large("ConditionRestQParam").unwrap_or_default() };
        let group = large("ConditionJson").and_then(|json| serde_json::from_str::<Group>(&json).ok());
        match rules.last_mut().filter(|last| last.name == name && last.by == by && last.at == at) {
            Some(rule) => rule.conditions.push(condition),
            None => {
                close(rules.last_mut(), &mut groups);
                rules.push(SavedRule { name, by, at, conditions: vec![condition], rule: None });
            }
        }
        groups.push(group);
    }
    close(rules.last_mut(), &mut groups);
    rules
}

/// Gives a rule its groups, where each of them could be read.
fn close(rule: Option<&mut SavedRule>, groups: &mut Vec<Option<Group>>) {
    let groups: Option<Vec<Group>> = std::mem::take(groups).into_iter().collect();
    if let Some((rule, groups)) = rule.zip(groups) {
        rule.rule = Some(SelectionRule { name: rule.name.clone(), groups });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::RULE_CONDITION;

    fn condition(sequence: u8, name: &str, at: &str, kind: &str, json: &str) -> Record {
        let json = serde_json::to_string(json).unwrap();
        let body = format!(
            r#"{{"ConditionId":{sequence},"DisplaySequence":{sequence},"ConditionGroupName":{name},"CreatedBy":"editor",
                "CreationDate":"2026-11-01T00:00:{at}+00:00","ConditionGroupType":"{kind}","ConditionRestQParam":"q{sequence}",
                "ConditionJson":{json}}}"#
        );
        Record::read(&RULE_CONDITION, body.as_bytes()).unwrap()
    }

    #[test]
    fn conditions_of_one_moment_and_name_are_one_rule() {
        let group = r#"{"excludes":false,"any":false,"comparisons":[{"field":"EventType","operator":"Is","value":"A"}]}"#;
        let out = r#"{"excludes":true,"any":true,"comparisons":[]}"#;
        let kept = saved_rules(
            &[
                condition(3, "\"Fees\"", "02", "INCLUDE", "their own notation"),
                condition(1, "\"Fees\"", "01", "INCLUDE", group),
                condition(2, "\"Fees\"", "01", "ORA_EXCLUDE", out),
                condition(4, "null", "02", "INCLUDE", group),
            ],
            |text| Some(text.to_owned()),
        );
        let told: Vec<_> = kept
            .iter()
            .map(|rule| {
                (rule.name.as_str(), rule.conditions.len(), rule.rule.as_ref().map(|rule| rule.groups.len()))
            })
            .collect();
        assert_eq!(told, [("Fees", 2, Some(2)), ("Fees", 1, None), ("", 1, Some(1))]);
        assert!(kept[0].conditions[1].excludes && !kept[0].conditions[0].excludes);
        assert_eq!(kept[0].rule.as_ref().map(|rule| rule.name.as_str()), Some("Fees"));
        assert_eq!(kept[1].conditions[0].q, "q3");
        assert!(saved_rules(&[], |_| None).is_empty());
    }
}
