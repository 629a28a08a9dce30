//! The lives of some hundred service instances from late August to late November 2026, told by
//! usage events: made, moved to other plans, renamed, deleted.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Error;

use super::random::Random;
use super::service_catalog::{Catalog, Offering, Space, guid_of};
use crate::database::{BulkInsert, Database, Parameter, Transaction, query};

/// How many service instances the demo tells of, unless told otherwise.
pub const INSTANCES: u64 = 480;
const SEED: u64 = 0x00C1_0DF0;
/// 20 August 2026, 00:00 UTC, in seconds since 1970; and how long the story lasts: 92 days.
const FIRST_SECOND: i64 = 1_787_184_000;
const SECONDS: u64 = 92 * 86_400;

const PURPOSES: [&str; 12] = [
    "orders", "invoices", "rating", "sessions", "catalog", "audit", "ledger", "metering", "search", "alerts",
    "reports", "tariffs",
];

/// An instance as it is at one moment.
#[derive(Clone, Debug)]
struct Instance<'a> {
    guid: String,
    name: String,
    space: &'a Space,
    /// None for a user-provided instance.
    plan: Option<(&'a Offering, &'a (String, &'static str))>,
}

#[derive(Debug)]
struct Event<'a> {
    guid: String,
    at: DateTime<Utc>,
    state: &'static str,
    instance: Instance<'a>,
}

/// Adds instances and events once to every database, in one transaction with the fact that they are
/// there, so that nothing is ever half done.
pub async fn fill_once(database: &Database, instances: u64) -> Result<(), Error> {
    let mut transaction = database.begin_write().await?;
    let fact = "INSERT INTO service_facts VALUES ('demo_service_instances', 'complete') \
                ON CONFLICT (fact_name) DO NOTHING";
    if query(fact).execute(&mut *transaction).await?.rows_affected() == 1 {
        let mut random = Random::new(SEED);
        let catalog = Catalog::new(&mut random);
        catalog.add(&mut transaction).await?;
        let mut events = Vec::new();
        for _ in 0..instances {
            events.extend(life(&mut random, &catalog));
        }
        events.sort_by(|one, other| (one.at, &one.guid).cmp(&(other.at, &other.guid)));
        add_instances(&mut transaction, &events).await?;
        add_events(&mut transaction, &events).await?;
    }
    transaction.commit().await
}

/// Everything that happens to one instance, in order.
fn life<'a>(random: &mut Random, catalog: &'a Catalog) -> Vec<Event<'a>> {
    let Some(space) = random.pick(&catalog.spaces) else { return Vec::new() };
    let offering = random.pick(&catalog.offerings).filter(|_| !random.happens(120));
    let plan = offering.and_then(|offering| Some((offering, random.pick(&offering.plans)?)));
    let purpose = random.pick(&PURPOSES).copied().unwrap_or_default();
    let kind = offering.map_or("credentials", |offering| offering.name);
    let name = format!("{purpose}-{kind}-{}", 1 + random.below(9));
    let mut instance = Instance { guid: guid_of(random), name: name.clone(), space, plan };
    let mut at = instant(random.below(SECONDS * 9 / 10));
    let end = instant(SECONDS);
    let mut events = Vec::new();
    let mut tell = |random: &mut Random, at, state, instance: &Instance<'a>| {
        events.push(Event { guid: guid_of(random), at, state, instance: instance.clone() });
    };
    tell(random, at, "CREATED", &instance);
    for change in 2..2 + random.below(12) {
        at += TimeDelta::seconds(900 + i64::try_from(random.below(SECONDS / 8)).unwrap_or_default());
        if at >= end {
            return events;
        }
        let other = instance.plan.and_then(|(offering, current)| {
            random.pick(&offering.plans).filter(|plan| *plan != current).map(|plan| (offering, plan))
        });
        match other {
            Some(plan) => instance.plan = Some(plan),
            None => instance.name = format!("{name}-v{change}"),
        }
        tell(random, at, "UPDATED", &instance);
    }
    at += TimeDelta::seconds(600 + i64::try_from(random.below(SECONDS / 2)).unwrap_or_default());
    if at < end {
        tell(random, at, "DELETED", &instance);
    }
    events
}

fn instant(second: u64) -> DateTime<Utc> {
    let seconds = FIRST_SECOND + i64::try_from(second).unwrap_or_default();
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// The instances that nobody deleted, as they ended up, in the order in which they were made.
async fn add_instances(transaction: &mut Transaction, events: &[Event<'_>]) -> Result<(), Error> {
    let mut rows = BulkInsert::new(
        "service_instances",
        &[
            "service_instance_guid",
            "service_instance_name",
            "space_guid",
            "service_plan_guid",
            "created_at",
            "updated_at",
        ],
    );
    let lasts: HashMap<&str, &Event<'_>> =
        events.iter().map(|event| (event.instance.guid.as_str(), event)).collect();
    for made in events.iter().filter(|event| event.state == "CREATED") {
        let last = lasts.get(made.instance.guid.as_str()).copied().unwrap_or(made);
        if last.state != "DELETED" {
            let instance = &last.instance;
            rows.push([
                Parameter::text(&instance.guid),
                Parameter::text(&instance.name),
                Parameter::text(&instance.space.guid),
                instance.plan.map_or(Parameter::Null, |(_, plan)| Parameter::text(&plan.0)),
                Parameter::instant(made.at),
                Parameter::instant(last.at),
            ]);
            rows.flush_full(transaction).await?;
        }
    }
    rows.flush(transaction).await
}

async fn add_events(transaction: &mut Transaction, events: &[Event<'_>]) -> Result<(), Error> {
    let mut rows = BulkInsert::new(
        "service_usage_events",
        &[
            "service_usage_event_guid",
            "created_at",
            "state",
            "space_guid",
            "space_name",
            "organization_guid",
            "service_instance_guid",
            "service_instance_name",
            "service_instance_type",
            "service_plan_guid",
            "service_plan_name",
            "service_offering_guid",
            "service_offering_name",
            "service_broker_guid",
            "service_broker_name",
        ],
    );
    for event in events {
        let Event { instance, .. } = event;
        let plan_text = |text: fn(&Offering, &(String, &'static str)) -> String| {
            instance.plan.map_or(Parameter::Null, |(offering, plan)| Parameter::Text(text(offering, plan)))
        };
        let kind = if instance.plan.is_some() { "managed" } else { "user_provided" };
        rows.push([
            Parameter::text(&event.guid),
            Parameter::instant(event.at),
            Parameter::text(event.state),
            Parameter::text(&instance.space.guid),
            Parameter::text(instance.space.name),
            Parameter::text(&instance.space.organization_guid),
            Parameter::text(&instance.guid),
            Parameter::text(&instance.name),
            Parameter::Text(format!("{kind}_service_instance")),
            plan_text(|_, plan| plan.0.clone()),
            plan_text(|_, plan| plan.1.to_owned()),
            plan_text(|offering, _| offering.guid.clone()),
            plan_text(|offering, _| offering.name.to_owned()),
            plan_text(|offering, _| offering.broker_guid.clone()),
            plan_text(|offering, _| offering.broker_name.to_owned()),
        ]);
        rows.flush_full(transaction).await?;
    }
    rows.flush(transaction).await
}
