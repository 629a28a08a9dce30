//! Every kind of refusal by each of the three APIs: its status, its own error body, its own media type.
//! What each says in which case is tested beside what it is about.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use demo_server::database::query;
use demo_server::faults::FaultSwitches;
use serde_json::json;

use crate::acting::{DONE, batch};
use crate::creating::made;
use crate::test_service::*;

const USAGE: &str = "/v3/service_usage_events";
const PURGE: &str = "/v3/service_usage_events/actions/destructively_purge_all_and_reseed";
const INSTANCES: &str = "/demo/service_instances";
const BUCKETS: &str = "/ResourceServer/api/v8/Usage/Bucket/Base";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Api {
    Oracle,
    CloudFoundry,
    LogiSense,
}
use Api::{CloudFoundry, LogiSense, Oracle};

impl Api {
    /// Whether an answer is an error as this API writes it.
    fn check(self, answer: &Answer, status: u16, what: &str) {
        assert_eq!(answer.status.as_u16(), status, "{self:?} {what}: {}", answer.text);
        let body = answer.json();
        let members = body.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(",");
        let (expected, media_type) = match self {
            Oracle => ("o:errorDetails,status,title", "application/vnd.oracle.adf.error+json"),
            CloudFoundry if status == 429 => ("errors", "text/plain"),
            CloudFoundry => ("errors", "application/json; charset=utf-8"),
            LogiSense => ("errors,trackingId,type", "application/json; charset=utf-8"),
        };
        assert_eq!((members.as_str(), answer.header("content-type")), (expected, media_type), "{what}");
        let errors = if self == Oracle { &body["o:errorDetails"] } else { &body["errors"] };
        assert!(!errors.as_array().unwrap().is_empty(), "{self:?} {what}: {}", answer.text);
        if self == Oracle {
            assert_eq!(body["status"], status.to_string());
        }
        for inside in ["SELECT", "sqlx", "sqlite", "postgres", "panicked", "src/"] {
            assert!(!answer.text.contains(inside), "{self:?} {what}: {}", answer.text);
        }
    }
}

/// A service with fault switches, asked by people with a bearer token of the API that they ask.
struct Desk {
    service: TestService,
}

impl Desk {
    async fn new() -> Self {
        let service = TestService::with(|service| {
            service.faults = Some(FaultSwitches::default());
            service.policy.refuses_second_purge = true;
        })
        .await;
        Self { service }
    }

    async fn bearer(&self, who: &str, path: &str) -> String {
        match who {
            "" => String::new(),
            who if path.starts_with("/ResourceServer") => self.service.billing_token(who).await,
            who => self.service.token(who).await,
        }
    }

    async fn send(&self, who: &str, method: Method, path: &str, media_type: &str, body: &str) -> Answer {
        let bearer = self.bearer(who, path).await;
        let headers = [("authorization", bearer.as_str()), ("content-type", media_type)];
        self.service.send(request(method, path, "", &headers, body)).await
    }

    async fn faults(&self, rules: &serde_json::Value) {
        let request = Request::put("/faults").body(Body::from(rules.to_string())).unwrap();
        assert_eq!(self.service.send(request).await.status, StatusCode::NO_CONTENT);
    }
}

const JSON: &str = "application/json";

#[tokio::test]
async fn each_api_refuses_in_its_own_words() {
    let desk = Desk::new().await;
    let event = event_path(&desk.service.event("EventStatus = 'ORA_DRAFT'").await);
    let rated = event_path(&desk.service.event(DONE).await);
    let big = format!(r#"{{"ServiceId":"{}","name":"x"}}"#, "x".repeat(1024 * 1024));
    let bucket = format!("{BUCKETS}/1");
    let (admin, viewer, developer) = ("admin", "viewer", "developer");
    for (api, what, who, method, path, media_type, body, status) in [
        (Oracle, "unknown route", admin, Method::GET, "/crmRestApi/resources/latest/nope", JSON, "", 404),
        (Oracle, "wrong method", admin, Method::PUT, &event, JSON, "{}", 405),
        (Oracle, "wrong media type", admin, Method::PATCH, &event, "text/plain", "{}", 415),
        (Oracle, "malformed", admin, Method::PATCH, &event, JSON, "{\"ServiceId\":", 400),
        (Oracle, "too large", admin, Method::PATCH, &event, JSON, &big, 413),
        (Oracle, "bad parameter", admin, Method::GET, &format!("{EVENTS}?limit=x"), JSON, "", 400),
        (Oracle, "bad field", admin, Method::PATCH, &event, JSON, r#"{"UsageQuantity":"x"}"#, 400),
        (Oracle, "unauthenticated", "", Method::GET, EVENTS, JSON, "", 401),
        (Oracle, "forbidden", viewer, Method::PATCH, &event, JSON, "{}", 403),
        (Oracle, "business rule", admin, Method::PATCH, &rated, JSON, r#"{"ServiceId":"x"}"#, 400),
        (CloudFoundry, "unknown route", admin, Method::GET, "/v3/apps", JSON, "", 404),
        (CloudFoundry, "wrong method", admin, Method::DELETE, USAGE, JSON, "", 405),
        // Another media type is none: no body of this API means anything but those of instances.
        (CloudFoundry, "wrong media type", admin, Method::POST, INSTANCES, "text/plain", "name", 400),
        (CloudFoundry, "malformed", admin, Method::POST, PURGE, JSON, "{", 400),
        (CloudFoundry, "too large", admin, Method::POST, PURGE, JSON, &big, 400),
        (CloudFoundry, "bad parameter", admin, Method::GET, &format!("{USAGE}?page=0"), JSON, "", 422),
        (CloudFoundry, "bad field", admin, Method::POST, INSTANCES, JSON, "{}", 422),
        (CloudFoundry, "unauthenticated", "", Method::GET, USAGE, JSON, "", 401),
        (CloudFoundry, "forbidden", viewer, Method::POST, PURGE, JSON, "", 403),
        (LogiSense, "unknown route", admin, Method::GET, "/ResourceServer/api/v8/Nope", JSON, "", 404),
        (LogiSense, "wrong method", admin, Method::DELETE, BUCKETS, JSON, "", 405),
        (LogiSense, "wrong media type", admin, Method::PUT, &bucket, "text/plain", "{}", 415),
        (LogiSense, "malformed", admin, Method::PUT, &bucket, JSON, "{", 400),
        (LogiSense, "too large", admin, Method::PUT, &bucket, JSON, &big, 413),
        (
            LogiSense,
            "bad parameter",
            admin,
            Method::GET,
            &format!("{BUCKETS}/Paged?pageSize=0"),
            JSON,
            "",
            400,
        ),
        (LogiSense, "bad field", admin, Method::PUT, &bucket, JSON, r#"{"name":7}"#, 400),
        (LogiSense, "unauthenticated", "", Method::GET, BUCKETS, JSON, "", 401),
        (LogiSense, "forbidden", developer, Method::GET, BUCKETS, JSON, "", 403),
    ] {
        let answer = desk.send(who, method, path, media_type, body).await;
        api.check(&answer, status, what);
        assert_eq!(answer.header("allow").is_empty(), status != 405, "{api:?} {what}");
    }
}

#[tokio::test]
async fn what_is_gone_is_not_found() {
    let desk = Desk::new().await;
    let path = batch(&desk.service, "GONE", "ORA_RATING").await;
    let like = desk.send("admin", Method::GET, INSTANCES, JSON, "").await.json()["resources"][0].clone();
    let body = json!({ "name": "gone", "space_guid": like["space_guid"] }).to_string();
    let instance = desk.send("admin", Method::POST, INSTANCES, JSON, &body).await.json();
    let body = r#"{"name":"Gone","usageBucketBaseUnitId":8}"#;
    let bucket = desk.send("admin", Method::POST, BUCKETS, JSON, body).await.json();
    for (api, path) in [
        (Oracle, path),
        (CloudFoundry, format!("{INSTANCES}/{}", instance["guid"].as_str().unwrap())),
        (LogiSense, format!("{BUCKETS}/{}", bucket["results"]["items"][0]["identity"])),
    ] {
        assert_eq!(desk.send("admin", Method::GET, &path, JSON, "").await.status, StatusCode::OK, "{path}");
        let deleted = desk.send("admin", Method::DELETE, &path, JSON, "").await;
        assert!(deleted.status.is_success(), "{path}: {}", deleted.text);
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            let answer = desk.send("admin", method.clone(), &path, JSON, "{}").await;
            api.check(&answer, 404, &format!("{method} of what is gone"));
        }
    }
}

#[tokio::test]
async fn what_is_stale_or_in_conflict_is_told() {
    let desk = Desk::new().await;
    let event = event_path(&desk.service.event("EventStatus = 'ORA_DRAFT'").await);
    // A stale version in a header is answered with the item as it is, by the vendor's own rule.
    let stale = async |path: &str, body: &str, method| {
        let bearer = desk.bearer("admin", path).await;
        let headers = [("authorization", bearer.as_str()), ("if-match", "\"00\"")];
        desk.service.send(request(method, path, "", &headers, body)).await
    };
    let answer = stale(&event, r#"{"ServiceId":"late"}"#, Method::PATCH).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(answer.json()["EventNumber"].as_str(), event.rsplit('/').next());
    // One in the body is an error.
    let charge = made(&desk.service, &format!("{event}/child/usageCharges"), r#"{"BilledAmount":1}"#).await;
    let path = format!("{event}/child/usageCharges/{}", charge["UsageChargePuid"].as_str().unwrap());
    let body = r#"{"BilledAmount":2,"ObjectVersionNumber":7}"#;
    let answer = desk.send("admin", Method::PATCH, &path, JSON, body).await;
    Oracle.check(&answer, 400, "stale");
    assert_eq!(answer.faults(), ["25014 /ObjectVersionNumber"]);
    let answer = stale(&format!("{BUCKETS}/1"), r#"{"name":"late"}"#, Method::PUT).await;
    LogiSense.check(&answer, 412, "stale");

    batch(&desk.service, "TWICE", "ORA_RATING").await;
    let answer = desk.send("admin", Method::POST, BATCHES, JSON, r#"{"BatchNumber":"TWICE"}"#).await;
    Oracle.check(&answer, 400, "a number that is taken");
    let name = desk.send("admin", Method::GET, &format!("{BUCKETS}/1"), JSON, "").await.json();
    let body = json!({ "name": name["instance"]["name"], "usageBucketBaseUnitId": 8 }).to_string();
    let answer = desk.send("admin", Method::POST, BUCKETS, JSON, &body).await;
    LogiSense.check(&answer, 400, "a name that is taken");
    // Cloud Foundry's conflict is a purge beside another one: `cloud_foundry::conformance`.
}

#[tokio::test]
async fn a_fault_switch_refuses_in_each_apis_own_words() {
    let desk = Desk::new().await;
    for (status, retry_after) in [(401, None), (409, None), (429, Some(2)), (500, None), (503, Some(30))] {
        for (api, path) in [(Oracle, EVENTS), (CloudFoundry, USAGE), (LogiSense, BUCKETS)] {
            let kind = json!({ "refuse": { "status": status, "retry_after": retry_after } });
            desk.faults(&json!([{ "path": path, "kind": kind }])).await;
            let answer = desk.send("admin", Method::GET, path, JSON, "").await;
            api.check(&answer, status, "a fault switch");
            let seconds = retry_after.map_or(String::new(), |seconds: u32| seconds.to_string());
            assert_eq!(answer.header("retry-after"), seconds);
        }
    }
}

#[tokio::test]
async fn a_fault_of_the_service_tells_nothing_of_its_inside() {
    let desk = Desk::new().await;
    let mut transaction = desk.service.service.database.begin_write().await.unwrap();
    for table in ["currencies", "service_usage_events", "base_buckets"] {
        query(&format!("ALTER TABLE {table} RENAME TO hidden_{table}"))
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    let currencies = format!("{BASE}/currenciesLOV");
    for (api, path) in [(Oracle, currencies.as_str()), (CloudFoundry, USAGE), (LogiSense, BUCKETS)] {
        let answer = desk.send("admin", Method::GET, path, JSON, "").await;
        api.check(&answer, 500, "internal");
        assert!(
            !answer.text.contains("currencies") && !answer.text.contains("base_buckets"),
            "{}",
            answer.text
        );
    }
}
