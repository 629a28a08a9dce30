//! The locks that servers on one PostgreSQL take turns by. Whoever waits for one waits for so long and no longer, and
//! is told who holds it.

use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};

use super::Longest;

/// Numbers of this program's choice: of whoever writes, and of whoever fills an empty database.
const WRITING: i32 = 8787;
const FILLING: i32 = 8788;

/// How often the filling's lock is asked for. To wait for it in one statement would take longer than a reader may.
const BETWEEN_TRIES: Duration = Duration::from_millis(200);
/// How often those who wait for it are told that they do.
const BETWEEN_WORDS: Duration = Duration::from_secs(10);

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

/// Who holds a lock: the program by its name, where it is, and for how long it has been connected.
async fn holder(pool: &PgPool, lock: i32) -> Option<String> {
    let sql = "SELECT a.application_name || ' at ' || COALESCE(host(a.client_addr), 'the database''s own machine') \
               || ' (process ' || a.pid || ' of the database, ' || a.state || ' for ' \
               || ROUND(EXTRACT(EPOCH FROM clock_timestamp() - a.state_change)) || ' seconds)' \
               FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
               WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1::BIGINT::OID \
               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let found = sqlx::query_scalar::<_, Option<String>>(sql).bind(i64::from(lock)).fetch_optional(pool).await;
    found.ok().flatten().flatten()
}
