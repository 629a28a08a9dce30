//! The columns of the batch grid.

use grid_model::Column;
use rest_contract::oracle::BATCH;
use rest_contract::{Field, Kind};

/// Name on the wire, head, width in pixels.
const COLUMNS: &[(&str, &str, u32)] = &[
    ("BatchNumber", "Batch", 150),
    ("BatchName", "Name", 250),
    ("BatchStatus", "Status", 176),
    ("UsageType", "Type", 128),
    ("BusinessUnitName", "Business unit", 160),
    ("CountOfUsageEvents", "Events", 90),
    ("CountOfEventsErrored", "In error", 90),
    ("CountOfEventsProcessed", "Processed", 96),
    ("ReversedEventsCount", "Reversed", 90),
    ("CreationDate", "Created (UTC)", 156),
    ("LastUpdatedBy", "Changed by", 120),
    ("LastUpdateDate", "Changed (UTC)", 156),
];

pub fn columns() -> Vec<Column> {
    COLUMNS.iter().map(|(name, title, width)| column(name, title, *width)).collect()
}

/// The field that a column shows.
pub fn field(column: usize) -> Option<&'static Field> {
    COLUMNS.get(column).and_then(|(name, ..)| BATCH.field(name))
}

fn column(name: &str, title: &str, width: u32) -> Column {
    let column = Column::new(name, title, width).sortable();
    match BATCH.field(name).map(|field| field.kind) {
        _ if name == "BatchNumber" => column.frozen(),
        Some(Kind::Int64) => column.numeric(),
        _ => column,
    }
}
