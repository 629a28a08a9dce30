//! The columns of the list of base buckets.

use grid_model::{Column, ColumnLayout};
use std::cell::RefCell;
use std::sync::Arc;

/// Field, head, width in pixels. The last one counts the rows that scope a bucket.
const COLUMNS: [(&str, &str, u32); 8] = [
    ("name", "Name", 290),
    ("usageBucketBaseUnitId", "Unit", 100),
    ("retired", "State", 110),
    ("start", "Start (UTC)", 160),
    ("end", "End (UTC)", 160),
    ("ownerName", "Owner", 190),
    (ROWS, "Rows", 76),
    ("identity", "Identifier", 100),
];

/// The column of the number of rows, which is no field.
pub const ROWS: &str = "details";

/// The columns, and which of them are shown in which order.
#[derive(Default)]
pub struct BucketColumns {
    laid_out: RefCell<Vec<&'static str>>,
}

impl BucketColumns {
    /// Shows the columns as a person laid them out. From now on a column's place is the one here.
    pub fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]> {
        let all = COLUMNS.map(|(name, title, width)| {
            let column = Column::new(name, title, width).sortable();
            match name {
                "name" => column.frozen(),
                "identity" | ROWS => column.numeric(),
                _ => column,
            }
        });
        let shown = layout.apply(&all);
        let name = |column: &Column| COLUMNS.iter().find(|(name, ..)| *name == column.id).map(|(n, ..)| *n);
        *self.laid_out.borrow_mut() = shown.iter().filter_map(name).collect();
        shown.into()
    }

    /// What a column shows.
    pub fn name(&self, column: usize) -> Option<&'static str> {
        self.laid_out.borrow().get(column).copied()
    }
}
