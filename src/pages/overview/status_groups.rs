//! Statuses as the figures of a month put them together.

use crate::data::lookups::{EVENT_STATUS, LookupTables};
use crate::text::{StatusClass, class_of};
use rest_contract::oracle::month_figures::MonthFigures;
use std::collections::BTreeSet;

/// In the order in which they stand upon each other in a picture.
pub const CLASSES: [StatusClass; 7] = [
    StatusClass::Done,
    StatusClass::Working,
    StatusClass::Waiting,
    StatusClass::Draft,
    StatusClass::Error,
    StatusClass::Unknown,
    StatusClass::Reversed,
];

/// The statuses that there are.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusGroups(Vec<(StatusClass, String)>);

impl StatusGroups {
    /// Those that the system lists, and any other that an event of the months has.
    pub fn of(tables: &LookupTables, figures: &MonthFigures) -> Self {
        let listed = tables.list(EVENT_STATUS).iter().map(|entry| entry.code.as_str());
        let there = figures.month.statuses().into_iter().chain(figures.previous.statuses());
        let all: BTreeSet<&str> = listed.chain(there).collect();
        Self(all.into_iter().map(|code| (class_of(code), code.to_owned())).collect())
    }

    pub fn codes(&self, classes: &[StatusClass]) -> Vec<&str> {
        self.0.iter().filter(|(class, _)| classes.contains(class)).map(|(_, code)| code.as_str()).collect()
    }

    /// Of what is billed: rated events, those that were taken back, and what takes them back.
    pub fn billed(&self) -> Vec<&str> {
        self.codes(&[StatusClass::Done, StatusClass::Reversed])
    }

    /// Of what rating has not done with, and is not in error.
    pub fn unprocessed(&self) -> Vec<&str> {
        self.codes(&[StatusClass::Working, StatusClass::Waiting, StatusClass::Draft, StatusClass::Unknown])
    }
}

/// What a group is called, and by what name the styles know it.
pub fn class_words(class: StatusClass) -> (&'static str, &'static str) {
    match class {
        StatusClass::Done => ("Processed", "done"),
        StatusClass::Working => ("In process", "working"),
        StatusClass::Waiting => ("Waiting", "waiting"),
        StatusClass::Draft => ("Draft", "draft"),
        StatusClass::Error => ("In error", "error"),
        StatusClass::Unknown => ("Other", "other"),
        StatusClass::Reversed => ("Reversed", "reversed"),
    }
}
