//! What a batch is expected to come to, shown before it is submitted, and kept until what it came to
//! can be held against it.

use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::list::FailureLine;
use crate::features::selection::{
    AmountLines, Collecting, ReadingProgress, ReadingState, Selected, TakenBack, taken_back,
};
use crate::text::{count, events};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::oracle::expected_amounts::Expected;
use rest_contract::oracle::life_cycle::{BatchType, EventAction};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was expected of batches when they were submitted from this page, by batch number; a handle.
/// They are not kept after a reload: only an estimate that was seen on this page is compared.
#[derive(Clone, Copy)]
pub struct KeptEstimates(StoredValue<BTreeMap<String, Arc<Expected>>>);

impl KeptEstimates {
    pub fn new() -> Self {
        Self(StoredValue::default())
    }

    pub fn keep(&self, batch: String, expected: Arc<Expected>) {
        self.0.update_value(|kept| {
            kept.insert(batch, expected);
        });
    }

    pub fn of(&self, batch: &str) -> Option<Arc<Expected>> {
        self.0.with_value(|kept| kept.get(batch).cloned())
    }
}

const SHAPE: &str = "fields=EventNumber,EventStatus,EventType,EventRatingType,CurrencyCode,SubscriptionProductPuid,EventStartTime,EventEndTime,LeEventStartDate,UsageQuantity,UsageUnitOfMeasure,ReportedUsageQuantity,ReportedUsageUnitOfMeasure;usageCharges:BilledAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

/// Larger batches are estimated when asked: every event is read for it.
const ESTIMATED_UNASKED: u64 = 5_000;

/// The estimate of a batch. Its result is `expected` once all of it was read.
#[component]
pub fn BatchEstimate(
    session: Session,
    number: String,
    size: u64,
    batch_type: BatchType,
    expected: RwSignal<Option<Arc<Expected>>>,
) -> impl IntoView {
    session.lookups.want_rates();
    let reading = Collecting::<Expected>::new(session);
    let selected = StoredValue::new(Selected::all(Some(number), String::new(), EventAction::Change));
    let read = Callback::new(move |()| {
        if let Some(book) = session.lookups.rates.book.get_untracked() {
            reading.start(selected.get_value(), SHAPE, async move |expected, events| {
                events.iter().for_each(|event| expected.add(event, batch_type, &book));
                Ok(())
            });
        }
    });
    let is_priced = Memo::new(move |_| session.lookups.rates.book.with(Option::is_some));
    Effect::new(move || {
        if is_priced.get() && size <= ESTIMATED_UNASKED {
            read.run(());
        }
    });
    Effect::new(move || {
        let done = reading.state.get() == ReadingState::Done;
        expected.set(done.then(|| reading.found.get()));
    });
    let result = move || {
        let expected = expected.get()?;
        let now = [
            ("Billed now", expected.billed_now.clone()),
            ("Charged now, not billed", expected.charged_now.clone()),
        ];
        let now = now.into_iter().filter(|(_, amounts)| !amounts.is_empty()).map(|(title, amounts)| {
            view! { <section class="worth" aria-label=title><h3>{title}</h3><AmountLines amounts=amounts /></section> }
        });
        let (sums, covered) = (expected.sums(), expected.covered.clone());
        let not_known = expected.not_known.iter().map(|(reason, number)| {
            view! { <li><strong>{count(*number as u64)}</strong>" without an estimate: "{reason.clone()}</li> }
        });
        Some(view! {
            {now.collect_view()}
            {(!sums.is_empty()).then(|| view! {
                <section class="worth" aria-label="Expected amounts">
                    <h3>{format!("Expected (estimate for {})", events(expected.events.len()))}</h3>
                    <AmountLines amounts=sums.clone() covered=covered />
                    <p class="quiet">"From the rates, conversions and allowances as they stand now."</p>
                </section>
            })}
            <ul class="eligibility-list">{not_known.collect_view()}</ul>
        })
    };
    let ask = move || {
        (size > ESTIMATED_UNASKED && is_priced.get() && reading.state.get() == ReadingState::Idle).then(|| view! {
            <button class="button" type="button" on:click=move |_| read.run(())>{format!("Estimate {} events", count(size))}</button>
        })
    };
    view! {
        <div class="eligibility" aria-live="polite">
            <ReadingProgress state=reading.state stop=Callback::new(move |()| reading.stop()) again=read />
            {ask}
            {result}
        </div>
    }
}

/// What a batch of reversals will take back, from which batches, and its reason: before it is locked or submitted.
#[component]
pub fn ReversalWorth(session: Session, number: String, size: u64, reason: Option<String>) -> impl IntoView {
    let taken = Fetched::new(session, {
        let number = StoredValue::new(number);
        async move || taken_back(session.client, &number.try_get_value().unwrap_or_default()).await
    });
    let is_asked = RwSignal::new(size <= ESTIMATED_UNASKED);
    Effect::new(move || {
        if is_asked.get() {
            taken.read();
        }
    });
    let told = move || {
        let TakenBack { amounts, batches } = taken.found.get()?;
        let batches =
            batches.iter().map(|number| visible(number).into_owned()).collect::<Vec<_>>().join(", ");
        let originals = if size == 1 { "Its original is in" } else { "Their originals are in" };
        Some(view! {
            <section class="worth" aria-label="Amounts of the reversals"><h3>"Amounts of the reversals"</h3><AmountLines amounts=amounts /></section>
            {(!batches.is_empty()).then(|| view! { <p>{format!("{originals} {batches}.")}</p> })}
        })
    };
    let is_reading =
        move || is_asked.get() && taken.found.with(Option::is_none) && taken.failure.with(Option::is_none);
    view! {
        {reason.map(|reason| view! { <p data-testid="reason">{format!("Reason: {}", visible(&reason))}</p> })}
        <div class="eligibility" aria-live="polite">
            <Show when=move || !is_asked.get()>
                <button class="button" type="button" on:click=move |_| is_asked.set(true)>{format!("Add up {} reversals", count(size))}</button>
            </Show>
            <Show when=is_reading><p class="quiet" role="status">"Adding up the reversals"</p></Show>
            {move || taken.failure.get().map(|failure| view! { <FailureLine what="Amounts of the reversals" failure=failure again=taken.again() /> })}
            {told}
        </div>
    }
}
