use std::ops::{Range, RangeInclusive};

use crate::Cursor;

/// What is selected. Rows are meant by their place in the present order, so a new order or filter
/// begins with [`Selection::None`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    #[default]
    None,
    /// A rectangle from the cell where it began to the cell where it ends.
    Cells { anchor: (usize, usize), focus: (usize, usize) },
    /// Whole rows, anywhere in the list.
    Rows(RowRanges),
    /// Every row of the filtered list, loaded or not, known or not: a meaning, not a list.
    AllRows,
}

impl Selection {
    pub fn is_none(&self) -> bool {
        *self == Selection::None
    }

    /// Whether the whole row is selected.
    pub fn holds_row(&self, row: usize) -> bool {
        match self {
            Selection::None | Selection::Cells { .. } => false,
            Selection::Rows(rows) => rows.contains(row),
            Selection::AllRows => true,
        }
    }

    pub fn holds_cell(&self, row: usize, column: usize) -> bool {
        match self.rectangle() {
            Some((rows, columns)) => rows.contains(&row) && columns.contains(&column),
            None => self.holds_row(row),
        }
    }

    /// Rows and columns of a cell range.
    pub fn rectangle(&self) -> Option<(RangeInclusive<usize>, RangeInclusive<usize>)> {
        match self {
            Selection::Cells { anchor, focus } => Some((
                anchor.0.min(focus.0)..=anchor.0.max(focus.0),
                anchor.1.min(focus.1)..=anchor.1.max(focus.1),
            )),
            Selection::None | Selection::Rows(_) | Selection::AllRows => None,
        }
    }

    /// Drags the selection's end to a cell. A range begins at `from`, the cell that was active; a
    /// selection of rows grows by rows.
    #[must_use]
    pub fn extended(self, from: Cursor, to: Cursor) -> Selection {
        let (Some(from_row), Some(to_row)) = (from.row(), to.row()) else {
            return self;
        };
        match self {
            Selection::Cells { anchor, .. } => Selection::Cells { anchor, focus: (to_row, to.column) },
            Selection::Rows(mut rows) if rows.contains(from_row) => {
                rows.insert(from_row.min(to_row)..from_row.max(to_row) + 1);
                Selection::Rows(rows)
            }
            Selection::None | Selection::Rows(_) | Selection::AllRows => {
                Selection::Cells { anchor: (from_row, from.column), focus: (to_row, to.column) }
            }
        }
    }

    /// Adds a row, or takes it away. `row_count` is needed to take one away from all of them;
    /// where it is not known, everything is let go but that row's complement cannot be said, so
    /// only the row itself stays.
    #[must_use]
    pub fn toggled(self, row: usize, row_count: Option<usize>) -> Selection {
        let mut rows = match (self, row_count) {
            (Selection::Rows(rows), _) => rows,
            (Selection::AllRows, Some(count)) => RowRanges::from(0..count),
            (Selection::AllRows, None) | (Selection::None | Selection::Cells { .. }, _) => {
                RowRanges::default()
            }
        };
        if rows.contains(row) {
            rows.remove(row);
        } else {
            rows.insert(row..row + 1);
        }
        if rows.is_empty() { Selection::None } else { Selection::Rows(rows) }
    }

    /// How many rows are touched; `None` when that depends on a total that is not known.
    pub fn rows_touched(&self, row_count: Option<usize>) -> Option<usize> {
        match self {
            Selection::None => Some(0),
            Selection::Cells { anchor, focus } => Some(anchor.0.abs_diff(focus.0) + 1),
            Selection::Rows(rows) => Some(rows.len()),
            Selection::AllRows => row_count,
        }
    }
}

/// A set of rows as ranges in rising order that neither touch nor overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowRanges {
    ranges: Vec<Range<usize>>,
}

impl From<Range<usize>> for RowRanges {
    fn from(rows: Range<usize>) -> RowRanges {
        let mut ranges = RowRanges::default();
        ranges.insert(rows);
        ranges
    }
}

impl RowRanges {
    pub fn contains(&self, row: usize) -> bool {
        let after = self.ranges.partition_point(|range| range.end <= row);
        self.ranges.get(after).is_some_and(|range| range.contains(&row))
    }

    pub fn insert(&mut self, rows: Range<usize>) {
        if rows.is_empty() {
            return;
        }
        let first = self.ranges.partition_point(|range| range.end < rows.start);
        let last = self.ranges.partition_point(|range| range.start <= rows.end);
        let joined = self
            .ranges
            .get(first..last)
            .unwrap_or_default()
            .iter()
            .fold(rows, |a, b| a.start.min(b.start)..a.end.max(b.end));
        self.ranges.splice(first..last, [joined]);
    }

    pub fn remove(&mut self, row: usize) {
        let at = self.ranges.partition_point(|range| range.end <= row);
        let Some(range) = self.ranges.get(at).filter(|range| range.contains(&row)).cloned() else {
            return;
        };
        let rest = [range.start..row, row + 1..range.end];
        self.ranges.splice(at..=at, rest.into_iter().filter(|part| !part.is_empty()));
    }

    pub fn len(&self) -> usize {
        self.ranges.iter().map(ExactSizeIterator::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Every row, in rising order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.ranges.iter().flat_map(Clone::clone)
    }

    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_and_split_as_a_plain_set_does() {
        // A linear congruential generator with a fixed seed drives both; they must agree.
        let mut seed = 42_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let mut ranges = RowRanges::default();
        let mut plain = std::collections::BTreeSet::new();
        for _ in 0..2_000 {
            let row = next(60);
            if next(3) == 0 {
                ranges.remove(row);
                plain.remove(&row);
            } else {
                let end = row + next(4);
                ranges.insert(row..end);
                plain.extend(row..end);
            }
            assert!(ranges.iter().eq(plain.iter().copied()), "{ranges:?}");
            assert_eq!(ranges.len(), plain.len());
            assert_eq!(ranges.contains(row), plain.contains(&row));
            assert!(ranges.ranges().windows(2).all(|pair| pair[0].end < pair[1].start), "{ranges:?}");
        }
    }

    #[test]
    fn a_range_is_dragged_from_where_it_began() {
        let first = Selection::None.extended(Cursor::at(5, 2), Cursor::at(6, 2));
        let second = first.extended(Cursor::at(6, 2), Cursor::at(3, 4));
        assert_eq!(second.rectangle(), Some((3..=5, 2..=4)));
        assert!(second.holds_cell(4, 3) && !second.holds_cell(6, 3) && !second.holds_row(4));
        assert_eq!(second.rows_touched(None), Some(3));
    }

    #[test]
    fn rows_are_toggled_and_grow_by_rows() {
        let one = Selection::None.toggled(7, None);
        assert!(one.holds_row(7) && one.holds_cell(7, 99));
        let grown = one.clone().extended(Cursor::at(7, 0), Cursor::at(9, 0));
        assert_eq!(grown, Selection::Rows(RowRanges::from(7..10)));
        assert_eq!(one.toggled(7, None), Selection::None);
    }

    #[test]
    fn everything_is_a_meaning() {
        assert!(Selection::AllRows.holds_row(usize::MAX));
        assert_eq!(Selection::AllRows.rows_touched(None), None);
        assert_eq!(Selection::AllRows.rows_touched(Some(1_000_000)), Some(1_000_000));
        let but_one = Selection::AllRows.toggled(3, Some(1_000_000));
        assert_eq!(but_one.rows_touched(None), Some(999_999));
        assert!(!but_one.holds_row(3));
    }
}
