//! What a file is of: where its rows come from, what they were asked, how many they are and whether they are all.

use crate::Cell;

/// What a file tells of itself. Texts are the caller's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The list, such as "Events of batch UB-2026-10-01".
    pub source: String,
    pub system: String,
    pub environment: String,
    /// Where the same list opens.
    pub address: String,
    /// What the rows were asked, one condition each; none where they were all meant.
    pub filters: Vec<String>,
    pub order: String,
    /// By whose clock times are written.
    pub zone: String,
    /// When the rows were as they stand in the file: microseconds since 1970 in UTC.
    pub as_of: i64,
    pub user: String,
    /// How many rows there should be by whoever counts them (the server's count, or of what was selected); nothing
    /// where nobody knows, and then no file is complete.
    pub counted: Option<u64>,
    pub totals: Vec<ControlTotal>,
    pub notes: Vec<String>,
}

/// What the rows of one currency come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlTotal {
    /// What is added up, such as "Amount".
    pub of: String,
    /// Empty where the amounts have none.
    pub currency: String,
    /// All digits; nothing where the sum needs more than can be held, or an amount could not be read.
    pub sum: Option<String>,
    /// How many rows it is the sum of.
    pub rows: u64,
}

/// What the file itself knows once its rows are written.
pub(crate) struct Written<'a> {
    pub(crate) rows: u64,
    pub(crate) columns: Vec<&'a str>,
    pub(crate) notes: Vec<String>,
}

pub(crate) const NOT_COMPLETE: &str = "NOT COMPLETE";

impl About {
    pub(crate) fn is_whole(&self, rows: u64) -> bool {
        self.counted == Some(rows)
    }

    fn completeness(&self, rows: u64) -> String {
        match self.counted {
            Some(counted) if counted == rows => "Every row was read".to_owned(),
            Some(counted) => format!("{NOT_COMPLETE}: {rows} of {counted} rows are in this file"),
            None => {
                format!("{NOT_COMPLETE}: {rows} rows are in this file, and how many there are is not known")
            }
        }
    }

    /// The lines of it, each a name and a value; whether the rows are all stands first.
    pub(crate) fn lines(&self, written: &Written<'_>) -> Vec<(String, OwnedCell)> {
        let text = |name: &str, text: &str| (name.to_owned(), OwnedCell::Text(text.to_owned()));
        let mut lines = vec![
            text("Completeness", &self.completeness(written.rows)),
            ("Rows".to_owned(), OwnedCell::Number(written.rows.to_string())),
            text("Source", &self.source),
            text("System", &self.system),
            text("Environment", &self.environment),
            text("Address", &self.address),
        ];
        if self.filters.is_empty() {
            lines.push(text("Filter", "None"));
        }
        lines.extend(self.filters.iter().map(|filter| text("Filter", filter)));
        lines.push(text("Order", &self.order));
        lines.push(text("Columns", &written.columns.join(", ")));
        lines.push(text("Time zone", &self.zone));
        lines.push(("As of (UTC)".to_owned(), OwnedCell::Time(self.as_of)));
        lines.push(text("User", &self.user));
        for total in &self.totals {
            let currency = if total.currency.is_empty() { "no currency" } else { &total.currency };
            let sum = match &total.sum {
                Some(sum) => OwnedCell::Number(sum.clone()),
                None => OwnedCell::Text("Not known: an amount cannot be added exactly".to_owned()),
            };
            lines
                .push((format!("{}, {currency}, rows", total.of), OwnedCell::Number(total.rows.to_string())));
            lines.push((format!("{}, {currency}, total", total.of), sum));
        }
        lines.extend(self.notes.iter().chain(&written.notes).map(|note| text("Note", note)));
        lines
    }
}

pub(crate) enum OwnedCell {
    Text(String),
    Number(String),
    Time(i64),
}

impl OwnedCell {
    pub(crate) fn as_cell(&self) -> Cell<'_> {
        match self {
            Self::Text(text) => Cell::Text(text),
            Self::Number(digits) => Cell::Number(digits),
            Self::Time(at) => Cell::Time(*at),
        }
    }
}
