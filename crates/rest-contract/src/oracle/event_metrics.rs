//! What `getMetricsForUsageEvents` tells: of each span of time the events that began in it, counted by status, and
//! what their charges come to. The action is the demo server's own; a vendor's service counts, and adds nothing up.

use super::charged_amounts::Amounts;
use crate::{ExactSum, read_date_time, write_date_time};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The action of the collection of all events.
pub const METRICS_ACTION: &str = "getMetricsForUsageEvents";

/// What is told apart within a span.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKind {
    pub status: String,
    pub is_reversal: bool,
    /// The error that they name, empty where events in error name none. Of others, such as processed events that
    /// could not be rated again, the counts are told apart by it and the amounts are not.
    pub error: Option<String>,
}

/// The events of one span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanMetrics {
    pub counts: BTreeMap<EventKind, u64>,
    pub amounts: BTreeMap<EventKind, Amounts>,
    /// When the first and the last of them began.
    pub first_and_last: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Spans from one boundary to the next, all of one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct EventMetrics {
    pub as_of: DateTime<Utc>,
    pub spans: Vec<SpanMetrics>,
}

/// The body that asks for the spans between ascending boundaries.
pub fn metrics_request(boundaries: &[DateTime<Utc>]) -> String {
    let quoted: Vec<_> = boundaries.iter().map(|at| format!("\"{}\"", write_date_time(at))).collect();
    format!("{{\"boundaries\":[{}]}}", quoted.join(","))
}

impl EventMetrics {
    /// Reads the answer to a question about the spans between these boundaries.
    ///
    /// # Errors
    /// Why it is no answer to that, in words: a figure of other spans would be taken for one of these.
    pub fn read(body: &[u8], boundaries: &[DateTime<Utc>]) -> Result<Self, String> {
        let answer: Json = serde_json::from_slice(body).map_err(|reason| reason.to_string())?;
        let result = &answer["result"];
        let as_of = instant(&result["asOf"]).ok_or("It does not say of what time it is")?;
        let spans = items(&result["spans"]).ok_or("It tells of no spans")?;
        if spans.len() + 1 != boundaries.len() {
            return Err(format!("It tells of {} spans, not of those asked for", spans.len()));
        }
        let spans = spans.iter().zip(boundaries.windows(2)).map(|(span, ends)| {
            let told = [&span["from"], &span["before"]];
            let is_asked = told.into_iter().zip(ends).all(|(told, at)| instant(told) == Some(*at));
            let is_asked = is_asked.then_some(span).ok_or("It tells of other spans than were asked for");
            is_asked
                .and_then(|span| SpanMetrics::read(span).ok_or("What it tells of a span is not understood"))
        });
        Ok(Self { as_of, spans: spans.collect::<Result<_, _>>()? })
    }
}

fn items(told: &Json) -> Option<&Vec<Json>> {
    told.as_array()
}

fn instant(told: &Json) -> Option<DateTime<Utc>> {
    read_date_time(told.as_str()?)
}

impl SpanMetrics {
    fn read(told: &Json) -> Option<Self> {
        let mut metrics = Self::default();
        for told in items(&told["events"])? {
            *metrics.counts.entry(EventKind::read(told)?).or_default() += told["count"].as_u64()?;
        }
        for told in items(&told["amounts"])? {
            let currency = told["chargeCurrency"].as_str().unwrap_or_default().to_owned();
            let sum = metrics.amounts.entry(EventKind::read(told)?).or_default().entry(currency).or_default();
            // It is no text where it has more digits than the server adds.
            let digits = told["billedAmount"].as_str().map(|digits| ExactSum::of(digits, 0));
            match digits.filter(|sum| sum.text().is_some()) {
                Some(more) => sum.merge(&more),
                None => sum.leave_out(),
            }
        }
        metrics.first_and_last = instant(&told["firstEventStart"]).zip(instant(&told["lastEventStart"]));
        Some(metrics)
    }
}

impl EventKind {
    fn read(told: &Json) -> Option<Self> {
        let error = told["error"].as_str().map(str::to_owned);
        Some(Self {
            status: told["eventStatus"].as_str()?.to_owned(),
            is_reversal: told["isReversal"].as_bool()?,
            error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boundaries() -> Vec<DateTime<Utc>> {
        let at = |text: &str| read_date_time(text).expect("an instant");
        vec![at("2026-09-30T22:00:00Z"), at("2026-10-31T23:00:00Z")]
    }

    fn answer(from: &str, amount: &str) -> String {
        format!(
            r#"{{"result":{{"status":"SUCCESS","asOf":"2026-11-02T10:00:00.5Z","spans":[{{"from":"{from}",
            "before":"2026-10-31T23:00:00.000000Z","firstEventStart":"2026-09-30T22:00:00.000000Z",
            "lastEventStart":"2026-10-31T22:59:59.999500Z",
            "events":[{{"eventStatus":"ORA_ERROR","isReversal":false,"error":"KEY","count":3}}],
            "amounts":[{{"eventStatus":"ORA_ERROR","isReversal":false,"error":"KEY","chargeCurrency":null,
            "charges":1,"billedAmount":{amount}}}]}}]}}}}"#
        )
    }

    #[test]
    fn an_answer_is_read_with_every_digit() {
        let read = EventMetrics::read(
            answer("2026-09-30T22:00:00.000000Z", "\"0.00125\"").as_bytes(),
            &boundaries(),
        );
        let read = read.expect("an answer");
        let kind =
            EventKind { status: "ORA_ERROR".to_owned(), is_reversal: false, error: Some("KEY".to_owned()) };
        assert_eq!(read.as_of, read_date_time("2026-11-02T10:00:00.5Z").expect("an instant"));
        assert_eq!(read.spans[0].counts[&kind], 3);
        assert_eq!(read.spans[0].amounts[&kind][""].text().as_deref(), Some("0.00125"));
        assert_eq!(
            metrics_request(&boundaries()),
            r#"{"boundaries":["2026-09-30T22:00:00+00:00","2026-10-31T23:00:00+00:00"]}"#
        );
    }

    #[test]
    fn an_amount_that_is_none_is_counted_as_left_out() {
        for amount in ["null", "\"1e5\"", "\"\""] {
            let body = answer("2026-09-30T22:00:00.000000Z", amount);
            let read = EventMetrics::read(body.as_bytes(), &boundaries()).expect("an answer");
            let sums: Vec<_> = read.spans[0].amounts.values().flat_map(|amounts| amounts.values()).collect();
            assert_eq!(sums[0].left_out(), 1, "{amount}");
        }
    }

    #[test]
    fn an_answer_to_another_question_is_none() {
        let other = answer("2026-10-01T00:00:00.000000Z", "\"1\"");
        assert!(EventMetrics::read(other.as_bytes(), &boundaries()).is_err());
        let fewer = br#"{"result":{"asOf":"2026-11-02T10:00:00Z","spans":[]}}"#;
        assert!(EventMetrics::read(fewer, &boundaries()).is_err());
        let is_none = |body: &str| EventMetrics::read(body.as_bytes(), &boundaries()).is_err();
        assert!(is_none("") && is_none("{}") && is_none(r#"{"result":{}}"#));
    }
}
