//! The console's files beside the APIs.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use demo_server::app_files::AppFiles;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::test_service::*;

const HTML: &str =
    "<html><head><script type=\"module\">start()</script></head><body>Usage Desk</body></html>";

const PAGE: [(&str, &str); 1] = [("accept", "text/html")];

async fn with_dist(dist: &Path) -> TestService {
    let dist = dist.to_owned();
    TestService::with(|service| service.app_files = Some(AppFiles::new(dist))).await
}

async fn get(service: &TestService, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    service.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn screens_get_the_document_and_apis_keep_their_errors() {
    let dist = tempfile::tempdir().unwrap();
    fs::write(dist.path().join("index.html"), HTML).unwrap();
    let service = with_dist(dist.path()).await;
    let navigation = [("accept", "text/html,application/xhtml+xml"), ("sec-fetch-mode", "navigate")];
    for (path, headers, status) in [
        ("/", &navigation[..], StatusCode::OK),
        ("/", &navigation[..1], StatusCode::OK),
        ("/batches/UB-1/events/E%2F1", &navigation, StatusCode::OK),
        ("/events", &navigation[..1], StatusCode::OK),
        ("/events", &[], StatusCode::NOT_FOUND),
        (
            "/missing-1f0c6a3b9d2e4f58.js",
            &[("accept", "*/*"), ("sec-fetch-mode", "no-cors")],
            StatusCode::NOT_FOUND,
        ),
        ("/../Cargo.toml", &[], StatusCode::NOT_FOUND),
        // Any text may stand in a screen's address.
        ("/batches/%3Cb%3EX%2F..%2f%3F%23", &navigation, StatusCode::OK),
        ("/batches/..%2f..%5c:", &navigation, StatusCode::OK),
        ("/.git/config", &navigation, StatusCode::OK),
        ("/batches/%ff%00", &navigation, StatusCode::OK),
        ("/batches/X%2F..%2f", &[("sec-fetch-mode", "cors")], StatusCode::NOT_FOUND),
        ("/crmRestApi/resources/latest/nope", &navigation, StatusCode::NOT_FOUND),
    ] {
        let answer = get(&service, path, headers).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.text == HTML, status == StatusCode::OK, "{path}: {}", answer.text);
    }
    let post = service.send(Request::post("/events").body(Body::empty()).unwrap()).await;
    assert_eq!((post.status, post.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"));
}

#[tokio::test]
async fn documents_run_under_a_strict_policy() {
    let dist = tempfile::tempdir().unwrap();
    fs::write(dist.path().join("index.html"), HTML).unwrap();
    let service = with_dist(dist.path()).await;
    let answer = get(&service, "/", &[("accept", "text/html"), ("x-forwarded-proto", "https")]).await;
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe-inline") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
    assert_eq!(get(&service, "/", &PAGE).await.header("strict-transport-security"), "", "not without TLS");
    // A rebuilt document brings its own hash with it.
    fs::write(dist.path().join("index.html"), HTML.replace("start()", "begin()")).unwrap();
    let rebuilt = get(&service, "/", &PAGE).await;
    assert!(rebuilt.text.contains("begin()"));
    assert_ne!(rebuilt.header("content-security-policy"), policy);
}

#[tokio::test]
async fn the_page_may_ask_the_systems_that_its_connections_name() {
    let dist = tempfile::tempdir().unwrap();
    fs::write(dist.path().join("index.html"), HTML).unwrap();
    let file = dist.path().join("elsewhere.json");
    let (folder, named) = (dist.path().to_owned(), file.clone());
    let service = TestService::with(|service| {
        service.app_files =
            Some(AppFiles::new(folder).with_endpoints(vec!["https://tokens.example.com/x".to_owned()]));
        service.connections_file = Some(named);
    })
    .await;
    // A file that is not there, or is none, opens nothing.
    for text in [None, Some("{,}")] {
        if let Some(text) = text {
            fs::write(&file, text).unwrap();
        }
        let answer = get(&service, "/", &PAGE).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("connect-src 'self' https://tokens.example.com;"), "{policy}");
    }
    let before = get(&service, "/", &PAGE).await.header("etag").to_owned();
    let text = "{\"cloudFoundry\": {\"base\": \"https://api.cf.example.com\", \"tokenService\": \"https://uaa.cf.example.com/x\"}}";
    fs::write(&file, text).unwrap();
    // A page of the old policy is not the same page.
    let known = [PAGE[0], ("if-none-match", before.as_str())];
    let answer = get(&service, "/batches/1", &[known[0], known[1], ("sec-fetch-mode", "navigate")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let policy = answer.header("content-security-policy");
    let asked = "connect-src 'self' https://api.cf.example.com https://uaa.cf.example.com https://tokens.example.com;";
    assert!(policy.contains(asked), "{policy}");
    let known = [PAGE[0], ("if-none-match", answer.header("etag"))];
    assert_eq!(get(&service, "/", &known).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn files_are_compressed_typed_and_cached() {
    let dist = tempfile::tempdir().unwrap();
    let script = "console.log('usage');\n".repeat(500);
    fs::write(dist.path().join("app-1f0c6a3b9d2e4f58.js"), &script).unwrap();
    fs::write(dist.path().join("app-1f0c6a3b9d2e4f58_bg.wasm"), [0, 97, 115, 109].repeat(100)).unwrap();
    fs::write(dist.path().join("logo.png"), [1, 2, 3]).unwrap();
    fs::write(dist.path().join("style.css"), "body{}").unwrap();
    fs::write(dist.path().join("style.css.br"), "ready-made").unwrap();
    fs::create_dir(dist.path().join("app-1f0c6a3b9d2e4f58")).unwrap();
    fs::write(dist.path().join("app-1f0c6a3b9d2e4f58/shared.bin"), "parts").unwrap();
    fs::write(dist.path().join("app-1f0c6a3b9d2e4f58/shared.bin.br"), "ready-made").unwrap();
    fs::write(dist.path().join("split_part_10165190128342977145.wasm"), "of some build").unwrap();
    let service = with_dist(dist.path()).await;
    let forever = "public, max-age=31536000, immutable";
    for (path, accept, media_type, encoding, cache) in [
        ("/app-1f0c6a3b9d2e4f58.js", "gzip, br", "text/javascript; charset=utf-8", "br", forever),
        ("/app-1f0c6a3b9d2e4f58.js", "gzip", "text/javascript; charset=utf-8", "gzip", forever),
        ("/app-1f0c6a3b9d2e4f58.js", "identity", "text/javascript; charset=utf-8", "", forever),
        ("/app-1f0c6a3b9d2e4f58_bg.wasm", "br", "application/wasm", "br", forever),
        ("/app-1f0c6a3b9d2e4f58/shared.bin", "br", "application/octet-stream", "br", forever),
        ("/app-1f0c6a3b9d2e4f58/shared.bin", "gzip", "application/octet-stream", "", forever),
        // The splitter's number is not of the content.
        ("/split_part_10165190128342977145.wasm", "br", "application/wasm", "br", "no-cache"),
        ("/logo.png", "gzip, br", "image/png", "", "no-cache"),
        ("/style.css", "br;q=0, gzip", "text/css; charset=utf-8", "gzip", "no-cache"),
    ] {
        let answer = get(&service, path, &[("accept-encoding", accept)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let found = ["content-type", "content-encoding", "cache-control"].map(|name| answer.header(name));
        assert_eq!(found, [media_type, encoding, cache], "{path} {accept}");
        let known = [("if-none-match", answer.header("etag")), ("accept-encoding", accept)];
        assert_eq!(get(&service, path, &known).await.status, StatusCode::NOT_MODIFIED, "{path}");
    }
    let missing = get(&service, "/app-1f0c6a3b9d2e4f58/split_changes.wasm", &[]).await;
    assert_eq!((missing.status, missing.header("cache-control")), (StatusCode::NOT_FOUND, "no-store"));
    let ready = get(&service, "/style.css", &[("accept-encoding", "br")]).await;
    assert_eq!(ready.text, "ready-made", "a compressed file beside it is used");

    let request =
        Request::get("/app-1f0c6a3b9d2e4f58.js").header("accept-encoding", "br").body(Body::empty()).unwrap();
    let body = service
        .router
        .clone()
        .oneshot(request)
        .await
        .unwrap()
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes();
    let mut unpacked = String::new();
    brotli::Decompressor::new(&body[..], 4096).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, script);
}

#[tokio::test]
async fn a_missing_build_says_so() {
    let dist = tempfile::tempdir().unwrap();
    let service = with_dist(&dist.path().join("later")).await;
    let answer = get(&service, "/", &PAGE).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    fs::create_dir(dist.path().join("later")).unwrap();
    fs::write(dist.path().join("later/index.html"), HTML).unwrap();
    assert_eq!(get(&service, "/", &PAGE).await.status, StatusCode::OK, "no restart is needed");
}

#[tokio::test]
async fn the_start_page_stands_beside_the_root_of_the_platform() {
    let dist = tempfile::tempdir().unwrap();
    fs::write(dist.path().join("index.html"), HTML).unwrap();
    let with_app = with_dist(dist.path()).await;
    let without = TestService::to_read().await;
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (accept, is_page) in [
        (&[][..], false),
        (&["*/*"], false),
        (&["application/json"], false),
        (&["application/json, text/html;q=0.9"], false),
        (&["text/html;q=0, */*"], false),
        (&[browser], true),
        (&["application/json;q=0.5", "text/html"], true),
    ] {
        for path in ["/", "/?from=here", "/login"] {
            for method in [Method::GET, Method::HEAD] {
                for (service, has_app) in [(&with_app, true), (&without, false)] {
                    let mut request = Request::builder().method(&method).uri(path);
                    for value in accept {
                        request = request.header("accept", *value);
                    }
                    let answer = service.send(request.body(Body::empty()).unwrap()).await;
                    // The console has a screen of any address, whichever it knows, for a browser.
                    let expected =
                        if is_page && has_app { "text/html; charset=utf-8" } else { "application/json" };
                    let context = format!("{method} {path} {accept:?}, an app: {has_app}");
                    assert_eq!(answer.status, StatusCode::OK, "{context}: {}", answer.text);
                    assert!(
                        answer.header("content-type").starts_with(expected),
                        "{context}: {}",
                        answer.text
                    );
                    let varies = answer.headers.get_all("vary").iter().any(|value| value == "accept");
                    assert!(varies, "{context}: a cache would mix them up");
                    let kept = if expected == "application/json" { "no-store" } else { "no-cache" };
                    assert_eq!(answer.header("cache-control"), kept, "{context}");
                }
            }
        }
    }
    // A kept page is not taken for the root, nor the root for a page that is still good.
    let tag = get(&with_app, "/", &PAGE).await.header("etag").to_owned();
    let again = [("accept", browser), ("if-none-match", &tag)];
    assert_eq!(get(&with_app, "/", &again).await.status, StatusCode::NOT_MODIFIED);
    let program = [("accept", "*/*"), ("if-none-match", tag.as_str())];
    assert_eq!(get(&with_app, "/", &program).await.status, StatusCode::OK);
    for (path, allowed) in [("/", "GET"), ("/login", "GET, HEAD")] {
        for service in [&with_app, &without] {
            let answer = service.send(Request::post(path).body(Body::empty()).unwrap()).await;
            assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, allowed));
        }
    }
}

#[tokio::test]
async fn the_console_learns_what_it_is_connected_to() {
    let answer = get(&TestService::to_read().await, "/connections.json", &[]).await;
    assert_eq!(
        (answer.status, &answer.headers["cache-control"]),
        (StatusCode::OK, &"no-store".parse().unwrap())
    );
    let demo = connections::Connections::read(answer.text.as_bytes()).expect("a good file");
    assert!(demo.demo && demo.oracle.is_some() && demo.logi_sense.is_some() && demo.cloud_foundry.is_some());

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("connections.json");
    let service = TestService::with(|service| service.connections_file = Some(file.clone())).await;
    assert_eq!(get(&service, "/connections.json", &[]).await.status, StatusCode::NOT_FOUND);
    // As it stands, and anew each time: what is wrong with it, the console says.
    for text in ["{\"oracle\": {}}", "{,}"] {
        fs::write(&file, text).unwrap();
        let answer = get(&service, "/connections.json", &[]).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, text));
    }
}

#[tokio::test]
async fn the_version_names_the_build_that_is_served() {
    let dist = tempfile::tempdir().unwrap();
    let service = with_dist(dist.path()).await;
    for (manifest, build) in [("", "null"), ("{\"build\":\"app-1\",\"parts\":{}}", "\"app-1\"")] {
        fs::write(dist.path().join("parts.json"), manifest).unwrap();
        let answer = get(&service, "/version", &[]).await;
        let expected = format!("{{\"build\":{build},\"version\":\"{}\"}}", env!("CARGO_PKG_VERSION"));
        assert_eq!((answer.status, answer.text), (StatusCode::OK, expected));
    }
}

#[tokio::test]
async fn no_answer_may_stand_in_a_frame() {
    let dist = tempfile::tempdir().unwrap();
    fs::write(dist.path().join("index.html"), HTML).unwrap();
    fs::write(dist.path().join("app.js"), "start()").unwrap();
    let service = with_dist(dist.path()).await;
    for (path, headers) in [
        ("/", &PAGE[..]),
        ("/batches", &PAGE),
        ("/app.js", &[]),
        ("/connections.json", &[]),
        ("/healthz", &[]),
        ("/openapi.json", &[]),
        ("/oauth/token", &[]),
        (EVENTS, &[]),
        ("/v3/service_usage_events", &[]),
        ("/ResourceServer/api/v8/Usage/Bucket/Base/", &[]),
        ("/gone.js", &[]),
    ] {
        let answer = get(&service, path, headers).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
}
