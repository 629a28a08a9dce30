//! `usageMessages` of an event: what the rating process had to say about it. The update page lists
//! some fields as patchable, the twin resource documents reads only; the app reads, the server
//! takes both.

use super::{field, text};
use crate::schema::Access::{CreateOnly, ReadOnly, Version, Writable};
use crate::schema::Kind::{DateTime, Int32, Int64};
use crate::schema::Schema;

pub static MESSAGE: Schema = Schema {
    resource: "usageMessages",
    key: "UsageMessageId",
    fields: &[
        text("AdditionalMessageText", 255, ReadOnly, "Error"),
        field("BatchId", Int64, CreateOnly, "Batch identifier"),
        text("BatchNumber", 120, ReadOnly, "Batch"),
        text("CreatedBy", 64, ReadOnly, "Created by"),
        field("CreationDate", DateTime, ReadOnly, "Created"),
        text("EventNumber", 120, ReadOnly, "Event"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        text("MessageName", 30, Writable, "Message key"),
        text("MessageText", 2000, Writable, "Message"),
        text("MessageType", 30, Writable, "Type"),
        text("MessageUserDetails", 4000, ReadOnly, "What to do"),
        field("ObjectVersionNumber", Int32, Version, "Version"),
        text("ParentEntity", 30, Writable, "Reference object"),
        field("ParentEntityId", Int64, Writable, "Reference object identifier"),
        text("TranslatedMessageText", 240, ReadOnly, "Error (translated)"),
        field("UsageMessageId", Int64, CreateOnly, "Message identifier"),
    ],
    children: &[],
};
