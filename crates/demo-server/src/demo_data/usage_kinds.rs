//! What is used, by whom, and what can be wrong with it: the vocabulary of the demo events.

use chrono_tz::{America, Asia, Australia, Europe, Tz};
use rust_decimal::Decimal;

/// A kind of usage: how it is reported, and what it costs.
#[derive(Debug)]
pub(super) struct UsageKind {
    /// Begins event numbers.
    pub(super) code: &'static str,
    pub(super) event_type: &'static str,
    pub(super) event_type_id: i64,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) reported_unit: &'static str,
    pub(super) usage_unit: &'static str,
    /// Used = reported x this: mantissa and scale.
    pub(super) conversion: (i64, u32),
    /// The largest reported quantity in whole units, and its decimals.
    pub(super) largest: u64,
    pub(super) decimals: u32,
    /// US dollars per used unit: mantissa and scale.
    pub(super) price: (i64, u32),
    /// Whether amounts go below the currency's smallest unit.
    pub(super) micro_amounts: bool,
    /// Charge names by tier.
    pub(super) tiers: [&'static str; 3],
    /// The longest event in seconds.
    pub(super) longest: u64,
    pub(super) product: &'static str,
}

pub(super) const KINDS: &[UsageKind] = &[
    UsageKind {
        code: "TEL",
        event_type: "ORA_VOICE_DATA",
        event_type_id: 300_000_208_100_001,
        name: "Voice and data",
        description: "Call minutes and mobile data, reported by the mediation system",
        reported_unit: "SEC",
        usage_unit: "MIN",
        conversion: (16_667, 6),
        largest: 5_400,
        decimals: 0,
        price: (25, 3),
        micro_amounts: false,
        tiers: ["Voice minutes, up to 300", "Voice minutes, above 300", "Roaming minutes"],
        longest: 5_400,
        product: "Mobile Business Flex",
    },
    UsageKind {
        code: "CLD",
        event_type: "ORA_CLOUD_COMPUTE",
        event_type_id: 300_000_208_100_002,
        name: "Cloud compute and storage",
        description: "Virtual CPU hours and storage, metered hourly",
        reported_unit: "HR",
        usage_unit: "VCH",
        conversion: (4, 0),
        largest: 720,
        decimals: 6,
        price: (486, 4),
        micro_amounts: true,
        tiers: ["Compute, first 500 hours", "Compute, next hours", "Block storage"],
        longest: 86_400,
        product: "Cloud Compute Commit",
    },
    UsageKind {
        code: "API",
        event_type: "ORA_API_CALLS",
        event_type_id: 300_000_208_100_003,
        name: "API calls",
        description: "Calls of the partner API, counted by the gateway",
        reported_unit: "API",
        usage_unit: "KAP",
        conversion: (1, 3),
        largest: 250_000,
        decimals: 0,
        price: (1875, 4),
        micro_amounts: true,
        tiers: ["API calls, tier 1", "API calls, tier 2", "API calls, premium routes"],
        longest: 3_600,
        product: "Partner API Growth",
    },
    UsageKind {
        code: "NRG",
        event_type: "ORA_ENERGY",
        event_type_id: 300_000_208_100_004,
        name: "Electrical energy",
        description: "Quarter-hourly meter readings",
        reported_unit: "WH",
        usage_unit: "KWH",
        conversion: (1, 3),
        largest: 90_000,
        decimals: 3,
        price: (2841, 4),
        micro_amounts: false,
        tiers: ["Energy, base", "Energy, peak hours", "Grid fee"],
        longest: 900,
        product: "Charge Point Power",
    },
];

/// A customer, the currency of its subscriptions and its time zone.
#[derive(Debug)]
pub(super) struct Customer {
    pub(super) name: &'static str,
    pub(super) currency: &'static str,
    pub(super) time_zone: Tz,
}

pub(super) const CUSTOMERS: &[Customer] = &[
    Customer { name: "Alpine Rail Logistics", currency: "EUR", time_zone: Europe::Berlin },
    Customer { name: "Baltic Freight Union", currency: "EUR", time_zone: Europe::Berlin },
    Customer { name: "Bristol & Avon Hospitals", currency: "GBP", time_zone: Europe::London },
    Customer { name: "Cedar Creek Insurance", currency: "USD", time_zone: America::Chicago },
    Customer { name: "Delmar Foods", currency: "USD", time_zone: America::New_York },
    Customer { name: "Everline Robotics", currency: "JPY", time_zone: Asia::Tokyo },
    Customer { name: "Fjordkraft Data", currency: "EUR", time_zone: Europe::Berlin },
    Customer { name: "Gulf Harbour Trading", currency: "KWD", time_zone: Asia::Kuwait },
    Customer { name: "Hudson Street Media", currency: "USD", time_zone: America::New_York },
    Customer { name: "Ironbark Mining", currency: "USD", time_zone: Australia::Sydney },
    Customer { name: "Juniper Lane Retail", currency: "GBP", time_zone: Europe::London },
    Customer { name: "Kobe Precision", currency: "JPY", time_zone: Asia::Tokyo },
    Customer { name: "Lakeshore Credit Union", currency: "USD", time_zone: America::Chicago },
    Customer { name: "Mubarak Desalination", currency: "KWD", time_zone: Asia::Kuwait },
    Customer { name: "Northgate Utilities", currency: "GBP", time_zone: Europe::London },
    Customer { name: "Orchard Valley Schools", currency: "USD", time_zone: America::Chicago },
];

/// A product that a customer has subscribed to.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) id: i64,
    pub(super) puid: String,
    pub(super) name: String,
    pub(super) subscription_id: i64,
    pub(super) subscription_number: String,
    pub(super) customer: &'static str,
}

/// One product for each kind of usage and customer.
pub(super) fn products() -> Vec<Product> {
    let pairs = KINDS.iter().flat_map(|kind| CUSTOMERS.iter().map(move |customer| (kind, customer)));
    (0_i64..).zip(pairs).map(|(index, (kind, customer))| product(index, kind, customer)).collect()
}

fn product(index: i64, kind: &UsageKind, customer: &Customer) -> Product {
    let subscription = index % CUSTOMERS.len() as i64;
    Product {
        id: 300_000_207_500_001 + index,
        puid: format!("SP-{:05}-{}", 10_041 + subscription * 37, kind.code),
        name: kind.product.to_owned(),
        subscription_id: 300_000_207_000_001 + subscription,
        subscription_number: format!("SUB-{:05}", 10_041 + subscription * 37),
        customer: customer.name,
    }
}

/// Units of a currency for one US dollar, for the customers' currencies.
pub(super) fn per_dollar(currency: &str) -> Decimal {
    match currency {
        "EUR" => Decimal::new(92, 2),
        "GBP" => Decimal::new(79, 2),
        "JPY" => Decimal::new(1495, 1),
        "KWD" => Decimal::new(307, 3),
        _ => Decimal::ONE,
    }
}

/// What can be wrong with an event, and what to do about it.
#[derive(Debug)]
pub(super) struct ErrorCause {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    pub(super) remedy: &'static str,
}

pub(super) const UNIT_NOT_MAPPED: &str = "OSS_UOM_NOT_MAPPED";
pub(super) const NO_PRICE: &str = "OSS_NO_PRICE_LIST_LINE";
pub(super) const END_BEFORE_START: &str = "OSS_END_BEFORE_START";
pub(super) const CURRENCY_NOT_ACTIVE: &str = "OSS_CURRENCY_NOT_ACTIVE";
pub(super) const NO_ALLOWANCE_PERIOD: &str = "OSS_ALLOWANCE_PERIOD_MISSING";
pub(super) const SERVICE_UNKNOWN: &str = "OSS_SERVICE_ID_UNKNOWN";

pub(super) const ERROR_CAUSES: &[ErrorCause] = &[
    ErrorCause {
        name: UNIT_NOT_MAPPED,
        text: "The reported unit of measure is not mapped to a unit of the product.",
        remedy: "Correct the reported unit, or ask the setup team to map it to the product's usage unit, then set the status to Ready for processing.",
    },
    ErrorCause {
        name: NO_PRICE,
        text: "There is no price list line for the product on the day of the event.",
        remedy: "Check the event's start time. If it is right, ask pricing to extend the price list line, then set the status to Ready for processing.",
    },
    ErrorCause {
        name: END_BEFORE_START,
        text: "The event ends before it starts.",
        remedy: "Compare the start and end times with the source file; a time zone that was applied twice is the usual cause. Correct them and set the status to Ready for processing.",
    },
    ErrorCause {
        name: CURRENCY_NOT_ACTIVE,
        text: "The currency of the event is not an active currency.",
        remedy: "Replace the currency with the one of the subscription, then set the status to Ready for processing.",
    },
    ErrorCause {
        name: NO_ALLOWANCE_PERIOD,
        text: "No allowance period of the entitlement plan covers the event.",
        remedy: "Check the event's start time against the plan's periods. If the plan was renewed late, ask for the period to be opened, then set the status to Ready for processing.",
    },
    ErrorCause {
        name: SERVICE_UNKNOWN,
        text: "The service identifier is not known for the subscription.",
        remedy: "Look for swapped or missing digits in the service identifier. Correct it and set the status to Ready for processing.",
    },
];
