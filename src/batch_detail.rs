//! One batch: what it is, how its events stand, and its parts behind tabs: the grid of its events, its
//! errors by cause, its rules, what its processing did.
//!
//! Not here: the grid itself (`event_grid`) and the open event (`event_drawer`).

mod head;
mod tabs;

use crate::app::PageHead;
use crate::batch_result::BatchResult;
use crate::batch_work::{BatchRules, BatchSteps};
use crate::controls::{Badge, IconName, State};
use crate::display_text::{StatusClass, class_of};
use crate::error_triage::ErrorTriage;
use crate::event_grid::EventGrid;
use crate::rest_client::{Failure, FailureKind, RecordKey};
use crate::sign_in::Session;
use grid_model::Tone;
use head::BatchHead;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use rest_contract::Record;
use std::sync::Arc;
use std::time::Duration;
use tabs::{Tab, TabBar, open_tab};

/// How often a batch in process is looked at.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(1_500);

/// The batch as it was read, for the parts of the page.
type BatchRead = Option<Result<Arc<Record>, Failure>>;

#[component]
pub fn BatchPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get("number").unwrap_or_default()));
    // A batch is a page of its own: nothing of the one before may stay.
    move || view! { <OneBatch number=number.get() /> }
}

#[component]
fn OneBatch(number: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let batch = RwSignal::<BatchRead>::new(None);
    let home = format!("/batches/{}", String::from(js_sys::encode_uri_component(&number)));
    let read = {
        let number = number.clone();
        move || {
            let key = RecordKey::batch(&number);
            spawn_local(async move {
                let result = session.client.read_record(&key).await;
                if matches!(&result, Err(failure) if failure.kind == FailureKind::SignedOut) {
                    session.expire();
                    return;
                }
                batch.try_set(Some(result.map(Arc::new)));
            });
        }
    };
    // Read at first, after a new sign-in, and when the counts may have changed: once everything
    // that was proposed is settled.
    let settled = Memo::new(move |_| session.sync.summary.get().unfinished() == 0);
    // What was done to the batch may have changed which events are in it.
    let settled_times = session.sync.actions_done;
    {
        let read = read.clone();
        Effect::new(move || {
            session.renewed.track();
            if settled.get() {
                read();
            }
        });
    }
    let read = StoredValue::new_local(read);
    let title = {
        let number = number.clone();
        Signal::derive(move || match batch.get() {
            Some(Ok(batch)) => batch.text("BatchName").map_or_else(|| number.clone(), str::to_owned),
            _ => number.clone(),
        })
    };
    let back = {
        let number = number.clone();
        move || view! { <span class="crumb"><a href="/batches">"Batches"</a><span aria-hidden="true">"/"</span><span class="mono">{number.clone()}</span></span> }
    };
    let status = move || {
        let tables = session.lookups.tables.get();
        match batch.get() {
            Some(Ok(batch)) => batch.text("BatchStatus").map(|code| {
                view! { <Badge tone=class_of(code).tone() text=tables.meaning(crate::lookups::BATCH_STATUS, code) /> }
            }),
            _ => None,
        }
    };
    let is_missing = Memo::new(
        move |_| matches!(batch.get(), Some(Err(failure)) if failure.kind == FailureKind::NotFound),
    );
    let failure = move || match batch.get() {
        Some(Err(failure)) if failure.kind != FailureKind::NotFound => Some(failure),
        _ => None,
    };
    let missing_number = number.clone();
    let known = Signal::derive(move || batch.get().and_then(Result::ok));
    let is_known = Memo::new(move |_| known.with(Option::is_some));
    let steps_number = StoredValue::new(number.clone());
    // While the rating process works the batch is looked at again and again, and its events once it
    // has come to an end.
    let works = Memo::new(move |_| {
        let class = |batch: &Record| batch.text("BatchStatus").map(class_of);
        batch.with(|batch| matches!(batch, Some(Ok(batch)) if class(batch) == Some(StatusClass::Working)))
    });
    let looks = RwSignal::new(0_u32);
    Effect::new(move || {
        batch.track();
        if works.get() {
            let look = move || {
                looks.try_update(|looks| *looks += 1);
            };
            set_timeout(look, LOOK_AGAIN_AFTER);
        }
    });
    Effect::new(move || {
        if looks.get() > 0 {
            read.with_value(|read| read());
        }
    });
    let events_changed = Memo::new(move |before: Option<&(u64, bool)>| {
        let works = works.get();
        match before {
            Some((times, worked)) => (times + u64::from(*worked && !works), works),
            None => (0, works),
        }
    });
    let changed = Signal::derive(move || events_changed.get().0 + settled_times.get());
    let tab = open_tab(home.clone());
    let parts = {
        let (number, home) = (number.clone(), home.clone());
        move || {
            let (number, home) = (number.clone(), home.clone());
            match tab.get() {
                Tab::Events => {
                    view! { <EventGrid session=session batch=Some(number) home=home changed=changed /> }
                        .into_any()
                }
                Tab::Errors => {
                    view! { <ErrorTriage session=session batch=number home=home changed=changed /> }
                        .into_any()
                }
                Tab::Rules => {
                    view! { <BatchRules session=session number=number changed=changed /> }.into_any()
                }
                Tab::Result => {
                    view! { <BatchResult session=session number=number batch=known changed=changed /> }
                        .into_any()
                }
            }
        }
    };
    view! {
        <PageHead title=title before=back>{status}</PageHead>
        <Show
            when=move || !is_missing.get()
            fallback=move || view! {
                <State icon=IconName::Search tone=Tone::Bad title=format!("There is no batch {missing_number}")
                    text="It may have been deleted, the address may be mistyped, or your role may not see it.">
                    <a class="button" href="/batches">"Go to the batches"</a>
                </State>
            }
        >
            {move || failure().map(|failure| view! {
                <div class="batch-head">
                    <State icon=IconName::Alert tone=Tone::Bad title=failure.title() text=failure.advice() detail=failure.request_id.map(|id| format!("Request {id}")).unwrap_or_default()>
                        <button class="button" on:click=move |_| read.with_value(|read| read())>"Try again"</button>
                    </State>
                </div>
            })}
            <BatchHead batch=batch session=session />
            <Show when=move || is_known.get()>
                <BatchSteps session=session number=steps_number.get_value() batch=known />
            </Show>
            <TabBar home=home.clone() tab=tab batch=known />
            {parts.clone()}
        </Show>
    }
}
