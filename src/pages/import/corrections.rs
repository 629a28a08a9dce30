//! Events that are there and say something else than rows of the file: what would change in each, what stays and why,
//! and the correction of those that may be changed, each over the version that was read.

use super::rows::MOST_CORRECTED;
use crate::api::{RecordKey, Resource, fields_of, key_of, version_of};
use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use crate::data::sync::{BulkRow, OperationId};
use crate::features::correction::{CorrectionOutcome, excluded_lines};
use crate::features::field_form::{ZONE, shown_text};
use crate::features::selection::{
    BatchStates, EventNames, EventPages, NamedEvent, ReadingProgress, ReadingState, Selected,
};
use crate::text::{amounts_in_words, count, events};
use crate::ui::controls::{FormDialog, FormFoot};
use crate::ui::part::part;
use import_files::{Correction, EventRow, correction};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::{Amounts, add_amount, billed_by, merge};
use rest_contract::oracle::correction_plan::FieldChange;
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::{Record, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Events that are shown one by one; the list by number has all.
const SHOWN: usize = 50;

/// The rows, and how many more of the file there are.
#[derive(Clone, Debug)]
pub struct ChangedRows {
    pub rows: Vec<Arc<EventRow>>,
    pub more: usize,
}

part! {
    /// What is in the dialog.
    pub mod corrections_part in import_corrections: (
        session: Session,
        what: ChangedRows,
        open: RwSignal<bool>,
        begun: RwSignal<bool>,
    ) => view! { <Corrections session=session what=what open=open begun=begun /> }
}

/// Opens when `reviewed` is set. `begun` becomes true once something is corrected.
#[component]
pub fn CorrectionsDialog(
    session: Session,
    reviewed: RwSignal<Option<ChangedRows>>,
    begun: RwSignal<bool>,
) -> impl IntoView {
    let form = move |(what, open)| corrections_part::view(session, what, open, begun);
    view! { <FormDialog subject=reviewed title="Correct events by the file" wide=true form=form /> }
}

/// What becomes of the events.
#[derive(Clone, Debug, Default)]
struct Plan {
    changed: Vec<PlannedEvent>,
    /// Events that say the same by now.
    same: usize,
    /// Numbers of the events that stay as they are, by the reason.
    barred: BTreeMap<String, Vec<String>>,
    before: Amounts,
    after: Amounts,
}

#[derive(Clone, Debug)]
struct PlannedEvent {
    number: String,
    /// The clock that its times are written by.
    zone: String,
    changes: Vec<FieldChange>,
    rows: Vec<BulkRow>,
}

impl Plan {
    fn add(&mut self, event: &Record, made: Result<Correction, String>) {
        let number = event.key().unwrap_or_default();
        let made = match made {
            Ok(made) if made == Correction::default() => {
                self.same += 1;
                return;
            }
            Ok(made) => made,
            Err(reason) => return self.barred.entry(reason).or_default().push(number),
        };
        let Some(key) = key_of(Resource::Event, event, None) else { return };
        let charge = event.children("usageCharges").and_then(<[Record]>::first);
        let of_charge = charge.filter(|_| !made.charge.is_empty()).and_then(|charge| {
            let key = key_of(Resource::Charge, charge, Some(&key))?;
            Some(bulk_row(key, charge, &made.charge))
        });
        if let Some(charge) = charge.filter(|_| of_charge.is_some()) {
            merge(&mut self.before, &billed_by(event, |_| true));
            let becomes = made.charge.iter().find(|change| change.field.name == "BilledAmount");
            let amount =
                becomes.map_or_else(|| charge.get("BilledAmount").cloned(), |it| Some(it.after.clone()));
            add_amount(&mut self.after, charge.get("ChargeCurrency"), amount.as_ref());
        }
        let of_event = (!made.event.is_empty()).then(|| bulk_row(key, event, &made.event));
        self.changed.push(PlannedEvent {
            number,
            zone: event.text(ZONE).unwrap_or_default().to_owned(),
            rows: of_event.into_iter().chain(of_charge).collect(),
            changes: made.event.into_iter().chain(made.charge).collect(),
        });
    }

    fn names(&self) -> Vec<NamedEvent> {
        let changed = self.changed.iter().map(|one| NamedEvent::new(one.number.clone(), "will change"));
        let barred = self.barred.iter().flat_map(|(reason, numbers)| {
            let named =
                move |number: &String| NamedEvent::excluded(number.clone(), format!("excluded: {reason}"));
            numbers.iter().map(named)
        });
        changed.chain(barred).collect()
    }
}

fn bulk_row(key: RecordKey, record: &Record, changes: &[FieldChange]) -> BulkRow {
    let changes = changes.iter().map(|change| (change.field.name, change.after.clone()));
    BulkRow { key, base: (version_of(record), fields_of(record)), changes: changes.collect() }
}

/// Reads the events with their charges, and what the rows make of them.
async fn planned(
    session: Session,
    rows: &[Arc<EventRow>],
    state: RwSignal<ReadingState>,
    run: Run,
) -> Result<Plan, crate::api::Failure> {
    session.lookups.read_closed_periods().await;
    let tables = session.lookups.tables.get_untracked();
    let by_number: BTreeMap<&str, &EventRow> = rows.iter().map(|row| (row.number.as_str(), &**row)).collect();
    let selected = Selected::named(by_number.keys().copied(), EventAction::Change);
    let mut pages = EventPages::new(session.client, selected, "expand=usageCharges");
    let (mut batches, mut plan, mut found) = (BatchStates::default(), Plan::default(), BTreeSet::new());
    while let Some(page) = pages.next().await? {
        batches.learn(session.client, &page).await?;
        if !run.is_current() {
            break;
        }
        for event in &page {
            let Some(row) = event.key().and_then(|number| by_number.get(number.as_str()).copied()) else {
                continue;
            };
            found.insert(row.number.as_str());
            plan.add(event, correction(event, row, batches.of(event), tables.closed_periods()));
        }
        state.set(ReadingState::Under(pages.read, pages.total));
    }
    let gone = by_number.keys().filter(|number| !found.contains(**number));
    let gone: Vec<String> = gone.map(|number| (*number).to_owned()).collect();
    if !gone.is_empty() {
        plan.barred.insert("The event is not there any more.".to_owned(), gone);
    }
    Ok(plan)
}

#[component]
fn Corrections(
    session: Session,
    what: ChangedRows,
    open: RwSignal<bool>,
    begun: RwSignal<bool>,
) -> impl IntoView {
    let (state, plan) = (RwSignal::new(ReadingState::Idle), RwSignal::new(Arc::<Plan>::default()));
    let latest = Latest::new(session);
    let ChangedRows { rows, more } = what;
    let rows: Arc<[Arc<EventRow>]> = rows.into();
    let read = Callback::new(move |()| {
        let rows = Arc::clone(&rows);
        state.set(ReadingState::Under(0, Some(rows.len())));
        latest.start(
            async move |run: Run| planned(session, &rows, state, run).await,
            move |read| match read {
                Ok(found) => {
                    plan.set(Arc::new(found));
                    state.set(ReadingState::Done);
                }
                Err(failure) => state.set(ReadingState::Failed(failure)),
            },
        );
    });
    read.run(());
    let stop = Callback::new(move |()| {
        latest.stop();
        open.set(false);
    });
    let operation = RwSignal::new(None::<OperationId>);
    let number = move || plan.with(|plan| plan.changed.len());
    let commit = move |_| {
        let rows = plan.with_untracked(|plan| plan.changed.iter().flat_map(|one| one.rows.clone()).collect());
        begun.set(true);
        operation.set(Some(session.sync.bulk_edit(rows)));
    };
    let names = Signal::derive(move || plan.with(|plan| plan.names()));
    let choosing = move || {
        view! {
            <div class="form">
            <ReadingProgress state=state stop=stop again=read />
            {move || (state.get() == ReadingState::Done).then(|| view! { <PlanView session=session plan=plan.get() more=more /> })}
            <EventNames session=session events=names file="events-that-the-file-changes.csv" />
            </div>
            <FormFoot open=open>
                <button class="button" data-kind="primary" disabled=move || number() == 0 on:click=commit>
                    {move || match number() {
                        0 => "Correct events".to_owned(),
                        number => format!("Correct {}", events(number)),
                    }}
                </button>
            </FormFoot>
        }
    };
    move || match operation.get() {
        None => choosing().into_any(),
        Some(operation) => {
            let left = plan.with_untracked(|plan| plan.barred.values().map(Vec::len).sum());
            view! { <CorrectionOutcome session=session operation=operation blocked=left pasted=None next=None go_on=None open=open /> }
                .into_any()
        }
    }
}

#[component]
fn PlanView(session: Session, plan: Arc<Plan>, more: usize) -> impl IntoView {
    let tables = session.lookups.tables.get_untracked();
    let words = |change: &FieldChange, value: &Value, zone: &str| match shown_text(
        change.field,
        Some(value),
        zone,
        &tables,
    ) {
        empty if empty.is_empty() => "(empty)".to_owned(),
        text => text,
    };
    let rows = plan.changed.iter().take(SHOWN).flat_map(|event| {
        let lines = event.changes.iter().enumerate().map(|(at, change)| {
            let number = if at == 0 { event.number.clone() } else { String::new() };
            let (before, after) =
                (words(change, &change.before, &event.zone), words(change, &change.after, &event.zone));
            view! { <tr><th scope="row" class="mono">{number}</th><td>{change.field.title}</td><td class="before">{before}</td><td class="after">{after}</td></tr> }
        });
        lines.collect::<Vec<_>>()
    });
    let rows = rows.collect_view();
    let hidden = plan.changed.len().saturating_sub(SHOWN);
    let barred = excluded_lines(&plan.barred);
    let same = plan.same;
    let sums = (!plan.after.is_empty()).then(|| {
        let (before, after) = (amounts_in_words(&plan.before), amounts_in_words(&plan.after));
        view! { <p data-testid="amounts-change">{format!("Amounts that change come to {after} in the place of {before}.")}</p> }
    });
    view! {
        <div class="eligibility" aria-live="polite">
            <ul class="eligibility-list">
                <li data-testid="will-change"><strong>{events(plan.changed.len())}</strong>" will change"</li>
                {(same > 0).then(|| view! { <li><strong>{count(same as u64)}</strong>{if same == 1 { " says the same by now" } else { " say the same by now" }}</li> })}
                {barred}
                {(more > 0).then(|| view! { <li><strong>{count(more as u64)}</strong>{format!(" left for another time: no more than {} are corrected at once", count(MOST_CORRECTED as u64))}</li> })}
            </ul>
        </div>
        {sums}
        {(!plan.changed.is_empty()).then(|| view! {
            <div class="before-after" tabindex="0" role="region" aria-label="Before and after">
                <table>
                    <thead><tr><th scope="col">"Event"</th><th scope="col">"Field"</th><th scope="col">"On the server"</th><th scope="col">"In the file"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                {(hidden > 0).then(|| view! { <p class="quiet">{format!("and {} more", events(hidden))}</p> })}
            </div>
        })}
    }
}
