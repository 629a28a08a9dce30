//! The page: filter, grid, and what can be done to a selection.

use super::bulk_edit::{Chosen, Together};
use super::columns::{BUCKET_COLUMNS, STATE, UNIT};
use super::create::CreateBucket;
use super::list_query::{self, ACTIVE, RETIRED};
use super::source::{BucketList, bucket_list};
use crate::api::{Failure, FailureKind, RecordKey, Resource, System};
use crate::data::lookups::Code;
use crate::data::session::Session;
use crate::features::allowed_button::AllowedButton;
use crate::features::list::{
    ColumnFilters, FailureState, ListExport, ListFilterBar, ListGrid, ListQuery, ListStatus, NotShown,
    query_number, use_list_query,
};
use crate::features::page_head::PageHead;
use crate::routes::{self, ask_by_address};
use crate::text::count;
use crate::ui::controls::{IconName, State, UnreadRecords, way_by};
use grid_model::{Picked, RowCount, Selection, SortKey};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use rest_contract::logisense::BASE_UNITS;
use std::rc::Rc;
use std::sync::Arc;

type List = StoredValue<Rc<BucketList>, LocalStorage>;

/// The list that is open, for the drawer beside it.
#[derive(Clone, Copy)]
pub struct OpenBuckets(pub List);

#[component]
pub fn BucketsPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let sync = session.sync;
    let query = use_list_query(list_query::read);
    let list: List = StoredValue::new_local(bucket_list(session, query.get_untracked()));
    provide_context(OpenBuckets(list));
    let shown = list.with_value(|list| Rc::clone(&list.list));
    let (revision, status) = (shown.pages.revision, shown.pages.status);
    let (total, unread, is_reading) = (shown.spec.total, shown.spec.unread, shown.spec.is_reading);
    Effect::new(move || list.with_value(|list| list.ask(query.get())));
    // Read at first, when something was made or deleted here, and after a new sign-in.
    Effect::new(move || {
        sync.actions_done.track();
        session.renewed.track();
        list.with_value(|list| untrack(|| list.read()));
    });
    sync.on_changed(move |keys| {
        if keys.iter().any(|key| key.resource == Resource::Bucket) {
            revision.update(|revision| *revision += 1);
        }
    });
    let selection = RwSignal::new(Selection::None);
    let ask = ask_by_address(|query: &ListQuery| query.write([]));
    let filters =
        ColumnFilters::of_query(session, &BUCKET_COLUMNS, ("base bucket", "base buckets"), query, ask);
    let address = move |key: Arc<str>| {
        let identity = bucket_key(&key).identity()?;
        Some(format!("{}{}", routes::base_bucket(identity), query.get_untracked().write([])))
    };
    let creating = RwSignal::new(false);
    let together = RwSignal::new(None::<Vec<Chosen>>);
    let selected = move || {
        revision.track();
        selection.with(|selection| match (selection, selection.records()) {
            (_, Some(records)) => records.iter().collect::<Vec<Picked>>(),
            (Selection::All(_), None) => {
                let shown = list.with_value(|list| list.shown());
                shown.into_iter().filter(|picked| selection.holds(&picked.key)).collect()
            }
            (_, None) => Vec::new(),
        })
    };
    let chosen = Memo::new(move |_| selected().len());
    let change_together = move || {
        let picked = untrack(selected);
        let chosen =
            list.with_value(|list| picked.iter().map(|one| Chosen::of(list, one)).collect::<Vec<_>>());
        together.set((!chosen.is_empty()).then_some(chosen));
    };
    let blocked = Memo::new(move |_| {
        session.state.track();
        session.blocked_from_buckets().map(str::to_owned)
    });
    let why_not_together = Signal::derive(move || {
        let nothing = || (chosen.get() == 0).then(|| "Select the base buckets to change first.".to_owned());
        blocked.get().or_else(nothing)
    });
    let sort = Signal::derive(move || query.get().sort);
    let on_sort =
        Callback::new(move |sort: Vec<SortKey>| ask.run(ListQuery { sort, ..query.get_untracked() }));
    let export = ListExport::of_query(
        System::LogiSense,
        "All base buckets",
        "base buckets",
        query,
        shown.pages.progress,
    );
    let totals = move || match (status.get().count.exact(), total.get()) {
        (Some(shown), Some(total)) if shown != total => {
            format!("{} of {} base buckets", count(shown as u64), count(total as u64))
        }
        (Some(1), _) => "1 base bucket".to_owned(),
        (Some(shown), _) => format!("{} base buckets", count(shown as u64)),
        (None, _) => "Reading the base buckets".to_owned(),
    };
    view! {
        <PageHead title="Base buckets">
            <AllowedButton session=session words="New base bucket" kind="primary" forbidden=blocked press=move || creating.set(true) />
            <button class="button" data-kind="quiet" on:click=move |_| list.with_value(|list| list.read())>"Refresh"</button>
            {export.button()}
        </PageHead>
        <ListFilterBar filters=filters query=query ask=ask placeholder="Name, unit, owner, identifier" told=&[STATE, UNIT]
            fields=move || state_and_unit(session, query, ask)>
            <NotShown list=list.with_value(|list| Rc::new(Rc::clone(&list.list))) selection=selection />
            <AllowedButton session=session forbidden=why_not_together press=change_together
                words=Signal::derive(move || match chosen.get() { 0 => "Edit selected\u{2026}".to_owned(), number => format!("Edit {} selected\u{2026}", count(number as u64)) }) />
        </ListFilterBar>
        <div class="page-body">
            <div class="page-main">
                <ListGrid
                    session=session
                    list=Rc::new(shown)
                    label="Base buckets"
                    query=query_number(query)
                    sort=sort
                    on_sort=on_sort
                    filters=filters
                    address=address
                    instead=move |status| list_message(session, list, status, query, ask, creating)
                    again=Callback::new(move |()| list.with_value(|list| list.read()))
                    selection=selection
                    export=export
                />
                <footer class="totals-bar" role="group" aria-label="Totals"><strong>{totals}</strong><UnreadRecords records=unread />
                    <span role="status">{move || is_reading.get().then_some("Reading")}</span>
                </footer>
            </div>
            <Outlet />
        </div>
        <CreateBucket session=session list=list open=creating />
        <Together session=session list=list chosen=together />
    }
}

/// What stands in the place of rows where there are none.
fn list_message(
    session: Session,
    list: List,
    status: ListStatus,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
    creating: RwSignal<bool>,
) -> Option<AnyView> {
    Some(match (status.failure, status.count) {
        (Some(Failure { kind: FailureKind::Forbidden(reason), request_id, .. }), _) => {
            let detail = request_id.map(|id| format!("Tracking id {id}")).unwrap_or_default();
            view! { <State icon=IconName::Lock title="Your role may not see base buckets" text=reason detail=detail>
                {way_by("Sign in to LogiSense again", Callback::new(move |()| session.ask_to_sign_in(System::LogiSense)))}
            </State> }.into_any()
        }
        (Some(failure), _) => view! {
            <FailureState failure=failure again=move |()| list.with_value(|list| list.read())>
                <button class="button" data-kind="quiet" on:click=move |_| session.ask_to_sign_in(System::LogiSense)>"Sign in again"</button>
            </FailureState>
        }
        .into_any(),
        (None, RowCount::Exactly(0)) if query.get().is_filtered() => view! {
            <State icon=IconName::Search title="No base bucket fits the filter" text="Every one was read; none holds what you look for.">
                {way_by("Take the filter away", Callback::new(move |()| ask.run(query.get_untracked().unfiltered())))}
            </State>
        }
        .into_any(),
        (None, RowCount::Exactly(0)) => {
            let may_make = session.blocked_from_buckets().is_none();
            let (text, way) = if may_make {
                (
                    "Your role may see them, and the list came back empty. Make the first one.",
                    way_by("Make the first base bucket", Callback::new(move |()| creating.set(true))),
                )
            } else {
                (
                    "Your role may see them, and the list came back empty. Somebody who may make them has to make the first one.",
                    way_by("Read again", Callback::new(move |()| list.with_value(|list| list.read()))),
                )
            };
            view! { <State icon=IconName::Bucket title="There are no base buckets" text=text>{way}</State> }.into_any()
        }
        _ => return None,
    })
}

/// The bucket that the grid knows by this key.
pub fn bucket_key(key: &str) -> RecordKey {
    RecordKey { resource: Resource::Bucket, path: key.into() }
}

const STATES: [(&str, &str); 3] = [("", "All"), (ACTIVE, ACTIVE), (RETIRED, RETIRED)];

/// The state and the unit that are asked for.
fn state_and_unit(session: Session, query: Memo<ListQuery>, ask: Callback<ListQuery>) -> impl IntoView {
    let choose = move |column: &str, value: &str| {
        if let Some(field) = BUCKET_COLUMNS.field(column) {
            ask.run(query.get_untracked().with_only_value(field, value));
        }
    };
    let chip = move |(state, words): (&'static str, &'static str)| {
        let pressed = move || query.with(|query| query.only_value(STATE) == state);
        view! { <button class="chip" aria-pressed=move || pressed().to_string() on:click=move |_| choose(STATE, state)>{words}</button> }
    };
    let units = move || {
        let chosen = query.with(|query| query.only_value(UNIT).to_owned());
        let tables = session.lookups.tables.get();
        let option = |unit: &Code| {
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
        <div class="chips" role="group" aria-label="State">{STATES.map(chip)}</div>
        <select class="input bucket-unit-filter" aria-label="Unit" on:change:target=move |event| choose(UNIT, &event.target().value())>
            <option value="" selected=move || query.with(|query| query.only_value(UNIT).is_empty())>"All units"</option>
            {units}
        </select>
    }
}
