//! What is used, by whom, and what can be wrong with it: the vocabulary of the demo events.

use rust_decimal::Decimal;

/// A kind of usage: how it is reported, and what it costs.
#[derive(Debug)]
pub struct UsageKind {
    /// Begins event numbers.
    pub code: &'static str,
    pub event_type: &'static str,
    pub event_type_id: i64,
    pub name: &'static str,
    pub description: &'static str,
    pub reported_unit: &'static str,
    pub usage_unit: &'static str,
    /// Used = reported x this: mantissa and scale.
    pub conversion: (i64, u32),
    /// The largest reported quantity in whole units, and its decimals.
    pub largest: u64,
    pub decimals: u32,
    /// US dollars per used unit: mantissa and scale.
    pub price: (i64, u32),
    /// Whether amounts go below the currency's smallest unit.
    pub micro_amounts: bool,
    /// Charge names by tier.
    pub tiers: [&'static str; 3],
    /// The longest event in seconds.
    pub longest: u64,
    pub product: &'static str,
}

pub const KINDS: &[UsageKind] = &[
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
pub struct Customer {
    pub name: &'static str,
    pub currency: &'static str,
    pub time_zone: TimeZone,
}

/// An IANA zone with its offsets in minutes before and after its one change between August and
/// November 2026, and the Unix time of that change.
#[derive(Debug)]
pub struct TimeZone {
    pub name: &'static str,
    before: i64,
    after: i64,
    changes_at: i64,
}

impl TimeZone {
    /// The offset from UTC in minutes at a Unix time of the demo months.
    pub fn offset_minutes(&self, unix_seconds: i64) -> i64 {
        if unix_seconds < self.changes_at { self.before } else { self.after }
    }
}

const EUROPE_CHANGES: i64 = 1_792_890_000; // 2026-10-25T01:00:00Z
const NEW_YORK_CHANGES: i64 = 1_793_512_800; // 2026-11-01T06:00:00Z
const CHICAGO_CHANGES: i64 = 1_793_516_400; // 2026-11-01T07:00:00Z
const SYDNEY_CHANGES: i64 = 1_791_043_200; // 2026-10-03T16:00:00Z

const BERLIN: TimeZone =
    TimeZone { name: "Europe/Berlin", before: 120, after: 60, changes_at: EUROPE_CHANGES };
const LONDON: TimeZone = TimeZone { name: "Europe/London", before: 60, after: 0, changes_at: EUROPE_CHANGES };
const NEW_YORK: TimeZone =
    TimeZone { name: "America/New_York", before: -240, after: -300, changes_at: NEW_YORK_CHANGES };
const CHICAGO: TimeZone =
    TimeZone { name: "America/Chicago", before: -300, after: -360, changes_at: CHICAGO_CHANGES };
const TOKYO: TimeZone = TimeZone { name: "Asia/Tokyo", before: 540, after: 540, changes_at: 0 };
const KUWAIT: TimeZone = TimeZone { name: "Asia/Kuwait", before: 180, after: 180, changes_at: 0 };
const SYDNEY: TimeZone =
    TimeZone { name: "Australia/Sydney", before: 600, after: 660, changes_at: SYDNEY_CHANGES };

pub const CUSTOMERS: &[Customer] = &[
    Customer { name: "Alpine Rail Logistics", currency: "EUR", time_zone: BERLIN },
    Customer { name: "Baltic Freight Union", currency: "EUR", time_zone: BERLIN },
    Customer { name: "Bristol & Avon Hospitals", currency: "GBP", time_zone: LONDON },
    Customer { name: "Cedar Creek Insurance", currency: "USD", time_zone: CHICAGO },
    Customer { name: "Delmar Foods", currency: "USD", time_zone: NEW_YORK },
    Customer { name: "Everline Robotics", currency: "JPY", time_zone: TOKYO },
    Customer { name: "Fjordkraft Data", currency: "EUR", time_zone: BERLIN },
    Customer { name: "Gulf Harbour Trading", currency: "KWD", time_zone: KUWAIT },
    Customer { name: "Hudson Street Media", currency: "USD", time_zone: NEW_YORK },
    Customer { name: "Ironbark Mining", currency: "USD", time_zone: SYDNEY },
    Customer { name: "Juniper Lane Retail", currency: "GBP", time_zone: LONDON },
    Customer { name: "Kobe Precision", currency: "JPY", time_zone: TOKYO },
    Customer { name: "Lakeshore Credit Union", currency: "USD", time_zone: CHICAGO },
    Customer { name: "Mubarak Desalination", currency: "KWD", time_zone: KUWAIT },
    Customer { name: "Northgate Utilities", currency: "GBP", time_zone: LONDON },
    Customer { name: "Orchard Valley Schools", currency: "USD", time_zone: CHICAGO },
];

/// A product that a customer has subscribed to.
#[derive(Debug)]
pub struct Product {
    pub id: i64,
    pub puid: String,
    pub name: String,
    pub subscription_id: i64,
    pub subscription_number: String,
    pub customer: &'static str,
}

/// One product for each kind of usage and customer.
pub fn products() -> Vec<Product> {
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
pub fn per_dollar(currency: &str) -> Decimal {
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
pub struct ErrorCause {
    pub name: &'static str,
    pub text: &'static str,
    pub remedy: &'static str,
}

pub const UNIT_NOT_MAPPED: &str = "OSS_UOM_NOT_MAPPED";
pub const NO_PRICE: &str = "OSS_NO_PRICE_LIST_LINE";
pub const END_BEFORE_START: &str = "OSS_END_BEFORE_START";
pub const CURRENCY_NOT_ACTIVE: &str = "OSS_CURRENCY_NOT_ACTIVE";
pub const NO_ALLOWANCE_PERIOD: &str = "OSS_ALLOWANCE_PERIOD_MISSING";
pub const SERVICE_UNKNOWN: &str = "OSS_SERVICE_ID_UNKNOWN";

pub const ERROR_CAUSES: &[ErrorCause] = &[
    ErrorCause {
        name: UNIT_NOT_MAPPED,
        text: "The reported unit of measure is not mapped to a unit of the product.",
        remedy: "Correct the reported unit, or ask the setup team to map it to the product's usage unit, then set the event to Ready.",
    },
    ErrorCause {
        name: NO_PRICE,
        text: "There is no price list line for the product on the day of the event.",
        remedy: "Check the event's start time. If it is right, ask pricing to extend the price list line, then set the event to Ready.",
    },
    ErrorCause {
        name: END_BEFORE_START,
        text: "The event ends before it starts.",
        remedy: "Compare the start and end times with the source file; a time zone that was applied twice is the usual cause. Correct them and set the event to Ready.",
    },
    ErrorCause {
        name: CURRENCY_NOT_ACTIVE,
        text: "The currency of the event is not an active currency.",
        remedy: "Replace the currency with the one of the subscription, then set the event to Ready.",
    },
    ErrorCause {
        name: NO_ALLOWANCE_PERIOD,
        text: "No allowance period of the entitlement plan covers the event.",
        remedy: "Check the event's start time against the plan's periods. If the plan was renewed late, ask for the period to be opened, then set the event to Ready.",
    },
    ErrorCause {
        name: SERVICE_UNKNOWN,
        text: "The service identifier is not known for the subscription.",
        remedy: "Look for swapped or missing digits in the service identifier. Correct it and set the event to Ready.",
    },
];
