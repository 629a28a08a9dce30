//! The history of changes: a row for each field that a change moved, and the same added up to the steps of a
//! batch. The vendor documents no such resources; they are the demo server's own.

use super::{BATCH, BATCH_ERROR, CHARGE, EVENT, MESSAGE, RULE_CONDITION, field};
use crate::schema::{Access, Field, Kind, Schema};

/// Values are texts in the notation of the wire; none where the field was empty. A row names the batch and
/// the event that its record belonged to once the change was made, and the other batch that the change tells
/// of (`OtherBatchNumber`): the one that an event left, or the one that its reversal is in. It belongs to the
/// history of both.
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
        field("OtherBatchNumber", Kind::Text, Access::ReadOnly, "Other batch"),
        field("RecordKey", Kind::Text, Access::ReadOnly, "Record"),
        field("RequestId", Kind::Text, Access::ReadOnly, "Request"),
        field("ResourceName", Kind::Text, Access::ReadOnly, "Kind of record"),
        field("ValueAfter", Kind::Text, Access::ReadOnly, "After"),
        field("ValueBefore", Kind::Text, Access::ReadOnly, "Before"),
    ],
    children: &[],
};

/// What was done in a batch together, by one request, one run of a job, or one person to one record after the
/// other: a row for each kind of record and field, and for each other batch, with how many changes it stands
/// for. The rows of one step share `StepNumber`. In the batch where it was changed, each record of a step counts in one of its rows, so that the sum
/// of `RecordCount` is the number of records. Key, event and values are those of all the changes, and empty where
/// they differ. `StepKind` is the code of a
/// [`StepKind`], as the batch sees it.
pub static CHANGE_STEP: Schema = Schema {
    resource: "changeSteps",
    key: "ChangeStepId",
    fields: &[
        field("BatchNumber", Kind::Text, Access::ReadOnly, "Batch"),
        field("ChangeCount", Kind::Int64, Access::ReadOnly, "Changes"),
        field("ChangeStepId", Kind::Int64, Access::ReadOnly, "Change step identifier"),
        field("ChangedAt", Kind::DateTime, Access::ReadOnly, "When"),
        field("ChangedBy", Kind::Text, Access::ReadOnly, "Who"),
        field("EventNumber", Kind::Text, Access::ReadOnly, "Event"),
        field("FieldName", Kind::Text, Access::ReadOnly, "Field"),
        field("OtherBatchNumber", Kind::Text, Access::ReadOnly, "Other batch"),
        field("RecordCount", Kind::Int64, Access::ReadOnly, "Records counted here"),
        field("RecordKey", Kind::Text, Access::ReadOnly, "Record"),
        field("ResourceName", Kind::Text, Access::ReadOnly, "Kind of record"),
        field("StepKind", Kind::Text, Access::ReadOnly, "Kind of step"),
        field("StepNumber", Kind::Int64, Access::ReadOnly, "Step"),
        field("ValueAfter", Kind::Text, Access::ReadOnly, "After"),
        field("ValueBefore", Kind::Text, Access::ReadOnly, "Before"),
        field("ValuesDiffer", Kind::Boolean, Access::ReadOnly, "Values differ"),
    ],
    children: &[],
};

/// What a step did to the records of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    Changed,
    /// Events came from the other batch, or came back from it.
    Came,
    CameBack,
    /// Events went to the other batch, or went back to it.
    Went,
    WentBack,
    /// The other batch has reversals of this one's events, or has them no longer.
    Reversed,
    ReversedNoLonger,
    /// This batch has reversals of the other one's events, or has them no longer.
    Reverses,
    ReversesNoLonger,
}

impl StepKind {
    /// A code that is not known is told as a change.
    pub fn of(code: &str) -> Self {
        match code {
            "CAME" => Self::Came,
            "CAME_BACK" => Self::CameBack,
            "WENT" => Self::Went,
            "WENT_BACK" => Self::WentBack,
            "REVERSED" => Self::Reversed,
            "REVERSED_NO_LONGER" => Self::ReversedNoLonger,
            "REVERSES" => Self::Reverses,
            "REVERSES_NO_LONGER" => Self::ReversesNoLonger,
            _ => Self::Changed,
        }
    }
}

/// The field that a row of the history is about: `resource` and `name` are its ResourceName and FieldName.
pub fn changed_field(resource: &str, name: &str) -> Option<&'static Field> {
    let schemas = [&BATCH, &EVENT, &CHARGE, &MESSAGE, &RULE_CONDITION, &BATCH_ERROR];
    schemas.into_iter().find(|schema| schema.resource == resource)?.field(name)
}
