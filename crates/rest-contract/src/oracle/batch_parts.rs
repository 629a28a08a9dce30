//! What is kept about a batch beside its events: its errors by cause, the files it came from, and its
//! share per business unit; and the errors over all batches.

use super::{coded, field, text};
use crate::schema::Access::{CreateOnly, ReadOnly, Version, Writable};
use crate::schema::Kind::{DateTime, Int32, Int64};
use crate::schema::{Lookup, Schema};

/// `usageEventBatchErrors`: one row per cause, with the count of events that show it now.
pub static BATCH_ERROR: Schema = Schema {
    resource: "usageEventBatchErrors",
    key: "EventBatchErrorNumber",
    fields: &[
        field("BatchId", Int64, ReadOnly, "Batch identifier"),
        text("BatchNumber", 120, ReadOnly, "Batch"),
        field("CountOfErroredEvents", Int64, ReadOnly, "Events with errors"),
        text("CreatedBy", 64, ReadOnly, "Created by"),
        field("CreationDate", DateTime, ReadOnly, "Created"),
        field("EventBatchErrorId", Int64, CreateOnly, "Batch error identifier"),
        text("EventBatchErrorNumber", 120, CreateOnly, "Batch error"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        coded("MessageName", 255, Writable, "Message key", Lookup::ErrorKey),
        text("MessageText", 2000, ReadOnly, "Message"),
        text("MessageUserDetails", 4000, ReadOnly, "What to do"),
        field("ObjectVersionNumber", Int32, Version, "Version"),
    ],
    children: &[],
};

/// `usageEventBatchFiles`: the files that the batch's events came from.
pub static BATCH_FILE: Schema = Schema {
    resource: "usageEventBatchFiles",
    key: "BatchFileNumber",
    fields: &[
        field("BatchFileId", Int64, ReadOnly, "File identifier"),
        text("BatchFileNumber", 120, ReadOnly, "File number"),
        field("BatchId", Int64, ReadOnly, "Batch identifier"),
        text("CreatedBy", 64, ReadOnly, "Created by"),
        field("CreationDate", DateTime, ReadOnly, "Created"),
        text("FileName", 300, ReadOnly, "File"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        field("ObjectVersionNumber", Int32, ReadOnly, "Version"),
    ],
    children: &[],
};

/// `usageBusinessUnitBatches`: a batch's counts per business unit.
pub static BUSINESS_UNIT_BATCH: Schema = Schema {
    resource: "usageBusinessUnitBatches",
    key: "BuBatchNumber",
    fields: &[
        field("BatchId", Int64, ReadOnly, "Batch identifier"),
        field("BuBatchId", Int64, ReadOnly, "Business unit batch identifier"),
        text("BuBatchNumber", 120, ReadOnly, "Business unit batch"),
        field("BuId", Int64, ReadOnly, "Business unit identifier"),
        text("BusinessUnitName", 240, ReadOnly, "Business unit"),
        text("CreatedBy", 64, ReadOnly, "Created by"),
        field("CreationDate", DateTime, ReadOnly, "Created"),
        field("EventsCount", Int64, ReadOnly, "Events"),
        field("EventsErroredCount", Int64, ReadOnly, "In error"),
        field("EventsProcessedCount", Int64, ReadOnly, "Processed"),
        field("InprocessEventsCount", Int64, ReadOnly, "In process"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        field("ObjectVersionNumber", Int32, ReadOnly, "Version"),
    ],
    children: &[],
};

/// `usageBatchErrors`: the distinct errors that events show now, over all batches.
pub static USAGE_BATCH_ERROR: Schema = Schema {
    resource: "usageBatchErrors",
    key: "MessageName",
    fields: &[
        field("CountOfErroredEvents", Int64, ReadOnly, "Events with errors"),
        text("MessageName", 30, ReadOnly, "Message key"),
        text("MessageText", 2000, ReadOnly, "Message"),
        text("MessageUserDetails", 4000, ReadOnly, "What to do"),
    ],
    children: &[],
};
