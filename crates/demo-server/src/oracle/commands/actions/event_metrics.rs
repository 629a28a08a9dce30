//! `getMetricsForUsageEvents`, this service's own: the events that began in each span of time, counted by status,
//! and what their charges come to by currency. All of it is of one moment.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use rest_contract::{ExactSum, read_date_time};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::bad_argument;
use crate::database::{Connection, ExactSumSql, Parameter, Row, Statement};
use crate::oracle::protocol::refusal::Refusal;

/// Two months of days, and some to spare.
const MOST_BOUNDARIES: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spans {
    /// Ascending instants: a span is from one to the next, which is not in it.
    #[serde(default)]
    boundaries: Vec<String>,
}

/// What is told apart within a span: the status, whether the events are reversals, and of events in error the error.
type Kind = (String, bool, Option<String>);

#[derive(Default)]
struct Metrics {
    counts: BTreeMap<Kind, i64>,
    /// With the number of charges.
    amounts: BTreeMap<(Kind, String), (ExactSum, i64)>,
    first_and_last: Option<(i64, i64)>,
}

pub(super) async fn of_spans(connection: &mut Connection, arguments: Spans) -> Result<Json, Refusal> {
    // Before the snapshot is taken: it may hold what is a little newer, never lack what is older.
    let as_of = Utc::now();
    let boundaries = read(&arguments.boundaries)?;
    let spans = spans(&boundaries);
    let mut metrics = BTreeMap::<i64, Metrics>::new();
    for row in counted(&spans).rows(connection).await? {
        let of = metrics.entry(row.try_get(0)?).or_default();
        of.counts.insert(kind_of(&row)?, row.try_get(4)?);
        let (first, last): (i64, i64) = (row.try_get(5)?, row.try_get(6)?);
        let (earliest, latest) = of.first_and_last.unwrap_or((first, last));
        of.first_and_last = Some((earliest.min(first), latest.max(last)));
    }
    let sum = connection.exact_sum("c.billed_amount");
    for row in added_up(&spans, &sum).rows(connection).await? {
        let of = metrics.entry(row.try_get(0)?).or_default();
        let currency = row.try_get::<Option<String>, _>(4)?.unwrap_or_default();
        let (total, charges) = of.amounts.entry((kind_of(&row)?, currency)).or_default();
        let more: i64 = row.try_get(5)?;
        *charges += more;
        let (group, digits): (String, Option<String>) = (row.try_get(6)?, row.try_get(7)?);
        let part = sum.read(&group, digits.as_deref(), more).ok_or_else(|| Refusal::internal(&group))?;
        total.merge(&part);
    }
    let spans = boundaries.windows(2).zip(0_i64..).map(|(ends, place)| {
        let of = metrics.remove(&place).unwrap_or_default();
        of.json(ends.first().copied(), ends.last().copied())
    });
    let spans: Vec<Json> = spans.collect();
    Ok(json!({ "status": "SUCCESS", "asOf": written(as_of), "spans": spans }))
}

fn read(boundaries: &[String]) -> Result<Vec<DateTime<Utc>>, Refusal> {
    let wrong = |detail: String| bad_argument("boundaries", detail);
    if !(2..=MOST_BOUNDARIES).contains(&boundaries.len()) {
        return Err(wrong(format!("boundaries are 2 to {MOST_BOUNDARIES} instants.")));
    }
    let instants = boundaries.iter().map(|text| {
        read_date_time(text)
            .ok_or_else(|| wrong(format!("{text} is no instant such as 2026-10-31T23:00:00Z.")))
    });
    let instants: Vec<_> = instants.collect::<Result<_, _>>()?;
    if !instants.windows(2).all(|pair| pair.first() < pair.last()) {
        return Err(wrong("boundaries must ascend.".to_owned()));
    }
    Ok(instants)
}

/// The spans as rows of place, first microsecond and the first one behind them. Each is looked up by itself, so
/// that an index leads to its events.
fn spans(boundaries: &[DateTime<Utc>]) -> Statement {
    let mut sql = Statement::new("(VALUES ");
    sql.join(boundaries.windows(2).zip(0_i64..), ", ", |sql, (ends, place)| {
        // A boundary between two microseconds parts none of the instants that are stored.
        let ends =
            ends.iter().map(|at| at.timestamp_micros() + i64::from(at.timestamp_subsec_nanos() % 1000 > 0));
        sql.push(&format!("({place}"));
        for end in ends {
            sql.push(", CAST(").bind(Parameter::Integer(end)).push(" AS BIGINT)");
        }
        sql.push(")");
    });
    sql.push(")");
    sql
}

const KIND: &str = "s.column1, e.event_status, e.reverses_event_id IS NOT NULL, \
     CASE WHEN e.event_status = 'ORA_ERROR' THEN COALESCE(e.error, '') END";

const WITHIN: &str =
    " s CROSS JOIN usage_events e WHERE e.event_start_time >= s.column2 AND e.event_start_time < s.column3";

fn counted(spans: &Statement) -> Statement {
    let mut sql = Statement::new(&format!(
        "SELECT {KIND}, COUNT(*), MIN(e.event_start_time), MAX(e.event_start_time) FROM "
    ));
    sql.append(spans).push(WITHIN).push(" GROUP BY 1, 2, 3, 4");
    sql
}

fn added_up(spans: &Statement, sum: &ExactSumSql) -> Statement {
    let mut sql = Statement::new(&format!(
        "SELECT {KIND}, c.charge_currency, COUNT(*), {}, {} FROM ",
        sum.group, sum.digits
    ));
    sql.append(spans)
        .push(" s CROSS JOIN usage_events e CROSS JOIN usage_charges c WHERE e.event_start_time >= s.column2 \
               AND e.event_start_time < s.column3 AND c.event_id = e.event_id AND c.billed_amount IS NOT NULL \
               GROUP BY 1, 2, 3, 4, 5, 7");
    sql
}

fn kind_of(row: &Row) -> Result<Kind, sqlx::Error> {
    Ok((row.try_get(1)?, row.try_get(2)?, row.try_get(3)?))
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl Metrics {
    fn json(self, from: Option<DateTime<Utc>>, before: Option<DateTime<Utc>>) -> Json {
        let told = |(status, is_reversal, error): &Kind| json!({ "eventStatus": status, "isReversal": is_reversal, "error": error });
        let events = self.counts.iter().map(|(kind, count)| {
            let mut told = told(kind);
            told["count"] = (*count).into();
            told
        });
        let amounts = self.amounts.iter().map(|((kind, currency), (sum, charges))| {
            let mut told = told(kind);
            told["chargeCurrency"] = if currency.is_empty() { Json::Null } else { currency.as_str().into() };
            told["charges"] = (*charges).into();
            // As text, for no reader of JSON keeps every digit of a number; null where there are more than are added.
            told["billedAmount"] = sum.text().into();
            told
        });
        let at = |micros: i64| DateTime::from_timestamp_micros(micros).map(written);
        json!({
            "from": from.map(written), "before": before.map(written),
            "firstEventStart": self.first_and_last.and_then(|(first, _)| at(first)),
            "lastEventStart": self.first_and_last.and_then(|(_, last)| at(last)),
            "events": events.collect::<Vec<_>>(), "amounts": amounts.collect::<Vec<_>>(),
        })
    }
}
