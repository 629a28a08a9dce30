//! PostgreSQL, or what speaks its protocol: for more than one server on the same data.

use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection as _, PgPool, Postgres};

use super::{Database, Longest, OpenError, Pool, migrations};

/// Begins a writer's transaction. The writers' lock is held until it ends, by one process of all on the
/// database; its number is this program's choice. Waiting for it is bounded like any other statement.
pub(super) fn begin_write(longest: Duration) -> String {
    format!(
        "BEGIN; SET LOCAL statement_timeout = {}; SELECT pg_advisory_xact_lock(8787)",
        milliseconds(longest)
    )
}

/// Zero would mean no bound.
fn milliseconds(longest: Duration) -> u128 {
    longest.as_millis().max(1)
}

pub(super) async fn open(url: &str, longest: Longest) -> Result<Database, OpenError> {
    let options =
        PgConnectOptions::from_str(url)?.application_name("demo-server").disable_statement_logging();
    // A pool would try again and again where nobody listens, or the name is wrong.
    options.connect().await?.close().await?;
    let writer = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(longest.write)
        .connect_with(options.clone())
        .await?;
    migrations::run_on_postgres(&writer).await?;
    let options = options.options([("statement_timeout", milliseconds(longest.read).to_string())]);
    let readers = PgPoolOptions::new().max_connections(8).connect_with(options).await?;
    Ok(Database {
        readers: Pool::Postgres(readers),
        writer: Pool::Postgres(writer),
        longest_write: longest.write,
    })
}

/// Held as long as its connection is open.
#[derive(Debug)]
pub struct FillingLock {
    _connection: PoolConnection<Postgres>,
}

const TRY_FILLING_LOCK: &str = "SELECT pg_try_advisory_lock(8788)";

/// How often the lock is asked for. To wait for it in one statement would take longer than a reader may.
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

pub(super) async fn filling_lock(pool: &PgPool) -> Result<FillingLock, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    // Back in the pool it would go on holding the lock.
    connection.close_on_drop();
    while !sqlx::query_scalar::<_, bool>(TRY_FILLING_LOCK).fetch_one(&mut *connection).await? {
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
    Ok(FillingLock { _connection: connection })
}
