//! Batch requests (Oracle REST, "Perform batch actions"): several records made by one request, all or none; and what
//! its answer says of each.

use crate::{ErrorBody, Record};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The media type of the request and of its answer.
pub const BATCH_REQUEST: &str = "application/vnd.oracle.adf.batch+json";

#[derive(Serialize)]
struct Sent<'a> {
    parts: Vec<SentPart<'a>>,
}

#[derive(Serialize)]
struct SentPart<'a> {
    id: String,
    path: &'a str,
    operation: &'static str,
    payload: &'a Record,
}

/// The body that asks for each record to be made in a collection. A part's id is its place.
///
/// # Errors
/// A record holds a value that is never written.
pub fn creations(collection: &str, records: &[&Record]) -> Result<String, serde_json::Error> {
    let parts = records.iter().enumerate().map(|(place, payload)| SentPart {
        id: place.to_string(),
        path: collection,
        operation: "create",
        payload,
    });
    serde_json::to_string(&Sent { parts: parts.collect() })
}

/// What an answer says of one part.
#[derive(Clone, Debug, PartialEq)]
pub enum PartAnswer {
    Done,
    Refused(ErrorBody),
}

#[derive(Deserialize)]
struct Answered<'a> {
    #[serde(borrow)]
    parts: Vec<AnsweredPart<'a>>,
}

#[derive(Deserialize)]
struct AnsweredPart<'a> {
    id: String,
    /// A number as text; of a part that was done some services leave it out.
    #[serde(default)]
    status: Option<String>,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
}

/// What an answer says of the parts by their places; each is judged by what it says itself, whatever the status of the
/// whole. A part that is not among them was not done where another one was refused, and is not known otherwise.
/// Nothing for an answer that is none to a batch request.
pub fn read_parts(status: u16, body: &[u8]) -> Option<Vec<(usize, PartAnswer)>> {
    let answered: Answered<'_> = serde_json::from_slice(body).ok()?;
    let is_success = (200..300).contains(&status);
    let part = |part: AnsweredPart<'_>| {
        let own = part.status.as_deref().and_then(|status| status.parse::<u16>().ok());
        let payload = part.payload.map_or("", RawValue::get);
        let answer = match own {
            Some(own) if !(200..300).contains(&own) => {
                PartAnswer::Refused(ErrorBody::read(own, payload.as_bytes()))
            }
            None if !is_success => PartAnswer::Refused(ErrorBody::read(status, payload.as_bytes())),
            _ if payload.contains("\"o:errorDetails\"") => {
                PartAnswer::Refused(ErrorBody::read(own.unwrap_or(status), payload.as_bytes()))
            }
            _ => PartAnswer::Done,
        };
        Some((part.id.parse().ok()?, answer))
    };
    answered.parts.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::EVENT;
    use crate::{Value, read_decimal};

    #[test]
    fn records_are_sent_with_every_digit() {
        let mut record = Record::new(&EVENT);
        assert!(record.set("EventNumber", Value::Text("A".to_owned())));
        assert!(record.set("UsageQuantity", Value::Decimal(read_decimal("0.10").unwrap())));
        assert_eq!(
            creations("subscriptionUsageEvents", &[&record]).unwrap(),
            r#"{"parts":[{"id":"0","path":"subscriptionUsageEvents","operation":"create","payload":{"EventNumber":"A","UsageQuantity":0.10}}]}"#
        );
    }

    #[test]
    fn each_part_is_judged_by_its_own_answer() {
        let refused = |status: u16, detail: &str| {
            let body = format!(r#"{{"title":"Bad Request","o:errorDetails":[{{"detail":"{detail}"}}]}}"#);
            (body.clone(), PartAnswer::Refused(ErrorBody::read(status, body.as_bytes())))
        };
        let (body, bad) = refused(400, "EventType must have a value.");
        // All were done; one says in a success that it was not; the one that failed stands alone.
        for (status, parts, expected) in [
            (
                200,
                r#"{"id":"0","payload":{"EventNumber":"A"}},{"id":"1","status":"201","payload":{}}"#
                    .to_owned(),
                vec![(0, PartAnswer::Done), (1, PartAnswer::Done)],
            ),
            (
                200,
                format!(
                    r#"{{"id":"0","payload":{{}}}},{{"id":"1","payload":{body}}},{{"id":"2","status":"400","payload":{body}}}"#
                ),
                vec![
                    (0, PartAnswer::Done),
                    (1, PartAnswer::Refused(ErrorBody::read(200, body.as_bytes()))),
                    (2, bad.clone()),
                ],
            ),
            (400, format!(r#"{{"id":"5","status":"400","payload":{body}}}"#), vec![(5, bad.clone())]),
            (400, format!(r#"{{"id":"5","payload":{body}}}"#), vec![(5, bad)]),
        ] {
            let text = format!(r#"{{"parts":[{parts}]}}"#);
            assert_eq!(read_parts(status, text.as_bytes()), Some(expected), "{text}");
        }
        for body in ["", "{}", "<html>", r#"{"parts":[{"id":"x"}]}"#, r#"{"parts":1}"#] {
            assert_eq!(read_parts(200, body.as_bytes()), None, "{body}");
        }
    }
}
