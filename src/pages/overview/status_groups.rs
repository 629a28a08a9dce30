//! Statuses as the figures of a month put them together.

use crate::text::{StatusClass, class_of};
use rest_contract::oracle::month_figures::MonthFigures;

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
    /// Those that an event of the months has, or may have.
    pub fn of(figures: &MonthFigures) -> Self {
        let (month, previous) = (figures.month.possible_statuses(), figures.previous.possible_statuses());
        let all = month.union(&previous);
        Self(all.map(|code| (class_of(code), (*code).to_owned())).collect())
    }

    /// Those of some classes; where no event has one, those that are known: a figure of none would be of all.
    pub fn codes(&self, classes: &[StatusClass]) -> Vec<&str> {
        let there = self.0.iter().filter(|(class, _)| classes.contains(class));
        let there: Vec<_> = there.map(|(_, code)| code.as_str()).collect();
        if there.is_empty() { classes.iter().flat_map(|class| class.codes()).collect() } else { there }
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
