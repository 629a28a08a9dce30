//! The first load over a slow line, measured beside that of an earlier revision in the same run.

use crate::Outcome;
use crate::dist;
use crate::processes::Processes;
use crate::test_run::in_chromium;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// Builds the app as it stands here and as it stood at the revision `before`, and measures both.
pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, before: Option<&str>) -> Outcome {
    dist::run(workspace, processes)?;
    let before = before.map(|revision| build(workspace, processes, revision)).transpose()?;
    let words = ["--config", "bench.config.ts", "first_load"];
    let before: Vec<(&str, &Path)> =
        before.iter().map(|dist| ("USAGE_DESK_DIST_BEFORE", dist.as_path())).collect();
    in_chromium(workspace, processes, true, &words, &before)
}

/// Builds the app of a revision in a checkout of its own and gives the folder that it lies in. It has a target
/// folder of its own too: crates of two checkouts in one are taken for the same, this program among them. The
/// tools are this checkout's where they are of the versions that the revision wants; others that it has
/// installed stay for the next time.
fn build(workspace: &Workspace, processes: &mut Processes, revision: &str) -> Outcome<PathBuf> {
    let checkout = workspace.target_dir().join("before");
    let mut git = |words: &[&str]| processes.run_well(workspace.command("git").args(words));
    let at = checkout.to_string_lossy();
    if is_worktree(workspace, &checkout) {
        git(&["-C", &at, "checkout", "--quiet", "--force", "--detach", revision])?;
    } else {
        // Left by a checkout that this folder was copied from, or by a run that was cut off.
        if checkout.exists() {
            fs::remove_dir_all(&checkout).map_err(|reason| format!("{at}: {reason}"))?;
        }
        git(&["worktree", "prune"])?;
        git(&["worktree", "add", "--quiet", "--detach", &at, revision])?;
    }
    let tools = checkout.join(".tools");
    lend_tools(&workspace.path(".tools"), &tools)
        .map_err(|reason| format!("{}: {reason}", tools.display()))?;
    let mut dist = workspace.cargo(&["xtask", "test", "--only", "dist"]);
    dist.current_dir(&checkout).env("CARGO_TARGET_DIR", checkout.join("target"));
    processes.run_well(&mut dist)?;
    Ok(checkout.join("dist"))
}

/// Whether git knows the folder as a checkout of this repository.
fn is_worktree(workspace: &Workspace, folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return false };
    let known = workspace.output_of("git", &["worktree", "list", "--porcelain"]).unwrap_or_default();
    let mut known = known.lines().filter_map(|line| line.strip_prefix("worktree "));
    known.any(|path| Path::new(path).canonicalize().is_ok_and(|path| path == folder))
}

/// What cargo keeps of what it has installed: by this it replaces a program of another version.
const INSTALLED: [&str; 2] = [".crates.toml", ".crates2.json"];

/// Copies the tools to where there are none yet.
fn lend_tools(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.join(INSTALLED[0]).is_file() || to.join(INSTALLED[0]).is_file() {
        return Ok(());
    }
    fs::create_dir_all(to.join("bin"))?;
    for program in fs::read_dir(from.join("bin"))? {
        let program = program?;
        fs::copy(program.path(), to.join("bin").join(program.file_name()))?;
    }
    // Last: they vouch for the others.
    for list in INSTALLED.iter().rev().filter(|list| from.join(list).is_file()) {
        fs::copy(from.join(list), to.join(list))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_lent_once_and_then_left_alone() {
        let folder = std::env::temp_dir().join(format!("xtask-lent-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::create_dir_all(from.join("bin")).unwrap();
        fs::write(from.join("bin/trunk"), "0.21").unwrap();
        lend_tools(&from, &to).unwrap();
        assert!(!to.exists(), "nothing is known of what was not installed here");
        fs::write(from.join(".crates.toml"), "trunk 0.21").unwrap();
        lend_tools(&from, &to).unwrap();
        let lent = || fs::read_to_string(to.join("bin/trunk")).unwrap();
        assert_eq!(lent(), "0.21");
        // The revision wanted another one.
        fs::write(to.join("bin/trunk"), "0.19").unwrap();
        lend_tools(&from, &to).unwrap();
        assert_eq!(lent(), "0.19");
        let _ = fs::remove_dir_all(folder);
    }
}
