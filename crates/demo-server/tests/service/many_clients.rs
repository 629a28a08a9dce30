//! Sixteen clients at once, each changing, reversing, re-rating and purging as fast as it can, with the
//! rating job at work beside them: through the router, and against a real process that is killed in the
//! middle and started again.
//!
//! Each client goes on until it has done its share, so that what is reached does not depend on who is
//! quick. That comes to an end: a change is refused only because another one was accepted.
//!
//! Both run on the database that `DEMO_SERVER_TEST_DATABASE` names, as every test does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{Method, StatusCode};
use demo_server::database::{Database, query_scalar};
use demo_server::rating::Job;
use serde_json::json;

use crate::acting::{DONE, batch, done, rules};
use crate::books::{balance, balance_of};
use crate::server_process::{ACTION, Server, exchange};
use crate::test_database::TestDatabase;
use crate::test_service::*;

const CLIENTS: usize = 16;
const PURGE: &str = "/v3/service_usage_events/actions/destructively_purge_all_and_reseed";

/// An accepted change: of what, from which version to which.
pub(crate) type Accepted = (String, String, String);

/// Every accepted version is newer than the one it was based on, made once, and built upon once.
pub(crate) fn check_versions(accepted: &[Accepted]) {
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

/// What one client does in a round; in ten rounds it has tried to reverse every one of ten events.
const ROUNDS: usize = 10;
/// Changes of one record that may come between a client's reading and writing: everybody else's
/// patches and charges.
const MOST_TRIES: usize = 2 * CLIENTS * ROUNDS;

struct Client {
    number: usize,
    service: Arc<TestService>,
    editor: String,
    admin: String,
    drafts: Vec<String>,
    priced: Vec<String>,
}

/// What came of a client's work.
#[derive(Default)]
struct Work {
    accepted: Vec<Accepted>,
    reversed: Vec<String>,
    /// Events that its re-rating batches took.
    taken: i64,
}

impl Client {
    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut headers = headers.to_vec();
        headers.push(("authorization", &self.editor));
        self.service.send(request(method, path, "editor", &headers, body)).await
    }

    async fn work(self) -> Work {
        let mut work = Work::default();
        for round in 0..ROUNDS {
            let turn = self.number * 7 + round;
            let draft = &self.drafts[turn % self.drafts.len()];
            work.accepted.push(self.patch(draft, &format!("{}-{round}", self.number)).await);
            work.reversed.extend(self.reverse(&self.priced[turn % self.priced.len()]).await);
            match turn % 5 {
                0 | 1 => self.charge(draft).await,
                2 if self.number.is_multiple_of(2) => self.purge().await,
                3 => work.taken += self.rerate(round).await,
                _ => {}
            }
        }
        work
    }

    /// Changes a record, as often as somebody else was quicker.
    async fn patch(&self, draft: &str, service_id: &str) -> Accepted {
        for _ in 0..MOST_TRIES {
            let based_on = self.send(Method::GET, draft, &[], "").await.header("etag").to_owned();
            let body = json!({ "ServiceId": service_id }).to_string();
            let answer = self.send(Method::PATCH, draft, &[("if-match", &based_on)], &body).await;
            match answer.status {
                StatusCode::OK => return (draft.to_owned(), based_on, answer.header("etag").to_owned()),
                StatusCode::PRECONDITION_FAILED => {}
                other => panic!("{other}: {}", answer.text),
            }
        }
        panic!("{draft}: refused more often than others can have changed it");
    }

    async fn charge(&self, draft: &str) {
        let body = r#"{"BilledAmount":0.10,"ExtendedAmount":0.10}"#;
        let answer = self.send(Method::POST, &format!("{draft}/child/usageCharges"), &[], body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    }

    /// Reverses an event, unless somebody has.
    async fn reverse(&self, event: &str) -> Option<String> {
        let body = r#"{"reverseBatchNumber":"SHARED"}"#;
        let answer = self.send(Method::POST, &format!("{event}/action/reverse"), &[ACTION], body).await;
        match answer.status {
            StatusCode::OK => Some(event.to_owned()),
            StatusCode::BAD_REQUEST => {
                assert!(answer.faults()[0].starts_with("27023"), "{}", answer.text);
                None
            }
            other => panic!("{other}: {}", answer.text),
        }
    }

    async fn purge(&self) {
        let headers = [("authorization", self.admin.as_str())];
        let answer = self.service.send(request(Method::POST, PURGE, "admin", &headers, "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }

    /// A batch of its own, with what nobody else has taken yet, all the way to the job.
    async fn rerate(&self, round: usize) -> i64 {
        let path = batch(&self.service, &format!("OWN-{}-{round}", self.number), "ORA_RERATE").await;
        let q = format!("EventNumber like '%{}' and {RERATED}", self.number % 10);
        let add = format!("{path}/action/addEvents");
        let answer = self.send(Method::POST, &add, &[ACTION], &rules(&[("INCLUDE", &q)])).await;
        let taken = answer.json()["result"]["count"].as_i64().unwrap();
        if taken > 0 {
            done(&self.service, &path, "lockForReview", "{}").await;
            done(&self.service, &path, "submit", "{}").await;
        }
        taken
    }
}

/// Other events than those that are reversed.
const RERATED: &str =
    "BatchNumber = 'UB-2026-08-CLD' and EventStatus = 'ORA_PROCESSED' and ReverseFlag = true";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_version_is_unique_and_no_event_is_reversed_twice() {
    let service = Arc::new(TestService::new().await);
    let job = tokio::spawn(Job::new(service.service.database.clone()).run(service.service.rating.clone()));
    batch(&service, "SHARED", "ORA_REVERSE_REPLACE").await;
    let drafts = service.items(EVENTS, &[("q", "EventStatus = 'ORA_DRAFT'"), ("limit", "4")]).await;
    let drafts = drafts.iter().map(event_path).collect::<Vec<_>>();
    let priced = service.items(EVENTS, &[("q", DONE), ("limit", "10")]).await;
    let priced = priced.iter().map(event_path).collect::<Vec<_>>();
    let to_rerate = service.items(EVENTS, &[("q", RERATED), ("limit", "499")]).await.len();
    let (editor, admin) = (service.token("editor").await, service.token("admin").await);
    let tasks = (0..CLIENTS).map(|number| {
        let client = Client {
            number,
            service: Arc::clone(&service),
            editor: editor.clone(),
            admin: admin.clone(),
            drafts: drafts.clone(),
            priced: priced.clone(),
        };
        tokio::spawn(client.work())
    });
    let (mut accepted, mut reversed, mut taken) = (Vec::new(), BTreeMap::<String, usize>::new(), 0);
    for task in tasks.collect::<Vec<_>>() {
        let work = task.await.unwrap();
        accepted.extend(work.accepted);
        taken += work.taken;
        for path in work.reversed {
            *reversed.entry(path).or_default() += 1;
        }
    }
    assert_eq!(accepted.len(), CLIENTS * ROUNDS, "each client's changes were accepted in the end");
    check_versions(&accepted);
    for (path, _, became) in &accepted {
        let now = service.get(path, &[]).await;
        assert!(now.header("etag") >= became.as_str(), "{path}: {became} was accepted");
    }
    let once = priced.iter().map(|path| (path.clone(), 1)).collect::<BTreeMap<_, _>>();
    assert_eq!(reversed, once, "each event is reversed, and once");
    assert_eq!(usize::try_from(taken).unwrap(), to_rerate, "each event went into one re-rating batch");
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

/// How many batches wait for the rating job.
pub(crate) async fn waiting(database: &Database) -> i64 {
    query_scalar("SELECT COUNT(*) FROM rating_work").fetch_one(&database.readers).await.unwrap()
}

/// How far the clients of a server must have come before it is killed.
#[derive(Default)]
struct Reached {
    accepted: AtomicUsize,
    reversed: AtomicUsize,
    purged: AtomicUsize,
}

impl Reached {
    fn enough(&self) -> bool {
        let count = |of: &AtomicUsize| of.load(Ordering::Relaxed);
        count(&self.accepted) >= 3 * CLIENTS && count(&self.reversed) >= 4 && count(&self.purged) >= CLIENTS
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_has_lost_nothing_that_it_accepted() {
    let home = TestDatabase::empty().await;
    let server = Server::start(&home);
    let address = server.address.clone();
    let (editor, admin) = (server.token("editor"), server.token("admin"));
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
    let reached = Reached::default();
    let outcomes = std::thread::scope(|scope| {
        let clients = (0..CLIENTS).map(|client| {
            let (send, drafts, priced, reached, admin, address) =
                (&send, &drafts, &priced, &reached, &admin, &address);
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
                                reached.accepted.fetch_add(1, Ordering::Relaxed);
                            } else {
                                assert_eq!(status, 412);
                            }
                        }
                        2 => {
                            let path = &priced[round % priced.len()];
                            let body = r#"{"reverseBatchNumber":"SHARED"}"#;
                            let Some((status, _, _)) =
                                send("POST", &format!("{path}/action/reverse"), &[ACTION], body)
                            else {
                                break;
                            };
                            if status == 200 {
                                reversed.push(path.clone());
                                reached.reversed.fetch_add(1, Ordering::Relaxed);
                            } else {
                                assert_eq!(status, 400);
                            }
                        }
                        _ => {
                            let headers = [("authorization", admin.as_str())];
                            let Some((status, _, _)) = exchange(address, "POST", PURGE, &headers, "") else {
                                break;
                            };
                            assert_eq!(status, 200);
                            reached.purged.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
                (accepted, reversed)
            })
        });
        let clients = clients.collect::<Vec<_>>();
        // A client that has ended by now tells why when it is joined.
        while !reached.enough() && clients.iter().all(|client| !client.is_finished()) {
            std::thread::yield_now();
        }
        drop(server);
        clients.into_iter().map(|client| client.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(reached.enough(), "the connections broke before the server was killed");

    let server = Server::start(&home);
    let send = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let headers = [headers, &[("authorization", editor.as_str())]].concat();
        server.exchange(method, path, &headers, body)
    };
    let accepted = outcomes.iter().flat_map(|(accepted, _)| accepted.clone()).collect::<Vec<_>>();
    check_versions(&accepted);
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

pub(crate) fn address_of(q: &str) -> String {
    address(EVENTS, &[("q", q), ("limit", "8")])
}
