//! What `getMetricsForUsageEvents` tells: of each span of time the events that began in it, counted by status, and
//! what their charges come to. The action is the demo server's own; a vendor's service counts, and adds nothing up.

use super::charged_amounts::Amounts;
use crate::{ExactSum, read_date_time, write_date_time};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The action of the collection of all events.
pub const METRICS_ACTION: &str = "getMetricsForUsageEvents";

/// What is told apart within a span.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKind {
    pub status: String,
    pub is_reversal: bool,
    /// Of events in error the error; empty where they name none.
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
        let Answer { result } = serde_json::from_slice(body).map_err(|reason| reason.to_string())?;
        let as_of = instant(&result.as_of)?;
        let spans = result.spans.iter().zip(boundaries.windows(2)).map(|(span, ends)| {
            let is_asked = [&span.from, &span.before]
                .into_iter()
                .zip(ends)
                .all(|(told, at)| read_date_time(told).is_some_and(|told| told == *at));
            if is_asked { span.read() } else { Err("It tells of other spans than were asked for".to_owned()) }
        });
        let spans: Vec<_> = spans.collect::<Result<_, _>>()?;
        if spans.len() != boundaries.len().saturating_sub(1) || result.spans.len() != spans.len() {
            return Err(format!("It tells of {} spans, not of those asked for", result.spans.len()));
        }
        Ok(Self { as_of, spans })
    }
}

#[derive(Deserialize)]
struct Answer {
    result: Told,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    as_of: String,
    spans: Vec<ToldSpan>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldSpan {
    from: String,
    before: String,
    first_event_start: Option<String>,
    last_event_start: Option<String>,
    events: Vec<ToldCount>,
    amounts: Vec<ToldAmount>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldCount {
    event_status: String,
    is_reversal: bool,
    error: Option<String>,
    count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldAmount {
    event_status: String,
    is_reversal: bool,
    error: Option<String>,
    charge_currency: Option<String>,
    /// Nothing where it has more digits than the server adds.
    billed_amount: Option<String>,
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    read_date_time(text).ok_or_else(|| format!("{text} is no instant"))
}

impl ToldSpan {
    fn read(&self) -> Result<SpanMetrics, String> {
        let mut metrics = SpanMetrics::default();
        for told in &self.events {
            let kind = kind(&told.event_status, told.is_reversal, told.error.as_deref());
            *metrics.counts.entry(kind).or_default() += told.count;
        }
        for told in &self.amounts {
            let kind = kind(&told.event_status, told.is_reversal, told.error.as_deref());
            let currency = told.charge_currency.clone().unwrap_or_default();
            let sum = metrics.amounts.entry(kind).or_default().entry(currency).or_default();
            match told.billed_amount.as_deref() {
                Some(digits) if ExactSum::of(digits, 0).text().is_some() => {
                    sum.merge(&ExactSum::of(digits, 0))
                }
                _ => sum.leave_out(),
            }
        }
        metrics.first_and_last = match (&self.first_event_start, &self.last_event_start) {
            (Some(first), Some(last)) => Some((instant(first)?, instant(last)?)),
            _ => None,
        };
        Ok(metrics)
    }
}

fn kind(status: &str, is_reversal: bool, error: Option<&str>) -> EventKind {
    EventKind { status: status.to_owned(), is_reversal, error: error.map(str::to_owned) }
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
        let kind = kind("ORA_ERROR", false, Some("KEY"));
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
