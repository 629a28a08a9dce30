//! What a person does to a record: propose a value, decide a conflict, give up, try again.

use super::bulk::Command;
use super::notices::Fact;
use super::operations::{Done, Row};
use super::{ChangeStatus, FieldName, RecordSync, StoreEvent, View, now};
use crate::api::RecordKey;
use crate::text::with_plain_times;
use leptos::prelude::{Track, UpdateValue, WithValue};
use record_store::{
    Action as Asked, Choice, Event, Fields, IntentId, IntentState, Mark, Reason, RefusalKind, Version, map_of,
};
use rest_contract::Value;
use rest_contract::oracle::action::{self, Action, Arguments};
use std::collections::BTreeMap;

/// How something asked for stands, for the screen that asked.
#[derive(Clone, Debug, PartialEq)]
pub enum OperationStatus {
    /// On its way.
    Open,
    /// Sent, no answer, being looked up.
    InDoubt,
    /// Someone else changed the same; a person decides.
    Conflict,
    Done,
    /// The server's words, or the console's where it said nothing.
    Refused(String),
    GivenUp,
}

/// Why something was refused: the server's words, or the console's where it said nothing.
pub fn refusal_text(kind: RefusalKind, reasons: &[Reason<FieldName>]) -> String {
    with_plain_times(&refusal_as_said(kind, reasons))
}

/// The same to the letter, for a file.
pub fn refusal_as_said(kind: RefusalKind, reasons: &[Reason<FieldName>]) -> String {
    let said: Vec<_> =
        reasons.iter().map(|reason| reason.message.trim()).filter(|said| !said.is_empty()).collect();
    if said.is_empty() { refusal_words(kind).to_owned() } else { said.join(" ") }
}

/// Why something was refused, where the server gave no words of its own.
fn refusal_words(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Business => "The record's state does not allow it.",
        RefusalKind::Validation => "A value is not allowed.",
        RefusalKind::Role => "Your role does not allow it.",
        RefusalKind::Gone => "The record no longer exists.",
        RefusalKind::Contended => "Others changed the record each time it was tried.",
        RefusalKind::Offline => {
            "You were offline, so this was not sent and is not queued. Try again when you are back online."
        }
        RefusalKind::NotDone => {
            "Its answer was lost. A reading proved that it was not done: try again, or discard it."
        }
    }
}

/// A confirmed state of a record.
pub type Confirmed = (Version, Fields<FieldName, Value>);

impl RecordSync {
    /// Proposes new values of fields, which the server is to take or refuse together. `base` is the
    /// confirmed state that the person had before their eyes when they began to type, as
    /// [`seen`](Self::seen) told it then: what came in while they typed they have not seen, and it is
    /// merged or a conflict. What was refused of these fields before is replaced.
    pub fn propose(&self, key: RecordKey, base: Confirmed, changes: Fields<FieldName, Value>) {
        let before = self.with_view(&key, |view| {
            let shown = |field: &FieldName| view.as_ref().and_then(|view| view.shown(field).cloned());
            let before = |field: &FieldName| shown(field).or_else(|| base.1.get(field).cloned());
            map_of(changes.keys().map(|field| (*field, before(field).unwrap_or(Value::Null))))
        });
        let operation = self.inner.try_update_value(|inner| {
            let operation = inner.operations.begin(vec![Row::new(key, base.0.clone(), before, changes)]);
            inner.operations.remember(Done::Operation(operation));
            operation
        });
        if let Some(operation) = operation {
            self.run_now(vec![Command::Propose { operation, at: 0, base }]);
        }
    }

    /// The confirmed state of a record as it is on the screen now; nothing where it was not read.
    pub fn seen(&self, key: &RecordKey) -> Option<Confirmed> {
        self.with_view(key, |view| {
            let view = view?;
            let fields = view.fields().filter_map(|field| Some((*field.field, field.confirmed?.clone())));
            Some((view.version()?.clone(), map_of(fields)))
        })
    }

    /// Asks for something to be done once. Where it creates a record, `key` is the one that the
    /// person chose for it.
    pub fn act(&self, key: RecordKey, action: &'static Action, arguments: Arguments) -> IntentId {
        let intent = self.new_intent();
        self.notices.end(Fact::Action(key.clone()));
        let creates = *action == action::CREATE;
        let action = Asked { name: action.name, arguments, creates };
        self.inner.update_value(|inner| inner.operations.remember(Done::Act(intent)));
        self.apply(Event::Act { intent, key, action, at: now() });
        intent
    }

    /// Where an intent stands, followed as it moves on.
    pub fn operation_status(&self, intent: IntentId) -> OperationStatus {
        self.log_revision.track();
        self.with_log(|log| {
            let Some(entry) = log.entry(intent) else { return OperationStatus::Open };
            match (entry.status(), &entry.persisted.refusal) {
                (ChangeStatus::Settled, _) => OperationStatus::Done,
                (ChangeStatus::Discarded, _) => OperationStatus::GivenUp,
                (ChangeStatus::Open(Mark::InDoubt), _) => OperationStatus::InDoubt,
                (ChangeStatus::Open(Mark::Conflict), _) => OperationStatus::Conflict,
                (ChangeStatus::Open(Mark::Refused), Some((kind, reasons))) => {
                    OperationStatus::Refused(refusal_text(*kind, reasons))
                }
                _ => OperationStatus::Open,
            }
        })
    }

    /// The key that the server gave to a record created here.
    pub fn created_as(&self, intent: IntentId) -> Option<RecordKey> {
        self.inner.with_value(|inner| inner.created.get(&intent).cloned())
    }

    pub fn resolve(&self, intent: IntentId, choices: BTreeMap<FieldName, Choice<Value>>) {
        self.apply(StoreEvent::Resolve { intent, choices });
    }

    pub fn discard(&self, intent: IntentId) {
        self.apply(StoreEvent::Discard { intent });
    }

    pub fn retry(&self, intent: IntentId) {
        self.apply(StoreEvent::Retry { intent, at: now() });
    }
}

/// What was typed into a field and not accepted: refused, or in conflict. It is what a correction
/// begins from.
pub fn typed_value<'a>(view: &View<'a>, field: FieldName) -> Option<&'a Value> {
    let open = view
        .intents()
        .filter(|intent| matches!(intent.state(), IntentState::Refused { .. } | IntentState::Conflict));
    let changes = open.flat_map(|intent| intent.changes().collect::<Vec<_>>());
    changes.filter(|change| *change.field == field).map(|change| change.mine).last()
}
