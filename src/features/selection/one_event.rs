//! Whether something may be done to one event, by what is known of it before its batch is read.

use crate::data::sync::FieldName;
use crate::features::field_form::closed_words;
use rest_contract::Value;
use rest_contract::oracle::closed_period::{ClosedPeriod, holding};
use rest_contract::oracle::eligibility::is_reversal;
use rest_contract::oracle::life_cycle::{BatchStatus, EventAction, EventFacts, EventStatus, event_action};

/// Why an event's own state forbids an action, if so. What is not known or not understood forbids nothing:
/// then the reading before the action decides, and so it does about the event's batch.
pub fn why_forbidden(
    action: EventAction,
    closed: &[ClosedPeriod],
    value: impl Fn(FieldName) -> Option<Value>,
) -> Option<String> {
    if let Some(period) = holding(closed, value("EventStartTime").as_ref()) {
        return Some(closed_words(period));
    }
    let facts = EventFacts {
        status: EventStatus::of(value("EventStatus")?.as_text()?)?,
        can_be_reversed: value("ReverseFlag") != Some(Value::Boolean(false)),
        is_reversal: is_reversal(value("RelatedEventId").as_ref(), value("UsageQuantity").as_ref()),
        batch_status: BatchStatus::Completed,
        in_closed_period: false,
    };
    event_action(facts, action).err().map(|reason| reason.to_string())
}
