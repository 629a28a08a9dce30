//! What a batch's processing did to amounts: event by event and per currency, before and after, a
//! reversal beside its original, an estimate beside what was billed.
//!
//! Not here: the arithmetic (`rest_contract::oracle::compared_amounts`).

mod list;
mod reading;
mod totals;

use crate::batch_work::KeptEstimates;
use crate::controls::{IconName, State};
use crate::event_selection::{ReadingProgress, ReadingState};
use crate::grid_view::{GridCommand, GridSource, GridView};
use crate::sign_in::Session;
use grid_model::Selection;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use list::ResultList;
use reading::{ResultReading, Side};
use rest_contract::oracle::life_cycle::BatchType;
use rest_contract::{Record, Value};
use std::rc::Rc;
use std::sync::Arc;
use totals::ResultTotals;

/// `changed` goes up when the batch's events should be read again.
#[component]
pub fn BatchResult(
    session: Session,
    number: String,
    batch: Signal<Option<Arc<Record>>>,
    #[prop(into)] changed: Signal<u64>,
) -> impl IntoView {
    // What decides of the batch how its result is told; its counts may move without changing that.
    let facts = Memo::new(move |_| {
        batch.with(|batch| {
            let batch = batch.as_ref()?;
            let id = batch.get("UsageBatchId").and_then(Value::as_integer)?;
            let side = match batch.text("UsageType").and_then(BatchType::of) {
                Some(BatchType::Rerate) => Side::BeforeAndAfter { batch_id: id },
                Some(BatchType::ReverseReplace) => Side::OriginalAndReversal,
                Some(BatchType::Rating) | None => Side::BilledOnly,
            };
            Some((side, batch.get("ProcessedDatetime").is_some_and(|at| *at != Value::Null)))
        })
    });
    let reading = ResultReading::new(session);
    let estimates = expect_context::<KeptEstimates>().of(&number);
    let has_estimates = estimates.is_some();
    let read = {
        let number = number.clone();
        Callback::new(move |()| {
            if let Some((side, true)) = facts.get_untracked() {
                reading.start(number.clone(), side, estimates.clone());
            }
        })
    };
    Effect::new(move || {
        changed.track();
        session.renewed.track();
        if facts.get().is_some_and(|(_, is_processed)| is_processed) {
            read.run(());
        }
    });
    let navigate = StoredValue::new_local(use_navigate());
    let home = StoredValue::new(format!("/batches/{}", String::from(js_sys::encode_uri_component(&number))));
    let list = ResultList::new(reading.lines);
    let open = {
        let list = list.clone();
        move |command: GridCommand| {
            if let GridCommand::Open { row } = command
                && let Some(event) = list.event(row)
            {
                let path = format!(
                    "{}/events/{}",
                    home.get_value(),
                    String::from(js_sys::encode_uri_component(&event))
                );
                navigate.with_value(|go| go(&path, NavigateOptions::default()));
            }
        }
    };
    let laid_out = StoredValue::new_local(list.clone());
    let source = StoredValue::new_local(Rc::new(list) as Rc<dyn GridSource>);
    let revision = RwSignal::new(0_u64);
    Effect::new(move || {
        reading.lines.track();
        revision.update(|revision| *revision += 1);
    });
    let selection = RwSignal::new(Selection::None);
    let open = StoredValue::new_local(open);
    let waiting = move || {
        facts.get().is_some_and(|(_, is_processed)| !is_processed).then(|| view! {
            <State icon=IconName::Clock title="Not processed yet" text="Once the batch was submitted and processed, this shows what it did to the amounts, event by event." />
        })
    };
    let nothing = move || {
        (reading.state.get() == ReadingState::Done && reading.lines.with(|lines| lines.is_empty())).then(|| view! {
            <State icon=IconName::Info title="No amounts" text="None of the batch's events has a charge." />
        })
    };
    let body = move || {
        let (side, _) = facts.get().filter(|(_, is_processed)| *is_processed)?;
        let columns = laid_out.with_value(|list| list.lay_out(side, has_estimates));
        Some(view! {
            <ReadingProgress state=reading.state stop=Callback::new(move |()| reading.stop()) again=read />
            <ResultTotals session=session reading=reading side=side has_estimates=has_estimates home=home />
            <div class="grid-room">
                <GridView source=source.get_value() columns=columns revision=revision sort=Signal::derive(Vec::new) selection=selection label="Amounts by event" on_command=move |command| open.with_value(|open| open(command)) />
                {nothing}
            </div>
        })
    };
    view! { <section class="page-main" aria-label="Result">{waiting}{body}</section> }
}
