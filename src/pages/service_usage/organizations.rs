//! What organizations are called. An event tells its organization by guid alone; where the platform does not say
//! more, the guid stands for the name.

use crate::api::RestClient;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;

/// A platform has a page of them, hardly more.
const MOST_PAGES: usize = 20;

/// A handle.
#[derive(Clone, Copy)]
pub struct Organizations(RwSignal<HashMap<String, String>>);

impl Organizations {
    pub fn new() -> Self {
        Self(RwSignal::default())
    }

    /// Reads the names. What cannot be read is no loss: the guids are there.
    pub fn read(self, client: RestClient, then: impl Fn() + 'static) {
        spawn_local(async move {
            for page in 1..=MOST_PAGES {
                let Ok((names, has_more)) = client.organization_names(page).await else { return };
                // The page that showed the list may have been left meanwhile.
                if self.0.try_update(|known| known.extend(names)).is_none() {
                    return;
                }
                then();
                if !has_more {
                    return;
                }
            }
        });
    }

    pub fn name(self, guid: &str) -> String {
        self.0.with(|names| names.get(guid).cloned()).unwrap_or_else(|| guid.to_owned())
    }

    /// The same for what is painted, which is painted again when more are known.
    pub fn painted_name(self, guid: &str) -> String {
        untrack(|| self.name(guid))
    }
}
