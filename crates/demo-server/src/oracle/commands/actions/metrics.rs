//! The two metric actions: batches and their events counted by batch status and day. The vendor leaves
//! the shape of the result open; this one is this service's own.

use chrono::{DateTime, Months, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::bad_argument;
use crate::database::{Connection, Parameter, Statement};
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::records::selection_rules::read_id;
use crate::oracle::request::exchange::Exchange;

/// Longer ago than this nobody asks.
const MOST_DAYS: i64 = 3660;
const USUAL_DAYS: i64 = 30;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Mine<'a> {
    #[serde(borrow)]
    no_of_days: Option<&'a RawValue>,
}

/// The sender's own batches of the last days.
pub(super) async fn mine(
    exchange: &Exchange,
    connection: &mut Connection,
    arguments: Mine<'_>,
) -> Result<Json, Refusal> {
    let days = match arguments.no_of_days.map(read_id) {
        None => USUAL_DAYS,
        Some(Some(days @ 0..=MOST_DAYS)) => days,
        Some(_) => {
            let text = format!("noOfDays must be a whole number from 0 to {MOST_DAYS}.");
            return Err(bad_argument("noOfDays", text));
        }
    };
    let since = Utc::now() - TimeDelta::days(days);
    let mut which = Statement::new("b.created_by = ");
    which.bind(Parameter::text(&exchange.principal.display_name));
    count(connection, since, which).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OfStatus<'a> {
    batch_status: Option<String>,
    time_unit_code: Option<String>,
    #[serde(borrow)]
    time_unit_value: Option<&'a RawValue>,
}

/// Everybody's batches of a status, of the last days, weeks, months or years.
pub(super) async fn of_status(connection: &mut Connection, arguments: OfStatus<'_>) -> Result<Json, Refusal> {
    let value = match arguments.time_unit_value.map(read_id) {
        None => 1,
        Some(Some(value @ 0..=MOST_DAYS)) => value,
        Some(_) => {
            let text = format!("timeUnitValue must be a whole number from 0 to {MOST_DAYS}.");
            return Err(bad_argument("timeUnitValue", text));
        }
    };
    let now = Utc::now();
    let months =
        |each: u32| u32::try_from(value).ok().and_then(|value| value.checked_mul(each)).map(Months::new);
    let unit = arguments.time_unit_code.unwrap_or_else(|| "MONTH".to_owned()).to_ascii_uppercase();
    let since = match unit.as_str() {
        "HOUR" => Some(now - TimeDelta::hours(value)),
        "DAY" => Some(now - TimeDelta::days(value)),
        "WEEK" => Some(now - TimeDelta::weeks(value)),
        "MONTH" => months(1).and_then(|months| now.checked_sub_months(months)),
        "YEAR" => months(12).and_then(|months| now.checked_sub_months(months)),
        _ => return Err(bad_argument("timeUnitCode", "timeUnitCode is HOUR, DAY, WEEK, MONTH or YEAR.")),
    };
    let since = since.ok_or_else(|| bad_argument("timeUnitValue", "That is too long ago."))?;
    let mut which = Statement::new("TRUE");
    if let Some(status) = arguments.batch_status {
        which = Statement::new("b.batch_status = ");
        which.bind(Parameter::Text(status));
    }
    count(connection, since, which).await
}

const MICROSECONDS_OF_A_DAY: i64 = 86_400_000_000;

async fn count(connection: &mut Connection, since: DateTime<Utc>, which: Statement) -> Result<Json, Refusal> {
    let mut sql = Statement::new(&format!(
        "SELECT b.batch_status, b.creation_date / {MICROSECONDS_OF_A_DAY}, COUNT(DISTINCT b.usage_batch_id)"
    ));
    for status in ["", "ORA_PROCESSED", "ORA_ERROR", "ORA_IN_PROCESS", "ORA_REVERSED"] {
        sql.push(", CAST(COALESCE(SUM(");
        match status {
            "" => sql.push("n.event_count"),
            status => {
                sql.push(&format!("CASE WHEN n.event_status = '{status}' THEN n.event_count ELSE 0 END"))
            }
        };
        sql.push("), 0) AS BIGINT)");
    }
    sql.push(
        " FROM usage_event_batches b LEFT JOIN batch_event_counts n ON n.usage_batch_id = b.usage_batch_id \
         WHERE b.creation_date >= ",
    );
    sql.bind(Parameter::instant(since)).push(" AND ").append(&which).push(" GROUP BY 1, 2 ORDER BY 2, 1");
    let mut totals = [0_i64; 6];
    let mut metrics = Vec::new();
    for row in sql.rows(connection).await? {
        let (status, day): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
        let day = DateTime::from_timestamp(day * 86_400, 0)
            .map_or_else(String::new, |at| at.date_naive().to_string());
        let mut counts = [0_i64; 6];
        for (index, (count, total)) in counts.iter_mut().zip(&mut totals).enumerate() {
            *count = row.try_get(index + 2)?;
            *total += *count;
        }
        metrics.push(with_counts(json!({ "batchStatus": status, "day": day }), counts));
    }
    Ok(with_counts(json!({ "status": "SUCCESS", "metrics": metrics }), totals))
}

const NAMES: [&str; 6] = ["batches", "total", "processed", "errored", "inProcess", "reversed"];

fn with_counts(mut json: Json, counts: [i64; 6]) -> Json {
    if let Json::Object(members) = &mut json {
        members.extend(NAMES.into_iter().map(str::to_owned).zip(counts.map(Json::from)));
    }
    json
}
