//! The first load over a slow line, measured beside that of an earlier revision in the same run.

use crate::Outcome;
use crate::processes::Processes;
use crate::test_run::in_chromium;
use crate::workspace::Workspace;
use std::path::PathBuf;

/// Measures the app in `dist`, and the one that `before` names.
pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, before: Option<&str>) -> Outcome {
    let before = before.map(|revision| build(workspace, processes, revision)).transpose()?;
    let words = ["--config", "bench.config.ts", "first_load"];
    in_chromium(workspace, processes, true, &words, before.as_deref())
}

/// Builds the app of a revision in a checkout of its own and gives the folder that it lies in. The tools and
/// what is compiled already are this checkout's.
fn build(workspace: &Workspace, processes: &mut Processes, revision: &str) -> Outcome<PathBuf> {
    let checkout = workspace.target_dir().join("before");
    if checkout.exists() {
        let mut old = workspace.command("git");
        processes.run_well(old.args(["worktree", "remove", "--force"]).arg(&checkout))?;
    }
    let mut add = workspace.command("git");
    processes.run_well(add.args(["worktree", "add", "--detach"]).arg(&checkout).arg(revision))?;
    let mut dist = workspace.cargo(&["xtask", "test", "--only", "dist"]);
    dist.current_dir(&checkout).env("CARGO_TARGET_DIR", workspace.target_dir());
    processes.run_well(&mut dist)?;
    Ok(checkout.join("dist"))
}
