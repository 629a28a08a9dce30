//! What the systems' clocks show. A person's computer may be an hour off; how old something on a server is,
//! only that server's own clock tells.

use super::{RestClient, System};
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A clock that is off by no more is not worth a word.
const TOLERANCE_SECONDS: i64 = 60;

/// By how many seconds this computer's clock is ahead of each system's, as their last answers tell.
#[derive(Clone, Default)]
pub(super) struct Clocks(BTreeMap<System, i64>);

impl Clocks {
    /// Compares a system's clock with what this computer's showed between sending and answer.
    fn note(&mut self, system: System, server: i64, here: &RangeInclusive<i64>) {
        let off = if server < *here.start() {
            here.start() - server
        } else if server > *here.end() {
            here.end() - server
        } else {
            0
        };
        self.0.insert(system, off);
    }

    /// Of a system that has not answered yet nothing is known.
    fn ahead_of(&self, system: System) -> i64 {
        self.0.get(&system).copied().unwrap_or_default()
    }

    /// The system whose clock differs most, if by more than a minute.
    fn farthest(&self) -> Option<(System, i64)> {
        let far = self.0.iter().filter(|(_, off)| off.abs() > TOLERANCE_SECONDS);
        far.max_by_key(|(_, off)| off.abs()).map(|(system, off)| (*system, *off))
    }
}

impl RestClient {
    /// How many seconds this computer's clock is ahead of the system's that differs most, behind where
    /// negative; nothing where all agree to a minute, as far as answers tell.
    pub fn clock_ahead(&self) -> Option<(System, i64)> {
        self.clock_ahead.get()
    }

    /// A system's time, as near as this computer's clock and its last answer tell.
    pub fn now_at(&self, system: System) -> DateTime<Utc> {
        Utc::now() - TimeDelta::seconds(self.clocks.with_value(|clocks| clocks.ahead_of(system)))
    }

    pub(super) fn note_clock(&self, system: System, server: i64, here: &RangeInclusive<i64>) {
        self.clocks.update_value(|clocks| clocks.note(system, server, here));
        let farthest = self.clocks.with_value(Clocks::farthest);
        // An answer that takes long moves the figure a little; that is no news.
        let is_news = self.clock_ahead.with_untracked(|known| match (known, &farthest) {
            (Some((_, known)), Some((_, off))) => (known - off).abs() > TOLERANCE_SECONDS / 2,
            (known, off) => known.is_some() != off.is_some(),
        });
        if is_news {
            self.clock_ahead.set(farthest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn each_system_has_a_clock_of_its_own() {
        let mut clocks = Clocks::default();
        clocks.note(System::CloudFoundry, 1_000, &(4_600..=4_605));
        clocks.note(System::Oracle, 4_603, &(4_600..=4_605));
        clocks.note(System::LogiSense, 4_700, &(4_600..=4_605));
        assert_eq!(System::ALL.map(|system| clocks.ahead_of(system)), [0, -95, 3_600]);
        assert_eq!(clocks.farthest(), Some((System::CloudFoundry, 3_600)));
        clocks.note(System::CloudFoundry, 4_600, &(4_600..=4_605));
        assert_eq!(clocks.farthest(), Some((System::LogiSense, -95)));
        clocks.note(System::LogiSense, 4_545, &(4_600..=4_605));
        assert_eq!(clocks.farthest(), None);
    }
}
