//! A long random walk through the life of batches and events, over the router: every answer is the one
//! that the life cycle foretells, no record ever takes a step that the life cycle does not know, and
//! the books balance all along.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use demo_server::database::{Row, query};
use rest_contract::oracle::life_cycle::{
    BatchAction, BatchFacts, BatchStatus, BatchType, EventAction, EventFacts, EventStatus, batch_action,
    event_action,
};
use serde_json::json;

use crate::acting::rules;
use crate::books::balance;
use crate::test_service::*;

const STEPS: usize = 2_000;
const SEED: u64 = 20_261_122;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

struct Batch {
    number: String,
    facts: BatchFacts,
}

struct Event {
    number: String,
    batch: String,
    facts: EventFacts,
}

/// Everything there is, as the database has it.
struct World {
    batches: Vec<Batch>,
    events: Vec<Event>,
}

impl World {
    async fn read(service: &TestService) -> Self {
        let readers = &service.service.database.readers;
        let sql = "SELECT b.batch_number, b.batch_status, b.usage_type, EXISTS (SELECT 1 FROM usage_events e \
                   WHERE e.home_batch_id = b.usage_batch_id) FROM usage_event_batches b ORDER BY b.usage_batch_id";
        let rows = query(sql).fetch_all(readers).await.unwrap();
        let text = |row: &Row, index: usize| row.try_get::<String, _>(index).unwrap();
        let sql = "SELECT e.event_number, b.batch_number, e.event_status, e.reverse_flag, \
                   e.reverses_event_id IS NOT NULL, b.batch_status FROM usage_events e \
                   JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id ORDER BY e.event_id";
        let events = query(sql).fetch_all(readers).await.unwrap();
        let events = events.iter().map(|row| Event {
            number: text(row, 0),
            batch: text(row, 1),
            facts: EventFacts {
                status: EventStatus::of(&text(row, 2)).unwrap(),
                can_be_reversed: row.try_get(3).unwrap(),
                is_reversal: row.try_get(4).unwrap(),
                batch_status: BatchStatus::of(&text(row, 5)).unwrap(),
                in_closed_period: false,
            },
        });
        let events = events.collect::<Vec<_>>();
        let mut inside = BTreeMap::<&str, Vec<EventStatus>>::new();
        for event in &events {
            inside.entry(&event.batch).or_default().push(event.facts.status);
        }
        let batches = rows.iter().map(|row| {
            let (number, status, usage_type) = (text(row, 0), text(row, 1), text(row, 2));
            let statuses = inside.get(number.as_str()).map_or(&[][..], Vec::as_slice);
            let facts = BatchFacts {
                status: BatchStatus::of(&status).unwrap(),
                batch_type: BatchType::of(&usage_type).unwrap(),
                has_events: !statuses.is_empty(),
                has_events_to_rate: statuses.iter().any(|status| status.is_submitted()),
                has_lent_events: row.try_get(3).unwrap(),
                has_closed_events: false,
            };
            Batch { number, facts }
        });
        let batches = batches.collect();
        Self { batches, events }
    }
}

/// Whether an event may go from one state to the other in one request or step of the job.
fn is_known(before: EventStatus, after: EventStatus) -> bool {
    use EventStatus::{Draft, Error, InProcess, OnHold, Processed, Ready, Reversed};
    match before {
        Draft => matches!(after, Ready | OnHold | Error | InProcess),
        Error => matches!(after, Draft | Ready | OnHold),
        Ready => after == InProcess,
        OnHold | Reversed => false,
        InProcess => matches!(after, Processed | Error),
        Processed => matches!(after, InProcess | Reversed),
    }
}

fn is_known_of_batch(before: BatchStatus, after: BatchStatus) -> bool {
    use BatchStatus::{Completed, CompletedErrors, Draft, InProcess, Locked};
    matches!(
        (before, after),
        (Draft, Locked | InProcess)
            | (Locked, Draft | InProcess)
            | (InProcess, Completed | CompletedErrors)
            | (CompletedErrors, InProcess)
    )
}

fn compare(before: &World, after: &World, what: &str) {
    let statuses = |world: &World| {
        world
            .events
            .iter()
            .map(|event| (event.number.clone(), event.facts.status))
            .collect::<BTreeMap<_, _>>()
    };
    let now = statuses(after);
    for (number, was) in statuses(before) {
        match now.get(&number) {
            Some(is) => {
                assert!(*is == was || is_known(was, *is), "{what}: {number} went from {was:?} to {is:?}");
            }
            None => assert!(
                !matches!(was, EventStatus::Processed | EventStatus::Reversed | EventStatus::InProcess),
                "{what}: {number} is gone, and was {was:?}"
            ),
        }
    }
    for batch in &before.batches {
        let Some(now) = after.batches.iter().find(|one| one.number == batch.number) else { continue };
        let (was, is) = (batch.facts.status, now.facts.status);
        assert!(
            is == was || is_known_of_batch(was, is),
            "{what}: {} went from {was:?} to {is:?}",
            batch.number
        );
    }
}

#[tokio::test]
async fn no_step_leads_where_the_life_cycle_does_not() {
    let service = TestService::filled(60).await;
    let token = service.token("editor").await;
    let mut random = Random(SEED);
    let mut world = World::read(&service).await;
    let mut seen = BTreeMap::<(&str, bool), usize>::new();
    for step in 0..STEPS {
        // Mostly the batches of the walk itself, so that they come far.
        let own = world.batches.iter().filter(|batch| batch.number.starts_with("WALK")).collect::<Vec<_>>();
        let batch = match own.len() {
            0..4 => None,
            _ if random.below(10) == 0 => Some(random.pick(&world.batches)),
            _ => Some(*random.pick(&own)),
        };
        let near = world.events.iter().filter(|event| event.batch.starts_with("WALK")).collect::<Vec<_>>();
        let event = if near.is_empty() || random.below(4) == 0 {
            random.pick(&world.events)
        } else {
            *random.pick(&near)
        };
        let event_path = format!("{EVENTS}/{}", event.number);
        let (what, method, path, body, expected) = match (random.below(20), batch) {
            (0, _) | (_, None) => {
                let usage_type = random.pick(&BatchType::ALL).code();
                let body = json!({ "BatchNumber": format!("WALK-{step}"), "UsageType": usage_type });
                ("create batch", Method::POST, BATCHES.to_owned(), body.to_string(), true)
            }
            (1..=3, Some(batch)) => {
                let currency = random.pick(&["EUR", "USD", "AUD"]);
                let status = random.pick(&["ORA_DRAFT", "ORA_READY", "ORA_ON_HOLD", "ORA_DRAFT"]);
                let body = json!({
                    "EventNumber": format!("WALK-{step}"), "SubscriptionProductPuid": "SP-10041-TEL",
                    "EventType": "ORA_VOICE_DATA", "EventStartTime": "2026-11-10T08:00:00Z", "EventStatus": status,
                    "UsageQuantity": random.below(500), "UsageUnitOfMeasure": "MIN", "CurrencyCode": currency,
                });
                let allowed = batch_action(batch.facts, BatchAction::CreateEvent).is_ok();
                let path = format!("{BATCHES}/{}/child/usageEvents", batch.number);
                ("create event", Method::POST, path, body.to_string(), allowed)
            }
            (4..=6, _) => {
                let status = random.pick(&["ORA_DRAFT", "ORA_READY", "ORA_ERROR"]);
                let currency = random.pick(&["EUR", "USD"]);
                let body = json!({ "EventStatus": status, "CurrencyCode": currency }).to_string();
                let allowed = event_action(event.facts, EventAction::Change).is_ok();
                ("change event", Method::PATCH, event_path, body, allowed)
            }
            (7, _) => {
                let allowed = event_action(event.facts, EventAction::Delete).is_ok();
                ("delete event", Method::DELETE, event_path, String::new(), allowed)
            }
            (8..=9, _) => {
                let allowed = event_action(event.facts, EventAction::Reverse).is_ok();
                ("reverse", Method::POST, format!("{event_path}/action/reverse"), "{}".to_owned(), allowed)
            }
            (10, Some(batch)) => {
                let allowed = batch_action(batch.facts, BatchAction::Delete).is_ok();
                // Else the walk would eat its own batches up.
                let path = format!("{BATCHES}/{}", batch.number);
                if random.below(3) > 0 && allowed {
                    continue;
                }
                ("delete batch", Method::DELETE, path, String::new(), allowed)
            }
            (11, Some(batch)) => {
                let allowed = batch_action(batch.facts, BatchAction::SubmitByHand).is_ok();
                let body = r#"{"BatchStatus":"ORA_IN_PROCESS"}"#.to_owned();
                // Asking for what is so already is no change, and so no refusal.
                let allowed = allowed || batch.facts.status == BatchStatus::InProcess;
                ("submit by hand", Method::PATCH, format!("{BATCHES}/{}", batch.number), body, allowed)
            }
            (12..=18, Some(batch)) => {
                let digit = random.below(10);
                let some = rules(&[("INCLUDE", &format!("EventNumber like '%{digit}' and EventId > 0"))]);
                let (name, action, body) = match random.below(10) {
                    0..=2 => ("addEvents", BatchAction::AddEvents, some),
                    3 => (
                        "deleteEvents",
                        BatchAction::DeleteEvents,
                        some.replacen('{', "{\"mode\":\"RULE\",", 1),
                    ),
                    4..=6 => ("lockForReview", BatchAction::LockForReview, String::new()),
                    7 => ("revert", BatchAction::Revert, String::new()),
                    _ => ("submit", BatchAction::Submit, String::new()),
                };
                let allowed = batch_action(batch.facts, action).is_ok();
                (name, Method::POST, format!("{BATCHES}/{}/action/{name}", batch.number), body, allowed)
            }
            _ => {
                service.rate().await;
                let after = World::read(&service).await;
                compare(&world, &after, "the rating job");
                world = after;
                continue;
            }
        };
        let media_type = if path.contains("/action/") {
            "application/vnd.oracle.adf.action+json"
        } else {
            "application/json"
        };
        let headers = [("authorization", token.as_str()), ("content-type", media_type)];
        let answer = service.send(request(method, &path, "editor", &headers, &body)).await;
        assert_eq!(
            answer.status.is_success(),
            expected,
            "step {step}: {what} {path} {body}: {}",
            answer.text
        );
        if !expected {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "step {step}: {what}");
        }
        *seen.entry((what, expected)).or_default() += 1;
        let after = World::read(&service).await;
        compare(&world, &after, what);
        world = after;
        if step % 100 == 0 {
            balance(&service).await;
        }
    }
    balance(&service).await;
    let often = seen.values().filter(|count| **count >= 5).count();
    assert!(often >= 18, "the walk has been nearly everywhere, with and without success: {seen:?}");
}
