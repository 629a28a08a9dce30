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

/// The splitter that understands the marks that the framework's macros leave.
const WASM_SPLIT: &str = "0.2.4";

/// Everything that turns the app into files for a browser.
pub(crate) fn for_the_app(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    wasm_target(workspace, processes)?;
    trunk(workspace, processes)?;
    wasm_bindgen(workspace, processes)
}

/// Everything that turns the app into files for use.
pub(crate) fn for_dist(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    wasm_target(workspace, processes)?;
    wasm_bindgen(workspace, processes)?;
    wasm_split(workspace, processes)
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
    let is_here = || has_version(workspace, "trunk", TRUNK);
    if is_here() {
        return Ok(());
    }
    if fetched_built(workspace, processes, "trunk", TRUNK, is_here) {
        return Ok(());
    }
    installing(&format!("trunk {TRUNK}"), "4 to 8 minutes, once", || {
        let mut install = workspace.cargo(&["install", "--locked", "--debug", "trunk", "--version", TRUNK]);
        processes.run_well_into(into_tools(workspace, &mut install), &log_of(workspace, "trunk"))
    })
}

/// wasm-bindgen's program, of exactly the version of the crate: the two share a format.
pub(crate) fn wasm_bindgen(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let lock = workspace.read("Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock does not name wasm-bindgen")?;
    let is_here = || {
        ["wasm-bindgen-test-runner", "wasm-bindgen"]
            .into_iter()
            .all(|program| has_version(workspace, program, version))
    };
    if is_here() {
        return Ok(());
    }
    if fetched_built(workspace, processes, "wasm-bindgen-cli", version, is_here) {
        return Ok(());
    }
    installing(&format!("wasm-bindgen-cli {version}"), "1 to 3 minutes, once", || {
        // Unoptimised: it adds three seconds to a build of the app, and saves minutes of the first
        // run. Without --locked, because its own lock names a release that has been withdrawn.
        let mut install = workspace.cargo(&["install", "--debug", "wasm-bindgen-cli", "--version", version]);
        processes.run_well_into(into_tools(workspace, &mut install), &log_of(workspace, "wasm-bindgen-cli"))
    })
}

/// A program, though it is a library as well: with that this program would wait for some thirty crates more
/// before its first word. It does not tell its version, so only our own copy is taken.
fn wasm_split(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let installed = workspace.read(".tools/.crates.toml").unwrap_or_default();
    if installed.contains(&format!("\"wasm_split_cli_support {WASM_SPLIT} ")) {
        return Ok(());
    }
    installing(&format!("wasm-split-cli {WASM_SPLIT}"), "about a minute, once", || {
        let mut install = workspace.cargo(&["install", "--locked", "--debug"]);
        install.args(["wasm_split_cli_support", "--version", WASM_SPLIT, "--features", "build-binary"]);
        processes.run_well_into(into_tools(workspace, &mut install), &log_of(workspace, "wasm-split-cli"))
    })
}

/// Whether `cargo binstall`, where it is here, brought a program that others have built. Where it has none it
/// is built as without it.
fn fetched_built(
    workspace: &Workspace,
    processes: &mut Processes,
    package: &str,
    version: &str,
    is_here: impl FnOnce() -> bool,
) -> bool {
    if workspace.which("cargo-binstall").is_none() {
        return false;
    }
    let mut fetch = workspace.cargo(&["binstall", "--no-confirm", "--disable-strategies", "compile"]);
    fetch.arg("--root").arg(workspace.path(".tools")).arg(format!("{package}@{version}"));
    let log = log_of(workspace, "cargo-binstall");
    let what = format!("{package} {version} as it was built by others");
    brought(&what, is_here, || processes.run_well_into(&mut fetch, &log))
        .inspect_err(|_| println!("there is none (see {}); it is built here", log.display()))
        .is_ok()
}

/// A fetch that ends well and leaves nothing behind has brought nothing.
fn brought(what: &str, is_here: impl FnOnce() -> bool, fetch: impl FnOnce() -> Outcome) -> Outcome {
    installing(what, "seconds", || {
        fetch()?;
        if is_here() { Ok(()) } else { Err("it is not here afterwards".to_owned()) }
    })
}

/// Where the lines of a step go that nobody reads unless it fails.
pub(crate) fn log_of(workspace: &Workspace, step: &str) -> PathBuf {
    workspace.path(".tools/logs").join(format!("{step}.log"))
}

/// What a build of the app needs from the network, so that Trunk can be kept off it: it would get
/// tools of its own from places of its own choice.
pub(crate) fn fetch_crates(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    processes.run_well(&mut workspace.cargo(&["fetch", "--quiet", "--target", WASM_TARGET]))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_that_brings_nothing_is_not_believed() {
        assert!(brought("it", || true, || Ok(())).is_ok());
        assert!(brought("it", || false, || Ok(())).is_err());
        assert!(brought("it", || true, || Err("no such release".to_owned())).is_err());
    }

    #[test]
    fn finds_the_version_that_is_locked() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "trunk"), None);
    }
}
