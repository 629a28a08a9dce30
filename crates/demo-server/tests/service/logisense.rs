//! LogiSense Billing's base buckets (API version 8).

mod conformance;
mod deleting;
mod detail_rows;
mod lists;
mod paging;
mod patching;
mod refusals;
mod searching;
mod signing_in;
mod writing;

use axum::http::{Method, StatusCode};
use demo_server::Service;
use demo_server::database::query_scalar;
use serde_json::{Value as Json, json};

use crate::test_service::*;

const BUCKETS: &str = "/ResourceServer/api/v8/Usage/Bucket/Base";
const LOGIN: &str = "/AuthorizationServer/api/v8/Access/Login";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Units of the demo data.
const COUNT: i64 = 1;
const DATA: i64 = 8;

struct Billing {
    service: TestService,
    /// Of the editor.
    token: String,
}

impl Billing {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// One that is not changed by the test.
    async fn to_read() -> Self {
        Self::of(TestService::to_read().await).await
    }

    async fn with(change: impl FnOnce(&mut Service)) -> Self {
        Self::of(TestService::with(change).await).await
    }

    async fn of(service: TestService) -> Self {
        let token = sign_in(&service, "editor").await;
        Self { service, token }
    }

    async fn send_with(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        self.service.send(request(method, path, "", &all, body)).await
    }

    async fn send(&self, method: Method, path: &str, body: &Json) -> Answer {
        self.send_with(method, path, &[], &body.to_string()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send_with(Method::GET, path, &[], "").await
    }

    /// What an address answers with 200.
    async fn json(&self, path: &str) -> Json {
        ok(&self.get(path).await)
    }

    async fn buckets(&self) -> Vec<Json> {
        self.json(BUCKETS).await["items"].as_array().unwrap().clone()
    }

    /// A bucket that is neither retired nor in use.
    async fn free_bucket(&self) -> Json {
        self.json(&format!("{BUCKETS}/1")).await["instance"].clone()
    }

    /// A bucket picked by its identity in SQL.
    async fn picked(&self, sql: &str) -> i64 {
        query_scalar(sql).fetch_one(&self.service.service.database.readers).await.unwrap()
    }
}

async fn sign_in(service: &TestService, user: &str) -> String {
    let form = format!("grant_type=password&client_id=desk&username={user}&password={user}");
    let answer = service.send(request(Method::POST, LOGIN, "", &[FORM], &form)).await;
    ok(&answer)["access_token"].as_str().unwrap().to_owned()
}

fn ok(answer: &Answer) -> Json {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// The faults of a refused request, as `code message`.
fn faults(answer: &Answer, status: StatusCode, kind: &str) -> Vec<String> {
    assert_eq!(answer.status, status, "{}", answer.text);
    let body = answer.json();
    assert_eq!(body["trackingId"].as_str().unwrap().len(), 36, "{body}");
    assert_eq!(body["type"], kind, "{body}");
    let faults = body["errors"].as_array().unwrap().iter();
    faults.map(|one| format!("{} {}", one["code"], one["message"].as_str().unwrap())).collect()
}

/// Refused with 400 for exactly these reasons, told by the beginnings of their texts.
fn refused_for(answer: &Answer, kind: &str, beginnings: &[&str]) {
    let found = faults(answer, StatusCode::BAD_REQUEST, kind);
    let fits = found.len() == beginnings.len()
        && found.iter().zip(beginnings).all(|(one, beginning)| one.starts_with(beginning));
    assert!(fits, "{found:#?} for {beginnings:?}");
}

/// Items of a write's answer.
fn items(answer: &Answer) -> Vec<Json> {
    let body = ok(answer);
    let items = body["results"]["items"].as_array().unwrap();
    assert_eq!(body["results"]["totalCount"], items.len());
    items.clone()
}
