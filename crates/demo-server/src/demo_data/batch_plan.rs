//! The twelve batches of the demo data: from closed months without a fault to November's open ones.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use sqlx::Error;

use super::FIRST_IDS;
use crate::database::{BulkInsert, Parameter, Transaction};

#[derive(Debug)]
pub(super) struct BatchPlan {
    pub(super) number: &'static str,
    name: &'static str,
    description: &'static str,
    pub(super) status: &'static str,
    usage_type: &'static str,
    business_unit: (i64, &'static str),
    /// The place in `KINDS`.
    pub(super) kind: usize,
    pub(super) month: u32,
    /// The last day with usage.
    pub(super) last_day: u32,
    /// Thousandths of all events.
    share: u64,
    pub(super) errors_per_mille: u64,
}

const EMEA: (i64, &str) = (300_000_200_000_011, "Vision Telecom EMEA");
const CLOUD: (i64, &str) = (300_000_200_000_012, "Vision Cloud Services");
const ENERGY: (i64, &str) = (300_000_200_000_013, "Vision Energy");

const TEL: usize = 0;
const CLD: usize = 1;
const API: usize = 2;
const NRG: usize = 3;

/// Where reversal events live, and the batch they reverse.
pub(super) const REVERSALS: &str = "UB-2026-10-REV";
pub(super) const REVERSED: &str = "UB-2026-09-TEL";

pub(super) const BATCHES: [BatchPlan; 12] = [
    plan("UB-2026-08-TEL", "August voice and data", "ORA_COMPLETED", EMEA, TEL, (8, 31), 140, 0),
    plan("UB-2026-08-CLD", "August cloud consumption", "ORA_COMPLETED", CLOUD, CLD, (8, 31), 140, 0),
    plan("UB-2026-09-TEL", "September voice and data", "ORA_COMPLETED_ERRORS", EMEA, TEL, (9, 30), 130, 20),
    plan("UB-2026-09-NRG", "September charge points", "ORA_COMPLETED", ENERGY, NRG, (9, 30), 60, 0),
    plan("UB-2026-09-API", "September partner API", "ORA_COMPLETED", CLOUD, API, (9, 30), 80, 0),
    plan("UB-2026-10-TEL", "October voice and data", "ORA_COMPLETED_ERRORS", EMEA, TEL, (10, 31), 130, 60),
    plan(
        "UB-2026-10-CLD",
        "October cloud consumption",
        "ORA_COMPLETED_ERRORS",
        CLOUD,
        CLD,
        (10, 31),
        120,
        55,
    ),
    plan("UB-2026-10-NRG", "October charge points", "ORA_COMPLETED_ERRORS", ENERGY, NRG, (10, 31), 50, 60),
    BatchPlan {
        usage_type: "ORA_REVERSE_REPLACE",
        description: "Calls that the mediation system reported twice on 12 September",
        ..plan(REVERSALS, "Reversal of duplicate calls", "ORA_COMPLETED", EMEA, TEL, (9, 30), 10, 0)
    },
    plan("UB-2026-11-API", "November partner API", "ORA_DRAFT", CLOUD, API, (11, 20), 60, 250),
    plan("UB-2026-11-CLD", "November cloud consumption", "ORA_IN_PROCESS", CLOUD, CLD, (11, 20), 50, 60),
    BatchPlan {
        usage_type: "ORA_RERATE",
        description: "New grid fees from 1 November, locked for review",
        ..plan("UB-2026-11-NRG", "November grid fees", "ORA_LOCKED", ENERGY, NRG, (11, 20), 30, 30)
    },
];

#[allow(clippy::too_many_arguments, reason = "a row of a table")]
const fn plan(
    number: &'static str,
    name: &'static str,
    status: &'static str,
    business_unit: (i64, &'static str),
    kind: usize,
    (month, last_day): (u32, u32),
    share: u64,
    errors_per_mille: u64,
) -> BatchPlan {
    BatchPlan {
        number,
        name,
        description: "Monthly usage as delivered by the metering system",
        status,
        usage_type: "ORA_RATING",
        business_unit,
        kind,
        month,
        last_day,
        share,
        errors_per_mille,
    }
}

impl BatchPlan {
    /// How many of `events` belong to this batch: its share, at least one. The first batch takes
    /// what the rounding leaves.
    pub(super) fn share_of(&self, events: u64) -> u64 {
        let of = |plan: &Self| (events * plan.share / 1000).max(1);
        if self.number == BATCHES[0].number {
            let others = BATCHES.iter().skip(1).map(of).sum::<u64>();
            return events.saturating_sub(others).max(1);
        }
        of(self)
    }

    pub(super) fn first_moment(&self) -> DateTime<Utc> {
        let day = NaiveDate::from_ymd_opt(2026, self.month, 1).unwrap_or_default();
        day.and_time(chrono::NaiveTime::MIN).and_utc()
    }

    /// The day on which the batch was made: right after its last day of usage.
    pub(super) fn created(&self) -> DateTime<Utc> {
        self.first_moment() + Days::new(u64::from(self.last_day)) + TimeDelta::minutes(130)
    }
}

/// How many events of the reversed batch are reversed: its first ones.
pub(super) fn count_of_reversals(events: u64) -> u64 {
    let share =
        |number| BATCHES.iter().find(|plan| plan.number == number).map_or(0, |plan| plan.share_of(events));
    share(REVERSALS).min(share(REVERSED))
}

/// The id of the first event of the batch at a place of `BATCHES`.
pub(super) fn first_event_id(index: usize, events: u64) -> i64 {
    let before = BATCHES.iter().take(index).map(|plan| plan.share_of(events)).sum::<u64>();
    FIRST_IDS[1].1 + i64::try_from(before).unwrap_or_default()
}

/// The id of the batch at a place of `BATCHES`.
pub(super) fn batch_id(index: usize) -> i64 {
    FIRST_IDS[0].1 + i64::try_from(index).unwrap_or_default()
}

pub(super) async fn add_batches(transaction: &mut Transaction) -> Result<(), Error> {
    let mut rows = BulkInsert::new(
        "usage_event_batches",
        &[
            "usage_batch_id",
            "batch_number",
            "batch_name",
            "batch_description",
            "batch_status",
            "usage_type",
            "creation_type",
            "schedule_type",
            "pricer_type",
            "business_unit_id",
            "business_unit_name",
            "processed_datetime",
            "end_date",
            "created_by",
            "creation_date",
            "last_updated_by",
            "last_update_date",
            "last_update_login",
        ],
    );
    for (index, plan) in BATCHES.iter().enumerate() {
        let completed = plan.status.starts_with("ORA_COMPLETED");
        let processed = plan.created() + TimeDelta::minutes(95);
        let end = plan.first_moment() + Days::new(u64::from(plan.last_day));
        let changed = if completed { processed } else { plan.created() };
        let row = [
            Parameter::Integer(batch_id(index)),
            Parameter::text(plan.number),
            Parameter::text(plan.name),
            Parameter::text(plan.description),
            Parameter::text(plan.status),
            Parameter::text(plan.usage_type),
            Parameter::text(if plan.number == REVERSALS { "ORA_MANUAL" } else { "ORA_FILE" }),
            Parameter::text("ORA_ON_DEMAND"),
            Parameter::text("ORA_SUBSCRIPTION"),
            Parameter::Integer(plan.business_unit.0),
            Parameter::text(plan.business_unit.1),
            if completed { Parameter::instant(processed) } else { Parameter::Null },
            Parameter::instant(end),
            Parameter::text("Edith Okafor"),
            Parameter::instant(plan.created()),
            Parameter::text(if completed { "Rate Subscription Usage Events" } else { "Edith Okafor" }),
            Parameter::instant(changed),
            Parameter::Null,
        ];
        rows.push(row);
    }
    rows.flush(transaction).await
}
