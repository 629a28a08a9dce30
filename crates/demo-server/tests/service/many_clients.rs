//! Sixteen clients at once, each changing, reversing, submitting and purging as fast as it can, with the
//! rating job at work beside them: through the router, and against a real process that is killed in the
//! middle and started again.
//!
//! Both run on the database that `DEMO_SERVER_TEST_DATABASE` names, as every test does.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{Method, StatusCode};
use demo_server::database::{Database, query_scalar};
use demo_server::rating::Job;
use serde_json::{Value as Json, json};

use crate::acting::{DONE, batch, done, rules};
use crate::books::{balance, balance_of};
use crate::test_database::TestDatabase;
use crate::test_service::*;

const CLIENTS: usize = 16;
const ROUNDS: usize = 12;
const PURGE: &str = "/v3/service_usage_events/actions/destructively_purge_all_and_reseed";
const ACTION: (&str, &str) = ("content-type", "application/vnd.oracle.adf.action+json");

/// An accepted change: of what, from which version to which.
type Accepted = (String, String, String);

/// Every accepted version is newer than the one it was based on, made once, and built upon once.
fn check_versions(accepted: &[Accepted]) {
    let (mut bases, mut made) = (BTreeSet::new(), BTreeSet::new());
    for (path, based_on, became) in accepted {
        assert!(became > based_on, "{path}: versions increase");
        assert!(bases.insert((path, based_on)), "{path}: two changes based on {based_on} were accepted");
        assert!(made.insert((path, became)), "{path}: {became} was given twice");
    }
}

/// What a purge leaves, however many there were at once.
async fn check_purged(database: &Database) {
    let sql = "SELECT COUNT(*) FROM service_instances i WHERE (SELECT COUNT(*) FROM service_usage_events e \
               WHERE e.service_instance_guid = i.service_instance_guid AND e.state = 'CREATED') <> 1";
    let wrong: i64 = query_scalar(sql).fetch_one(&database.readers).await.unwrap();
    assert_eq!(wrong, 0, "one CREATED event for each instance");
    let sql = "SELECT (SELECT COUNT(*) FROM service_usage_events) - (SELECT COUNT(*) FROM service_instances)";
    let more: i64 = query_scalar(sql).fetch_one(&database.readers).await.unwrap();
    assert_eq!(more, 0, "and no other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_version_is_unique_and_no_event_is_reversed_twice() {
    let service = Arc::new(TestService::new().await);
    let job = tokio::spawn(Job::new(service.service.database.clone()).run(service.service.rating.clone()));
    let (editor, admin) = (service.token("editor").await, service.token("admin").await);
    batch(&service, "SHARED", "ORA_REVERSE_REPLACE").await;
    let drafts = service.items(EVENTS, &[("q", "EventStatus = 'ORA_DRAFT'"), ("limit", "4")]).await;
    let priced = service.items(EVENTS, &[("q", DONE), ("limit", "10")]).await;
    let mut tasks = Vec::new();
    for client in 0..CLIENTS {
        let (service, editor, admin) = (Arc::clone(&service), editor.clone(), admin.clone());
        let drafts = drafts.iter().map(event_path).collect::<Vec<_>>();
        let priced = priced.iter().map(event_path).collect::<Vec<_>>();
        tasks.push(tokio::spawn(async move {
            let mut accepted = Vec::new();
            let mut reversed = Vec::new();
            for round in 0..ROUNDS {
                let turn = client * 7 + round;
                let draft = &drafts[turn % drafts.len()];
                let as_editor = |method, path: &str, headers: &[(&str, &str)], body: &str| {
                    let mut headers = headers.to_vec();
                    headers.push(("authorization", &editor));
                    service.send(request(method, path, "editor", &headers, body))
                };
                match turn % 5 {
                    0 | 1 => {
                        let based_on = as_editor(Method::GET, draft, &[], "").await.header("etag").to_owned();
                        let body = json!({ "ServiceId": format!("{client}-{round}") }).to_string();
                        let answer = as_editor(Method::PATCH, draft, &[("if-match", &based_on)], &body).await;
                        match answer.status {
                            StatusCode::OK => {
                                accepted.push((draft.clone(), based_on, answer.header("etag").to_owned()));
                            }
                            StatusCode::PRECONDITION_FAILED => {}
                            other => panic!("{other}: {}", answer.text),
                        }
                    }
                    2 => {
                        let path = format!("{draft}/child/usageCharges");
                        let answer = as_editor(
                            Method::POST,
                            &path,
                            &[],
                            r#"{"BilledAmount":0.10,"ExtendedAmount":0.10}"#,
                        )
                        .await;
                        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
                    }
                    3 => {
                        let path = &priced[turn % priced.len()];
                        let body = r#"{"reverseBatchNumber":"SHARED"}"#;
                        let answer =
                            as_editor(Method::POST, &format!("{path}/action/reverse"), &[ACTION], body).await;
                        match answer.status {
                            StatusCode::OK => reversed.push(path.clone()),
                            StatusCode::BAD_REQUEST => {
                                assert!(answer.faults()[0].starts_with("27023"), "{}", answer.text);
                            }
                            other => panic!("{other}: {}", answer.text),
                        }
                    }
                    _ if client % 4 == 0 => {
                        let headers = [("authorization", admin.as_str())];
                        let answer = service.send(request(Method::POST, PURGE, "admin", &headers, "")).await;
                        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
                    }
                    _ => {
                        // A batch of its own, all the way to the job.
                        let number = format!("OWN-{client}-{round}");
                        let path = batch(&service, &number, "ORA_RERATE").await;
                        let q = format!("EventNumber like '%{client}' and BatchNumber = 'UB-2026-08-CLD'");
                        let answer = as_editor(
                            Method::POST,
                            &format!("{path}/action/addEvents"),
                            &[ACTION],
                            &rules(&[("INCLUDE", &q)]),
                        )
                        .await;
                        if answer.json()["result"]["count"].as_i64().unwrap() > 0 {
                            done(&service, &path, "lockForReview", "{}").await;
                            done(&service, &path, "submit", "{}").await;
                        }
                    }
                }
            }
            (accepted, reversed)
        }));
    }
    let (mut accepted, mut reversed) = (Vec::new(), BTreeMap::<String, usize>::new());
    for task in tasks {
        let (more, paths) = task.await.unwrap();
        accepted.extend(more);
        for path in paths {
            *reversed.entry(path).or_default() += 1;
        }
    }
    check_versions(&accepted);
    assert!(accepted.len() > CLIENTS && !reversed.is_empty());
    assert!(reversed.values().all(|times| *times == 1), "no event is reversed twice: {reversed:?}");
    check_purged(&service.service.database).await;
    // And what was collected for reversal is carried out.
    done(&service, &format!("{BATCHES}/SHARED"), "lockForReview", "{}").await;
    done(&service, &format!("{BATCHES}/SHARED"), "submit", "{}").await;
    job.abort();
    let _ = job.await;
    // The ended job may still hold a claim; another one waits for it, as after a crash.
    while waiting(&service.service.database).await > 0 {
        service.rate().await;
        tokio::task::yield_now().await;
    }
    for path in reversed.keys() {
        assert_eq!(service.get(path, &[]).await.json()["EventStatus"], "ORA_REVERSED");
    }
    balance(&service).await;
}

async fn waiting(database: &Database) -> i64 {
    query_scalar("SELECT COUNT(*) FROM rating_work").fetch_one(&database.readers).await.unwrap()
}

/// A server in a process of its own.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(database: &TestDatabase) -> Self {
        let arguments = ["--listen", "127.0.0.1:0", "--events", "400", "--database", &database.url()];
        let mut process = Command::new(env!("CARGO_BIN_EXE_demo-server"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("demo-server: listening on http://").unwrap().to_owned();
        Self { process, address }
    }
}

/// Killed, so that it cannot put anything in order first.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Status, ETag and body of one exchange; nothing where the connection breaks.
fn exchange(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<(u16, String, Json)> {
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nREST-Framework-Version: 4\r\nContent-Length: {}\r\n",
        body.len()
    );
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        text.push_str("content-type: application/json\r\n");
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut connection = TcpStream::connect(address).ok()?;
    connection.write_all(format!("{text}\r\n{body}").as_bytes()).ok()?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let line = |name: &str| head.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
    // An answer that was cut off is none.
    let length: usize = line("content-length: ").and_then(|length| length.parse().ok()).unwrap_or(0);
    (body.len() >= length).then_some(())?;
    Some((status, line("etag: ").unwrap_or_default(), serde_json::from_str(body).unwrap_or(Json::Null)))
}

/// The bearer token of a demo user.
fn token(address: &str, user: &str) -> String {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("grant_type=password&username={user}&password={user}");
    let (_, _, answer) = exchange(address, "POST", "/oauth/token", &form, &body).unwrap();
    format!("Bearer {}", answer["access_token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_lost_nothing_that_it_accepted() {
    let home = TestDatabase::empty().await;
    let server = Server::start(&home);
    let address = server.address.clone();
    let editor = token(&address, "editor");
    let admin = token(&address, "admin");
    let send = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let headers = [headers, &[("authorization", editor.as_str())]].concat();
        exchange(&address, method, path, &headers, body)
    };
    let items = |q: &str| {
        let (_, _, answer) = send("GET", &address_of(q), &[], "").unwrap();
        answer["items"].as_array().unwrap().iter().map(event_path).collect::<Vec<_>>()
    };
    let drafts = items("EventStatus = 'ORA_DRAFT'");
    let priced = items(DONE);
    for (number, usage_type) in [("SHARED", "ORA_REVERSE_REPLACE"), ("WORK", "ORA_RERATE")] {
        let body = json!({ "BatchNumber": number, "UsageType": usage_type }).to_string();
        assert_eq!(send("POST", BATCHES, &[], &body).unwrap().0, 201);
    }
    // Work for the job, so that it is cut off as well.
    let work = format!("{BATCHES}/WORK");
    let all = rules(&[("INCLUDE", "EventStatus = 'ORA_PROCESSED' and BatchNumber != 'UB-2026-08-TEL'")]);
    for (action, body) in [("addEvents", all.as_str()), ("lockForReview", ""), ("submit", "")] {
        assert_eq!(
            send("POST", &format!("{work}/action/{action}"), &[ACTION], body).unwrap().0,
            200,
            "{action}"
        );
    }
    let answered = AtomicUsize::new(0);
    let outcomes = std::thread::scope(|scope| {
        let clients = (0..CLIENTS).map(|client| {
            let (send, drafts, priced, answered, admin, address) =
                (&send, &drafts, &priced, &answered, &admin, &address);
            scope.spawn(move || {
                let (mut accepted, mut reversed) = (Vec::<Accepted>::new(), Vec::new());
                // Until the connection breaks.
                for round in 0.. {
                    let turn = client * 7 + round;
                    let draft = &drafts[turn % drafts.len().min(4)];
                    match turn % 4 {
                        0 | 1 => {
                            let Some((_, based_on, _)) = send("GET", draft, &[], "") else { break };
                            let body = json!({ "ServiceId": format!("{client}-{round}") }).to_string();
                            let Some((status, became, _)) =
                                send("PATCH", draft, &[("if-match", &based_on)], &body)
                            else {
                                break;
                            };
                            if status == 200 {
                                accepted.push((draft.clone(), based_on, became));
                            }
                        }
                        2 => {
                            let path = &priced[turn % priced.len()];
                            let body = r#"{"reverseBatchNumber":"SHARED"}"#;
                            let Some((status, _, _)) =
                                send("POST", &format!("{path}/action/reverse"), &[ACTION], body)
                            else {
                                break;
                            };
                            if status == 200 {
                                reversed.push(path.clone());
                            }
                        }
                        _ => {
                            let headers = [("authorization", admin.as_str())];
                            let Some((status, _, _)) = exchange(address, "POST", PURGE, &headers, "") else {
                                break;
                            };
                            assert_eq!(status, 200);
                        }
                    }
                    answered.fetch_add(1, Ordering::Relaxed);
                }
                (accepted, reversed)
            })
        });
        let clients = clients.collect::<Vec<_>>();
        while answered.load(Ordering::Relaxed) < 12 * CLIENTS {
            std::thread::yield_now();
        }
        drop(server);
        clients.into_iter().map(|client| client.join().unwrap()).collect::<Vec<_>>()
    });

    let server = Server::start(&home);
    let address = server.address.clone();
    let send = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let headers = [headers, &[("authorization", editor.as_str())]].concat();
        exchange(&address, method, path, &headers, body)
    };
    let accepted = outcomes.iter().flat_map(|(accepted, _)| accepted.clone()).collect::<Vec<_>>();
    check_versions(&accepted);
    assert!(accepted.len() > CLIENTS / 2, "{} changes were accepted", accepted.len());
    for (path, _, became) in &accepted {
        let (_, now, _) = send("GET", path, &[], "").unwrap();
        assert!(now >= *became, "{path}: the version {became} was accepted, and {now} is what there is");
    }
    let mut reversed = BTreeMap::<&String, usize>::new();
    for path in outcomes.iter().flat_map(|(_, reversed)| reversed) {
        *reversed.entry(path).or_default() += 1;
        let (_, _, event) = send("GET", path, &[], "").unwrap();
        assert_eq!(event["ReverseFlag"], false, "{path} was reversed");
    }
    assert!(reversed.values().all(|times| *times == 1), "{reversed:?}");
    // The job takes up what the killed one had begun.
    for action in ["lockForReview", "submit"] {
        let path = format!("{BATCHES}/SHARED/action/{action}");
        assert_eq!(send("POST", &path, &[ACTION], "").unwrap().0, 200, "{action}");
    }
    for batch in ["WORK", "SHARED"] {
        let path = format!("{BATCHES}/{batch}");
        while send("GET", &path, &[], "").unwrap().2["BatchStatus"] == "ORA_IN_PROCESS" {
            std::thread::yield_now();
        }
    }
    drop(server);
    let database = home.open().await;
    assert_eq!(waiting(&database).await, 0);
    check_purged(&database).await;
    balance_of(&database).await;
}

fn address_of(q: &str) -> String {
    address(EVENTS, &[("q", q), ("limit", "8")])
}
