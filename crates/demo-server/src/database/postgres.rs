//! PostgreSQL, or what speaks its protocol: for more than one server on the same data.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection as _, PgConnection};

use super::locks::milliseconds;
use super::{Database, Longest, OpenError, Pool, migrations};

pub(super) async fn open(url: &str, longest: Longest) -> Result<Database, OpenError> {
    let options = PgConnectOptions::from_str(url)?;
    let wants_tls =
        matches!(options.get_ssl_mode(), PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    if wants_tls {
        return Err(OpenError::NoTls);
    }
    // By its name whoever waits for a lock is told who holds it.
    let name = format!("demo-server {}", std::process::id());
    // A machine that is gone without a word is given up, and with it what it holds.
    let lock_timeout = milliseconds(longest.write).to_string();
    let options = options.application_name(&name).disable_statement_logging().options([
        ("tcp_keepalives_idle", "30"),
        ("tcp_keepalives_interval", "10"),
        ("tcp_keepalives_count", "3"),
        ("lock_timeout", &lock_timeout),
    ]);
    // A pool would try again and again where nobody listens, or the name is wrong.
    let first = options.connect().await;
    let mut first =
        first.map_err(|reason| if is_poolers(&reason) { OpenError::Pooler } else { reason.into() })?;
    must_keep_settings(&mut first, milliseconds(longest.write)).await?;
    migrations::run_on_postgres(&mut first, longest).await?;
    first.close().await?;
    let writer = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(longest.write)
        .connect_with(options.clone())
        .await?;
    let options = options.options([("statement_timeout", milliseconds(longest.read).to_string())]);
    let readers = PgPoolOptions::new().max_connections(8).connect_with(options).await?;
    Ok(Database { readers: Pool::Postgres(readers), writer: Pool::Postgres(writer), longest })
}

/// A pooler before the database (PgBouncer) takes no settings of a connection, or forgets them: it lends connections.
/// This program's bounds are settings, and its locks are a connection's.
fn is_poolers(refused: &sqlx::Error) -> bool {
    refused.as_database_error().is_some_and(|error| error.message().contains("unsupported startup parameter"))
}

async fn must_keep_settings(connection: &mut PgConnection, lock_timeout: u128) -> Result<(), OpenError> {
    let sql = "SELECT setting FROM pg_settings WHERE name = 'lock_timeout'";
    let kept: String = sqlx::query_scalar(sql).fetch_one(connection).await?;
    if kept == lock_timeout.to_string() { Ok(()) } else { Err(OpenError::Pooler) }
}
