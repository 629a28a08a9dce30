//! A service over a fresh copy of a small filled database, and requests to it.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use demo_server::{Service, router};
use http_body_util::BodyExt as _;
use serde_json::Value as Json;
use tower::ServiceExt as _;

use crate::test_database::TestDatabase;

pub(crate) const BASE: &str = "/crmRestApi/resources/11.13.18.05";
pub(crate) const EVENTS: &str = "/crmRestApi/resources/11.13.18.05/subscriptionUsageEvents";
pub(crate) const BATCHES: &str = "/crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches";

pub(crate) use crate::test_database::EVENT_COUNT;

pub(crate) struct TestService {
    pub(crate) service: Service,
    pub(crate) router: Router,
    /// Gone with the service, unless it is shared.
    home: TestDatabase,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|reason| panic!("{reason}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// `code path` of every error detail.
    pub(crate) fn faults(&self) -> Vec<String> {
        let json = self.json();
        let details = json["o:errorDetails"].as_array().unwrap_or_else(|| panic!("{}", self.text));
        let text = |detail: &Json, name: &str| detail[name].as_str().unwrap_or("-").to_owned();
        details
            .iter()
            .map(|one| format!("{} {}", text(one, "o:errorCode"), text(one, "o:errorPath")))
            .collect()
    }
}

impl TestService {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A service over the database that is shared by tests which change nothing: quicker to be had.
    pub(crate) async fn to_read() -> Self {
        Self::over(TestDatabase::shared().await, |_| {}).await
    }

    /// A service that differs from the usual one.
    pub(crate) async fn with(change: impl FnOnce(&mut Service)) -> Self {
        let copy = TestDatabase::copy().await;
        Self::over(copy, change).await
    }

    /// A service over a database filled with so many events.
    pub(crate) async fn filled(events: u64) -> Self {
        let empty = TestDatabase::empty().await;
        let database = empty.open().await;
        demo_server::demo_data::fill_if_empty(&database, events).await.unwrap();
        database.close().await;
        Self::over(empty, |_| {}).await
    }

    async fn over(copy: TestDatabase, change: impl FnOnce(&mut Service)) -> Self {
        let database = copy.open().await;
        let mut service = Service {
            database,
            token_seconds: 3600,
            providers: Vec::new(),
            app_files: None,
            connections_file: None,
            faults: None,
            policy: Default::default(),
            rating: Default::default(),
        };
        change(&mut service);
        let router = router(service.clone());
        Self { service, router, home: copy }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// GET as the viewer under framework version 4; the query is given as plain text.
    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, &address(path, query), "viewer", &[], "")).await
    }

    /// The items of a collection, which must answer 200.
    pub(crate) async fn items(&self, path: &str, query: &[(&str, &str)]) -> Vec<Json> {
        let answer = self.get(path, query).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {query:?}: {}", answer.text);
        answer.json()["items"].as_array().unwrap().clone()
    }

    /// The first event that fits, which must exist.
    pub(crate) async fn event(&self, q: &str) -> Json {
        let items = self.items(EVENTS, &[("q", q), ("limit", "1")]).await;
        items.into_iter().next().unwrap_or_else(|| panic!("no event where {q}"))
    }

    fn may_change(&self) {
        assert!(!matches!(self.home, TestDatabase::Shared(_)), "this database is only to be read");
    }

    /// `Bearer ...` of a demo user: quicker than a password with every request.
    pub(crate) async fn token(&self, user: &str) -> String {
        let body = format!("grant_type=password&username={user}&password={user}");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let answer = self.send(request(Method::POST, "/oauth/token", user, &form, &body)).await;
        format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
    }

    /// The same for LogiSense's API, which takes tokens of its own only.
    pub(crate) async fn billing_token(&self, user: &str) -> String {
        let body = format!("grant_type=password&client_id=tests&username={user}&password={user}");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let login = "/AuthorizationServer/api/v8/Access/Login";
        let answer = self.send(request(Method::POST, login, user, &form, &body)).await;
        format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
    }

    /// POST as the editor under framework version 4.
    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.may_change();
        self.send(request(Method::POST, path, "editor", headers, body)).await
    }

    /// An action as the editor.
    pub(crate) async fn act(&self, path: &str, action: &str, body: &str) -> Answer {
        let headers = [("content-type", "application/vnd.oracle.adf.action+json")];
        self.post(&format!("{path}/action/{action}"), &headers, body).await
    }

    /// DELETE as the editor.
    pub(crate) async fn delete(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.may_change();
        self.send(request(Method::DELETE, path, "editor", headers, "")).await
    }

    /// PATCH as the editor under framework version 4.
    pub(crate) async fn patch(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.may_change();
        self.send(request(Method::PATCH, path, "editor", headers, body)).await
    }
}

pub(crate) fn event_path(event: &Json) -> String {
    format!("{EVENTS}/{}", event["EventNumber"].as_str().unwrap())
}

pub(crate) fn change_indicator(item: &Json) -> &str {
    let links = item["links"].as_array().unwrap();
    let own = links.iter().find(|link| link["rel"] == "self").unwrap();
    own["properties"]["changeIndicator"].as_str().unwrap()
}

pub(crate) fn address(path: &str, query: &[(&str, &str)]) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let pairs =
        query.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    let pairs = pairs.collect::<Vec<_>>();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// A request of a demo user (whose password is the user name), with headers added or replaced.
pub(crate) fn request(
    method: Method,
    address: &str,
    user: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(address)
        .header("authorization", format!("Basic {}", STANDARD.encode(format!("{user}:{user}"))))
        .header("rest-framework-version", "4")
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap();
    for (name, value) in headers {
        let name = axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request
}
