//! The history of changes: a row for each field that a change moved. The vendor documents no such
//! resource; it is the demo server's own.

use super::{BATCH, BATCH_ERROR, CHARGE, EVENT, MESSAGE, RULE_CONDITION, field};
use crate::schema::{Access, Field, Kind, Schema};

/// Values are texts in the notation of the wire; none where the field was empty. A row names the batch and
/// the event that its record belonged to once the change was made, and the batch that the change took an
/// event out of (`PreviousBatchNumber`): it belongs to the history of both.
pub static CHANGE_HISTORY: Schema = Schema {
    resource: "changeHistory",
    key: "ChangeId",
    fields: &[
        field("BatchNumber", Kind::Text, Access::ReadOnly, "Batch"),
        field("ChangeId", Kind::Int64, Access::ReadOnly, "Change identifier"),
        field("ChangedAt", Kind::DateTime, Access::ReadOnly, "When"),
        field("ChangedBy", Kind::Text, Access::ReadOnly, "Who"),
        field("EventNumber", Kind::Text, Access::ReadOnly, "Event"),
        field("FieldName", Kind::Text, Access::ReadOnly, "Field"),
        field("ObjectVersionNumber", Kind::Int64, Access::ReadOnly, "Version"),
        field("PreviousBatchNumber", Kind::Text, Access::ReadOnly, "Previous batch"),
        field("RecordKey", Kind::Text, Access::ReadOnly, "Record"),
        field("RequestId", Kind::Text, Access::ReadOnly, "Request"),
        field("ResourceName", Kind::Text, Access::ReadOnly, "Kind of record"),
        field("ValueAfter", Kind::Text, Access::ReadOnly, "After"),
        field("ValueBefore", Kind::Text, Access::ReadOnly, "Before"),
    ],
    children: &[],
};

/// The field that a row of the history is about: `resource` and `name` are its ResourceName and FieldName.
pub fn changed_field(resource: &str, name: &str) -> Option<&'static Field> {
    let schemas = [&BATCH, &EVENT, &CHARGE, &MESSAGE, &RULE_CONDITION, &BATCH_ERROR];
    schemas.into_iter().find(|schema| schema.resource == resource)?.field(name)
}
