//! At which step of the tour the person is. It is kept for the tab, so that a reload goes on with it.

use crate::api::connections;
use leptos::prelude::*;

/// No step: the tour is not under way.
#[derive(Clone, Copy)]
pub struct TourPlace(RwSignal<Option<usize>>);

const KEY: &str = "usage-desk-tour";

/// Whether there is a tour: it is written for the demo's data.
pub fn is_tour_there() -> bool {
    connections().demo
}

impl TourPlace {
    /// Where it was before a reload.
    pub fn kept() -> Self {
        let kept = || window().session_storage().ok()??.get_item(KEY).ok()??.parse().ok();
        Self(RwSignal::new(kept().filter(|_| is_tour_there())))
    }

    pub fn step(self) -> Option<usize> {
        self.0.get()
    }

    pub fn begin(self) {
        self.go_to(Some(0));
    }

    pub fn leave(self) {
        self.go_to(None);
    }

    pub fn go_to(self, step: Option<usize>) {
        self.0.set(step);
        if let Ok(Some(storage)) = window().session_storage() {
            // A browser that keeps nothing forgets the place at a reload.
            let _ = match step {
                Some(step) => storage.set_item(KEY, &step.to_string()),
                None => storage.remove_item(KEY),
            };
        }
    }
}
