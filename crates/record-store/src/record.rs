//! One record: the confirmed base and the proposals over it (S1).
//! This file only says what is shown and what is out; `compare` and `store` decide.

use crate::intent::{Change, Intent, IntentState};
use crate::version::{Age, age};
use crate::view::Mark;
use crate::{Field, Fields, Stamp, Value, Version};
use std::collections::{BTreeMap, BTreeSet};

/// What the server is known to hold.
#[derive(Clone, Debug)]
pub(crate) struct Base<F, V> {
    pub(crate) version: Version,
    pub(crate) fields: Fields<F, V>,
    /// The server was at this version at this moment or before.
    pub(crate) learnt: Stamp,
}

#[derive(Clone, Debug)]
pub(crate) struct Record<F, V> {
    /// How many screens show it.
    pub(crate) held: usize,
    /// `None` until the first read.
    pub(crate) base: Option<Base<F, V>>,
    /// Set when the record was found to be deleted; the last base stays to be shown.
    pub(crate) gone: Option<Stamp>,
    /// The one that is out first, then in the order the person sent them off.
    pub(crate) intents: Vec<Intent<F, V>>,
    /// Fields that others changed since the proposals were last compared with the base.
    pub(crate) moved: BTreeSet<F>,
    /// Something depends on a reading that left at this moment or later; nothing is written
    /// before it is in (S4).
    pub(crate) wants_read: Option<Stamp>,
}

/// What of a record can be seen; two of them tell what an event changed.
#[derive(Debug, PartialEq)]
pub(crate) struct Picture<F, V> {
    cells: BTreeMap<F, (Option<V>, Mark)>,
    version: Option<Version>,
    gone: bool,
}

impl<F: Field, V: Value> Record<F, V> {
    pub(crate) fn unread() -> Self {
        Self {
            held: 0,
            base: None,
            gone: None,
            intents: Vec::new(),
            moved: BTreeSet::new(),
            wants_read: None,
        }
    }

    /// How an arriving state stands to what is known.
    pub(crate) fn age_of(&self, version: &Version, asked_at: Stamp) -> Age {
        match (&self.base, self.gone) {
            (_, Some(gone)) if asked_at >= gone => Age::Newer,
            (_, Some(_)) => Age::Older,
            (Some(base), None) => age(version, asked_at, &base.version, base.learnt),
            (None, None) => Age::Newer,
        }
    }

    pub(crate) fn confirmed(&self, field: &F) -> Option<&V> {
        self.base.as_ref()?.fields.get(field)
    }

    /// The proposal whose value of this field is shown, the newest that composes.
    fn shown_intent(&self, field: &F) -> Option<&Intent<F, V>> {
        self.intents.iter().rfind(|intent| intent.composes() && intent.changes.contains_key(field))
    }

    /// The typed value of this field that is shown.
    pub(crate) fn topmost(&self, field: &F) -> Option<&Change<V>> {
        self.shown_intent(field)?.changes.get(field)
    }

    /// The confirmed value under the proposals in their order (S1).
    pub(crate) fn shown(&self, field: &F) -> Option<&V> {
        match self.topmost(field) {
            Some(change) => Some(&change.mine),
            None => self.confirmed(field),
        }
    }

    /// What the shown value is (S6).
    pub(crate) fn mark(&self, field: &F) -> Mark {
        if let Some(intent) = self.shown_intent(field) {
            return Mark::of(&intent.state);
        }
        let kept = |wanted: Mark| {
            self.intents
                .iter()
                .any(|intent| intent.changes.contains_key(field) && Mark::of(&intent.state) == wanted)
        };
        if kept(Mark::Conflict) {
            Mark::Conflict
        } else if kept(Mark::Refused) {
            Mark::Refused
        } else {
            Mark::Confirmed
        }
    }

    /// Every field that is confirmed or proposed.
    pub(crate) fn field_names(&self) -> BTreeSet<&F> {
        let confirmed = self.base.iter().flat_map(|base| base.fields.keys());
        let proposed = self.intents.iter().flat_map(|intent| intent.changes.keys());
        confirmed.chain(proposed).collect()
    }

    /// Whether a write of this record has left and is not yet answered or proven (S3).
    pub(crate) fn has_write_out(&self) -> bool {
        self.intents.iter().any(Intent::is_out)
    }

    /// The place of the proposal to be written next, if one may be written now (S3, S4).
    pub(crate) fn next_write(&self) -> Option<usize> {
        if self.has_write_out() || self.wants_read.is_some() || self.gone.is_some() {
            return None;
        }
        self.intents.iter().position(|intent| intent.state == IntentState::Waiting)
    }

    /// A reading that left after the loss is in: what was in doubt can be compared.
    pub(crate) fn doubt_is_over(&mut self) {
        for intent in &mut self.intents {
            if intent.state == IntentState::InDoubt {
                intent.state = IntentState::Waiting;
            }
        }
    }

    /// Whether a screen or a proposal needs to know the newest state.
    pub(crate) fn is_needed(&self) -> bool {
        self.held > 0 || !self.intents.is_empty()
    }

    pub(crate) fn picture(&self) -> Picture<F, V> {
        Picture {
            cells: self
                .field_names()
                .into_iter()
                .map(|field| {
                    let cell = (self.shown(field).cloned(), self.mark(field));
                    (field.clone(), cell)
                })
                .collect(),
            version: self.base.as_ref().map(|base| base.version.clone()),
            gone: self.gone.is_some(),
        }
    }
}

impl<F: Field, V: Value> Picture<F, V> {
    /// The fields that differ between two pictures, or `None` if nothing does.
    pub(crate) fn difference(&self, after: &Self) -> Option<Vec<F>> {
        if self == after {
            return None;
        }
        let names: BTreeSet<&F> = self.cells.keys().chain(after.cells.keys()).collect();
        let differs = |field: &&F| self.cells.get(*field) != after.cells.get(*field);
        Some(names.into_iter().filter(differs).cloned().collect())
    }
}
