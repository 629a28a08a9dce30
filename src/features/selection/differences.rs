//! In what the events that were read differ from those that were chosen: told before anything is done.

use super::selected::Found;
use crate::text::{count, machine_second_utc, second_utc};
use chrono::{DateTime, Utc};
use grid_model::{Moved, WholeReading};
use leptos::prelude::*;
use rest_contract::{Record, Value};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Differences {
    /// Chosen events that somebody has changed since, in their order. They are left out.
    pub changed: Vec<ChangedSince>,
    /// Chosen events that no longer exist, or that the role may not see any more.
    pub gone: Vec<String>,
    /// All were chosen when there were so many, and now there are so many.
    pub counted: Option<Counted>,
    /// The list moved while it was read.
    pub moved: Option<Moved>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ChangedSince {
    pub number: String,
    /// The version that stands now.
    pub version: String,
    pub status: String,
    pub by: String,
    pub at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    pub then: usize,
    pub at: DateTime<Utc>,
    pub now: usize,
}

impl ChangedSince {
    pub fn of(number: String, version: String, event: &Record) -> Self {
        let text = |name| event.text(name).unwrap_or_default().to_owned();
        let at = match event.get("LastUpdateDate") {
            Some(Value::DateTime(at)) => Some(*at),
            _ => None,
        };
        Self { number, version, status: text("EventStatus"), by: text("LastUpdatedBy"), at }
    }

    /// Who changed it, and when, as far as the record says so.
    pub fn told(&self) -> String {
        match (&self.at, self.by.is_empty()) {
            (Some(at), false) => {
                format!("changed by {}, {} UTC", self.by, second_utc(at))
            }
            _ => "changed".to_owned(),
        }
    }
}

impl Differences {
    pub(super) fn of_the_question(&mut self, found: &Found, reading: &WholeReading) {
        self.moved = reading.difference();
        self.counted = found.counted.filter(|(then, _)| *then != reading.read()).map(|(then, at)| Counted {
            then,
            at,
            now: reading.read(),
        });
    }
}

impl Counted {
    pub fn told(&self) -> String {
        let at = machine_second_utc(&self.at);
        let at = at.get(11..).unwrap_or_default();
        format!(
            "The list had {} events when all of them were selected, at {at} UTC. Now it has {}.",
            count(self.then as u64),
            count(self.now as u64)
        )
    }
}

/// What a reading has noticed, and whether the person goes on all the same; a handle.
#[derive(Clone, Copy)]
pub struct Noticed {
    pub differences: RwSignal<Differences>,
    /// They go on with what was read although the list has moved meanwhile.
    goes_on: RwSignal<bool>,
}

impl Noticed {
    pub fn new() -> Self {
        Self { differences: RwSignal::default(), goes_on: RwSignal::new(false) }
    }

    pub fn clear(&self) {
        self.take(Differences::default());
    }

    pub fn take(&self, differences: Differences) {
        self.goes_on.set(false);
        self.differences.set(differences);
    }

    /// Whether nothing may be done before the person has decided.
    pub fn stops(&self) -> bool {
        self.differences.with(|differences| differences.moved.is_some()) && !self.goes_on.get()
    }

    pub fn go_on(&self) {
        self.goes_on.set(true);
    }
}
