//! One record: the confirmed base and the proposals over it (S1).
//! This file only says what is shown and what is out; `compare` and `store` decide.

use crate::action::PendingAction;
use crate::intent::{Change, Intent, IntentState};
use crate::version::{Age, age};
use crate::view::Mark;
use crate::{Field, Fields, IntentId, Stamp, Value, Version};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the server is known to hold.
#[derive(Clone, Debug)]
pub(crate) struct Base<F, V> {
    pub(crate) version: Version,
    /// Shared with the writes made over it and with how the record looked before an event.
    pub(crate) fields: Arc<Fields<F, V>>,
    /// The server was at this version at this moment or before.
    pub(crate) learnt: Stamp,
}

/// What of a record leaves next, by its place among the proposals or the actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Edit(usize),
    Action(usize),
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
    /// What is to be done to it once, in the order the person sent it off.
    pub(crate) actions: Vec<PendingAction<F, V>>,
    /// Fields that others changed since the proposals were last compared with the base.
    pub(crate) moved: BTreeSet<F>,
    /// Something depends on a reading that left at this moment or later; nothing is written
    /// before it is in (S4).
    pub(crate) wants_read: Option<Stamp>,
}

impl<F: Field, V: Value> Base<F, V> {
    /// More of the same state became known.
    pub(crate) fn add(&mut self, fields: Fields<F, V>) {
        if fields.iter().any(|(field, value)| self.fields.get(field) != Some(value)) {
            Arc::make_mut(&mut self.fields).extend(fields);
        }
    }
}

impl<F: Field, V: Value> Record<F, V> {
    pub(crate) fn unread() -> Self {
        Self {
            held: 0,
            base: None,
            gone: None,
            intents: Vec::new(),
            actions: Vec::new(),
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

    /// The confirmed value under the proposals in their order (S1). A record that is still being
    /// created shows what it is to be created with.
    pub(crate) fn shown(&self, field: &F) -> Option<&V> {
        let typed = self.topmost(field).map(|change| &change.mine);
        typed.or_else(|| self.confirmed(field)).or_else(|| self.creation()?.action.arguments.get(field))
    }

    /// The action by which the record comes to be, as long as it has not.
    pub(crate) fn creation(&self) -> Option<&PendingAction<F, V>> {
        self.actions.iter().find(|act| act.action.creates)
    }

    /// What the shown value is (S6).
    pub(crate) fn mark(&self, field: &F) -> Mark {
        if let Some(intent) = self.shown_intent(field) {
            return Mark::of(&intent.state);
        }
        let persisted = |wanted: Mark, counts: fn(&Change<V>) -> bool| {
            self.intents.iter().any(|intent| {
                Mark::of(&intent.state) == wanted && intent.changes.get(field).is_some_and(counts)
            })
        };
        if persisted(Mark::Conflict, |_| true) {
            Mark::Conflict
        // What a change only rests on was not sent, so nobody refused it.
        } else if persisted(Mark::Refused, |change| !change.is_premise()) {
            Mark::Refused
        } else if let Some(creation) = self.creation()
            && self.base.is_none()
        {
            Mark::of(&creation.state)
        } else {
            Mark::Confirmed
        }
    }

    /// Every field that is confirmed or proposed, some of them several times.
    fn all_fields(&self) -> impl Iterator<Item = &F> {
        self.base.iter().flat_map(|base| base.fields.keys()).chain(self.typed_fields())
    }

    /// Every field that is confirmed or proposed, in the order of their names.
    pub(crate) fn field_names(&self) -> Vec<&F> {
        each_once(self.all_fields().collect())
    }

    fn typed_fields(&self) -> impl Iterator<Item = &F> {
        let proposed = self.intents.iter().flat_map(|intent| intent.changes.keys());
        let created = self.creation().into_iter().flat_map(|act| act.action.arguments.keys());
        proposed.chain(created)
    }

    /// Whether a write of this record, or an action on it, has left and is not yet answered or
    /// proven (S3).
    pub(crate) fn has_write_out(&self) -> bool {
        self.intents.iter().any(Intent::is_out) || self.actions.iter().any(PendingAction::is_out)
    }

    /// What is to leave next, if anything may leave now: proposals and actions in the order the
    /// person sent them off (S3, S4).
    pub(crate) fn next_to_leave(&self) -> Option<Next> {
        if self.has_write_out() || self.gone.is_some() {
            return None;
        }
        // On a record that is still being created nothing else can be done.
        if let Some(creation) = self.creation() {
            let at = self.actions.iter().position(|act| act.id == creation.id)?;
            return (creation.state == IntentState::Waiting).then_some(Next::Action(at));
        }
        let edit = self.intents.iter().position(|intent| intent.state == IntentState::Waiting);
        let act = self.actions.iter().position(|act| act.state == IntentState::Waiting);
        let edit_sent_off = edit.and_then(|at| Some(self.intents.get(at)?.sent_off));
        let act_sent_off = act.and_then(|at| Some(self.actions.get(at)?.sent_off));
        match (edit, act) {
            (None, None) => None,
            (_, Some(act)) if edit_sent_off.is_none() || act_sent_off < edit_sent_off => {
                Some(Next::Action(act))
            }
            (edit, _) => {
                let is_known = self.base.is_some() && self.wants_read.is_none();
                edit.filter(|_| is_known).map(Next::Edit)
            }
        }
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
        self.held > 0 || !self.intents.is_empty() || !self.actions.is_empty()
    }

    /// Where each intent on this record stands.
    pub(crate) fn states(&self) -> impl Iterator<Item = &IntentState<F>> {
        self.intents.iter().map(|intent| &intent.state).chain(self.actions.iter().map(|act| &act.state))
    }

    /// What is to be seen differently since it was as `before`: `None` if nothing is, else the
    /// fields whose value or mark differ.
    pub(crate) fn difference(&self, before: &Self) -> Option<Vec<F>> {
        let bases = before.base.as_ref().zip(self.base.as_ref());
        let same_values = bases.is_some_and(|(before, now)| Arc::ptr_eq(&before.fields, &now.fields));
        // Over the same base only fields that somebody typed into can look different.
        let names = if same_values {
            before.typed_fields().chain(self.typed_fields()).collect()
        } else {
            before.all_fields().chain(self.all_fields()).collect()
        };
        let differs =
            |field: &&F| before.shown(field) != self.shown(field) || before.mark(field) != self.mark(field);
        let fields: Vec<F> = each_once(names).into_iter().filter(differs).cloned().collect();
        let differs = !fields.is_empty()
            || before.gone.is_some() != self.gone.is_some()
            || before.version() != self.version()
            || !before.acts_shown().eq(self.acts_shown());
        differs.then_some(fields)
    }

    /// The confirmed version.
    pub(crate) fn version(&self) -> Option<&Version> {
        self.base.as_ref().map(|base| &base.version)
    }

    /// The actions as far as a screen shows them.
    fn acts_shown(&self) -> impl Iterator<Item = (IntentId, Mark)> {
        self.actions.iter().map(|act| (act.id, Mark::of(&act.state)))
    }
}

/// In order. A record has a few dozen fields: putting each in its place is less code than sorting.
fn each_once<F: Ord>(fields: Vec<&F>) -> Vec<&F> {
    let mut once = Vec::with_capacity(fields.len());
    for field in fields {
        if let Err(place) = once.binary_search(&field) {
            once.insert(place, field);
        }
    }
    once
}
