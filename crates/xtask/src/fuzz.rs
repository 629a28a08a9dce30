//! Requests that nobody would think of, sent to a demo server of its own: schemathesis reads
//! `/openapi.json` and makes them up, the same ones every time. No answer may be a fault of the
//! server, differ from what the document says of it, or fail to come.

use crate::Outcome;
use crate::http_probe;
use crate::processes::Processes;
use crate::python_tools::{self, PythonTool};
use crate::test_run::demo_server;
use crate::workspace::Workspace;
use std::fs;

/// A release that is known to work: newer ones make up other requests.
const SCHEMATHESIS: PythonTool =
    PythonTool { package: "schemathesis", version: "4.32.5", program: "schemathesis" };

const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// The APIs that know people by one token, each with where it is given, what is asked for it, and what the
/// fuzzing phase may take, in seconds; the phases before it take about half a minute.
const APIS: [Api; 2] = [
    Api {
        paths: ["--exclude-path-regex", BILLING],
        sign_in: "/oauth/token",
        form: "grant_type=password&username=admin&password=admin",
        longest: "80",
    },
    Api {
        paths: ["--include-path-regex", BILLING],
        sign_in: "/AuthorizationServer/api/v8/Access/Login",
        form: "grant_type=password&client_id=fuzz&username=admin&password=admin",
        longest: "30",
    },
];
const BILLING: &str = "^/(ResourceServer|AuthorizationServer)/";

struct Api {
    paths: [&'static str; 2],
    sign_in: &'static str,
    form: &'static str,
    longest: &'static str,
}

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let schemathesis = python_tools::program(workspace, processes, &SCHEMATHESIS)?;
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
    let done = APIS.iter().try_for_each(|api| {
        let given = http_probe::post_form(port, api.sign_in, api.form)
            .and_then(|body| serde_json::from_str::<serde_json::Value>(&body).ok());
        let token = given.as_ref().and_then(|given| given["access_token"].as_str());
        let token = token.ok_or("the demo server gave no token to its administrator")?;
        let mut run = workspace.command(&schemathesis.to_string_lossy());
        run.arg("run").arg(format!("http://{address}/openapi.json")).args(api.paths);
        run.args(["--header", &format!("Authorization: Bearer {token}"), "--checks", CHECKS]);
        run.args(["--phases", "examples,coverage,fuzzing", "--max-examples", "20"]);
        run.args(["--max-time", api.longest]);
        run.args(["--generation-deterministic", "--no-shrink", "--continue-on-failure"]);
        // Longer than any request takes, however busy the machine.
        run.args(["--request-timeout", "30", "--warnings", "off"]);
        processes.run_well(run.current_dir(&folder))
    });
    processes.end_background();
    done
}
