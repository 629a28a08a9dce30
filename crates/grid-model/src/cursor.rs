/// A row of the grid that the cursor can stand in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Header,
    Row(usize),
}

/// The active cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub place: Place,
    pub column: usize,
}

/// What bounds the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub rows: usize,
    pub columns: usize,
    /// Rows that Page Up and Page Down go.
    pub page: usize,
}

/// One movement of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
    Left,
    Right,
    /// Ctrl+Up: the first row.
    FirstRow,
    /// Ctrl+Down: the last row.
    LastRow,
    /// Home and Ctrl+Left.
    FirstColumn,
    /// End and Ctrl+Right.
    LastColumn,
    PageUp,
    PageDown,
    /// Ctrl+Home: first column of the first row.
    Start,
    /// Ctrl+End: last column of the last row.
    End,
}

impl Cursor {
    pub fn at(row: usize, column: usize) -> Cursor {
        Cursor { place: Place::Row(row), column }
    }

    pub fn row(self) -> Option<usize> {
        match self.place {
            Place::Header => None,
            Place::Row(row) => Some(row),
        }
    }

    /// Where a step leads. The header is one step above the first row; without rows the cursor
    /// stays in the header.
    #[must_use]
    pub fn moved(self, step: Step, extent: Extent) -> Cursor {
        let from = self.within(extent);
        let last_row = extent.rows.checked_sub(1);
        let last_column = extent.columns.saturating_sub(1);
        let to_row = |row: usize| last_row.map_or(Place::Header, |last| Place::Row(row.min(last)));
        let place = match (step, from.place) {
            (Step::Up, Place::Row(0)) | (Step::Up | Step::PageUp, Place::Header) => Place::Header,
            (Step::Up, Place::Row(row)) => to_row(row - 1),
            (Step::Down, Place::Row(row)) => to_row(row + 1),
            (Step::PageUp, Place::Row(row)) => to_row(row.saturating_sub(extent.page)),
            (Step::PageDown, Place::Row(row)) => to_row(row.saturating_add(extent.page)),
            (Step::Down | Step::PageDown, Place::Header) | (Step::FirstRow | Step::Start, _) => to_row(0),
            (Step::LastRow | Step::End, _) => to_row(usize::MAX),
            (Step::Left | Step::Right | Step::FirstColumn | Step::LastColumn, place) => place,
        };
        let column = match step {
            Step::Left => from.column.saturating_sub(1),
            Step::Right => (from.column + 1).min(last_column),
            Step::FirstColumn | Step::Start => 0,
            Step::LastColumn | Step::End => last_column,
            _ => from.column,
        };
        Cursor { place, column }
    }

    /// The nearest cell that exists: lists get shorter and columns get hidden.
    #[must_use]
    pub fn within(self, extent: Extent) -> Cursor {
        let place = match self.place {
            Place::Row(row) if extent.rows > 0 => Place::Row(row.min(extent.rows - 1)),
            Place::Row(_) | Place::Header => Place::Header,
        };
        Cursor { place, column: self.column.min(extent.columns.saturating_sub(1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells are written `row,column`, the header `h,column`; 100 rows, 5 columns, pages of 10.
    fn check(from: &str, steps: &[Step], to: &str) {
        let read = |text: &str| {
            let (row, column) = text.split_once(',').unwrap();
            let column = column.parse().unwrap();
            match row {
                "h" => Cursor { place: Place::Header, column },
                row => Cursor::at(row.parse().unwrap(), column),
            }
        };
        let extent = Extent { rows: 100, columns: 5, page: 10 };
        let reached = steps.iter().fold(read(from), |cursor, step| cursor.moved(*step, extent));
        assert_eq!(reached, read(to), "{from} {steps:?}");
    }

    #[test]
    fn steps_lead_where_the_keys_say() {
        check("5,2", &[Step::Up], "4,2");
        check("5,2", &[Step::Down, Step::Right], "6,3");
        check("0,2", &[Step::Up], "h,2");
        check("h,2", &[Step::Up], "h,2");
        check("h,2", &[Step::Down], "0,2");
        check("h,2", &[Step::Right], "h,3");
        check("99,4", &[Step::Down, Step::Right], "99,4");
        check("5,0", &[Step::Left], "5,0");
        check("5,3", &[Step::Left], "5,2");
        check("5,2", &[Step::PageDown], "15,2");
        check("5,2", &[Step::PageUp], "0,2");
        check("95,2", &[Step::PageDown], "99,2");
        check("5,2", &[Step::FirstColumn], "5,0");
        check("5,2", &[Step::LastColumn], "5,4");
        check("5,2", &[Step::FirstRow], "0,2");
        check("5,2", &[Step::LastRow], "99,2");
        check("5,2", &[Step::Start], "0,0");
        check("5,2", &[Step::End], "99,4");
    }

    #[test]
    fn the_cursor_never_leaves_a_list_that_shrank() {
        let small = Extent { rows: 3, columns: 2, page: 10 };
        assert_eq!(Cursor::at(80, 4).within(small), Cursor::at(2, 1));
        assert_eq!(Cursor::at(80, 4).moved(Step::Up, small), Cursor::at(1, 1));
        let none = Extent { rows: 0, columns: 2, page: 10 };
        assert_eq!(Cursor::at(80, 0).within(none), Cursor { place: Place::Header, column: 0 });
        assert_eq!(Cursor::default().moved(Step::Down, none).place, Place::Header);
        let nothing = Extent { rows: 0, columns: 0, page: 0 };
        assert_eq!(Cursor::at(1, 1).moved(Step::End, nothing), Cursor::default());
    }
}
