//! The database: where it is, how it is opened, brought up to date and written to. SQLite is built
//! in and the default; a `postgres://` address puts the same service on PostgreSQL.
//!
//! Not here: what the tables mean. Each endpoint's own module holds its SQL, which keeps to `$1`
//! placeholders and to what both databases understand; what only one of them does lives here and in
//! `migrations/`.

mod bulk_insert;
mod connection;
mod decimal_order;
mod decimal_sql;
mod migrations;
mod numeric;
mod postgres;
mod query;
mod row;
mod sqlite;
mod statement;

use std::path::PathBuf;
use std::time::Duration;

pub use bulk_insert::BulkInsert;
pub use connection::{Connection, Pool, Transaction};
pub use decimal_order::compare_decimal_text;
pub use query::{query, query_scalar};
pub use row::{Row, Stored};
pub use statement::{Parameter, Statement};

/// Handles to the database: many readers and one writer.
///
/// Writers take turns: SQLite has a single write lock, and on PostgreSQL a lock of our own does the
/// same between all processes on the database. So what a writing transaction has read is still true
/// when it writes, on both. A pool of one connection makes writers queue fairly within a process.
#[derive(Clone, Debug)]
pub struct Database {
    pub readers: Pool,
    writer: Pool,
}

/// How long reading may take for one request on SQLite, for one statement on PostgreSQL. Nobody waits
/// longer for a list, and a question that costs more would cost everybody.
const LONGEST_READ: Duration = Duration::from_secs(30);

/// Whether an error says that reading was ended because it took too long.
pub fn took_too_long(error: &sqlx::Error) -> bool {
    const SQLITE_INTERRUPT: &str = "9";
    const POSTGRES_QUERY_CANCELED: &str = "57014";
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == SQLITE_INTERRUPT || code == POSTGRES_QUERY_CANCELED)
}

#[derive(Debug)]
pub enum OpenError {
    /// The URL is not of a kind this build can open.
    UnknownKind(String),
    Folder(PathBuf, std::io::Error),
    Engine(sqlx::Error),
    Migration(sqlx::migrate::MigrateError),
    /// It holds tables that are not this program's.
    Foreign,
    /// It was brought to this version by a newer build, which alone knows what that means.
    Newer(i64),
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKind(scheme) => write!(
                f,
                "a database of the kind {scheme}:// is not known; give a file path, a sqlite:// or a postgres:// URL"
            ),
            Self::Folder(path, reason) => {
                write!(f, "the folder {} cannot be made: {reason}", path.display())
            }
            Self::Engine(reason) => write!(f, "the database cannot be opened: {reason}"),
            Self::Migration(reason) => {
                write!(f, "the database's tables cannot be brought up to date: {reason}")
            }
            Self::Foreign => write!(
                f,
                "the database belongs to another program (it holds tables that this one did not make); \
                 nothing was changed. Choose another with --database"
            ),
            Self::Newer(version) => write!(
                f,
                "the database is of version {version}, made by a newer demo-server than this one \
                 (which knows versions up to {}); nothing was changed. Use the newer program, or another \
                 database",
                migrations::newest_version()
            ),
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
    /// Opens the database at a `postgres://` or `sqlite://PATH` URL or a bare path, and applies the
    /// migrations that it has not seen. A SQLite file and its folder are made where they are absent.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_bounded(url, LONGEST_READ).await
    }

    /// The same with a bound of the caller's on what is read (see `took_too_long`).
    pub async fn open_bounded(url: &str, longest_read: Duration) -> Result<Self, OpenError> {
        match url.split_once("://") {
            None => sqlite::open(url, longest_read).await,
            Some(("sqlite", path)) => sqlite::open(path, longest_read).await,
            Some(("postgres" | "postgresql", _)) => postgres::open(url, longest_read).await,
            // The rest may hold a password and is not repeated.
            Some((scheme, _)) => Err(OpenError::UnknownKind(scheme.to_owned())),
        }
    }

    /// Begins a transaction that may write. It takes the write lock at once, so that what it reads
    /// is still true when it writes.
    ///
    /// A task of its own waits for the transaction: where a client goes away while it is begun, the
    /// half-begun transaction would otherwise stay open on the one connection that may write.
    pub async fn begin_write(&self) -> Result<Transaction, sqlx::Error> {
        let writer = self.writer.clone();
        let begun = tokio::spawn(async move {
            Ok(Transaction(match &writer {
                Pool::Sqlite(pool, _) => Connection::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
                Pool::Postgres(pool) => Connection::Postgres(pool.begin_with(postgres::BEGIN_WRITE).await?),
            }))
        });
        begun.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }

    /// Takes `count` consecutive ids of a sequence (`usage_events`, `usage_charges`, ...) and answers
    /// the first.
    pub async fn take_ids(
        connection: &mut Connection,
        sequence: &str,
        count: i64,
    ) -> Result<i64, sqlx::Error> {
        query_scalar(
            "UPDATE id_sequences SET next_value = next_value + $1 WHERE sequence_name = $2 \
             RETURNING next_value - $1",
        )
        .bind(count)
        .bind(sequence)
        .fetch_one(connection)
        .await
    }

    /// Waits for open connections to be given back and closes them; SQLite's write-ahead log is
    /// folded in.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
