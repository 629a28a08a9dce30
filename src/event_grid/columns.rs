//! The columns of the event grid.

use grid_model::{Column, ColumnLayout};
use rest_contract::Field;
use rest_contract::oracle::EVENT;
use std::cell::RefCell;
use std::sync::Arc;

/// What a column shows.
#[derive(Clone, Copy)]
pub enum Shows {
    Field(&'static Field),
    /// The billed amounts of the event's charges, added up per currency.
    Billed,
}

/// The grid's columns, and which of them are shown in which order.
pub struct EventColumns {
    all: Vec<(Column, Shows)>,
    laid_out: RefCell<Vec<Shows>>,
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
        let all = chosen.filter_map(|(name, title, width)| column(name, title, *width)).collect();
        Self { all, laid_out: RefCell::default() }
    }

    /// Shows the columns as a person laid them out. From now on a column's place is the one here.
    pub fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]> {
        let all: Vec<_> = self.all.iter().map(|(column, _)| column.clone()).collect();
        let shown = layout.apply(&all);
        let find = |column: &Column| {
            self.all.iter().find(|(other, _)| other.id == column.id).map(|(_, shows)| *shows)
        };
        *self.laid_out.borrow_mut() = shown.iter().filter_map(find).collect();
        shown.into()
    }

    pub fn shows(&self, column: usize) -> Option<Shows> {
        self.laid_out.borrow().get(column).copied()
    }
}

fn column(name: &str, title: &str, width: u32) -> Option<(Column, Shows)> {
    let column = Column::new(name, title, width);
    if name == BILLED {
        return Some((column.numeric(), Shows::Billed));
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
    Some((column, Shows::Field(field)))
}
