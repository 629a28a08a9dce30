//! What an order is, and how it compares two rows.

use std::cmp::Ordering;

use super::column_data::ColumnData;
use super::decimals::Decimals;
use super::{Row, Table};
use grid_model::SortDirection;

/// Where rows without a value stand. Oracle's server has them last where values rise and first where they fall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Blanks {
    /// Behind all others, in either direction.
    #[default]
    Last,
    First,
}

/// One level of an order. Amounts go by their units first, which always rise, and then by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderKey {
    pub column: usize,
    pub direction: SortDirection,
    pub blanks: Blanks,
}

impl OrderKey {
    /// With blanks last.
    pub fn new(column: usize, direction: SortDirection) -> Self {
        Self { column, direction, blanks: Blanks::Last }
    }
}

/// How rows stand that the order does not tell apart. A server has its own way: by identifier, rising or
/// falling as the last level does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ties {
    /// As they came.
    #[default]
    Load,
    /// By the records' keys, so that the order does not depend on which page came first.
    KeyRising,
    KeyFalling,
}

/// An order with the table that it is of.
#[derive(Clone, Copy)]
pub(super) struct RowOrder<'a> {
    pub table: &'a Table,
    pub keys: &'a [OrderKey],
    pub ties: Ties,
}

impl RowOrder<'_> {
    /// Columns whose values decide where a row stands.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.keys.iter().flat_map(|key| {
            let unit = match self.table.columns[key.column] {
                ColumnData::Decimal { unit, .. } => unit,
                _ => None,
            };
            std::iter::once(key.column).chain(unit)
        })
    }

    /// Whether a column is one of text by which is ordered.
    pub(super) fn needs_ranks_of(&self, column: usize) -> bool {
        self.table.text(column).is_some() && self.columns().any(|of| of == column)
    }

    /// Never equal for two different rows.
    pub(super) fn compare(&self, one: Row, other: Row) -> Ordering {
        let by_keys = self.keys.iter().map(|key| self.by_key(*key, one as usize, other as usize));
        let differs = by_keys.into_iter().find(|ordering| ordering.is_ne());
        differs.unwrap_or_else(|| {
            let keys = || self.table.key(one).cmp(&self.table.key(other));
            match self.ties {
                Ties::Load => Ordering::Equal,
                Ties::KeyRising => keys(),
                Ties::KeyFalling => keys().reverse(),
            }
            .then(one.cmp(&other))
        })
    }

    fn by_key(&self, key: OrderKey, one: usize, other: usize) -> Ordering {
        let column = &self.table.columns[key.column];
        match (column.is_blank(one), column.is_blank(other)) {
            (true, true) => return Ordering::Equal,
            (false, false) => {}
            (is_blank, _) => {
                return if is_blank == (key.blanks == Blanks::Last) {
                    Ordering::Greater
                } else {
                    Ordering::Less
                };
            }
        }
        let of_unit = |unit: usize| {
            let text = self.table.text(unit)?;
            let (one, other) = (text.codes.get(one), text.codes.get(other));
            // A blank unit is the last one.
            let blanks = (one == 0).cmp(&(other == 0));
            Some(blanks.then_with(|| text.ranks.compare(one, other, &text.dictionary)))
        };
        let ordering = match column {
            ColumnData::Text(text) => {
                text.ranks.compare(text.codes.get(one), text.codes.get(other), &text.dictionary)
            }
            ColumnData::Instant(instants) => instants[one].cmp(&instants[other]),
            ColumnData::Flag { flags, .. } => flags.get(one).cmp(&flags.get(other)),
            ColumnData::Decimal { values, unit, .. } => {
                let by_unit = unit.and_then(of_unit).unwrap_or(Ordering::Equal);
                if by_unit.is_ne() {
                    return by_unit;
                }
                match values {
                    Decimals::Compact(compact) => compact.mantissas[one].cmp(&compact.mantissas[other]),
                    Decimals::Wide { values, .. } => values[one].cmp(&values[other]),
                }
            }
        };
        match key.direction {
            SortDirection::Ascending => ordering,
            SortDirection::Descending => ordering.reverse(),
        }
    }
}
