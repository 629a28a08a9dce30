//! The keys of the page as a person has them, kept in this browser.

use crate::ui::kept_choice::{forget_choice, keep_choice, kept_choice};
use grid_model::{KeyMap, PageKey};
use leptos::prelude::*;

const KEPT: &str = "usage-desk.keys";
/// Longer than any map.
const LONGEST: usize = 1_000;

/// A handle, the same everywhere on the page.
#[derive(Clone, Copy)]
pub struct KeptKeys(RwSignal<KeyMap>);

impl KeptKeys {
    pub fn kept() -> Self {
        let kept = kept_choice(KEPT).filter(|kept| kept.len() <= LONGEST);
        Self(RwSignal::new(kept.map(|kept| KeyMap::read(&kept)).unwrap_or_default()))
    }

    /// The page's own, or a handle of one's own where there is no page yet.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(Self::kept)
    }

    pub fn with<T>(self, look: impl FnOnce(&KeyMap) -> T) -> T {
        self.0.with(look)
    }

    pub fn with_untracked<T>(self, look: impl FnOnce(&KeyMap) -> T) -> T {
        self.0.with_untracked(look)
    }

    /// The keys that ask this, as people read them; nothing where it has none.
    pub fn told(self, key: PageKey) -> Option<String> {
        self.with(|map| map.keys_of(key).map(told_keys))
    }

    /// What assistive technology is told of a key; two behind one another have no such name.
    pub fn shortcut(self, key: PageKey) -> Option<String> {
        let keys = self.with(|map| map.keys_of(key).map(str::to_owned))?;
        (!keys.contains(' ')).then(|| keys.replace("Ctrl", "Control"))
    }

    /// Keeps what was changed. Gives what the change gives; nothing where the page is gone.
    pub fn change<T>(self, change: impl FnOnce(&mut KeyMap) -> T) -> Option<T> {
        let done = self.0.try_update(change);
        let text = self.0.try_with_untracked(KeyMap::text)?;
        if text.is_empty() {
            forget_choice(KEPT);
        } else {
            keep_choice(KEPT, &text);
        }
        done
    }
}

/// `G then O`, where two keys follow each other.
pub fn told_keys(keys: &str) -> String {
    keys.replace(' ', " then ")
}
