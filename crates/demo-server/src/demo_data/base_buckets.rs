//! LogiSense's side of the demo: some three hundred base buckets of a telecom and cloud provider, the
//! usage classes and places that scope them, and the usage buckets and share plans that draw on them.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Error;

use super::random::Random;
use crate::database::{BulkInsert, Database, Parameter, Transaction, query};

const SEED: u64 = 0x10_615E;
/// 1 January 2022, 00:00 UTC, in seconds since 1970.
const FIRST_SECOND: i64 = 1_640_995_200;
const DAYS: u64 = 1_700;

const OWNER: &str = "Vision Services Group";

/// Identity, name, description, whether visible, whether base buckets may have it.
const UNITS: [(i64, &str, &str, bool, bool); 5] = [
    (1, "Count", "Messages, calls, requests and other things that are counted", true, true),
    (4, "Money", "Amounts in the account's currency", true, false),
    (8, "Data", "Bytes and their multiples", true, true),
    (19, "Time", "Seconds and their multiples", true, true),
    (23, "Energy", "Watt hours; superseded by Count", false, true),
];
const COUNT: i64 = 1;
const DATA: i64 = 8;
const TIME: i64 = 19;

/// What is measured, its unit, the usage class that it belongs to.
const SERVICES: [(&str, i64, &str); 22] = [
    ("Mobile data", DATA, "Mobile data"),
    ("Voice outbound", TIME, "Voice"),
    ("Voice inbound", TIME, "Voice"),
    ("SMS", COUNT, "Messaging"),
    ("MMS", COUNT, "Messaging"),
    ("RCS messages", COUNT, "Messaging"),
    ("Fixed broadband data", DATA, "Fixed access"),
    ("Wi-Fi hotspot data", DATA, "Fixed access"),
    ("IoT telemetry", DATA, "Machine to machine"),
    ("IoT device wake-ups", COUNT, "Machine to machine"),
    ("Satellite backhaul", DATA, "Transport"),
    ("Video conferencing", TIME, "Unified communications"),
    ("Conference dial-in", TIME, "Unified communications"),
    ("Contact centre talk time", TIME, "Unified communications"),
    ("Toll-free calls", TIME, "Voice"),
    ("Premium-rate calls", TIME, "Voice"),
    ("CDN egress", DATA, "Cloud"),
    ("Object storage", DATA, "Cloud"),
    ("Compute hours", TIME, "Cloud"),
    ("API calls", COUNT, "Cloud"),
    ("Function invocations", COUNT, "Cloud"),
    ("Backup volume", DATA, "Cloud"),
];

/// Groups of locations and their locations.
const PLACES: [(&str, &[&str]); 8] = [
    ("Western Europe", &["France", "Germany", "Netherlands", "Belgium", "United Kingdom", "Ireland"]),
    ("Southern Europe", &["Spain", "Portugal", "Italy", "Greece"]),
    ("Nordics", &["Sweden", "Norway", "Denmark", "Finland", "Iceland"]),
    ("Central Europe", &["Austria", "Switzerland", "Poland", "Czechia", "Hungary"]),
    ("North America", &["United States", "Canada", "Mexico"]),
    ("Latin America", &["Brazil", "Argentina", "Chile", "Colombia"]),
    ("Middle East and Africa", &["United Arab Emirates", "Kuwait", "South Africa", "Kenya", "Egypt"]),
    ("Asia-Pacific", &["Japan", "Singapore", "India", "Australia", "New Zealand", "Republic of Korea"]),
];

/// What a bucket covers beside a group of locations.
const SCOPES: [&str; 7] =
    ["Domestic", "Roaming zone 1", "Roaming zone 2", "Rest of world", "On-net", "Off-peak", "Business"];

const TARIFFS: [&str; 8] =
    ["Essential", "Plus", "Unlimited", "Family", "Business Flex", "Business Fleet", "Wholesale", "Start-up"];

/// Adds everything once to every database, in one transaction with the fact that it is there.
pub(super) async fn fill_once(database: &Database) -> Result<(), Error> {
    let mut transaction = database.begin_write().await?;
    let fact = "INSERT INTO service_facts VALUES ('demo_base_buckets', 'complete') \
                ON CONFLICT (fact_name) DO NOTHING";
    if query(fact).execute(&mut *transaction).await?.rows_affected() == 1 {
        add_lists(&mut transaction).await?;
        let buckets = buckets(&mut Random::new(SEED));
        add_buckets(&mut transaction, &buckets).await?;
        add_users(&mut transaction, &mut Random::new(SEED + 1), &buckets).await?;
    }
    transaction.commit().await
}

struct Bucket {
    name: String,
    unit: i64,
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    details: Vec<Detail>,
}

/// Places in `classes()` and `PLACES`.
#[derive(Clone, Copy)]
struct Detail {
    class: Option<usize>,
    group: Option<usize>,
    location: Option<usize>,
    excluded: bool,
}

fn classes() -> Vec<&'static str> {
    let mut classes = Vec::new();
    for (_, _, class) in SERVICES {
        if !classes.contains(&class) {
            classes.push(class);
        }
    }
    classes
}

fn locations() -> Vec<&'static str> {
    PLACES.iter().flat_map(|(_, locations)| locations.iter().copied()).collect()
}

/// A column of identities from 1.
fn identity(place: usize) -> i64 {
    i64::try_from(place).unwrap_or_default() + 1
}

fn buckets(random: &mut Random) -> Vec<Bucket> {
    let classes = classes();
    let mut buckets = Vec::new();
    for (service, unit, class) in SERVICES {
        let class = classes.iter().position(|one| *one == class);
        let groups = PLACES.iter().enumerate().map(|(place, (name, _))| (Some(place), *name));
        let scopes = SCOPES.iter().map(|name| (None, *name));
        for (group, scope) in groups.chain(scopes) {
            // The first bucket is there on every machine; of the others a few were never made.
            if !buckets.is_empty() && random.happens(60) {
                continue;
            }
            let first_day = random.below(DAYS);
            let start = instant(first_day);
            let retired = !buckets.is_empty() && first_day + 430 < DAYS && random.happens(140);
            let end = retired.then(|| start + days(30 + random.below(400)));
            let mut details = vec![Detail { class, group, location: None, excluded: false }];
            if group.is_some() && !buckets.is_empty() && random.happens(350) {
                let location = usize::try_from(random.below(locations().len() as u64)).ok();
                details.push(Detail { class: None, group: None, location, excluded: true });
            }
            if group.is_none() && random.happens(500) {
                details.clear();
            }
            buckets.push(Bucket { name: format!("{service}, {scope}"), unit, start, end, details });
        }
    }
    buckets
}

fn instant(day: u64) -> DateTime<Utc> {
    DateTime::from_timestamp(FIRST_SECOND, 0).unwrap_or_default() + days(day)
}

fn days(count: u64) -> TimeDelta {
    TimeDelta::days(i64::try_from(count).unwrap_or_default())
}

async fn add_lists(transaction: &mut Transaction) -> Result<(), Error> {
    let mut owner = BulkInsert::new("usage_owners", &["owner_id", "owner_name"]);
    owner.push([Parameter::Integer(1), Parameter::text(OWNER)]);
    owner.flush(transaction).await?;
    let mut units = BulkInsert::new(
        "base_units",
        &[
            "base_unit_id",
            "name",
            "description",
            "usage_base_unit_id",
            "usage_base_unit_name",
            "sort_order",
            "visible",
            "is_base_bucket_eligible",
        ],
    );
    for (order, (id, name, description, visible, eligible)) in UNITS.into_iter().enumerate() {
        units.push([
            Parameter::Integer(id),
            Parameter::text(name),
            Parameter::text(description),
            Parameter::Integer(id),
            Parameter::text(name),
            Parameter::Integer(identity(order)),
            Parameter::Boolean(visible),
            Parameter::Boolean(eligible),
        ]);
    }
    units.flush(transaction).await?;
    let groups = PLACES.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    for (table, column, names) in [
        ("usage_classes", "usage_class_id", classes()),
        ("geo_locations", "geo_location_id", locations()),
        ("geo_location_groups", "geo_location_group_id", groups),
    ] {
        let mut rows = BulkInsert::new(table, &[column, "name"]);
        for (place, name) in names.into_iter().enumerate() {
            rows.push([Parameter::Integer(identity(place)), Parameter::text(name)]);
        }
        rows.flush(transaction).await?;
    }
    Ok(())
}

async fn add_buckets(transaction: &mut Transaction, buckets: &[Bucket]) -> Result<(), Error> {
    let mut rows = BulkInsert::new(
        "base_buckets",
        &["owner_id", "name", "name_key", "start_at", "end_at", "retired", "base_unit_id"],
    );
    for bucket in buckets {
        rows.push([
            Parameter::Integer(1),
            Parameter::text(&bucket.name),
            Parameter::Text(bucket.name.to_lowercase()),
            Parameter::instant(bucket.start),
            bucket.end.map_or(Parameter::Null, Parameter::instant),
            Parameter::Boolean(bucket.end.is_some()),
            Parameter::Integer(bucket.unit),
        ]);
    }
    rows.flush(transaction).await?;
    let mut rows = BulkInsert::new(
        "base_bucket_details",
        &["base_bucket_id", "usage_class_id", "geo_location_id", "geo_location_group_id", "excluded"],
    );
    let reference =
        |place: Option<usize>| place.map_or(Parameter::Null, |place| Parameter::Integer(identity(place)));
    for (place, bucket) in buckets.iter().enumerate() {
        for detail in &bucket.details {
            rows.push([
                Parameter::Integer(identity(place)),
                reference(detail.class),
                reference(detail.location),
                reference(detail.group),
                Parameter::Boolean(detail.excluded),
            ]);
        }
    }
    rows.flush(transaction).await
}

/// Two in three base buckets are drawn on: by a usage bucket or two, some of which have ended, and
/// some by a share plan.
async fn add_users(
    transaction: &mut Transaction,
    random: &mut Random,
    buckets: &[Bucket],
) -> Result<(), Error> {
    let mut usage = BulkInsert::new("usage_buckets", &["name", "prorate", "base_unit_id", "ended_at"]);
    let mut links = BulkInsert::new("usage_bucket_bases", &["usage_bucket_id", "base_bucket_id"]);
    let mut shares = BulkInsert::new("share_plan_bases", &["share_plan_id", "base_bucket_id"]);
    let mut made = 0_usize;
    // The first base bucket is free, for whoever wants to try things out.
    for (place, bucket) in buckets.iter().enumerate().skip(1) {
        if random.happens(330) {
            continue;
        }
        for _ in 0..=random.below(2) {
            let Some(tariff) = random.pick(&TARIFFS) else { continue };
            let ended = (bucket.end.is_some() || random.happens(250))
                .then(|| Parameter::instant(instant(DAYS + random.below(60))));
            usage.push([
                Parameter::Text(format!("{} {tariff}", bucket.name)),
                Parameter::Boolean(random.happens(500)),
                Parameter::Integer(bucket.unit),
                ended.unwrap_or(Parameter::Null),
            ]);
            links.push([Parameter::Integer(identity(made)), Parameter::Integer(identity(place))]);
            made += 1;
        }
        if bucket.end.is_none() && random.happens(120) {
            let plan = usize::try_from(random.below(TARIFFS.len() as u64)).unwrap_or_default();
            shares.push([Parameter::Integer(identity(plan)), Parameter::Integer(identity(place))]);
        }
    }
    let mut plans = BulkInsert::new("share_plans", &["name"]);
    for tariff in TARIFFS {
        plans.push([Parameter::Text(format!("{tariff} shared"))]);
    }
    usage.flush(transaction).await?;
    plans.flush(transaction).await?;
    links.flush(transaction).await?;
    shares.flush(transaction).await
}
