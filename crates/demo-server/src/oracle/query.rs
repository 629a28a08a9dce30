//! The `q` parameter: reading it, and turning it into SQL.
//!
//! Framework version 1 reads `q` as a query by example (`by_example`), later versions as an
//! expression (`expression`). Both give the same tree, and `to_sql` alone knows columns.
//!
//! Not here: ordering and paging.

mod by_example;
mod expression;
pub(super) mod order;
pub(super) mod selection;
pub(super) mod to_sql;
mod token;

pub(in crate::oracle) use to_sql::{Columns, condition, constant};

use crate::oracle::protocol::framework_version::FrameworkVersion;

/// A condition as it was written, before any attribute is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Test),
}

/// One comparison. `position` is the place of the attribute in the text, counted in characters
/// from 1, for the message when the attribute or the value does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::oracle) struct Test {
    pub attribute: String,
    pub fold: Option<Fold>,
    pub check: Check,
    pub position: usize,
}

/// Both sides are folded to one case before they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum Fold {
    Upper,
    Lower,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum Check {
    Compare(Comparison, Literal),
    /// With the letter that makes a wildcard behind it a letter, where the query names one.
    Like {
        pattern: Literal,
        escape: Option<char>,
        negated: bool,
    },
    In {
        values: Vec<Literal>,
        negated: bool,
    },
    Between {
        low: Literal,
        high: Literal,
        negated: bool,
    },
    IsNull {
        negated: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value as it was written; what it means depends on the attribute it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum Literal {
    Quoted(String),
    /// A number or a bare word such as `true`.
    Bare(String),
}

impl Literal {
    pub(in crate::oracle) fn text(&self) -> &str {
        match self {
            Self::Quoted(text) | Self::Bare(text) => text,
        }
    }
}

/// Why a `q` text cannot be followed, and where: characters from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::oracle) struct QueryError {
    pub position: usize,
    pub reason: String,
}

impl QueryError {
    fn at(position: usize, reason: impl Into<String>) -> Self {
        Self { position, reason: reason.into() }
    }
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} (at character {})", self.reason, self.position)
    }
}

/// Expressions deeper or longer than these are refused rather than handed to the database.
const DEEPEST_NESTING: usize = 40;
const MOST_TESTS: usize = 400;
const MOST_LIST_VALUES: usize = 1000;

/// Reads a `q` text in the syntax of the framework version.
pub(in crate::oracle) fn parse(text: &str, version: FrameworkVersion) -> Result<Condition, QueryError> {
    if version.has_query_expressions() { expression::parse(text) } else { by_example::parse(text) }
}
