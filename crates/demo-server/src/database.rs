//! The database: where it is, how it is opened, brought up to date and written to.
//!
//! Not here: what the tables mean. Each endpoint's own module holds its SQL.

mod bulk_insert;
mod decimal_order;
mod decimal_sql;
mod statement;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Pool};

pub use bulk_insert::BulkInsert;
pub use decimal_order::compare_decimal_text;
pub use decimal_sql::negated_decimal;
pub use statement::{Parameter, Statement};

/// The one database engine this build speaks to. SQL elsewhere keeps to `$1` placeholders and to
/// what PostgreSQL also understands; engine-specific text lives in this module and in `migrations/`.
pub type Engine = sqlx::Sqlite;
pub type Row = sqlx::sqlite::SqliteRow;
pub type Connection = sqlx::sqlite::SqliteConnection;
/// A transaction. Dropped without `commit`, it is as if it had never been.
pub type Transaction = sqlx::Transaction<'static, Engine>;

/// Handles to the database: many readers and one writer.
///
/// SQLite has a single write lock. A pool of one connection makes writers queue fairly here instead
/// of polling that lock; another process is still waited for by `busy_timeout`.
#[derive(Clone, Debug)]
pub struct Database {
    pub readers: Pool<Engine>,
    writer: Pool<Engine>,
}

#[derive(Debug)]
pub enum OpenError {
    /// The URL is not of a kind this build can open.
    UnknownKind(String),
    Folder(PathBuf, std::io::Error),
    Engine(sqlx::Error),
    Migration(sqlx::migrate::MigrateError),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKind(url) => {
                write!(f, "the database {url:?} is not a sqlite:// URL or a file path")
            }
            Self::Folder(path, reason) => {
                write!(f, "the folder {} cannot be made: {reason}", path.display())
            }
            Self::Engine(reason) => write!(f, "the database cannot be opened: {reason}"),
            Self::Migration(reason) => {
                write!(f, "the database's tables cannot be brought up to date: {reason}")
            }
        }
    }
}

impl std::error::Error for OpenError {}

impl From<sqlx::Error> for OpenError {
    fn from(reason: sqlx::Error) -> Self {
        Self::Engine(reason)
    }
}

impl Database {
    /// Opens the database at a `sqlite://PATH` URL (or a bare path), makes its folder and file if
    /// they are absent, and applies the migrations that it has not seen.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let path = match url.split_once("://") {
            None => url,
            Some(("sqlite", path)) => path,
            Some(_) => return Err(OpenError::UnknownKind(url.to_owned())),
        };
        if let Some(folder) = Path::new(path).parent() {
            std::fs::create_dir_all(folder).map_err(|reason| OpenError::Folder(folder.to_owned(), reason))?;
        }
        let options = SqliteConnectOptions::from_str("sqlite://")?
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("case_sensitive_like", "ON")
            .pragma("cache_size", "-16000")
            .pragma("mmap_size", "268435456")
            .collation("decimal_order", compare_decimal_text)
            .optimize_on_close(true, Some(400))
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(60))
            .connect_with(options.clone())
            .await?;
        migrations().run(&writer).await.map_err(OpenError::Migration)?;
        let readers = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
        Ok(Self { readers, writer })
    }

    /// Begins a transaction that may write. It takes the write lock at once, so that what it reads
    /// is still true when it writes.
    ///
    /// A task of its own waits for the transaction: where a client goes away while it is begun, the
    /// half-begun transaction would otherwise stay open on the one connection that may write.
    pub async fn begin_write(&self) -> Result<Transaction, sqlx::Error> {
        let writer = self.writer.clone();
        let begun = tokio::spawn(async move { writer.begin_with("BEGIN IMMEDIATE").await });
        begun.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }

    /// Takes `count` consecutive ids of a sequence (`usage_events`, `usage_charges`, ...) and answers
    /// the first.
    pub async fn take_ids(
        transaction: &mut sqlx::Transaction<'_, Engine>,
        sequence: &str,
        count: i64,
    ) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(
            "UPDATE id_sequences SET next_value = next_value + $1 WHERE sequence_name = $2 \
             RETURNING next_value - $1",
        )
        .bind(count)
        .bind(sequence)
        .fetch_one(&mut **transaction)
        .await
    }

    /// Waits for open connections to be given back and closes them; the write-ahead log is folded in.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn migrations() -> Migrator {
    let scripts = [
        (1, "usage events", include_str!("../migrations/sqlite/0001_usage_events.sql")),
        (2, "event list indexes", include_str!("../migrations/sqlite/0002_event_list_indexes.sql")),
        (3, "more event list indexes", include_str!("../migrations/sqlite/0003_more_event_list_indexes.sql")),
        (4, "service instances", include_str!("../migrations/sqlite/0004_service_instances.sql")),
        (5, "batch work", include_str!("../migrations/sqlite/0005_batch_work.sql")),
        (6, "rating", include_str!("../migrations/sqlite/0006_rating.sql")),
        (7, "rates", include_str!("../migrations/sqlite/0007_rates.sql")),
    ];
    let migrations = scripts
        .into_iter()
        .map(|(version, description, sql)| {
            Migration::new(version, description.into(), MigrationType::Simple, sql.into(), false)
        })
        .collect::<Vec<_>>();
    Migrator { migrations: migrations.into(), ..Migrator::DEFAULT }
}
