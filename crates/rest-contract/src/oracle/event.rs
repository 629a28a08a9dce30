//! `usageEvents` and its batch-less twin `subscriptionUsageEvents`. The event has no
//! ObjectVersionNumber: its version is the change indicator of its links alone.

use super::{CHARGE, MESSAGE, coded, field, text};
use crate::schema::Access::{CreateOnly, ReadOnly, Writable};
use crate::schema::Kind::{Boolean, Date, DateTime, Decimal, Int64};
use crate::schema::{Lookup, Schema};

pub static EVENT: Schema = Schema {
    resource: "usageEvents",
    key: "EventNumber",
    fields: &[
        coded("BatchNumber", 120, CreateOnly, "Batch", Lookup::Batch),
        coded("CorpCurrencyCode", 15, Writable, "Corporate currency", Lookup::Currency),
        text("CreatedBy", 64, ReadOnly, "Created by"),
        field("CreationDate", DateTime, ReadOnly, "Created"),
        text("CurcyConvRateType", 30, Writable, "Conversion rate type"),
        coded("CurrencyCode", 15, Writable, "Currency", Lookup::Currency),
        coded("Error", 255, Writable, "Error", Lookup::ErrorKey),
        field("EventEndTime", DateTime, Writable, "End"),
        field("EventId", Int64, CreateOnly, "Event identifier"),
        text("EventNumber", 120, CreateOnly, "Event"),
        coded("EventRatingType", 30, Writable, "Rating type", Lookup::Codes("ORA_OSS_EVENTS_RATING_TYPE")),
        field("EventStartTime", DateTime, Writable, "Start"),
        coded("EventStatus", 30, Writable, "Status", Lookup::Codes("ORA_OSS_EVENT_STATUS")),
        coded("EventTimeZone", 50, Writable, "Time zone", Lookup::TimeZone),
        coded("EventType", 30, Writable, "Event type", Lookup::EventType),
        field("EventTypeId", Int64, Writable, "Event type identifier"),
        text("FileName", 300, Writable, "File"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        field("LeEventStartDate", Date, ReadOnly, "Start day (legal entity)"),
        field("PricedOn", DateTime, Writable, "Priced on"),
        coded("RatingSource", 30, CreateOnly, "Rated by", Lookup::Codes("ORA_OSS_USAGE_RATING_SOURCE")),
        field("RelatedBatchId", Int64, Writable, "Related batch identifier"),
        field("RelatedEventId", Int64, Writable, "Related event identifier"),
        field("ReportedUsageQuantity", Decimal, Writable, "Reported quantity"),
        coded("ReportedUsageUnitOfMeasure", 3, Writable, "Reported unit", Lookup::UnitOfMeasure),
        field("ReverseFlag", Boolean, ReadOnly, "Can be reversed"),
        text("ServiceId", 120, Writable, "Service"),
        coded("SourceInterfaceType", 30, Writable, "Source", Lookup::Codes("ORA_OSS_EVENTS_SOURCE_IF_TYPE")),
        coded("SubscriptionProductPuid", 120, CreateOnly, "Subscription product", Lookup::Product),
        field("UsageBatchId", Int64, CreateOnly, "Batch identifier"),
        field("UsageQuantity", Decimal, Writable, "Quantity"),
        coded("UsageUnitOfMeasure", 3, Writable, "Unit", Lookup::UnitOfMeasure),
    ],
    children: &[("usageCharges", &CHARGE), ("usageMessages", &MESSAGE)],
};
