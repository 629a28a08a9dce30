//! Many writers at once: for every version exactly one of them wins, and none is lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use demo_server::database::query_scalar;

use crate::test_service::*;

const WRITERS: usize = 16;
const ROUNDS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_winner_for_every_version() {
    let service = Arc::new(TestService::new().await);
    let query = [("q", "EventStatus = 'ORA_DRAFT'"), ("limit", "3")];
    let events = service.items(EVENTS, &query).await;
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let service = Arc::clone(&service);
        let paths = events.iter().map(event_path).collect::<Vec<_>>();
        tasks.push(tokio::spawn(async move {
            let mut won = Vec::new();
            let mut lost = 0_usize;
            for round in 0..ROUNDS {
                // The first event is everybody's; the others are shared by some.
                let path = &paths[if round % 2 == 0 { 0 } else { writer % paths.len() }];
                let based_on = service.get(path, &[]).await.header("etag").to_owned();
                tokio::task::yield_now().await;
                let body = format!(r#"{{"ServiceId":"writer-{writer}-{round}"}}"#);
                let answer = service
                    .send(request(Method::PATCH, path, "editor", &[("if-match", &based_on)], &body))
                    .await;
                match answer.status {
                    StatusCode::OK => {
                        won.push((path.clone(), based_on, answer.header("etag").to_owned(), body));
                    }
                    StatusCode::PRECONDITION_FAILED => {
                        assert_ne!(answer.header("etag"), based_on, "a 412 names a newer version");
                        lost += 1;
                    }
                    other => panic!("{other}: {}", answer.text),
                }
            }
            (won, lost)
        }));
    }
    let mut winners = BTreeMap::new();
    let mut lost = 0;
    for task in tasks {
        let (won, missed) = task.await.unwrap();
        lost += missed;
        for (path, based_on, became, body) in won {
            let other = winners.insert((path, based_on), (became, body.clone()));
            assert!(other.is_none(), "two winners for one version: {other:?} and {body}");
        }
    }
    assert_eq!(winners.len() + lost, WRITERS * ROUNDS);
    // Each event's versions form one unbroken chain that ends in what is stored.
    let mut steps = 0;
    for event in &events {
        let path = event_path(event);
        let mut version = change_indicator(event).to_owned();
        let mut last = None;
        while let Some((became, body)) = winners.get(&(path.clone(), version.clone())) {
            assert!(*became > version, "versions increase");
            (version, last) = (became.clone(), Some(body));
            steps += 1;
        }
        let stored = service.get(&path, &[]).await;
        assert_eq!(stored.header("etag"), version);
        if let Some(body) = last {
            assert!(body.contains(stored.json()["ServiceId"].as_str().unwrap()), "{body}");
        }
    }
    assert_eq!(steps, winners.len(), "every accepted change is a link of a chain");
    let recorded: i64 = query_scalar("SELECT COUNT(*) FROM change_history WHERE field_name = 'ServiceId'")
        .fetch_one(&service.service.database.readers)
        .await
        .unwrap();
    assert_eq!(recorded as usize, winners.len(), "every accepted change is on record");
}
