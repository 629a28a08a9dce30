//! Packages of Debian, installed where this program may.

use crate::Outcome;
use crate::processes::Processes;
use crate::workspace::Workspace;
use std::process::Command;

/// Whether there is apt-get and the right to use it.
pub(crate) fn can_install(workspace: &Workspace) -> bool {
    workspace.which("apt-get").is_some() && is_root(workspace)
}

pub(crate) fn is_root(workspace: &Workspace) -> bool {
    workspace.output_of("id", &["-u"]).as_deref() == Some("0")
}

pub(crate) fn install(
    workspace: &Workspace,
    processes: &mut Processes,
    packages: &[&str],
    how_long: &str,
) -> Outcome {
    println!("installing {} with apt-get ({how_long})", packages.join(" and "));
    // apt-get fails where another one is at work, as a step beside this one may have started it.
    let _alone = workspace.lock("apt-get")?;
    processes.run_well(&mut apt_get(workspace, &["update", "-qq"]))?;
    let mut install = apt_get(workspace, &["install", "-y", "-qq", "--no-install-recommends"]);
    processes.run_well(install.args(packages))
}

fn apt_get(workspace: &Workspace, words: &[&str]) -> Command {
    let mut command = workspace.command("apt-get");
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
