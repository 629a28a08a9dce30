//! One base bucket beside the list: its fields, until when it is in use, what it covers, its end.

use super::HOME;
use super::deletion::{Deleted, Deletion, was_deleted};
use super::details::DetailRows;
use super::life::Life;
use super::page::OpenBuckets;
use crate::controls::{Badge, Icon, IconName, Notice, State};
use crate::event_drawer::{ConflictCards, RecordField};
use crate::rest_client::{Failure, FailureKind, RecordKey, content_of, fields_of};
use crate::sign_in::Session;
use grid_model::Tone;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use rest_contract::{Record, Value};
use std::sync::Arc;

/// The drawer at its own address, over the list.
#[component]
pub fn BucketDrawerRoute() -> impl IntoView {
    let params = use_params_map();
    let identity = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    move || {
        match identity.get().parse::<i64>() {
        Ok(identity) => view! { <BucketDrawer identity=identity /> }.into_any(),
        Err(_) => view! {
            <aside class="drawer" aria-label="Base bucket">
                <div class="drawer-body"><State icon=IconName::Search title="There is no such base bucket" text="The address is mistyped or out of date." /></div>
            </aside>
        }
        .into_any(),
    }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Reading {
    Under,
    Failed(Failure),
    Here,
}

#[component]
fn BucketDrawer(identity: i64) -> impl IntoView {
    let session = expect_context::<Session>();
    let OpenBuckets(list) = expect_context::<OpenBuckets>();
    let sync = session.sync;
    let key = RecordKey::bucket(identity);
    let reading = RwSignal::new(Reading::Under);
    let rows = RwSignal::new(Arc::from([]));
    let read = {
        let key = key.clone();
        move || {
            read_again(session, key.clone(), reading, rows, move |key, rows| {
                let known = list.try_with_value(|list| list.knows_details(key, rows));
                debug_assert!(known.is_some(), "the list outlives its drawer");
            });
        }
    };
    let again = StoredValue::new_local(read.clone());
    Effect::new(move || {
        session.renewed.track();
        sync.actions_done.track();
        untrack(&read);
    });
    // Held only once they are known, or the store would read them a second time.
    {
        let key = key.clone();
        Effect::new(move || {
            if reading.get() == Reading::Here {
                sync.hold(key.clone());
                rows.with(|rows| rows.iter().for_each(|row| sync.hold(row.clone())));
            }
        });
    }
    let root = NodeRef::<Div>::new();
    let location = use_location();
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |path: String, replace: bool| {
        let search = location.search.get_untracked();
        let search = search.trim_start_matches('?');
        let path = if search.is_empty() { path } else { format!("{path}?{search}") };
        navigate.with_value(|go| {
            go(&path, NavigateOptions { scroll: false, replace, ..NavigateOptions::default() });
        });
    };
    let go = StoredValue::new_local(go);
    let close = move || {
        go.with_value(|go| go(HOME.to_owned(), false));
        // The grid is where the person came from.
        if let Ok(Some(grid)) = document().query_selector("[role=grid]") {
            let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(grid).focus();
        }
    };
    let own = StoredValue::new(key.clone());
    let step = move |by: isize| {
        let neighbour = list.with_value(|list| {
            let place = own.with_value(|key| list.place_of(key))?.checked_add_signed(by)?;
            list.with_row(place, |row| row.key.identity()).flatten()
        });
        if let Some(identity) = neighbour {
            go.with_value(|go| go(format!("{HOME}/{identity}"), true));
        }
    };
    Effect::new(move || {
        if let Some(root) = root.get() {
            let _ = root.focus();
        }
    });
    let name = Memo::new(move |_| {
        sync.revision.track();
        own.with_value(|key| sync.with_view(key, |view| view?.shown(&"name")?.as_text().map(str::to_owned)))
    });
    let title = move || name.get().unwrap_or_else(|| format!("Base bucket {identity}"));
    let is_deleted = Memo::new(move |_| {
        sync.log_revision.track();
        own.with_value(|key| was_deleted(&session, key))
    });
    let badge = move || {
        sync.revision.track();
        let retired = own.with_value(|key| sync.with_view(key, |view| view?.shown(&"retired").cloned()))?;
        let (tone, text) = if is_deleted.get() {
            (Tone::Quiet, "Deleted")
        } else if retired == Value::Boolean(true) {
            (Tone::Quiet, "Retired")
        } else {
            (Tone::Ok, "Active")
        };
        Some(view! { <Badge tone=tone text=text /> })
    };
    let body = move || {
        if is_deleted.get() {
            return view! { <Deleted session=session key=key.clone() /> }.into_any();
        }
        match reading.get() {
            Reading::Under => {
                view! { <p class="quiet" role="status">"Reading the base bucket"</p> }.into_any()
            }
            Reading::Failed(failure) => {
                let detail =
                    failure.request_id.clone().map(|id| format!("Tracking id {id}")).unwrap_or_default();
                view! {
                    <State icon=IconName::Alert tone=Tone::Bad title=failure.title() text=failure.advice() detail=detail>
                        <button class="button" on:click=move |_| again.with_value(|read| read())>"Try again"</button>
                    </State>
                }
                .into_any()
            }
            Reading::Here => view! { <Bucket session=session key=key.clone() rows=rows /> }.into_any(),
        }
    };
    view! {
        <aside class="drawer" aria-label=move || format!("Base bucket {}", title()) on:keydown=move |event| {
            if event.key() == "Escape" && !event.default_prevented() {
                close();
            }
        }>
            <div class="drawer-head" node_ref=root tabindex="-1">
                <h2>{title}</h2>
                {badge}
                <div class="drawer-head-end">
                    <button class="button button-icon" data-kind="quiet" aria-label="Previous base bucket" title="Previous base bucket" on:click=move |_| step(-1)><Icon name=IconName::Previous /></button>
                    <button class="button button-icon" data-kind="quiet" aria-label="Next base bucket" title="Next base bucket" on:click=move |_| step(1)><Icon name=IconName::Next /></button>
                    <button class="button button-icon" data-kind="quiet" aria-label="Close the base bucket" title="Close (Esc)" on:click=move |_| close()><Icon name=IconName::Close /></button>
                </div>
            </div>
            <div class="drawer-body">{body}</div>
        </aside>
    }
}

#[component]
fn Bucket(session: Session, key: RecordKey, rows: RwSignal<Arc<[RecordKey]>>) -> impl IntoView {
    let retiring = RwSignal::new(false);
    let own = StoredValue::new(key.clone());
    let notice = move || {
        session.sync.revision.track();
        session.state.track();
        let barred =
            session.with_access(|access| access.and_then(|access| access.role.barred_from_buckets()));
        let is_retired = own.with_value(|key| {
            session.sync.with_view(key, |view| {
                view.is_some_and(|view| view.shown(&"retired") == Some(&Value::Boolean(true)))
            })
        });
        let text = barred.or_else(|| {
            is_retired
                .then_some("This base bucket is retired. Bring it back before you change anything of it.")
        });
        text.map(|text| view! { <Notice tone=Tone::Info icon=IconName::Lock title="Read only" text=text /> })
    };
    let field = |name: &'static &'static str| {
        view! { <RecordField session=session event=key.clone() key=key.clone() name=name /> }
    };
    view! {
        {notice}
        <ConflictCards session=session event=key.clone() charges=rows />
        <section data-section="fields">
            <h3>"Base bucket"</h3>
            <div class="fields">
                {field(&"name")}
                {field(&"usageBucketBaseUnitId")}
                {field(&"start")}
                {field(&"ownerName")}
                {field(&"identity")}
            </div>
        </section>
        <Life session=session key=key.clone() retiring=retiring />
        <DetailRows session=session bucket=key.clone() rows=rows />
        <Deletion session=session key=key retiring=retiring />
    }
}

/// Reads the bucket with its rows and hands both to the store.
fn read_again(
    session: Session,
    key: RecordKey,
    reading: RwSignal<Reading>,
    rows: RwSignal<Arc<[RecordKey]>>,
    knows: impl Fn(&RecordKey, usize) + 'static,
) {
    let Some(identity) = key.identity() else { return };
    let stamp = session.sync.stamp();
    spawn_local(async move {
        let result = session.client.read_bucket(identity).await;
        if reading.try_get_untracked().is_none() {
            return;
        }
        match result {
            Ok(bucket) => {
                let sync = session.sync;
                let record = Record::from(&bucket);
                sync.item_read(key.clone(), stamp, content_of(&record), fields_of(&record));
                let read = bucket.details.unwrap_or_default().0;
                let read: Arc<[RecordKey]> = read
                    .iter()
                    .map(|row| {
                        let (key, row) = (RecordKey::bucket_detail(row.identity), Record::from(row));
                        sync.item_read(key.clone(), stamp, content_of(&row), fields_of(&row));
                        key
                    })
                    .collect();
                knows(&key, read.len());
                // Drawing the parts anew would end what is being typed, so only where they differ.
                if rows.with_untracked(|before| *before != read) {
                    rows.set(read);
                }
                if reading.with_untracked(|before| *before != Reading::Here) {
                    reading.set(Reading::Here);
                }
            }
            Err(failure) => {
                if failure.kind == FailureKind::SignedOut {
                    session.expire();
                }
                if reading.with_untracked(|before| *before != Reading::Here) {
                    reading.set(Reading::Failed(failure));
                }
            }
        }
    });
}
