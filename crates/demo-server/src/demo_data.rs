//! A believable, deterministic set of usage data for an empty database: the set-up lists, twelve
//! batches from August to November 2026, their events, charges and messages; a platform's service
//! instances with their usage events over the same time; and a billing system's base buckets.
//!
//! Not here: the demo accounts (`accounts`), and real data (`load_file`).

mod base_buckets;
mod batch_plan;
mod event_maker;
mod event_rows;
mod random;
mod rate_table;
mod service_catalog;
pub mod service_usage;
mod setup_lists;
mod usage_kinds;

use std::time::Instant;

use sqlx::Error;

use crate::database::{BulkInsert, Database, FillingError, Parameter, Transaction, query, query_scalar};
use crate::oracle::{ERRORS, FILES, Stamp, note_in_batches};
use batch_plan::BATCHES;
use event_maker::EventMaker;
use event_rows::EventRows;

/// The first id of each sequence. Fifteen digits, as the vendor's are.
const FIRST_IDS: [(&str, i64); 7] = [
    ("usage_event_batches", 300_000_209_000_101),
    ("usage_events", 300_000_209_351_523),
    ("usage_charges", 300_000_311_000_001),
    ("usage_messages", 300_000_422_000_001),
    ("rule_builder_conditions", 300_000_533_000_001),
    ("usage_event_batch_errors", 300_000_544_000_001),
    ("usage_event_batch_files", 300_000_555_000_001),
];
/// Those of what no demo data hold.
const FIRST_OWN_IDS: [(&str, i64); 3] = [
    ("closed_periods", 300_000_566_000_001),
    ("approval_rules", 300_000_577_000_001),
    ("usage_approvals", 300_000_588_000_001),
];

/// Rows in one transaction: big enough to be quick, small enough to keep the log short.
const EVENTS_PER_TRANSACTION: u64 = 50_000;

/// Adds what every database of this service needs, filled or not: sequences and set-up lists.
pub async fn add_setup(database: &Database) -> Result<(), Error> {
    let mut transaction = database.begin_write().await?;
    for (sequence, first) in FIRST_IDS.into_iter().chain(FIRST_OWN_IDS) {
        query("INSERT INTO id_sequences VALUES ($1, $2) ON CONFLICT (sequence_name) DO NOTHING")
            .bind(sequence)
            .bind(first)
            .execute(&mut *transaction)
            .await?;
    }
    setup_lists::add(&mut transaction).await?;
    rate_table::add(&mut transaction).await?;
    transaction.commit().await
}

/// Fills a database that holds no batches with `events` usage events. A filling that was broken off
/// is begun again; data that came another way are left alone. Service instances and their usage
/// events, and base buckets, are added where they have never been. Of several servers that begin on
/// one database, one fills it and the others wait for it.
pub async fn fill_if_empty(database: &Database, events: u64) -> Result<(), FillingError> {
    let _held = database.filling_lock().await?;
    service_usage::fill_once(database, service_usage::INSTANCES).await?;
    base_buckets::fill_once(database).await?;
    let state: Option<String> =
        query_scalar("SELECT fact_value FROM service_facts WHERE fact_name = 'demo_data'")
            .fetch_optional(&database.readers)
            .await?;
    let batches: i64 =
        query_scalar("SELECT COUNT(*) FROM usage_event_batches").fetch_one(&database.readers).await?;
    match state.as_deref() {
        Some("filling") => clear(database).await?,
        Some(_) => return Ok(()),
        None if batches > 0 => return Ok(()),
        None => {}
    }
    Ok(fill(database, events).await?)
}

async fn clear(database: &Database) -> Result<(), Error> {
    tracing::info!("the demo data were not completed last time; beginning again");
    let mut transaction = database.begin_write().await?;
    for table in [
        "usage_messages",
        "usage_charges",
        "usage_events",
        "batch_event_counts",
        "usage_event_batch_errors",
        "usage_event_batch_files",
        "rule_builder_conditions",
        "rating_work",
        "usage_event_batches",
    ] {
        query(&format!("DELETE FROM {table}")).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

async fn fill(database: &Database, events: u64) -> Result<(), Error> {
    let began = Instant::now();
    let mut transaction = database.begin_write().await?;
    set_state(&mut transaction, "filling").await?;
    batch_plan::add_batches(&mut transaction).await?;
    let mut rows = EventRows::new(FIRST_IDS);
    let mut done = 0;
    for (index, batch) in BATCHES.iter().enumerate() {
        let maker = EventMaker::new(index, batch, events);
        for number in 1..=batch.share_of(events) {
            rows.push(&mut transaction, &maker.event(number)).await?;
            done += 1;
            if done % EVENTS_PER_TRANSACTION == 0 {
                rows.flush(&mut transaction).await?;
                transaction.commit().await?;
                tracing::info!(
                    events = done,
                    of = events,
                    seconds = began.elapsed().as_secs(),
                    "filling the database"
                );
                transaction = database.begin_write().await?;
            }
        }
    }
    rows.flush(&mut transaction).await?;
    for (sequence, next) in rows.next_ids() {
        query("UPDATE id_sequences SET next_value = $1 WHERE sequence_name = $2")
            .bind(next)
            .bind(sequence)
            .execute(&mut *transaction)
            .await?;
    }
    link_reversed_events(&mut transaction).await?;
    let stamp = Stamp::now("Import Management", "");
    note_in_batches(&mut transaction, &stamp, ERRORS).await?;
    note_in_batches(&mut transaction, &stamp, FILES).await?;
    set_state(&mut transaction, "complete").await?;
    transaction.commit().await?;
    // Not among the readers, whose time is bounded.
    let mut transaction = database.begin_write().await?;
    query("ANALYZE").execute(&mut *transaction).await?;
    transaction.commit().await?;
    tracing::info!(events = done, milliseconds = began.elapsed().as_millis(), "the database is filled");
    Ok(())
}

/// What is reversed names the event that takes it back, as that one names it.
async fn link_reversed_events(transaction: &mut Transaction) -> Result<(), Error> {
    query(
        "UPDATE usage_events SET (related_event_id, related_batch_id) = \
         (SELECT r.event_id, r.usage_batch_id FROM usage_events r WHERE r.reverses_event_id = usage_events.event_id) \
         WHERE event_status = 'ORA_REVERSED'",
    )
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

async fn set_state(transaction: &mut Transaction, state: &str) -> Result<(), Error> {
    let mut fact = BulkInsert::new("service_facts", &["fact_name", "fact_value"]);
    query("DELETE FROM service_facts WHERE fact_name = 'demo_data'").execute(&mut **transaction).await?;
    fact.push([Parameter::text("demo_data"), Parameter::text(state)]);
    fact.flush(transaction).await
}
