//! Programs of others that know nothing of the console. Clients are let loose on a demo server that serves a page beside
//! the APIs, and told nothing but the address: one of Cloud Foundry that was not written here (PyPI's
//! `cloudfoundry-client`), and one that goes through Oracle's tree by its descriptions and links alone. And what leaves
//! the console as a file is read by `openpyxl` and by Python's own readers.

use crate::Outcome;
use crate::http_probe;
use crate::processes::Processes;
use crate::python_tools::{self, PythonTool};
use crate::test_run::demo_server;
use crate::workspace::Workspace;
use std::fs;

const CLIENT: PythonTool =
    PythonTool { package: "cloudfoundry-client", version: "1.40.4", program: "cloudfoundry-client" };
/// It brings no program of its own.
const WORKBOOK_READER: PythonTool = PythonTool { package: "openpyxl", version: "3.1.5", program: "python3" };

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    read_exported_files(workspace, processes)?;
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

/// Files with cells of every kind, as the console writes them: each is read back as it was written.
fn read_exported_files(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    python_tools::program(workspace, processes, &WORKBOOK_READER)?;
    let folder = workspace.target_dir().join("exported-files");
    fs::create_dir_all(&folder).map_err(|reason| format!("cannot make {}: {reason}", folder.display()))?;
    let mut write =
        workspace.cargo(&["run", "--quiet", "--package", "export-files", "--example", "sample", "--"]);
    processes.run_well(write.arg(&folder))?;
    let mut read = workspace.command(&python_tools::interpreter(workspace).to_string_lossy());
    read.arg(workspace.path("crates/xtask/src/foreign_clients/exported_files.py"));
    processes.run_well(read.arg(&folder))
}
