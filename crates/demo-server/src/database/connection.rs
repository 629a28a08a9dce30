//! Connections and transactions, whichever database they lead to.

use std::ops::{Deref, DerefMut};

use sqlx::{Error, Postgres, Sqlite};

/// Connections to be borrowed for single statements and transactions.
#[derive(Clone, Debug)]
pub enum Pool {
    Sqlite(sqlx::Pool<Sqlite>),
    Postgres(sqlx::Pool<Postgres>),
}

/// A connection within a transaction.
#[derive(Debug)]
pub enum Connection {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A transaction. Dropped without `commit`, it is as if it had never been.
#[derive(Debug)]
pub struct Transaction(pub(super) Connection);

impl Transaction {
    pub async fn commit(self) -> Result<(), Error> {
        match self.0 {
            Connection::Sqlite(transaction) => transaction.commit().await,
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
    pub async fn begin(&self) -> Result<Transaction, Error> {
        Ok(Transaction(match self {
            Self::Sqlite(pool) => Connection::Sqlite(pool.begin().await?),
            Self::Postgres(pool) => Connection::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        }))
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
