//! The locks that servers on one PostgreSQL take turns by. Whoever waits for one waits for so long and no longer, and
//! is told who holds it.

use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgExecutor, PgPool, Postgres};

use super::Longest;

/// Numbers of this program's choice: of whoever writes, and of whoever fills an empty database.
const WRITING: i32 = 8787;
const FILLING: i32 = 8788;

/// How often the filling's lock is asked for. To wait for it in one statement would take longer than a reader may.
pub(super) const BETWEEN_TRIES: Duration = Duration::from_millis(200);
/// How often those who wait for it are told that they do.
pub(super) const BETWEEN_WORDS: Duration = Duration::from_secs(10);

/// How long a change of tables waits for what it needs before it lets go: everybody else waits behind it. It is shorter
/// than PostgreSQL takes to look for a deadlock (a second), so that no reader is ended in its place.
const A_MOMENT: Duration = Duration::from_millis(500);

/// Begins a writer's transaction. The writers' lock is held until it ends, by one process of all on the database. Waiting
/// for it is bounded like any other statement; a server that stops in the middle, connection and all, is thrown out.
///
/// The lock is asked for when the transaction has begun: then it is rolled back where the lock does not come. What fails
/// in `begin_with` leaves the connection in a transaction that takes nothing any more.
pub(super) async fn begin_write(
    pool: &PgPool,
    longest: Longest,
) -> Result<sqlx::Transaction<'static, Postgres>, sqlx::Error> {
    let begin = format!(
        "BEGIN; SET LOCAL statement_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = {}",
        milliseconds(longest.write),
        milliseconds(longest.idle)
    );
    let mut begun = pool.begin_with(begin).await?;
    sqlx::query(&format!("SELECT pg_advisory_xact_lock({WRITING})")).execute(&mut *begun).await?;
    Ok(begun)
}

/// The turn to write, outside of a transaction: held until [`let_go`], or until the connection ends.
pub(super) async fn take_turn(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(&format!("SELECT pg_advisory_lock({WRITING})")).execute(connection).await.map(|_| ())
}

/// From now on the connection waits for any lock for a moment only, and is thrown out like a writer's where its program is
/// stopped in the middle.
pub(super) async fn wait_for_moments(
    connection: &mut PgConnection,
    longest: Longest,
) -> Result<(), sqlx::Error> {
    let set = format!(
        "SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}",
        milliseconds(A_MOMENT),
        milliseconds(longest.idle)
    );
    sqlx::raw_sql(&set).execute(connection).await.map(|_| ())
}

/// Gives back what the connection holds outside of transactions, and says who else has the turn to write.
pub(super) async fn let_go(connection: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
    sqlx::query("SELECT pg_advisory_unlock_all()").execute(&mut *connection).await?;
    Ok(holder(connection, WRITING).await)
}

pub(super) fn is_deadlock(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "40P01")
}

/// Zero would mean no bound.
pub(super) fn milliseconds(longest: Duration) -> u128 {
    longest.as_millis().max(1)
}

/// Notes whose turn to write another one waited for in vain.
pub(super) async fn note_who_writes(readers: &PgPool) {
    match holder(readers, WRITING).await {
        Some(holder) => tracing::warn!("a turn to write did not come: {holder} has it"),
        None => tracing::warn!("a turn to write did not come; by now nobody has it"),
    }
}

/// Held as long as its connection is open.
#[derive(Debug)]
pub struct FillingLock {
    _connection: PoolConnection<Postgres>,
}

#[derive(Debug)]
pub enum FillingError {
    Engine(sqlx::Error),
    /// Another server is at it for too long.
    Held {
        by: String,
        waited: Duration,
    },
}

impl std::fmt::Display for FillingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(reason) => reason.fmt(f),
            Self::Held { by, waited } => write!(
                f,
                "the database is being filled by {by}, and was not ready within {} seconds; begin again when that server \
                 is through, or end it",
                waited.as_secs()
            ),
        }
    }
}

impl std::error::Error for FillingError {}

impl From<sqlx::Error> for FillingError {
    fn from(reason: sqlx::Error) -> Self {
        Self::Engine(reason)
    }
}

pub(super) async fn filling_lock(pool: &PgPool, longest: Duration) -> Result<FillingLock, FillingError> {
    let mut connection = pool.acquire().await?;
    // Back in the pool it would go on holding the lock.
    connection.close_on_drop();
    let ask = format!("SELECT pg_try_advisory_lock({FILLING})");
    let began = Instant::now();
    let mut told = began;
    while !sqlx::query_scalar::<_, bool>(&ask).fetch_one(&mut *connection).await? {
        let is_over = began.elapsed() > longest;
        if is_over || told.elapsed() > BETWEEN_WORDS {
            told = Instant::now();
            let by = holder(pool, FILLING).await.unwrap_or_else(|| "a server that has just ended".to_owned());
            if is_over {
                return Err(FillingError::Held { by, waited: longest });
            }
            tracing::info!("waiting for {by}, which fills the database");
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
    Ok(FillingLock { _connection: connection })
}

/// Who holds a lock: the program by its name, where it is, since when (by the database's clock, from the begin of the
/// transaction in which it took it, or of its connection), and what it is at.
async fn holder(database: impl PgExecutor<'_>, lock: i32) -> Option<String> {
    let sql = "SELECT a.application_name || ' at ' || COALESCE(host(a.client_addr), 'the database''s own machine') \
               || ' (process ' || a.pid || ' of the database, at work since ' \
               || TO_CHAR(COALESCE(a.xact_start, a.backend_start) AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' UTC, ' \
               || a.state || ' for ' || ROUND(EXTRACT(EPOCH FROM clock_timestamp() - a.state_change)) || ' seconds)' \
               FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
               WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1::BIGINT::OID \
               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let found =
        sqlx::query_scalar::<_, Option<String>>(sql).bind(i64::from(lock)).fetch_optional(database).await;
    found.ok().flatten().flatten()
}
