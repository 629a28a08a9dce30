//! `ruleBuilderConditions` of a batch: the selection rules by which events were or will be added. A
//! rule is a row-match expression over a REST collection, and takes in or leaves out what it matches.
//! Its two large texts travel as base64, and raw at `enclosure/{field}`.

use super::{coded, field, large, text};
use crate::schema::Access::{CreateOnly, ReadOnly, Version, Writable};
use crate::schema::Kind::{DateTime, Int32, Int64};
use crate::schema::{Lookup, Schema};

pub static RULE_CONDITION: Schema = Schema {
    resource: "ruleBuilderConditions",
    key: "ConditionId",
    fields: &[
        text("ConditionGroupName", 30, Writable, "Rule group"),
        coded(
            "ConditionGroupType",
            30,
            Writable,
            "Includes or excludes",
            Lookup::Codes("ORA_OSS_CONDITION_GROUP_TYPE"),
        ),
        field("ConditionId", Int64, CreateOnly, "Rule identifier"),
        large("ConditionJson", Writable, "Rule as built"),
        text("ConditionNumber", 120, CreateOnly, "Rule"),
        large("ConditionRestQParam", Writable, "Rule as q expression"),
        text("CreatedBy", 64, ReadOnly, "Created by"),
        field("CreationDate", DateTime, ReadOnly, "Created"),
        field("DisplaySequence", Int32, Writable, "Sequence"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        field("ObjectVersionNumber", Int32, Version, "Version"),
        text("QualifiedRestObjectName", 120, Writable, "Selects from"),
        field("ReferenceEntityId", Int64, ReadOnly, "Reference object identifier"),
        text("ReferenceEntityName", 30, ReadOnly, "Reference object"),
    ],
    children: &[],
};
