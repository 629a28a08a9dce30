//! SQL text put together at run time, with its parameters beside it: no value is ever spelled into
//! the text.

use chrono::{DateTime, Utc};
use sqlx::Error;

use super::query::Query;
use super::{Connection, Row};

/// A statement under construction. Text comes from this program; values go in by `bind` only.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    sql: String,
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    Null,
    Text(String),
    /// Decimal digits, compared as a number, and stored with every digit.
    Decimal(String),
    Integer(i64),
    Boolean(bool),
    Bytes(Vec<u8>),
}

impl Parameter {
    /// An instant as it is stored: microseconds since 1970.
    pub fn instant(at: DateTime<Utc>) -> Self {
        Self::Integer(at.timestamp_micros())
    }

    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Statement {
    pub fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), parameters: Vec::new() }
    }

    /// A text that has its placeholders already.
    pub fn of(sql: String, parameters: Vec<Parameter>) -> Self {
        Self { sql, parameters }
    }

    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Puts a placeholder into the text and the value beside it.
    pub fn bind(&mut self, value: Parameter) -> &mut Self {
        self.parameters.push(value);
        self.sql.push_str(&format!("${}", self.parameters.len()));
        self
    }

    /// Appends another statement's text and parameters, renumbering its placeholders.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        let mut parameters = other.parameters.iter();
        let mut parts = other.sql.split('$');
        self.sql.push_str(parts.next().unwrap_or_default());
        for part in parts {
            if let Some(parameter) = parameters.next() {
                self.bind(parameter.clone());
            }
            self.sql.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        self
    }

    /// Puts `items` into the text with a separator between them.
    pub fn join<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &str,
        mut one: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.sql.push_str(separator);
            }
            one(self, item);
        }
        self
    }

    pub fn sql(&self) -> &str {
        &self.sql
    }

    pub async fn rows(&self, connection: &mut Connection) -> Result<Vec<Row>, Error> {
        self.query().fetch_all(connection).await
    }

    /// A single whole number, such as a count; zero where there is no row.
    pub async fn integer(&self, connection: &mut Connection) -> Result<i64, Error> {
        match self.query().fetch_optional(connection).await? {
            Some(row) => row.try_get(0),
            None => Ok(0),
        }
    }

    /// Runs the statement and answers how many rows it changed.
    pub async fn execute(&self, connection: &mut Connection) -> Result<u64, Error> {
        Ok(self.query().execute(connection).await?.rows_affected())
    }

    fn query(&self) -> Query<'_> {
        Query::with(&self.sql, self.parameters.clone())
    }
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<&&str> for Parameter {
    fn from(text: &&str) -> Self {
        Self::text(text)
    }
}

impl From<&String> for Parameter {
    fn from(text: &String) -> Self {
        Self::text(text)
    }
}

impl From<String> for Parameter {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Parameter {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Parameter {
    fn from(number: u32) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<bool> for Parameter {
    fn from(flag: bool) -> Self {
        Self::Boolean(flag)
    }
}

impl From<&[u8]> for Parameter {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<&Option<String>> for Parameter {
    fn from(text: &Option<String>) -> Self {
        text.as_deref().into()
    }
}

impl<T: Into<Parameter>> From<Option<T>> for Parameter {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
