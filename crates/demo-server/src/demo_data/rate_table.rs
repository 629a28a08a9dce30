//! What the rating job rates by: prices by kind of usage and currency, unit conversions, allowances.

use rust_decimal::Decimal;
use sqlx::Error;

use super::usage_kinds::{CUSTOMERS, KINDS, UsageKind, per_dollar, products};
use crate::database::{BulkInsert, Connection, Parameter, Statement, Transaction};

/// A tier: above how many used units it begins, and its price in hundredths of the list price.
type TierPlan = (i64, i64);

struct RatePlan {
    event_type: &'static str,
    model: &'static str,
    tiers: &'static [TierPlan],
}

/// Tiered: each unit costs what its tier says. Volume: all units cost what the last tier reached says.
const PLANS: [RatePlan; 4] = [
    RatePlan { event_type: "ORA_VOICE_DATA", model: "ORA_TIER", tiers: &[(0, 100), (300, 50)] },
    RatePlan { event_type: "ORA_CLOUD_COMPUTE", model: "ORA_VOLUME", tiers: &[(0, 100), (500, 80)] },
    RatePlan { event_type: "ORA_API_CALLS", model: "ORA_TIER", tiers: &[(0, 100), (50, 75), (200, 50)] },
    RatePlan { event_type: "ORA_ENERGY", model: "ORA_TIER", tiers: &[(0, 100)] },
];

const VALID: (&str, &str) = ("2026-01-01", "2026-12-31");

/// The minutes that every voice product includes each month, and the months.
const INCLUDED_MINUTES: i64 = 300;
const ALLOWANCE_PERIODS: [(&str, &str); 5] = [
    ("2026-08-01", "2026-08-31"),
    ("2026-09-01", "2026-09-30"),
    ("2026-10-01", "2026-10-31"),
    ("2026-11-01", "2026-11-30"),
    ("2026-12-01", "2026-12-31"),
];

/// Adds the tables where they are empty.
pub(super) async fn add(transaction: &mut Transaction) -> Result<(), Error> {
    let connection: &mut Connection = transaction;
    if Statement::new("SELECT COUNT(*) FROM usage_rates").integer(connection).await? > 0 {
        return Ok(());
    }
    add_rates(transaction).await?;
    add_conversions(transaction).await?;
    add_allowances(transaction).await
}

async fn add_rates(transaction: &mut Transaction) -> Result<(), Error> {
    let mut currencies = CUSTOMERS.iter().map(|customer| customer.currency).collect::<Vec<_>>();
    currencies.sort_unstable();
    currencies.dedup();
    let mut rows = BulkInsert::new(
        "usage_rates",
        &[
            "usage_rate_id",
            "event_type",
            "currency_code",
            "rating_model",
            "charge_definition",
            "charge_name",
            "usage_unit_of_measure",
            "tier_number",
            "above_quantity",
            "unit_price",
            "valid_from",
            "valid_to",
        ],
    );
    let mut id = 0;
    for (kind, plan) in KINDS.iter().filter_map(|kind| Some((kind, plan_of(kind)?))) {
        for currency in &currencies {
            let list_price = Decimal::new(kind.price.0, kind.price.1) * per_dollar(currency);
            for (tier, (above, hundredths)) in (1_i64..).zip(plan.tiers) {
                id += 1;
                let place = usize::try_from(tier - 1).unwrap_or_default();
                rows.push([
                    Parameter::Integer(id),
                    Parameter::text(kind.event_type),
                    Parameter::text(currency),
                    Parameter::text(plan.model),
                    Parameter::text("ORA_USAGE"),
                    Parameter::text(kind.tiers.get(place).copied().unwrap_or("Usage")),
                    Parameter::text(kind.usage_unit),
                    Parameter::Integer(tier),
                    Parameter::Decimal(above.to_string()),
                    Parameter::Decimal(
                        (list_price * Decimal::new(*hundredths, 2)).round_dp(6).normalize().to_string(),
                    ),
                    Parameter::text(VALID.0),
                    Parameter::text(VALID.1),
                ]);
            }
        }
    }
    rows.flush(transaction).await
}

fn plan_of(kind: &UsageKind) -> Option<&'static RatePlan> {
    PLANS.iter().find(|plan| plan.event_type == kind.event_type)
}

async fn add_conversions(transaction: &mut Transaction) -> Result<(), Error> {
    let mut rows = BulkInsert::new(
        "unit_conversions",
        &[
            "unit_conversion_id",
            "event_type",
            "from_unit_of_measure",
            "to_unit_of_measure",
            "conversion_rate",
        ],
    );
    for (id, kind) in (1_i64..).zip(KINDS) {
        let conversion = Decimal::new(kind.conversion.0, kind.conversion.1);
        rows.push([
            Parameter::Integer(id),
            Parameter::text(kind.event_type),
            Parameter::text(kind.reported_unit),
            Parameter::text(kind.usage_unit),
            Parameter::Decimal(conversion.to_string()),
        ]);
    }
    rows.flush(transaction).await
}

async fn add_allowances(transaction: &mut Transaction) -> Result<(), Error> {
    let mut rows = BulkInsert::new(
        "usage_allowances",
        &[
            "usage_allowance_id",
            "subscription_product_puid",
            "period_start",
            "period_end",
            "allotted_quantity",
            "consumed_quantity",
        ],
    );
    let voice = products().into_iter().take(CUSTOMERS.len());
    let periods = voice.flat_map(|product| ALLOWANCE_PERIODS.map(|period| (product.puid.clone(), period)));
    for (id, (puid, (start, end))) in (1_i64..).zip(periods) {
        rows.push([
            Parameter::Integer(id),
            Parameter::Text(puid),
            Parameter::text(start),
            Parameter::text(end),
            Parameter::Decimal(INCLUDED_MINUTES.to_string()),
            Parameter::Decimal("0".to_owned()),
        ]);
    }
    rows.flush(transaction).await
}
