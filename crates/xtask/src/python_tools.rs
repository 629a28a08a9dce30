//! Python programs that tests need, in an environment of the project's own.

use crate::processes::Processes;
use crate::workspace::Workspace;
use crate::{Outcome, debian, tools};
use std::path::PathBuf;

/// A package with the program that it brings, of a release that is known to work.
pub(crate) struct PythonTool {
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
    pub(crate) program: &'static str,
}

/// The program, installed where it is missing.
pub(crate) fn program(
    workspace: &Workspace,
    processes: &mut Processes,
    tool: &PythonTool,
) -> Outcome<PathBuf> {
    let home = workspace.path(".tools/python");
    let bin = home.join("bin");
    let program = bin.join(tool.program);
    let pip = bin.join("pip").to_string_lossy().into_owned();
    let shown = workspace.output_of(&pip, &["show", "--disable-pip-version-check", tool.package]);
    let wanted = format!("Version: {}", tool.version);
    if program.is_file() && shown.is_some_and(|shown| shown.lines().any(|line| line == wanted)) {
        return Ok(program);
    }
    let has_python =
        |workspace: &Workspace| workspace.output_of("python3", &["-c", "import venv, ensurepip"]).is_some();
    if !has_python(workspace) && debian::can_install(workspace) {
        debian::install(workspace, processes, &["python3", "python3-venv"], "seconds")?;
    }
    if !has_python(workspace) {
        return Err(format!(
            "Python 3 with its module venv is needed for {}; install it (Debian: apt-get install python3 python3-venv)",
            tool.package
        ));
    }
    tools::installing(&format!("{} {}", tool.package, tool.version), "half a minute, once", || {
        if !bin.join("pip").is_file() {
            processes.run_well(workspace.command("python3").args(["-m", "venv"]).arg(&home))?;
        }
        let mut install = workspace.command(&pip);
        install.args(["install", "--quiet", "--disable-pip-version-check"]);
        processes.run_well(install.arg(format!("{}=={}", tool.package, tool.version)))
    })?;
    Ok(program)
}

/// The environment's own interpreter.
pub(crate) fn interpreter(workspace: &Workspace) -> PathBuf {
    workspace.path(".tools/python/bin/python3")
}
