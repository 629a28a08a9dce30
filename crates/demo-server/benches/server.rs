//! What the service costs on a large database, printed and not asserted: `cargo xtask bench server`.
//!
//! Requests go through the whole router but no socket, so that the figures are the service's own.
//! `USAGE_DESK_BENCH_EVENTS` sets how many events there are (1,000,000), `USAGE_DESK_BENCH_DATABASE`
//! an empty database other than a SQLite file among the temporary ones.

#![allow(clippy::unwrap_used, reason = "whatever surprises a benchmark should end it")]

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use demo_server::database::{BulkInsert, Database, Parameter, query_scalar};
use demo_server::{Service, command_line, demo_data, router};
use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

const EVENTS: &str = "/crmRestApi/resources/latest/subscriptionUsageEvents";
const BATCHES: &str = "/crmRestApi/resources/latest/subscriptionUsageEventBatches";
const PURGE: &str = "/v3/service_usage_events/actions/destructively_purge_all_and_reseed";

const INSTANCES: usize = 100_000;
const ADDED_EVENTS: usize = 100_000;
const PATCHES: usize = 1000;
const AT_ONCE: usize = 16;

#[tokio::main]
async fn main() {
    // `cargo test` builds and starts benchmarks too, and has no time for this one.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let wanted = |name: &str| std::env::var(name).ok();
    let events = wanted("USAGE_DESK_BENCH_EVENTS").and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bench.db").to_str().unwrap().to_owned();
    let database = command_line::open(&wanted("USAGE_DESK_BENCH_DATABASE").unwrap_or(file)).await.unwrap();
    let began = Instant::now();
    demo_data::fill_if_empty(&database, events).await.unwrap();
    report(&format!("seeding {events} events"), began.elapsed(), events);
    let service = Service {
        database: database.clone(),
        token_seconds: 3600,
        providers: Vec::new(),
        app_files: None,
        connections_file: None,
        faults: None,
        policy: Default::default(),
        rating: Default::default(),
    };
    let desk = Desk { router: router(service) };
    desk.lists().await;
    desk.figures(events).await;
    desk.memory(events).await;
    desk.patches().await;
    desk.added_events().await;
    desk.purge(&database).await;
}

fn report(what: &str, time: Duration, count: u64) {
    let rate = count as f64 / time.as_secs_f64();
    println!("{what:62} {:9.1} ms {rate:12.0} /s", time.as_secs_f64() * 1000.0);
}

#[derive(Clone)]
struct Desk {
    router: Router,
}

impl Desk {
    async fn send(
        &self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (StatusCode, String, Vec<u8>) {
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header("authorization", format!("Basic {}", STANDARD.encode("admin:admin")))
            .header("rest-framework-version", "4")
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        for (name, value) in headers {
            let name = axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let tag = response.headers().get("etag").map_or("", |tag| tag.to_str().unwrap()).to_owned();
        let status = response.status();
        (status, tag, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    async fn get(&self, address: &str) -> Json {
        let (status, _, body) = self.send(Method::GET, address, &[], "").await;
        assert_eq!(status, StatusCode::OK, "{address}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    /// The median of some runs.
    async fn page(&self, what: &str, address: &str) {
        let mut times = Vec::new();
        for _ in 0..9 {
            let began = Instant::now();
            let (status, _, _) = self.send(Method::GET, address, &[], "").await;
            times.push(began.elapsed());
            assert_eq!(status, StatusCode::OK, "{address}");
        }
        times.sort();
        report(what, times[times.len() / 2], 499);
    }

    async fn lists(&self) {
        for (name, query) in [
            ("in order of id", ""),
            ("by start, descending", "&orderBy=EventStartTime:desc"),
            ("by quantity", "&orderBy=UsageQuantity"),
            ("status = processed", "&q=EventStatus%20%3D%20%27ORA_PROCESSED%27"),
            (
                "quantity > 100, status in two",
                "&q=UsageQuantity%20%3E%20100%20and%20EventStatus%20in%20(%27ORA_PROCESSED%27%2C%27ORA_DRAFT%27)",
            ),
        ] {
            let total = self.get(&format!("{EVENTS}?limit=1&onlyData=true&totalResults=true{query}")).await;
            let total = total["totalResults"].as_u64().unwrap();
            for (place, offset) in [("first", 0), ("middle", total / 2), ("at 9/10", total * 9 / 10)] {
                let address = format!("{EVENTS}?limit=499&offset={offset}{query}");
                self.page(&format!("page of 499, {name}, {place}"), &address).await;
            }
        }
        self.page(
            "page of 1 with total, status = error",
            &format!("{EVENTS}?limit=1&totalResults=true&q=EventStatus%20%3D%20%27ORA_ERROR%27"),
        )
        .await;
    }

    /// The figures of two months, day by day.
    async fn figures(&self, events: u64) {
        let first = chrono::NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        let boundaries = first.iter_days().take(62).map(|day| format!("{day}T00:00:00Z")).collect::<Vec<_>>();
        let headers = [("content-type", "application/vnd.oracle.adf.action+json")];
        let body = json!({ "boundaries": boundaries }).to_string();
        let address = format!("{EVENTS}/action/getMetricsForUsageEvents");
        let mut times = Vec::new();
        for _ in 0..3 {
            let began = Instant::now();
            let (status, _, body) = self.send(Method::POST, &address, &headers, &body).await;
            times.push(began.elapsed());
            assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        }
        times.sort();
        report("figures of two months by day, of all events", times[1], events);
    }

    /// Walks over pages all through the list and looks at what the process holds.
    async fn memory(&self, events: u64) {
        let before = resident_kilobytes();
        let mut highest = before;
        let began = Instant::now();
        let pages = 200;
        for page in 0..pages {
            let offset = events / pages * page;
            self.send(Method::GET, &format!("{EVENTS}?limit=499&offset={offset}"), &[], "").await;
            highest = highest.max(resident_kilobytes());
        }
        report(&format!("{pages} pages of 499 all through the list"), began.elapsed(), pages * 499);
        println!("{:62} {before:9} kB, at most {highest} kB", "memory before and while listing");
    }

    async fn patches(&self) {
        let q = "EventStatus%20%3D%20%27ORA_DRAFT%27";
        let list = self.get(&format!("{EVENTS}?limit=499&q={q}&fields=EventNumber&onlyData=true")).await;
        let events = list["items"].as_array().unwrap().iter();
        let addresses = events.map(|event| format!("{EVENTS}/{}", event["EventNumber"].as_str().unwrap()));
        let addresses = addresses.collect::<Vec<_>>();
        let began = Instant::now();
        self.patch_all(&addresses, PATCHES, 0).await;
        report("PATCH with If-Match, one after the other", began.elapsed(), PATCHES as u64);
        let began = Instant::now();
        let share = PATCHES / AT_ONCE;
        let tasks = addresses.chunks(addresses.len() / AT_ONCE).take(AT_ONCE).map(|own| {
            let (desk, own) = (self.clone(), own.to_vec());
            tokio::spawn(async move { desk.patch_all(&own, share, 1).await })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        report(&format!("PATCH with If-Match, {AT_ONCE} at once"), began.elapsed(), (share * AT_ONCE) as u64);
    }

    async fn patch_all(&self, addresses: &[String], count: usize, round: usize) {
        let mut tags = vec![String::from("*"); addresses.len()];
        for number in 0..count {
            let place = number % addresses.len();
            let body = json!({ "ServiceId": format!("bench-{round}-{number}") }).to_string();
            let headers = [("if-match", tags[place].as_str())];
            let (status, tag, body) = self.send(Method::PATCH, &addresses[place], &headers, &body).await;
            assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
            tags[place] = tag;
        }
    }

    async fn added_events(&self) {
        let free = "ReverseFlag%20%3D%20true";
        let last = ADDED_EVENTS - 1;
        let list =
            self.get(&format!("{EVENTS}?limit=1&offset={last}&q={free}&fields=EventId&onlyData=true")).await;
        let Some(last) = list["items"][0]["EventId"].as_i64() else {
            println!("addEvents: fewer than {ADDED_EVENTS} events can be added");
            return;
        };
        let batch = json!({ "BatchNumber": "BENCH", "UsageType": "ORA_RERATE" }).to_string();
        let (status, _, _) = self.send(Method::POST, BATCHES, &[], &batch).await;
        assert_eq!(status, StatusCode::CREATED);
        let rule = json!({ "ruleBuilderConditions": [{
            "ConditionGroupType": "INCLUDE",
            "ConditionRestQParam": format!("ReverseFlag = true and EventId <= {last}"),
        }] });
        let headers = [("content-type", "application/vnd.oracle.adf.action+json")];
        let began = Instant::now();
        let (status, _, body) = self
            .send(Method::POST, &format!("{BATCHES}/BENCH/action/addEvents"), &headers, &rule.to_string())
            .await;
        let time = began.elapsed();
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        let result: Json = serde_json::from_slice(&body).unwrap();
        let count = result["result"]["count"].as_u64().unwrap();
        report(&format!("addEvents of {count} events"), time, count);
    }

    async fn purge(&self, database: &Database) {
        let space: String =
            query_scalar("SELECT MIN(space_guid) FROM spaces").fetch_one(&database.readers).await.unwrap();
        let columns =
            ["service_instance_guid", "service_instance_name", "space_guid", "created_at", "updated_at"];
        let mut rows = BulkInsert::new("service_instances", &columns);
        let mut transaction = database.begin_write().await.unwrap();
        for number in 0..INSTANCES {
            rows.push([
                Parameter::Text(format!("bench-{number}")),
                Parameter::text("bench"),
                Parameter::text(&space),
                Parameter::Integer(0),
                Parameter::Integer(0),
            ]);
        }
        rows.flush(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let (_, _, body) = self
            .send(Method::POST, "/oauth/token", &form, "grant_type=password&username=admin&password=admin")
            .await;
        let given: Json = serde_json::from_slice(&body).unwrap();
        let bearer = format!("bearer {}", given["access_token"].as_str().unwrap());
        for what in ["purge and reseed of 100,000 instances", "the same again"] {
            let began = Instant::now();
            let (status, _, _) = self.send(Method::POST, PURGE, &[("authorization", &bearer)], "").await;
            assert_eq!(status, StatusCode::OK);
            report(what, began.elapsed(), INSTANCES as u64);
        }
    }
}

/// What the process holds in memory, where the system tells it.
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or_default()
}
