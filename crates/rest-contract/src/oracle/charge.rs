//! `usageCharges` of an event, each with its own ObjectVersionNumber.

use super::{coded, field, text};
use crate::schema::Access::{CreateOnly, ReadOnly, Version, Writable};
use crate::schema::Kind::{DateTime, Decimal, Int32, Int64};
use crate::schema::{Lookup, Schema};

pub static CHARGE: Schema = Schema {
    resource: "usageCharges",
    key: "UsageChargePuid",
    fields: &[
        field("AllowanceAmount", Decimal, Writable, "Allowance"),
        field("BilledAmount", Decimal, Writable, "Amount"),
        coded("ChargeCurrency", 15, Writable, "Currency", Lookup::Currency),
        text("ChargeDefinition", 30, Writable, "Charge definition"),
        field("ChargeDefinitionId", Int64, Writable, "Charge definition identifier"),
        text("ChargeName", 120, Writable, "Charge"),
        field("ConversionRate", Decimal, CreateOnly, "Unit conversion rate"),
        text("CreatedBy", 64, ReadOnly, "Created by"),
        field("CreationDate", DateTime, ReadOnly, "Created"),
        field("EventId", Int64, Writable, "Event identifier"),
        field("ExtendedAmount", Decimal, Writable, "Extended amount"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        field("ObjectVersionNumber", Int32, Version, "Version"),
        text("ParentEntity", 30, Writable, "Reference object"),
        field("ParentEntityId", Int64, Writable, "Reference object identifier"),
        field("PricedQuantity", Decimal, Writable, "Priced quantity"),
        coded("PricedQuantityUnitOfMeasure", 3, Writable, "Priced unit", Lookup::UnitOfMeasure),
        field("SequenceNumber", Int32, Writable, "Sequence"),
        field("SubscriptionId", Int64, Writable, "Subscription identifier"),
        field("SubscriptionProductId", Int64, Writable, "Subscription product identifier"),
        field("UsageChargeId", Int64, CreateOnly, "Charge identifier"),
        text("UsageChargePuid", 120, CreateOnly, "Charge number"),
        field("UserReportedQuantity", Decimal, CreateOnly, "Reported quantity"),
        coded("UserReportedUnitOfMeasure", 3, CreateOnly, "Reported unit", Lookup::UnitOfMeasure),
    ],
    children: &[],
};
