//! Whether something may be done to one event, by what is known of it before its batch is read.

use crate::data::sync::FieldName;
use rest_contract::Value;
use rest_contract::oracle::life_cycle::{BatchStatus, EventAction, EventFacts, EventStatus, event_action};

/// Why an event's own state forbids an action, if so. What is not known or not understood forbids nothing:
/// then the reading before the action decides, and so it does about the event's batch.
pub fn why_forbidden(action: EventAction, value: impl Fn(FieldName) -> Option<Value>) -> Option<String> {
    let quantity = value("UsageQuantity");
    let is_related = matches!(value("RelatedEventId"), Some(id) if id != Value::Null);
    let facts = EventFacts {
        status: EventStatus::of(value("EventStatus")?.as_text()?)?,
        can_be_reversed: value("ReverseFlag") != Some(Value::Boolean(false)),
        is_reversal: is_related
            && quantity
                .as_ref()
                .and_then(Value::as_decimal)
                .is_some_and(|quantity| quantity.is_sign_negative()),
        batch_status: BatchStatus::Completed,
    };
    event_action(facts, action).err().map(|reason| reason.to_string())
}
