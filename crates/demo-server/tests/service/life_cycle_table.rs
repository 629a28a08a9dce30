//! Every status of an event in every state of its batch, and every state of every type of batch, times
//! every action: what the life cycle allows is done, and what it does not is refused with its words.

use axum::http::StatusCode;
use demo_server::database::{Parameter, Statement};
use rest_contract::oracle::life_cycle::{
    BatchAction, BatchFacts, BatchStatus, BatchType, EventAction, EventFacts, EventStatus, Reason,
    batch_action, event_action,
};
use serde_json::json;

use crate::acting::{batch, done, rules};
use crate::creating::made;
use crate::test_service::*;

/// A made event that nobody has, in the state that a case is about.
async fn event_in(service: &TestService, number: &str, batch: &str, status: EventStatus) {
    let body = json!({
        "EventNumber": number, "BatchNumber": "MADE", "SubscriptionProductPuid": "SP-10041-TEL",
        "EventType": "ORA_VOICE_DATA", "EventStartTime": "2026-11-10T23:30:00+00:00", "EventTimeZone": "Asia/Tokyo",
        "UsageQuantity": 12, "UsageUnitOfMeasure": "MIN", "CurrencyCode": "EUR",
    });
    made(service, EVENTS, &body.to_string()).await;
    let mut sql = Statement::new("UPDATE usage_events SET event_status = ");
    sql.bind(Parameter::text(status.code())).push(", reverse_flag = ");
    sql.push(if status == EventStatus::Processed { "TRUE" } else { "FALSE" });
    sql.push(
        ", usage_batch_id = (SELECT b.usage_batch_id FROM usage_event_batches b WHERE b.batch_number = ",
    );
    sql.bind(Parameter::text(batch)).push(") WHERE event_number = ").bind(Parameter::text(number));
    write(service, sql).await;
}

async fn put_batch(service: &TestService, number: &str, status: BatchStatus) {
    let mut sql = Statement::new("UPDATE usage_event_batches SET batch_status = ");
    sql.bind(Parameter::text(status.code())).push(" WHERE batch_number = ").bind(Parameter::text(number));
    write(service, sql).await;
}

async fn write(service: &TestService, sql: Statement) {
    let mut transaction = service.service.database.begin_write().await.unwrap();
    assert_eq!(sql.execute(&mut transaction).await.unwrap(), 1);
    transaction.commit().await.unwrap();
}

/// The answer is what the life cycle says: done, or refused with its words.
fn check(case: &str, answer: &Answer, expected: Result<(), Reason>) {
    match expected {
        Ok(()) => assert!(answer.status.is_success(), "{case}: {}", answer.text),
        Err(reason) => {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{case}: {}", answer.text);
            assert!(answer.text.contains(&reason.to_string()), "{case}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn every_event_in_every_batch() {
    let service = TestService::new().await;
    batch(&service, "MADE", "ORA_RATING").await;
    let re_rating = batch(&service, "AGAIN", "ORA_RERATE").await;
    for batch_status in BatchStatus::ALL {
        let home = format!("HOME-{}", batch_status.code());
        let home_path = batch(&service, &home, "ORA_RATING").await;
        put_batch(&service, &home, batch_status).await;
        for status in EventStatus::ALL {
            for action in EventAction::ALL {
                let number = format!("{}-{}-{action:?}", status.code(), batch_status.code());
                event_in(&service, &number, &home, status).await;
                let can_be_reversed = status == EventStatus::Processed;
                let facts = EventFacts {
                    status,
                    can_be_reversed,
                    is_reversal: false,
                    batch_status,
                    in_closed_period: false,
                };
                let expected = event_action(facts, action);
                let path = format!("{EVENTS}/{number}");
                let only = rules(&[("INCLUDE", &format!("EventNumber = '{number}'"))]);
                match action {
                    EventAction::Change => {
                        let answer = service.patch(&path, &[], r#"{"ServiceId":"other"}"#).await;
                        check(&number, &answer, expected);
                    }
                    EventAction::Delete => check(&number, &service.delete(&path, &[]).await, expected),
                    EventAction::Reverse => {
                        check(&number, &service.act(&path, "reverse", "{}").await, expected);
                    }
                    // A rule passes over what it may not touch.
                    EventAction::Rerate => {
                        let result = done(&service, &re_rating, "addEvents", &only).await;
                        assert_eq!(result["count"], i32::from(expected.is_ok()), "{number}: {result}");
                    }
                    EventAction::TakeOut => {
                        let mut body: serde_json::Value = serde_json::from_str(&only).unwrap();
                        body["mode"] = json!("RULE");
                        let answer = service.act(&home_path, "deleteEvents", &body.to_string()).await;
                        match expected {
                            Err(Reason::BatchNotDraft) => check(&number, &answer, expected),
                            _ => assert_eq!(
                                answer.json()["result"]["count"],
                                i32::from(expected.is_ok()),
                                "{number}: {}",
                                answer.text
                            ),
                        }
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn every_step_of_every_batch() {
    let service = TestService::new().await;
    batch(&service, "MADE", "ORA_RATING").await;
    for batch_type in BatchType::ALL {
        for status in BatchStatus::ALL {
            for action in BatchAction::ALL {
                for has_events in [true, false] {
                    let number = format!("{}-{}-{action:?}-{has_events}", batch_type.code(), status.code());
                    let path = batch(&service, &number, batch_type.code()).await;
                    if has_events {
                        event_in(&service, &format!("E-{number}"), &number, EventStatus::Ready).await;
                    }
                    put_batch(&service, &number, status).await;
                    let facts = BatchFacts {
                        status,
                        batch_type,
                        has_events,
                        has_events_to_rate: has_events,
                        has_lent_events: false,
                        has_closed_events: false,
                    };
                    let nothing = rules(&[("INCLUDE", "EventNumber = 'nobody'")]);
                    let answer = match action {
                        BatchAction::Change => service.patch(&path, &[], r#"{"BatchName":"Other"}"#).await,
                        BatchAction::Delete => service.delete(&path, &[]).await,
                        BatchAction::CreateEvent => {
                            let body = json!({
                                "EventNumber": format!("NEW-{number}"), "SubscriptionProductPuid": "SP-10041-TEL",
                                "EventType": "ORA_VOICE_DATA", "EventStartTime": "2026-11-10T23:30:00+00:00",
                                "UsageQuantity": 1, "UsageUnitOfMeasure": "MIN", "CurrencyCode": "EUR",
                            });
                            service.post(&format!("{path}/child/usageEvents"), &[], &body.to_string()).await
                        }
                        BatchAction::ChangeRules => {
                            let q = "RXZlbnROdW1iZXIgPSAnbm9ib2R5Jw==";
                            let body = json!({ "ConditionGroupType": "INCLUDE", "ConditionRestQParam": q });
                            service
                                .post(&format!("{path}/child/ruleBuilderConditions"), &[], &body.to_string())
                                .await
                        }
                        BatchAction::AddEvents => service.act(&path, "addEvents", &nothing).await,
                        BatchAction::DeleteEvents => {
                            service.act(&path, "deleteEvents", r#"{"mode":"ALL"}"#).await
                        }
                        BatchAction::LockForReview => service.act(&path, "lockForReview", "{}").await,
                        BatchAction::Revert => service.act(&path, "revert", "{}").await,
                        BatchAction::Submit => service.act(&path, "submit", "{}").await,
                        BatchAction::SubmitByHand => {
                            service.patch(&path, &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await
                        }
                    };
                    // A status that is set to what it is changes nothing, and is refused to nobody.
                    let is_set = action == BatchAction::SubmitByHand && status == BatchStatus::InProcess;
                    check(&number, &answer, if is_set { Ok(()) } else { batch_action(facts, action) });
                }
            }
        }
    }
}
