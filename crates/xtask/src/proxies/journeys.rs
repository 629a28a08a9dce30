//! Journeys through nginx, before two demo servers on one PostgreSQL (`tests/e2e/nginx.config.ts`).

use super::unpacked::Unpacked;
use super::web_server::{self, WebServer};
use crate::postgres::TestServer;
use crate::processes::Processes;
use crate::test_run;
use crate::workspace::Workspace;
use crate::{Outcome, browser};
use std::ffi::OsStr;
use std::path::Path;

/// Everything that the demo serves, at the page's own origin.
const CONNECTIONS: &str = r#"{ "demo": true, "oracle": {}, "logiSense": {}, "cloudFoundry": {} }"#;

/// Stand in the configuration for what each journey's stand chooses (`tests/e2e/stand/two_servers.ts`).
const SERVERS: &str = "http://127.0.0.1:11111,http://127.0.0.1:11112";
const FRONT: u16 = 11113;
const FOLDER: &str = "@FOLDER@";

pub(super) fn run(
    workspace: &Workspace,
    processes: &mut Processes,
    database: &TestServer,
    demo_server: &Path,
    folder: &Path,
) -> Outcome {
    let Some(nginx) = WebServer::Nginx.place(workspace) else { return Ok(()) };
    browser::must_have_node(workspace)?;
    let browser = browser::for_journeys(workspace, processes)?;
    let backends = ["oracle", "logisense", "cloud_foundry"].map(|name| (name, SERVERS.to_owned()));
    let site = Unpacked::make(workspace, processes, &folder.join("journeys"), CONNECTIONS, FRONT, &backends)?;
    let config = folder.join("journeys.conf");
    let text = web_server::nginx_around(workspace, FOLDER, &site.snippet(WebServer::Nginx)?);
    crate::dist::write(&config, text)?;
    let told = [
        ("CHROMIUM", browser.as_os_str()),
        ("USAGE_DESK_NGINX", nginx.as_os_str()),
        ("USAGE_DESK_NGINX_CONFIG", config.as_os_str()),
        ("USAGE_DESK_POSTGRES", OsStr::new(&database.url)),
        ("USAGE_DESK_CREATEDB", database.createdb.as_os_str()),
    ];
    let words = ["--config", "nginx.config.ts"];
    test_run::run_playwright(workspace, processes, demo_server, &words, &told)
}
