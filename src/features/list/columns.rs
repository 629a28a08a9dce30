//! A list's columns, and which of them are shown in which order.

use grid_model::{Column, ColumnLayout};
use rest_contract::{Field, Schema};
use std::cell::RefCell;
use std::sync::Arc;

/// Columns with what each of them shows.
pub struct ColumnSet<T> {
    all: Vec<(Column, T)>,
    laid_out: RefCell<Vec<T>>,
}

impl ColumnSet<&'static Field> {
    /// Columns that each show a field of the schema: its name, the column's head and width in pixels. `finish`
    /// says what else a column is.
    pub fn of_fields(
        schema: &'static Schema,
        columns: &[(&str, &str, u32)],
        finish: impl Fn(Column, &Field) -> Column,
    ) -> Self {
        Self::new(columns.iter().filter_map(|(name, title, width)| {
            let field = schema.field(name)?;
            Some((finish(Column::new(*name, *title, *width), field), field))
        }))
    }
}

impl<T: Clone> ColumnSet<T> {
    pub fn new(all: impl IntoIterator<Item = (Column, T)>) -> Self {
        Self { all: all.into_iter().collect(), laid_out: RefCell::default() }
    }

    /// The columns as a layout has them.
    pub fn laid_out_by(&self, layout: &ColumnLayout) -> Vec<Column> {
        let all: Vec<_> = self.all.iter().map(|(column, _)| column.clone()).collect();
        layout.apply(&all)
    }

    /// Shows the columns as a person laid them out. From now on a column's index is the one here.
    pub fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]> {
        let shown = self.laid_out_by(layout);
        let find = |column: &Column| self.all.iter().find(|(other, _)| other.id == column.id);
        *self.laid_out.borrow_mut() =
            shown.iter().filter_map(|column| Some(find(column)?.1.clone())).collect();
        shown.into()
    }

    pub fn kind(&self, column: usize) -> Option<T> {
        self.laid_out.borrow().get(column).cloned()
    }
}
