//! A second engine: the core journeys, in Firefox as its makers give it.

use crate::Outcome;
use crate::browser;
use crate::processes::Processes;
use crate::test_run::{demo_server, run_playwright};
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
    let variables = [("FIREFOX", firefox.as_os_str())];
    run_playwright(workspace, processes, &server, &["--config", "firefox.config.ts"], &variables)
}
