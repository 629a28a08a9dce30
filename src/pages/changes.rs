//! Changes: everything this browser proposed, where it stands, and its evidence.
//!
//! Not here: deciding a conflict (the event's drawer has the card), and the rules of writing.

mod change_steps;
mod columns;
mod list;

use crate::api::System;
use crate::data::session::Session;
use crate::data::sync::{ChangeStatus, DiskState, of_others_words, unreadable_words};
use crate::features::allowed_button::AllowedButton;
use crate::features::change_evidence::changes_as_csv;
use crate::features::list::{
    ColumnFilters, ListExport, ListFilterBar, ListFoot, ListGrid, ListQuery, ListStatus, NotShown, OpenedRow,
    query_number, use_list_query,
};
use crate::features::page_head::PageHead;
use crate::features::record_address::record_address;
use crate::routes::{self, ask_by_address};
use crate::ui::controls::{IconName, State, save_text, take_lost_focus_to_grid, way_by, way_to};
use crate::ui::grid::{GridSource as _, SoughtRow};
use change_steps::ChangeLife;
use columns::{CHANGE_COLUMNS, ChangesQuery};
use grid_model::{CellRange, Picked, Selection, Tone};
use leptos::prelude::*;
use list::{change_list, intent_of};
use record_store::{IntentId, Mark};
use std::rc::Rc;
use std::sync::Arc;

const TITLE: &str = "Changes";
const COVERS: &str = "Changes proposed in this browser since sign-in, and those taken up from before";

/// Where records are that can be changed.
fn to_first_list() -> AnyView {
    match System::main() {
        System::Oracle => way_to("Go to the events", routes::EVENTS),
        System::LogiSense => way_to("Go to the base buckets", routes::BASE_BUCKETS),
        System::CloudFoundry => way_to("Go to service usage", routes::SERVICE_USAGE),
    }
}

/// Which changes are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    #[default]
    All,
    /// Those that need the person or the network.
    Unsettled,
    Done,
}

impl Shown {
    const ALL: [Self; 3] = [Self::All, Self::Unsettled, Self::Done];

    fn words(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Unsettled => "Open",
            Self::Done => "Done",
        }
    }

    /// In the address; empty for all.
    fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Unsettled => "open",
            Self::Done => "done",
        }
    }
}

#[component]
pub fn ChangesPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let sync = session.sync;
    let query = use_list_query(ChangesQuery::read);
    let ask = ask_by_address(ChangesQuery::write);
    let asked = Memo::new(move |_| query.get().list);
    let ask_list =
        Callback::new(move |list: ListQuery| ask.run(ChangesQuery { list, ..query.get_untracked() }));
    let filters = ColumnFilters::of_query(session, &CHANGE_COLUMNS, ("change", "changes"), asked, ask_list);
    let selection = RwSignal::new(Selection::None);
    let active = RwSignal::new(None::<Picked>);
    // The change whose life is shown beside the list, until it is closed.
    let looked_at = RwSignal::new(None::<IntentId>);
    Effect::new(move || {
        if let Some(picked) = active.get() {
            looked_at.set(intent_of(&picked.key));
        }
    });
    let list = change_list(session, query.get_untracked());
    let (revision, status) = (list.list.pages.revision, list.list.pages.status);
    let grid = Rc::clone(&list.list);
    let handle = StoredValue::new_local(list);
    Effect::new(move || handle.with_value(|list| list.ask(query.get())));
    // The list is made anew when a change takes a step, not while a frame is painted.
    Effect::new(move || {
        sync.log_revision.track();
        sync.revision.track();
        session.lookups.revision.track();
        handle.with_value(|list| untrack(|| list.follow()));
    });
    let what_is_shown = Memo::new(move |_| query.get().shown);
    let chosen = move || {
        revision.track();
        let mut intents: Vec<IntentId> = match selection.get() {
            Selection::None => active.get().and_then(|picked| intent_of(&picked.key)).into_iter().collect(),
            Selection::All(all) => {
                let without: Vec<_> = all.without.iter().filter_map(|key| intent_of(key)).collect();
                let mut listed = handle.with_value(|list| list.intents());
                listed.retain(|intent| !without.contains(intent));
                listed
            }
            Selection::Cells(CellRange { records, .. }) | Selection::Records(records) => {
                records.keys().filter_map(intent_of).collect()
            }
        };
        intents.dedup();
        intents
    };
    let can = move |which: fn(ChangeStatus) -> bool| {
        let chosen = chosen();
        sync.with_log(|log| {
            let status = |intent: &IntentId| log.entry(*intent).map(|entry| entry.status());
            chosen.into_iter().filter(|intent| status(intent).is_some_and(which)).collect::<Vec<_>>()
        })
    };
    let retried = Memo::new(move |_| can(may_retry));
    let dropped = Memo::new(move |_| can(may_discard));
    let retry = move || sync.retry_all(retried.get_untracked());
    let discard = move || {
        let intents = dropped.get_untracked();
        let question = match intents.len() {
            1 => "Discard this change? What you typed in it is given up.".to_owned(),
            number => format!("Discard {number} changes? What you typed in them is given up."),
        };
        if window().confirm_with_message(&question).unwrap_or(false) {
            sync.discard_all(intents);
        }
    };
    let save_evidence = move |_| {
        let evidence = changes_as_csv(&session, COVERS, |_| true);
        if save_text(&evidence.file_name, &evidence.text).is_err() {
            sync.notices.notify(Tone::Bad, "The browser could not save the file.".to_owned());
        }
    };
    let export = ListExport::of_query(
        System::main(),
        "Changes proposed in this browser",
        "changes",
        asked,
        handle.with_value(|list| list.list.pages.progress),
    );
    let shown_words = Signal::derive(move || match what_is_shown.get() {
        Shown::All => export.asked.get(),
        shown => std::iter::once(format!("{} changes", shown.words())).chain(export.asked.get()).collect(),
    });
    let export = ListExport { asked: shown_words, ..export };
    let address = move |key: Arc<str>| {
        let record =
            sync.with_log(|log| log.entry(intent_of(&key)?).map(|entry| entry.persisted.key.clone()))?;
        Some(record_address(&sync, &record))
    };
    // The change beside the list leads to its record, too.
    let opened = OpenedRow::new(TITLE);
    let note_opened = move |()| {
        let Some(Picked { key, .. }) = active.get_untracked() else { return };
        if let Some(row) = handle.with_value(|list| list.list.row_of_key(&key)) {
            opened.note(SoughtRow { row, key });
        }
    };
    let close = move |()| {
        looked_at.set(None);
        take_lost_focus_to_grid(None);
    };
    let forbidden = |intents: Memo<Vec<IntentId>>, reason: &'static str| {
        Signal::derive(move || intents.with(Vec::is_empty).then(|| reason.to_owned()))
    };
    let instead = move |status: ListStatus| {
        let is_filtered = asked.with(ListQuery::is_filtered);
        if status.count.exact() == Some(0) && is_filtered {
            let all = move |()| ask_list.run(asked.get_untracked().unfiltered());
            return Some(view! {
                <State icon=IconName::Search title="No change matches" text="There are changes, but none that passes all of these filters.">
                    {way_by("Show all changes", Callback::new(all))}
                </State>
            }.into_any());
        }
        if status.count.exact() != Some(0) {
            return None;
        }
        let (title, text) = match what_is_shown.get() {
            Shown::All => (
                "Nothing changed yet",
                "Every correction, reversal and other change that you make in this browser is listed here until you sign out, with what became of it.",
            ),
            Shown::Unsettled => {
                ("Everything is settled", "The server has confirmed or you have given up every change.")
            }
            Shown::Done => ("Nothing is done yet", "No change has been confirmed by the server."),
        };
        let way = match what_is_shown.get() {
            Shown::All => to_first_list(),
            _ => way_to("Show all changes", routes::CHANGES),
        };
        Some(view! { <State icon=IconName::Changes title=title text=text>{way}</State> }.into_any())
    };
    let button = move |words: &'static str, intents: Memo<Vec<IntentId>>| {
        Signal::derive(move || match intents.with(Vec::len) {
            0 | 1 => words.to_owned(),
            number => format!("{words} {number}"),
        })
    };
    let chips = move || {
        let chip = move |which: Shown| {
            let press = move |_| {
                selection.set(Selection::None);
                looked_at.set(None);
                ask.run(ChangesQuery { shown: which, ..query.get_untracked() });
            };
            view! { <button class="chip" aria-pressed=move || (what_is_shown.get() == which).to_string() on:click=press>{which.words()}</button> }
        };
        view! { <div class="chips" role="group" aria-label="State">{Shown::ALL.map(chip)}</div> }
    };
    let sort = Signal::derive(move || asked.get().sort);
    let on_sort = move |sort| ask_list.run(ListQuery { sort, ..asked.get_untracked() });
    view! {
        <PageHead title=TITLE>
            <button class="button" data-kind="quiet" disabled=move || sync.log_revision.get() == 0 on:click=save_evidence>"Export evidence"</button>
            {export.button()}
        </PageHead>
        <div class="page-body">
            <div class="page-main">
                <ListFilterBar filters=filters query=asked ask=ask_list placeholder="Record, change, value, reason" fields=chips>
                    <NotShown list=handle.with_value(|list| Rc::new(Rc::clone(&list.list))) selection=selection />
                    <AllowedButton session=session words=button("Try again", retried) forbidden=forbidden(retried, "Select a change that was refused or is in doubt first.") press=retry />
                    <AllowedButton session=session words=button("Discard", dropped) forbidden=forbidden(dropped, "Select a change that is waiting, refused or in conflict first.") press=discard />
                </ListFilterBar>
                <ListGrid session=session list=Rc::new(grid) label=TITLE query=query_number(query) sort=sort on_sort=on_sort filters=filters
                    address=address instead=instead selection=selection active=active export=export />
                <ListFoot status=status one="change" several="changes"><span>{move || kept_words(&session)}</span></ListFoot>
            </div>
            {move || looked_at.get().map(|intent| view! { <ChangeLife session=session intent=intent note_opened=note_opened close=close /> })}
        </div>
    }
}

/// Where the changes are kept, and for how long.
fn kept_words(session: &Session) -> String {
    let sync = session.sync;
    let is_named = session.access().is_some_and(|access| access.is_named());
    let kept = match sync.disk.get() {
        DiskState::Failing(_) => "Not kept on disk: they end with this page.",
        DiskState::Opening | DiskState::Open if !is_named => {
            "Encrypted in this browser. The token does not name its owner, so whoever signs in with it sees them."
        }
        DiskState::Opening | DiskState::Open => {
            "Kept encrypted in this browser until you sign out; settled ones at most 30 days, the newest 5,000."
        }
    };
    let unreadable = Some(sync.unreadable.get()).filter(|count| *count > 0).map(unreadable_words);
    let of_others = Some(sync.of_others.get()).filter(|count| *count > 0).map(of_others_words);
    [Some(kept.to_owned()), unreadable, of_others].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn may_retry(status: ChangeStatus) -> bool {
    matches!(status, ChangeStatus::Open(Mark::Refused | Mark::InDoubt))
}

fn may_discard(status: ChangeStatus) -> bool {
    matches!(status, ChangeStatus::Open(Mark::Waiting | Mark::Conflict | Mark::Refused))
}
