//! What a person does to a record: propose a value, decide a conflict, give up, try again.

use super::{FieldName, RecordSync, StoreEvent, View, now};
use crate::rest_client::RecordKey;
use record_store::{Choice, Event, Fields, IntentId, IntentState, Version};
use rest_contract::Value;
use std::collections::BTreeMap;

impl RecordSync {
    /// Proposes one field's new value. `base` is the confirmed row that the person looks at. What was
    /// refused of this field before is replaced by it.
    pub fn propose(
        &self,
        key: RecordKey,
        base: (Version, Fields<FieldName, Value>),
        field: FieldName,
        value: Value,
    ) {
        for refused in self.refused(&key, field) {
            self.discard(refused);
        }
        let intent = self.next_intent(field);
        let changes = Fields::from([(field, value)]);
        self.apply(Event::Propose { intent, key, base, changes, at: now() });
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
