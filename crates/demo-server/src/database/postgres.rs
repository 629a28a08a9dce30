//! PostgreSQL, or what speaks its protocol: for more than one server on the same data.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection as _};

use super::{Database, OpenError, Pool, migrations};

/// The writers' lock is held until the transaction ends, by one process of all on the database.
/// Its number is this program's choice.
pub(super) const BEGIN_WRITE: &str = "BEGIN; SELECT pg_advisory_xact_lock(8787)";

pub(super) async fn open(url: &str, longest_read: Duration) -> Result<Database, OpenError> {
    let options =
        PgConnectOptions::from_str(url)?.application_name("demo-server").disable_statement_logging();
    // A pool would try again and again where nobody listens, or the name is wrong.
    options.connect().await?.close().await?;
    let writer = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options.clone())
        .await?;
    migrations::run_on_postgres(&writer).await?;
    // Zero would mean no bound.
    let milliseconds = longest_read.as_millis().max(1).to_string();
    let options = options.options([("statement_timeout", milliseconds)]);
    let readers = PgPoolOptions::new().max_connections(8).connect_with(options).await?;
    Ok(Database { readers: Pool::Postgres(readers), writer: Pool::Postgres(writer) })
}
