//! The package, made by the whole command, unpacked, and behind web servers that were not written here: nginx, Caddy and
//! Apache with its own snippets. Each is asked for every class of path, and for what must never happen twice; then a server
//! is replaced by a newer one, and journeys go through nginx before two demo servers on one PostgreSQL.

mod counting_system;
mod exchange;
mod journeys;
mod path_classes;
mod pooler;
mod rolling_update;
mod unpacked;
mod web_server;

use crate::dist::{remove, told};
use crate::processes::Processes;
use crate::test_run::demo_server;
use crate::workspace::Workspace;
use crate::{Outcome, http_probe, postgres};
use counting_system::CountingSystem;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use unpacked::Unpacked;
use web_server::WebServer;

/// One system at the page's own origin, one under a path, one that is elsewhere, one that does not answer.
const CONNECTIONS: &str = r#"{
  "environment": { "name": "PROXY", "colour": "green" },
  "demo": true,
  "oracle": {},
  "logiSense": { "base": "/billing", "tokenService": "https://id.example.com" },
  "cloudFoundry": { "base": "/platform" }
}
"#;

/// How long a web server may keep a line of its log to itself.
const LONGEST_LOG: Duration = Duration::from_secs(10);

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let servers = web_server::find_or_install(workspace, processes)?;
    for missing in WebServer::ALL.iter().filter(|server| !servers.contains(server)) {
        println!("SKIPPED: {missing:?} is not here and cannot be installed by this account");
    }
    if servers.is_empty() {
        return Ok(());
    }
    if !workspace.path("dist/parts.json").is_file() {
        return Err("there is no dist in parts to test; run `cargo xtask dist` first".to_owned());
    }
    let demo_server = demo_server(workspace, processes)?;
    // Apache's workers may read what anybody may, and perhaps not what is here.
    let folder = std::env::temp_dir().join(format!("usage-desk-proxies-{}", std::process::id()));
    remove(&folder)?;
    let done = snippets(workspace, processes, &servers, &demo_server, &folder).and_then(|()| {
        // What stood before the snippets is not needed any more.
        processes.end_background();
        on_postgres(workspace, processes, &demo_server, &folder)
    });
    processes.end_background();
    // What cannot be taken away is in nobody's way.
    let _ = fs::remove_dir_all(&folder);
    done
}

/// Each web server before one demo server, two systems that count, and a port where nobody listens.
fn snippets(
    workspace: &Workspace,
    processes: &mut Processes,
    servers: &[WebServer],
    demo_server: &Path,
    folder: &Path,
) -> Outcome {
    told(folder, fs::create_dir_all(folder))?;
    let demo_port = http_probe::free_port()?;
    let mut demo = workspace.command(&demo_server.to_string_lossy());
    demo.args(["--events", "50", "--instances", "40", "--listen", &format!("127.0.0.1:{demo_port}")]);
    demo.arg("--database").arg(folder.join("demo.db")).env("RUST_LOG", "error");
    processes.start(&mut demo)?;
    processes.wait_until(|| http_probe::answers(demo_port, "/healthz"))?;
    let counting = [CountingSystem::start()?, CountingSystem::start()?];
    let nobody = http_probe::free_port()?;
    let at = |port: u16| format!("http://127.0.0.1:{port}");
    let backends = [
        ("oracle", at(demo_port)),
        ("logisense", format!("{},{}", at(counting[0].port), at(counting[1].port))),
        ("cloud_foundry", at(nobody)),
    ];
    for server in servers {
        let port = http_probe::free_port()?;
        let home = folder.join(format!("{server:?}"));
        let site = Unpacked::make(workspace, processes, &home, CONNECTIONS, port, &backends)?;
        server.start(workspace, processes, &home, &site.snippet(*server)?)?;
        processes.wait_until(|| http_probe::answers(port, "/"))?;
        let mut faults = path_classes::faults(workspace, &site, port)?;
        faults.extend(path_classes::faults_of_passing_on(&site, port, &counting)?);
        // All that was asked before stands in the log when this does.
        http_probe::answers(port, "/parts.json?last");
        let mut log = String::new();
        let patience = Instant::now();
        processes.wait_until(|| {
            log = fs::read_to_string(home.join(server.log())).unwrap_or_default();
            log.contains("parts.json?last") || patience.elapsed() > LONGEST_LOG
        })?;
        if !log.contains("parts.json?last") || !log.contains("/billing/ResourceServer/cut") {
            faults.push("what is asked does not stand in the log".to_owned());
        }
        faults.extend(
            log.lines().filter(|line| line.contains("of-a-person")).map(|line| format!("logged: {line}")),
        );
        if !faults.is_empty() {
            return Err(format!("{server:?}, told by the package's snippet:\n    {}", faults.join("\n    ")));
        }
        println!("{server:?} serves every class of path as the demo server does, and repeats no write");
    }
    Ok(())
}

/// What needs a database that several servers share.
fn on_postgres(
    workspace: &Workspace,
    processes: &mut Processes,
    demo_server: &Path,
    folder: &Path,
) -> Outcome {
    let Some(database) = postgres::start(workspace, processes)? else {
        println!("SKIPPED: PostgreSQL is not here and cannot be installed by this account");
        return Ok(());
    };
    let done = pooler::run(workspace, processes, &database, demo_server, folder)
        .and_then(|()| rolling_update::run(workspace, processes, &database, demo_server, folder))
        .and_then(|()| journeys::run(workspace, processes, &database, demo_server, folder));
    database.end(processes);
    done
}
