//! A row of an answer, from whichever database it came.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Error, Postgres, Row as _, Sqlite, Type};

pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column's value can be read as: texts, 64-bit integers, booleans, bytes, and options of
/// them. Decimals are read as `CAST(column AS TEXT)`.
pub trait Stored<'r>: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres> {}

impl<'r, T> Stored<'r> for T where T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{}

impl Row {
    /// The value of a column, by its place or its name.
    pub fn try_get<'r, T, I>(&'r self, column: I) -> Result<T, Error>
    where
        T: Stored<'r>,
        I: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// How many columns there are.
    pub fn column_count(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
        }
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Row of {} columns", self.column_count())
    }
}
