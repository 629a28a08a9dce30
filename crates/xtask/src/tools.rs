//! The tools a build needs beyond cargo: found, or installed into `.tools` with a word on how long
//! it takes. Tools on the PATH are used as they are if they are of the right version.

use crate::Outcome;
use crate::processes::Processes;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::time::Instant;

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The newest Trunk that the project's Rust can build.
const TRUNK: &str = "0.21.14";

/// The oldest wasm-opt that understands what today's Rust writes.
const OLDEST_WASM_OPT: u32 = 116;

/// Everything that turns the app into files for a browser.
pub(crate) fn for_the_app(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    wasm_target(workspace, processes)?;
    trunk(workspace, processes)?;
    wasm_bindgen(workspace, processes)
}

/// The standard library for wasm32.
pub(crate) fn wasm_target(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let library = workspace.output_of("rustc", &["--print", "target-libdir", "--target", WASM_TARGET]);
    if library.is_some_and(|folder| PathBuf::from(folder).is_dir()) {
        return Ok(());
    }
    if workspace.which("rustup").is_none() {
        return Err(format!(
            "Rust's library for {WASM_TARGET} is missing and there is no rustup to add it; install rustup \
             (https://rustup.rs), or the library with the package manager that installed Rust"
        ));
    }
    installing(&format!("rustup target add {WASM_TARGET}"), "seconds", || {
        processes.run_well(workspace.command("rustup").args(["target", "add", WASM_TARGET]))
    })
}

fn trunk(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    if has_version(workspace, "trunk", TRUNK) {
        return Ok(());
    }
    installing(&format!("trunk {TRUNK}"), "4 to 8 minutes, once", || {
        let mut install =
            workspace.cargo(&["install", "--quiet", "--locked", "--debug", "trunk", "--version", TRUNK]);
        processes.run_well(into_tools(workspace, &mut install))
    })
}

/// wasm-bindgen's program, of exactly the version of the crate: the two share a format.
pub(crate) fn wasm_bindgen(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let lock = workspace.read("Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock does not name wasm-bindgen")?;
    let has_runner = has_version(workspace, "wasm-bindgen-test-runner", version);
    if has_runner && has_version(workspace, "wasm-bindgen", version) {
        return Ok(());
    }
    installing(&format!("wasm-bindgen-cli {version}"), "1 to 3 minutes, once", || {
        // Unoptimised: it adds three seconds to a build of the app, and saves minutes of the first
        // run. Without --locked, because its own lock names a release that has been withdrawn.
        let mut install =
            workspace.cargo(&["install", "--quiet", "--debug", "wasm-bindgen-cli", "--version", version]);
        processes.run_well(into_tools(workspace, &mut install))
    })
}

/// What a build of the app needs from the network, so that Trunk can be kept off it: it would get
/// tools of its own from places of its own choice.
pub(crate) fn fetch_crates(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    processes.run_well(&mut workspace.cargo(&["fetch", "--quiet", "--target", WASM_TARGET]))
}

/// wasm-opt, if there is one that is new enough; a build without it is only larger.
pub(crate) fn wasm_opt(workspace: &Workspace) -> Option<PathBuf> {
    let folders = ["node_modules/.bin", "tests/e2e/node_modules/.bin"];
    let installed = folders.iter().map(|folder| workspace.path(folder).join("wasm-opt"));
    let found = workspace.which("wasm-opt").into_iter().chain(installed);
    found.into_iter().find(|path| {
        let version = path.to_str().and_then(|path| workspace.output_of(path, &["--version"]));
        version.as_deref().and_then(wasm_opt_version) >= Some(OLDEST_WASM_OPT)
    })
}

fn into_tools<'a>(
    workspace: &Workspace,
    install: &'a mut std::process::Command,
) -> &'a mut std::process::Command {
    // A folder of its own for what is built on the way: an interrupted installation goes on where
    // it stopped.
    install
        .arg("--root")
        .arg(workspace.path(".tools"))
        .env("CARGO_TARGET_DIR", workspace.path(".tools/build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("RUSTFLAGS")
}

pub(crate) fn installing(what: &str, how_long: &str, install: impl FnOnce() -> Outcome) -> Outcome {
    println!("installing {what} ({how_long})");
    let begin = Instant::now();
    install()?;
    println!("installed {what} in {:.0?}", begin.elapsed());
    Ok(())
}

fn has_version(workspace: &Workspace, program: &str, version: &str) -> bool {
    let printed = workspace.output_of(program, &["--version"]);
    printed.is_some_and(|line| line.split_whitespace().nth(1) == Some(version))
}

/// The version of a package in a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// The number in `wasm-opt version 132 (version_132)`.
fn wasm_opt_version(line: &str) -> Option<u32> {
    line.split_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_version_that_is_locked() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "trunk"), None);
    }

    #[test]
    fn reads_what_wasm_opt_says_of_itself() {
        assert_eq!(wasm_opt_version("wasm-opt version 108"), Some(108));
        assert_eq!(wasm_opt_version("wasm-opt version 132 (version_132)"), Some(132));
        assert_eq!(wasm_opt_version("wasm-opt"), None);
    }
}
