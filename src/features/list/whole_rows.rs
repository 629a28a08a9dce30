//! A list of which all rows are here: what the grid and its surroundings ask of it.
//!
//! Not here: how the rows are read and kept (`features/whole_list`, a part of its own).

use super::find::FindText;
use crate::api::connections;
use crate::api::{Failure, RecordKey};
use crate::ui::kept_choice::{keep_choice, kept_choice};
use chrono::{DateTime, Utc};
use grid_model::Column;
use rest_contract::oracle::charged_amounts::Amounts;
use std::collections::BTreeSet;
use std::ops::Range;

/// A list of fewer rows is asked anew as quickly, and is newer then.
pub const FEWEST_KEPT: usize = 500;

const KEPT_CHOICE: &str = "usage-desk.rows-kept";

/// How many rows of a list are kept here at most, as far as the person has not chosen more.
pub fn most_kept() -> usize {
    let chosen = kept_choice(KEPT_CHOICE).and_then(|most| most.parse().ok());
    chosen.unwrap_or(connections().limits.whole_list_rows)
}

/// The person wants this many rows kept.
pub fn choose_most_kept(most: usize) {
    keep_choice(KEPT_CHOICE, &most.to_string());
}

/// More groups than a person looks through.
pub const MOST_GROUPS: usize = 10_000;

/// All rows of a list, of which those that answer its query are shown.
pub trait WholeRows<Row>: WholeAnswers {
    fn with_row(&self, row: usize, look: &mut dyn FnMut(&Row));
}

/// What rows of any kind tell that are all here.
pub trait WholeAnswers {
    /// How many are shown.
    fn count(&self) -> usize;

    /// Changes when other rows are shown, or in another order; nothing while those that are shown do not answer what is
    /// asked.
    fn turn(&self) -> Option<u64>;

    /// Where a record is shown.
    fn row_of_key(&self, key: &str) -> Option<usize>;

    /// See [`GridSource::row_near`](crate::ui::grid::GridSource::row_near).
    fn row_near(&self, key: &str) -> Option<usize>;

    /// The next row at `from` or behind it, or at it or before it, whose text in a column is wanted. Columns are
    /// meant by the names of their fields.
    fn next_with(
        &self,
        from: usize,
        is_forward: bool,
        column: &str,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Option<usize>;

    /// See [`List::find`](super::List::find).
    fn find(
        &self,
        rows: Range<usize>,
        columns: &[Column],
        wanted: &FindText,
        found: &mut dyn FnMut(usize, u64),
    ) -> usize;

    /// What is shown comes to; nothing while it is being added up.
    fn sums(&self) -> Option<Vec<GroupSum>>;

    /// Wants what is shown in groups by these levels, the outermost first, or in none any longer. A level is the
    /// name of a field, with what of its values counts where that is not all of them.
    fn group_by(&self, levels: &[String]);

    /// These groups in the order of their values; nothing while they are being counted.
    ///
    /// # Errors
    /// There are so many, more than [`MOST_GROUPS`].
    fn groups(&self, levels: &[String]) -> Option<Result<Vec<GroupSum>, usize>>;

    /// Wants the values of a column, or of none any longer, counted under all filters but the column's own.
    fn list_values(&self, column: Option<&str>);

    /// Looks at each value of the column whose values are wanted, with how many rows have it; an empty text stands for
    /// none. False while they are being counted.
    fn each_value(&self, look: &mut dyn FnMut(&str, usize)) -> bool;

    /// The list's query is another one.
    fn ask(&self);
}

/// What reads all rows of a list, and keeps them as new as the server's.
pub trait WholeReader {
    /// These rows are in sight. Those that stay there are read once more.
    fn in_sight(&self, rows: Range<usize>);

    /// What the list is asked is shown, with all that is known by now.
    fn shown(&self);

    /// All is to be read again. What is here stands until then.
    fn refresh(&self);

    /// The store knows more of these records.
    fn changed(&self, keys: &BTreeSet<RecordKey>);

    fn command(&self, command: LoadCommand);
}

/// What a person asks of the reading of all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadCommand {
    /// Reads no further. What is here stays.
    Stop,
    /// Reads what is missing.
    GoOn,
    /// Shows what has changed on the server since the rows in sight were put in order.
    ShowNews,
}

/// What the rows come to that have the same texts in some columns.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSum {
    pub values: Vec<String>,
    pub rows: usize,
    pub amounts: Amounts,
}

/// How far a list has come in.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum WholeProgress {
    /// It is read as its rows come into sight.
    #[default]
    InSight,
    /// It has more rows than are kept here.
    TooLong {
        of: usize,
        most: usize,
    },
    Reading {
        read: usize,
        of: usize,
        per_second: usize,
    },
    Stopped {
        read: usize,
        of: usize,
    },
    Failed {
        read: usize,
        of: usize,
        failure: Failure,
    },
    /// Other records came than the server counts, each time.
    NotWhole,
    Here {
        as_of: DateTime<Utc>,
        news: News,
    },
}

impl WholeProgress {
    /// Whether all rows are here, or may be before long.
    pub fn may_come(&self) -> bool {
        matches!(self, Self::InSight | Self::Reading { .. } | Self::Here { .. })
    }
}

/// What others have changed on the server since the rows in sight were put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    pub added: usize,
    pub changed: usize,
    pub gone: usize,
}

impl News {
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}
