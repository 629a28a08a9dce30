//! What a person has set for this browser, beside the theme, the height of rows and the keys. Each setting is checked
//! when it is read: what is odd counts as not set.

use crate::routes;
use crate::text::{known_locales, notation_by, offset_at, read_by};
use crate::ui::kept_choice::{forget_choice, keep_choice, kept_choice};
use chrono::DateTime;
use js_sys::Array;

/// Longer than any language tag or zone that there is.
const LONGEST: usize = 80;

/// A text in this browser's storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The language tag by which numbers are written; the browser's own without it.
    Numbers,
    /// The same of days and times, or [`OF_BROWSER`]; machine notation without it.
    Times,
    Zone,
    /// The screen that people begin with: an address, or [`LAST`].
    FirstScreen,
    /// The address of the one that was shown last, where people begin with that.
    LastScreen,
    /// [`ON`] where the browser tells what has finished.
    Notices,
}

/// In the place of a language tag.
pub const OF_BROWSER: &str = "browser";
/// In the place of the address of a screen.
pub const LAST: &str = "last";
pub const ON: &str = "on";

/// The screens that people can begin with.
pub const FIRST_SCREENS: [(&str, &str); 5] = [
    (routes::OVERVIEW, "Overview"),
    (routes::EVENTS, "Events"),
    (routes::BATCHES, "Batches"),
    (routes::BASE_BUCKETS, "Base buckets"),
    (routes::SERVICE_USAGE, "Service usage"),
];

impl Setting {
    fn key(self) -> &'static str {
        match self {
            Self::Numbers => "usage-desk.numbers",
            Self::Times => "usage-desk.times",
            Self::Zone => "usage-desk.zone",
            Self::FirstScreen => "usage-desk.first-screen",
            Self::LastScreen => "usage-desk.last-screen",
            Self::Notices => "usage-desk.notices",
        }
    }

    /// As it was kept; nothing where it was not, or is none of its values.
    pub fn kept(self) -> Option<String> {
        kept_choice(self.key()).filter(|kept| self.takes(kept))
    }

    /// Whether this is a value of it.
    pub fn takes(self, value: &str) -> bool {
        let is_screen = || FIRST_SCREENS.iter().any(|(address, _)| *address == value);
        !value.is_empty()
            && value.len() <= LONGEST
            && match self {
                Self::Numbers => known_locales(value).is_some(),
                Self::Times => value == OF_BROWSER || known_locales(value).is_some(),
                Self::Zone => offset_at(&DateTime::UNIX_EPOCH, value).is_some(),
                Self::FirstScreen => value == LAST || is_screen(),
                Self::LastScreen => is_screen(),
                Self::Notices => value == ON,
            }
    }

    /// Nothing stands for what is usual. Says whether it outlasts the page.
    pub fn keep(self, value: Option<&str>) -> bool {
        match value {
            Some(value) => keep_choice(self.key(), value),
            None => {
                forget_choice(self.key());
                true
            }
        }
    }
}

/// The zone by whose clock months and days begin and end, where a person has set one.
pub fn kept_zone() -> Option<String> {
    Setting::Zone.kept()
}

/// From now on numbers and times are written and read as the person has set it.
pub fn read_as_kept() {
    let numbers = Setting::Numbers.kept().and_then(|tag| known_locales(&tag));
    let times = Setting::Times.kept().map(|tag| match tag.as_str() {
        OF_BROWSER => Array::new(),
        tag => known_locales(tag).unwrap_or_default(),
    });
    read_by(notation_by(numbers.as_ref(), times.as_ref()));
}
