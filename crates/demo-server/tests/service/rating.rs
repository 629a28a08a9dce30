//! The rating job: what events come to, what re-rating and reversing leave to be read, and that a job
//! which is cut off anywhere has done a whole number of steps.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::http::StatusCode;
use chrono::{TimeDelta, Utc};
use demo_server::database::{query, query_scalar};
use demo_server::rating::{CLAIM_HOLDS, Job, Progress};
use rest_contract::Record;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::compared_amounts::before_and_after;
use serde_json::{Value as Json, json};

use crate::acting::{DONE, batch, done, rules};
use crate::books::balance;
use crate::creating::made;
use crate::test_database::{TestDatabase, postgres_server};
use crate::test_service::*;

/// A voice call of so many seconds, with some fields changed.
pub(crate) fn call(number: &str, seconds: &str, changes: Json) -> String {
    let mut event = json!({
        "EventNumber": number,
        "SubscriptionProductPuid": "SP-10041-TEL",
        "EventType": "ORA_VOICE_DATA",
        "EventStartTime": "2026-11-10T08:00:00+00:00",
        "EventEndTime": "2026-11-10T09:00:00+00:00",
        "ReportedUsageUnitOfMeasure": "SEC",
        "UsageQuantity": 0,
        "UsageUnitOfMeasure": "MIN",
        "CurrencyCode": "EUR",
    });
    for (name, value) in changes.as_object().unwrap() {
        event[name] = value.clone();
    }
    event.to_string().replacen('{', &format!("{{\"ReportedUsageQuantity\":{seconds},"), 1)
}

async fn submit(service: &TestService, batch: &str) {
    done(service, batch, "lockForReview", "{}").await;
    done(service, batch, "submit", "{}").await;
}

/// `sequence definition name: priced quantity, extended - allowance = billed`, as the digits are sent.
async fn charges(service: &TestService, event: &str) -> Vec<String> {
    let answer = service.get(&format!("{EVENTS}/{event}/child/usageCharges"), &[("onlyData", "true")]).await;
    let items: serde_json::Map<String, Json> = serde_json::from_str(&answer.text).unwrap();
    let raw = |item: &Json, name: &str| {
        // Through the text, so that trailing zeros count.
        let id = item["UsageChargeId"].to_string();
        let object =
            answer.text.split('{').find(|text| text.contains(&format!("\"UsageChargeId\":{id},"))).unwrap();
        let value = object.split(&format!("\"{name}\":")).nth(1).unwrap();
        value.split([',', '}']).next().unwrap().to_owned()
    };
    let items = items["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| {
            format!(
                "{} {} {}: {}, {} - {} = {}",
                item["SequenceNumber"],
                item["ChargeDefinition"].as_str().unwrap_or("-"),
                item["ParentEntity"].as_str().unwrap(),
                raw(item, "PricedQuantity"),
                raw(item, "ExtendedAmount"),
                raw(item, "AllowanceAmount"),
                raw(item, "BilledAmount"),
            )
        })
        .collect()
}

async fn get(service: &TestService, event: &str) -> Json {
    service.get(&format!("{EVENTS}/{event}"), &[]).await.json()
}

#[tokio::test]
async fn events_are_rated_over_tiers_after_their_allowance() {
    let service = TestService::new().await;
    let path = batch(&service, "RATE", "ORA_RATING").await;
    let events = format!("{path}/child/usageEvents");
    for body in [
        call("C1", "25000", json!({})),
        call("C2", "60", json!({"EventStatus": "ORA_READY", "PricedOn": "2026-01-01T00:00:00Z"})),
        call("C3", "-600", json!({})),
        call("C4", "60", json!({"EventStatus": "ORA_ON_HOLD"})),
        call("C5", "60", json!({"CurrencyCode": "JPY", "SubscriptionProductPuid": "SP-10226-TEL"})),
        call(
            "C6",
            "1",
            json!({"EventRatingType": "ORA_PRE_RATED", "usageCharges": [
            {"ExtendedAmount": 5, "AllowanceAmount": 1, "BilledAmount": 4}]}),
        ),
    ] {
        made(&service, &events, &body).await;
    }
    // An estimate of a person's, which rating replaces.
    made(&service, &format!("{EVENTS}/C1/child/usageCharges"), r#"{"BilledAmount":99}"#).await;
    submit(&service, &path).await;
    assert_eq!(service.rate().await, 1);
    assert_eq!(
        charges(&service, "C1").await,
        [
            "1 \"ORA_USAGE\" \"ORA_USAGE_EVENT\": 300, 6.90 - 6.90 = 0.00",
            "2 \"ORA_USAGE\" \"ORA_USAGE_EVENT\": 116.675000, 1.34 - 0.00 = 1.34",
        ]
        .map(|text| text.replace('"', ""))
    );
    // The month's allowance is used up.
    assert_eq!(charges(&service, "C2").await, ["1 ORA_USAGE ORA_USAGE_EVENT: 1.000020, 0.02 - 0.00 = 0.02"]);
    assert_eq!(
        charges(&service, "C3").await,
        ["1 ORA_USAGE ORA_USAGE_EVENT: -10.000200, -0.23 - 0.00 = -0.23"]
    );
    assert!(charges(&service, "C4").await.is_empty(), "what is on hold is left alone");
    let yen = charges(&service, "C5").await;
    assert_eq!(yen, ["1 ORA_USAGE ORA_USAGE_EVENT: 1.000020, 4 - 4 = 0"], "the yen has no decimals");
    assert!(charges(&service, "C6").await[0].ends_with("5 - 1 = 4"), "rated elsewhere, it keeps its charges");
    let first = get(&service, "C1").await;
    assert_eq!((&first["EventStatus"], &first["ReverseFlag"]), (&json!("ORA_PROCESSED"), &json!(true)));
    assert_eq!(first["UsageQuantity"].to_string(), "416.675");
    assert_eq!(first["LastUpdatedBy"], "Rate Subscription Usage Events");
    assert!(first["PricedOn"].is_string());
    let batch = service.get(&path, &[]).await.json();
    assert_eq!(
        (&batch["BatchStatus"], &batch["CountOfEventsProcessed"]),
        (&json!("ORA_COMPLETED"), &json!(5))
    );
    assert!(batch["ProcessedDatetime"].is_string());
    balance(&service).await;
    assert_eq!(service.rate().await, 0, "there is nothing left to do");
}

#[tokio::test]
async fn what_cannot_be_rated_says_why_and_is_rated_once_corrected() {
    let service = TestService::new().await;
    let path = batch(&service, "WRONG", "ORA_RATING").await;
    let events = format!("{path}/child/usageEvents");
    let wrong = [
        ("E1", json!({"ReportedUsageUnitOfMeasure": "TB"}), "OSS_UOM_NOT_MAPPED"),
        ("E2", json!({"CurrencyCode": "AUD"}), "OSS_NO_PRICE_LIST_LINE"),
        ("E3", json!({"CurrencyCode": null}), "OSS_CURRENCY_NOT_ACTIVE"),
        (
            "E4",
            json!({"EventStartTime": "2025-01-01T00:00:00Z", "PricedOn": "2025-01-02T00:00:00Z"}),
            "OSS_NO_PRICE_LIST_LINE",
        ),
        ("E5", json!({"EventStartTime": "2026-07-01T00:00:00Z"}), "OSS_ALLOWANCE_PERIOD_MISSING"),
        ("E6", json!({"EventRatingType": "ORA_PRE_RATED"}), "OSS_NO_PRICE_LIST_LINE"),
    ];
    for (number, changes, _) in &wrong {
        made(&service, &events, &call(number, "60", changes.clone())).await;
    }
    // By hand, as a rating batch may be.
    assert_eq!(service.patch(&path, &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await.status, StatusCode::OK);
    assert_eq!(service.rate().await, 1);
    let batch = service.get(&path, &[]).await.json();
    assert_eq!(
        (&batch["BatchStatus"], &batch["CountOfEventsErrored"]),
        (&json!("ORA_COMPLETED_ERRORS"), &json!(6))
    );
    for (number, _, cause) in &wrong {
        let event = get(&service, number).await;
        assert_eq!(
            (&event["EventStatus"], &event["Error"]),
            (&json!("ORA_ERROR"), &json!(cause)),
            "{number}"
        );
        let messages = service.items(&format!("{EVENTS}/{number}/child/usageMessages"), &[]).await;
        assert_eq!((messages.len(), &messages[0]["MessageName"]), (1, &json!(cause)));
        for field in ["MessageText", "MessageUserDetails", "AdditionalMessageText"] {
            assert!(!messages[0][field].as_str().unwrap().is_empty(), "{field}");
        }
    }
    let errors =
        service.items(&format!("{path}/child/usageEventBatchErrors"), &[("orderBy", "MessageName")]).await;
    let errors = errors
        .iter()
        .map(|row| format!("{} {}", row["MessageName"], row["CountOfErroredEvents"]))
        .collect::<Vec<_>>();
    let expected = [
        "ALLOWANCE_PERIOD_MISSING\" 1",
        "CURRENCY_NOT_ACTIVE\" 1",
        "NO_PRICE_LIST_LINE\" 3",
        "UOM_NOT_MAPPED\" 1",
    ];
    assert_eq!(errors, expected.map(|text| format!("\"OSS_{text}")));
    balance(&service).await;

    assert_eq!(service.act(&path, "submit", "{}").await.faults(), ["27023 "], "nothing is ready");
    let fix = r#"{"ReportedUsageUnitOfMeasure":"SEC","EventStatus":"ORA_READY"}"#;
    assert_eq!(service.patch(&format!("{EVENTS}/E1"), &[], fix).await.status, StatusCode::OK);
    assert_eq!(done(&service, &path, "submit", "{}").await["count"], 1);
    assert_eq!(service.rate().await, 1);
    let event = get(&service, "E1").await;
    assert_eq!((&event["EventStatus"], &event["Error"]), (&json!("ORA_PROCESSED"), &Json::Null));
    assert!(service.items(&format!("{EVENTS}/E1/child/usageMessages"), &[]).await.is_empty());
    balance(&service).await;
    // The history keeps that it failed, and for what.
    let q = "EventNumber = 'E1' and FieldName in ('Error', 'EventStatus')";
    let history = service.items(&format!("{BASE}/changeHistory"), &[("q", q), ("orderBy", "ChangeId")]).await;
    let text = |row: &Json, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    let told = history.iter().map(|row| ["ValueBefore", "ValueAfter"].map(|name| text(row, name)).join(" "));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "ORA_DRAFT ORA_IN_PROCESS",
            "ORA_IN_PROCESS ORA_ERROR",
            "- OSS_UOM_NOT_MAPPED",
            "ORA_ERROR ORA_READY",
            "ORA_READY ORA_IN_PROCESS",
            "ORA_IN_PROCESS ORA_PROCESSED",
            "OSS_UOM_NOT_MAPPED -",
        ]
    );
    let versions = history.iter().map(|row| row["ObjectVersionNumber"].as_i64().unwrap());
    assert_eq!(versions.collect::<Vec<_>>(), [2, 3, 3, 4, 5, 6, 6]);
}

#[tokio::test]
async fn re_rating_credits_what_stood_and_charges_anew() {
    let service = TestService::new().await;
    let path = batch(&service, "FIRST", "ORA_RATING").await;
    for number in ["R1", "R2"] {
        made(&service, &format!("{path}/child/usageEvents"), &call(number, "24000", json!({}))).await;
    }
    submit(&service, &path).await;
    service.rate().await;
    let before = charges(&service, "R1").await;
    // The price of voice doubles, and the second event's currency has no price any more.
    for sql in [
        "UPDATE usage_rates SET unit_price = '0.046' WHERE event_type = 'ORA_VOICE_DATA' AND tier_number = 1",
        "UPDATE usage_events SET currency_code = 'AUD' WHERE event_number = 'R2'",
    ] {
        let mut transaction = service.service.database.begin_write().await.unwrap();
        query(sql).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }
    let rerate = batch(&service, "AGAIN", "ORA_RERATE").await;
    done(&service, &rerate, "addEvents", &rules(&[("INCLUDE", "EventNumber in ('R1','R2')")])).await;
    // One that was never rated before is rated there as well.
    made(&service, &format!("{rerate}/child/usageEvents"), &call("R3", "24000", json!({}))).await;
    let priced = json!({"EventRatingType": "ORA_PRE_RATED", "usageCharges": [
        {"ExtendedAmount": 2.28, "AllowanceAmount": 0, "BilledAmount": 2.28}]});
    made(&service, &format!("{rerate}/child/usageEvents"), &call("R4", "60", priced)).await;
    assert_eq!(charges(&service, "R1").await, before, "nothing moves before it is submitted");
    submit(&service, &rerate).await;
    assert_eq!(service.rate().await, 1);
    let id = service.get(&rerate, &[]).await.json()["UsageBatchId"].clone();
    let after = charges(&service, "R1").await;
    assert_eq!(after[..2], before);
    assert_eq!(
        after[2..],
        [
            "1 ORA_CREDIT ORA_USAGE_BATCH: -300, -6.90 - -6.90 = 0.00",
            "2 ORA_CREDIT ORA_USAGE_BATCH: -100.008000, -1.15 - 0.00 = -1.15",
            "1 ORA_USAGE ORA_USAGE_BATCH: 300, 13.80 - 13.80 = 0.00",
            "2 ORA_USAGE ORA_USAGE_BATCH: 100.008000, 1.15 - 0.00 = 1.15",
        ]
    );
    let first = charges(&service, "R3").await;
    assert!(first.iter().all(|charge| charge.contains(" ORA_USAGE ORA_USAGE_BATCH: ")), "{first:?}");
    assert!(!first.is_empty());
    // What its reporter priced was billed nothing before this batch.
    let priced = service.get(&format!("{EVENTS}/R4"), &[("expand", "usageCharges")]).await.json();
    assert_eq!(priced["EventStatus"], "ORA_PROCESSED");
    let priced = Record::read(&EVENT, priced.to_string().as_bytes()).unwrap();
    let (none, billed) = before_and_after(&priced, id.as_i64().unwrap());
    assert!(none.is_empty(), "{none:?}");
    assert_eq!(billed["EUR"].text().as_deref(), Some("2.28"));
    let q = format!("ParentEntityId = {id} and ChargeDefinition = 'ORA_CREDIT'");
    assert_eq!(service.items(&format!("{EVENTS}/R1/child/usageCharges"), &[("q", &q)]).await.len(), 2);
    // The other one keeps its amounts, and says why.
    let kept = get(&service, "R2").await;
    assert_eq!(
        (&kept["EventStatus"], &kept["Error"]),
        (&json!("ORA_PROCESSED"), &json!("OSS_NO_PRICE_LIST_LINE"))
    );
    assert_eq!(charges(&service, "R2").await.len(), 2);
    assert_eq!((&kept["ReverseFlag"], &kept["UsageBatchId"]), (&json!(true), &id));
    assert_eq!(service.get(&rerate, &[]).await.json()["BatchStatus"], "ORA_COMPLETED_ERRORS");
    balance(&service).await;
    // And once more, and then reversed: the books still balance.
    let third = batch(&service, "THIRD", "ORA_RERATE").await;
    done(&service, &third, "addEvents", &rules(&[("INCLUDE", "EventNumber = 'R1'")])).await;
    submit(&service, &third).await;
    service.rate().await;
    assert_eq!(charges(&service, "R1").await.len(), 10);
    let reversal = done(&service, &format!("{EVENTS}/R1"), "reverse", "{}").await;
    submit(&service, &format!("{BATCHES}/{}", reversal["reverseBatchNumber"].as_str().unwrap())).await;
    service.rate().await;
    assert_eq!(
        charges(&service, "R1-REV").await.len(),
        2,
        "what stands is taken back, not what was credited"
    );
    balance(&service).await;
}

#[tokio::test]
async fn a_reversed_event_and_its_replacement_leave_the_right_amount() {
    let service = TestService::new().await;
    let event = service.event(&format!("{DONE} and usageCharges.AllowanceAmount > 0")).await;
    let number = event["EventNumber"].as_str().unwrap();
    let reversal = batch(&service, "RR", "ORA_REVERSE_REPLACE").await;
    done(&service, &event_path(&event), "reverse", r#"{"reverseBatchNumber":"RR"}"#).await;
    let replacement = call(
        "BETTER",
        "120",
        json!({
            "RelatedEventId": event["EventId"], "EventStartTime": "2026-08-05T08:00:00Z", "EventEndTime": null,
        }),
    );
    made(&service, &format!("{reversal}/child/usageEvents"), &replacement).await;
    submit(&service, &reversal).await;
    assert_eq!(get(&service, number).await["EventStatus"], "ORA_PROCESSED", "not before the job has done it");
    assert_eq!(service.rate().await, 1);
    let original = get(&service, number).await;
    assert_eq!((&original["EventStatus"], &original["ReverseFlag"]), (&json!("ORA_REVERSED"), &json!(false)));
    let reversing = get(&service, &format!("{number}-REV")).await;
    assert_eq!(
        (&reversing["EventStatus"], &reversing["ReverseFlag"]),
        (&json!("ORA_PROCESSED"), &json!(false))
    );
    assert_eq!(reversing["EventId"], original["RelatedEventId"]);
    let charge = &service.items(&format!("{}/child/usageCharges", event_path(&reversing)), &[]).await[0];
    assert_eq!(
        (&charge["ParentEntity"], &charge["ParentEntityId"]),
        (&json!("ORA_USAGE_EVENT"), &event["EventId"])
    );
    let better = get(&service, "BETTER").await;
    assert_eq!(
        (&better["EventStatus"], &better["RelatedEventId"]),
        (&json!("ORA_PROCESSED"), &event["EventId"])
    );
    let batch = service.get(&reversal, &[]).await.json();
    assert_eq!(
        (&batch["BatchStatus"], &batch["CountOfEventsProcessed"]),
        (&json!("ORA_COMPLETED"), &json!(2))
    );
    assert_eq!(service.act(&event_path(&event), "reverse", "{}").await.faults(), ["27023 /EventStatus"]);
    balance(&service).await;
}

/// Work of every kind: a rating batch, a re-rating batch, a reversal batch.
async fn mixed_work(service: &TestService) {
    let september = "BatchNumber = 'UB-2026-09-TEL' and EventStatus = 'ORA_PROCESSED'";
    let rerate = batch(service, "W1", "ORA_RERATE").await;
    done(service, &rerate, "addEvents", &rules(&[("INCLUDE", DONE)])).await;
    let reversal = batch(service, "W2", "ORA_REVERSE_REPLACE").await;
    done(service, &reversal, "addEvents", &rules(&[("INCLUDE", september)])).await;
    submit(service, &rerate).await;
    submit(service, &reversal).await;
    let body = r#"{"BatchStatus":"ORA_IN_PROCESS"}"#;
    assert_eq!(service.patch(&format!("{BATCHES}/UB-2026-11-API"), &[], body).await.status, StatusCode::OK);
}

/// What rating has left behind, without ids and times.
async fn results(service: &TestService) -> Vec<String> {
    let sql = "SELECT e.event_number || ' ' || e.event_status || ' ' || COALESCE(e.error, '') || ' ' \
               || CAST(e.usage_quantity AS TEXT) || ' ' || COALESCE(CAST(c.billed_amount AS TEXT), '-') \
               FROM usage_events e LEFT JOIN usage_charges c ON c.event_id = e.event_id \
               ORDER BY e.event_number, c.usage_charge_id";
    query_scalar(sql).fetch_all(&service.service.database.readers).await.unwrap()
}

/// A future that is given up after so many polls.
struct CutOff<F> {
    future: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> Future for CutOff<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        self.future.as_mut().poll(context).map(Some)
    }
}

#[tokio::test]
async fn a_job_that_is_cut_off_anywhere_leaves_whole_steps() {
    let calm = TestService::new().await;
    mixed_work(&calm).await;
    assert_eq!(calm.rate().await, 3);
    balance(&calm).await;

    let service = TestService::new().await;
    mixed_work(&service).await;
    let job = Job::new(service.service.database.clone());
    let (mut cuts, mut polls) = (0, 3);
    let completed = loop {
        // Longer and longer lives, so that cuts fall on every kind of statement; a statement takes few
        // polls on PostgreSQL and many on SQLite.
        match (CutOff { future: Box::pin(job.work_off()), polls }).await {
            Some(completed) => break completed.unwrap(),
            None => balance(&service).await,
        }
        cuts += 1;
        polls = polls * 4 / 3 + 1;
    };
    assert!(cuts > 5, "it was cut off {cuts} times");
    assert!(completed <= 3);
    balance(&service).await;
    assert_eq!(results(&service).await, results(&calm).await, "as if it had never been cut off");
}

#[tokio::test]
async fn a_claim_is_taken_over_when_it_is_no_longer_renewed() {
    let service = TestService::new().await;
    mixed_work(&service).await;
    let (one, other) =
        (Job::new(service.service.database.clone()), Job::new(service.service.database.clone()));
    let now = Utc::now();
    let mut claims = Vec::new();
    while let Some(claim) = other.claim(now).await.unwrap() {
        if claims.iter().any(|known: &demo_server::rating::Claim| known.batch_id == claim.batch_id) {
            break;
        }
        claims.push(claim);
    }
    assert_eq!(claims.len(), 1, "a job gets back to what it holds before it takes more");
    let first = claims.remove(0);
    let second = one.claim(now).await.unwrap().unwrap();
    assert_ne!(first.batch_id, second.batch_id, "two jobs do not work on one batch");
    assert!(matches!(other.step(&first, now).await.unwrap(), Progress::Rated(_)));
    // The other server dies here. Its batch is free when its claim has run out, and not before.
    while one.step(&second, now).await.unwrap() != Progress::Completed {}
    let third = one.claim(now).await.unwrap().unwrap();
    assert_ne!(third.batch_id, first.batch_id);
    while one.step(&third, now).await.unwrap() != Progress::Completed {}
    assert!(one.claim(now + CLAIM_HOLDS).await.unwrap().is_none());
    let later = now + CLAIM_HOLDS + CLAIM_HOLDS;
    let taken_over = one.claim(later).await.unwrap().unwrap();
    assert_eq!(taken_over.batch_id, first.batch_id);
    // And if it was not dead after all, it finds out before it does anything.
    assert_eq!(other.step(&first, later).await.unwrap(), Progress::ClaimLost);
    while one.step(&taken_over, later).await.unwrap() != Progress::Completed {}
    balance(&service).await;
}

/// A server whose clock is six seconds ahead of the database's: the claim that it makes ends for all others when it
/// should. The database's clock is put back here, for a process has no other clock than its machine's.
#[tokio::test]
async fn a_claim_ends_by_the_clock_of_the_database() {
    if postgres_server().is_none() {
        return;
    }
    let home = TestDatabase::copy().await;
    let before = home.open().await;
    for sql in [
        "CREATE SCHEMA behind",
        "CREATE FUNCTION behind.clock_timestamp() RETURNS timestamptz LANGUAGE sql \
         AS $$ SELECT pg_catalog.clock_timestamp() - INTERVAL '6 seconds' $$",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, behind, pg_catalog', \
         current_database()); END $$",
    ] {
        let mut transaction = before.begin_write().await.unwrap();
        query(sql).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }
    before.close().await;
    let database = home.open().await;
    let ahead = Utc::now() - database.now().await.unwrap();
    assert!(ahead >= TimeDelta::seconds(5), "the server is ahead by {ahead}");
    let service = TestService::with(|service| service.database = database.clone()).await;
    mixed_work(&service).await;
    let claim = Job::new(database.clone()).claim_next().await.unwrap().unwrap();
    let until: i64 = query_scalar("SELECT claimed_until FROM rating_work WHERE usage_batch_id = $1")
        .bind(claim.batch_id)
        .fetch_one(&database.readers)
        .await
        .unwrap();
    let holds = until - database.now().await.unwrap().timestamp_micros();
    assert!(holds <= CLAIM_HOLDS.num_microseconds().unwrap(), "it holds for {holds} microseconds more");
}

/// A job that has waited for its turn to write holds its claim from then on, not from when it began to wait.
#[tokio::test]
async fn a_claim_holds_from_the_turn_to_write() {
    let service = TestService::new().await;
    mixed_work(&service).await;
    let database = service.service.database.clone();
    let held = database.begin_write().await.unwrap();
    let job = Job::new(database.clone());
    let claimed = tokio::spawn(async move { job.claim_next().await });
    let began = database.now().await.unwrap();
    let mut released = began;
    while released < began + TimeDelta::milliseconds(500) {
        released = database.now().await.unwrap();
        tokio::task::yield_now().await;
    }
    drop(held);
    let claim = claimed.await.unwrap().unwrap().unwrap();
    let until: i64 = query_scalar("SELECT claimed_until FROM rating_work WHERE usage_batch_id = $1")
        .bind(claim.batch_id)
        .fetch_one(&database.readers)
        .await
        .unwrap();
    assert!(until >= (released + CLAIM_HOLDS).timestamp_micros());
}

#[tokio::test]
async fn the_job_wakes_when_something_is_submitted() {
    let service = TestService::new().await;
    let job = Job::new(service.service.database.clone());
    let running = tokio::spawn(job.run(service.service.rating.clone()));
    let path = format!("{BATCHES}/UB-2026-11-API");
    service.patch(&path, &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await;
    // Progress is read from the batch itself.
    loop {
        let batch = service.get(&path, &[]).await.json();
        if batch["BatchStatus"] != "ORA_IN_PROCESS" {
            assert_eq!(batch["CountOfEventsInprocess"], 0);
            break;
        }
        tokio::task::yield_now().await;
    }
    running.abort();
}
