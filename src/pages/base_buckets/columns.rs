//! The columns of the list of base buckets.

use crate::features::list::ColumnSet;
use grid_model::Column;

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

/// Each column shows the field of its name, or the number of rows.
pub fn columns() -> ColumnSet<&'static str> {
    ColumnSet::new(COLUMNS.map(|(name, title, width)| {
        let column = Column::new(name, title, width).sortable();
        let column = match name {
            "name" => column.frozen().opening(),
            "identity" | ROWS => column.numeric(),
            _ => column,
        };
        (column, name)
    }))
}
