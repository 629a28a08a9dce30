//! Which events are meant.

use super::differences::ChangedSince;
use chrono::{DateTime, Utc};
use grid_model::{Picked, Records};
use rest_contract::oracle::life_cycle::EventAction;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    pub which: Which,
    pub action: EventAction,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    Found(Found),
    /// These, by number, each in the version that was on the screen when it was chosen; an empty version
    /// is not compared.
    These(Records),
}

/// Everything that a query finds, in one batch or in all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub batch: Option<String>,
    pub q: String,
    /// Taken out again, by number.
    pub without: BTreeSet<String>,
    /// How many a person saw when they chose all, and when.
    pub counted: Option<(usize, DateTime<Utc>)>,
}

impl Selected {
    /// All events that the query finds, in one batch or in all.
    pub fn all(batch: Option<String>, q: String, action: EventAction) -> Self {
        Self { which: Which::Found(Found { batch, q, ..Found::default() }), action }
    }

    /// The events of these numbers, as they are.
    pub fn named<'a>(numbers: impl IntoIterator<Item = &'a str>, action: EventAction) -> Self {
        let picked = |number: &str| Picked { key: number.into(), version: "".into() };
        Self { which: Which::These(numbers.into_iter().map(picked).collect()), action }
    }

    /// Those of a query's events that fit a further condition as well.
    #[must_use]
    pub fn narrowed(self, condition: &str) -> Self {
        match self.which {
            Which::Found(found) => {
                let q = joined(&found.q, condition);
                Self { which: Which::Found(Found { q, ..found }), ..self }
            }
            Which::These(_) => self,
        }
    }

    /// These were changed since they were chosen, and are meant as they are now.
    pub fn take_changed(&mut self, changed: &[ChangedSince]) {
        if let Which::These(records) = &mut self.which {
            for one in changed {
                records
                    .renew(Picked { key: one.number.as_str().into(), version: one.version.as_str().into() });
            }
        }
    }
}

/// Two row-match conditions that both hold.
pub fn joined(one: &str, other: &str) -> String {
    match (one, other) {
        ("", only) | (only, "") => only.to_owned(),
        (one, other) => format!("({one}) and {other}"),
    }
}
