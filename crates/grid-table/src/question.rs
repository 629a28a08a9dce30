use super::filter::{Filter, QuickFilter};
use super::order::{OrderKey, Ties};

/// Which rows are to be shown, and in which order. The default is all of them as they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// The first level first.
    pub order: Vec<OrderKey>,
    /// How rows stand that the order does not tell apart.
    pub ties: Ties,
    /// A row is shown where it passes all of them. Several may be of one column.
    pub filters: Vec<Filter>,
    pub quick: QuickFilter,
}

/// How far a [`super::View`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The rows are still those of the question before.
    Rows,
    /// The rows are those of the question; some totals, values or groups are missing.
    Sums,
    /// Everything that was asked is here.
    Done,
}
