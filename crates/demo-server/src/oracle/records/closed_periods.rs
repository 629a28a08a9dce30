//! Periods whose books are closed (`usageClosedPeriods`), as far as statements over events ask for them. The rule
//! itself is `rest_contract::oracle::life_cycle`; beneath it the database refuses any writing to an event that began
//! in one, by whatever road it comes (migration 15).

use rest_contract::Value;
use sqlx::Error;

use crate::database::{Connection, Parameter, Statement};

/// The condition, over `usage_events t`, that the event began in a closed period.
pub(in crate::oracle) const HOLD_EVENT: &str = "EXISTS (SELECT 1 FROM closed_periods p \
     WHERE p.start_time <= t.event_start_time AND p.end_time > t.event_start_time)";

/// The name of the closed period that a time is in.
pub(in crate::oracle) async fn name_at(
    connection: &mut Connection,
    time: &Value,
) -> Result<Option<String>, Error> {
    let Some(time) = time.as_date_time() else { return Ok(None) };
    let mut sql = Statement::new("SELECT period_name FROM closed_periods WHERE start_time <= ");
    sql.bind(Parameter::instant(time.to_utc())).push(" AND end_time > ");
    sql.bind(Parameter::instant(time.to_utc())).push(" ORDER BY closed_period_id LIMIT 1");
    sql.rows(connection).await?.first().map(|row| row.try_get(0)).transpose()
}

/// How many events of a span are under way: the rating job has them, or a batch that is still open is to re-rate or
/// to reverse them.
pub(in crate::oracle) async fn events_under_way(
    connection: &mut Connection,
    start: &Value,
    end: &Value,
) -> Result<i64, Error> {
    let (Some(start), Some(end)) = (start.as_date_time(), end.as_date_time()) else { return Ok(0) };
    let mut sql = Statement::new("SELECT COUNT(*) FROM usage_events t WHERE t.event_start_time >= ");
    sql.bind(Parameter::instant(start.to_utc())).push(" AND t.event_start_time < ");
    sql.bind(Parameter::instant(end.to_utc()));
    sql.push(
        " AND (t.event_status = 'ORA_IN_PROCESS' OR t.home_batch_id IS NOT NULL \
         OR (t.reverses_event_id IS NOT NULL AND t.event_status <> 'ORA_PROCESSED'))",
    );
    sql.integer(connection).await
}
