//! The columns of the batch grid.

use grid_model::{Column, ColumnLayout};
use rest_contract::oracle::BATCH;
use rest_contract::{Field, Kind};
use std::cell::RefCell;
use std::sync::Arc;

/// Name on the wire, head, width in pixels.
const COLUMNS: &[(&str, &str, u32)] = &[
    ("BatchNumber", "Batch", 150),
    ("BatchName", "Name", 250),
    ("BatchStatus", "Status", 176),
    ("UsageType", "Type", 156),
    ("BusinessUnitName", "Business unit", 160),
    ("CountOfUsageEvents", "Events", 90),
    ("CountOfEventsErrored", "In error", 90),
    ("CountOfEventsProcessed", "Processed", 96),
    ("ReversedEventsCount", "Reversed", 90),
    ("CreationDate", "Created (UTC)", 156),
    ("LastUpdatedBy", "Changed by", 120),
    ("LastUpdateDate", "Changed (UTC)", 156),
];

/// The grid's columns, and which of them are shown in which order.
#[derive(Default)]
pub struct BatchColumns {
    laid_out: RefCell<Vec<&'static Field>>,
}

impl BatchColumns {
    /// Shows the columns as a person laid them out. From now on a column's place is the one here.
    pub fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]> {
        let all: Vec<_> = COLUMNS.iter().map(|(name, title, width)| column(name, title, *width)).collect();
        let shown = layout.apply(&all);
        *self.laid_out.borrow_mut() = shown.iter().filter_map(|column| BATCH.field(&column.id)).collect();
        shown.into()
    }

    /// The field that a column shows.
    pub fn field(&self, column: usize) -> Option<&'static Field> {
        self.laid_out.borrow().get(column).copied()
    }
}

fn column(name: &str, title: &str, width: u32) -> Column {
    let column = Column::new(name, title, width).sortable();
    match BATCH.field(name).map(|field| field.kind) {
        _ if name == "BatchNumber" => column.frozen(),
        Some(Kind::Int64) => column.numeric(),
        _ => column,
    }
}
