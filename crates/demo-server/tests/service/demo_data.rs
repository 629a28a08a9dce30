//! The demo data: believable, and the same on every machine.

use std::collections::BTreeSet;

use demo_server::database::{Row, query};
use demo_server::{command_line, demo_data};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::test_service::*;

async fn all(service: &TestService, sql: &str) -> Vec<Row> {
    query(sql).fetch_all(&service.service.database.readers).await.unwrap()
}

async fn texts(service: &TestService, sql: &str) -> Vec<String> {
    all(service, sql)
        .await
        .iter()
        .map(|row| row.try_get::<Option<String>, _>(0).unwrap().unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn the_set_has_what_the_console_is_to_show() {
    let service = TestService::new().await;
    let batches = service.items(BATCHES, &[]).await;
    assert_eq!(batches.len(), 12);
    let statuses =
        batches.iter().map(|batch| batch["BatchStatus"].as_str().unwrap()).collect::<BTreeSet<_>>();
    assert_eq!(statuses.len(), 5, "{statuses:?}");
    let total = batches.iter().map(|batch| batch["CountOfUsageEvents"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(total, EVENT_COUNT);
    let errors = batches.iter().map(|batch| batch["CountOfEventsErrored"].as_u64().unwrap()).sum::<u64>();
    assert!((30..=60).contains(&(errors * 1000 / total)), "{errors} of {total}");
    assert_eq!(
        texts(&service, "SELECT DISTINCT error FROM usage_events WHERE error IS NOT NULL").await.len(),
        6
    );
    let currencies =
        texts(&service, "SELECT DISTINCT COALESCE(charge_currency, '') FROM usage_charges ORDER BY 1").await;
    assert_eq!(currencies, ["", "EUR", "GBP", "JPY", "KWD", "USD"]);
    assert!(texts(&service, "SELECT DISTINCT event_time_zone FROM usage_events").await.len() >= 6);
    let months =
        texts(&service, "SELECT DISTINCT substr(le_event_start_date, 1, 7) FROM usage_events ORDER BY 1")
            .await;
    assert!(
        ["2026-08", "2026-09", "2026-10", "2026-11"]
            .iter()
            .all(|month| months.iter().any(|one| one == month))
    );
    let quantities = texts(&service, "SELECT CAST(reported_usage_quantity AS TEXT) FROM usage_events").await;
    let scales = quantities.iter().map(|text| text.split_once('.').map_or(0, |(_, fraction)| fraction.len()));
    assert_eq!(scales.max(), Some(6));
}

#[tokio::test]
async fn amounts_add_up_to_the_last_digit() {
    let service = TestService::new().await;
    let sql = "SELECT CAST(extended_amount AS TEXT), CAST(allowance_amount AS TEXT), \
               CAST(billed_amount AS TEXT), charge_currency FROM usage_charges";
    let mut allowances = 0;
    for row in all(&service, sql).await {
        let amount = |index: usize| row.try_get::<String, _>(index).unwrap().parse::<Decimal>().unwrap();
        assert_eq!(amount(2), amount(0) - amount(1));
        allowances += usize::from(!amount(1).is_zero());
    }
    assert!(allowances > 20);
    // What was priced is what was used.
    let sql = "SELECT CAST(e.usage_quantity AS TEXT), CAST(c.priced_quantity AS TEXT), c.event_id FROM usage_charges c \
               JOIN usage_events e ON e.event_id = c.event_id ORDER BY c.event_id";
    let mut left = std::collections::BTreeMap::<i64, Decimal>::new();
    for row in all(&service, sql).await {
        let used = row.try_get::<String, _>(0).unwrap().parse::<Decimal>().unwrap();
        *left.entry(row.try_get(2).unwrap()).or_insert(used) -=
            row.try_get::<String, _>(1).unwrap().parse::<Decimal>().unwrap();
    }
    assert!(left.values().all(Decimal::is_zero));
    let fractions = texts(
        &service,
        "SELECT CAST(billed_amount AS TEXT) FROM usage_charges c JOIN usage_events e ON e.event_id = c.event_id \
                                     WHERE charge_currency = 'JPY' AND event_type = 'ORA_VOICE_DATA'",
    )
    .await;
    assert!(fractions.iter().all(|amount| !amount.contains('.')), "the yen has no smaller unit");
}

#[tokio::test]
async fn reversals_negate_their_originals() {
    let service = TestService::new().await;
    let reversals = service
        .items(
            EVENTS,
            &[
                ("q", "RelatedEventId is not null and EventStatus = 'ORA_PROCESSED'"),
                ("expand", "usageCharges"),
                ("limit", "499"),
            ],
        )
        .await;
    assert_eq!(reversals.len(), 12);
    for reversal in reversals {
        let original = service.event(&format!("EventId = {}", reversal["RelatedEventId"])).await;
        assert_eq!(original["EventStatus"], "ORA_REVERSED");
        assert_eq!((&original["ReverseFlag"], &reversal["ReverseFlag"]), (&false.into(), &false.into()));
        assert_eq!(original["UsageBatchId"], reversal["RelatedBatchId"]);
        assert_eq!(original["RelatedEventId"], reversal["EventId"], "both ways");
        assert_eq!(original["RelatedBatchId"], reversal["UsageBatchId"]);
        assert_eq!(
            reversal["ReportedUsageQuantity"].to_string(),
            format!("-{}", original["ReportedUsageQuantity"])
        );
        let charges = service.items(&format!("{}/child/usageCharges", event_path(&original)), &[]).await;
        let sum = |charges: &[Json]| {
            charges
                .iter()
                .map(|charge| charge["BilledAmount"].to_string().parse::<Decimal>().unwrap())
                .sum::<Decimal>()
        };
        assert_eq!(sum(reversal["usageCharges"]["items"].as_array().unwrap()), -sum(&charges));
    }
}

#[tokio::test]
async fn filling_is_deterministic_and_happens_once() {
    let dump = |service: TestService| async move {
        let sql = "SELECT event_number || service_id || CAST(usage_quantity AS TEXT) || event_status FROM usage_events \
                   ORDER BY event_id";
        texts(&service, sql).await
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sub/folder/second.db");
    let database = command_line::open(path.to_str().unwrap()).await.unwrap();
    for _ in 0..2 {
        demo_data::fill_if_empty(&database, EVENT_COUNT).await.unwrap();
    }
    let second = TestService::with(|service| service.database = database).await;
    assert_eq!(dump(second).await, dump(TestService::new().await).await);
}

#[tokio::test]
async fn a_broken_off_filling_is_begun_again() {
    let service = TestService::new().await;
    let database = &service.service.database;
    let mut transaction = database.begin_write().await.unwrap();
    query("UPDATE service_facts SET fact_value = 'filling'").execute(&mut *transaction).await.unwrap();
    query("DELETE FROM usage_messages").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    demo_data::fill_if_empty(database, 100).await.unwrap();
    assert_eq!(
        service.get(EVENTS, &[("totalResults", "true"), ("limit", "1")]).await.json()["totalResults"],
        100
    );
    let batches = service.items(BATCHES, &[]).await;
    assert_eq!(batches.iter().map(|batch| batch["CountOfUsageEvents"].as_u64().unwrap()).sum::<u64>(), 100);
}
