//! A selection rule in words, wherever it is told: as the rule builder says it, with the meanings of codes.

use crate::data::lookups::LookupTables;
use crate::text::with_notation;
use leptos::prelude::window;
use rest_contract::oracle::selection_rule::Group;
use rest_contract::{Kind, Lookup};
use serde::Deserialize;

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
        Some(lookup @ (Lookup::Codes(_) | Lookup::ErrorKey | Lookup::EventType)) => {
            tables.meaning(lookup, value).to_owned()
        }
        _ if field.kind == Kind::Decimal => with_notation(|notation| notation.write(value)),
        _ => value.to_owned(),
    })
}

/// One group of a rule as it is sent to `addEvents`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Sent {
    condition_rest_q_param: String,
    condition_json: Option<Group>,
    #[serde(default)]
    condition_group_type: String,
}

/// The rules of an action in words, from their JSON; as they came, where they are not understood.
pub fn rule_words(json: &str, tables: &LookupTables) -> String {
    let Ok(groups) = serde_json::from_str::<Vec<Sent>>(json) else { return json.to_owned() };
    let each = groups.iter().map(|sent| {
        // A rule that was not built here has no words but its query.
        let words = sent.condition_json.as_ref().map(|group| group_words(group, tables));
        let what = taken_or_left(sent.condition_group_type == "EXCLUDE");
        format!("{what}: {}", words.as_deref().unwrap_or(&sent.condition_rest_q_param))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// The same of one group that a batch keeps, in base64.
pub fn kept_group_words(text: &str, tables: &LookupTables) -> Option<String> {
    let group = serde_json::from_str::<Group>(&decoded(text)?).ok()?;
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
