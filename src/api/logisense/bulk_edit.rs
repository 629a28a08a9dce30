//! Several base buckets changed by one PATCH: all of them or none.

use super::RecordKey;
use super::answers::{Answered, not_begun, refusal, status_of, unanswered};
use crate::api::RestClient;
use crate::api::outcome::{probe_failed, refused, refused_here};
use gloo_net::http::Method;
use record_store::{Action as Asked, Outcome, RefusalKind};
use rest_contract::logisense::{BaseBucket, ResultItem, Written, content_version, patch_body};
use rest_contract::oracle::action;
use rest_contract::{Record, Value};
use std::collections::BTreeMap;

/// What an answer says of a record that was changed.
const CHANGED: &str = "updated";

/// What stands there of one that a reading has found changed.
const FOUND_CHANGED: &str = "found changed";

type Together = Asked<&'static str, Value>;

impl RestClient {
    pub(super) async fn change_together(&self, key: &RecordKey, asked: &Together) -> Answered {
        let identities = key.identities();
        self.remember_results(key, Vec::new());
        let now = match self.read_bucket_list().await {
            Ok(list) => list,
            Err(failure) => return not_begun(failure),
        };
        let seen = asked.arguments.get(action::SEEN).and_then(Value::as_text).unwrap_or_default();
        let Some(moved) = moved_since(&now, &identities, seen) else {
            // One that nobody is known to have looked at would be changed unseen.
            return refused_here("It is not known how every chosen bucket was when you chose it".to_owned());
        };
        if !moved.is_empty() {
            let message = format!(
                "Someone else has changed {} since you chose. Nothing was changed: look again, then decide.",
                moved.join(", ")
            );
            return refused(RefusalKind::Business, message);
        }
        let fields = fields_of(asked);
        let (Some(first), Ok(body)) = (identities.first(), patch_body(&identities, &fields)) else {
            return refused_here("The change could not be written as JSON".to_owned());
        };
        let path = RecordKey::bucket(*first).path;
        match self.send_body(Method::PATCH, &path, None, Some(body)).await {
            Ok(answer) if (200..300).contains(&status_of(&answer)) => {
                let said: Option<Written<ResultItem<BaseBucket>>> = serde_json::from_slice(&answer.body).ok();
                let Some(said) = said else { return Outcome::Lost };
                let is_whole = tells_of_all(&identities, &said.results.items);
                self.remember_results(key, said.results.items);
                // One that the answer leaves out is in doubt: only a reading tells what became of it.
                if is_whole { Outcome::Done { record: None } } else { Outcome::Lost }
            }
            Ok(answer) => {
                let name = |place: usize| named(&now, *identities.get(place)?)?.text("name");
                refusal(&answer, |message| with_name(message, name))
            }
            Err(no_answer) => unanswered(no_answer),
        }
    }

    pub(super) async fn look_up_together(&self, key: &RecordKey, asked: &Together) -> Answered {
        let fields = fields_of(asked);
        match self.read_bucket_list().await {
            Ok(list) => {
                let holds = |identity: &i64| {
                    let now = named(&list, *identity);
                    now.is_some_and(|now| fields.iter().all(|(name, value)| now.get(name) == Some(*value)))
                };
                let identities = key.identities();
                let (changed, others): (Vec<i64>, Vec<i64>) = identities.iter().partition(|one| holds(one));
                // All or none was asked for; where something on the way let a part through, each is told.
                self.remember_results(key, changed.iter().map(|identity| found_changed(*identity)).collect());
                if others.is_empty() { Outcome::Done { record: None } } else { Outcome::NotDone }
            }
            Err(failure) => probe_failed(failure),
        }
    }
}

fn named(buckets: &[Record], identity: i64) -> Option<&Record> {
    buckets.iter().find(|bucket| is_of(bucket, identity))
}

/// The buckets that are no longer as they were seen, in words; nothing where it is not known of each one how
/// it was seen.
fn moved_since(now: &[Record], identities: &[i64], seen: &str) -> Option<Vec<String>> {
    let seen: Vec<&str> = seen.split_ascii_whitespace().collect();
    let moved = identities.iter().zip(&seen).filter_map(|(identity, seen)| match named(now, *identity) {
        None => Some(format!("base bucket {identity}, which is gone")),
        Some(bucket) if content_version(bucket) != **seen => {
            Some(format!("\u{201c}{}\u{201d}", bucket.text("name").unwrap_or_default()))
        }
        Some(_) => None,
    });
    (seen.len() == identities.len()).then(|| moved.collect())
}

/// Whether an answer says of each bucket that it was changed.
fn tells_of_all(identities: &[i64], results: &[ResultItem<BaseBucket>]) -> bool {
    let is_told = |identity: &i64| {
        results.iter().any(|item| item.identity == Some(*identity) && item.action == CHANGED)
    };
    identities.iter().all(is_told)
}

/// A bucket that a reading has found changed.
fn found_changed(identity: i64) -> ResultItem<BaseBucket> {
    ResultItem {
        identity: Some(identity),
        lhs_id: None,
        rhs_id: None,
        foreign_key_identity: None,
        action: FOUND_CHANGED.to_owned(),
        dto_type_key: String::new(),
        patch_client_id: None,
        instance: None,
    }
}

fn is_of(bucket: &Record, identity: i64) -> bool {
    bucket.get("identity").and_then(Value::as_integer) == Some(identity)
}

/// The fields to change, without what the action is known by.
fn fields_of(asked: &Together) -> BTreeMap<&str, &Value> {
    let fields = asked.arguments.iter().filter(|(name, _)| **name != action::SEEN);
    fields.map(|(name, value)| (*name, value)).collect()
}

/// The server names an item by its place in the request, a person by its name.
fn with_name<'a>(message: &str, name: impl Fn(usize) -> Option<&'a str>) -> String {
    let named = message.split_once("items[").and_then(|(before, rest)| {
        let (place, rest) = rest.split_once(']')?;
        let path = before.rsplit(' ').next()?;
        let start = before.strip_suffix(path)?;
        Some(format!(
            "{start}\u{201c}{}\u{201d}: {}",
            name(place.parse().ok()?)?,
            rest.trim_start_matches(['.', ' '])
        ))
    });
    named.unwrap_or_else(|| message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rest_contract::logisense::BASE_BUCKET;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn every_chosen_bucket_is_held_against_what_was_seen_of_it() {
        let bucket = |identity: i64, name: &str| {
            let body = format!(r#"{{"identity":{identity},"name":"{name}"}}"#);
            Record::read(&BASE_BUCKET, body.as_bytes()).expect("a bucket")
        };
        let now = [bucket(1, "one"), bucket(2, "two")];
        let [one, two] = [&now[0], &now[1]].map(content_version);
        let moved = |identities: &[i64], seen: &[&str]| moved_since(&now, identities, &seen.join(" "));
        assert_eq!(moved(&[1, 2], &[&one, &two]), Some(vec![]));
        assert_eq!(moved(&[1, 2], &[&one, "another"]), Some(vec!["\u{201c}two\u{201d}".to_owned()]));
        assert_eq!(moved(&[1, 3], &[&one, &two]), Some(vec!["base bucket 3, which is gone".to_owned()]));
        assert_eq!(moved(&[1, 2], &[&one]), None, "the second one was seen by nobody");
        assert_eq!(moved(&[1], &[&one, &two]), None);
    }
}
