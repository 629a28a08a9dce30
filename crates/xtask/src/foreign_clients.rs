//! Clients that know nothing of the console, let loose on a demo server that serves a page beside the APIs; they are
//! told nothing but the address. One of Cloud Foundry that was not written here (PyPI's `cloudfoundry-client`), and one
//! that goes through Oracle's tree by its descriptions and links alone.

use crate::Outcome;
use crate::http_probe;
use crate::processes::Processes;
use crate::python_tools::{self, PythonTool};
use crate::test_run::demo_server;
use crate::workspace::Workspace;
use std::fs;

const CLIENT: PythonTool =
    PythonTool { package: "cloudfoundry-client", version: "1.40.4", program: "cloudfoundry-client" };

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    python_tools::program(workspace, processes, &CLIENT)?;
    let server = demo_server(workspace, processes)?;
    let folder = workspace.target_dir().join("foreign-clients");
    let page = folder.join("page");
    // What an earlier run left; there may be nothing.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&page)
        .and_then(|()| fs::write(page.join("index.html"), "<!doctype html><title>The console</title>"))
        .map_err(|reason| format!("cannot make {}: {reason}", page.display()))?;
    let port = http_probe::free_port()?;
    let address = format!("127.0.0.1:{port}");
    let mut server = workspace.command(&server.to_string_lossy());
    server.args(["--events", "50", "--instances", "40", "--listen", &address]);
    server.arg("--dist").arg(&page).arg("--database").arg(folder.join("demo.db"));
    processes.start(server.env("RUST_LOG", "error"))?;
    processes.wait_until(|| http_probe::answers(port, "/healthz"))?;
    let done = ["cloud_foundry.py", "oracle_tree.py"].into_iter().try_for_each(|program| {
        let mut client = workspace.command(&python_tools::interpreter(workspace).to_string_lossy());
        client.arg(workspace.path("crates/xtask/src/foreign_clients").join(program));
        processes.run_well(client.arg(format!("http://{address}")))
    });
    processes.end_background();
    done
}
