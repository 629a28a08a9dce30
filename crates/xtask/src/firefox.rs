//! A second engine: the grid's tests and the core journeys, in Firefox as its makers give it.

use crate::Outcome;
use crate::browser;
use crate::http_probe;
use crate::processes::Processes;
use crate::test_run::{demo_server, run_playwright, tests_of_the_app};
use crate::tools;
use crate::workspace::Workspace;
use std::ffi::OsStr;

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    browser::must_have_node(workspace)?;
    let Some(firefox) = browser::firefox(workspace, processes)? else {
        println!(
            "SKIPPED: Firefox is not here and cannot be installed by this account; install it (Debian: \
             apt-get install firefox-esr), or name one in the variable FIREFOX"
        );
        return Ok(());
    };
    let server = demo_server(workspace, processes)?;
    let grid_tests = serve_grid_tests(workspace, processes)?;
    let variables =
        [("FIREFOX", firefox.as_os_str()), ("USAGE_DESK_GRID_TESTS", OsStr::new(grid_tests.as_str()))];
    let done = run_playwright(workspace, processes, &server, &["--config", "firefox.config.ts"], &variables);
    processes.end_background();
    done
}

/// Serves the tests of the app as a page that runs them in whatever browser opens it: the runner itself drives Firefox
/// by a driver only, which Debian does not pack. Gives the page's address.
fn serve_grid_tests(workspace: &Workspace, processes: &mut Processes) -> Outcome<String> {
    tools::wasm_target(workspace, processes)?;
    tools::wasm_bindgen(workspace, processes)?;
    let port = http_probe::free_port()?;
    let address = format!("127.0.0.1:{port}");
    let mut tests = tests_of_the_app(workspace);
    processes.start(tests.env("NO_HEADLESS", "1").env("WASM_BINDGEN_TEST_ADDRESS", &address))?;
    processes.wait_until(|| http_probe::answers(port, "/"))?;
    Ok(format!("http://{address}/"))
}
