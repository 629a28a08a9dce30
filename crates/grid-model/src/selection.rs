use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::{Cursor, Picked, Records};

/// What is selected: records by their keys, never places in a list. Rows come, go and change order
/// under a selection, and it goes on meaning the records that were on the screen when the person
/// chose them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    #[default]
    None,
    /// The cells of some columns in the records of a range.
    Cells(CellRange),
    /// Whole records, anywhere in the list.
    Records(Records),
    /// Everything that the list's question finds: a meaning, not a list.
    All(AllRecords),
}

/// The records from one to another, and the columns from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRange {
    pub records: Records,
    /// Places in the columns that the grid shows; other columns end the range.
    pub columns: RangeInclusive<usize>,
    anchor: Anchor,
}

/// Everything that a question finds, as it was when the person said so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllRecords {
    /// Taken out again by key.
    pub without: BTreeSet<Arc<str>>,
    /// How many the list had then, where that was known.
    pub counted: Option<usize>,
}

/// Where a range began.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Anchor {
    /// Nothing where the row was not loaded.
    key: Option<Arc<str>>,
    /// Where it stood then: believed only as long as nothing that is loaded says otherwise.
    row: usize,
    column: usize,
}

/// The list as it is on the screen.
pub trait Rows {
    /// The record in a row; nothing where it is not loaded.
    fn at(&self, row: usize) -> Option<Picked>;

    /// Where a record stands now, if it is loaded.
    fn place(&self, key: &str) -> Option<usize>;
}

impl Selection {
    /// Everything, of which the list counts so many now.
    pub fn all(counted: Option<usize>) -> Selection {
        Selection::All(AllRecords { without: BTreeSet::new(), counted })
    }

    pub fn is_none(&self) -> bool {
        *self == Selection::None
    }

    /// Whether a whole record is selected.
    pub fn holds(&self, key: &str) -> bool {
        match self {
            Selection::None | Selection::Cells(_) => false,
            Selection::Records(records) => records.contains(key),
            Selection::All(all) => !all.without.contains(key),
        }
    }

    /// The columns of which cells of this record are selected.
    pub fn cells_of(&self, key: &str) -> Option<&RangeInclusive<usize>> {
        match self {
            Selection::Cells(range) if range.records.contains(key) => Some(&range.columns),
            _ => None,
        }
    }

    pub fn is_of_cells(&self) -> bool {
        matches!(self, Selection::Cells(_))
    }

    /// The records that an action would take, whole or in part selected; nothing where all are meant
    /// and no list of them exists.
    pub fn records(&self) -> Option<&Records> {
        match self {
            Selection::Cells(range) => Some(&range.records),
            Selection::Records(records) => Some(records),
            Selection::None | Selection::All(_) => None,
        }
    }

    /// How many records are meant; nothing where that was not known when all were chosen.
    pub fn number(&self) -> Option<usize> {
        match self {
            Selection::None => Some(0),
            Selection::Cells(CellRange { records, .. }) | Selection::Records(records) => Some(records.len()),
            Selection::All(all) => all.counted.map(|counted| counted.saturating_sub(all.without.len())),
        }
    }

    /// Drags the selection's end to a cell. A range begins at `from`, the cell that was active; a
    /// selection of records grows by those between. Rows that are not loaded are left out and counted.
    #[must_use]
    pub fn extended(self, from: Cursor, to: Cursor, rows: &dyn Rows) -> Selection {
        let (Some(from_row), Some(to_row)) = (from.row(), to.row()) else {
            return self;
        };
        let from_key = rows.at(from_row).map(|picked| picked.key);
        match self {
            Selection::Records(mut records) if from_key.as_ref().is_some_and(|key| records.contains(key)) => {
                records.add_between(from_row, to_row, rows);
                Selection::Records(records)
            }
            Selection::Cells(CellRange { records: before, anchor, .. }) => {
                let row = anchor.place(rows).unwrap_or(from_row);
                let mut records = Records::between(row, to_row, rows);
                // What was chosen a while ago was chosen as it stood then.
                records.keep_versions(&before);
                let columns = anchor.column.min(to.column)..=anchor.column.max(to.column);
                Selection::Cells(CellRange { records, columns, anchor })
            }
            Selection::None | Selection::Records(_) | Selection::All(_) => {
                let anchor = Anchor { key: from_key, row: from_row, column: from.column };
                Selection::Cells(CellRange {
                    records: Records::between(from_row, to_row, rows),
                    columns: from.column.min(to.column)..=from.column.max(to.column),
                    anchor,
                })
            }
        }
    }

    /// A range takes in its rows that were not loaded when it was drawn, once they are. Only where no
    /// other row has come between or gone: else what was drawn is no longer there to be completed.
    pub fn completed(&self, to: usize, rows: &dyn Rows) -> Option<Selection> {
        let Selection::Cells(range) = self else { return None };
        let before = &range.records;
        if before.left_out() == 0 {
            return None;
        }
        let mut records = Records::between(range.anchor.place(rows)?, to, rows);
        let is_same_range = records.len() + records.left_out() == before.len() + before.left_out()
            && before.keys().all(|key| records.contains(key));
        if !is_same_range || records.left_out() == before.left_out() {
            return None;
        }
        records.keep_versions(before);
        Some(Selection::Cells(CellRange { records, ..range.clone() }))
    }

    /// Adds a record, or takes it away. The records of a range were not selected as a whole: they become so,
    /// and this one is among them.
    #[must_use]
    pub fn toggled(self, picked: Picked) -> Selection {
        let mut records = match self {
            Selection::All(mut all) => {
                if !all.without.remove(&picked.key) {
                    all.without.insert(picked.key);
                }
                return Selection::All(all);
            }
            Selection::Cells(CellRange { mut records, .. }) => {
                records.insert(picked);
                return Selection::Records(records);
            }
            Selection::Records(records) => records,
            Selection::None => Records::default(),
        };
        if !records.remove(&picked.key) {
            records.insert(picked);
        }
        if records.is_empty() { Selection::None } else { Selection::Records(records) }
    }

    /// What stays selected where other rows are asked for: the records that were chosen one by one or as a range,
    /// shown or not. Everything was everything that the question before found.
    #[must_use]
    pub fn under_another_query(self) -> Selection {
        match self {
            Selection::Cells(range) => Selection::Records(range.records),
            Selection::All(_) => Selection::None,
            Selection::None | Selection::Records(_) => self,
        }
    }

    /// Takes out the records that are not to stay.
    #[must_use]
    pub fn with_only(mut self, stays: impl Fn(&str) -> bool) -> Selection {
        if let Selection::Cells(CellRange { records, .. }) | Selection::Records(records) = &mut self {
            records.retain(stays);
            if records.is_empty() {
                return Selection::None;
            }
        }
        self
    }

    /// The person themselves has changed a selected record: what they see now is what they chose.
    pub fn carry(&mut self, key: &str, version: &str) -> bool {
        match self {
            Selection::Cells(CellRange { records, .. }) | Selection::Records(records) => {
                records.carry(key, version)
            }
            Selection::None | Selection::All(_) => false,
        }
    }
}

impl Anchor {
    /// Where the range's beginning stands now.
    fn place(&self, rows: &dyn Rows) -> Option<usize> {
        let followed = self.key.as_deref().and_then(|key| rows.place(key));
        followed.or_else(|| rows.at(self.row).is_none().then_some(self.row))
    }
}

#[cfg(test)]
mod tests;
