//! Changes: everything this browser proposed, where it stands, and its evidence.
//!
//! Not here: deciding a conflict (the event's drawer has the card), and the rules of writing.

mod evidence;
mod life;
mod list;

mod words;

pub use words::{Part, detail, parts, record_name, time_text, tone};

use crate::app::PageHead;
use crate::controls::{IconName, State, save_text};
use crate::display_text::count;
use crate::grid_view::{GridCommand, GridSource, GridView};
use crate::record_sync::Standing;
use crate::sign_in::Session;
use grid_model::{Selection, Tone};
use leptos::prelude::*;
use life::ChangeLife;
use list::{ChangeList, columns};
use record_store::{IntentId, Mark};
use std::rc::Rc;

/// Which changes are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    All,
    /// Those that need the person or the network.
    Unsettled,
    Done,
}

const CHIPS: [(Shown, &str); 3] =
    [(Shown::All, "All"), (Shown::Unsettled, "Not settled"), (Shown::Done, "Done")];

#[component]
pub fn ChangesPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let sync = session.sync;
    let shown = RwSignal::new(Shown::All);
    let selection = RwSignal::new(Selection::None);
    let active = RwSignal::new(None::<IntentId>);
    let list = ChangeList::new(session);
    let handle = StoredValue::new_local(list.clone());
    // The list is made anew when a change takes a step, not while a frame is painted.
    let revision = Memo::new(move |before: Option<&u64>| {
        sync.log_revision.track();
        sync.revision.track();
        let shown = shown.get();
        handle.with_value(|list| list.collect(shown));
        before.copied().unwrap_or_default() + 1
    });
    let rows = Memo::new(move |_| {
        revision.track();
        handle.with_value(|list| list.len())
    });
    let chosen = move || {
        revision.track();
        let rows = rows.get();
        let selection = selection.get();
        handle.with_value(|list| {
            let at_cursor = active.get().filter(|_| selection.is_none());
            let selected =
                (0..rows).filter(|row| selection.holds_row(*row)).filter_map(|row| list.intent(row));
            selected.chain(at_cursor).collect::<Vec<_>>()
        })
    };
    let can = move |which: fn(Standing) -> bool| {
        let chosen = chosen();
        sync.with_log(|log| {
            let standing = |intent: &IntentId| log.entry(*intent).map(|entry| entry.standing());
            chosen.into_iter().filter(|intent| standing(intent).is_some_and(which)).collect::<Vec<_>>()
        })
    };
    let retried = Memo::new(move |_| can(may_retry));
    let dropped = Memo::new(move |_| can(may_discard));
    let retry = move |_| sync.retry_all(retried.get_untracked());
    let discard = move |_| {
        let intents = dropped.get_untracked();
        let question = match intents.len() {
            1 => "Discard this change? What you typed in it is given up.".to_owned(),
            number => format!("Discard {number} changes? What you typed in them is given up."),
        };
        if window().confirm_with_message(&question).unwrap_or(false) {
            sync.discard_all(intents);
        }
    };
    let export = move |_| {
        let evidence = evidence::csv(&session);
        if save_text(&evidence.file_name, &evidence.text).is_err() {
            sync.notices.tell(Tone::Bad, "The browser could not save the file.".to_owned());
        }
    };
    let on_command = Callback::new(move |command: GridCommand| {
        if let GridCommand::ActiveCell { row, .. } | GridCommand::Open { row } = command {
            active.set(handle.with_value(|list| list.intent(row)));
        }
    });
    let message = move || {
        let (title, text) = match (rows.get(), shown.get()) {
            (0, Shown::All) => (
                "Nothing changed yet",
                "Every correction, reversal and other change that you make in this browser is listed here until you sign out, with what became of it.",
            ),
            (0, Shown::Unsettled) => {
                ("Everything is settled", "The server has confirmed or you have given up every change.")
            }
            (0, Shown::Done) => ("Nothing is done yet", "No change has been confirmed by the server."),
            _ => return None,
        };
        Some(view! { <div class="state-over"><State icon=IconName::Changes title=title text=text /></div> })
    };
    let button = move |words: &'static str, intents: Memo<Vec<IntentId>>| {
        move || match intents.with(Vec::len) {
            0 | 1 => words.to_owned(),
            number => format!("{words} {number}"),
        }
    };
    let source: Rc<dyn GridSource> = Rc::new(list);
    view! {
        <PageHead title="Changes">
            <button class="button" data-kind="quiet" disabled=move || sync.log_revision.get() == 0 on:click=export>"Export evidence"</button>
        </PageHead>
        <div class="page-body">
            <div class="page-main">
                <div class="filter-bar" role="group" aria-label="Filter changes">
                    <div class="chips" role="group" aria-label="Standing">
                        {CHIPS.map(|(which, words)| view! {
                            <button class="chip" aria-pressed=move || (shown.get() == which).to_string()
                                on:click=move |_| { shown.set(which); selection.set(Selection::None); active.set(None); }>{words}</button>
                        })}
                    </div>
                    <div class="filter-bar-end">
                        <button class="button" disabled=move || retried.with(Vec::is_empty) on:click=retry>{button("Try again", retried)}</button>
                        <button class="button" disabled=move || dropped.with(Vec::is_empty) on:click=discard>{button("Discard", dropped)}</button>
                    </div>
                </div>
                <div class="grid-room">
                    <GridView source=source columns=columns() revision=revision sort=Signal::derive(Vec::new) selection=selection label="Changes" on_command=on_command />
                    {message}
                </div>
                <footer class="totals-bar" role="group" aria-label="Totals">
                    <strong>{move || match rows.get() {
                        1 => "1 change".to_owned(),
                        rows => format!("{} changes", count(rows as u64)),
                    }}</strong>
                    <span>"Kept in this browser, sealed, until you sign out."</span>
                </footer>
            </div>
            {move || active.get().map(|intent| view! { <ChangeLife session=session intent=intent close=move || active.set(None) /> })}
        </div>
    }
}

fn may_retry(standing: Standing) -> bool {
    matches!(standing, Standing::Open(Mark::Refused | Mark::InDoubt))
}

fn may_discard(standing: Standing) -> bool {
    matches!(standing, Standing::Open(Mark::Waiting | Mark::Conflict | Mark::Refused))
}
