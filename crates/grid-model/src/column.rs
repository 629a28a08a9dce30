/// On which side of its column a text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alignment {
    #[default]
    Start,
    /// Numbers: figures of one column end in line. Also decides that a copied cell is a number.
    End,
}

/// A column as it is shown. Its place in the slice handed to the grid is its index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Stable name, by which a column is found again when columns are moved or hidden.
    pub id: String,
    pub title: String,
    /// Pixels.
    pub width: u32,
    /// Pixels; no drag makes the column narrower.
    pub min_width: u32,
    pub alignment: Alignment,
    /// Stays in sight when the grid is scrolled sideways. Frozen columns come first.
    pub frozen: bool,
    pub sortable: bool,
    /// A condition can be asked of its values.
    pub filterable: bool,
    /// Whether any cell of it can be edited; a single cell may still refuse.
    pub editable: bool,
    /// Its cells name the row's record and are links to it. At most one column is.
    pub opens: bool,
    /// Its cells name other records and are links to them.
    pub leads: bool,
}

impl Column {
    /// A column that can be read and nothing else, `width` pixels wide.
    pub fn new(id: impl Into<String>, title: impl Into<String>, width: u32) -> Column {
        Column {
            id: id.into(),
            title: title.into(),
            width,
            min_width: 48,
            alignment: Alignment::Start,
            frozen: false,
            sortable: false,
            filterable: false,
            editable: false,
            opens: false,
            leads: false,
        }
    }

    #[must_use]
    pub fn min_width(mut self, pixels: u32) -> Column {
        self.min_width = pixels;
        self
    }

    /// Numbers: right-aligned, copied as numbers.
    #[must_use]
    pub fn numeric(mut self) -> Column {
        self.alignment = Alignment::End;
        self
    }

    #[must_use]
    pub fn frozen(mut self) -> Column {
        self.frozen = true;
        self
    }

    #[must_use]
    pub fn sortable(mut self) -> Column {
        self.sortable = true;
        self
    }

    #[must_use]
    pub fn filterable(mut self) -> Column {
        self.filterable = true;
        self
    }

    #[must_use]
    pub fn opening(mut self) -> Column {
        self.opens = true;
        self
    }

    #[must_use]
    pub fn leading(mut self) -> Column {
        self.leads = true;
        self
    }

    #[must_use]
    pub fn editable(mut self) -> Column {
        self.editable = true;
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortDirection {
    Ascending,
    Descending,
}

/// One level of an order; a list is ordered by a slice of these, the first one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// [`Column::id`].
    pub column: String,
    pub direction: SortDirection,
}

impl SortKey {
    pub fn ascending(column: impl Into<String>) -> SortKey {
        SortKey { column: column.into(), direction: SortDirection::Ascending }
    }

    pub fn descending(column: impl Into<String>) -> SortKey {
        SortKey { column: column.into(), direction: SortDirection::Descending }
    }
}

/// The order after `column`'s header was pressed: ascending, then descending, then none.
/// `additive` keeps the other keys and leaves a known key in its place; otherwise the column
/// becomes the only key.
pub fn next_sort(now: &[SortKey], column: &str, additive: bool) -> Vec<SortKey> {
    let next = match now.iter().find(|key| key.column == column).map(|key| key.direction) {
        None => Some(SortKey::ascending(column)),
        Some(SortDirection::Ascending) => Some(SortKey::descending(column)),
        Some(SortDirection::Descending) => None,
    };
    if !additive {
        return next.into_iter().collect();
    }
    if !now.iter().any(|key| key.column == column) {
        return now.iter().cloned().chain(next).collect();
    }
    now.iter().filter_map(|key| if key.column == column { next.clone() } else { Some(key.clone()) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(now: &str, column: &str, additive: bool, then: &str) {
        let read = |text: &str| -> Vec<SortKey> {
            text.split_whitespace()
                .map(|word| match word.strip_prefix('-') {
                    Some(id) => SortKey::descending(id),
                    None => SortKey::ascending(word),
                })
                .collect()
        };
        assert_eq!(next_sort(&read(now), column, additive), read(then), "{now} + {column}");
    }

    #[test]
    fn a_header_press_cycles_up_down_and_off() {
        check("", "a", false, "a");
        check("a", "a", false, "-a");
        check("-a", "a", false, "");
        check("b -c", "a", false, "a");
        check("a b", "a", false, "-a");
    }

    #[test]
    fn an_additive_press_keeps_the_other_keys_in_their_places() {
        check("b", "a", true, "b a");
        check("a b", "a", true, "-a b");
        check("-a b", "a", true, "b");
        check("", "a", true, "a");
    }
}
