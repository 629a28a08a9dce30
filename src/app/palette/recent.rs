//! The records that a person opened last. They are kept as long as this tab, which knows them again when it is loaded
//! anew; whoever signs out, or is not the person who opened them, has none.

use crate::data::session::Session;
use crate::routes::record_shown;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

/// So many are offered.
const OFFERED: usize = 10;
/// So many addresses are kept: those of one record stand for it alone.
const KEPT: usize = 40;
const KEY: &str = "usage-desk.recent";
/// Longer than anything that was kept here.
const LONGEST: usize = 100_000;

/// A path that was shown.
#[derive(Clone, Deserialize, Serialize)]
struct Opened {
    path: String,
    /// Seconds since 1970.
    at: i64,
}

/// What stands in the tab's storage.
#[derive(Deserialize, Serialize)]
struct Kept {
    /// With what the console is connected to.
    person: String,
    opened: Vec<Opened>,
}

/// A record that was opened.
pub struct RecentRecord {
    pub kind: &'static str,
    pub number: String,
    pub address: String,
    pub at: DateTime<Utc>,
}

/// The newest last.
#[derive(Clone, Copy)]
pub struct Recent(StoredValue<Vec<Opened>>);

impl Recent {
    /// Keeps what is shown from now on, until the person goes who is signed in; called in a component that goes with them.
    pub fn kept(session: Session) -> Self {
        // Who has no name is known by their token, which no storage is shown.
        let named = session.with_access(|access| {
            access.filter(|access| access.is_named()).map(|access| session.client.person(access))
        });
        let opened = StoredValue::new(named.as_deref().map(of_tab).unwrap_or_default());
        if named.is_none() {
            forget();
        }
        on_cleanup(forget);
        let shown = use_location().pathname;
        Effect::new(move || {
            let path = shown.get();
            opened.update_value(|opened| {
                opened.retain(|known| known.path != path);
                opened.push(Opened { path, at: Utc::now().timestamp() });
                if opened.len() > KEPT {
                    opened.remove(0);
                }
            });
            if let Some(person) = &named {
                opened.with_value(|opened| keep(person, opened));
            }
        });
        Self(opened)
    }

    /// The one opened last first, but for the one that is open now.
    pub fn records(self) -> Vec<RecentRecord> {
        self.0.with_value(|opened| {
            let shown = opened.last().and_then(|opened| record_shown(&opened.path));
            let mut records = Vec::<RecentRecord>::new();
            for Opened { path, at } in opened.iter().rev() {
                let Some((kind, number, address)) = record_shown(path) else { continue };
                let is_shown = shown.as_ref().is_some_and(|(one, other, _)| (*one, other) == (kind, &number));
                let is_known = records.iter().any(|known| (known.kind, &known.number) == (kind, &number));
                if !is_shown && !is_known {
                    let at = DateTime::from_timestamp(*at, 0).unwrap_or_default();
                    records.push(RecentRecord { kind, number, address: address.to_owned(), at });
                }
            }
            records.truncate(OFFERED);
            records
        })
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}

/// What this tab holds of the person. What it holds of anybody else goes.
fn of_tab(person: &str) -> Vec<Opened> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok()?).filter(|text| text.len() <= LONGEST);
    let kept = text.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
    match kept.filter(|kept| kept.person == person && kept.opened.len() <= KEPT) {
        Some(kept) => kept.opened,
        None => {
            forget();
            Vec::new()
        }
    }
}

fn keep(person: &str, opened: &[Opened]) {
    let records = opened.iter().filter(|opened| record_shown(&opened.path).is_some()).cloned();
    let kept = Kept { person: person.to_owned(), opened: records.collect() };
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&kept)) {
        // Where it is full or forbidden, they last as long as the page.
        let _ = storage.set_item(KEY, &text);
    }
}

fn forget() {
    if let Some(storage) = storage() {
        // A browser that keeps nothing has nothing to forget.
        let _ = storage.remove_item(KEY);
    }
}
