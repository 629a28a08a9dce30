//! The project's commands, in Rust so that they need nothing but cargo:
//!
//! - `cargo xtask serve`: the product on this machine, from nothing to a page in the browser;
//! - `cargo xtask test`: everything CI runs;
//! - `cargo xtask simulate`: the record store and the selection proved by any number of schedules;
//! - `cargo xtask bench server`: what the demo server costs on a million events;
//! - `cargo xtask bench app`, `bench import`, `bench start`: what much work, a large file, and the first load cost the page;
//! - `cargo xtask bench grid`: the product's grid measured beside others;
//! - `cargo xtask tidy`: the rules of the code base that a compiler cannot see;
//! - `cargo xtask dist`: the app as it is put into use, in parts;
//! - `cargo xtask package`: the same with its connections and what a web server is to be told, in one archive;
//! - `cargo xtask sizes`: what a browser has to load, against its budget.
//!
//! Not here: anything that the product needs when it runs.

mod bench_grid;
mod bench_start;
mod browser;
mod budget;
mod debian;
mod dist;
mod firefox;
mod focus_files;
mod foreign_clients;
mod fuzz;
mod http_probe;
mod image;
mod options;
mod package;
mod pictures;
mod postgres;
mod processes;
mod proxies;
mod python_tools;
mod serve;
mod simulate;
mod sizes;
mod test_run;
mod tidy;
mod tools;
mod workspace;

use options::{Command, parse};
use processes::Processes;
use std::process::ExitCode;
use workspace::Workspace;

/// A failure as one line for the person at the terminal: what is wrong, and the way out.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = parse(&words).and_then(|command| {
        let workspace = Workspace::find()?;
        let mut processes = Processes::listening()?;
        match command {
            Command::Help => {
                println!("{}", options::HELP);
                Ok(())
            }
            Command::Serve(options) => serve::run(&workspace, &mut processes, &options),
            Command::Test(choice) => test_run::run(&workspace, &mut processes, &choice),
            Command::Simulate(what) => simulate::run(&workspace, &mut processes, &what),
            Command::BenchServer => processes.run_well(&mut workspace.cargo(&[
                "bench",
                "--package",
                "demo-server",
                "--bench",
                "server",
            ])),
            Command::BenchApp => test_run::bench_app(&workspace, &mut processes),
            Command::BenchImport => test_run::bench_import(&workspace, &mut processes),
            Command::BenchStart { before } => bench_start::run(&workspace, &mut processes, before.as_deref()),
            Command::BenchGrid(what) => bench_grid::run(&workspace, &mut processes, &what),
            Command::Tidy => tidy::run(&workspace),
            Command::Dist => dist::run(&workspace, &mut processes),
            Command::Package(options) => package::run(&workspace, &mut processes, &options),
            Command::Sizes => sizes::run(&workspace),
            Command::Pictures => pictures::run(&workspace, &mut processes),
            Command::Lighthouse => test_run::lighthouse(&workspace, &mut processes),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}
