//! The list of events, or the intervals that follow from them, under one head and one filter.

use super::filter_bar::UsageFilterBar;
use super::foot::UsageFoot;
use super::intervals::Intervals;
use super::kept_copy::KeepCopy;
use super::question::Question;
use super::source::UsageList;
use crate::address_query::ask_by_address;
use crate::app::PageHead;
use crate::controls::{ColumnMenu, IconName, OpenColumn, State};
use crate::grid_view::{GridCommand, GridSource, GridView};
use crate::rest_client::SignInMethod;
use crate::sign_in::Session;
use grid_model::{ColumnLayout, RowCount, Tone, next_sort};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use rest_contract::cloud_foundry::PlatformRole;
use std::rc::Rc;

pub const HOME: &str = "/service-usage";
pub const INTERVALS: &str = "/service-usage/intervals";

/// The list that is open, for the drawer beside it.
#[derive(Clone, Copy)]
pub struct OpenUsage(pub StoredValue<Rc<UsageList>, LocalStorage>);

#[component]
pub fn ServiceUsagePage() -> impl IntoView {
    let session = expect_context::<Session>();
    let query = use_query_map();
    let question = Memo::new(move |_| query.with(Question::read));
    let list = StoredValue::new_local(UsageList::new(session, question.get_untracked()));
    provide_context(OpenUsage(list));
    on_cleanup(move || {
        list.try_with_value(|list| list.stop());
    });
    Effect::new(move || list.with_value(|list| list.ask(question.get())));
    let renewed = session.renewed;
    Effect::new(move |before: Option<u64>| {
        let times = renewed.get();
        if before.is_some_and(|before| before != times) {
            list.with_value(UsageList::retry);
        }
        times
    });
    let navigate = StoredValue::new_local(use_navigate());
    let location = use_location();
    let ask = ask_by_address(Question::write);
    let go = Callback::new(move |path: String| {
        navigate.with_value(|go| go(&path, NavigateOptions { scroll: false, ..NavigateOptions::default() }));
    });
    let is_intervals = Memo::new(move |_| location.pathname.get() == INTERVALS);
    // Intervals do not go by states, so that no event matches says nothing of them.
    let (rows, failure) = list.with_value(|list| (list.count, list.failure));
    let has_nothing = Memo::new(move |_| {
        rows.track();
        failure.get().is_some() || list.with_value(|list| list.table().is_empty())
    });
    let tab = move |path: &'static str, is_of_intervals: bool, words: &'static str| {
        let href = move || format!("{path}{}", question.get().write());
        let current = move || (is_intervals.get() == is_of_intervals).then_some("page");
        view! { <a class="chip" href=href aria-current=current>{words}</a> }
    };
    view! {
        <PageHead title="Service usage">
            <button class="button" data-kind="quiet" on:click=move |_| list.with_value(UsageList::refresh)>"Refresh"</button>
            <KeepCopy session=session />
            <a class="button" href="/service-usage/purge">"Purge and reseed"</a>
        </PageHead>
        <UsageFilterBar list=list question=question ask=ask is_intervals=is_intervals>
            <nav class="chips tabs" aria-label="Views of service usage">{tab(HOME, false, "Events")}{tab(INTERVALS, true, "Intervals")}</nav>
        </UsageFilterBar>
        <div class="page-body">
            <div class="page-main">
                <Show when=move || is_intervals.get() fallback=move || view! { <UsageGrid session=session list=list question=question ask=ask go=go /> }>
                    <Intervals list=list question=question />
                    <Show when=move || has_nothing.get()>
                        <EmptyList session=session list=list question=question ask=ask />
                    </Show>
                </Show>
                <UsageFoot session=session list=list />
            </div>
            <Outlet />
        </div>
    }
}

#[component]
fn UsageGrid(
    session: Session,
    list: StoredValue<Rc<UsageList>, LocalStorage>,
    question: Memo<Question>,
    ask: Callback<Question>,
    go: Callback<String>,
) -> impl IntoView {
    let revision = list.with_value(|list| list.revision);
    let layout = RwSignal::new(ColumnLayout::default());
    let columns =
        Memo::new(move |_| list.with_value(|list| layout.with(|layout| list.columns.lay_out(layout))));
    let menu = RwSignal::new(None::<OpenColumn>);
    let column_id = move |column: usize| {
        columns.with_untracked(|columns| columns.get(column).map(|column| column.id.clone()))
    };
    let on_command = Callback::new(move |command: GridCommand| match command {
        GridCommand::Open { row } => {
            if let Some(guid) = list.with_value(|list| list.guid(row)) {
                go.run(format!("{}{}", event_address(&guid), question.get_untracked().write()));
            }
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
        GridCommand::Retry { .. } => list.with_value(UsageList::retry),
        GridCommand::Menu { row: None, column, left, top } => {
            menu.set(column_id(column).map(|id| OpenColumn { id, left, top }));
        }
        GridCommand::Commit { .. }
        | GridCommand::Select(_)
        | GridCommand::ActiveCell { .. }
        | GridCommand::Copied { .. }
        | GridCommand::Menu { .. } => (),
    });
    let generation = Memo::new(move |before: Option<&(Question, u64)>| {
        let now = question.get();
        match before {
            Some((question, number)) if *question == now => (now, *number),
            Some((_, number)) => (now, number + 1),
            None => (now, 0),
        }
    });
    let sort = Signal::derive(move || question.get().sort);
    let on_sort = Callback::new(move |sort| ask.run(Question { sort, ..question.get_untracked() }));
    let source: Rc<dyn GridSource> = Rc::new(list.get_value());
    view! {
        <div class="grid-room">
            <GridView source=source columns=columns revision=revision query=Signal::derive(move || generation.get().1) sort=sort label="Service usage events" on_command=on_command />
            <EmptyList session=session list=list question=question ask=ask />
            <ColumnMenu open=menu columns=columns layout=layout sort=sort on_sort=on_sort />
        </div>
    }
}

pub fn event_address(guid: &str) -> String {
    format!("{HOME}/events/{}", String::from(js_sys::encode_uri_component(guid)))
}

/// What stands where there are no rows.
#[derive(Clone, PartialEq)]
struct Emptiness {
    icon: IconName,
    tone: Tone,
    title: String,
    text: String,
    /// What can be done, as a button says it.
    remedy: Option<Remedy>,
}

#[derive(Clone, Copy, PartialEq)]
enum Remedy {
    Unfilter,
    Retry,
}

#[component]
fn EmptyList(
    session: Session,
    list: StoredValue<Rc<UsageList>, LocalStorage>,
    question: Memo<Question>,
    ask: Callback<Question>,
) -> impl IntoView {
    let (failure, rows) = list.with_value(|list| (list.failure, list.count));
    let why = Memo::new(move |_| {
        let access = session.access()?;
        let says = |icon, title: &str, text: &str, remedy| {
            Some(Emptiness {
                icon,
                tone: Tone::Plain,
                title: title.to_owned(),
                text: text.to_owned(),
                remedy,
            })
        };
        if access.method == SignInMethod::Basic {
            return says(
                IconName::Lock,
                "The platform takes access tokens only",
                "You signed in with a password that goes with every call. To read service usage, sign out and sign in with a token.",
                None,
            );
        }
        if let Some(failure) = failure.get() {
            let request = failure.request_id.as_ref().map(|id| format!(" Request {id}")).unwrap_or_default();
            let text = failure.advice() + &request;
            let (icon, tone, remedy) = (IconName::Alert, Tone::Bad, Some(Remedy::Retry));
            return Some(Emptiness { icon, tone, title: failure.title(), text, remedy });
        }
        if rows.get() != RowCount::Exactly(0) {
            return None;
        }
        match access.platform.barred_from_reading() {
            Some(reason) => says(IconName::Lock, "Your role may not see service usage events", reason, None),
            None if question.with(Question::is_filtered) => says(
                IconName::Search,
                "No event matches",
                "The platform has events, but none that this filter wants.",
                Some(Remedy::Unfilter),
            ),
            None if access.platform == PlatformRole::Unknown => says(
                IconName::Events,
                "No events were given",
                "There are none, or your role may not see them: the scopes of your token cannot be read here.",
                None,
            ),
            None => says(
                IconName::Events,
                "There are no service usage events",
                "Your role sees everything, and the platform has none. Events appear when service instances are made, changed or deleted.",
                None,
            ),
        }
    });
    let act = move |remedy| match remedy {
        Remedy::Unfilter => ask.run(question.get_untracked().unfiltered()),
        Remedy::Retry => list.with_value(UsageList::retry),
    };
    move || {
        why.get().map(|Emptiness { icon, tone, title, text, remedy }| {
            let button = remedy.map(|remedy| {
                let words = if remedy == Remedy::Unfilter { "Show all events" } else { "Try again" };
                view! { <button class="button" on:click=move |_| act(remedy)>{words}</button> }
            });
            view! { <div class="state-over"><State icon=icon tone=tone title=title text=text>{button}</State></div> }
        })
    }
}
