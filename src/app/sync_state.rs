//! How much of the person's work the server has confirmed, in one word, and the list behind it.

use crate::bucket_editor::record_address;
use crate::changes::{detail, parts, record_name, tone};
use crate::controls::Badge;
use crate::record_sync::{Entry, RecordSync, Standing, summary_tone};
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use leptos::prelude::*;
use record_store::{Mark, Session as StoreSession, Summary};
use std::cmp::Reverse;

#[component]
pub fn SyncState(session: Session) -> impl IntoView {
    let sync = session.sync;
    let open = RwSignal::new(false);
    let words = move || {
        let summary = words(&sync.summary.get());
        if sync.is_looking.get() { "Looking for earlier changes".to_owned() } else { summary }
    };
    let badge = move || {
        let summary = sync.summary.get();
        view! { <Badge tone=summary_tone(&summary) text=words() /> }
    };
    let items = move || {
        sync.log_revision.track();
        let (items, rest) = open_items(&sync);
        if items.is_empty() {
            return view! { <p>"Everything you changed is confirmed by the server."</p> }.into_any();
        }
        let rows = items.into_iter().map(|item| {
            view! {
                <a class="sync-item" href=item.address on:click=move |_| open.set(false)>
                    <span>{item.what}</span>
                    <Badge tone=tone(item.standing) text=item.standing.name() />
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
            <p class="visually-hidden" role="status" aria-live="polite">{words}</p>
            <Show when=move || open.get()>
                <section class="sync-panel" id="sync-panel" aria-label="Changes of this page">
                    <h2>"Changes not yet settled"</h2>
                    {items}
                </section>
            </Show>
        </div>
    }
}

fn words(summary: &Summary) -> String {
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
    }
    if words.is_empty() { "All changes saved".to_owned() } else { words.join(", ") }
}

struct OpenItem {
    what: String,
    standing: Standing,
    detail: String,
    address: String,
}

/// A list is read from its top; the rest stands under Changes.
const MOST_ITEMS: usize = 50;

/// What is not settled, first what needs the person; and how much more there is.
fn open_items(sync: &RecordSync) -> (Vec<OpenItem>, usize) {
    sync.with_log(|log| {
        let mut open: Vec<&Entry> = log.entries().filter(|entry| entry.ended.is_none()).collect();
        let needs_person = |entry: &Entry| entry.standing() >= Standing::Open(Mark::Conflict);
        open.sort_by_key(|entry| (!needs_person(entry), Reverse(entry.kept.at)));
        let rest = open.len().saturating_sub(MOST_ITEMS);
        let items = open.into_iter().take(MOST_ITEMS).map(|entry| {
            let key = &entry.kept.key;
            let parts: Vec<_> = parts(entry).map(|part| format!("{}: {}", part.what, part.to)).collect();
            OpenItem {
                what: format!("{} \u{2013} {}", record_name(key), parts.join(", ")),
                standing: entry.standing(),
                detail: detail(entry),
                address: address(sync, key),
            }
        });
        (items.collect(), rest)
    })
}

/// Where the record is shown: its event in the drawer, over its batch where that is known.
fn address(sync: &RecordSync, key: &RecordKey) -> String {
    if let Some(address) = record_address(sync, key) {
        return address;
    }
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    let Some(event) = key.event_name() else { return format!("/batches/{}", encode(&key.name())) };
    let batch = sync.with_view(&RecordKey::event(&event), |view| {
        view?.confirmed(&"BatchNumber")?.as_text().map(str::to_owned)
    });
    match batch {
        Some(batch) => format!("/batches/{}/events/{}", encode(&batch), encode(&event)),
        None => format!("/events/{}", encode(&event)),
    }
}
