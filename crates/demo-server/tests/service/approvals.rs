//! Four eyes: what needs a second person is not done without one, on whatever road, and by one approval once.

mod decisions;
mod limits;
mod purge;
mod roads;

use axum::http::{Method, StatusCode};
use rest_contract::oracle::approval::{Act, Content, Weighed};
use serde_json::{Value as Json, json};

use crate::acting::{batch, done};
use crate::creating::made;
use crate::rating::call;
use crate::test_service::*;

const APPROVALS: &str = "/crmRestApi/resources/11.13.18.05/usageApprovals";
const RULES: &str = "/crmRestApi/resources/11.13.18.05/usageApprovalRules";
const ACTION: (&str, &str) = ("content-type", "application/vnd.oracle.adf.action+json");

async fn ask(service: &TestService, user: &str, method: Method, path: &str, body: &Json) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    service.send(request(method, path, user, &[], &body)).await
}

async fn act(service: &TestService, user: &str, path: &str, action: &str, body: &Json) -> Answer {
    let path = format!("{path}/action/{action}");
    service.send(request(Method::POST, &path, user, &[ACTION], &body.to_string())).await
}

/// Puts a rule in force.
async fn rule(service: &TestService, name: &str, rule: Json) {
    let mut body = rule;
    body["RuleName"] = name.into();
    let answer = ask(service, "admin", Method::POST, RULES, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

async fn limit(service: &TestService, currency: &str, amount: i64) {
    let body = json!({ "RuleKind": "AMOUNT", "CurrencyCode": currency, "AmountLimit": amount });
    rule(service, currency, body).await;
}

/// An event of which the price is known: it was rated elsewhere.
async fn priced(service: &TestService, batch: &str, number: &str, currency: &str, amounts: &[&str]) {
    let charges = amounts.iter().enumerate().map(|(place, amount)| {
        format!(r#"{{"UsageChargePuid":"{number}-{place}","ChargeCurrency":"{currency}","BilledAmount":{amount}}}"#)
    });
    let event = call(
        number,
        "60",
        json!({ "BatchNumber": batch, "EventRatingType": "ORA_PRE_RATED", "CurrencyCode": currency }),
    );
    let nested = format!("\"usageCharges\":[{}]", charges.collect::<Vec<_>>().join(","));
    made(service, EVENTS, &event.replacen('{', &format!("{{{nested},"), 1)).await;
}

/// A batch of one event, locked for review by the editor.
async fn locked(service: &TestService, number: &str, currency: &str, amount: &str) -> String {
    let path = batch(service, number, "ORA_RATING").await;
    priced(service, number, &format!("E-{number}"), currency, &[amount]).await;
    done(service, &path, "lockForReview", "{}").await;
    path
}

async fn weigh(service: &TestService, user: &str, batch: Option<&str>) -> Weighed {
    let body = batch.map_or(json!({}), |number| json!({ "batchNumber": number }));
    let answer = act(service, user, APPROVALS, "weigh", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    serde_json::from_value(answer.json()["result"].clone()).unwrap()
}

/// Asks for an approval as `user`, of what that person sees now, and answers it.
async fn requested(service: &TestService, user: &str, batch: Option<&str>) -> Json {
    let seen = weigh(service, user, batch).await;
    let body = json!({ "ActionCode": seen.action_code, "BatchNumber": batch, "ContentDigest": seen.content_digest,
        "Note": "Please look" });
    let answer = ask(service, user, Method::POST, APPROVALS, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

fn number(approval: &Json) -> String {
    approval["ApprovalNumber"].as_str().unwrap().to_owned()
}

fn path_of(approval: &Json) -> String {
    format!("{APPROVALS}/{}", number(approval))
}

/// Approves what the approval says that it is for.
async fn approve(service: &TestService, user: &str, approval: &Json) -> Answer {
    let body = json!({ "contentDigest": approval["ContentDigest"] });
    act(service, user, &path_of(approval), "approve", &body).await
}

async fn approved(service: &TestService, user: &str, approval: &Json) {
    let answer = approve(service, user, approval).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

async fn state(service: &TestService, approval: &Json) -> String {
    service.get(&path_of(approval), &[]).await.json()["State"].as_str().unwrap().to_owned()
}

async fn status(service: &TestService, batch: &str) -> String {
    service.get(&format!("{BATCHES}/{batch}"), &[]).await.json()["BatchStatus"].as_str().unwrap().to_owned()
}

/// Refused with 409, and with these words among others.
fn held(case: &str, answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::CONFLICT, "{case}: {}", answer.text);
    assert!(answer.text.contains(words), "{case}: {}", answer.text);
}
