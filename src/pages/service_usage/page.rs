//! The list of events, or the intervals that follow from them, under one head and one filter.

use super::columns::USAGE_COLUMNS;
use super::filter_bar::UsageFilterBar;
use super::foot::UsageFoot;
use super::intervals::intervals_part;
use super::list_query::ListQuery;
use super::saved_copy::SaveCopy;
use super::source::{UsageList, usage_list};
use crate::api::{Failure, SignInMethod, System};
use crate::data::session::Session;
use crate::features::help::{help_mark, topic};
use crate::features::list::{
    ColumnFilters, ListExport, ListGrid, NextTry, advice, names_of, query_number, use_list_query,
    when_renewed, why_more,
};
use crate::features::page_head::PageHead;
use crate::routes::{self, ask_by_address};
use crate::ui::controls::{IconName, State, way_by};
use crate::ui::part_styles::use_part_styles;
use grid_model::{RowCount, Tone};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use rest_contract::cloud_foundry::PlatformRole;
use std::rc::Rc;
use std::sync::Arc;

/// The list that is open, for the drawer beside it.
#[derive(Clone, Copy)]
pub struct OpenUsage(pub StoredValue<Rc<UsageList>, LocalStorage>);

#[component]
pub fn ServiceUsagePage() -> impl IntoView {
    use_part_styles(include_str!("../../../style/service_usage.css"));
    let session = expect_context::<Session>();
    let query = use_list_query(ListQuery::read);
    let list = StoredValue::new_local(usage_list(session, query.get_untracked()));
    provide_context(OpenUsage(list));
    Effect::new(move || list.with_value(|list| list.ask(query.get())));
    let location = use_location();
    let ask = ask_by_address(ListQuery::write);
    let filters = ColumnFilters {
        session,
        columns: &USAGE_COLUMNS,
        one: "event",
        several: "events",
        asked: Signal::derive(move || query.with(ListQuery::conditions)),
        ask: Callback::new(move |(field, condition)| {
            ask.run(query.get_untracked().with_filter(field, condition));
        }),
    };
    when_renewed(session, Callback::new(move |()| list.with_value(|list| list.retry())));
    // What a column holds is counted over every event.
    let wants_whole = list.with_value(|list| list.list.pages.wants_whole);
    Effect::new(move || {
        if wants_whole.get() {
            list.with_value(|list| list.read_whole());
        }
    });
    let export = ListExport {
        open: RwSignal::new(false),
        system: System::CloudFoundry,
        source: Signal::derive(|| "All service usage events".to_owned()),
        asked: Signal::derive(move || query.with(ListQuery::words)),
        why_not_all: Signal::derive(move || {
            let names = query.with(|query| names_of(&query.not_known));
            (!names.is_empty()).then(|| why_more(&names, "events"))
        }),
        progress: list.with_value(|list| list.list.pages.progress),
    };
    let is_intervals = Memo::new(move |_| location.pathname.get() == routes::USAGE_INTERVALS);
    let why = why_empty(session, list, query);
    // Intervals do not go by states, so that no event matches says nothing of them.
    let status = list.with_value(|list| list.list.pages.status);
    let has_nothing = Memo::new(move |_| {
        status.get().failure.is_some() || list.with_value(|list| list.events().is_empty())
    });
    // Whoever may not purge has no use of the way there; where the role cannot be read, the page says so.
    let may_purge = Memo::new(move |_| {
        session.access().is_some_and(|access| {
            access.platform == PlatformRole::Unknown || access.platform.blocked_from_purging().is_none()
        })
    });
    let tab = move |path: &'static str, is_of_intervals: bool, words: &'static str| {
        let href = move || format!("{path}{}", query.get().write());
        let current = move || (is_intervals.get() == is_of_intervals).then_some("page");
        view! { <a class="chip" href=href aria-current=current>{words}</a> }
    };
    view! {
        <PageHead title="Service usage">
            <button class="button" data-kind="quiet" on:click=move |_| list.with_value(|list| list.refresh())>"Refresh"</button>
            <Show when=move || !is_intervals.get()>{export.button()}</Show>
            <SaveCopy session=session />
            <Show when=move || may_purge.get()><a class="button" href=routes::PURGE>"Purge and reseed"</a></Show>
        </PageHead>
        <UsageFilterBar list=list filters=filters query=query ask=ask is_intervals=is_intervals>
            <nav class="chips views" aria-label="Views of service usage">{tab(routes::SERVICE_USAGE, false, "Events")}{tab(routes::USAGE_INTERVALS, true, "Intervals")}</nav>
            {help_mark(topic::INTERVAL, "intervals")}
        </UsageFilterBar>
        <div class="page-body">
            <div class="page-main">
                <Show when=move || is_intervals.get() fallback=move || view! { <UsageGrid session=session list=list filters=filters query=query ask=ask why=why export=export /> }>
                    <div class="grid-room">
                        {move || intervals_part::view(list, query)}
                        <Show when=move || has_nothing.get()>
                            {move || why.get().map(|why| view! { <div class="state-over"><EmptyList session=session why=why list=list query=query ask=ask /></div> })}
                        </Show>
                    </div>
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
    filters: ColumnFilters,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
    why: Memo<Option<Emptiness>>,
    export: ListExport,
) -> impl IntoView {
    let address =
        move |key: Arc<str>| Some(format!("{}{}", routes::usage_event(&key), query.get_untracked().write()));
    let instead = move |_| {
        why.get().map(|why| {
            view! { <EmptyList session=session why=why list=list query=query ask=ask /> }.into_any()
        })
    };
    let sort = Signal::derive(move || query.get().sort);
    let on_sort = Callback::new(move |sort| ask.run(ListQuery { sort, ..query.get_untracked() }));
    view! {
        <ListGrid
            session=session
            list=Rc::new(list.with_value(|list| Rc::clone(&list.list)))
            label="Service usage events"
            query=query_number(query)
            sort=sort
            on_sort=on_sort
            filters=filters
            address=address
            instead=instead
            export=export
        />
    }
}

/// What stands where there are no rows.
#[derive(Clone, PartialEq)]
struct Emptiness {
    icon: IconName,
    tone: Tone,
    title: String,
    text: String,
    remedy: Option<Remedy>,
}

/// What can be done about it.
#[derive(Clone, PartialEq)]
enum Remedy {
    Unfilter,
    ReadAgain,
    SignIn,
    TryAgain(Failure),
}

fn why_empty(
    session: Session,
    list: StoredValue<Rc<UsageList>, LocalStorage>,
    query: Memo<ListQuery>,
) -> Memo<Option<Emptiness>> {
    let status = list.with_value(|list| list.list.pages.status);
    Memo::new(move |_| {
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
                "You signed in with a password that goes with every call. To read service usage, sign in with a token.",
                Some(Remedy::SignIn),
            );
        }
        if let Some(failure) = status.get().failure {
            let text = format!("{} {}", advice(&failure), failure.detail());
            let (icon, tone, title) = (IconName::Alert, Tone::Bad, failure.title());
            return Some(Emptiness { icon, tone, title, text, remedy: Some(Remedy::TryAgain(failure)) });
        }
        if status.get().count != RowCount::Exactly(0) {
            return None;
        }
        match access.platform.blocked_from_reading() {
            Some(reason) => says(
                IconName::Lock,
                "Your role may not see service usage events",
                reason,
                Some(Remedy::SignIn),
            ),
            None if query.with(ListQuery::is_filtered) => says(
                IconName::Search,
                "No event matches",
                "The platform has events, but none that this filter wants.",
                Some(Remedy::Unfilter),
            ),
            None if access.platform == PlatformRole::Unknown => says(
                IconName::Events,
                "No events were given",
                "There are none, or your role may not see them: the scopes of your token cannot be read here.",
                Some(Remedy::ReadAgain),
            ),
            None => says(
                IconName::Events,
                "There are no service usage events",
                "Your role sees everything, and the platform has none. Events appear when service instances are made, changed or deleted.",
                Some(Remedy::ReadAgain),
            ),
        }
    })
}

#[component]
fn EmptyList(
    session: Session,
    why: Emptiness,
    list: StoredValue<Rc<UsageList>, LocalStorage>,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
) -> impl IntoView {
    let button = why.remedy.map(|remedy| match remedy {
        Remedy::Unfilter => {
            let unfilter = move |()| ask.run(query.get_untracked().unfiltered());
            way_by("Show all events", Callback::new(unfilter))
        }
        Remedy::ReadAgain => {
            way_by("Read again", Callback::new(move |()| list.with_value(|list| list.refresh())))
        }
        Remedy::SignIn => way_by(
            "Sign in to the platform again",
            Callback::new(move |()| session.ask_to_sign_in(System::CloudFoundry)),
        ),
        Remedy::TryAgain(failure) => {
            let again = Callback::new(move |()| list.with_value(|list| list.retry()));
            view! { <NextTry failure=failure again=again /> }.into_any()
        }
    });
    view! { <State icon=why.icon tone=why.tone title=why.title text=why.text>{button}</State> }
}
