//! The seeded simulator: several people at several stores, one model server, a network that does
//! everything a network can do, and the promises of the store checked after every step and again
//! when all is quiet. One seed is one schedule; a failing seed prints its history and can be
//! replayed alone:
//!
//! `RECORD_STORE_SEED=17 cargo test -p record-store --test simulator replay -- --nocapture`
//!
//! `RECORD_STORE_SCHEDULES` sets how many schedules run.
//!
//! What is *not* here: single rules told as small stories (see `tests/rules`).

mod browser;
mod coverage;
mod dice;
mod history;
mod mutants;
mod promises;
mod server;
mod tab;
mod world;

use coverage::Coverage;
use mutants::{Kind, MUTANTS};
use world::{World, run};

/// Schedules in a plain test run.
const SCHEDULES: u64 = 20_000;

/// A mutant that survives this many schedules is not caught.
const MUTANT_SCHEDULES: u64 = 2_000;

fn number_from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn every_schedule_keeps_every_promise() {
    let schedules = number_from_environment("RECORD_STORE_SCHEDULES").unwrap_or(SCHEDULES);
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    // Each thread takes its share of the seeds.
    let play = |first: u64| {
        let mut seen = Coverage::default();
        for seed in (first..schedules).step_by(threads as usize) {
            match run(seed, Kind::FAITHFUL, false) {
                Ok(world) => seen.join(&world.coverage),
                Err(failure) => return Err((seed, failure.broken)),
            }
        }
        Ok(seen)
    };
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || play(first))).collect();
        running.into_iter().map(|thread| thread.join().expect("a schedule panicked")).collect()
    });
    let mut seen = Coverage::default();
    for outcome in outcomes {
        match outcome {
            Ok(part) => seen.join(&part),
            Err((seed, broken)) => {
                let again = run(seed, Kind::FAITHFUL, true).err();
                let history = again.map_or_else(String::new, |again| again.history.join("\n"));
                panic!("seed {seed}: {broken}\n{history}\nreplay with RECORD_STORE_SEED={seed}");
            }
        }
    }
    println!("{schedules} schedules");
    seen.print();
    seen.assert_everything_happened();
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
    let mut survivors = Vec::new();
    println!("{:44} {:>9}  how", "mutant", "schedules");
    for (name, make) in MUTANTS {
        let caught = (0..MUTANT_SCHEDULES)
            .find_map(|seed| Some((seed, run(seed, Kind::of(*make), false).err()?.broken)));
        match caught {
            Some((seed, how)) => println!("{name:44} {:>9}  {how}", seed + 1),
            None => {
                println!("{name:44} {:>9}", "survived");
                survivors.push(name);
            }
        }
    }
    assert!(survivors.is_empty(), "not caught: {survivors:?}");
}
