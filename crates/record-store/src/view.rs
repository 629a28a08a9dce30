//! What a screen reads from the store: values with their marks, and proposals with where they
//! stand. Views borrow; nothing in them can be kept past the next event.

use crate::action::{Action, PendingAction};
use crate::intent::{Intent, IntentState};
use crate::record::Record;
use crate::{Change, Field, IntentId, Reason, RefusalKind, Time, Value, Version};

/// What a shown value is (S6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The server holds it.
    Confirmed,
    /// Typed here, not sent yet.
    Waiting,
    Sending,
    /// Sent, no answer, being looked up.
    InDoubt,
    /// The server's value is shown; a typed one stands against it.
    Conflict,
    /// The server's value is shown; a typed one was refused.
    Refused,
}

impl Mark {
    pub(crate) fn of<F>(state: &IntentState<F>) -> Self {
        match state {
            IntentState::Waiting => Self::Waiting,
            IntentState::Sending { .. } => Self::Sending,
            IntentState::InDoubt => Self::InDoubt,
            IntentState::Conflict => Self::Conflict,
            IntentState::Refused { .. } => Self::Refused,
        }
    }
}

/// One record as it is to be shown.
#[derive(Debug)]
pub struct RecordView<'a, K, F, V> {
    pub(crate) key: &'a K,
    pub(crate) record: &'a Record<F, V>,
}

/// One field of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldView<'a, F, V> {
    pub field: &'a F,
    /// The confirmed value under the proposals; `None` if there is no such field.
    pub shown: Option<&'a V>,
    pub confirmed: Option<&'a V>,
    pub mark: Mark,
}

impl<'a, K, F: Field, V: Value> RecordView<'a, K, F, V> {
    pub fn key(&self) -> &'a K {
        self.key
    }

    /// The confirmed version; `None` while the record has not been read.
    pub fn version(&self) -> Option<&'a Version> {
        self.record.version()
    }

    /// The record was deleted; its last known values are still here.
    pub fn is_gone(&self) -> bool {
        self.record.gone.is_some()
    }

    pub fn shown(&self, field: &F) -> Option<&'a V> {
        self.record.shown(field)
    }

    pub fn confirmed(&self, field: &F) -> Option<&'a V> {
        self.record.confirmed(field)
    }

    pub fn mark(&self, field: &F) -> Mark {
        self.record.mark(field)
    }

    /// Every field that is confirmed or proposed, in the order of their names.
    pub fn fields(&self) -> impl Iterator<Item = FieldView<'a, F, V>> + use<'a, K, F, V> {
        let record = self.record;
        record.field_names().into_iter().map(|field| FieldView {
            field,
            shown: record.shown(field),
            confirmed: record.confirmed(field),
            mark: record.mark(field),
        })
    }

    /// The proposals on this record that are not settled: the one that is out, then the others in
    /// the order the person sent them off.
    pub fn intents(&self) -> impl Iterator<Item = IntentView<'a, K, F, V>> + use<'a, K, F, V> {
        let (key, record) = (self.key, self.record);
        record.intents.iter().map(move |intent| IntentView { key, record, intent })
    }

    /// The actions on this record that are not done, in the order the person sent them off.
    pub fn actions(&self) -> impl Iterator<Item = ActionView<'a, K, F, V>> + use<'a, K, F, V> {
        let (key, record) = (self.key, self.record);
        record.actions.iter().map(move |act| ActionView { key, act })
    }

    /// The server does not know the record yet.
    pub fn is_being_created(&self) -> bool {
        self.record.creation().is_some()
    }
}

/// One action on its way.
#[derive(Debug)]
pub struct ActionView<'a, K, F, V> {
    key: &'a K,
    act: &'a PendingAction<F, V>,
}

impl<'a, K, F: Field, V: Value> ActionView<'a, K, F, V> {
    pub fn id(&self) -> IntentId {
        self.act.id
    }

    pub fn key(&self) -> &'a K {
        self.key
    }

    /// When it was asked for.
    pub fn at(&self) -> Time {
        self.act.at
    }

    pub fn action(&self) -> &'a Action<F, V> {
        &self.act.action
    }

    pub fn state(&self) -> &'a IntentState<F> {
        &self.act.state
    }
}

/// One proposal: pending, in doubt, in conflict or refused.
#[derive(Debug)]
pub struct IntentView<'a, K, F, V> {
    key: &'a K,
    record: &'a Record<F, V>,
    intent: &'a Intent<F, V>,
}

/// One field of a proposal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChangeView<'a, F, V> {
    pub field: &'a F,
    /// The confirmed value it was typed over.
    pub base: Option<&'a V>,
    /// The confirmed value now.
    pub theirs: Option<&'a V>,
    pub mine: &'a V,
    /// Somebody else changed this very field: it needs a [`Choice`](crate::Choice).
    pub overlaps: bool,
}

impl<'a, K, F: Field, V: Value> IntentView<'a, K, F, V> {
    pub fn id(&self) -> IntentId {
        self.intent.id
    }

    pub fn key(&self) -> &'a K {
        self.key
    }

    /// When it was proposed.
    pub fn at(&self) -> Time {
        self.intent.at
    }

    pub fn state(&self) -> &'a IntentState<F> {
        &self.intent.state
    }

    /// Why it was refused, if it was.
    pub fn refusal(&self) -> Option<(RefusalKind, &'a [Reason<F>])> {
        match &self.intent.state {
            IntentState::Refused { kind, reasons } => Some((*kind, reasons)),
            IntentState::Waiting
            | IntentState::Sending { .. }
            | IntentState::InDoubt
            | IntentState::Conflict => None,
        }
    }

    pub fn changes(&self) -> impl Iterator<Item = ChangeView<'a, F, V>> + use<'a, K, F, V> {
        let record = self.record;
        self.intent.changes.iter().map(move |(field, change)| {
            let Change { base, mine, contested } = change;
            let theirs = record.confirmed(field);
            ChangeView { field, base: base.as_ref(), theirs, mine, overlaps: *contested }
        })
    }
}
