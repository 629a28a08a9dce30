//! `cargo xtask simulate`: any number of schedules of the two simulators: the record store's, on every
//! core, and then the selection's. They live with the tests of `record-store` and `grid-model`; here
//! they are only built for speed and told what to play.

use crate::Outcome;
use crate::options::Simulation;
use crate::processes::Processes;
use crate::workspace::Workspace;
use std::process::Command;

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, what: &Simulation) -> Outcome {
    let mut store = simulator(workspace, "record-store");
    store.env("RECORD_STORE_SEED", what.seed.to_string());
    if what.replays {
        return processes.run_well(store.arg("replay"));
    }
    store.env("RECORD_STORE_SCHEDULES", what.schedules.to_string());
    store.arg("every_schedule_keeps_every_promise");
    let mut selection = simulator(workspace, "grid-model");
    selection.env("SELECTION_SEED", what.seed.to_string());
    selection.env("SELECTION_SCHEDULES", what.schedules.to_string());
    selection.arg("the_selection_never_means_another_record");
    if what.mutants {
        store.arg("every_mutant_is_caught");
        selection.arg("every_mutant_is_noticed");
    }
    processes.run_well(&mut store)?;
    processes.run_well(&mut selection)
}

fn simulator(workspace: &Workspace, package: &str) -> Command {
    let words = ["test", "--quiet", "--release", "--package", package, "--test", "simulator", "--"];
    let mut play = workspace.cargo(&words);
    play.args(["--nocapture", "--exact", "--test-threads=1"]);
    play.env("RUST_BACKTRACE", "0");
    play
}
