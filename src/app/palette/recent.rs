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

    /// The addresses of records, the one opened last first, but for the one that is open now.
    pub fn records(self) -> Vec<String> {
        self.0.with_value(|paths| {
            let mut known = Vec::new();
            let mut addresses = Vec::new();
            for (place, path) in paths.iter().rev().enumerate() {
                let Some((kind, number, address)) = record_shown(path) else { continue };
                let is_new = !known.contains(&(kind, number.clone()));
                known.push((kind, number));
                if is_new && place > 0 && addresses.len() < OFFERED {
                    addresses.push(address.to_owned());
                }
            }
            addresses
        })
    }
}
