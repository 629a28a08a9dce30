//! The steps of the test run. Each can be run by itself: it sees to what it needs.

use crate::processes::Processes;
use crate::tools::{self, WASM_TARGET};
use crate::workspace::Workspace;
use crate::{
    Outcome, browser, dist, firefox, focus_files, foreign_clients, fuzz, image, postgres, proxies, sizes,
    tidy,
};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) says: &'static str,
    pub(crate) run: fn(&Workspace, &mut Processes) -> Outcome,
    pub(crate) lane: Lane,
}

/// Where in the run a step has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    First,
    /// Beside the first one.
    Second,
    /// When both are through.
    Last,
}

const APP: &str = "usage-desk";
const BENCH_PAGE: &str = "bench-page";

/// The packages that are built for this machine. Every step that builds some of them names all, so that
/// all steps ask for the same features of what they depend on: else each would build that once more.
const NATIVE: [&str; 5] = ["--workspace", "--exclude", APP, "--exclude", BENCH_PAGE];
const E2E: &str = "tests/e2e";

/// Tests that play thousands of schedules or walks, by what their names have in common.
const LONG: [&str; 6] = [
    "every_schedule_keeps_every_promise",
    "every_mutant",
    "no_answer_takes_the_page_away",
    "random_walk::",
    "many_clients::",
    "a_job_that_is_cut_off_anywhere",
];

/// The second lane begins with the build whose end is one long link, and keeps the packages of Python
/// to itself. Its builds for debugging wait for those of the first lane: cargo runs one at a time.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "fmt", says: "every Rust file is formatted", run: fmt, lane: Lane::First },
    Step {
        name: "tidy",
        says: "the rules that a compiler cannot see",
        run: |w, _| tidy::run(w),
        lane: Lane::First,
    },
    Step { name: "clippy", says: "no warning in the crates, natively", run: clippy, lane: Lane::First },
    Step {
        name: "clippy-app",
        says: "no warning in the app, for wasm32",
        run: clippy_app,
        lane: Lane::First,
    },
    Step { name: "native", says: "tests of the crates but the long ones", run: native, lane: Lane::First },
    Step {
        name: "long",
        says: "tests of the crates by thousands of schedules and walks",
        run: long,
        lane: Lane::First,
    },
    Step {
        name: "postgres",
        says: "tests of the demo server again, on PostgreSQL",
        run: on_postgres,
        lane: Lane::First,
    },
    Step {
        name: "dist",
        says: "the app as a browser loads it, within its budget",
        run: dist,
        lane: Lane::Second,
    },
    Step {
        name: "fuzz",
        says: "made-up requests to everything that is served",
        run: fuzz::run,
        lane: Lane::Second,
    },
    Step {
        name: "focus",
        says: "cost files of three providers, loaded to the last digit",
        run: focus_files::run,
        lane: Lane::Second,
    },
    Step {
        name: "clients",
        says: "programs that know nothing of the console find their way through the APIs",
        run: foreign_clients::run,
        lane: Lane::Second,
    },
    Step {
        name: "proxies",
        says: "the package behind nginx, Caddy and Apache",
        run: proxies::run,
        lane: Lane::Second,
    },
    Step {
        name: "image",
        says: "the demo server's image, built and run as a container",
        run: image::run,
        lane: Lane::Second,
    },
    Step {
        name: "browser",
        says: "tests of the app in headless Chromium",
        run: in_browser,
        lane: Lane::Second,
    },
    Step {
        name: "e2e",
        says: "journeys through the app and the demo server",
        run: end_to_end,
        lane: Lane::Last,
    },
    Step {
        name: "firefox",
        says: "the grid's tests and the core journeys once more, in Firefox",
        run: firefox::run,
        lane: Lane::Last,
    },
];

/// What `--quick` takes.
pub(crate) const QUICK: [&str; 6] = ["fmt", "tidy", "clippy", "clippy-app", "native", "browser"];

fn fmt(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    processes.run_well(&mut workspace.cargo(&["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let mut lints = workspace.cargo(&["clippy"]);
    processes.run_well(lints.args(NATIVE).args(["--all-targets", "--", "-D", "warnings"]))
}

fn clippy_app(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    tools::wasm_target(workspace, processes)?;
    let mut lints = workspace.cargo(&["clippy", "--package", APP, "--package", BENCH_PAGE]);
    processes.run_well(lints.args(["--target", WASM_TARGET, "--all-targets", "--", "-D", "warnings"]))
}

fn native(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let mut tests = workspace.cargo(&["test"]);
    tests.args(NATIVE).args(["--tests", "--"]);
    processes.run_well(tests.args(LONG.iter().flat_map(|name| ["--skip", name])))
}

fn long(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let mut tests = workspace.cargo(&["test"]);
    tests.args(NATIVE).args(["--test", "service", "--test", "simulator", "--"]);
    processes.run_well(tests.args(LONG))
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
    let mut tests = tests_of_the_app(workspace);
    tests
        .env("CHROMEDRIVER", &browser.chromedriver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", workspace.path("tests/browser/webdriver.json"));
    processes.run_well(&mut tests)
}

/// The app's tests for a browser; which one, the caller says.
pub(crate) fn tests_of_the_app(workspace: &Workspace) -> Command {
    workspace.cargo(&["test", "--package", APP, "--target", WASM_TARGET, "--lib"])
}

fn dist(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    dist::run(workspace, processes)?;
    sizes::run(workspace)
}

fn end_to_end(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    browser::must_have_node(workspace)?;
    let browser = browser::for_journeys(workspace, processes)?;
    let server = demo_server(workspace, processes)?;
    run_playwright(workspace, processes, &server, &[], &[("CHROMIUM", browser.as_os_str())])
}

/// What much work costs the page, measured as a person would feel it.
pub(crate) fn bench_app(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let words = ["--config", "bench.config.ts", "ten_thousand", "half_a_million"];
    in_chromium(workspace, processes, true, &words, &[])
}

pub(crate) fn lighthouse(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    in_chromium(workspace, processes, false, &["--config", "bench.config.ts", "lighthouse"], &[])
}

/// What a large file costs the page, and whether each of its rows becomes one event.
pub(crate) fn bench_import(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let words = ["--config", "bench.config.ts", "imports_two_hundred_thousand_rows"];
    in_chromium(workspace, processes, true, &words, &[])
}

/// Runs Playwright with a demo server, optimised or as it is tested, and the app in `dist`; `folders` are told
/// to it by the names of variables.
pub(crate) fn in_chromium(
    workspace: &Workspace,
    processes: &mut Processes,
    is_optimised: bool,
    words: &[&str],
    folders: &[(&str, &Path)],
) -> Outcome {
    browser::must_have_node(workspace)?;
    let browser = browser::find_or_install(workspace, processes)?.chromium;
    let server = if is_optimised {
        processes.run_well(&mut workspace.cargo(&["build", "--release", "--package", "demo-server"]))?;
        program_of(workspace, "release")
    } else {
        demo_server(workspace, processes)?
    };
    let folders = folders.iter().map(|(name, folder)| (*name, folder.as_os_str()));
    let variables: Vec<_> = folders.chain([("CHROMIUM", browser.as_os_str())]).collect();
    run_playwright(workspace, processes, &server, words, &variables)
}

/// Playwright with a browser and a demo server; what else it is to be told goes by the names of variables.
pub(crate) fn run_playwright(
    workspace: &Workspace,
    processes: &mut Processes,
    server: &Path,
    words: &[&str],
    variables: &[(&str, &OsStr)],
) -> Outcome {
    if !workspace.path("dist/index.html").is_file() {
        return Err("there is no dist to test; run `cargo xtask dist` first".to_owned());
    }
    let folder = workspace.path(E2E);
    browser::node_packages(workspace, processes, &folder)?;
    let mut journeys = workspace.command("npx");
    journeys
        .args(["playwright", "test"])
        .args(words)
        .current_dir(&folder)
        .env("USAGE_DESK_SERVER", server)
        .env("USAGE_DESK_DIST", workspace.path("dist"));
    processes.run_well(journeys.envs(variables.iter().copied()))
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
