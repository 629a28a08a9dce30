//! What of the person's work the server has not confirmed yet, change by change.

use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::data::sync::{ChangeStatus, Entry, RecordSync};
use crate::features::change_text::{detail, parts, rule_elsewhere, tone, zone_of};
use crate::features::record_address::record_address;
use crate::ui::controls::{Badge, take_lost_focus};
use crate::ui::part::part;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use record_store::Mark;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

part! {
    /// It is seldom looked at, and stands on what only Changes needs beside it.
    pub mod unsaved_part in changes: (session: Session, open: RwSignal<bool>) => view! { <UnsavedChanges session=session open=open /> }
}

/// A press on a change ends `open`.
#[component]
fn UnsavedChanges(session: Session, open: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    move || {
        sync.log_revision.track();
        let (items, rest) = open_items(&sync, &session.lookups.tables.get());
        if items.is_empty() {
            return view! { <p>"Everything you changed is confirmed by the server."</p> }.into_any();
        }
        let rows = items.into_iter().map(|item| {
            view! {
                <a class="sync-item" href=item.address on:click=move |_| {
                    open.set(false);
                    request_animation_frame(to_open_conflict);
                }>
                    <span>{item.what}</span>
                    <Badge tone=tone(item.status) text=item.status.name() />
                    <span class="quiet">{item.detail}</span>
                </a>
            }
        });
        let more = (rest > 0).then(|| view! { <p>{format!("and {rest} more under Changes")}</p> });
        view! { {rows.collect_view()} {more} }.into_any()
    }
}

/// Where the change is a conflict of the record that is open already, nothing opens: its card comes into sight.
fn to_open_conflict() {
    let card = document().query_selector(".drawer .conflict-card").ok().flatten();
    take_lost_focus(card.map(JsCast::unchecked_into));
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
            let zone = zone_of(sync, entry);
            let parts: Vec<_> = parts(entry)
                .map(|part| format!("{}: {}", part.what, part.to.shown(&zone, tables, rule_elsewhere)))
                .collect();
            OpenItem {
                what: format!("{} \u{2013} {}", key.title(), parts.join(", ")),
                status: entry.status(),
                detail: match entry.status() {
                    ChangeStatus::Open(Mark::Conflict) => {
                        format!("{} changed this too. Decide which value stands.", sync.last_changed_by(key))
                    }
                    _ => detail(entry, &zone),
                },
                address: record_address(sync, key),
            }
        });
        (items.collect(), rest)
    })
}
