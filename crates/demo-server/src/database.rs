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
mod locks;
mod migrations;
mod numeric;
mod postgres;
mod query;
mod row;
mod sqlite;
mod statement;

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

pub use bulk_insert::BulkInsert;
pub use connection::{Connection, Pool, Transaction};
pub use decimal_order::compare_decimal_text;
pub use decimal_sql::ExactSumSql;
pub use locks::{FillingError, FillingLock};
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
    longest: Longest,
}

/// How long something may take before it is ended and undone (see `took_too_long`).
#[derive(Clone, Copy, Debug)]
pub struct Longest {
    /// What is read for one request on SQLite, by one statement on PostgreSQL.
    pub read: Duration,
    /// One statement of a writer, or its turn to write in coming.
    pub write: Duration,
    /// A writer that does nothing between two statements, on PostgreSQL: a server that is stopped in the middle.
    pub idle: Duration,
    /// For another server to be through with filling an empty database, on PostgreSQL.
    pub filling: Duration,
}

impl Default for Longest {
    /// Nobody waits longer for a list, and a question that costs more would cost everybody. No writing
    /// that is meant to be done takes so long, even with a million events. A writer that is stopped is thrown out
    /// before those who wait for their turn have waited in vain.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { read: seconds(30), write: seconds(120), idle: seconds(60), filling: seconds(1800) }
    }
}

/// Whether an error says that something was ended because it took too long, or that its turn did not
/// come in time. Then nothing was done.
pub fn took_too_long(error: &sqlx::Error) -> bool {
    const SQLITE_INTERRUPT: &str = "9";
    const SQLITE_BUSY: &str = "5";
    const POSTGRES_QUERY_CANCELED: &str = "57014";
    const POSTGRES_LOCK_NOT_AVAILABLE: &str = "55P03";
    let code = error.as_database_error().and_then(|error| error.code());
    let told = [SQLITE_INTERRUPT, SQLITE_BUSY, POSTGRES_QUERY_CANCELED, POSTGRES_LOCK_NOT_AVAILABLE];
    matches!(error, sqlx::Error::PoolTimedOut) || code.is_some_and(|code| told.contains(&&*code))
}

/// Whether the database refused a change of an event because its period is closed (migration 15).
pub fn is_closed_period(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains("in a closed period"))
}

#[derive(Debug)]
pub enum OpenError {
    /// The URL is not of a kind this build can open.
    UnknownKind(String),
    Folder(PathBuf, std::io::Error),
    Engine(sqlx::Error),
    Migration(sqlx::migrate::MigrateError),
    /// Others were at work on its tables for as long as this one waits.
    HeldUp {
        by: Option<String>,
        reason: sqlx::migrate::MigrateError,
    },
    /// It holds tables that are not this program's.
    Foreign,
    /// What is reached is a pooler, which keeps no connection for one program.
    Pooler,
    /// The address wants TLS, which this program does not speak with a database.
    NoTls,
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
            Self::HeldUp { by: Some(by), .. } => write!(
                f,
                "the database's tables cannot be brought up to date: {by} has the turn to write, and does not give it back; \
                 begin again when it is through, or end it"
            ),
            Self::HeldUp { by: None, reason } => write!(
                f,
                "the database's tables cannot be brought up to date, for others have been reading from them all the time; \
                 begin again when there is less to do ({reason})"
            ),
            Self::Foreign => write!(
                f,
                "the database belongs to another program (it holds tables that this one did not make); \
                 nothing was changed. Choose another with --database"
            ),
            Self::Pooler => write!(
                f,
                "the database is reached through a pooler that forgets a connection's settings and locks (PgBouncer); \
                 nothing was changed. Give the address of PostgreSQL itself: this program keeps nine connections"
            ),
            Self::NoTls => write!(
                f,
                "the database's address wants TLS (sslmode), and this program speaks with PostgreSQL without it; nothing \
                 was sent. Reach the database over a network of your own, or through a tunnel"
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
        let (writer, readers, longest) = (self.writer.clone(), self.readers.clone(), self.longest);
        let begun = tokio::spawn(async move {
            let pool = match &writer {
                Pool::Sqlite(pool, _) => {
                    let begun = pool.begin_with("BEGIN IMMEDIATE").await?;
                    return Ok(Transaction(Connection::Sqlite(begun, Some(longest.write))));
                }
                Pool::Postgres(pool) => pool,
            };
            let begun = locks::begin_write(pool, longest).await;
            if let (Err(reason), Pool::Postgres(readers)) = (&begun, &readers)
                && took_too_long(reason)
            {
                locks::note_who_writes(readers).await;
            }
            Ok(Transaction(Connection::Postgres(begun?)))
        });
        begun.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }

    /// The moment by the database's clock, by which servers judge each other's age: their own clocks need not agree. A
    /// file has the clock of its machine.
    pub async fn now(&self) -> Result<DateTime<Utc>, sqlx::Error> {
        let Pool::Postgres(readers) = &self.readers else { return Ok(Utc::now()) };
        let sql = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT";
        let micros: i64 = sqlx::query_scalar(sql).fetch_one(readers).await?;
        DateTime::from_timestamp_micros(micros).ok_or_else(|| {
            sqlx::Error::Decode(format!("the database's clock shows {micros} microseconds").into())
        })
    }

    /// Waits until no other server is at filling the database, and keeps others from it. A server that
    /// dies gives the lock back. SQLite has none: a file is filled by the one server that is on it.
    pub async fn filling_lock(&self) -> Result<Option<FillingLock>, FillingError> {
        match &self.readers {
            Pool::Sqlite(..) => Ok(None),
            Pool::Postgres(pool) => locks::filling_lock(pool, self.longest.filling).await.map(Some),
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
