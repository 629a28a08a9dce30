//! What a list tells of its rows, so that they are kept as a table and answered from it.

use super::table_rows::text_of;
use crate::features::list::ListSpec;
use grid_table::{Amount, GroupColumn, Question, Row as TableRow, Table, Value};

pub trait TableSpec: ListSpec<Row: Clone> {
    /// An empty table of the columns that are kept.
    fn table() -> Table;

    /// Where a field stands in the table.
    fn column(field: &str) -> Option<usize>;

    /// What a level of groups is, by its name.
    fn group_column(level: &str) -> Option<GroupColumn> {
        Self::column(level).map(GroupColumn::from)
    }

    /// What tells a group from others of its level.
    fn group_text(_column: &GroupColumn, value: Value<'_>) -> String {
        text_of(value)
    }

    /// The columns by which sums are told apart, and the one that is added up.
    fn summed() -> Option<(&'static [usize], usize)> {
        None
    }

    /// What the column that is added up holds.
    fn amounts(_row: &Self::Row) -> Vec<Amount> {
        Vec::new()
    }

    /// What the table keeps of a row.
    fn values<'row>(row: &'row Self::Row, amounts: &'row [Amount]) -> Vec<Value<'row>>;

    /// Whether the table keeps all that the row shows. One that it does not is kept as it came.
    fn fits(_row: &Self::Row) -> bool {
        false
    }

    /// A row that fits again, out of the table.
    fn made(_table: &Table, _row: TableRow) -> Option<Self::Row> {
        None
    }

    /// Writes what a column shows of a row that fits. Of a column of texts it is asked once for each text.
    fn write(&self, table: &Table, row: TableRow, kind: Self::ColumnKind, text: &mut String) {
        if let Some(row) = Self::made(table, row) {
            self.cell(&row, kind, text);
        }
    }

    /// The record of a key, or of a key of something that hangs on it.
    fn row_of_key(table: &Table, key: &str) -> Option<TableRow>;

    /// What the list is asked now.
    fn question(&self) -> Question;
}
