//! Undo and redo of edits. What has not left is taken back; what the server holds is changed back by
//! a further edit, which carries its own version and can be refused like any other.

use super::{FieldName, RecordSync, View};
use crate::rest_client::RecordKey;
use grid_model::Tone;
use leptos::prelude::UpdateValue;
use record_store::{IntentId, IntentState};
use rest_contract::Value;

/// Older edits can no longer be undone.
const REMEMBERED: usize = 200;

/// One edit that a person made.
#[derive(Clone, Debug)]
pub struct Edit {
    pub intent: IntentId,
    pub key: RecordKey,
    pub field: FieldName,
    pub before: Value,
    pub after: Value,
}

/// The edits of this page, newest last.
#[derive(Debug, Default)]
pub struct EditHistory {
    done: Vec<Edit>,
    undone: Vec<Edit>,
}

impl EditHistory {
    /// A new edit ends what could be done again.
    pub fn remember(&mut self, edit: Edit) {
        self.undone.clear();
        self.done.push(edit);
        let surplus = self.done.len().saturating_sub(REMEMBERED);
        self.done.drain(..surplus);
    }
}

impl RecordSync {
    pub fn undo(&self) {
        let Some(Some(edit)) = self.inner.try_update_value(|inner| inner.history.done.pop()) else { return };
        let still_open = self.with_view(&edit.key, |view| {
            let mut intents = view.iter().flat_map(View::intents);
            intents.find(|intent| intent.id() == edit.intent).map(|intent| intent.state().clone())
        });
        match still_open {
            Some(IntentState::Waiting | IntentState::Refused { .. } | IntentState::Conflict) => {
                self.discard(edit.intent);
            }
            Some(IntentState::Sending { .. } | IntentState::InDoubt) | None => {
                if !self.put(&edit, &edit.after, &edit.before) {
                    return;
                }
            }
        }
        self.tell_about(&edit, "undone");
        self.inner.update_value(|inner| inner.history.undone.push(edit));
    }

    pub fn redo(&self) {
        let Some(Some(edit)) = self.inner.try_update_value(|inner| inner.history.undone.pop()) else {
            return;
        };
        if let Some(intent) = self.put(&edit, &edit.before, &edit.after).then(|| self.last_intent()) {
            self.tell_about(&edit, "done again");
            self.inner.update_value(|inner| inner.history.done.push(Edit { intent, ..edit }));
        }
    }

    /// Proposes `to` where the field still shows `from`; says why not where it does not.
    fn put(&self, edit: &Edit, from: &Value, to: &Value) -> bool {
        let shown = self.with_view(&edit.key, |view| view?.shown(&edit.field).cloned());
        let reason = match shown {
            Some(shown) if shown == *from => {
                return self.send_over_view(&edit.key, edit.field, to.clone());
            }
            Some(_) => "it was changed again since",
            None => "it is no longer at hand; open the event to change it",
        };
        self.notices
            .tell(Tone::Warn, format!("{} of {} stays as it is: {reason}.", title(edit), edit.key.name()));
        false
    }

    fn tell_about(&self, edit: &Edit, what: &str) {
        let value =
            |value: &Value| if *value == Value::Null { "empty".to_owned() } else { value.to_string() };
        let (from, to) = (value(&edit.before), value(&edit.after));
        self.notices
            .tell(Tone::Info, format!("{} of {}: {from} to {to} {what}.", title(edit), edit.key.name()));
    }
}

fn title(edit: &Edit) -> &'static str {
    edit.key.resource.schema().field(edit.field).map_or(edit.field, |field| field.title)
}
