//! The columns of the event grid.

use grid_model::Column;
use rest_contract::Field;
use rest_contract::oracle::EVENT;
use std::sync::Arc;

/// What a column shows.
#[derive(Clone, Copy)]
pub enum Shows {
    Field(&'static Field),
    /// The billed amounts of the event's charges, added up per currency.
    Billed,
}

#[derive(Clone)]
pub struct EventColumns {
    pub shows: Arc<[Shows]>,
    pub columns: Arc<[Column]>,
}

/// Name on the wire, head, width in pixels.
const COLUMNS: &[(&str, &str, u32)] = &[
    ("EventNumber", "Event", 158),
    ("BatchNumber", "Batch", 144),
    ("EventStatus", "Status", 168),
    ("Error", "Error", 260),
    ("UsageQuantity", "Quantity", 128),
    ("UsageUnitOfMeasure", "Unit", 60),
    (BILLED, "Billed amount", 140),
    ("CurrencyCode", "Currency", 80),
    ("ServiceId", "Service", 190),
    ("EventStartTime", "Start (UTC)", 156),
    ("EventEndTime", "End (UTC)", 156),
    ("EventTimeZone", "Time zone", 140),
    ("EventType", "Event type", 120),
    ("SubscriptionProductPuid", "Subscription product", 200),
    ("RatingSource", "Rated by", 120),
    ("LastUpdatedBy", "Changed by", 120),
    ("LastUpdateDate", "Changed (UTC)", 156),
];

/// The id of the one column that is no field of the event.
pub const BILLED: &str = "BilledAmount";

impl EventColumns {
    /// The batch's number is a column only where rows come from several batches.
    pub fn new(of_one_batch: bool) -> Self {
        let chosen = COLUMNS.iter().filter(|(name, ..)| !(of_one_batch && *name == "BatchNumber"));
        let (shows, columns): (Vec<_>, Vec<_>) =
            chosen.filter_map(|(name, title, width)| column(name, title, *width)).unzip();
        Self { shows: shows.into(), columns: columns.into() }
    }

    pub fn shows(&self, column: usize) -> Option<Shows> {
        self.shows.get(column).copied()
    }
}

fn column(name: &str, title: &str, width: u32) -> Option<(Shows, Column)> {
    let column = Column::new(name, title, width);
    if name == BILLED {
        return Some((Shows::Billed, column.numeric()));
    }
    let field = EVENT.field(name)?;
    let mut column = column.sortable();
    if field.kind == rest_contract::Kind::Decimal {
        column = column.numeric();
    }
    if name == "EventNumber" {
        column = column.frozen();
    }
    if field.access == rest_contract::Access::Writable {
        column = column.editable();
    }
    Some((Shows::Field(field), column))
}
