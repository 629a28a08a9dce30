//! How much of the person's work the server has confirmed, in one word, and the list behind it.

use super::unsaved_changes::unsaved_part;
use crate::data::session::Session;
use crate::data::sync::{DiskState, of_others_words, summary_tone, unreadable_words};
use crate::features::help::{help_mark, topic};
use crate::ui::controls::Badge;
use grid_model::Tone;
use leptos::prelude::*;
use record_store::{Session as StoreSession, Summary, Time};

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
        let of_others = match sync.of_others.get() {
            0 => None,
            count => Some(of_others_words(count)),
        };
        // Of a pause that ends by itself its end says enough.
        let not_renewed = session.client.not_renewed.get().filter(|_| is_paused.get()).map(|(_, why)| why);
        not_renewed
            .into_iter()
            .chain(failing)
            .chain(unreadable)
            .chain(of_others)
            .map(|words| view! { <p>{words}</p> })
            .collect_view()
    };
    view! {
        <div class="sync-state" on:keydown=move |event| if event.key() == "Escape" && open.get_untracked() {
            event.prevent_default();
            open.set(false);
        }>
            <button class="button" data-kind="quiet" aria-expanded=move || open.get().to_string() aria-controls="sync-panel" on:click=move |_| open.update(|open| *open = !*open)>
                {badge}
            </button>
            <Show when=move || is_paused.get()>
                <button class="button" on:click=move |_| session.renew_without_waiting()>"Try now"</button>
            </Show>
            <p class="visually-hidden" role="status" aria-live="polite">{words}</p>
            <Show when=move || open.get()>
                <section class="sync-panel" id="sync-panel" aria-label="Changes of this page">
                    <h2>"Unsaved changes"{help_mark(topic::CHANGE_STATES, "states of changes")}</h2>
                    {unsaved_part::view(session, open)}
                    // It is said also where the network is away and the list of changes cannot be had.
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
