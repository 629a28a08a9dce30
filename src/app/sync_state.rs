//! How much of the person's work the server has confirmed, in one word, and the list behind it.

use crate::bucket_editor::{record_address, record_title};
use crate::controls::Badge;
use crate::record_sync::{FieldName, RecordSync, summary_tone};
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use leptos::prelude::*;
use record_store::{IntentState, Session as StoreSession, Summary};

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
        sync.revision.track();
        let items = open_items(&sync);
        if items.is_empty() {
            return view! { <p>"Everything you changed is confirmed by the server."</p> }.into_any();
        }
        let rows = items.into_iter().map(|item| {
            view! {
                <a class="sync-item" href=item.address on:click=move |_| open.set(false)>
                    <span>{item.what}</span>
                    <Badge tone=item.tone text=item.state />
                    <span class="quiet">{item.detail}</span>
                </a>
            }
        });
        rows.collect_view().into_any()
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
    state: &'static str,
    tone: grid_model::Tone,
    detail: String,
    address: String,
}

fn open_items(sync: &RecordSync) -> Vec<OpenItem> {
    use grid_model::Tone;
    sync.with_store(|store| {
        let items = store.intents().map(|intent| {
            let key: &RecordKey = intent.key();
            let (state, tone, detail) = match intent.state() {
                IntentState::Waiting => {
                    ("Waiting", Tone::Info, "Kept here, sent as soon as possible.".to_owned())
                }
                IntentState::Sending { .. } => ("Saving", Tone::Info, String::new()),
                IntentState::InDoubt => (
                    "In doubt",
                    Tone::Warn,
                    "Sent, not confirmed. Checking what the server holds.".to_owned(),
                ),
                IntentState::Conflict => {
                    ("Conflict", Tone::Bad, "Someone else changed this too. Open it to decide.".to_owned())
                }
                IntentState::Refused { reasons, .. } => {
                    let reasons: Vec<_> = reasons.iter().map(|reason| reason.message.as_str()).collect();
                    ("Refused", Tone::Bad, reasons.join(" "))
                }
            };
            let changes: Vec<_> = intent
                .changes()
                .map(|change| format!("{}: {}", title(key, change.field), change.mine))
                .collect();
            let event = record_title(key).or_else(|| key.event_name()).unwrap_or_else(|| key.name());
            OpenItem {
                what: format!("{event} \u{2013} {}", changes.join(", ")),
                state,
                tone,
                detail,
                address: address(sync, key),
            }
        });
        items.collect()
    })
}

fn title(key: &RecordKey, field: FieldName) -> &'static str {
    key.resource.schema().field(field).map_or(field, |field| field.title)
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
