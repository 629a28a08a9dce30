//! The records that a person opened last. They are kept as long as the page, and nowhere else.

use crate::routes::record_shown;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// So many are offered.
const OFFERED: usize = 5;
/// So many addresses are kept: those of one record stand for it alone.
const KEPT: usize = 40;

/// The paths that were shown, the newest last.
#[derive(Clone, Copy)]
pub struct Recent(StoredValue<Vec<String>>);

impl Recent {
    /// Keeps what is shown from now on, as long as the component stands that it is called in.
    pub fn kept() -> Self {
        let (paths, shown) = (StoredValue::new(Vec::new()), use_location().pathname);
        Effect::new(move || {
            let path = shown.get();
            paths.update_value(|paths: &mut Vec<String>| {
                paths.retain(|known| *known != path);
                paths.push(path);
                if paths.len() > KEPT {
                    paths.remove(0);
                }
            });
        });
        Self(paths)
    }

    /// What the records are called, their numbers and addresses, the one opened last first, but for the one that is open
    /// now.
    pub fn records(self) -> Vec<(&'static str, String, String)> {
        self.0.with_value(|paths| {
            let shown = paths.last().and_then(|path| record_shown(path));
            let mut records = Vec::<(&str, String, String)>::new();
            for (kind, number, address) in paths.iter().rev().filter_map(|path| record_shown(path)) {
                let is_shown = shown.as_ref().is_some_and(|(one, other, _)| (*one, other) == (kind, &number));
                let is_known = records.iter().any(|(one, other, _)| (*one, other) == (kind, &number));
                if !is_shown && !is_known {
                    records.push((kind, number, address.to_owned()));
                }
            }
            records.truncate(OFFERED);
            records
        })
    }
}
