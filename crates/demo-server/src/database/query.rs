//! A statement with its values, run on whichever database there is. The calls are named as in sqlx,
//! so that SQL reads as it does elsewhere.

use sqlx::query::Query as EngineQuery;
use sqlx::{Error, Postgres, Sqlite};

use super::connection::{Connection, bound};
use super::numeric::{Numeric, UntypedNull};
use super::row::{Row, Stored};
use super::{Parameter, Pool};

/// SQL with `$1` placeholders. Values follow by `bind`.
pub fn query(sql: &str) -> Query<'_> {
    Query { sql, parameters: Vec::new() }
}

/// The same, of which only the first column is wanted.
pub fn query_scalar<T>(sql: &str) -> Scalar<'_, T> {
    Scalar { query: query(sql), value: std::marker::PhantomData }
}

#[derive(Debug)]
pub struct Query<'q> {
    sql: &'q str,
    parameters: Vec<Parameter>,
}

/// Where a statement runs: in a transaction, or by itself on any connection.
#[derive(Debug)]
pub enum Target<'c> {
    Connection(&'c mut Connection),
    Pool(&'c Pool),
}

impl<'c> From<&'c mut Connection> for Target<'c> {
    fn from(connection: &'c mut Connection) -> Self {
        Self::Connection(connection)
    }
}

impl<'c> From<&'c Pool> for Target<'c> {
    fn from(pool: &'c Pool) -> Self {
        Self::Pool(pool)
    }
}

/// What a statement did.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    rows_affected: u64,
}

impl Done {
    pub fn rows_affected(self) -> u64 {
        self.rows_affected
    }
}

/// Runs `$query` by `$fetch` on the target; each engine needs the call spelled out in its own types.
macro_rules! run {
    ($query:expr, $target:expr, $fetch:ident) => {
        match $target.into() {
            Target::Connection(Connection::Sqlite(to, longest)) => {
                bound(to, *longest).await?;
                Ran::Sqlite(sqlite($query.sql, &$query.parameters).$fetch(&mut **to).await?)
            }
            Target::Connection(Connection::Postgres(to)) => {
                Ran::Postgres(postgres($query.sql, &$query.parameters).$fetch(&mut **to).await?)
            }
            Target::Pool(Pool::Sqlite(pool, longest)) => {
                let mut to = pool.acquire().await?;
                bound(&mut to, *longest).await?;
                Ran::Sqlite(sqlite($query.sql, &$query.parameters).$fetch(&mut *to).await?)
            }
            Target::Pool(Pool::Postgres(to)) => {
                Ran::Postgres(postgres($query.sql, &$query.parameters).$fetch(to).await?)
            }
        }
    };
}

enum Ran<S, P> {
    Sqlite(S),
    Postgres(P),
}

impl<'q> Query<'q> {
    /// A text whose placeholders these parameters fill.
    pub(super) fn with(sql: &'q str, parameters: Vec<Parameter>) -> Self {
        Self { sql, parameters }
    }

    pub fn bind(mut self, value: impl Into<Parameter>) -> Self {
        self.parameters.push(value.into());
        self
    }

    pub async fn execute<'c>(self, target: impl Into<Target<'c>>) -> Result<Done, Error> {
        let rows_affected = match run!(self, target, execute) {
            Ran::Sqlite(done) => done.rows_affected(),
            Ran::Postgres(done) => done.rows_affected(),
        };
        Ok(Done { rows_affected })
    }

    pub async fn fetch_all<'c>(self, target: impl Into<Target<'c>>) -> Result<Vec<Row>, Error> {
        Ok(match run!(self, target, fetch_all) {
            Ran::Sqlite(rows) => rows.into_iter().map(Row::Sqlite).collect(),
            Ran::Postgres(rows) => rows.into_iter().map(Row::Postgres).collect(),
        })
    }

    pub async fn fetch_optional<'c>(self, target: impl Into<Target<'c>>) -> Result<Option<Row>, Error> {
        Ok(match run!(self, target, fetch_optional) {
            Ran::Sqlite(row) => row.map(Row::Sqlite),
            Ran::Postgres(row) => row.map(Row::Postgres),
        })
    }

    /// The one row that there must be.
    pub async fn fetch_one<'c>(self, target: impl Into<Target<'c>>) -> Result<Row, Error> {
        self.fetch_optional(target).await?.ok_or(Error::RowNotFound)
    }
}

/// A query for single values of one type.
#[derive(Debug)]
pub struct Scalar<'q, T> {
    query: Query<'q>,
    value: std::marker::PhantomData<fn() -> T>,
}

impl<T: for<'r> Stored<'r>> Scalar<'_, T> {
    pub fn bind(mut self, value: impl Into<Parameter>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    pub async fn fetch_all<'c>(self, target: impl Into<Target<'c>>) -> Result<Vec<T>, Error> {
        self.query.fetch_all(target).await?.iter().map(|row| row.try_get(0)).collect()
    }

    pub async fn fetch_optional<'c>(self, target: impl Into<Target<'c>>) -> Result<Option<T>, Error> {
        self.query.fetch_optional(target).await?.map(|row| row.try_get(0)).transpose()
    }

    pub async fn fetch_one<'c>(self, target: impl Into<Target<'c>>) -> Result<T, Error> {
        self.query.fetch_one(target).await?.try_get(0)
    }
}

fn sqlite<'q>(
    sql: &'q str,
    parameters: &'q [Parameter],
) -> EngineQuery<'q, Sqlite, sqlx::sqlite::SqliteArguments<'q>> {
    parameters.iter().fold(sqlx::query(sql), |query, parameter| match parameter {
        Parameter::Null => query.bind(None::<&str>),
        Parameter::Text(text) | Parameter::Decimal(text) => query.bind(text.as_str()),
        Parameter::Integer(number) => query.bind(*number),
        Parameter::Boolean(flag) => query.bind(*flag),
        Parameter::Bytes(bytes) => query.bind(bytes.as_slice()),
    })
}

fn postgres<'q>(
    sql: &'q str,
    parameters: &'q [Parameter],
) -> EngineQuery<'q, Postgres, sqlx::postgres::PgArguments> {
    parameters.iter().fold(sqlx::query(sql), |query, parameter| match parameter {
        Parameter::Null => query.bind(UntypedNull),
        Parameter::Text(text) => query.bind(text.as_str()),
        Parameter::Decimal(digits) => query.bind(Numeric(digits)),
        Parameter::Integer(number) => query.bind(*number),
        Parameter::Boolean(flag) => query.bind(*flag),
        Parameter::Bytes(bytes) => query.bind(bytes.as_slice()),
    })
}
