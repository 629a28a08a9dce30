//! The service's own doors: slow clients and many of them do not keep others out.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use demo_server::connection::{self, Bounds};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::test_service::*;

/// No answer and no end takes so long, however busy the machine.
const LONG: Duration = Duration::from_secs(60);
const REQUEST: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";

async fn listen(service: &TestService, bounds: Bounds) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(connection::serve(listener, service.router.clone(), bounds, pending()));
    address
}

async fn begin(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// Everything up to the connection's end.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is closed in the middle of a request is reset on some systems.
    let _ = timeout(LONG, stream.read_to_end(&mut answer)).await.expect("the connection ends");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn is_answered(mut stream: TcpStream) -> bool {
    let mut answer = [0; 15];
    timeout(LONG, stream.read_exact(&mut answer)).await.expect("an answer").unwrap();
    &answer == b"HTTP/1.1 200 OK"
}

#[tokio::test]
async fn half_a_head_nothing_at_all_and_idleness_end_the_connection() {
    let service = TestService::new().await;
    let bounds = Bounds { head: Duration::from_millis(300), ..Bounds::default() };
    let address = listen(&service, bounds).await;
    for begun in [&b"GET /healthz HTTP/1.1\r\nHost:"[..], b"", b"G", b"\r\n\r\n"] {
        let told = rest(begin(address, begun).await).await;
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 4"), "{begun:?}: {told}");
    }
    // An answered connection that is kept and not used again.
    let told = rest(begin(address, REQUEST).await).await;
    assert!(told.starts_with("HTTP/1.1 200 OK"), "{told}");
}

#[tokio::test]
async fn people_are_let_in_behind_more_silent_clients_than_there_is_room_for() {
    let service = TestService::new().await;
    let bounds = Bounds { connections: 8, head: Duration::from_millis(300), ..Bounds::default() };
    let address = listen(&service, bounds).await;
    let mut silent = Vec::new();
    for _ in 0..24 {
        silent.push(begin(address, b"GET / HTTP/1.1\r\nHost").await);
    }
    assert!(is_answered(begin(address, REQUEST).await).await);
    // As many as there is room for are served at once, however long each stays.
    drop(silent);
    let mut open = Vec::new();
    for _ in 0..8 {
        let mut stream = begin(address, REQUEST).await;
        let mut answer = [0; 15];
        timeout(LONG, stream.read_exact(&mut answer)).await.expect("an answer").unwrap();
        open.push(stream);
    }
    assert_eq!(open.len(), 8);
}

#[tokio::test]
async fn whoever_comes_when_there_is_no_room_waits_until_somebody_goes() {
    let service = TestService::new().await;
    let bounds = Bounds { connections: 2, head: LONG * 2, ..Bounds::default() };
    let address = listen(&service, bounds).await;
    let (one, other) = (begin(address, REQUEST).await, begin(address, REQUEST).await);
    for stream in [&one, &other] {
        timeout(LONG, stream.readable()).await.expect("an answer").unwrap();
    }
    let third = begin(address, REQUEST).await;
    assert!(timeout(Duration::from_millis(300), third.readable()).await.is_err(), "there is no room");
    drop(one);
    assert!(is_answered(third).await);
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_let_go() {
    let service = TestService::new().await;
    let bounds = Bounds { connections: 1, stalled: Duration::from_millis(300), ..Bounds::default() };
    let address = listen(&service, bounds).await;
    // Far more than the buffers between the two hold.
    let head = format!(
        "GET {EVENTS}?limit=499&expand=all HTTP/1.1\r\nHost: test\r\nAuthorization: Basic ZWRpdG9yOmVkaXRvcg==\r\n\r\n"
    );
    let greedy = begin(address, head.repeat(40).as_bytes()).await;
    assert!(is_answered(begin(address, REQUEST).await).await, "the only place is free again");
    drop(greedy);
}

#[tokio::test]
async fn a_slow_body_is_no_reason_for_a_browser_to_send_it_again() {
    let service = TestService::new().await;
    let spec = service.get("/openapi.json", &[]).await;
    for status in ["\"408\"", "\"425\""] {
        assert!(!spec.text.contains(status), "{status} is promised somewhere");
    }
}
