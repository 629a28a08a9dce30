//! A proposal of a person: typed values over the values they saw, and where it stands.

use crate::{Fields, IntentId, Reason, RefusalKind, RequestId, Stamp, Time, map_of};
use std::collections::BTreeMap;

/// One typed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<V> {
    /// The confirmed value it was typed over; `None` if the record did not carry the field.
    pub base: Option<V>,
    pub mine: V,
    /// Somebody else changed the field meanwhile, and the person has not decided yet.
    pub contested: bool,
}

impl<V: PartialEq> Change<V> {
    /// Whether it changes nothing: what the proposal's other values mean rests on this one staying as the
    /// person saw it. It is not sent, and is a conflict where it has changed, by whomever.
    pub(crate) fn is_premise(&self) -> bool {
        self.base.as_ref() == Some(&self.mine)
    }
}

/// Where a proposal stands. Settled and discarded ones are no longer in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentState<F> {
    /// Not sent yet: behind an earlier write, offline, paused or waiting for a read.
    Waiting,
    Sending {
        request: RequestId,
    },
    /// Sent, no answer. The next reading of the record decides.
    InDoubt,
    /// Somebody else changed a field of it. Never sent until the person decides.
    Conflict,
    /// The server said no. Kept for correction; no part of any value shown (S5).
    Refused {
        kind: RefusalKind,
        reasons: Vec<Reason<F>>,
    },
}

impl<F: Clone> IntentState<F> {
    pub(crate) fn refusal(&self) -> Option<(RefusalKind, Vec<Reason<F>>)> {
        match self {
            Self::Refused { kind, reasons } => Some((*kind, reasons.clone())),
            Self::Waiting | Self::Sending { .. } | Self::InDoubt | Self::Conflict => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Intent<F, V> {
    pub(crate) id: IntentId,
    pub(crate) at: Time,
    /// When the person last sent it off: by proposing, resolving or retrying. What was sent off
    /// later stands over what was sent off before.
    pub(crate) sent_off: Stamp,
    pub(crate) sent_off_at: Time,
    /// The proposals whose values the person saw then.
    pub(crate) over: Vec<IntentId>,
    pub(crate) changes: BTreeMap<F, Change<V>>,
    pub(crate) state: IntentState<F>,
    /// While it was out, the server was seen to hold every value of it.
    pub(crate) landed: bool,
    /// Stale answers since the person last touched it.
    pub(crate) rebases: u32,
}

impl<F: Ord + Clone, V: Clone + PartialEq> Intent<F, V> {
    /// Whether its values are part of what is shown (S1, S5).
    pub(crate) fn composes(&self) -> bool {
        match self.state {
            IntentState::Waiting | IntentState::Sending { .. } | IntentState::InDoubt => true,
            IntentState::Conflict | IntentState::Refused { .. } => false,
        }
    }

    /// Whether its write left and has not been proven done or not done.
    pub(crate) fn is_out(&self) -> bool {
        matches!(self.state, IntentState::Sending { .. } | IntentState::InDoubt)
    }

    /// Whether it was sent off over the values of this earlier one. Of two tabs' proposals that came
    /// together later, neither was.
    pub(crate) fn stands_over(&self, earlier: IntentId, sent_off: Stamp) -> bool {
        self.sent_off > sent_off && self.over.contains(&earlier)
    }

    /// The typed values, as a write carries them.
    pub(crate) fn typed(&self) -> Fields<F, V> {
        let changing = self.changes.iter().filter(|(_, change)| !change.is_premise());
        map_of(changing.map(|(field, change)| (field.clone(), change.mine.clone())))
    }
}
