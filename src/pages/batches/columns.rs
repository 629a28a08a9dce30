//! The columns of the batch grid.

use crate::features::list::ColumnSet;
use rest_contract::oracle::BATCH;
use rest_contract::{Field, Kind};

/// Name on the wire, head, width in pixels.
const COLUMNS: &[(&str, &str, u32)] = &[
    ("BatchNumber", "Batch", 184),
    ("BatchName", "Name", 250),
    ("BatchStatus", "Status", 176),
    ("UsageType", "Type", 156),
    ("BusinessUnitName", "Business unit", 160),
    ("CountOfUsageEvents", "Events", 90),
    ("CountOfEventsErrored", "In error", 90),
    ("CountOfEventsProcessed", "Processed", 124),
    ("ReversedEventsCount", "Reversed", 90),
    ("CreationDate", "Created (UTC)", 156),
    ("LastUpdatedBy", "Changed by", 120),
    ("LastUpdateDate", "Changed (UTC)", 156),
];

/// Each column shows the field of its name.
pub fn columns() -> ColumnSet<&'static Field> {
    ColumnSet::of_fields(&BATCH, COLUMNS, |column, field| match field.kind {
        _ if field.name == BATCH.key => column.sortable().frozen().opening(),
        Kind::Int64 => column.sortable().numeric(),
        _ => column.sortable(),
    })
}
