//! The columns of the event grid.

use crate::features::list::{ColumnSet, ListColumns};
use grid_model::Column;
use rest_contract::Field;
use rest_contract::oracle::EVENT;

/// What a column shows.
#[derive(Clone, Copy)]
pub enum ColumnKind {
    Field(&'static Field),
    /// The amounts of the event's charges, added up per currency.
    Billed,
}

pub static EVENT_COLUMNS: ListColumns = ListColumns {
    schema: &EVENT,
    columns: &[
        ("EventNumber", "Event", 184),
        ("BatchNumber", "Batch", 144),
        ("EventStatus", "Status", 232),
        ("Error", "Error", 190),
        ("UsageQuantity", "Quantity", 128),
        ("UsageUnitOfMeasure", "Unit", 60),
        (BILLED, "Amount", 180),
        ("CurrencyCode", "Currency", 92),
        ("ServiceId", "Service", 190),
        ("EventStartTime", "Start (UTC)", 156),
        ("EventEndTime", "End (UTC)", 156),
        ("EventTimeZone", "Time zone", 140),
        ("EventType", "Event type", 120),
        ("SubscriptionProductPuid", "Subscription product", 200),
        ("RatingSource", "Rated by", 120),
        ("LastUpdatedBy", "Changed by", 120),
        ("LastUpdateDate", "Changed (UTC)", 156),
    ],
    searched: &["EventNumber", "ServiceId", "SubscriptionProductPuid", "Error"],
};

/// The id of the one column that is no field of the event.
pub const BILLED: &str = "BilledAmount";

/// What the field of a column is called where an event is open.
pub fn title_under(head: &str) -> &str {
    EVENT_COLUMNS
        .fields()
        .find(|field| EVENT_COLUMNS.head_of(field.name) == head)
        .map_or(head, |field| field.title)
}

/// The batch's number is a column only where rows come from several batches.
pub fn columns(of_one_batch: bool) -> ColumnSet<ColumnKind> {
    let chosen = EVENT_COLUMNS.columns.iter().filter(|(name, ..)| !(of_one_batch && *name == "BatchNumber"));
    ColumnSet::new(chosen.filter_map(|(name, title, width)| column(name, title, *width)))
}

fn column(name: &str, title: &str, width: u32) -> Option<(Column, ColumnKind)> {
    let column = Column::new(name, title, width);
    if name == BILLED {
        return Some((column.numeric(), ColumnKind::Billed));
    }
    let field = EVENT.field(name)?;
    let mut column = column.sortable().filterable();
    if field.kind == rest_contract::Kind::Decimal {
        column = column.numeric();
    }
    if name == "EventNumber" {
        column = column.frozen().opening();
    }
    if name == "BatchNumber" {
        column = column.leading();
    }
    if field.access == rest_contract::Access::Writable {
        column = column.editable();
    }
    Some((column, ColumnKind::Field(field)))
}
