//! Keeps the lists of a batch's errors and files: a row for every cause and every file name that one
//! of its events has ever had.

use sqlx::Error;

use crate::database::{Connection, Database, Parameter, Statement, Transaction};
use crate::oracle::records::history::{STAMP_COLUMNS, Stamp};

/// A list beside a batch's events, by the column of an event that it lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchList {
    table: &'static str,
    id: &'static str,
    number: &'static str,
    prefix: &'static str,
    column: &'static str,
    of_event: &'static str,
}

pub(crate) const ERRORS: BatchList = BatchList {
    table: "usage_event_batch_errors",
    id: "event_batch_error_id",
    number: "event_batch_error_number",
    prefix: "UBE-",
    column: "message_name",
    of_event: "error",
};

pub(crate) const FILES: BatchList = BatchList {
    table: "usage_event_batch_files",
    id: "batch_file_id",
    number: "batch_file_number",
    prefix: "UBF-",
    column: "file_name",
    of_event: "file_name",
};

/// Lists one value of a batch, unless it is listed already.
pub(crate) async fn note(
    transaction: &mut Transaction,
    stamp: &Stamp,
    list: BatchList,
    batch_id: i64,
    value: &str,
) -> Result<(), Error> {
    let mut known = Statement::new(&format!("SELECT COUNT(*) FROM {} WHERE usage_batch_id = ", list.table));
    known.bind(Parameter::Integer(batch_id)).push(&format!(" AND {} = ", list.column));
    known.bind(Parameter::text(value));
    if known.integer(transaction).await? > 0 {
        return Ok(());
    }
    let id = Database::take_ids(transaction, list.table, 1).await?;
    let mut sql = insert_into(list);
    let values = [
        Parameter::Integer(id),
        Parameter::Text(format!("{}{id}", list.prefix)),
        Parameter::Integer(batch_id),
        Parameter::text(value),
    ];
    sql.push(" VALUES (").join(values.into_iter().chain(stamp.of_new_row()), ", ", |sql, value| {
        sql.bind(value);
    });
    sql.push(&format!(") ON CONFLICT (usage_batch_id, {}) DO NOTHING", list.column));
    sql.execute(transaction).await.map(|_| ())
}

/// Lists what the events of all batches show and is not listed yet.
pub(crate) async fn note_all(
    transaction: &mut Transaction,
    stamp: &Stamp,
    list: BatchList,
) -> Result<(), Error> {
    let missing = format!(
        "SELECT DISTINCT e.usage_batch_id, e.{of_event} AS listed FROM usage_events e \
         WHERE e.{of_event} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} x \
         WHERE x.usage_batch_id = e.usage_batch_id AND x.{column} = e.{of_event})",
        of_event = list.of_event,
        table = list.table,
        column = list.column,
    );
    let connection: &mut Connection = transaction;
    let count = Statement::new(&format!("SELECT COUNT(*) FROM ({missing}) m")).integer(connection).await?;
    if count == 0 {
        return Ok(());
    }
    let first = Database::take_ids(transaction, list.table, count).await?;
    let mut sql = insert_into(list);
    sql.push(" SELECT n.id, ").bind(Parameter::text(list.prefix));
    sql.push(" || CAST(n.id AS TEXT), n.usage_batch_id, n.listed");
    for value in stamp.of_new_row() {
        sql.push(", ").bind(value);
    }
    sql.push(" FROM (SELECT ").bind(Parameter::Integer(first - 1));
    sql.push(" + ROW_NUMBER() OVER (ORDER BY m.usage_batch_id, m.listed) AS id, m.usage_batch_id, m.listed ");
    sql.push(&format!("FROM ({missing}) m) n"));
    sql.execute(transaction).await.map(|_| ())
}

fn insert_into(list: BatchList) -> Statement {
    let columns = [list.id, list.number, "usage_batch_id", list.column];
    let columns = columns.into_iter().chain(STAMP_COLUMNS).collect::<Vec<_>>().join(", ");
    Statement::new(&format!("INSERT INTO {} ({columns})", list.table))
}
