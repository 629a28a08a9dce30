//! The fourteen columns of the page.

use grid_model::Column;
use grid_table::ColumnKind;

/// How many there are.
pub(crate) const WIDTH: usize = 14;
/// The column of the event's number, by which an edit says which event it means.
pub(crate) const NUMBER: usize = 0;
pub(crate) const AMOUNT: usize = 11;

/// What a column's values are in the JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Text,
    /// A text that says an instant.
    Time,
    Number,
}

/// Name in the JSON text, pixels, what it holds.
pub(crate) const COLUMNS: [(&str, u32, Holds); WIDTH] = [
    ("EventNumber", 120, Holds::Text),
    ("BatchNumber", 110, Holds::Text),
    ("EventStatus", 110, Holds::Text),
    ("EventType", 100, Holds::Text),
    ("ServiceId", 120, Holds::Text),
    ("SubscriptionProductPuid", 290, Holds::Text),
    ("EventStartTime", 170, Holds::Time),
    ("EventEndTime", 170, Holds::Time),
    ("UsageQuantity", 120, Holds::Number),
    ("UsageUnitOfMeasure", 80, Holds::Text),
    ("CurrencyCode", 80, Holds::Text),
    ("BilledAmount", 120, Holds::Number),
    ("Error", 180, Holds::Text),
    ("RatingSource", 110, Holds::Text),
];

impl Holds {
    /// An order by number goes by the number alone, as the peers' does, not by its currency first.
    pub(crate) fn kind(self) -> ColumnKind {
        match self {
            Holds::Text => ColumnKind::Text,
            Holds::Time => ColumnKind::Instant,
            Holds::Number => ColumnKind::Decimal,
        }
    }
}

/// The columns as the grid shows them.
pub(crate) fn of_the_grid() -> Vec<Column> {
    let shown = |(name, width, holds): &(&str, u32, Holds)| {
        let column = Column::new(*name, *name, *width).sortable();
        if *holds == Holds::Number { column.numeric() } else { column }
    };
    COLUMNS.iter().map(shown).collect()
}

/// Where a column stands that is called so.
pub(crate) fn named(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|(known, ..)| *known == name)
}
