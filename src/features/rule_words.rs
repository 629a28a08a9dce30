//! A selection rule in words, wherever it is told: as the rule builder says it, with the meanings of codes.

use crate::data::lookups::LookupTables;
use crate::text::with_notation;
use leptos::prelude::window;
use rest_contract::Kind;
use rest_contract::oracle::selection_rule::{Comparison, Group, Operator};
use serde_json::Value;

/// A large text as it travels, in base64 of UTF-8.
pub fn decoded(text: &str) -> Option<String> {
    let binary = window().atob(text).ok()?;
    // Each character stands for one byte.
    let bytes: Option<Vec<u8>> = binary.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
    String::from_utf8(bytes?).ok()
}

/// What becomes of the events that a group of a rule matches.
pub fn taken_or_left(excludes: bool) -> &'static str {
    if excludes { "Exclude" } else { "Include" }
}

/// What a group of a rule compares.
pub fn group_words(group: &Group, tables: &LookupTables) -> String {
    group.words(|field, value| match field.lookup {
        Some(list) if list.is_told_by_meaning() => tables.meaning(list, value).to_owned(),
        _ if field.kind == Kind::Decimal => with_notation(|notation| notation.write(value)),
        _ => value.to_owned(),
    })
}

/// Reads a group that was built here. The derived reader has so many users elsewhere that one more would put
/// it into what every list loads.
fn group_of(json: &Value) -> Option<Group> {
    let text = |json: &Value, name: &str| json.get(name)?.as_str().map(str::to_owned);
    let comparison = |json: &Value| {
        let operator = Operator::named(json.get("operator")?.as_str()?)?;
        Some(Comparison { field: text(json, "field")?, operator, value: text(json, "value")? })
    };
    let comparisons = json.get("comparisons")?.as_array()?.iter().map(comparison);
    Some(Group {
        excludes: json.get("excludes")?.as_bool()?,
        any: json.get("any")?.as_bool()?,
        comparisons: comparisons.collect::<Option<_>>()?,
    })
}

/// The rules of an action in words, from their JSON; as they came, where they are not understood.
pub fn rule_words(json: &str, tables: &LookupTables) -> String {
    let rules = serde_json::from_str::<Value>(json).ok();
    let told = |rule: &Value| {
        // A rule that was not built here has no words but its query.
        let group = rule.get("ConditionJson").and_then(group_of);
        let words = group.map(|group| group_words(&group, tables));
        let query = || rule.get("ConditionRestQParam")?.as_str().map(str::to_owned);
        let excludes = rule.get("ConditionGroupType").and_then(Value::as_str) == Some("EXCLUDE");
        Some(format!("{}: {}", taken_or_left(excludes), words.or_else(query)?))
    };
    let each = rules.as_ref().and_then(Value::as_array).map(|rules| rules.iter().map(told));
    let each: Option<Vec<String>> = each.and_then(Iterator::collect);
    each.map_or_else(|| json.to_owned(), |each| each.join("; "))
}

/// The same of one group that a batch keeps, in base64.
pub fn kept_group_words(text: &str, tables: &LookupTables) -> Option<String> {
    let group = group_of(&serde_json::from_str(&decoded(text)?).ok()?)?;
    Some(group_words(&group, tables))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_rule_is_told_as_it_was_built() {
        let group = r#"{"excludes":false,"any":false,"comparisons":[{"field":"EventType","operator":"Is","value":"ORA_VOICE_DATA"}]}"#;
        let sent = format!(
            r#"[{{"ConditionGroupType":"INCLUDE","ConditionRestQParam":"q1","ConditionJson":{group}}},{{"ConditionGroupType":"EXCLUDE","ConditionRestQParam":"q2"}}]"#
        );
        let tables = LookupTables::default();
        assert_eq!(rule_words(&sent, &tables), "Include: Event type is ORA_VOICE_DATA; Exclude: q2");
        assert_eq!(rule_words("[oops", &tables), "[oops");
        let kept = window().btoa(group).unwrap();
        assert_eq!(kept_group_words(&kept, &tables).as_deref(), Some("Event type is ORA_VOICE_DATA"));
        assert_eq!(kept_group_words("no base64", &tables), None);
    }
}
