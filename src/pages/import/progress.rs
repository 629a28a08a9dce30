//! How far a step over all rows has come, how fast it goes, and how long the rest takes at that rate.

use super::controller::Import;
use crate::text::count;
use leptos::prelude::*;
use std::collections::VecDeque;

/// The rate is that of so many milliseconds, for what went before says little of what comes.
const LOOKED_BACK: u64 = 15_000;
/// A rate of fewer milliseconds is no more than a guess.
const LEAST: u64 = 2_000;

#[component]
pub fn Progress(import: Import, word: &'static str) -> impl IntoView {
    let total = import.table.with_untracked(|table| table.as_ref().map_or(0, |table| table.rows.len()));
    let pace = StoredValue::new(Pace::default());
    let words = move || {
        let done = import.progress.get();
        let left = total.saturating_sub(done);
        let pace = pace.try_update_value(|pace| pace.rate(now(), done)).flatten();
        let rate = pace.map(|rows| format!(", {} a second, {}", count(rows), time_left(left as u64 / rows)));
        format!("{word} {} of {} rows{}", count(done as u64), count(total as u64), rate.unwrap_or_default())
    };
    view! {
        <p class="progress" role="status">
            <progress max=total.max(1).to_string() value=move || import.progress.get().to_string() aria-label=word></progress>
            {words}
        </p>
    }
}

/// At which millisecond how many rows were through.
#[derive(Debug, Default)]
struct Pace(VecDeque<(u64, usize)>);

impl Pace {
    /// Rows a second, once that can be told.
    fn rate(&mut self, at: u64, done: usize) -> Option<u64> {
        self.0.push_back((at, done));
        while self.0.len() > 2 && self.0.front().is_some_and(|(then, _)| at - then > LOOKED_BACK) {
            self.0.pop_front();
        }
        let (then, before) = *self.0.front()?;
        let (rows, took) = (done.checked_sub(before)? as u64, at - then);
        (took >= LEAST).then(|| rows * 1000 / took).filter(|rate| *rate > 0)
    }
}

fn time_left(seconds: u64) -> String {
    match seconds.div_ceil(60) {
        0 | 1 => "less than a minute left".to_owned(),
        minutes @ 2..=90 => format!("about {} minutes left", count(minutes)),
        minutes => format!("about {} hours left", count(minutes.div_ceil(60))),
    }
}

fn now() -> u64 {
    window().performance().map_or(0, |clock| clock.now() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_rate_is_that_of_the_last_seconds() {
        let mut pace = Pace::default();
        // A step that is taken up begins where it was.
        assert_eq!(pace.rate(0, 50_000), None);
        assert_eq!(pace.rate(1_000, 50_400), None);
        assert_eq!(pace.rate(2_000, 50_800), Some(400));
        // It comes to a halt, and goes on slowly.
        assert_eq!(pace.rate(20_000, 50_900), Some(5));
        assert_eq!(pace.rate(34_000, 51_040), Some(10));
        // What begins again has no rate yet.
        assert_eq!(pace.rate(35_000, 0), None);
        let words = [59, 60, 61, 5_400, 5_401, 86_400].map(time_left);
        assert_eq!(
            words,
            [
                "less than a minute left",
                "less than a minute left",
                "about 2 minutes left",
                "about 90 minutes left",
                "about 2 hours left",
                "about 24 hours left"
            ]
        );
    }
}
