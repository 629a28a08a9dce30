//! Two servers on one database: nothing of the service's state lives in one of them.

use std::collections::BTreeMap;

use demo_server::database::{query, query_scalar};
use serde_json::json;

use crate::acting::{DONE, rules};
use crate::books::balance_of;
use crate::many_clients::{Accepted, address_of, check_versions, waiting};
use crate::server_process::{ACTION, Server};
use crate::test_database::TestDatabase;
use crate::test_service::*;

const CLIENTS: usize = 8;
const CHANGES: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_are_one_service() {
    let home = TestDatabase::empty().await;
    let (one, other) = match home {
        // At once, over an empty database: one of them fills it, and the other one waits.
        TestDatabase::Named(_) => std::thread::scope(|scope| {
            let other = scope.spawn(|| Server::start(&home));
            (Server::start(&home), other.join().unwrap())
        }),
        _ => (Server::start(&home), Server::start(&home)),
    };
    let servers = [&one, &other];
    // What one gave out is good with the other.
    let editor = one.token("editor");
    let send = |server: &Server, method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let headers = [headers, &[("authorization", editor.as_str())]].concat();
        server.exchange(method, path, &headers, body).unwrap()
    };
    let (status, _, drafts) = send(&other, "GET", &address_of("EventStatus = 'ORA_DRAFT'"), &[], "");
    assert_eq!(status, 200, "{drafts}");
    let drafts = drafts["items"].as_array().unwrap().iter().map(event_path).take(2).collect::<Vec<_>>();

    // Changes of the same records through both.
    let accepted = std::thread::scope(|scope| {
        let clients = (0..CLIENTS).map(|client| {
            let (send, drafts, server) = (&send, &drafts, servers[client % 2]);
            scope.spawn(move || {
                let mut accepted = Vec::<Accepted>::new();
                let mut tries = 0;
                while accepted.len() < CHANGES {
                    let draft = &drafts[accepted.len() % drafts.len()];
                    let (_, based_on, _) = send(server, "GET", draft, &[], "");
                    // Another one each time: what changes nothing makes no new version.
                    let service_id = format!("{client}-{}-{tries}", accepted.len());
                    let body = json!({ "ServiceId": service_id }).to_string();
                    let (status, became, _) = send(server, "PATCH", draft, &[("if-match", &based_on)], &body);
                    if status == 200 {
                        accepted.push((draft.clone(), based_on, became));
                    } else {
                        assert_eq!(status, 412);
                        tries += 1;
                        assert!(tries < CLIENTS * CHANGES, "refused more often than others can change");
                    }
                }
                accepted
            })
        });
        let clients = clients.collect::<Vec<_>>();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(accepted.len(), CLIENTS * CHANGES);
    check_versions(&accepted);

    // Work for both rating jobs, submitted here and there; then one of them is gone.
    let others = "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true";
    let all = [format!("{others} and BatchNumber = 'UB-2026-08-CLD'"), DONE.to_owned()];
    for (place, q) in all.iter().enumerate() {
        let server = servers[place];
        let number = format!("WORK-{place}");
        let body = json!({ "BatchNumber": number, "UsageType": "ORA_RERATE" }).to_string();
        assert_eq!(send(server, "POST", BATCHES, &[], &body).0, 201);
        for (action, body) in [
            ("addEvents", rules(&[("INCLUDE", q)])),
            ("lockForReview", String::new()),
            ("submit", String::new()),
        ] {
            let path = format!("{BATCHES}/{number}/action/{action}");
            let (status, _, answer) = send(server, "POST", &path, &[ACTION], &body);
            assert_eq!(status, 200, "{action}: {answer}");
        }
    }
    drop(one);
    for place in 0..all.len() {
        let path = format!("{BATCHES}/WORK-{place}");
        while send(&other, "GET", &path, &[], "").2["BatchStatus"] == "ORA_IN_PROCESS" {
            std::thread::yield_now();
        }
    }
    drop(other);
    let database = home.open().await;
    assert_eq!(waiting(&database).await, 0);
    // Whoever claimed a batch when: every event was re-rated by one step of one job.
    let sql = "SELECT c.event_id, COUNT(*) FROM usage_charges c JOIN usage_event_batches b \
               ON b.usage_batch_id = c.parent_entity_id WHERE c.parent_entity = 'ORA_USAGE_BATCH' \
               AND c.sequence_number = 1 AND c.charge_definition = 'ORA_CREDIT' GROUP BY c.event_id";
    let rows = query(sql).fetch_all(&database.readers).await.unwrap();
    let credits =
        rows.iter().map(|row| (row.try_get::<i64, _>(0).unwrap(), row.try_get::<i64, _>(1).unwrap()));
    let credits = credits.collect::<BTreeMap<_, _>>();
    assert!(!credits.is_empty() && credits.values().all(|times| *times == 1), "{credits:?}");
    let sql = "SELECT COUNT(*) FROM change_history WHERE field_name = 'BatchStatus' AND record_key LIKE 'WORK-%' \
               AND value_after LIKE 'ORA_COMPLETED%'";
    let completed: i64 = query_scalar(sql).fetch_one(&database.readers).await.unwrap();
    assert_eq!(usize::try_from(completed).unwrap(), all.len(), "each batch was completed once");
    balance_of(&database).await;
}
