//! The lists that usage events refer to. Codes of the vendor's `ORA_OSS_*` lookups are not public:
//! these are this project's own, and a client reads them from here.

use sqlx::Error;

use super::usage_kinds::{self, KINDS};
use crate::database::{Transaction, query};

const LOOKUPS: [(&str, &[(&str, &str)]); 8] = [
    (
        "ORA_OSS_EVENT_STATUS",
        &[
            ("ORA_DRAFT", "Draft"),
            ("ORA_READY", "Ready for processing"),
            ("ORA_ON_HOLD", "On hold"),
            ("ORA_IN_PROCESS", "In process"),
            ("ORA_PROCESSED", "Processed"),
            ("ORA_ERROR", "Error"),
            ("ORA_REVERSED", "Reversed"),
        ],
    ),
    (
        "ORA_OSS_BATCH_STATUS",
        &[
            ("ORA_DRAFT", "Draft"),
            ("ORA_LOCKED", "Locked for review"),
            ("ORA_IN_PROCESS", "In process"),
            ("ORA_COMPLETED", "Completed"),
            ("ORA_COMPLETED_ERRORS", "Completed with errors"),
        ],
    ),
    (
        "ORA_OSS_USAGE_TYPE",
        &[
            ("ORA_RATING", "Usage rating"),
            ("ORA_RERATE", "Re-rate"),
            ("ORA_REVERSE_REPLACE", "Reverse and replace"),
        ],
    ),
    (
        "ORA_OSS_EVENTS_RATING_TYPE",
        &[("ORA_TO_BE_RATED", "To be rated"), ("ORA_PRE_RATED", "Rated elsewhere")],
    ),
    (
        "ORA_OSS_USAGE_RATING_SOURCE",
        &[("ORA_SUBSCRIPTION", "Subscription Management"), ("ORA_EXTERNAL", "External system")],
    ),
    (
        "ORA_OSS_EVENTS_SOURCE_IF_TYPE",
        &[("ORA_FILE", "File import"), ("ORA_REST", "REST service"), ("ORA_UI", "Entered by hand")],
    ),
    (
        "ORA_OSS_CONDITION_GROUP_TYPE",
        &[("INCLUDE", "Takes in what it matches"), ("EXCLUDE", "Leaves out what it matches")],
    ),
    (
        "ORA_OSS_BATCH_CREATION_TYPE",
        &[("ORA_MANUAL", "By hand"), ("ORA_AUTOMATIC", "Automatic"), ("ORA_FILE", "From a file")],
    ),
];

/// Code, name, decimal places.
const CURRENCIES: [(&str, &str, u32); 14] = [
    ("AUD", "Australian Dollar", 2),
    ("BHD", "Bahraini Dinar", 3),
    ("CAD", "Canadian Dollar", 2),
    ("CHF", "Swiss Franc", 2),
    ("CLP", "Chilean Peso", 0),
    ("EUR", "Euro", 2),
    ("GBP", "Pound Sterling", 2),
    ("INR", "Indian Rupee", 2),
    ("JPY", "Yen", 0),
    ("KWD", "Kuwaiti Dinar", 3),
    ("SEK", "Swedish Krona", 2),
    ("SGD", "Singapore Dollar", 2),
    ("USD", "US Dollar", 2),
    ("ZAR", "Rand", 2),
];

const UNITS: [(&str, &str); 46] = [
    ("ALM", "Alarm"),
    ("API", "API call"),
    ("CAL", "Call"),
    ("CRH", "Core hour"),
    ("CRS", "Core second"),
    ("DPH", "Data processing unit hour"),
    ("EA", "Each"),
    ("EVT", "Event"),
    ("GB", "Gigabyte"),
    ("GBH", "Gigabyte hour"),
    ("GBM", "Gigabyte month"),
    ("GBS", "Gigabyte second"),
    ("GIB", "Gibibyte"),
    ("GIH", "Gibibyte hour"),
    ("GIM", "Gibibyte month"),
    ("GSM", "Gibibyte per second month"),
    ("HR", "Hour"),
    ("IOM", "IOPS month"),
    ("IOS", "Input/output operation"),
    ("KAP", "Thousand API calls"),
    ("KEY", "Key"),
    ("KWH", "Kilowatt hour"),
    ("LCH", "Load balancer capacity unit hour"),
    ("MB", "Megabyte"),
    ("MET", "Metric"),
    ("MIB", "Mebibyte"),
    ("MIN", "Minute"),
    ("MSG", "Message"),
    ("MWH", "Megawatt hour"),
    ("OCH", "Oracle CPU hour"),
    ("QRY", "Query"),
    ("REQ", "Request"),
    ("RRU", "Read request unit"),
    ("SEC", "Second"),
    ("STT", "State transition"),
    ("TB", "Terabyte"),
    ("TIB", "Tebibyte"),
    ("TOK", "Token"),
    ("UNH", "Unit per hour"),
    ("UNM", "Unit per month"),
    ("UNT", "Unit"),
    ("VCH", "Virtual CPU hour"),
    ("WCH", "Write capacity unit hour"),
    ("WH", "Watt hour"),
    ("WRU", "Write request unit"),
    ("YR", "Year"),
];

const TIME_ZONES: [(&str, &str); 17] = [
    ("America/Chicago", "Central Time"),
    ("America/Los_Angeles", "Pacific Time"),
    ("America/New_York", "Eastern Time"),
    ("America/Sao_Paulo", "Brasilia Time"),
    ("Asia/Dubai", "Gulf Standard Time"),
    ("Asia/Kolkata", "India Standard Time"),
    ("Asia/Kuwait", "Arabian Standard Time"),
    ("Asia/Singapore", "Singapore Time"),
    ("Asia/Tokyo", "Japan Standard Time"),
    ("Australia/Sydney", "Australian Eastern Time"),
    ("Europe/Berlin", "Central European Time"),
    ("Europe/London", "Greenwich Mean Time"),
    ("Europe/Paris", "Central European Time (Paris)"),
    ("Europe/Stockholm", "Central European Time (Stockholm)"),
    ("Pacific/Auckland", "New Zealand Time"),
    ("Africa/Johannesburg", "South Africa Standard Time"),
    ("UTC", "Coordinated Universal Time"),
];

/// Decimal places of a currency's amounts, for the currencies listed here.
pub(super) fn currency_precision(code: &str) -> Option<u32> {
    CURRENCIES.iter().find(|(one, _, _)| *one == code).map(|(_, _, precision)| *precision)
}

pub(super) async fn add(transaction: &mut Transaction) -> Result<(), Error> {
    for (lookup_type, codes) in LOOKUPS {
        for (sequence, (code, meaning)) in (1_i64..).zip(codes.iter()) {
            let sql = "INSERT INTO lookup_codes (lookup_type, lookup_code, meaning, display_sequence) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT (lookup_type, lookup_code) DO NOTHING";
            let query = query(sql).bind(lookup_type).bind(code).bind(meaning).bind(sequence);
            query.execute(&mut **transaction).await?;
        }
    }
    for (code, name, precision) in CURRENCIES {
        let sql = "INSERT INTO currencies (currency_code, name, \"precision\") VALUES ($1, $2, $3) \
                   ON CONFLICT (currency_code) DO NOTHING";
        query(sql).bind(code).bind(name).bind(precision).execute(&mut **transaction).await?;
    }
    for (code, name) in UNITS {
        let sql =
            "INSERT INTO units_of_measure (uom_code, uom) VALUES ($1, $2) ON CONFLICT (uom_code) DO NOTHING";
        query(sql).bind(code).bind(name).execute(&mut **transaction).await?;
    }
    for (code, name) in TIME_ZONES {
        let sql = "INSERT INTO timezones (timezone_code, name) VALUES ($1, $2) ON CONFLICT (timezone_code) DO NOTHING";
        query(sql).bind(code).bind(name).execute(&mut **transaction).await?;
    }
    for kind in KINDS {
        let sql = "INSERT INTO event_types (event_type_id, event_type, name, description, status) \
                   VALUES ($1, $2, $3, $4, 'ORA_ACTIVE') ON CONFLICT (event_type) DO NOTHING";
        let query = query(sql).bind(kind.event_type_id).bind(kind.event_type).bind(kind.name);
        query.bind(kind.description).execute(&mut **transaction).await?;
    }
    for product in usage_kinds::products() {
        let sql = "INSERT INTO subscription_products (subscription_product_id, subscription_product_puid, \
                   product_name, subscription_id, subscription_number, customer_name) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (subscription_product_puid) DO NOTHING";
        query(sql)
            .bind(product.id)
            .bind(&product.puid)
            .bind(&product.name)
            .bind(product.subscription_id)
            .bind(&product.subscription_number)
            .bind(product.customer)
            .execute(&mut **transaction)
            .await?;
    }
    for cause in usage_kinds::ERROR_CAUSES {
        let sql = "INSERT INTO error_keys (message_name, message_text, message_user_details) VALUES ($1, $2, $3) \
                   ON CONFLICT (message_name) DO NOTHING";
        let query = query(sql).bind(cause.name).bind(cause.text).bind(cause.remedy);
        query.execute(&mut **transaction).await?;
    }
    Ok(())
}
