//! Fault switches, over a real socket where the connection itself is the point.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use demo_server::connection::{self, Bounds};
use demo_server::faults::FaultSwitches;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::test_service::*;

async fn with_faults() -> TestService {
    TestService::with(|service| service.faults = Some(FaultSwitches::default())).await
}

async fn set(service: &TestService, rules: &str) -> StatusCode {
    service.send(Request::put("/faults").body(Body::from(rules.to_owned())).unwrap()).await.status
}

#[tokio::test]
async fn rules_answer_delay_and_run_out() {
    let service = with_faults().await;
    let rules = r#"[{"method":"GET","path":"/subscriptionUsageEvents","after":1,"times":2,
        "kind":{"answer":{"status":429,"content_type":"text/plain","body":"slow down","headers":{"Retry-After":"2"}}}}]"#;
    assert_eq!(set(&service, rules).await, StatusCode::NO_CONTENT);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(service.get(EVENTS, &[("limit", "1")]).await);
    }
    assert_eq!(
        statuses.iter().map(|answer| answer.status.as_u16()).collect::<Vec<_>>(),
        [200, 429, 429, 200]
    );
    assert_eq!((statuses[1].text.as_str(), statuses[1].header("retry-after")), ("slow down", "2"));
    assert_eq!(service.get(BATCHES, &[]).await.status, StatusCode::OK, "other paths are left alone");
    let shown = service.send(Request::get("/faults").body(Body::empty()).unwrap()).await.json();
    assert_eq!((&shown[0]["matched"], &shown[0]["applied"]), (&3.into(), &2.into()));

    assert_eq!(set(&service, r#"[{"kind":{"delay_ms":150}}]"#).await, StatusCode::NO_CONTENT);
    let began = Instant::now();
    assert_eq!(service.get(BATCHES, &[]).await.status, StatusCode::OK);
    assert!(began.elapsed() >= Duration::from_millis(150));
    service.send(Request::delete("/faults").body(Body::empty()).unwrap()).await;
    assert_eq!(service.send(Request::get("/faults").body(Body::empty()).unwrap()).await.text, "[]");
    assert_eq!(set(&service, r#"[{"kind":"explode"}]"#).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_clock_that_answers_show_can_be_set() {
    let service = with_faults().await;
    let put =
        |text: &str| service.send(Request::put("/faults/clock").body(Body::from(text.to_owned())).unwrap());
    assert_eq!(put("1795305599").await.status, StatusCode::NO_CONTENT);
    let dated = service.get(EVENTS, &[("limit", "1")]).await;
    assert_eq!(dated.header("date"), "Sat, 21 Nov 2026 23:59:59 GMT");
    assert_eq!(put("noon").await.status, StatusCode::BAD_REQUEST);
    service.send(Request::delete("/faults/clock").body(Body::empty()).unwrap()).await;
    assert_eq!(service.get(EVENTS, &[("limit", "1")]).await.header("date"), "");
}

#[tokio::test]
async fn without_the_switch_there_are_no_faults() {
    let service = TestService::new().await;
    assert_eq!(set(&service, "[]").await, StatusCode::NOT_FOUND);
}

async fn listen(service: &TestService) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = service.router.clone();
    tokio::spawn(connection::serve(listener, app, Bounds::default(), std::future::pending()));
    address
}

/// Sends a PATCH by hand and reads until the connection ends.
async fn raw_patch(address: SocketAddr, path: &str, service_id: &str) -> Vec<u8> {
    raw(address, "PATCH", path, "", &format!(r#"{{"ServiceId":"{service_id}"}}"#)).await
}

/// Sends a request by hand and reads until the connection ends.
async fn raw(address: SocketAddr, method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Basic ZWRpdG9yOmVkaXRvcg==\r\n{headers}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_cut_connection_says_nothing_whether_the_work_was_done_or_not() {
    let service = with_faults().await;
    let address = listen(&service).await;
    let path = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    for (kind, service_id, stored) in [("cut_after", "after", "after"), ("cut_before", "before", "after")] {
        let rules = format!(r#"[{{"method":"PATCH","times":1,"kind":"{kind}"}}]"#);
        assert_eq!(set(&service, &rules).await, StatusCode::NO_CONTENT);
        assert_eq!(raw_patch(address, &path, service_id).await, b"", "{kind}: not one byte is sent");
        assert_eq!(service.get(&path, &[]).await.json()["ServiceId"], stored, "{kind}");
    }
    let answer = String::from_utf8(raw_patch(address, &path, "third").await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "the rule has run out: {answer}");
    // A browser repeats a request when a connection that it has used before is cut.
    assert!(answer.contains("connection: close\r\n"), "{answer}");
}

#[tokio::test]
async fn a_truncated_answer_can_be_told_from_a_whole_one() {
    let service = with_faults().await;
    let address = listen(&service).await;
    let path = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    let rule = r#"[{"method":"PATCH","times":1,"kind":"truncate"}]"#;
    assert_eq!(set(&service, rule).await, StatusCode::NO_CONTENT);
    let parts = |answer: Vec<u8>| {
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    };
    let (head, body) = parts(raw_patch(address, &path, "half").await);
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let (_, whole) = parts(raw(address, "GET", &path, "", "").await);
    assert!(whole.contains(r#""ServiceId":"half""#), "and the work is done: {whole}");
    assert_eq!(length.parse::<usize>().unwrap(), whole.len(), "the head promises the whole");
    assert_eq!(body, &whole[..whole.len() / 2], "half of it comes");

    // Compressed, too, what comes is no whole body: the last chunk, which is empty, is missing.
    let rule = r#"[{"method":"GET","times":1,"kind":"truncate"}]"#;
    assert_eq!(set(&service, rule).await, StatusCode::NO_CONTENT);
    let list = format!("{EVENTS}?limit=100");
    let cut = raw(address, "GET", &list, "Accept-Encoding: gzip\r\n", "").await;
    assert!(!cut.ends_with(b"0\r\n\r\n"), "{} bytes", cut.len());
    let uncut = raw(address, "GET", &list, "Accept-Encoding: gzip\r\n", "").await;
    assert!(uncut.ends_with(b"0\r\n\r\n") && uncut.len() > cut.len(), "{} {}", uncut.len(), cut.len());
}
