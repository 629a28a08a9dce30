//! The seeded simulator: several people at several browsers, each with a few tabs, one journal and
//! one write lease; a model server with versions, rules of business, roles, a life cycle that is
//! locked, reverted and submitted, and two actions that nothing guards (adding, and a purge); a network
//! that does everything a network can do; tabs that die between any two steps and come back from the
//! journal; and the promises of the store checked after every step and again when all is quiet. One seed
//! is one schedule.
//!
//! `cargo xtask simulate --schedules 1000000 --seed 1 --mutants` plays as many as one likes, on every
//! core. A seed that breaks a promise prints its history, readable line by line, and how to play it
//! again: `cargo xtask simulate --seed 17 --replay`. The numbers come in by the environment
//! (`RECORD_STORE_SCHEDULES`, `RECORD_STORE_SEED`).
//!
//! The simulator is tested by mutants: stores, journals and leases with one mistake each, all of which
//! the promises must notice.
//!
//! What is *not* here: single rules told as small stories (see `tests/rules`).

mod browser;
mod coverage;
mod dice;
mod history;
mod mutants;
mod promises;
mod runs;
mod server;
mod tab;
mod world;

use mutants::Kind;
use runs::{Broken, Runs};
use world::{World, run};

/// Schedules in a plain test run.
const SCHEDULES: u64 = 20_000;

fn number_from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn every_schedule_keeps_every_promise() {
    let asked_for = number_from_environment("RECORD_STORE_SCHEDULES");
    let first = number_from_environment("RECORD_STORE_SEED").unwrap_or(0);
    let runs = Runs { first, count: asked_for.unwrap_or(SCHEDULES), tells: asked_for.is_some() };
    match runs.play() {
        Ok(seen) => {
            seen.print();
            if runs.count >= SCHEDULES {
                seen.assert_everything_happened();
            }
        }
        Err(Broken { seed, how }) => {
            if let Err(failure) = run(seed, Kind::FAITHFUL, true) {
                println!("{}", failure.history.join("\n"));
            }
            panic!("seed {seed}: {how}\nto play it again: cargo xtask simulate --seed {seed} --replay");
        }
    }
}

#[test]
fn replay() {
    let seed = number_from_environment("RECORD_STORE_SEED").unwrap_or(0);
    let (history, broken) = match run(seed, Kind::FAITHFUL, true) {
        Ok(World { history, .. }) => (history, None),
        Err(failure) => (failure.history, Some(failure.broken)),
    };
    println!("{}", history.join("\n"));
    assert_eq!(broken, None);
}

#[test]
fn the_same_seed_is_the_same_schedule() {
    let history = |seed| run(seed, Kind::FAITHFUL, true).map(|world| world.history).ok();
    assert_eq!(history(5), history(5));
    assert_ne!(history(5), history(6));
}

#[test]
fn every_mutant_is_caught() {
    let survivors = runs::survivors();
    assert!(survivors.is_empty(), "not caught: {survivors:?}");
}
