//! The event grid with its filter bar above and its totals below, and the open event beside it.

use super::filter_bar::FilterBar;
use super::question::Question;
use super::source::EventList;
use super::totals::TotalsBar;
use crate::address_query::ask_by_address;
use crate::bulk_correction::{BulkCorrection, Correcting, Draft};
use crate::controls::{ColumnMenu, IconName, OpenColumn, State};
use crate::event_selection::Selected;
use crate::grid_view::{GridCommand, GridSource, GridView, Missing};
use crate::reversal::ReverseDialog;
use crate::sign_in::Session;
use grid_model::{ColumnLayout, RowCount, RowRanges, Selection, Tone, next_sort};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_navigate, use_query_map};
use rest_contract::oracle::life_cycle::EventAction;
use std::rc::Rc;

/// The list that the grid shows, for the drawer beside it.
#[derive(Clone, Copy)]
pub struct OpenList {
    pub list: StoredValue<Rc<EventList>, LocalStorage>,
    /// The address of the list without its query, such as `/batches/B-1`.
    pub home: StoredValue<String>,
}

/// `changed` goes up when the list should be read again. `home` is the address that the grid stands
/// at; an event opens at `{home}/events/{number}`, or at `{home}/{number}` where the list is `/events`
/// itself.
#[component]
pub fn EventGrid(
    session: Session,
    batch: Option<String>,
    home: String,
    #[prop(optional, into)] changed: Signal<u64>,
) -> impl IntoView {
    let query = use_query_map();
    let question = Memo::new(move |_| query.with(Question::read));
    let list = EventList::new(session, batch, question.get_untracked());
    let (revision, status) = (list.revision, list.status);
    let sync = session.sync;
    let handle = StoredValue::new_local(list.clone());
    provide_context(OpenList { list: handle, home: StoredValue::new(home.clone()) });

    Effect::new(move || handle.with_value(|list| list.ask(question.get())));
    // The grid repaints when pages arrive, when the store changes anything, when meanings of codes
    // arrive, and when a new session may allow something else.
    let painted = Signal::derive(move || {
        revision.get() + sync.revision.get() + session.lookups.revision.get() + session.renewed.get()
    });
    let renewed = session.renewed;
    Effect::new(move |before: Option<u64>| {
        let times = renewed.get();
        if before.is_some_and(|before| before != times) {
            handle.with_value(|list| list.retry());
        }
        times
    });

    Effect::new(move |before: Option<u64>| {
        let times = changed.get();
        if before.is_some_and(|before| before != times) {
            handle.with_value(|list| list.refresh());
        }
        times
    });
    let selection = RwSignal::new(Selection::None);
    let active = RwSignal::new(None::<usize>);
    let to_reverse = RwSignal::new(None::<Selected>);
    let to_correct = RwSignal::new(None::<Correcting>);
    // The selected events, or the one at the cursor; nothing, and a word why, where there is none.
    let meant = move |action: EventAction, verb: &str| {
        let rows = selection.with_untracked(|selection| match selection {
            Selection::AllRows => None,
            Selection::Rows(rows) => Some(rows.clone()),
            Selection::Cells { .. } => {
                selection.rectangle().map(|(rows, _)| RowRanges::from(*rows.start()..rows.end() + 1))
            }
            Selection::None => {
                let row = active.get_untracked();
                Some(row.map(|row| RowRanges::from(row..row + 1)).unwrap_or_default())
            }
        });
        if rows.as_ref().is_some_and(RowRanges::is_empty) {
            sync.notices.tell(Tone::Info, format!("Select the events to {verb} first."));
            return None;
        }
        let question = question.get_untracked();
        Some(Selected {
            batch: handle.with_value(|list| list.batch.clone()),
            q: question.q(),
            order_by: question.order_by(),
            rows,
            action,
        })
    };
    let reverse = move |_| to_reverse.set(meant(EventAction::Reverse, "reverse"));
    let correct = move |_| {
        to_correct.set(meant(EventAction::Change, "correct").map(|selected| Correcting {
            title: String::new(),
            advice: String::new(),
            selected,
            only: None,
            drafts: Draft::of("CurrencyCode").into_iter().collect(),
            next: None,
        }));
    };

    let navigate = StoredValue::new_local(use_navigate());
    let ask = ask_by_address(Question::write);
    let layout = RwSignal::new(ColumnLayout::default());
    let columns =
        Memo::new(move |_| handle.with_value(|list| layout.with(|layout| list.columns.lay_out(layout))));
    let menu = RwSignal::new(None::<OpenColumn>);
    let on_sort = Callback::new(move |sort| ask.run(Question { sort, ..question.get_untracked() }));
    let base = event_base(&home);
    let on_command = Callback::new(move |command: GridCommand| match command {
        GridCommand::Open { row } => {
            let Some(number) = handle.with_value(|list| list.event_number(row)) else { return };
            open_event(navigate, &base, &number, &question.get_untracked());
        }
        GridCommand::Commit { key, column, text, .. } => {
            if let Err(reason) = handle.with_value(|list| list.commit(&key, column, &text)) {
                sync.notices.tell(Tone::Warn, reason);
            }
        }
        GridCommand::Sort { column, additive } => {
            let Some(id) =
                columns.with_untracked(|columns| columns.get(column).map(|column| column.id.clone()))
            else {
                return;
            };
            let now = question.get_untracked();
            ask.run(Question { sort: next_sort(&now.sort, &id, additive), ..now });
        }
        GridCommand::ResizeColumn { column, width } => {
            let id = columns.with_untracked(|columns| columns.get(column).map(|column| column.id.clone()));
            if let Some(id) = id {
                layout.update(|layout| layout.set_width(&id, width));
            }
        }
        GridCommand::Copied { rows, missing } => {
            let (tone, rest) = match missing {
                Missing::None => (Tone::Ok, String::new()),
                Missing::Rows(more) => {
                    (Tone::Warn, format!(" {more} more were selected and are not loaded."))
                }
                Missing::Unknown => (Tone::Warn, " More were selected and are not loaded.".to_owned()),
            };
            sync.notices.tell(tone, format!("{rows} rows are on the clipboard.{rest}"));
        }
        GridCommand::Retry { .. } => handle.with_value(|list| list.retry()),
        GridCommand::Menu { row: None, column, left, top } => {
            let id = columns.with_untracked(|columns| columns.get(column).map(|column| column.id.clone()));
            menu.set(id.map(|id| OpenColumn { id, left, top }));
        }
        GridCommand::ActiveCell { row, .. } => active.set(Some(row)),
        GridCommand::Select(_) | GridCommand::Menu { .. } => (),
    });
    let generation = Memo::new(move |before: Option<&(Question, u64)>| {
        let now = question.get();
        match before {
            Some((question, number)) if *question == now => (now, *number),
            Some((_, number)) => (now, number + 1),
            None => (now, 0),
        }
    });
    let message = move || list_message(handle, status.get(), question, ask);
    let source: Rc<dyn GridSource> = Rc::new(list);
    view! {
        <FilterBar lookups=session.lookups question=question ask=ask>
            <button class="button" data-kind="quiet" on:click=move |_| handle.with_value(|list| list.refresh())>"Refresh"</button>
            <button class="button" on:click=correct>"Correct\u{2026}"</button>
            <button class="button" on:click=reverse>"Reverse\u{2026}"</button>
        </FilterBar>
        <div class="page-body">
            <div class="page-main">
                <div class="grid-room">
                    <GridView
                        source=source
                        columns=columns
                        revision=painted
                        query=Signal::derive(move || generation.get().1)
                        sort=Signal::derive(move || question.get().sort)
                        selection=selection
                        label="Usage events"
                        on_command=on_command
                    />
                    {message}
                    <ColumnMenu open=menu columns=columns layout=layout sort=Signal::derive(move || question.get().sort) on_sort=on_sort />
                </div>
                <TotalsBar list=handle />
            </div>
            <Outlet />
        </div>
        <ReverseDialog session=session selected=to_reverse />
        <BulkCorrection session=session correcting=to_correct />
    }
}

fn event_base(home: &str) -> String {
    if home == "/events" { home.to_owned() } else { format!("{home}/events") }
}

fn open_event<N: Fn(&str, NavigateOptions) + 'static>(
    navigate: StoredValue<N, LocalStorage>,
    base: &str,
    number: &str,
    question: &Question,
) {
    let number = String::from(js_sys::encode_uri_component(number));
    let path = format!("{base}/{number}{}", question.write());
    navigate.with_value(|go| go(&path, NavigateOptions { scroll: false, ..NavigateOptions::default() }));
}

/// What stands over the grid where it has no rows to show.
fn list_message(
    handle: StoredValue<Rc<EventList>, LocalStorage>,
    status: super::source::ListStatus,
    question: Memo<Question>,
    ask: Callback<Question>,
) -> Option<impl IntoView + use<>> {
    let retry = move |_| handle.with_value(|list| list.retry());
    if let Some(failure) = status.failure {
        let detail = failure.request_id.clone().map(|id| format!("Request {id}"));
        return Some(view! {
            <div class="state-over">
                <State icon=IconName::Alert tone=Tone::Bad title=failure.title() text=failure.advice() detail=detail.unwrap_or_default()>
                    <button class="button" on:click=retry>"Try again"</button>
                </State>
            </div>
        }.into_any());
    }
    if status.count != RowCount::Exactly(0) {
        return None;
    }
    Some(if question.get().is_filtered() {
        let all = move |_| ask.run(Question { sort: question.get_untracked().sort, ..Question::default() });
        view! {
            <div class="state-over">
                <State icon=IconName::Search title="No event matches" text="The list has events, but none of this status or with this text.">
                    <button class="button" on:click=all>"Show all events"</button>
                </State>
            </div>
        }.into_any()
    } else {
        view! {
            <div class="state-over">
                <State icon=IconName::Events title="No events here" text="This list holds no usage events yet, or your role may not see them." />
            </div>
        }.into_any()
    })
}
