//! How much of the person's work the server has confirmed, in one word, and the list behind it.

use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::data::sync::{ChangeStatus, DiskState, Entry, RecordSync, summary_tone, unreadable_words};
use crate::features::change_text::{detail, parts, rule_elsewhere, tone};
use crate::features::record_address::record_address;
use crate::ui::controls::Badge;
use grid_model::Tone;
use leptos::prelude::*;
use record_store::{Mark, Session as StoreSession, Summary, Time};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

#[component]
pub fn SyncState(session: Session) -> impl IntoView {
    let sync = session.sync;
    let open = RwSignal::new(false);
    let words = move || {
        let words = words(&sync.summary.get(), sync.paused_until.get(), sync.unkept.get());
        if sync.is_looking.get() { "Looking for earlier changes".to_owned() } else { words }
    };
    let badge = move || {
        let tone = match summary_tone(&sync.summary.get()) {
            Tone::Quiet if sync.unkept.get() > 0 || sync.paused_until.get().is_some() => Tone::Warn,
            tone => tone,
        };
        view! { <Badge tone=tone text=words() /> }
    };
    let is_paused = Memo::new(move |_| sync.paused_until.get().is_some());
    let disk = move || {
        let failing = match sync.disk.get() {
            DiskState::Failing(why) => Some(disk_words(why, sync.unkept.get())),
            DiskState::Opening | DiskState::Open => None,
        };
        let unreadable = match sync.unreadable.get() {
            0 => None,
            count => Some(unreadable_words(count)),
        };
        failing.into_iter().chain(unreadable).map(|words| view! { <p>{words}</p> }).collect_view()
    };
    let items = move || {
        sync.log_revision.track();
        let (items, rest) = open_items(&sync, &session.lookups.tables.get());
        if items.is_empty() {
            return view! { <p>"Everything you changed is confirmed by the server."</p> }.into_any();
        }
        let rows = items.into_iter().map(|item| {
            view! {
                <a class="sync-item" href=item.address on:click=move |_| open.set(false)>
                    <span>{item.what}</span>
                    <Badge tone=tone(item.status) text=item.status.name() />
                    <span class="quiet">{item.detail}</span>
                </a>
            }
        });
        let more = (rest > 0).then(|| view! { <p>{format!("and {rest} more under Changes")}</p> });
        view! { {rows.collect_view()} {more} }.into_any()
    };
    view! {
        <div class="sync-state" on:keydown=move |event| if event.key() == "Escape" { open.set(false) }>
            <button class="button" data-kind="quiet" aria-expanded=move || open.get().to_string() aria-controls="sync-panel" on:click=move |_| open.update(|open| *open = !*open)>
                {badge}
            </button>
            <Show when=move || is_paused.get()>
                <button class="button" on:click=move |_| sync.try_now()>"Try now"</button>
            </Show>
            <p class="visually-hidden" role="status" aria-live="polite">{words}</p>
            <Show when=move || open.get()>
                <section class="sync-panel" id="sync-panel" aria-label="Changes of this page">
                    <h2>"Unsaved changes"</h2>
                    {items}
                    {disk}
                </section>
            </Show>
        </div>
    }
}

fn words(summary: &Summary, paused_until: Option<Time>, unkept: usize) -> String {
    let parts = [
        (summary.conflicts, "in conflict"),
        (summary.refused, "refused"),
        (summary.in_doubt, "in doubt"),
        (summary.pending + summary.sending, "saving"),
    ];
    let mut words: Vec<_> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if !summary.online {
        words.insert(0, "Offline".to_owned());
    } else if summary.session == StoreSession::Expired && summary.unfinished() > 0 {
        words.insert(0, "Paused".to_owned());
    } else if let Some(until) = paused_until {
        words.insert(0, format!("Paused until {}", clock_text(until)));
    }
    if unkept > 0 {
        words.push(format!("{unkept} not on disk"));
    }
    if words.is_empty() { "All changes saved".to_owned() } else { words.join(", ") }
}

/// A moment on the clock of this place: `10:05`, with seconds where it is near.
fn clock_text(at: Time) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.0 as f64)); // exact-in-double: milliseconds
    let minutes = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    let is_near = at.0 as f64 - js_sys::Date::now() < 60_000.0; // exact-in-double: milliseconds
    if is_near { format!("{minutes}:{:02}", date.get_seconds()) } else { minutes }
}

fn disk_words(why: &str, unkept: usize) -> String {
    let what = match unkept {
        0 => "What you change now is not kept on disk.".to_owned(),
        1 => "1 change is not kept on disk. It is sent all the same; stay on this page until it is saved."
            .to_owned(),
        count => format!(
            "{count} changes are not kept on disk. They are sent all the same; stay on this page until they are saved."
        ),
    };
    format!("{what} {why} The console goes on trying.")
}

struct OpenItem {
    what: String,
    status: ChangeStatus,
    detail: String,
    address: String,
}

/// A list is read from its top; the rest stands under Changes.
const MOST_ITEMS: usize = 50;

/// What is not settled, first what needs the person; and how much more there is.
fn open_items(sync: &RecordSync, tables: &LookupTables) -> (Vec<OpenItem>, usize) {
    sync.with_log(|log| {
        let open: Vec<&Entry> = log.entries().filter(|entry| entry.ended.is_none()).collect();
        let needs_person = |entry: &Entry| entry.status() >= ChangeStatus::Open(Mark::Conflict);
        let ranked = open.iter().enumerate();
        let ranked = ranked.map(|(place, entry)| (!needs_person(entry), Reverse(entry.persisted.at), place));
        // A heap: sorting as the standard library does it is five kilobytes for each kind of list.
        let order = ranked.collect::<BinaryHeap<_>>().into_sorted_vec();
        let rest = open.len().saturating_sub(MOST_ITEMS);
        let items = order.into_iter().take(MOST_ITEMS).map(|(.., place)| {
            let entry = open[place];
            let key = &entry.persisted.key;
            let parts: Vec<_> = parts(entry)
                .map(|part| format!("{}: {}", part.what, part.to.shown(tables, rule_elsewhere)))
                .collect();
            OpenItem {
                what: format!("{} \u{2013} {}", key.title(), parts.join(", ")),
                status: entry.status(),
                detail: match entry.status() {
                    ChangeStatus::Open(Mark::Conflict) => {
                        format!("{} changed this too. Decide which value stands.", sync.last_changed_by(key))
                    }
                    _ => detail(entry),
                },
                address: record_address(sync, key),
            }
        });
        (items.collect(), rest)
    })
}
