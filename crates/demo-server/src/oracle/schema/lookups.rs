//! The set-up lists that fields of an event refer to (the "LOV" links of the vendor's schema): codes
//! and their meanings, currencies, units, time zones, event types, products, error keys; what events are
//! priced by; and the history of changes. They are ordinary read-only collections.

use rest_contract::oracle::{self, rate_lists};
use rest_contract::{Access, Field, Kind, Schema};

use crate::oracle::schema::resource::{Finder, Resource};

const fn field(name: &'static str, kind: Kind, title: &'static str) -> Field {
    Field { name, kind, max_length: None, access: Access::ReadOnly, title, lookup: None }
}

const fn list(
    name: &'static str,
    noun: &'static str,
    schema: &'static Schema,
    table: &'static str,
    id_column: &'static str,
    computed: &'static [(&'static str, &'static str)],
) -> Resource {
    Resource { name, noun, schema, table, id_column, computed, ..Resource::READ_ONLY }
}

/// `fndStaticLookups`: every coded list, told apart by `LookupType`.
pub(in crate::oracle) static STATIC_LOOKUPS: Resource = Resource {
    finders: &[Finder {
        name: "LookupTypeIsActiveEnabledFinder",
        variables: &[("BindLookupType", "LookupType"), ("BindLookupCode", "LookupCode")],
    }],
    ..list(
        "fndStaticLookups",
        "lookup",
        &Schema {
            resource: "fndStaticLookups",
            key: "LookupCode",
            fields: &[
                field("DisplaySequence", Kind::Int32, "Sequence"),
                field("LookupCode", Kind::Text, "Code"),
                field("LookupType", Kind::Text, "Lookup type"),
                field("Meaning", Kind::Text, "Meaning"),
            ],
            children: &[],
        },
        "lookup_codes",
        "lookup_id",
        &[],
    )
};

pub(in crate::oracle) static CURRENCIES: Resource =
    list("currenciesLOV", "currency", &rate_lists::CURRENCY, "currencies", "currency_id", &[]);

pub(in crate::oracle) static UNITS_OF_MEASURE: Resource = list(
    "unitOfMeasuresLOV",
    "unit of measure",
    &Schema {
        resource: "unitOfMeasuresLOV",
        key: "UOMCode",
        fields: &[field("UOM", Kind::Text, "Unit"), field("UOMCode", Kind::Text, "Unit code")],
        children: &[],
    },
    "units_of_measure",
    "uom_id",
    &[("UOM", "{t}.uom"), ("UOMCode", "{t}.uom_code")],
);

pub(in crate::oracle) static TIME_ZONES: Resource = list(
    "timezonesLOV",
    "time zone",
    &Schema {
        resource: "timezonesLOV",
        key: "TimezoneCode",
        fields: &[field("Name", Kind::Text, "Name"), field("TimezoneCode", Kind::Text, "Time zone")],
        children: &[],
    },
    "timezones",
    "timezone_id",
    &[],
);

pub(in crate::oracle) static EVENT_TYPES: Resource = list(
    "subscriptionUsageEventTypes",
    "event type",
    &Schema {
        resource: "subscriptionUsageEventTypes",
        key: "EventType",
        fields: &[
            field("Description", Kind::Text, "Description"),
            field("EventType", Kind::Text, "Event type"),
            field("EventTypeId", Kind::Int64, "Event type identifier"),
            field("Name", Kind::Text, "Name"),
            field("Status", Kind::Text, "Status"),
        ],
        children: &[],
    },
    "event_types",
    "event_type_id",
    &[],
);

pub(in crate::oracle) static SUBSCRIPTION_PRODUCTS: Resource = list(
    "subscriptionProductsLOV",
    "subscription product",
    &Schema {
        resource: "subscriptionProductsLOV",
        key: "SubscriptionProductPuid",
        fields: &[
            field("CustomerName", Kind::Text, "Customer"),
            field("ProductName", Kind::Text, "Product"),
            field("SubscriptionId", Kind::Int64, "Subscription identifier"),
            field("SubscriptionNumber", Kind::Text, "Subscription"),
            field("SubscriptionProductId", Kind::Int64, "Subscription product identifier"),
            field("SubscriptionProductPuid", Kind::Text, "Subscription product"),
        ],
        children: &[],
    },
    "subscription_products",
    "subscription_product_id",
    &[],
);

pub(in crate::oracle) static ERROR_KEYS: Resource = list(
    "usageEventErrorKeysLOV",
    "error key",
    &Schema {
        resource: "usageEventErrorKeysLOV",
        key: "MessageName",
        fields: &[
            field("MessageName", Kind::Text, "Message key"),
            field("MessageText", Kind::Text, "Message"),
            field("MessageUserDetails", Kind::Text, "What to do"),
        ],
        children: &[],
    },
    "error_keys",
    "error_key_id",
    &[],
);

/// What the rating job rates by: a row for each tier of a rate.
pub(in crate::oracle) static USAGE_RATES: Resource =
    list("usageRatesLOV", "usage rate", &rate_lists::USAGE_RATE, "usage_rates", "usage_rate_id", &[]);

pub(in crate::oracle) static UNIT_CONVERSIONS: Resource = list(
    "unitConversionsLOV",
    "unit conversion",
    &rate_lists::UNIT_CONVERSION,
    "unit_conversions",
    "unit_conversion_id",
    &[],
);

pub(in crate::oracle) static USAGE_ALLOWANCES: Resource = list(
    "usageAllowancesLOV",
    "usage allowance",
    &rate_lists::USAGE_ALLOWANCE,
    "usage_allowances",
    "usage_allowance_id",
    &[],
);

/// What the change history holds of batches and of what is in them.
pub(in crate::oracle) static CHANGE_HISTORY: Resource =
    list("changeHistory", "change", &oracle::CHANGE_HISTORY, "usage_change_history", "change_id", &[]);

/// The same, added up to the steps of each batch.
pub(in crate::oracle) static CHANGE_STEPS: Resource = Resource {
    is_added_up: true,
    ..list("changeSteps", "step", &oracle::CHANGE_STEP, "change_steps", "change_step_id", &[])
};
