//! What amounts are usual in the batches of the events that are corrected: read off their other events.

use super::corrected_events::CorrectedEvents;
use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use crate::features::selection::{EventPages, ReadingState, Selected};
use crate::text::{StatusClass, class_of};
use leptos::prelude::*;
use rest_contract::Record;
use rest_contract::oracle::compared_amounts::billed;
use rest_contract::oracle::estimate::{EventUsage, RateBook};
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::one_of;
use rest_contract::oracle::usual_amounts::{Usual, UsualAmounts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// As many events of the batches are looked at, and as many batches: the first ones.
const MOST_EVENTS: usize = 5_000;
const MOST_BATCHES: usize = 5;

const SHAPE: &str = "fields=EventNumber,BatchNumber,EventStatus,EventType,EventRatingType,CurrencyCode,SubscriptionProductPuid,EventStartTime,EventEndTime,LeEventStartDate,UsageQuantity,UsageUnitOfMeasure,ReportedUsageQuantity,ReportedUsageUnitOfMeasure;usageCharges:BilledAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

/// By batch and currency.
pub type AllUsual = BTreeMap<(String, String), Usual>;

#[derive(Clone, Copy)]
pub struct UsualReading {
    /// Empty until it is known: then nothing is said.
    pub usual: RwSignal<Arc<AllUsual>>,
}

impl UsualReading {
    /// Made within the dialog, whose end ends the reading. It begins once the events are read.
    pub fn new(session: Session, events: CorrectedEvents) -> Self {
        let usual = RwSignal::new(Arc::<AllUsual>::default());
        let latest = Latest::new(session);
        Effect::new(move || {
            let (is_read, book) =
                (events.state.get() == ReadingState::Done, session.lookups.rates.book.get());
            let (true, Some(book)) = (is_read, book) else { return };
            let batches: Vec<String> = events.batches().into_iter().take(MOST_BATCHES).collect();
            if batches.is_empty() {
                return;
            }
            let read = async move |run: Run| {
                let q = one_of("BatchNumber", &batches);
                let selected = Selected::all(None, q, EventAction::Change);
                let mut pages = EventPages::new(session.client, selected, SHAPE);
                let mut amounts = UsualAmounts::default();
                while let Some(page) = pages.next().await?.filter(|_| run.is_current()) {
                    page.iter().for_each(|event| add(&mut amounts, event, &book));
                    if pages.read >= MOST_EVENTS {
                        break;
                    }
                }
                Ok(amounts.usual())
            };
            // Without an answer nothing is marked.
            latest.start(read, move |known| usual.set(Arc::new(known.unwrap_or_default())));
        });
        Self { usual }
    }
}

/// What an event is charged, or, where it waits to be rated, is expected to be. What an event in error would be
/// is what is in question.
fn add(amounts: &mut UsualAmounts, event: &Record, book: &RateBook) {
    let batch = event.text("BatchNumber").unwrap_or_default();
    if event.text("EventStatus").map(class_of) == Some(StatusClass::Error) {
        return;
    }
    let charged = billed(event);
    if charged.is_empty()
        && let Ok(estimate) = book.estimate(&EventUsage::of(|name| event.get(name)))
    {
        amounts.add(batch, &estimate.currency, estimate.billed());
    }
    charged.iter().for_each(|(currency, amount)| amounts.add(batch, currency, *amount));
}

impl CorrectedEvents {
    /// The numbers of the batches that the events are in.
    fn batches(&self) -> BTreeSet<String> {
        self.with_events(|event| event.text("BatchNumber").map(str::to_owned))
    }
}
