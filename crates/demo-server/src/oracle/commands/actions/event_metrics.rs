//! `getMetricsForUsageEvents`, this service's own: the events that began in each span of time, counted by status,
//! and what their charges come to by currency. All of it is of one moment.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use rest_contract::{ExactSum, read_date_time};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::bad_argument;
use crate::database::{Connection, Parameter, Row, Statement};
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

/// What is told apart within a span: the status, whether the events are reversals, and their error. Amounts are told
/// apart by the errors of events in error only.
type Kind = (String, bool, Option<String>);

#[derive(Default)]
struct Metrics {
    counts: BTreeMap<Kind, i64>,
    /// With the number of charges.
    amounts: BTreeMap<(Kind, String), (ExactSum, i64)>,
    first_and_last: Option<(i64, i64)>,
}

const ERROR: &str = "ORA_ERROR";

pub(super) async fn of_spans(connection: &mut Connection, arguments: Spans) -> Result<Json, Refusal> {
    // Before the snapshot is taken: it may hold what is a little newer, never lack what is older.
    let as_of = Utc::now();
    let boundaries = read(&arguments.boundaries)?;
    let spans = spans(&boundaries);
    let mut all: Vec<Metrics> = boundaries.windows(2).map(|_| Metrics::default()).collect();
    // A batch's counts name every status that there is.
    let used = Statement::new("SELECT DISTINCT event_status FROM batch_event_counts ORDER BY event_status");
    let used = used.rows(connection).await?;
    let used: Vec<String> = used.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let (in_error, others): (Vec<_>, Vec<_>) = used.into_iter().partition(|status| status == ERROR);
    for (statuses, by_error) in [(others, false), (in_error, true)] {
        if statuses.is_empty() {
            continue;
        }
        let within = Within { spans: &spans, statuses: &statuses, by_error };
        within.count(connection, &mut all).await?;
        if !by_error {
            within.tell_errors_apart(connection, &mut all).await?;
        }
        within.add_up(connection, &mut all).await?;
    }
    let spans = boundaries.windows(2).zip(&all).map(|(ends, of)| of.json(ends.first(), ends.last()));
    let spans: Vec<Json> = spans.collect();
    Ok(json!({ "status": "SUCCESS", "asOf": written(as_of), "spans": spans }))
}

/// The events of some statuses in all spans. SQLite groups by sorting, which costs more than all else: what few
/// events have is grouped by apart, and several keys are put into one number.
struct Within<'a> {
    spans: &'a Statement,
    statuses: &'a [String],
    by_error: bool,
}

impl Within<'_> {
    async fn count(&self, connection: &mut Connection, all: &mut [Metrics]) -> Result<(), Refusal> {
        let mut sql = Statement::new("SELECT ");
        if self.by_error {
            sql.push(&self.key()).push(
                ", COALESCE(e.error, ''), COUNT(*), MIN(e.event_start_time), MAX(e.event_start_time) FROM ",
            );
            self.from(&mut sql);
            sql.push(" CROSS JOIN usage_events e WHERE ").push(IN_SPAN).push(" GROUP BY 1, 2");
        } else {
            // An index counts each span by itself; nothing is sorted.
            sql.push("p.place * 2 + p.reversals, NULL, ");
            for (place, figure) in
                ["COUNT(*)", "MIN(e.event_start_time)", "MAX(e.event_start_time)"].iter().enumerate()
            {
                sql.push(if place > 0 { ", " } else { "" });
                sql.push(&format!(
                    "(SELECT {figure} FROM usage_events e WHERE e.event_status = p.status \
                     AND e.event_start_time >= p.begin AND e.event_start_time < p.before \
                     AND (e.reverses_event_id IS NOT NULL) = (p.reversals = 1))"
                ));
            }
            sql.push(&format!(
                " FROM (SELECT {} AS place, k.column2 AS status, s.column2 AS begin, s.column3 AS before, \
                 r.column1 AS reversals FROM ",
                self.place()
            ));
            self.from(&mut sql);
            sql.push(" CROSS JOIN (VALUES (0), (1)) r) p");
        }
        for row in sql.rows(connection).await? {
            let count: i64 = row.try_get(2)?;
            let (Some(of), Some(kind)) = (self.span_of(&row, all)?, self.kind_of(&row)?) else { continue };
            if count == 0 {
                continue;
            }
            of.counts.insert(kind, count);
            let (first, last): (i64, i64) = (row.try_get(3)?, row.try_get(4)?);
            let (earliest, latest) = of.first_and_last.unwrap_or((first, last));
            of.first_and_last = Some((earliest.min(first), latest.max(last)));
        }
        Ok(())
    }

    /// An event may have an error and be counted with those that have none: a processed one that could not be rated
    /// again stays processed. These are few, and an index has them.
    async fn tell_errors_apart(
        &self,
        connection: &mut Connection,
        all: &mut [Metrics],
    ) -> Result<(), Refusal> {
        let mut sql = Statement::new("SELECT ");
        sql.push(&self.key()).push(", e.error, COUNT(*) FROM usage_events e CROSS JOIN ");
        self.from(&mut sql);
        sql.push(" WHERE e.error IS NOT NULL AND e.event_status <> ").bind(Parameter::text(ERROR));
        sql.push(" AND ").push(IN_SPAN).push(" GROUP BY 1, 2");
        for row in sql.rows(connection).await? {
            let error: String = row.try_get(1)?;
            let count: i64 = row.try_get(2)?;
            let (Some(of), Some(kind)) = (self.span_of(&row, all)?, self.kind_of(&row)?) else { continue };
            if let Some(without) = of.counts.get_mut(&kind) {
                *without -= count;
            }
            of.counts.insert((kind.0, kind.1, Some(error)), count);
            of.counts.retain(|_, count| *count > 0);
        }
        Ok(())
    }

    async fn add_up(&self, connection: &mut Connection, all: &mut [Metrics]) -> Result<(), Refusal> {
        let sum = connection.exact_sum("c.billed_amount");
        let error = if self.by_error { "COALESCE(e.error, '')" } else { "NULL" };
        let grouped = if self.by_error { "1, 2, 3, 5" } else { "1, 3, 5" };
        let mut sql = Statement::new(&format!(
            "SELECT {}, {error}, c.charge_currency, COUNT(*), {}, {} FROM ",
            self.key(),
            sum.group,
            sum.digits
        ));
        self.from(&mut sql);
        sql.push(&format!(
            " CROSS JOIN usage_events e CROSS JOIN usage_charges c WHERE {IN_SPAN} AND c.event_id = e.event_id \
             AND c.billed_amount IS NOT NULL GROUP BY {grouped}"
        ));
        for row in sql.rows(connection).await? {
            let (Some(of), Some(kind)) = (self.span_of(&row, all)?, self.kind_of(&row)?) else { continue };
            let currency = row.try_get::<Option<String>, _>(2)?.unwrap_or_default();
            let charges: i64 = row.try_get(3)?;
            let (group, digits): (String, Option<String>) = (row.try_get(4)?, row.try_get(5)?);
            let part = sum.read(&group, digits.as_deref(), charges);
            let part = part.ok_or_else(|| Refusal::internal(&format!("{group} is no sum")))?;
            let (total, all_charges) = of.amounts.entry((kind, currency)).or_default();
            total.merge(&part);
            *all_charges += charges;
        }
        Ok(())
    }

    /// Spans as `s`, statuses as `k`.
    fn from(&self, sql: &mut Statement) {
        sql.append(self.spans).push(" s CROSS JOIN (VALUES ");
        sql.join(self.statuses.iter().zip(0_i64..), ", ", |sql, (status, place)| {
            sql.push(&format!("({place}, CAST(")).bind(Parameter::text(status)).push(" AS TEXT))");
        });
        sql.push(") k");
    }

    /// The place of the span and of the status.
    fn place(&self) -> String {
        format!("(s.column1 * {} + k.column1)", self.status_count())
    }

    /// The same, and whether it is a reversal.
    fn key(&self) -> String {
        format!("{} * 2 + CASE WHEN e.reverses_event_id IS NULL THEN 0 ELSE 1 END", self.place())
    }

    fn status_count(&self) -> i64 {
        i64::try_from(self.statuses.len()).unwrap_or(i64::MAX).max(1)
    }

    fn span_of<'m>(&self, row: &Row, all: &'m mut [Metrics]) -> Result<Option<&'m mut Metrics>, sqlx::Error> {
        let key: i64 = row.try_get(0)?;
        Ok(usize::try_from(key / 2 / self.status_count()).ok().and_then(|span| all.get_mut(span)))
    }

    fn kind_of(&self, row: &Row) -> Result<Option<Kind>, sqlx::Error> {
        let key: i64 = row.try_get(0)?;
        let status =
            usize::try_from(key / 2 % self.status_count()).ok().and_then(|place| self.statuses.get(place));
        let error = if self.by_error { row.try_get(1)? } else { None };
        Ok(status.map(|status| (status.clone(), key % 2 == 1, error)))
    }
}

const IN_SPAN: &str =
    "e.event_status = k.column2 AND e.event_start_time >= s.column2 AND e.event_start_time < s.column3";

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

/// The spans as rows of place, first microsecond and the first one behind them.
fn spans(boundaries: &[DateTime<Utc>]) -> Statement {
    let mut sql = Statement::new("(VALUES ");
    sql.join(boundaries.windows(2).zip(0_i64..), ", ", |sql, (ends, place)| {
        // A boundary between two microseconds parts none of the instants that are stored.
        let ends =
            ends.iter().map(|at| at.timestamp_micros() + i64::from(at.timestamp_subsec_nanos() % 1000 > 0));
        sql.push(&format!("(CAST({place} AS BIGINT)"));
        for end in ends {
            sql.push(", CAST(").bind(Parameter::Integer(end)).push(" AS BIGINT)");
        }
        sql.push(")");
    });
    sql.push(")");
    sql
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl Metrics {
    fn json(&self, from: Option<&DateTime<Utc>>, before: Option<&DateTime<Utc>>) -> Json {
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
            "from": from.copied().map(written), "before": before.copied().map(written),
            "firstEventStart": self.first_and_last.and_then(|(first, _)| at(first)),
            "lastEventStart": self.first_and_last.and_then(|(_, last)| at(last)),
            "events": events.collect::<Vec<_>>(), "amounts": amounts.collect::<Vec<_>>(),
        })
    }
}
