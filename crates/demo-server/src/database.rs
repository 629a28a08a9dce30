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
pub use decimal_sql::ExactSumSql;
pub use postgres::FillingLock;
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
    longest_write: Duration,
}

/// How long something may take before it is ended and undone (see `took_too_long`).
#[derive(Clone, Copy, Debug)]
pub struct Longest {
    /// What is read for one request on SQLite, by one statement on PostgreSQL.
    pub read: Duration,
    /// One statement of a writer, or its turn to write in coming.
    pub write: Duration,
}

impl Default for Longest {
    /// Nobody waits longer for a list, and a question that costs more would cost everybody. No writing
    /// that is meant to be done takes so long, even with a million events.
    fn default() -> Self {
        Self { read: Duration::from_secs(30), write: Duration::from_secs(120) }
    }
}

/// Whether an error says that something was ended because it took too long, or that its turn did not
/// come in time. Then nothing was done.
pub fn took_too_long(error: &sqlx::Error) -> bool {
    const SQLITE_INTERRUPT: &str = "9";
    const SQLITE_BUSY: &str = "5";
    const POSTGRES_QUERY_CANCELED: &str = "57014";
    let code = error.as_database_error().and_then(|error| error.code());
    let told = [SQLITE_INTERRUPT, SQLITE_BUSY, POSTGRES_QUERY_CANCELED];
    matches!(error, sqlx::Error::PoolTimedOut) || code.is_some_and(|code| told.contains(&&*code))
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
        Self::open_bounded(url, Longest::default()).await
    }

    /// The same with bounds of the caller's.
    pub async fn open_bounded(url: &str, longest: Longest) -> Result<Self, OpenError> {
        match url.split_once("://") {
            None => sqlite::open(url, longest).await,
            Some(("sqlite", path)) => sqlite::open(path, longest).await,
            Some(("postgres" | "postgresql", _)) => postgres::open(url, longest).await,
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
        let (writer, longest) = (self.writer.clone(), self.longest_write);
        let begun = tokio::spawn(async move {
            Ok(Transaction(match &writer {
                Pool::Sqlite(pool, _) => {
                    Connection::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?, Some(longest))
                }
                Pool::Postgres(pool) => {
                    Connection::Postgres(pool.begin_with(postgres::begin_write(longest)).await?)
                }
            }))
        });
        begun.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }

    /// Waits until no other server is at filling the database, and keeps others from it. A server that
    /// dies gives the lock back. SQLite has none: a file is filled by the one server that is on it.
    pub async fn filling_lock(&self) -> Result<Option<FillingLock>, sqlx::Error> {
        match &self.readers {
            Pool::Sqlite(..) => Ok(None),
            Pool::Postgres(pool) => postgres::filling_lock(pool).await.map(Some),
        }
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

    /// What is wrong with the database's structure; nothing where it is sound. PostgreSQL checks its own pages
    /// and has no word for it.
    pub async fn check(&self) -> Result<Vec<String>, sqlx::Error> {
        let Pool::Sqlite(readers, _) = &self.readers else { return Ok(Vec::new()) };
        let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(readers).await?;
        let mut faults: Vec<String> = said.into_iter().filter(|line| line != "ok").collect();
        let lost = "SELECT \"table\" || ' refers to a row of ' || \"parent\" || ' that is not there' \
                    FROM pragma_foreign_key_check()";
        faults.extend(sqlx::query_scalar::<_, String>(lost).fetch_all(readers).await?);
        Ok(faults)
    }

    /// Waits for open connections to be given back and closes them. SQLite's statistics are brought up to
    /// date and its write-ahead log is folded in here: connections that close at the same time may each
    /// take another for the last one, and leave the log beside the file.
    pub async fn close(&self) {
        self.readers.close().await;
        if let Pool::Sqlite(writer, _) = &self.writer {
            let finish = "PRAGMA analysis_limit = 400; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)";
            if let Err(error) = sqlx::raw_sql(finish).execute(writer).await {
                tracing::warn!("the write-ahead log stays beside the database: {error}");
            }
        }
        self.writer.close().await;
    }
}
