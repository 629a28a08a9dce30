//! Small controls that several screens share: icons, badges, notices, the theme switch.
//!
//! Not here: anything that knows what a record is; notices that come by themselves (`app`).

mod act_every;
mod day_field;
mod dialog;
mod filter_bar;
mod icon;
mod lost_focus;
mod menu;
mod notice;
mod paste_number;
mod save_file;
mod search_box;
mod theme;
mod unread_records;

pub use act_every::act_every;
pub use day_field::DayField;
pub use dialog::{Dialog, FormDialog, FormFoot};
pub use filter_bar::FilterBar;
pub use icon::{Icon, IconName};
pub use lost_focus::{take_lost_focus, take_lost_focus_to_grid, take_lost_focus_within};
pub use menu::{Menu, MenuItem};
pub use notice::{Notice, State, way_by, way_to};
pub use paste_number::{paste_number, pasted_html, pasted_plain, told_cell};
pub use save_file::{save_file, save_pieces, save_text};
pub use search_box::SearchBox;
pub use theme::{THEMES, ThemeChoice, ThemeSwitch, show_stored_theme};
pub use unread_records::{UnreadRecord, UnreadRecords};

use grid_model::{Tone, visible};
use leptos::prelude::*;

/// A short word with a tone, an icon and a hue: never the hue alone.
#[component]
pub fn Badge(tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.name()>
            <Icon name=icon_of(tone) />
            {visible(&text).into_owned()}
        </span>
    }
}

/// The icon that goes with a tone.
pub fn icon_of(tone: Tone) -> IconName {
    match tone {
        Tone::Plain | Tone::Quiet => IconName::Dot,
        Tone::Info => IconName::Info,
        Tone::Ok => IconName::Check,
        Tone::Warn => IconName::Clock,
        Tone::Bad => IconName::Alert,
    }
}
