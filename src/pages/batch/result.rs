//! What a batch's processing did to amounts: event by event and per currency, before and after, a
//! reversal beside its original, an estimate beside what was billed.
//!
//! Not here: the arithmetic (`rest_contract::oracle::compared_amounts`).

mod list;
mod reading;
mod totals;

use crate::data::session::Session;
use crate::features::batch_work::KeptEstimates;
use crate::features::list::{ListGrid, ListStatus};
use crate::features::selection::{ReadingProgress, ReadingState};
use crate::routes;
use crate::ui::controls::{IconName, State, way_to};
use leptos::prelude::*;
pub use list::titles;
use list::{event_of, result_list};
use reading::{ResultReading, by_change, read_result};
pub use reading::{SHAPE, Side, is_billed, lines_of, side_of};
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
            Some((side_of(batch)?, batch.get("ProcessedDatetime").is_some_and(|at| *at != Value::Null)))
        })
    });
    let reading = ResultReading::new(session);
    let estimates = expect_context::<KeptEstimates>().of(&number);
    let has_estimates = estimates.is_some();
    let read = {
        let number = number.clone();
        Callback::new(move |()| {
            if let Some((side, true)) = facts.get_untracked() {
                read_result(reading, session.client, number.clone(), side, estimates.clone());
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
    let home = StoredValue::new(routes::batch(&number));
    let address = move |key: Arc<str>| Some(home.with_value(|home| routes::event_over(home, event_of(&key))));
    let waiting = move || {
        facts.get().is_some_and(|(_, is_processed)| !is_processed).then(|| view! {
            <State icon=IconName::Clock title="Not processed yet" text="After processing, the amounts before and after appear here, event by event. Processing begins when the batch is submitted.">
                {way_to("Show the events of this batch", home.get_value())}
            </State>
        })
    };
    let nothing = move |_: ListStatus| {
        let is_done = reading.state.get() == ReadingState::Done;
        let is_empty = is_done && reading.found.with(|found| found.lines.is_empty());
        is_empty.then(|| {
            view! {
                <State icon=IconName::Info title="No amounts" text="None of the batch's events has a charge.">
                    {way_to("Show the events of this batch", home.get_value())}
                </State>
            }
            .into_any()
        })
    };
    let body = move || {
        let (side, _) = facts.get().filter(|(_, is_processed)| *is_processed)?;
        let list = result_list(side, has_estimates);
        let shown = Rc::new(Rc::clone(&list));
        Effect::new(move || {
            if reading.state.get() == ReadingState::Done {
                let lines = Arc::clone(&reading.found.get_untracked().lines);
                list.show(lines, |one, other| by_change(one, other, side));
            }
        });
        Some(view! {
            <ReadingProgress state=reading.state stop=Callback::new(move |()| reading.stop()) again=read />
            <ResultTotals session=session reading=reading side=side has_estimates=has_estimates home=home />
            <ListGrid session=session list=shown label="Amounts by event" address=address instead=nothing />
        })
    };
    view! { <section class="page-main" aria-label="Result">{waiting}{body}</section> }
}
