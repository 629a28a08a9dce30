use std::ops::Range;
use std::sync::Arc;

/// A column that rows are grouped by: by its values, or instants by the spans that they lie in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupColumn {
    pub column: usize,
    pub spans: Option<Spans>,
}

impl From<usize> for GroupColumn {
    fn from(column: usize) -> Self {
        Self { column, spans: None }
    }
}

/// Spans of time of one kind, such as the days of a time zone. They follow one another without a gap.
#[derive(Clone, Debug)]
pub struct Spans {
    /// Which ones they are: those of one name are the same.
    pub name: Arc<str>,
    /// The span that an instant lies in, of those of a name: from its first instant to the first one of the next.
    pub around: fn(&str, i64) -> Range<i64>,
}

impl PartialEq for Spans {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Spans {}
