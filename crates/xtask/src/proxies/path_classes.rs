//! What a web server is asked, and what it has to answer: for each class of path the same headers, each once; for what
//! it passes on also that a write reaches one server, once.

use super::counting_system::CountingSystem;
use super::exchange::{Answer, send, send_after_another};
use super::unpacked::Unpacked;
use crate::Outcome;
use crate::dist::{files_in, told, write};
use crate::workspace::Workspace;
use connections::page_headers::{Kept, ON_EVERY_ANSWER, ON_THE_PAGE};
use std::fs;

const PERSON: &[(&str, &str)] = &[("Sec-Fetch-Mode", "navigate"), ("Accept", "text/html,*/*;q=0.8")];
const OLD_BROWSER: &[(&str, &str)] = &[("Accept", "text/html,application/xhtml+xml")];
const SCRIPT: &[(&str, &str)] = &[("Sec-Fetch-Mode", "cors"), ("Accept", "*/*")];
const PACKED: &[(&str, &str)] = &[("Sec-Fetch-Mode", "cors"), ("Accept-Encoding", "gzip")];
const WELL_PACKED: &[(&str, &str)] = &[("Sec-Fetch-Mode", "cors"), ("Accept-Encoding", "br, gzip")];
const PROGRAM: &[(&str, &str)] = &[];

/// Names with numbers that say nothing of what is in them: a split module's at the root, and too many digits for a build.
const NUMBERED: [&str; 2] = ["split_page_10165190128342977145.wasm", "app-10165190128342977145/page.wasm"];

/// The page's own files, by class.
pub(super) fn faults(workspace: &Workspace, site: &Unpacked, port: u16) -> Outcome<Vec<String>> {
    let folder = format!("app-{}", site.build);
    let files = files_in(&workspace.path("dist").join(&folder))?;
    let part = files.iter().find(|file| file.ends_with(".wasm") && !file.starts_with("usage-desk"));
    let part = format!("/{folder}/{}", part.ok_or("dist holds no part")?);
    let script = format!("/{folder}/usage-desk.js");
    let missing = format!("/{folder}/missing.wasm");
    let (html, js, wasm, json) = ("text/html", "text/javascript", "application/wasm", "application/json");
    let (for_good, asked, never) = (Kept::ForGood, Kept::WhileItIsTheSame, Kept::Never);
    for name in NUMBERED {
        let file = site.root.join(name);
        told(&file, file.parent().map_or(Ok(()), fs::create_dir_all))?;
        write(&file, name)?;
    }
    let numbered = NUMBERED.map(|name| format!("/{name}"));
    let mut faults = Vec::new();
    for (method, path, headers, status, kept, media_type) in [
        ("GET", "/", PROGRAM, 200, asked, html),
        ("GET", "/", PERSON, 200, asked, html),
        ("HEAD", "/", PERSON, 200, asked, html),
        ("GET", "/batches/1", PERSON, 200, asked, html),
        ("GET", "/batches/1", OLD_BROWSER, 200, asked, html),
        ("GET", "/batches/A%2FB%20x..%3F/events/1", PERSON, 200, asked, html),
        ("GET", "/batches?status=ORA_ERROR", PERSON, 200, asked, html),
        ("GET", "/callback?code=of-a-person&state=1", PERSON, 200, asked, html),
        ("GET", "/callback/oracle?code=of-a-person", PERSON, 200, asked, html),
        ("GET", "/callback?code=of-a-person", SCRIPT, 404, never, ""),
        ("GET", "/parts.json", SCRIPT, 200, asked, json),
        ("GET", "/start_check.js", SCRIPT, 200, asked, js),
        ("GET", "/connections.json", SCRIPT, 200, never, json),
        ("GET", &script, SCRIPT, 200, for_good, js),
        ("GET", &script, PACKED, 200, for_good, js),
        ("GET", &script, WELL_PACKED, 200, for_good, js),
        ("GET", &part, SCRIPT, 200, for_good, wasm),
        ("GET", &part, PACKED, 200, for_good, wasm),
        ("GET", &numbered[0], SCRIPT, 200, asked, wasm),
        ("GET", &numbered[1], SCRIPT, 200, asked, wasm),
        ("GET", &missing, SCRIPT, 404, never, ""),
        ("GET", &missing, PACKED, 404, never, ""),
        ("GET", "/nothing.js", SCRIPT, 404, never, ""),
        ("GET", "/batches/1", SCRIPT, 404, never, ""),
        ("GET", "/batches/1", PROGRAM, 404, never, ""),
        ("GET", "/app-0000000000000000/", SCRIPT, 404, never, ""),
        ("POST", "/", SCRIPT, 405, never, ""),
        ("POST", "/parts.json", SCRIPT, 405, never, ""),
    ] {
        let answer = send(port, method, path, headers, "")?;
        let mut fault = |words: String| faults.push(format!("{method} {path} {headers:?}: {words}"));
        if answer.status != status {
            fault(format!("{} in place of {status}", answer.status));
            continue;
        }
        // Both names of scripts are good, the older one too.
        let told = answer.one("content-type").replace("application/javascript", js);
        if !told.starts_with(media_type) {
            fault(format!("the type {told}, not {media_type}"));
        }
        let told = answer.all("cache-control");
        if told != [kept.cache_control()] {
            fault(format!("Cache-Control {told:?}, not {}", kept.cache_control()));
        }
        if headers == PACKED && status == 200 && answer.one("content-encoding") != "gzip" {
            fault(format!("not packed: {:?}", answer.all("content-encoding")));
        }
        if status == 200 && media_type == html && method == "GET" && !holds(&answer, "usage-desk-build") {
            fault("it is not the page".to_owned());
        }
        header_faults(site, &answer).into_iter().for_each(fault);
    }
    // A page that is known is asked for again each time, and does not come twice.
    let first = send(port, "GET", "/", PERSON, "")?;
    let known = [("If-None-Match", first.one("etag")), PERSON[0], PERSON[1]];
    let again = send(port, "GET", "/", &known, "")?;
    if again.status != 304 || again.all("cache-control") != [Kept::WhileItIsTheSame.cache_control()] {
        let kept = again.all("cache-control");
        faults.push(format!("GET / once more: {} {kept:?} to {}", again.status, first.one("etag")));
    }
    Ok(faults)
}

/// What is passed on: to a demo server, to two systems that count, to nobody.
pub(super) fn faults_of_passing_on(
    site: &Unpacked,
    port: u16,
    systems: &[CountingSystem; 2],
) -> Outcome<Vec<String>> {
    let mut faults = Vec::new();
    let asked = || systems.iter().flat_map(CountingSystem::take_asked).collect::<Vec<_>>();
    asked();
    // What the system says of caching stays; where it is not there, nobody keeps that.
    for (path, status, kept) in [
        ("/crmRestApi/resources/11.13.18.05/subscriptionUsageEvents", 401, "no-store"),
        ("/healthz", 200, ""),
        ("/billing/ResourceServer/x", 200, "private"),
        ("/billing/ResourceServer/fails", 503, "private"),
        ("/platform/v3/info", 502, "no-store"),
    ] {
        let answer = send(port, "GET", path, SCRIPT, "")?;
        // A gateway that waits for a server that is not there says 503 or 504 too; the console takes all for doubt.
        let is_as_due = answer.status == status || status == 502 && matches!(answer.status, 503 | 504);
        if !is_as_due {
            faults.push(format!("GET {path}: {} in place of {status}", answer.status));
        }
        let told = answer.all("cache-control");
        if told.iter().all(|value| !value.contains(kept)) && !(kept.is_empty() && told.is_empty()) {
            faults.push(format!("GET {path}: Cache-Control {told:?}, not {kept:?}"));
        }
        faults.extend(header_faults(site, &answer).into_iter().map(|words| format!("GET {path}: {words}")));
    }
    asked();
    // The address arrives as it was sent, without what is the console's alone.
    send(port, "GET", "/billing/ResourceServer/a%2Fb%20c?q=1%2B1", SCRIPT, "")?;
    let arrived = asked();
    if arrived != ["GET /ResourceServer/a%2Fb%20c?q=1%2B1"] {
        faults.push(format!("an address arrived as {arrived:?}"));
    }
    // And the page's address, by which a system writes its links.
    let told: Vec<String> = systems.iter().map(CountingSystem::forwarded_host).collect();
    if !told.contains(&format!("127.0.0.1:{port}")) {
        faults.push(format!("the systems were told X-Forwarded-Host {told:?}"));
    }
    let answer = send(port, "GET", "/billing/ResourceServer/record", PACKED, "")?;
    // What a system says of TLS is not the web server's, which says it where it has TLS itself.
    if !answer.all("strict-transport-security").is_empty() {
        faults.push(format!("a system's word on TLS passes: {:?}", answer.all("strict-transport-security")));
    }
    let tag = answer.one("etag");
    if answer.one("content-encoding") != "gzip" || !["\"5\"", "W/\"5\"", "\"5-gzip\""].contains(&tag) {
        faults.push(format!("a record came {:?} with the tag {tag}", answer.one("content-encoding")));
    }
    asked();
    for method in ["POST", "PATCH", "PUT", "DELETE"] {
        let answer = send(port, method, "/billing/ResourceServer/fails", SCRIPT, "{\"x\": 1}")?;
        let arrived = asked();
        if arrived.len() != 1 || answer.status != 503 {
            faults.push(format!("{method}, refused: {} after it arrived as {arrived:?}", answer.status));
        }
    }
    // The last ones, for a server that has cut connections may be left alone for a while.
    for method in ["POST", "PATCH", "PUT", "DELETE"] {
        let answer = send(port, method, "/billing/ResourceServer/cut", SCRIPT, "{\"x\": 1}")?;
        let arrived = asked();
        if arrived.len() != 1 || !matches!(answer.status, 502..=504) {
            faults.push(format!("{method}, cut: {} after it arrived as {arrived:?}", answer.status));
        }
    }
    // A browser sends again what is cut without an answer on a connection that was in use before.
    for method in ["POST", "PATCH"] {
        let answer = send_after_another(port, method, "/billing/ResourceServer/cut", "{\"x\": 1}");
        let arrived = asked();
        match answer {
            Ok(answer) if matches!(answer.status, 502..=504) && arrived.len() <= 1 => {}
            Ok(answer) => faults.push(format!("{method} after another: {} after {arrived:?}", answer.status)),
            Err(fault) => faults.push(format!("{method} after another: {fault} after {arrived:?}")),
        }
    }
    let answer = send(port, "GET", "/billing/ResourceServer/cut", SCRIPT, "")?;
    if !matches!(answer.status, 502..=504) || answer.all("cache-control") != [Kept::Never.cache_control()] {
        faults.push(format!("GET, cut: {} {:?}", answer.status, answer.all("cache-control")));
    }
    faults.extend(header_faults(site, &answer).into_iter().map(|words| format!("GET, cut: {words}")));
    Ok(faults)
}

/// What is missing of the headers, or there twice.
fn header_faults(site: &Unpacked, answer: &Answer) -> Vec<String> {
    let policy = [("Content-Security-Policy", site.policy.as_str())];
    let due = ON_EVERY_ANSWER.into_iter().chain(ON_THE_PAGE).chain(policy);
    let wrong = due.filter(|(name, value)| answer.all(name) != [*value]);
    wrong.map(|(name, _)| format!("{name} is {:?}", answer.all(name))).collect()
}

fn holds(answer: &Answer, words: &str) -> bool {
    String::from_utf8_lossy(&answer.body).contains(words)
}
