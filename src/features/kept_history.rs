//! A change that the system keeps, in words.

use rest_contract::oracle::changed_field;
use rest_contract::{Field, Record, Value};

fn field_of(change: &Record) -> Option<&'static Field> {
    changed_field(change.text("ResourceName")?, change.text("FieldName")?)
}

/// The title of the field that was changed.
pub fn field_words(change: &Record) -> &str {
    let name = change.text("FieldName").unwrap_or_default();
    field_of(change).map_or(name, |field| field.title)
}

/// A member of a change: a value of the field that was changed, or of the history's own.
pub fn value_of(change: &Record, kind: &'static Field) -> (&'static Field, Option<Value>) {
    match (field_of(change), change.get(kind.name)) {
        (Some(field), Some(Value::Text(text))) if kind.name.starts_with("Value") => {
            (field, Some(field.read_text(text).unwrap_or_else(|_| Value::Unread(text.clone()))))
        }
        (_, value) => (kind, value.cloned()),
    }
}

/// Which record was changed, such as "Charge 17 of event TEL-1".
pub fn record_words(change: &Record) -> String {
    let words = |name: &str| change.text(name).unwrap_or_default();
    let kind = match words("ResourceName") {
        "subscriptionUsageEventBatches" => "Batch",
        "usageEvents" => "Event",
        "usageCharges" => "Charge",
        "usageMessages" => "Message",
        "ruleBuilderConditions" => "Rule",
        other => other,
    };
    match change.text("EventNumber").filter(|_| kind != "Event") {
        Some(event) => format!("{kind} {} of event {event}", words("RecordKey")),
        None => format!("{kind} {}", words("RecordKey")),
    }
}
