//! `cargo xtask simulate`: any number of schedules of the record store's simulator, on every core.
//! The simulator lives with the tests of `record-store`; here it is only built for speed and told what
//! to play.

use crate::Outcome;
use crate::options::Simulation;
use crate::processes::Processes;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, what: &Simulation) -> Outcome {
    let words = ["test", "--quiet", "--release", "--package", "record-store", "--test", "simulator", "--"];
    let mut play = workspace.cargo(&words);
    play.args(["--nocapture", "--exact", "--test-threads=1"]);
    play.env("RECORD_STORE_SEED", what.seed.to_string()).env("RUST_BACKTRACE", "0");
    if what.replays {
        return processes.run_well(play.arg("replay"));
    }
    play.env("RECORD_STORE_SCHEDULES", what.schedules.to_string());
    play.arg("every_schedule_keeps_every_promise");
    if what.mutants {
        play.arg("every_mutant_is_caught");
    }
    processes.run_well(&mut play)
}
