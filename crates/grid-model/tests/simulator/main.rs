//! The seeded simulator of a selection: a person at a list that is fetched by pages, while others add,
//! remove and change records and the pages come late, out of order or not at all. The person presses,
//! draws ranges, chooses all, asks anew and reads again. After every step what the selection means is held
//! against a plain account of what was on the screen when each record was chosen. One seed is one
//! schedule.
//!
//! `cargo xtask simulate --schedules 1000000` plays as many as one likes, from `--seed` on. A seed that
//! breaks the promise prints its history.
//!
//! The simulator is tested by mutants: hands with one mistake each, all of which must be noticed.

mod hands;
mod person;
mod world;

use hands::{Hand, MUTANTS, faithful};
use world::play;

/// Schedules in a plain test run.
const SCHEDULES: u64 = 3_000;
/// A mutant is noticed within so many schedules, or not at all.
const UNTIL_NOTICED: u64 = 3_000;

fn number_from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn the_selection_never_means_another_record() {
    let first = number_from_environment("SELECTION_SEED").unwrap_or(0);
    let schedules = number_from_environment("SELECTION_SCHEDULES").unwrap_or(SCHEDULES);
    let mut seen = world::Seen::default();
    for seed in first..first + schedules {
        if let Err(broken) = play(seed, faithful(), &mut seen) {
            panic!("seed {seed}: {}\n{}", broken.how, broken.history.join("\n"));
        }
    }
    if schedules >= SCHEDULES {
        seen.assert_everything_happened();
    }
}

#[test]
fn every_mutant_is_noticed() {
    for (name, make) in MUTANTS {
        let noticed = (0..UNTIL_NOTICED)
            .any(|seed| play(seed, make() as Box<dyn Hand>, &mut world::Seen::default()).is_err());
        assert!(noticed, "nobody noticed the hand that {name}");
    }
}
