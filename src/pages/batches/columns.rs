//! The columns of the batch grid.

use crate::features::list::{ColumnSet, ListColumns};
use rest_contract::oracle::BATCH;
use rest_contract::{Field, Kind};

pub static BATCH_COLUMNS: ListColumns = ListColumns {
    schema: &BATCH,
    columns: &[
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
    ],
    searched: &["BatchNumber", "BatchName", "BusinessUnitName"],
};

/// Each column shows the field of its name.
pub fn columns() -> ColumnSet<&'static Field> {
    ColumnSet::of_fields(&BATCH, BATCH_COLUMNS.columns, |column, field| {
        let column = column.sortable().filterable();
        match field.kind {
            _ if field.name == BATCH.key => column.frozen().opening(),
            Kind::Int64 => column.numeric(),
            _ => column,
        }
    })
}
