//! The steps of the test run. Each can be run by itself: it sees to what it needs.

use crate::processes::Processes;
use crate::tools::{self, WASM_TARGET};
use crate::workspace::Workspace;
use crate::{Outcome, browser, fuzz, postgres, sizes, tidy};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) says: &'static str,
    pub(crate) run: fn(&Workspace, &mut Processes) -> Outcome,
}

const APP: &str = "usage-desk";

/// The packages that are built for this machine. Every step that builds some of them names all, so that
/// all steps ask for the same features of what they depend on: else each would build that once more.
const NATIVE: [&str; 3] = ["--workspace", "--exclude", APP];
const E2E: &str = "tests/e2e";

pub(crate) const STEPS: &[Step] = &[
    Step { name: "fmt", says: "every Rust file is formatted", run: fmt },
    Step { name: "tidy", says: "the rules that a compiler cannot see", run: |w, _| tidy::run(w) },
    Step { name: "clippy", says: "no warning in the crates, natively", run: clippy },
    Step { name: "clippy-app", says: "no warning in the app, for wasm32", run: clippy_app },
    Step { name: "native", says: "tests of the crates", run: native },
    Step { name: "postgres", says: "tests of the demo server again, on PostgreSQL", run: on_postgres },
    Step { name: "fuzz", says: "made-up requests to everything that is served", run: fuzz::run },
    Step { name: "browser", says: "tests of the app in headless Chromium", run: in_browser },
    Step { name: "dist", says: "the app as a browser loads it, within its budget", run: dist },
    Step { name: "e2e", says: "journeys through the app and the demo server", run: end_to_end },
];

fn fmt(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    processes.run_well(&mut workspace.cargo(&["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let mut lints = workspace.cargo(&["clippy"]);
    processes.run_well(lints.args(NATIVE).args(["--all-targets", "--", "-D", "warnings"]))
}

fn clippy_app(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    tools::wasm_target(workspace, processes)?;
    let words =
        ["clippy", "--package", APP, "--target", WASM_TARGET, "--all-targets", "--", "-D", "warnings"];
    processes.run_well(&mut workspace.cargo(&words))
}

fn native(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    processes.run_well(workspace.cargo(&["test"]).args(NATIVE))
}

fn on_postgres(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let Some(server) = postgres::start(workspace, processes)? else {
        println!(
            "SKIPPED: PostgreSQL is not here and cannot be installed by this account; install it \
             (Debian: apt-get install postgresql) to run the demo server's tests on it"
        );
        return Ok(());
    };
    let mut tests = workspace.cargo(&["test"]);
    tests.args(NATIVE).args(["--test", "service"]);
    let done = processes.run_well(tests.env("DEMO_SERVER_TEST_DATABASE", &server.url));
    server.end(processes);
    done
}

fn in_browser(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    tools::wasm_target(workspace, processes)?;
    tools::wasm_bindgen(workspace, processes)?;
    let browser = browser::find_or_install(workspace, processes)?;
    let mut tests = workspace.cargo(&["test", "--package", APP, "--target", WASM_TARGET]);
    tests
        .env("CHROMEDRIVER", &browser.chromedriver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", workspace.path("tests/browser/webdriver.json"));
    processes.run_well(&mut tests)
}

fn dist(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    tools::for_the_app(workspace, processes)?;
    tools::fetch_crates(workspace, processes)?;
    let mut build = workspace.command("trunk");
    // Trunk takes NO_COLOR for an option of its own and stumbles over the value 1.
    build.args(["build", "--release", "--offline"]).env_remove("NO_COLOR");
    processes.run_well(&mut build)?;
    optimise(workspace, processes)?;
    sizes::run(workspace)
}

/// Makes the modules smaller where wasm-opt is at hand. The page must not vouch for their bytes
/// (`data-integrity="none"`), or it would refuse the smaller ones.
fn optimise(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let Some(wasm_opt) = tools::wasm_opt(workspace) else {
        println!("wasm-opt is not at hand: the modules stay as they are, and larger");
        return Ok(());
    };
    let page = workspace.read("dist/index.html")?;
    if page.contains("integrity=") {
        println!("the page vouches for the modules' bytes: they stay as they are, and larger");
        return Ok(());
    }
    for module in sizes::files_in_dist(workspace)?.iter().filter(|file| file.ends_with(".wasm")) {
        let path = workspace.path("dist").join(module);
        let mut smaller = workspace.command(&wasm_opt.to_string_lossy());
        smaller.args(["-Os", "--enable-bulk-memory", "--enable-nontrapping-float-to-int"]);
        smaller.args(["--enable-sign-ext", "--enable-mutable-globals", "--enable-reference-types"]);
        smaller.args(["--enable-multivalue", "--enable-bulk-memory-opt"]);
        processes.run_well(smaller.arg(&path).arg("-o").arg(&path))?;
    }
    Ok(())
}

fn end_to_end(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    in_chromium(workspace, processes, false, &[])
}

/// What much work costs the page, measured as a person would feel it.
pub(crate) fn bench_app(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    in_chromium(workspace, processes, true, &["--config", "bench.config.ts"])
}

/// Runs Playwright with a demo server, optimised or as it is tested, and the app in `dist`.
fn in_chromium(
    workspace: &Workspace,
    processes: &mut Processes,
    is_optimised: bool,
    words: &[&str],
) -> Outcome {
    browser::must_have_node(workspace)?;
    let browser = browser::find_or_install(workspace, processes)?;
    if !workspace.path("dist/index.html").is_file() {
        return Err("there is no dist to test; run `cargo xtask test --only dist` first".to_owned());
    }
    let server = if is_optimised {
        processes.run_well(&mut workspace.cargo(&["build", "--release", "--package", "demo-server"]))?;
        program_of(workspace, "release")
    } else {
        demo_server(workspace, processes)?
    };
    let folder = workspace.path(E2E);
    if is_older(&folder.join("node_modules/.package-lock.json"), &folder.join("package-lock.json")) {
        let mut install = workspace.command("npm");
        install.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
        processes.run_well(install.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    }
    let mut journeys = workspace.command("npx");
    journeys
        .args(["playwright", "test"])
        .args(words)
        .current_dir(&folder)
        .env("USAGE_DESK_SERVER", server)
        .env("USAGE_DESK_DIST", workspace.path("dist"))
        .env("CHROMIUM", &browser.chromium);
    processes.run_well(&mut journeys)
}

/// The demo server's program, as its own tests run it.
pub(crate) fn demo_server(workspace: &Workspace, processes: &mut Processes) -> Outcome<PathBuf> {
    let mut build = workspace.cargo(&["test"]);
    processes.run_well(build.args(NATIVE).args(["--test", "program", "--no-run"]))?;
    Ok(program_of(workspace, "debug"))
}

fn program_of(workspace: &Workspace, profile: &str) -> PathBuf {
    let program = workspace.target_dir().join(profile).join("demo-server");
    program.with_extension(std::env::consts::EXE_EXTENSION)
}

/// Whether a file is missing or was written before another one.
fn is_older(file: &Path, other: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    match (written(file), written(other)) {
        (Some(file), Some(other)) => file < other,
        _ => true,
    }
}
