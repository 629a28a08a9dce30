//! One correction of many usage events: which fields, to what; before it is made, what changes in each
//! event, what stays and what is blocked; then a result for every row.
//!
//! Not here: what a change makes of a value and which events it may touch (`rest_contract::oracle`), and
//! how the changes are sent and settled (`data::sync`).

mod change_form;
mod corrected_events;
mod excluded;
mod forecast;
mod outcome;
mod pasted_form;
mod pasted_rows;
mod preview;

pub use change_form::Draft;
pub use excluded::excluded_lines;
pub use outcome::Outcome as CorrectionOutcome;
pub use pasted_rows::{Pasted, PastedList};

use crate::data::session::Session;
use crate::data::sync::OperationId;
use crate::features::selection::{
    DifferencesView, EventNames, ReadingProgress, ReadingState, Selected, Which,
};
use crate::text::with_plain_times;
use crate::ui::controls::{FormDialog, FormFoot};
use crate::ui::part::part;
use change_form::ChangeForm;
use corrected_events::CorrectedEvents;
use leptos::prelude::*;
use outcome::Outcome;
use pasted_form::PastedForm;
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
    /// Rows from the clipboard, which say which events are meant and what each of them becomes.
    pub pasted: Option<Pasted>,
}

part! {
    /// What is in the dialog.
    pub mod correction_part in correction: (
        session: Session,
        what: Correcting,
        open: RwSignal<bool>,
        go_on: Option<Callback<()>>,
    ) => view! { <Correction session=session what=what open=open go_on=go_on /> }
}

/// Opens when `correcting` is set. `go_on` is called where the person wants the next one.
#[component]
pub fn BulkCorrection(
    session: Session,
    correcting: RwSignal<Option<Correcting>>,
    #[prop(optional, into)] go_on: Option<Callback<()>>,
) -> impl IntoView {
    let form = move |(what, open)| correction_part::view(session, what, open, go_on);
    view! { <FormDialog subject=correcting title="Correct events" wide=true form=form /> }
}

#[component]
fn Correction(
    session: Session,
    what: Correcting,
    open: RwSignal<bool>,
    go_on: Option<Callback<()>>,
) -> impl IntoView {
    session.lookups.want_rates();
    let Correcting { title, advice, selected, only, drafts, next, pasted } = what;
    let (title, advice) = (with_plain_times(&title), with_plain_times(&advice));
    let events = CorrectedEvents::new(session, drafts);
    let selected = StoredValue::new(selected);
    let is_pasted = pasted.is_some();
    let read = Callback::new(move |()| events.read(selected.get_value(), only.clone()));
    // Which events pasted rows are for is found once: reading again means the same ones.
    let read = Callback::new(move |()| match &pasted {
        Some(pasted) if events.pasted.with_untracked(Option::is_none) => {
            events.find(pasted.clone(), move |records| {
                selected.update_value(|selected| selected.which = Which::These(records));
                read.run(());
            });
        }
        _ => read.run(()),
    });
    let take_changed = Callback::new(move |()| {
        let changed = events.noticed.differences.with_untracked(|differences| differences.changed.clone());
        selected.update_value(|selected| selected.take_changed(&changed));
        read.run(());
    });
    read.run(());
    let operation = RwSignal::new(None::<OperationId>);
    let number = Memo::new(move |_| events.number_changed());
    let outcomes = Signal::derive(move || match (events.state.get(), events.is_said.get()) {
        (ReadingState::Done, true) => events.outcomes(),
        _ => Vec::new(),
    });
    let left = move || {
        let left = events.left.get();
        let words = match left.as_slice() {
            [] => return None,
            [one] => format!("1 event is not in this selection any more: {one}."),
            [one, ..] => {
                format!("{} events are not in this selection any more, {one} among them.", left.len())
            }
        };
        Some(view! { <p role="alert" data-testid="left-since">{words}</p> })
    };
    let blocked_role = session.blocked_from_editing();
    let why_not = move || {
        let blocked = match number.get() {
            0 if !events.is_said.get() => Some("Enter the new values first."),
            0 => Some("No event to correct."),
            _ => None,
        };
        blocked_role.or(blocked)
    };
    let commit = move |_| {
        let rows = events.rows();
        if !rows.is_empty() {
            operation.set(Some(session.sync.bulk_edit(rows)));
        }
    };
    let choosing = move || {
        view! {
            <div class="rule-builder correction">
                <div class="rule-side">
                    {if is_pasted {
                        view! { <PastedForm session=session events=events /> }.into_any()
                    } else {
                        view! { <ChangeForm session=session events=events /> }.into_any()
                    }}
                </div>
                <div class="rule-side">
                    <ReadingProgress state=events.state stop=Callback::new(move |()| events.stop()) again=read />
                    <DifferencesView session=session noticed=events.noticed again=read take_changed=take_changed />
                    {left}
                    <Preview session=session events=events />
                    <EventNames session=session events=outcomes file="corrected-events.csv" />
                </div>
            </div>
            <FormFoot open=open>
                <button class="button" data-kind="primary" disabled=move || why_not().is_some() title=why_not on:click=commit>
                    {move || match number.get() {
                        0 if !events.is_said.get() => "Preview first".to_owned(),
                        0 => "Correct events".to_owned(),
                        number => format!("Correct {}", crate::text::events(number)),
                    }}
                </button>
            </FormFoot>
        }
    };
    view! {
        {(!title.is_empty()).then(|| view! { <p class="correction-cause"><strong>{title}</strong>{(!advice.is_empty()).then(|| view! { <span>{advice}</span> })}</p> })}
        {move || match operation.get() {
            None => choosing().into_any(),
            Some(operation) => {
                let left = events.plan.with_untracked(|plan| plan.blocked_count());
                view! { <Outcome session=session operation=operation blocked=left pasted=events.pasted.get_untracked() next=next.clone() go_on=go_on open=open /> }.into_any()
            }
        }}
    }
}
