//! The description of what is served, held against the service.

use axum::http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;

use crate::test_service::*;

async fn document(service: &TestService) -> Json {
    let answer = service.send(request(Method::GET, "/openapi.json", "", &[("authorization", "")], "")).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.json()
}

/// The path with the keys that the document gives as examples.
fn filled(path: &str, operation: &Json) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.filter(|parameter| parameter["in"] == "path").fold(path.to_owned(), |path, parameter| {
        let example = &parameter["example"];
        let example = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let example = utf8_percent_encode(&example, NON_ALPHANUMERIC).to_string();
        path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), &example)
    })
}

#[tokio::test]
async fn everything_described_is_served_and_asks_who_is_there() {
    let service = TestService::to_read().await;
    let document = document(&service).await;
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let address = filled(path, operation);
            assert!(!address.contains('{'), "{address} has a key without an example");
            let answer =
                service.send(request(method.clone(), &address, "", &[("authorization", "")], "")).await;
            let open = path == "/" || path == "/v3" || path == "/v3/info" || path.contains("Access/Login");
            let expected = if open { answer.status } else { StatusCode::UNAUTHORIZED };
            assert_eq!(answer.status, expected, "{method} {address}: {}", answer.text);
            assert!(!matches!(answer.status.as_u16(), 404 | 405), "{method} {address}: {}", answer.text);
        }
    }
    assert!(operations > 70, "{operations}");
}

#[tokio::test]
async fn the_examples_are_of_what_is_there() {
    let service = TestService::to_read().await;
    let document = document(&service).await;
    let mut found = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if path.starts_with("/crmRestApi") && methods["get"].is_object() {
            let address = filled(path, &methods["get"]);
            let answer = service.get(&address, &[]).await;
            // Keys are given one by one: a charge need not belong to the event beside it.
            found += usize::from(answer.status == StatusCode::OK);
            assert!(matches!(answer.status.as_u16(), 200 | 404), "{address}: {}", answer.text);
        }
    }
    assert!(found > 15, "{found}");
}
