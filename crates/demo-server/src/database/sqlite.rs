//! SQLite: the built-in database, one file.

use std::path::Path;
use std::str::FromStr;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Database, Longest, OpenError, Pool, compare_decimal_text, migrations};

/// Opens the file, makes it and its folder if they are absent, and brings its tables up to date.
pub(super) async fn open(path: &str, longest: Longest) -> Result<Database, OpenError> {
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(folder).map_err(|reason| OpenError::Folder(folder.to_owned(), reason))?;
    }
    let options = SqliteConnectOptions::from_str("sqlite://")?
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(longest.write)
        .foreign_keys(true)
        .pragma("case_sensitive_like", "ON")
        .pragma("cache_size", "-16000")
        .pragma("mmap_size", "268435456")
        .collation("decimal_order", compare_decimal_text)
        .disable_statement_logging();
    // Another process that writes is waited for by `busy_timeout`.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(longest.write)
        .connect_with(options.clone())
        .await?;
    migrations::run_on_sqlite(&writer).await?;
    let readers = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
    Ok(Database {
        readers: Pool::Sqlite(readers, Some(longest.read)),
        writer: Pool::Sqlite(writer, None),
        longest,
    })
}
