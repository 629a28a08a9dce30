//! What a person does to a record: propose a value, decide a conflict, give up, try again.

use super::undo::Edit;
use super::{FieldName, RecordSync, StoreEvent, View, now};
use crate::rest_client::RecordKey;
use leptos::prelude::UpdateValue;
use record_store::{Choice, Event, Fields, IntentId, IntentState, Version};
use rest_contract::Value;
use std::collections::BTreeMap;

/// A confirmed state of a record.
pub type Confirmed = (Version, Fields<FieldName, Value>);

impl RecordSync {
    /// Proposes one field's new value. `base` is the confirmed row that the person looks at. What was
    /// refused of this field before is replaced by it.
    pub fn propose(&self, key: RecordKey, base: Confirmed, field: FieldName, value: Value) {
        let shown = self.with_view(&key, |view| view?.shown(&field).cloned());
        let before = shown.or_else(|| base.1.get(field).cloned()).unwrap_or(Value::Null);
        let after = value.clone();
        self.send(key.clone(), base, field, value);
        let edit = Edit { intent: self.last_intent(), key, field, before, after };
        self.inner.update_value(|inner| inner.history.remember(edit));
    }

    /// Proposes over the state that the store holds; false where it holds none.
    pub fn propose_over_view(&self, key: &RecordKey, field: FieldName, value: Value) -> bool {
        let base = self.confirmed(key);
        base.map(|base| self.propose(key.clone(), base, field, value)).is_some()
    }

    /// The same without a place in the history of edits.
    pub(super) fn send_over_view(&self, key: &RecordKey, field: FieldName, value: Value) -> bool {
        let base = self.confirmed(key);
        base.map(|base| self.send(key.clone(), base, field, value)).is_some()
    }

    fn send(&self, key: RecordKey, base: Confirmed, field: FieldName, value: Value) {
        for refused in self.refused(&key, field) {
            self.discard(refused);
        }
        let intent = self.next_intent(field);
        let changes = Fields::from([(field, value)]);
        self.apply(Event::Propose { intent, key, base, changes, at: now() });
    }

    fn confirmed(&self, key: &RecordKey) -> Option<Confirmed> {
        self.with_view(key, |view| {
            let view = view?;
            let fields = view.fields().filter_map(|field| Some((*field.field, field.confirmed?.clone())));
            Some((view.version()?.clone(), fields.collect()))
        })
    }

    fn refused(&self, key: &RecordKey, field: FieldName) -> Vec<IntentId> {
        self.with_view(key, |view| {
            let intents = view.iter().flat_map(View::intents);
            let refused = intents.filter(|intent| {
                matches!(intent.state(), IntentState::Refused { .. })
                    && intent.changes().any(|change| *change.field == field)
            });
            refused.map(|intent| intent.id()).collect()
        })
    }

    pub fn resolve(&self, intent: IntentId, choices: BTreeMap<FieldName, Choice<Value>>) {
        self.apply(StoreEvent::Resolve { intent, choices });
    }

    pub fn discard(&self, intent: IntentId) {
        self.apply(StoreEvent::Discard { intent });
    }

    pub fn retry(&self, intent: IntentId) {
        self.apply(StoreEvent::Retry { intent });
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
