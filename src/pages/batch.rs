//! One batch: what it is, how its events stand, and its parts behind tabs: the grid of its events, its
//! errors by cause, its rules, what its processing did, the history of its changes.
//!
//! Not here: the grid itself (`features::event_list`) and the open event (`features::event_drawer`).

mod error_causes;
mod evidence;
mod head;
mod history;
mod result;
mod tabs;
mod watched_batch;

use crate::api::FailureKind;
use crate::data::session::Session;
use crate::features::batch_work::{BatchRules, MovedEvents, is_to_re_rate};
use crate::features::event_list::EventGrid;
use crate::features::list::{FailuresShown, when_moved};
use crate::features::page_head::PageHead;
use crate::routes::{self, PathPart, use_path_part};
use crate::text::{class_of, visible};
use crate::ui::controls::{Badge, IconName, State};
use crate::ui::part::part;
use error_causes::ErrorTriage;
pub use evidence::evidence_part;
use grid_model::Tone;
use head::BatchHead;
use history::BatchHistory;
use leptos::prelude::*;
use rest_contract::Record;
use result::BatchResult;
use std::sync::Arc;
use tabs::{Tab, TabBar, open_tab};
use watched_batch::WatchedBatch;

part! {
    /// The errors by cause.
    pub mod errors_part in batch_tabs: (
        session: Session,
        batch: String,
        home: String,
        changed: Signal<u64>,
    ) => view! { <ErrorTriage session=session batch=batch home=home changed=changed /> }
}

part! {
    /// The rules that the batch keeps.
    pub mod rules_part in rules: (session: Session, number: String, changed: Signal<u64>) =>
        view! { <BatchRules session=session number=number changed=changed /> }
}

part! {
    /// What its processing did.
    pub mod result_part in batch_tabs: (
        session: Session,
        number: String,
        batch: Signal<Option<Arc<Record>>>,
        changed: Signal<u64>,
    ) => view! { <BatchResult session=session number=number batch=batch changed=changed /> }
}

part! {
    /// What became of it, as the server keeps it.
    pub mod history_part in batch_tabs: (
        session: Session,
        number: String,
        home: String,
        batch: Signal<Option<Arc<Record>>>,
        changed: Signal<u64>,
    ) => view! { <BatchHistory session=session number=number home=home batch=batch changed=changed /> }
}

#[component]
pub fn BatchPage() -> impl IntoView {
    let number = use_path_part("number", PathPart::Second);
    // A batch is a page of its own: nothing of the one before may stay.
    move || view! { <OneBatch number=number.get() /> }
}

#[component]
fn OneBatch(number: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let batch = WatchedBatch::new(session, &number);
    let (known, shown) = (batch.known, batch.shown);
    let home = routes::batch(&number);
    // Read at first, after a new sign-in, and when the counts may have changed: once everything
    // that was proposed is settled.
    let settled = Memo::new(move |_| session.sync.summary.get().unfinished() == 0);
    // What was done to the batch may have changed which events are in it.
    let settled_times = session.sync.actions_done;
    Effect::new(move || {
        session.renewed.track();
        if settled.get() {
            batch.read();
        }
    });
    let title = {
        let number = number.clone();
        Signal::derive(move || {
            let name = shown.get().and_then(|batch| batch.text("BatchName").map(str::to_owned));
            name.unwrap_or_else(|| number.clone())
        })
    };
    let back = {
        let number = number.clone();
        move || view! { <span class="crumb"><a href=routes::BATCHES>"Batches"</a><span aria-hidden="true">"/"</span><span class="mono">{visible(&number).into_owned()}</span></span> }
    };
    let status = move || {
        let tables = session.lookups.tables.get();
        let batch = shown.get()?;
        batch.text("BatchStatus").map(|code| {
            view! { <Badge tone=class_of(code).tone() text=tables.meaning(crate::data::lookups::BATCH_STATUS, code) /> }
        })
    };
    let is_missing = Memo::new(move |_| batch.is_missing());
    // What fails below fails here too, mostly, and for the same reason: it is told once, and tried again at once.
    let below = FailuresShown::new();
    provide_context(below);
    let fails_below = Memo::new(move |_| below.any());
    let failure = Signal::derive(move || {
        batch.failure.get().filter(|failure| failure.kind != FailureKind::NotFound && !fails_below.get())
    });
    when_moved(
        Signal::derive(move || u64::from(fails_below.get())),
        Callback::new(move |()| {
            if !fails_below.get_untracked() && batch.failure.with_untracked(Option::is_some) {
                batch.read();
            }
        }),
    );
    let missing_number = number.clone();
    let head_number = StoredValue::new(number.clone());
    let is_proving = RwSignal::new(false);
    // A dialog stays once it was opened: it gives the focus back as it closes.
    let was_proving =
        Memo::new(move |before: Option<&bool>| is_proving.get() || before.is_some_and(|was| *was));
    // The events may be others once the rating process has come to an end.
    let changed = Signal::derive(move || batch.ends.get() + settled_times.get());
    let re_rates = Memo::new(move |_| shown.with(|batch| batch.as_deref().is_some_and(is_to_re_rate)));
    let tab = open_tab();
    let parts = {
        let (number, home) = (number.clone(), home.clone());
        move || {
            let (number, home) = (number.clone(), home.clone());
            match tab.get() {
                Tab::Events => {
                    view! { <EventGrid session=session batch=Some(number) home=home changed=changed re_rates=re_rates /> }
                        .into_any()
                }
                Tab::Errors => errors_part::view(session, number, home, changed),
                Tab::Rules => rules_part::view(session, number, changed),
                Tab::Result => result_part::view(session, number, known.into(), changed),
                Tab::History => history_part::view(session, number, home, known.into(), changed),
            }
        }
    };
    view! {
        <PageHead title=title before=back>{status}</PageHead>
        <Show when=move || was_proving.get()>{evidence_part::view(session, head_number.get_value(), is_proving)}</Show>
        <Show
            when=move || !is_missing.get()
            fallback=move || view! {
                <State icon=IconName::Search tone=Tone::Bad title=format!("There is no batch {missing_number}")
                    text="It may have been deleted, the address may be mistyped, or your role may not see it.">
                    <a class="button" href=routes::BATCHES>"Go to the batches"</a>
                </State>
            }
        >
            <BatchHead session=session number=head_number.get_value() batch=batch failure=failure prove=move |()| is_proving.set(true) />
            <div class="batch-parts">
                <TabBar home=home.clone() tab=tab batch=shown />
                {parts.clone()}
            </div>
            // It comes after the rows, so it stands beside the totals that it explains, and moves no row.
            <MovedEvents session=session batch=known.into() changed=changed />
        </Show>
    }
}
