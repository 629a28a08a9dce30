//! The table held against a plain account of the same records, in thousands of schedules made up from
//! seeds: records come, change and go while questions are asked and answered halfway, and after every
//! action rows, order and sums are what working everything out anew gives.
//!
//! `TABLE_SEED` and `TABLE_SCHEDULES` play others.

mod arrivals;
mod cases;
mod checks;
mod dice;
mod list;
mod memory;
mod naive;
mod orders;
mod pace;
mod schedule;

use grid_table::ColumnKind;

const COLUMNS: [ColumnKind; 7] = [
    ColumnKind::Text,
    ColumnKind::Text,
    ColumnKind::Text,
    ColumnKind::Flag,
    ColumnKind::Instant,
    ColumnKind::Amount { unit: 1 },
    ColumnKind::Decimal,
];
/// By column, where its unit stands.
const UNITS: [Option<usize>; 7] = [None, None, None, None, None, Some(1), None];
const SUMMED: [usize; 2] = [5, 6];

const SCHEDULES: u64 = 2_000;

fn number_from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn the_table_says_what_working_everything_out_anew_says() {
    let first = number_from_environment("TABLE_SEED").unwrap_or(0);
    let schedules = number_from_environment("TABLE_SCHEDULES").unwrap_or(SCHEDULES);
    let mut seen = schedule::Seen::default();
    for seed in first..first + schedules {
        if let Err(broken) = schedule::play(seed, &mut seen) {
            panic!("seed {seed}: {broken}");
        }
    }
    if schedules >= SCHEDULES {
        seen.assert_everything_happened();
    }
}
