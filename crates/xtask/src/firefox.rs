//! A second engine: the core journeys and the tests of the app, in Firefox as its makers give it.

use crate::Outcome;
use crate::browser;
use crate::http_probe;
use crate::processes::Processes;
use crate::test_run::{APP, demo_server, run_playwright};
use crate::tools::{self, WASM_TARGET};
use crate::workspace::Workspace;

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
    tools::wasm_target(workspace, processes)?;
    tools::wasm_bindgen(workspace, processes)?;
    let tests = || workspace.cargo(&["test", "--quiet", "--package", APP, "--target", WASM_TARGET, "--lib"]);
    processes.run_well(tests().arg("--no-run"))?;
    // The tests' runner gives their page to whoever asks for it: Firefox, led by a journey.
    let port = http_probe::free_port()?;
    let address = format!("127.0.0.1:{port}");
    processes.start(tests().env("NO_HEADLESS", "1").env("WASM_BINDGEN_TEST_ADDRESS", &address))?;
    processes.wait_until(|| http_probe::answers(port, "/"))?;
    let page = format!("http://{address}");
    let variables = [("FIREFOX", firefox.as_os_str()), ("USAGE_DESK_BROWSER_TESTS", page.as_ref())];
    let done = run_playwright(workspace, processes, &server, &["--config", "firefox.config.ts"], &variables);
    processes.end_background();
    done
}
