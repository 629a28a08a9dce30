//! Connections and transactions, whichever database they lead to.

use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnection;
use sqlx::{Error, Postgres, Sqlite};

/// Connections to be borrowed for single statements and transactions.
#[derive(Clone, Debug)]
pub enum Pool {
    /// With how long anything done on them may take, where that is bounded. PostgreSQL's connections
    /// have the bound among their settings.
    Sqlite(sqlx::Pool<Sqlite>, Option<Duration>),
    Postgres(sqlx::Pool<Postgres>),
}

/// A connection within a transaction.
#[derive(Debug)]
pub enum Connection {
    /// With how long one statement may take, where the transaction as a whole is not bounded.
    Sqlite(sqlx::Transaction<'static, Sqlite>, Option<Duration>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A transaction. Dropped without `commit`, it is as if it had never been.
#[derive(Debug)]
pub struct Transaction(pub(super) Connection);

impl Transaction {
    pub async fn commit(self) -> Result<(), Error> {
        match self.0 {
            Connection::Sqlite(transaction, _) => transaction.commit().await,
            Connection::Postgres(transaction) => transaction.commit().await,
        }
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

impl Pool {
    /// A transaction for reading: everything in it is read from one snapshot.
    ///
    /// A task of its own waits for it, as for a writer's: where a client goes away while it is begun, the
    /// connection would otherwise go home with a transaction open that the driver does not know of.
    pub async fn begin(&self) -> Result<Transaction, Error> {
        let pool = self.clone();
        let begun = tokio::spawn(async move { pool.begin_reading().await });
        begun.await.map_err(|_| Error::WorkerCrashed)?
    }

    async fn begin_reading(&self) -> Result<Transaction, Error> {
        Ok(Transaction(match self {
            Self::Sqlite(pool, longest) => {
                let mut transaction = pool.begin().await?;
                bound(&mut transaction, *longest).await?;
                Connection::Sqlite(transaction, None)
            }
            Self::Postgres(pool) => Connection::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        }))
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool, _) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// How many steps of its machine SQLite takes between two looks at the clock.
const STEPS_BETWEEN_LOOKS: i32 = 1_000;

/// From now on what the connection does ends with an error once `longest` is over, until the next
/// such word.
pub(super) async fn bound(connection: &mut SqliteConnection, longest: Option<Duration>) -> Result<(), Error> {
    if let Some(longest) = longest {
        let ends = Instant::now() + longest;
        let goes_on = move || Instant::now() < ends;
        connection.lock_handle().await?.set_progress_handler(STEPS_BETWEEN_LOOKS, goes_on);
    }
    Ok(())
}
