//! Inserts many rows with few statements.

use sqlx::Error;

use super::{Connection, Parameter, Statement};

/// Few rows each: SQLite looks a numbered parameter's name up by walking over all names before it,
/// so the cost of a statement grows with the square of its parameters.
const ROWS_PER_STATEMENT: usize = 8;

/// Rows of one table on their way in.
#[derive(Debug)]
pub struct BulkInsert {
    head: String,
    full: String,
    columns: usize,
    pending: Vec<Parameter>,
}

impl BulkInsert {
    pub fn new(table: &str, columns: &[&str]) -> Self {
        let head = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
        let full = with_rows(&head, columns.len(), ROWS_PER_STATEMENT);
        Self { head, full, columns: columns.len(), pending: Vec::new() }
    }

    pub fn push<const N: usize>(&mut self, row: [Parameter; N]) {
        debug_assert_eq!(N, self.columns, "{}", self.head);
        self.pending.extend(row);
    }

    /// Whether there is enough for one full statement.
    pub fn is_full(&self) -> bool {
        self.pending.len() >= ROWS_PER_STATEMENT * self.columns
    }

    /// Writes as many full statements as there are rows for. They all have the same text, which
    /// the database has to read only once.
    pub async fn flush_full(&mut self, connection: &mut Connection) -> Result<(), Error> {
        while self.is_full() {
            let rest = self.pending.split_off(ROWS_PER_STATEMENT * self.columns);
            let rows = std::mem::replace(&mut self.pending, rest);
            Statement::of(self.full.clone(), rows).execute(connection).await?;
        }
        Ok(())
    }

    /// Writes everything pending.
    pub async fn flush(&mut self, connection: &mut Connection) -> Result<(), Error> {
        self.flush_full(connection).await?;
        let rows = std::mem::take(&mut self.pending);
        if !rows.is_empty() {
            let sql = with_rows(&self.head, self.columns, rows.len() / self.columns);
            Statement::of(sql, rows).execute(connection).await?;
        }
        Ok(())
    }
}

/// The statement for that many rows.
fn with_rows(head: &str, columns: usize, rows: usize) -> String {
    let mut sql = head.to_owned();
    for row in 0..rows {
        let first = row * columns;
        let places = (first + 1..=first + columns).map(|place| format!("${place}")).collect::<Vec<_>>();
        sql.push_str(if row == 0 { "(" } else { ", (" });
        sql.push_str(&places.join(", "));
        sql.push(')');
    }
    sql
}
