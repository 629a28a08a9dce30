//! Every screen, every action of the page, and every record by its number, found by typing (Ctrl+K).
//!
//! The actions are those that the page shows now: what is pressed here does what its button does. So whatever needs a
//! question or a second look asks for it as it does there.

mod commands;
mod found_records;
mod recent;

use super::keyboard_map::words;
use crate::data::session::Session;
use crate::features::help::{TourPlace, is_tour_there};
use crate::routes::use_go;
use crate::text::{count, second_utc};
use crate::ui::kept_keys::KeptKeys;
use crate::ui::key_input::is_composing;
use crate::ui::part::part;
use crate::ui::part_styles::use_part_styles;
use commands::Commands;
use found_records::{FoundRecords, Looking};
use grid_model::PageKey;
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

pub use recent::Recent;
use recent::RecentRecord;

part! {
    /// The palette, while `open` holds. `obey` does what a key of the page does.
    pub mod palette_part in palette: (session: Session, open: RwSignal<bool>, obey: Callback<PageKey>, recent: Recent) =>
        view! { <Palette session=session open=open obey=obey recent=recent /> }
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    /// Tells it from the others, as long as the palette is open.
    id: String,
    words: String,
    /// What it belongs to.
    about: String,
    /// As people read them.
    keys: Option<String>,
    /// Why it does nothing now.
    why_not: Option<String>,
    act: Act,
}

#[derive(Clone, Debug, PartialEq)]
enum Act {
    /// Presses the command of this place.
    Press(usize),
    Obey(PageKey),
    Go(String),
    BeginTour,
}

/// Entries under a heading.
#[derive(Clone, Debug, PartialEq)]
struct Section {
    head: &'static str,
    entries: Vec<Entry>,
}

impl Entry {
    /// Whether each of the words, which are in small letters, stands in it.
    fn holds(&self, words: &[String]) -> bool {
        let text = format!("{} {}", self.words, self.about).to_lowercase();
        words.iter().all(|word| text.contains(word))
    }

    /// What begins with what was typed comes first.
    fn rank(&self, typed: &str) -> usize {
        let own = self.words.to_lowercase();
        match own.find(typed) {
            Some(0) => 0,
            Some(at) if own[..at].ends_with(' ') => 1,
            _ => 2,
        }
    }
}

#[component]
fn Palette(session: Session, open: RwSignal<bool>, obey: Callback<PageKey>, recent: Recent) -> impl IntoView {
    use_part_styles(include_str!("../../style/palette.css"));
    let go = use_go();
    let tour = expect_context::<TourPlace>();
    let commands = StoredValue::new_local(Commands::of_page());
    let typed = RwSignal::new(String::new());
    let found = FoundRecords::new(session, typed);
    let known = commands.with_value(|commands| {
        [
            Section { head: "Recent", entries: recent_entries(recent) },
            Section { head: "This page", entries: [commands.entries(), key_entries()].concat() },
            Section { head: "Screens", entries: commands.screens() },
        ]
    });
    let sections = Memo::new(move |_| {
        let typed = typed.with(|typed| typed.trim().to_lowercase());
        let words: Vec<_> = typed.split_whitespace().map(str::to_owned).collect();
        let records = Section { head: "Records", entries: found.entries() };
        let mut sections: Vec<_> = known.iter().cloned().chain([records]).collect();
        for section in &mut sections {
            section.entries.retain(|entry| entry.holds(&words));
            section.entries.sort_by_key(|entry| entry.rank(&typed));
        }
        sections.retain(|section| !section.entries.is_empty());
        sections
    });
    let entries = move || {
        sections
            .with(|sections| sections.iter().flat_map(|section| section.entries.clone()).collect::<Vec<_>>())
    };
    // Which entry Enter means: the first one of what was typed, or the one that the person went to. What arrives later
    // moves it to no other: where it is gone, Enter means nothing.
    let meant = RwSignal::new((0_u32, None::<String>));
    let chosen = Memo::new(move |before: Option<&(u32, Option<String>)>| {
        let entries = entries();
        let (times, gone_to) = meant.get();
        let is_there = |id: &String| entries.iter().any(|entry| entry.id == *id);
        let first = || entries.first().map(|entry| entry.id.clone());
        let chosen = match before {
            Some((before, Some(chosen))) if *before == times => Some(chosen.clone()).filter(is_there),
            _ => gone_to.filter(is_there).or_else(first),
        };
        (times, chosen)
    });
    let mean = move |entry: Option<String>| meant.update(|meant| *meant = (meant.0 + 1, entry));
    let chosen = Signal::derive(move || chosen.get().1);
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // It is in the document and closed, so it can be shown.
            let _ = dialog.show_modal();
        }
    });
    let act = move |entry: Entry| {
        // The keyboard is where it was before anything else takes it.
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        match entry.act {
            Act::Press(place) => commands.with_value(|commands| commands.press(place)),
            Act::Obey(key) => obey.run(key),
            Act::Go(address) => go.to(&address),
            Act::BeginTour => tour.begin(),
        }
    };
    let step = move |by: isize| {
        let entries = entries();
        let at = chosen
            .with_untracked(|chosen| entries.iter().position(|entry| Some(&entry.id) == chosen.as_ref()));
        let several = entries.len() as isize;
        if several > 0 {
            let next = at.map_or(0, |at| (at as isize + by).rem_euclid(several));
            mean(entries.get(next as usize).map(|entry| entry.id.clone()));
            request_animation_frame(show_chosen);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => untrack(|| step(1)),
            "ArrowUp" => untrack(|| step(-1)),
            "Enter" => {
                let meant = chosen.get_untracked();
                let entry = untrack(entries).into_iter().find(|entry| Some(&entry.id) == meant.as_ref());
                // One that is held down means the first press alone.
                if let Some(entry) = entry.filter(|_| !event.repeat()) {
                    act(entry);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let row = move |entry: Entry| {
        let id = entry.id.clone();
        let is_chosen = Memo::new({
            let id = id.clone();
            move |_| chosen.with(|chosen| chosen.as_ref() == Some(&id))
        });
        let (pressed, is_off) = (entry.clone(), entry.why_not.is_some());
        view! {
            <div class="palette-entry" role="option" id=id aria-selected=move || is_chosen.get().to_string()
                aria-disabled=is_off.then_some("true") on:click=move |_| act(pressed.clone())>
                <span class="palette-words">{entry.words}</span>
                <span class="palette-about quiet">{entry.why_not.unwrap_or(entry.about)}</span>
                {entry.keys.map(|keys| view! { <kbd>{keys}</kbd> })}
            </div>
        }
    };
    let said = move || {
        let several = entries().len();
        match found.looking.get() {
            Looking::Asking => "Looking for records\u{2026}".to_owned(),
            Looking::Found { has_more: true } => {
                "More records hold this. Type more of the number.".to_owned()
            }
            Looking::Failed(why) => format!("Records could not be looked for. {why}."),
            _ if several == 0 => {
                "Nothing is called so. Type a part of a name, or a record\u{2019}s number.".to_owned()
            }
            _ if several == 1 => "1 entry".to_owned(),
            _ => format!("{} entries", count(several as u64)),
        }
    };
    view! {
        <dialog class="dialog palette" node_ref=dialog aria-label="Commands" on:close=move |_| open.set(false)
            on:click=move |event| {
                // Beside it, where only the dialog itself is hit.
                if let Some(dialog) = dialog.get_untracked()
                    && event.target().is_some_and(|target| target == ****dialog)
                {
                    dialog.close();
                }
            }>
            <div class="palette-body">
                <input class="input" type="text" role="combobox" aria-expanded="true" aria-controls="palette-entries" aria-autocomplete="list"
                    aria-label="Command, screen, or number of a record" placeholder="Command, screen, or number of a record"
                    autocomplete="off" spellcheck="false" autofocus=true
                    aria-activedescendant=move || chosen.get()
                    on:keydown=on_key
                    on:input:target=move |event| {
                        mean(None);
                        typed.set(event.target().value());
                    } />
                <div class="palette-entries" id="palette-entries" role="listbox" aria-label="Commands">
                    {move || sections.get().into_iter().map(|Section { head, entries }| view! {
                        <div role="group" aria-label=head>
                            <div class="palette-head" aria-hidden="true">{head}</div>
                            {entries.into_iter().map(row).collect_view()}
                        </div>
                    }).collect_view()}
                </div>
                <p class="palette-said quiet" role="status">{said}</p>
            </div>
        </dialog>
    }
}

/// Where the keyboard's entry is out of sight, it comes into sight.
fn show_chosen() {
    let find = |selector| document().query_selector(selector).ok().flatten();
    let (Some(list), Some(entry)) = (find(".palette-entries"), find(".palette-entry[aria-selected=true]"))
    else {
        return;
    };
    let (within, entry) = (list.get_bounding_client_rect(), entry.get_bounding_client_rect());
    let above = within.top() - entry.top();
    let below = entry.bottom() - within.bottom();
    let by = if above > 0.0 { -above } else { below.max(0.0) };
    list.set_scroll_top(list.scroll_top() + by.round() as i32);
}

/// What keys of the page do that have no button.
fn key_entries() -> Vec<Entry> {
    let acts = [PageKey::Undo, PageKey::Redo, PageKey::Search, PageKey::NextRecord, PageKey::PreviousRecord];
    let kept = KeptKeys::of_page();
    let entry = |act: PageKey| Entry {
        id: format!("palette-{act:?}"),
        words: words(act).to_owned(),
        about: String::new(),
        keys: untrack(|| kept.told(act)),
        why_not: None,
        act: Act::Obey(act),
    };
    let tour = is_tour_there().then(|| Entry {
        id: "palette-tour".to_owned(),
        words: "Start the tour".to_owned(),
        about: String::new(),
        keys: None,
        why_not: None,
        act: Act::BeginTour,
    });
    acts.map(entry).into_iter().chain(tour).collect()
}

/// The records that were open last, the one that is open now left out.
fn recent_entries(recent: Recent) -> Vec<Entry> {
    let entry = |RecentRecord { kind, number, address, at }| Entry {
        id: format!("palette-recent-{address}"),
        words: number,
        about: format!("{kind}, opened {} UTC", second_utc(&at)),
        keys: None,
        why_not: None,
        act: Act::Go(address),
    };
    recent.records().into_iter().map(entry).collect()
}
