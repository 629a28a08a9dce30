//! Cloud Foundry's side: service usage events, and the instances that make them.

mod conformance;
mod instances;
mod list_parameters;
mod listing;
mod organizations;
mod purging;
mod rate_limit;
mod reading;
mod refusals;
mod retention;

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demo_server::Service;
use demo_server::access_tokens::Audience;
use demo_server::database::query_scalar;
use hmac::{Hmac, Mac as _};
use serde_json::{Value as Json, json};
use sha2::Sha256;

use crate::test_service::*;

const EVENTS: &str = "/v3/service_usage_events";
const PURGE: &str = "/v3/service_usage_events/actions/destructively_purge_all_and_reseed";
const PRUNE: &str = "/demo/service_usage_events/actions/prune";
const INSTANCES: &str = "/demo/service_instances";

const ADMIN: &str = "cloud_controller.admin";
const ADMIN_READ_ONLY: &str = "cloud_controller.admin_read_only";
const GLOBAL_AUDITOR: &str = "cloud_controller.global_auditor";
const READ: &str = "cloud_controller.read";

/// A service with its requests made under a token of chosen scopes.
struct Platform {
    service: TestService,
}

impl Platform {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// One that is not changed by the test.
    async fn to_read() -> Self {
        Self { service: TestService::to_read().await }
    }

    async fn with(change: impl FnOnce(&mut Service)) -> Self {
        Self { service: TestService::with(change).await }
    }

    /// A token signed with the service's own key, as a system with more roles would give out.
    async fn token(&self, scopes: &[&str], expires: i64) -> String {
        let database = &self.service.service.database;
        let secret: Vec<u8> =
            query_scalar("SELECT secret FROM signing_keys").fetch_one(&database.readers).await.unwrap();
        let claims = json!({"jti": "t", "aud": Audience::Platform.name(), "sub": "collector", "user_name": "collector", "name": "Collector",
                            "scope": scopes, "iat": 0, "exp": expires});
        let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let header = r#"{"alg":"HS256","typ":"JWT"}"#;
        let signed = format!("{}.{}", encoded(header), encoded(&claims.to_string()));
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        mac.update(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    async fn send_as(&self, scopes: &[&str], method: Method, address: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token(scopes, 4_000_000_000).await);
        self.service.send(request(method, address, "", &[("authorization", &bearer)], body)).await
    }

    async fn as_admin(&self, method: Method, address: &str, body: &str) -> Answer {
        self.send_as(&[ADMIN], method, address, body).await
    }

    async fn get(&self, address: &str) -> Answer {
        self.send_as(&[ADMIN_READ_ONLY], Method::GET, address, "").await
    }

    /// What an address answers with 200.
    async fn json(&self, address: &str) -> Json {
        let answer = self.get(address).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        answer.json()
    }

    /// The events of one page.
    async fn events(&self, query: &[(&str, &str)]) -> Vec<Json> {
        let page = self.json(&address(EVENTS, query)).await;
        page["resources"].as_array().unwrap().clone()
    }

    async fn all_events(&self) -> Vec<Json> {
        self.events(&[("per_page", "5000")]).await
    }

    async fn instances(&self) -> Vec<Json> {
        let answer = self.as_admin(Method::GET, INSTANCES, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["resources"].as_array().unwrap().clone()
    }

    /// An instance with a plan, which must exist.
    async fn managed_instance(&self) -> Json {
        let instances = self.instances().await;
        instances.into_iter().find(|one| one["type"] == "managed_service_instance").unwrap()
    }

    async fn purge(&self) {
        let answer = self.as_admin(Method::POST, PURGE, "").await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "{}"));
    }
}

fn guid(event: &Json) -> &str {
    event["guid"].as_str().unwrap()
}

fn guids(events: &[Json]) -> Vec<&str> {
    events.iter().map(guid).collect()
}

/// An href as a test sends it: from the path on.
fn path_of(href: &Json) -> &str {
    let href = href.as_str().unwrap();
    href.strip_prefix("http://localhost").unwrap_or_else(|| panic!("{href} is not absolute"))
}

/// The one error of a refused request: code and title.
fn error(answer: &Answer) -> (u64, String) {
    let body = answer.json();
    let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    assert_eq!(errors.len(), 1, "{}", answer.text);
    assert!(!errors[0]["detail"].as_str().unwrap().is_empty(), "{}", answer.text);
    (errors[0]["code"].as_u64().unwrap(), errors[0]["title"].as_str().unwrap().to_owned())
}
