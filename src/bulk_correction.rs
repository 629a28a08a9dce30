//! One correction of many usage events: which fields, to what; before it is made, what changes in each
//! event, what stays and what is barred; then a result for every row.
//!
//! Not here: what a change makes of a value and which events it may touch (`rest_contract::oracle`), and
//! how the changes are sent and settled (`record_sync`).

mod change_form;
mod corrected_events;
mod outcome;
mod preview;

pub use change_form::Draft;

use crate::controls::Dialog;
use crate::event_selection::{ReadingProgress, ReadingState, Selected};
use crate::record_sync::StrokeId;
use crate::sign_in::Session;
use change_form::ChangeForm;
use corrected_events::CorrectedEvents;
use leptos::prelude::*;
use outcome::Outcome;
use preview::Preview;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is to be corrected.
#[derive(Clone, Debug, PartialEq)]
pub struct Correcting {
    /// Such as the cause of the errors.
    pub title: String,
    /// What to do about it, in the system's words.
    pub advice: String,
    pub selected: Selected,
    /// Only these of the selection, where they are told by number.
    pub only: Option<Arc<BTreeSet<String>>>,
    /// What the form begins with.
    pub drafts: Vec<Draft>,
    /// What comes after this one: its title. It is offered at the end.
    pub next: Option<String>,
}

/// Opens when `correcting` is set. `go_on` is called where the person wants the next one.
#[component]
pub fn BulkCorrection(
    session: Session,
    correcting: RwSignal<Option<Correcting>>,
    #[prop(optional, into)] go_on: Option<Callback<()>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if correcting.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && correcting.with_untracked(Option::is_some) {
            correcting.set(None);
        }
    });
    view! {
        <Dialog open=open title="Correct events" wide=true>
            // Anew for each thing to correct, also where one follows upon the other.
            {move || correcting.get().map(|what| view! { <Correction session=session what=what open=open go_on=go_on /> })}
        </Dialog>
    }
}

#[component]
fn Correction(
    session: Session,
    what: Correcting,
    open: RwSignal<bool>,
    go_on: Option<Callback<()>>,
) -> impl IntoView {
    session.lookups.want_rates();
    let Correcting { title, advice, selected, only, drafts, next } = what;
    let events = CorrectedEvents::new(session, drafts);
    let read = Callback::new(move |()| events.read(selected.clone(), only.clone()));
    read.run(());
    let stroke = RwSignal::new(None::<StrokeId>);
    let number = Memo::new(move |_| match events.state.get() {
        ReadingState::Done => events.plan.with(|plan| plan.changed.len()),
        _ => 0,
    });
    let barred_role =
        session.with_access(|access| access.and_then(|access| access.role.barred_from_editing()));
    let commit = move |_| {
        let rows = events.rows();
        if !rows.is_empty() {
            stroke.set(Some(session.sync.bulk_edit(rows)));
        }
    };
    let choosing = move || {
        view! {
            <div class="rule-builder correction">
                <div class="rule-side">
                    <ChangeForm session=session events=events />
                </div>
                <div class="rule-side">
                    <ReadingProgress state=events.state stop=Callback::new(move |()| events.stop()) again=read />
                    <Preview session=session events=events />
                </div>
            </div>
            <footer class="dialog-foot">
                <button class="button" data-kind="primary" disabled=move || number.get() == 0 || barred_role.is_some() title=barred_role.unwrap_or_default() on:click=commit>
                    {move || format!("Correct {}", crate::display_text::events(number.get()))}
                </button>
                <button class="button" data-kind="quiet" on:click=move |_| open.set(false)>"Cancel"</button>
            </footer>
        }
    };
    view! {
        {(!title.is_empty()).then(|| view! { <p class="correction-cause"><strong>{title}</strong>{(!advice.is_empty()).then(|| view! { <span>{advice}</span> })}</p> })}
        {move || match stroke.get() {
            None => choosing().into_any(),
            Some(stroke) => {
                let left = events.plan.with_untracked(|plan| plan.barred_count());
                view! { <Outcome session=session stroke=stroke barred=left next=next.clone() go_on=go_on open=open /> }.into_any()
            }
        }}
    }
}
