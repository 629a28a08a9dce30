//! Several base buckets changed by one PATCH: all of them or none.

use super::RecordKey;
use super::answers::{Answered, not_begun, not_to_be_told, refusal, refused, status_of, unanswered};
use crate::rest_client::RestClient;
use crate::rest_client::oracle::refused_here;
use gloo_net::http::Method;
use record_store::{Action as Asked, Outcome, RefusalKind};
use rest_contract::logisense::{BaseBucket, ResultItem, Written, content_version, patch_body};
use rest_contract::oracle::action;
use rest_contract::{Record, Value};
use std::collections::BTreeMap;

type Together = Asked<&'static str, Value>;

impl RestClient {
    pub(super) async fn change_together(&self, key: &RecordKey, asked: &Together) -> Answered {
        let identities = key.identities();
        let now = match self.read_bucket_list().await {
            Ok(list) => list,
            Err(failure) => return not_begun(failure),
        };
        let named = |identity: i64| now.iter().find(|bucket| bucket.identity == identity);
        let seen = asked.arguments.get(action::SEEN).and_then(Value::as_text).unwrap_or_default();
        let moved: Vec<String> = identities
            .iter()
            .zip(seen.split(' '))
            .filter_map(|(identity, seen)| match named(*identity) {
                None => Some(format!("base bucket {identity}, which is gone")),
                Some(bucket) if content_version(&Record::from(bucket)) != seen => {
                    Some(format!("\u{201c}{}\u{201d}", bucket.name))
                }
                Some(_) => None,
            })
            .collect();
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
                self.remember_results(key, said.results.items);
                Outcome::Done { record: None }
            }
            Ok(answer) => {
                let name = |place: usize| Some(named(*identities.get(place)?)?.name.as_str());
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
                    let found = list.iter().find(|bucket| bucket.identity == *identity).map(Record::from);
                    found.is_some_and(|now| fields.iter().all(|(name, value)| now.get(name) == Some(*value)))
                };
                let all = key.identities().iter().all(holds);
                if all { Outcome::Done { record: None } } else { Outcome::NotDone }
            }
            Err(failure) => not_to_be_told(failure),
        }
    }
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
