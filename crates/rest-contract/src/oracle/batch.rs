//! `subscriptionUsageEventBatches`. Counts are derived from the events and never written.

use super::{BATCH_ERROR, BATCH_FILE, BUSINESS_UNIT_BATCH, EVENT, RULE_CONDITION, coded, field, large, text};
use crate::schema::Access::{CreateOnly, ReadOnly, Version, Writable};
use crate::schema::Kind::{DateTime, Int32, Int64};
use crate::schema::{Lookup, Schema};

pub static BATCH: Schema = Schema {
    resource: "subscriptionUsageEventBatches",
    key: "BatchNumber",
    fields: &[
        text("BatchDescription", 2000, Writable, "Description"),
        text("BatchName", 300, Writable, "Name"),
        text("BatchNumber", 120, CreateOnly, "Batch"),
        coded("BatchStatus", 30, Writable, "Status", Lookup::Codes("ORA_OSS_BATCH_STATUS")),
        field("BusinessUnitId", Int64, ReadOnly, "Business unit identifier"),
        text("BusinessUnitName", 240, Writable, "Business unit"),
        field("CountOfEventsErrored", Int64, ReadOnly, "In error"),
        field("CountOfEventsInprocess", Int64, ReadOnly, "In process"),
        field("CountOfEventsProcessed", Int64, ReadOnly, "Processed"),
        field("CountOfUsageEvents", Int64, ReadOnly, "Events"),
        text("CreatedBy", 64, ReadOnly, "Created by"),
        field("CreationDate", DateTime, ReadOnly, "Created"),
        coded("CreationType", 30, ReadOnly, "Created through", Lookup::Codes("ORA_OSS_BATCH_CREATION_TYPE")),
        large("CriteriaJson", Writable, "Selection as built"),
        field("EndDate", DateTime, ReadOnly, "Ended"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        field("ObjectVersionNumber", Int32, Version, "Version"),
        text("PricerType", 30, ReadOnly, "Pricer"),
        field("ProcessedDatetime", DateTime, ReadOnly, "Processed at"),
        field("ReversedEventsCount", Int64, ReadOnly, "Reversed"),
        text("ScheduleType", 30, ReadOnly, "Schedule"),
        field("UsageBatchId", Int64, CreateOnly, "Batch identifier"),
        coded("UsageType", 30, CreateOnly, "Type", Lookup::Codes("ORA_OSS_USAGE_TYPE")),
    ],
    children: &[
        ("ruleBuilderConditions", &RULE_CONDITION),
        ("usageBusinessUnitBatches", &BUSINESS_UNIT_BATCH),
        ("usageEventBatchErrors", &BATCH_ERROR),
        ("usageEventBatchFiles", &BATCH_FILE),
        ("usageEvents", &EVENT),
    ],
};
