//! The lists that events are priced by: currencies with their decimal places, rates with their tiers,
//! conversions between units, allowances. Of these the vendor documents the currencies alone; the
//! others are the demo server's own, so that an estimate can show what it was made from. A system that
//! does not have them gives no estimates.

use crate::schema::{Access, Field, Kind, Schema};

const fn field(name: &'static str, kind: Kind, title: &'static str) -> Field {
    Field { name, kind, max_length: None, access: Access::ReadOnly, title, lookup: None }
}

/// Active currencies, with how many decimals their amounts have.
pub static CURRENCY: Schema = Schema {
    resource: "currenciesLOV",
    key: "CurrencyCode",
    fields: &[
        field("CurrencyCode", Kind::Text, "Currency"),
        field("Name", Kind::Text, "Name"),
        field("Precision", Kind::Int32, "Decimal places"),
    ],
    children: &[],
};

/// A row for each tier of a rate.
pub static USAGE_RATE: Schema = Schema {
    resource: "usageRatesLOV",
    key: "UsageRateId",
    fields: &[
        field("AboveQuantity", Kind::Decimal, "Above quantity"),
        field("ChargeDefinition", Kind::Text, "Charge definition"),
        field("ChargeName", Kind::Text, "Charge"),
        field("CurrencyCode", Kind::Text, "Currency"),
        field("EventType", Kind::Text, "Event type"),
        field("RatingModel", Kind::Text, "Rating model"),
        field("TierNumber", Kind::Int32, "Tier"),
        field("UnitPrice", Kind::Decimal, "Unit price"),
        field("UsageRateId", Kind::Int64, "Rate identifier"),
        field("UsageUnitOfMeasure", Kind::Text, "Unit"),
        field("ValidFrom", Kind::Date, "Valid from"),
        field("ValidTo", Kind::Date, "Valid to"),
    ],
    children: &[],
};

/// By what a reported quantity is multiplied to come to the unit that is priced.
pub static UNIT_CONVERSION: Schema = Schema {
    resource: "unitConversionsLOV",
    key: "UnitConversionId",
    fields: &[
        field("ConversionRate", Kind::Decimal, "Conversion rate"),
        field("EventType", Kind::Text, "Event type"),
        field("FromUnitOfMeasure", Kind::Text, "From unit"),
        field("ToUnitOfMeasure", Kind::Text, "To unit"),
        field("UnitConversionId", Kind::Int64, "Conversion identifier"),
    ],
    children: &[],
};

/// What a product includes in a period, and how much of it is used up.
pub static USAGE_ALLOWANCE: Schema = Schema {
    resource: "usageAllowancesLOV",
    key: "UsageAllowanceId",
    fields: &[
        field("AllottedQuantity", Kind::Decimal, "Allotted"),
        field("ConsumedQuantity", Kind::Decimal, "Consumed"),
        field("PeriodEnd", Kind::Date, "Period end"),
        field("PeriodStart", Kind::Date, "Period start"),
        field("SubscriptionProductPuid", Kind::Text, "Subscription product"),
        field("UsageAllowanceId", Kind::Int64, "Allowance identifier"),
    ],
    children: &[],
};
