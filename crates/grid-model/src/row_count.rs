/// How many rows the list has, as far as is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowCount {
    /// Nothing has been answered yet.
    #[default]
    Unknown,
    /// At least so many, and there are more.
    AtLeast(usize),
    Exactly(usize),
}

impl RowCount {
    /// Rows known to exist.
    pub fn known(self) -> usize {
        match self {
            RowCount::Unknown => 0,
            RowCount::AtLeast(rows) | RowCount::Exactly(rows) => rows,
        }
    }

    /// Rows to make room for: while the end is not known, `beyond` rows past what is known stand
    /// as loading, and bringing them into sight is what asks for them.
    pub fn laid_out(self, beyond: usize) -> usize {
        match self {
            RowCount::Exactly(rows) => rows,
            RowCount::Unknown | RowCount::AtLeast(_) => self.known().saturating_add(beyond),
        }
    }

    pub fn exact(self) -> Option<usize> {
        match self {
            RowCount::Exactly(rows) => Some(rows),
            RowCount::Unknown | RowCount::AtLeast(_) => None,
        }
    }
}

/// Whether a row's content is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    Loaded,
    Loading,
    /// The page that holds it could not be fetched; it can be asked for again.
    Failed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_count_of_all_is_exact() {
        assert_eq!(RowCount::Unknown.exact(), None);
        assert_eq!(RowCount::AtLeast(100).exact(), None);
        assert_eq!(RowCount::Exactly(100).exact(), Some(100));
    }

    #[test]
    fn room_is_made_for_rows_beyond_the_known_ones_only_while_the_end_is_unknown() {
        assert_eq!(RowCount::Unknown.laid_out(30), 30);
        assert_eq!(RowCount::AtLeast(100).laid_out(30), 130);
        assert_eq!(RowCount::Exactly(100).laid_out(30), 100);
        assert_eq!(RowCount::Exactly(0).laid_out(30), 0);
    }
}
