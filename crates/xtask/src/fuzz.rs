//! Requests that nobody would think of, sent to a demo server of its own: schemathesis reads
//! `/openapi.json` and makes them up, the same ones every time. No answer may be a fault of the
//! server, differ from what the document says of it, or fail to come.

use crate::http_probe;
use crate::processes::Processes;
use crate::test_run::demo_server;
use crate::tools;
use crate::workspace::Workspace;
use crate::{Outcome, debian};
use std::fs;
use std::path::PathBuf;

/// A release that is known to work: newer ones make up other requests.
const SCHEMATHESIS: &str = "4.32.5";

const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// What the fuzzing phase may take, in seconds; the phases before it take about half a minute.
const LONGEST_RUN: &str = "110";

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let schemathesis = schemathesis(workspace, processes)?;
    let server = demo_server(workspace, processes)?;
    let folder = workspace.target_dir().join("fuzz");
    // Requests are made up from what is in the database, so it begins the same every time.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|reason| format!("cannot make {}: {reason}", folder.display()))?;
    let port = http_probe::free_port()?;
    let address = format!("127.0.0.1:{port}");
    let mut server = workspace.command(&server.to_string_lossy());
    server.args(["--events", "500", "--listen", &address, "--database"]).arg(folder.join("fuzz.db"));
    processes.start(server.env("RUST_LOG", "error"))?;
    processes.wait_until(|| http_probe::answers(port, "/healthz"))?;
    let form = "grant_type=password&username=admin&password=admin";
    let given = http_probe::post_form(port, "/oauth/token", form)
        .and_then(|body| serde_json::from_str::<serde_json::Value>(&body).ok());
    let token = given.as_ref().and_then(|given| given["access_token"].as_str());
    let token = token.ok_or("the demo server gave no token to its administrator")?;
    let mut run = workspace.command(&schemathesis.to_string_lossy());
    run.arg("run").arg(format!("http://{address}/openapi.json"));
    run.args(["--header", &format!("Authorization: Bearer {token}"), "--checks", CHECKS]);
    run.args(["--phases", "examples,coverage,fuzzing", "--max-examples", "20", "--max-time", LONGEST_RUN]);
    run.args(["--generation-deterministic", "--no-shrink", "--continue-on-failure"]);
    // Longer than any request takes, however busy the machine.
    run.args(["--request-timeout", "30", "--warnings", "off"]);
    let done = processes.run_well(run.current_dir(&folder));
    processes.end_background();
    done
}

/// schemathesis in a Python environment of the project's own.
fn schemathesis(workspace: &Workspace, processes: &mut Processes) -> Outcome<PathBuf> {
    let home = workspace.path(".tools/python");
    let program = home.join("bin").join("schemathesis");
    let version = workspace.output_of(&program.to_string_lossy(), &["--version"]);
    if version.is_some_and(|line| line.contains(SCHEMATHESIS)) {
        return Ok(program);
    }
    let has_python =
        |workspace: &Workspace| workspace.output_of("python3", &["-c", "import venv, ensurepip"]).is_some();
    if !has_python(workspace) && debian::can_install(workspace) {
        debian::install(workspace, processes, &["python3", "python3-venv"], "seconds")?;
    }
    if !has_python(workspace) {
        return Err("Python 3 with its module venv is needed to send requests that nobody would think of; \
                    install it (Debian: apt-get install python3 python3-venv)"
            .to_owned());
    }
    tools::installing(&format!("schemathesis {SCHEMATHESIS}"), "half a minute, once", || {
        processes.run_well(workspace.command("python3").args(["-m", "venv"]).arg(&home))?;
        let mut install = workspace.command(&home.join("bin").join("pip").to_string_lossy());
        install.args(["install", "--quiet", "--disable-pip-version-check"]);
        processes.run_well(install.arg(format!("schemathesis=={SCHEMATHESIS}")))
    })?;
    Ok(program)
}
