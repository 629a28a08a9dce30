//! What can be asked for on the command line.

use crate::Outcome;
use crate::package::{self, Address, Backend};
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
cargo xtask serve [--port 8080] [--api-port 8787] [--release]
    builds and starts the demo server and the app; Ctrl-C ends both
cargo xtask test [--quick] [--only STEP,STEP] [--from STEP] [--list]
    everything CI runs, or a part of it; --quick is what a change is tried with every few minutes
cargo xtask simulate [--schedules 100000] [--seed 0] [--mutants] [--replay]
    the record store against a network, tabs that die and other people, then the selection at a
    list that others change, one schedule for each seed; --mutants lists how soon each wrong store
    and selection is caught, --replay tells the store's history of one seed
cargo xtask bench server
    what the demo server costs on a million events, printed
cargo xtask bench app
    what ten thousand edits at one stroke, and half a million service usage events, cost the page,
    in Chromium on the built app, printed
cargo xtask bench import
    what a file of 200,000 events costs the page, as CSV and as a workbook, in Chromium on the built app,
    and whether the server then holds what the file holds; ROWS=20000 in the environment for less
cargo xtask bench start [--before REVISION]
    how long the first load takes over a slow line, in Chromium; the app is built as it stands here
    and, to be measured beside it, as it stood at an earlier revision
cargo xtask bench grid [--build-only] [--rows 10000,100000,1000000]
    the product's grid beside five others, on the same rows in one Chromium, printed; --build-only
    stops when the page of the product's grid is in target/bench-page
cargo xtask lighthouse
    what Lighthouse says of the screens of the app in dist: accessibility and best practices in full,
    or it fails; performance is printed
cargo xtask tidy
    the rules that a compiler cannot see
cargo xtask dist
    the app as it is put into use, in parts that load when they are needed, packed, in dist
cargo xtask package --connections FILE [--address https://desk.example.com] [--root /srv/usage-desk]
        [--backend SYSTEM=https://host,https://other]... [--built]
    dist with that connections.json, and what nginx, Caddy or Apache is to be told of it, in one
    archive in target/package; --built takes dist as it is
cargo xtask sizes
    what a browser has to load, against its budget
cargo xtask pictures
    a picture of every screen of the app in dist, light and dark, in four sizes, in target/pictures
    with a page that shows them all; and the page of screens beside the README";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Serve(ServeOptions),
    Test(StepChoice),
    Simulate(Simulation),
    BenchServer,
    BenchApp,
    BenchImport,
    /// The first load, beside that of an earlier revision.
    BenchStart {
        before: Option<String>,
    },
    BenchGrid(GridBench),
    Tidy,
    Dist,
    Package(PackageOptions),
    Sizes,
    Pictures,
    Lighthouse,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServeOptions {
    pub(crate) port: u16,
    pub(crate) api_port: u16,
    pub(crate) release: bool,
}

/// What the console is put into use with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PackageOptions {
    /// The connections.json to put beside the page.
    pub(crate) connections: PathBuf,
    /// Where people find the page.
    pub(crate) address: Address,
    /// Where the page is on the web server's machine.
    pub(crate) root: String,
    /// Where the systems are that the web server passes on to.
    pub(crate) backends: Vec<Backend>,
    pub(crate) takes_dist_as_it_is: bool,
}

/// What is to be measured of the grid.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GridBench {
    /// Nothing: the page is built and that is all.
    pub(crate) only_builds: bool,
    /// How many rows, each measured by itself.
    pub(crate) rows: Vec<u64>,
}

/// What the simulator is to play.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Simulation {
    pub(crate) schedules: u64,
    /// The first seed.
    pub(crate) seed: u64,
    pub(crate) mutants: bool,
    /// Only this one seed, with its history.
    pub(crate) replays: bool,
}

/// Which steps of the test run to take.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StepChoice {
    All,
    Only(Vec<String>),
    From(String),
    /// Those that take minutes.
    Quick,
    /// None: say which there are.
    List,
}

pub(crate) const API_PORT: u16 = 8787;
const PORT: u16 = 8080;

pub(crate) fn parse(words: &[String]) -> Outcome<Command> {
    let Some((command, rest)) = words.split_first() else {
        return Ok(Command::Help);
    };
    match command.as_str() {
        "serve" => serve_options(rest).map(Command::Serve),
        "test" => step_choice(rest).map(Command::Test),
        "simulate" => simulation(rest).map(Command::Simulate),
        "bench" if rest == ["server"] => Ok(Command::BenchServer),
        "bench" if rest == ["app"] => Ok(Command::BenchApp),
        "bench" if rest == ["import"] => Ok(Command::BenchImport),
        "bench" if rest.first().is_some_and(|what| what == "grid") => {
            bench_grid(&rest[1..]).map(Command::BenchGrid)
        }
        "bench" => bench_start(rest),
        "tidy" if rest.is_empty() => Ok(Command::Tidy),
        "dist" if rest.is_empty() => Ok(Command::Dist),
        "package" => package_options(rest).map(Command::Package),
        "sizes" if rest.is_empty() => Ok(Command::Sizes),
        "pictures" if rest.is_empty() => Ok(Command::Pictures),
        "lighthouse" if rest.is_empty() => Ok(Command::Lighthouse),
        "help" | "--help" | "-h" => Ok(Command::Help),
        _ => Err(format!("no such command: {}\n{HELP}", words.join(" "))),
    }
}

fn bench_start(words: &[String]) -> Outcome<Command> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let before = match words.as_slice() {
        ["start"] => None,
        ["start", "--before", revision] => Some((*revision).to_owned()),
        _ => return Err(format!("bench does not know {}\n{HELP}", words.join(" "))),
    };
    Ok(Command::BenchStart { before })
}

fn bench_grid(words: &[String]) -> Outcome<GridBench> {
    let mut what = GridBench { only_builds: false, rows: vec![10_000, 100_000, 1_000_000] };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--build-only" => what.only_builds = true,
            "--rows" => {
                let rows = words.next().ok_or("--rows wants numbers, with commas between them")?;
                let numbers = rows.split(',').map(|number| number.parse().ok());
                what.rows =
                    numbers.collect::<Option<_>>().ok_or(format!("--rows: {rows} are not numbers"))?;
            }
            _ => return Err(format!("bench grid does not know {word}\n{HELP}")),
        }
    }
    Ok(what)
}

fn serve_options(words: &[String]) -> Outcome<ServeOptions> {
    let mut options = ServeOptions { port: PORT, api_port: API_PORT, release: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut port = || {
            let value = words.next().ok_or(format!("{word} wants a port number"))?;
            value.parse().map_err(|_| format!("{word}: {value} is not a port number"))
        };
        match word.as_str() {
            "--port" => options.port = port()?,
            "--api-port" => options.api_port = port()?,
            "--release" => options.release = true,
            _ => return Err(format!("serve does not know {word}\n{HELP}")),
        }
    }
    Ok(options)
}

fn package_options(words: &[String]) -> Outcome<PackageOptions> {
    let mut connections = None;
    let (mut address, mut root) =
        (package::address("https://desk.example.com")?, "/srv/usage-desk".to_owned());
    let (mut backends, mut takes_dist_as_it_is) = (Vec::new(), false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} wants a word behind it"));
        match word.as_str() {
            "--connections" => connections = Some(PathBuf::from(value()?)),
            "--address" => address = package::address(value()?)?,
            "--root" => root = package::root(value()?)?,
            "--backend" => {
                let given = value()?;
                let (name, addresses) =
                    given.split_once('=').ok_or(format!("--backend {given}: SYSTEM=ADDRESS is due"))?;
                backends.push(Backend::read(name, addresses)?);
            }
            "--built" => takes_dist_as_it_is = true,
            _ => return Err(format!("package does not know {word}\n{HELP}")),
        }
    }
    let connections =
        connections.ok_or("package wants --connections FILE: the connections.json to put beside the page")?;
    Ok(PackageOptions { connections, address, root, backends, takes_dist_as_it_is })
}

fn simulation(words: &[String]) -> Outcome<Simulation> {
    let mut what = Simulation { schedules: 100_000, seed: 0, mutants: false, replays: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().ok_or(format!("{word} wants a number"))?;
            value.parse().map_err(|_| format!("{word}: {value} is not a number"))
        };
        match word.as_str() {
            "--schedules" => what.schedules = number()?,
            "--seed" => what.seed = number()?,
            "--mutants" => what.mutants = true,
            "--replay" => what.replays = true,
            _ => return Err(format!("simulate does not know {word}\n{HELP}")),
        }
    }
    Ok(what)
}

fn step_choice(words: &[String]) -> Outcome<StepChoice> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Ok(StepChoice::All),
        ["--quick"] => Ok(StepChoice::Quick),
        ["--list"] => Ok(StepChoice::List),
        ["--only", steps] => Ok(StepChoice::Only(steps.split(',').map(str::to_owned).collect())),
        ["--from", step] => Ok(StepChoice::From((*step).to_owned())),
        _ => Err(format!("test does not know {}\n{HELP}", words.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Outcome<Command> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words)
    }

    #[test]
    fn reads_commands_and_their_options() {
        assert_eq!(parsed(""), Ok(Command::Help));
        let plain = ServeOptions { port: 8080, api_port: 8787, release: false };
        assert_eq!(parsed("serve"), Ok(Command::Serve(plain)));
        let all = ServeOptions { port: 1, api_port: 2, release: true };
        assert_eq!(parsed("serve --api-port 2 --release --port 1"), Ok(Command::Serve(all)));
        let million = Simulation { schedules: 1_000_000, seed: 7, mutants: true, replays: false };
        let line = "simulate --mutants --schedules 1000000 --seed 7";
        assert_eq!(parsed(line), Ok(Command::Simulate(million)));
        assert_eq!(parsed("bench server"), Ok(Command::BenchServer));
        assert_eq!(parsed("bench app"), Ok(Command::BenchApp));
        assert_eq!(parsed("bench import"), Ok(Command::BenchImport));
        assert_eq!(parsed("bench start"), Ok(Command::BenchStart { before: None }));
        let before = Some("HEAD~1".to_owned());
        assert_eq!(parsed("bench start --before HEAD~1"), Ok(Command::BenchStart { before }));
        let grid = |only_builds, rows: &[u64]| {
            Ok(Command::BenchGrid(GridBench { only_builds, rows: rows.to_vec() }))
        };
        assert_eq!(parsed("bench grid --build-only"), grid(true, &[10_000, 100_000, 1_000_000]));
        assert_eq!(parsed("bench grid --rows 5,70"), grid(false, &[5, 70]));
        let Ok(Command::Package(package)) =
            parsed("package --built --connections c.json --backend oracle=http://127.0.0.1:1")
        else {
            panic!("the words are known")
        };
        assert_eq!((package.connections, package.backends.len()), (PathBuf::from("c.json"), 1));
        assert_eq!((package.root.as_str(), package.takes_dist_as_it_is), ("/srv/usage-desk", true));
        let only = StepChoice::Only(vec!["fmt".to_owned(), "tidy".to_owned()]);
        assert_eq!(parsed("test --only fmt,tidy"), Ok(Command::Test(only)));
        assert_eq!(parsed("test --quick"), Ok(Command::Test(StepChoice::Quick)));
        assert_eq!(parsed("test --from dist"), Ok(Command::Test(StepChoice::From("dist".to_owned()))));
    }

    #[test]
    fn says_what_it_does_not_understand() {
        for line in [
            "srve",
            "serve --prot 1",
            "serve --port",
            "serve --port many",
            "test fmt",
            "simulate --seed x",
            "tidy x",
            "package",
            "package --connections",
            "package --connections c.json --backend oracle",
            "package --connections c.json --root here",
            "bench",
            "bench start --before",
            "bench grid --rows many",
            "bench grid --only-build",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
