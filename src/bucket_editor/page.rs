//! The page: filter, grid, and what can be done to a selection.

use super::HOME;
use super::create::CreateBucket;
use super::question::Question;
use super::source::BucketList;
use super::together::{Chosen, Together};
use crate::address_query::ask_by_address;
use crate::app::PageHead;
use crate::controls::{ColumnMenu, IconName, OpenColumn, SearchBox, State};
use crate::display_text::count;
use crate::grid_view::{GridCommand, GridSource, GridView, Missing};
use crate::rest_client::{Failure, FailureKind, Resource};
use crate::sign_in::Session;
use grid_model::{ColumnLayout, RowCount, Selection, SortKey, Tone, next_sort};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_navigate, use_query_map};
use rest_contract::logisense::BASE_UNITS;
use std::rc::Rc;

type List = StoredValue<Rc<BucketList>, LocalStorage>;

/// The list that is open, for the drawer beside it.
#[derive(Clone, Copy)]
pub struct OpenBuckets(pub List);

#[component]
pub fn BucketsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let sync = session.sync;
    let query = use_query_map();
    let question = Memo::new(move |_| query.with(Question::read));
    let list: List = StoredValue::new_local(BucketList::new(session, question.get_untracked()));
    provide_context(OpenBuckets(list));
    let (revision, failure, rows, total) =
        list.with_value(|list| (list.revision, list.failure, list.count, list.total));
    let reordered = list.with_value(|list| list.reordered);
    Effect::new(move || list.with_value(|list| list.ask(question.get())));
    // Read at first, after a new sign-in, and when something was made or deleted here.
    Effect::new(move || {
        session.renewed.track();
        sync.actions_done.track();
        list.with_value(|list| untrack(|| list.read()));
    });
    sync.on_changed(move |keys| {
        if keys.iter().any(|key| key.resource == Resource::Bucket) {
            revision.update(|revision| *revision += 1);
        }
    });
    let selection = RwSignal::new(Selection::None);
    Effect::new(move |before: Option<u64>| {
        let times = reordered.get();
        // Rows are selected by their place.
        if before.is_some_and(|before| before != times) {
            selection.set(Selection::None);
        }
        times
    });
    let navigate = StoredValue::new_local(use_navigate());
    let ask = ask_by_address(Question::write);
    let layout = RwSignal::new(ColumnLayout::default());
    let columns =
        Memo::new(move |_| list.with_value(|list| layout.with(|layout| list.columns.lay_out(layout))));
    let menu = RwSignal::new(None::<OpenColumn>);
    let column_id = move |column: usize| {
        columns.with_untracked(|columns| columns.get(column).map(|column| column.id.clone()))
    };
    let on_command = Callback::new(move |command: GridCommand| match command {
        GridCommand::Open { row } => {
            let opened = list.with_value(|list| list.with_row(row, |row| row.key.identity())).flatten();
            let Some(identity) = opened else { return };
            let path = format!("{HOME}/{identity}{}", question.get_untracked().write());
            navigate
                .with_value(|go| go(&path, NavigateOptions { scroll: false, ..NavigateOptions::default() }));
        }
        GridCommand::Sort { column, additive } => {
            if let Some(id) = column_id(column) {
                let now = question.get_untracked();
                ask.run(Question { sort: next_sort(&now.sort, &id, additive), ..now });
            }
        }
        GridCommand::ResizeColumn { column, width } => {
            if let Some(id) = column_id(column) {
                layout.update(|layout| layout.set_width(&id, width));
            }
        }
        GridCommand::Copied { rows, missing: Missing::None } => {
            sync.notices.tell(Tone::Ok, format!("{rows} rows are on the clipboard."));
        }
        GridCommand::Menu { row: None, column, left, top } => {
            menu.set(column_id(column).map(|id| OpenColumn { id, left, top }));
        }
        GridCommand::Retry { .. } => list.with_value(|list| list.read()),
        GridCommand::Commit { .. }
        | GridCommand::Select(_)
        | GridCommand::ActiveCell { .. }
        | GridCommand::Copied { .. }
        | GridCommand::Menu { .. } => (),
    });
    let creating = RwSignal::new(false);
    let together = RwSignal::new(None::<Vec<Chosen>>);
    let selected = move || {
        let shown = rows.get().exact().unwrap_or_default();
        selection.with(|selection| match selection.rectangle() {
            Some((rows, _)) => rows.collect::<Vec<_>>(),
            None => (0..shown).filter(|row| selection.holds_row(*row)).collect(),
        })
    };
    let chosen = Memo::new(move |_| selected().len());
    let change_together = move |_| {
        let rows = untrack(selected);
        let chosen = list.with_value(|list| {
            let keys = list.keys(rows.into_iter());
            keys.into_iter().filter_map(|key| Chosen::of(list, key)).collect::<Vec<_>>()
        });
        together.set((!chosen.is_empty()).then_some(chosen));
    };
    let barred = Memo::new(move |_| {
        session.state.track();
        session.with_access(|access| access.and_then(|access| access.role.barred_from_buckets()))
    });
    let sort = Signal::derive(move || question.get().sort);
    let on_sort =
        Callback::new(move |sort: Vec<SortKey>| ask.run(Question { sort, ..question.get_untracked() }));
    let generation = Memo::new(move |before: Option<&(Question, u64)>| {
        let now = question.get();
        match before {
            Some((question, number)) if *question == now => (now, *number),
            Some((_, number)) => (now, number + 1),
            None => (now, 0),
        }
    });
    let painted = Signal::derive(move || revision.get() + session.lookups.revision.get());
    let source: Rc<dyn GridSource> = Rc::new(list.get_value());
    let totals = move || match (rows.get().exact(), total.get()) {
        (Some(shown), Some(total)) if shown != total => {
            format!("{} of {} base buckets", count(shown as u64), count(total as u64))
        }
        (Some(1), _) => "1 base bucket".to_owned(),
        (Some(shown), _) => format!("{} base buckets", count(shown as u64)),
        (None, _) => "Reading the base buckets".to_owned(),
    };
    view! {
        <PageHead title="Base buckets">
            <button class="button" data-kind="primary" disabled=move || barred.get().is_some() title=move || barred.get() on:click=move |_| creating.set(true)>"New base bucket"</button>
            <button class="button" data-kind="quiet" on:click=move |_| list.with_value(|list| list.read())>"Refresh"</button>
        </PageHead>
        <BucketFilter session=session question=question ask=ask>
            <button class="button" disabled=move || barred.get().is_some() || chosen.get() == 0 title=move || barred.get() on:click=change_together>
                {move || match chosen.get() { 0 => "Change together\u{2026}".to_owned(), number => format!("Change {} together\u{2026}", count(number as u64)) }}
            </button>
        </BucketFilter>
        <div class="page-body">
            <div class="page-main">
                <div class="grid-room">
                    <GridView source=source columns=columns revision=painted query=Signal::derive(move || generation.get().1) sort=sort selection=selection label="Base buckets" on_command=on_command />
                    {move || list_message(session, list, failure.get(), rows.get(), question, ask)}
                    <ColumnMenu open=menu columns=columns layout=layout sort=sort on_sort=on_sort />
                </div>
                <footer class="totals-bar" role="group" aria-label="Totals"><strong>{totals}</strong>
                    <span role="status">{move || list.with_value(|list| list.is_reading).get().then_some("Reading")}</span>
                </footer>
            </div>
            <Outlet />
        </div>
        <CreateBucket session=session list=list open=creating />
        <Together session=session list=list chosen=together />
    }
}

/// What stands where there are no rows.
fn list_message(
    session: Session,
    list: List,
    failure: Option<Failure>,
    rows: RowCount,
    question: Memo<Question>,
    ask: Callback<Question>,
) -> Option<AnyView> {
    let message = match (failure, rows) {
        (Some(Failure { kind: FailureKind::Forbidden(reason), request_id }), _) => {
            let detail = request_id.map(|id| format!("Tracking id {id}")).unwrap_or_default();
            view! { <State icon=IconName::Lock title="Your role may not see base buckets" text=reason detail=detail /> }.into_any()
        }
        (Some(failure), _) => {
            let detail = failure.request_id.clone().map(|id| format!("Tracking id {id}")).unwrap_or_default();
            view! {
                <State icon=IconName::Alert tone=Tone::Bad title=failure.title() text=failure.advice() detail=detail>
                    <button class="button" on:click=move |_| list.with_value(|list| list.read())>"Try again"</button>
                    <button class="button" data-kind="quiet" on:click=move |_| session.expire()>"Sign in again"</button>
                </State>
            }
            .into_any()
        }
        (None, RowCount::Exactly(0)) if question.get().is_filtered() => view! {
            <State icon=IconName::Search title="No base bucket fits the filter" text="Every one was read; none holds what you look for.">
                <button class="button" on:click=move |_| ask.run(Question { sort: question.get_untracked().sort, ..Question::default() })>"Take the filter away"</button>
            </State>
        }
        .into_any(),
        (None, RowCount::Exactly(0)) => view! {
            <State icon=IconName::Bucket title="There are no base buckets" text="Your role may see them, and the list came back empty. Make the first one." />
        }
        .into_any(),
        _ => return None,
    };
    Some(view! { <div class="state-over">{message}</div> }.into_any())
}

const STATES: [(Option<bool>, &str); 3] = [(None, "All"), (Some(false), "Active"), (Some(true), "Retired")];

#[component]
fn BucketFilter(
    session: Session,
    question: Memo<Question>,
    ask: Callback<Question>,
    children: Children,
) -> impl IntoView {
    let find = move |find: String| ask.run(Question { find, ..question.get_untracked() });
    let chip = move |(retired, words): (Option<bool>, &'static str)| {
        let pressed = move || question.get().retired == retired;
        let press = move |_| ask.run(Question { retired, ..question.get_untracked() });
        view! { <button class="chip" aria-pressed=move || pressed().to_string() on:click=press>{words}</button> }
    };
    let units = move || {
        let chosen = question.get().unit.map(|unit| unit.to_string()).unwrap_or_default();
        let tables = session.lookups.tables.get();
        let option = |unit: &crate::lookups::Code| {
            let (code, label, is_chosen) = (unit.code.clone(), unit.meaning.clone(), unit.code == chosen);
            view! { <option value=code selected=is_chosen>{label}</option> }
        };
        let all = tables.list(BASE_UNITS);
        // What the address asks for must be there to be seen.
        let missing = (!chosen.is_empty() && !all.iter().any(|unit| unit.code == chosen)).then(|| {
            let code = chosen.clone();
            view! { <option value=code selected=true>{format!("Unit {chosen}")}</option> }
        });
        view! { {all.iter().map(option).collect_view()}{missing} }
    };
    view! {
        <div class="filter-bar" role="search" aria-label="Filter base buckets">
            <div class="chips" role="group" aria-label="State">{STATES.map(chip)}</div>
            <select class="input bucket-unit-filter" aria-label="Unit" on:change:target=move |event| ask.run(Question { unit: event.target().value().parse().ok(), ..question.get_untracked() })>
                <option value="" selected=move || question.get().unit.is_none()>"All units"</option>
                {units}
            </select>
            <SearchBox find=Signal::derive(move || question.get().find) on_find=find placeholder="Name, unit, owner, identifier" label="Find base buckets" />
            <div class="filter-bar-end">{children()}</div>
        </div>
    }
}
