//! What amounts are usual in batches, read off their events. Beside it a slip of a unit or of a decimal point shows.

use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use crate::features::selection::{EventPages, Selected};
use crate::text::{StatusClass, class_of, count, currency_name, events, sum};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::oracle::compared_amounts::billed;
use rest_contract::oracle::estimate::{Estimate, EventUsage, RateBook};
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::one_of;
use rest_contract::oracle::usual_amounts::{TIMES, Usual, UsualAmounts};
use rest_contract::{ExactSum, Record, is_blank};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// As many batches are looked at: the first ones.
const MOST_BATCHES: usize = 5;

const SHAPE: &str = "fields=EventNumber,BatchNumber,EventStatus,EventType,EventRatingType,CurrencyCode,SubscriptionProductPuid,EventStartTime,EventEndTime,LeEventStartDate,UsageQuantity,UsageUnitOfMeasure,ReportedUsageQuantity,ReportedUsageUnitOfMeasure;usageCharges:BilledAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

/// What is usual in batches.
#[derive(Clone, Debug, Default)]
pub struct AllUsual {
    /// By batch and currency.
    amounts: BTreeMap<(String, String), Usual>,
    /// The currencies of the events of each subscription product.
    pub currencies: BTreeMap<String, BTreeSet<String>>,
    /// How many events of each batch were read, where the reading ended before the last one.
    first_events: BTreeMap<String, usize>,
}

impl AllUsual {
    /// What is usual in a batch, in a sentence, where an amount is far outside of it.
    pub fn far_exceeded(&self, batch: &str, currency: &str, amount: &ExactSum) -> Option<String> {
        let usual = self.amounts.get(&(batch.to_owned(), currency.to_owned()))?;
        usual.is_far_outside(amount).then(|| {
            let of = match self.first_events.get(batch) {
                Some(read) => format!("in the first {} of", events(*read)),
                None => "in".to_owned(),
            };
            format!(
                "The median of {} amounts of {} {of} {} is {}, zeros left out.",
                count(usual.of as u64),
                currency_name(currency),
                visible(batch),
                sum(&usual.median, currency)
            )
        })
    }
}

/// A reading of them; a handle.
#[derive(Clone, Copy)]
pub struct UsualReading {
    session: Session,
    latest: Latest,
    /// Empty until it is known: then nothing is said.
    pub usual: RwSignal<Arc<AllUsual>>,
    has_begun: StoredValue<bool>,
}

impl UsualReading {
    /// Made within what shows it, whose end ends the reading.
    pub fn new(session: Session) -> Self {
        Self {
            session,
            latest: Latest::new(session),
            usual: RwSignal::default(),
            has_begun: StoredValue::new(false),
        }
    }

    /// Reads the first `most_events` of the batches.
    pub fn read(self, mut batches: Vec<String>, book: Arc<RateBook>, most_events: usize) {
        batches.truncate(MOST_BATCHES);
        if batches.is_empty() {
            return;
        }
        let Self { session, latest, usual, .. } = self;
        let read = async move |run: Run| {
            let q = one_of("BatchNumber", &batches);
            let mut pages =
                EventPages::new(session.client, Selected::all(None, q, EventAction::Change), SHAPE);
            let (mut amounts, mut currencies) = (UsualAmounts::default(), BTreeMap::new());
            let mut first_events = BTreeMap::<_, usize>::new();
            while let Some(page) = pages.next().await?.filter(|_| run.is_current()) {
                for event in &page {
                    add(&mut amounts, &mut currencies, event, &book);
                    let batch = event.text("BatchNumber").unwrap_or_default();
                    *first_events.entry(batch.to_owned()).or_default() += 1;
                }
                if pages.read >= most_events {
                    break;
                }
            }
            if pages.total.is_some_and(|total| pages.read >= total) {
                first_events.clear();
            }
            Ok(AllUsual { amounts: amounts.usual(), currencies, first_events })
        };
        // Without an answer nothing is marked.
        latest.start(read, move |known| usual.set(Arc::new(known.unwrap_or_default())));
    }

    /// Why an estimate for an event of a batch may be a slip, if so; followed, for the reading begins with the first
    /// estimate.
    pub fn doubt(self, batch: &str, estimate: &Estimate) -> Option<String> {
        /// One page: an event is opened in a moment, and the next one after it.
        const MOST_EVENTS: usize = 1;
        if self.has_begun.try_update_value(|begun| std::mem::replace(begun, true)) == Some(false)
            && let Some(book) = self.session.lookups.rates.book.get_untracked()
        {
            self.read(vec![batch.to_owned()], book, MOST_EVENTS);
        }
        let median =
            self.usual.with(|usual| usual.far_exceeded(batch, &estimate.currency, &estimate.billed()))?;
        Some(format!("More than {TIMES} times what is usual in the batch. {median} Check quantity and unit."))
    }
}

/// What an event is charged, or, where it waits to be rated, is expected to be. What an event in error would be
/// is what is in question.
fn add(
    amounts: &mut UsualAmounts,
    currencies: &mut BTreeMap<String, BTreeSet<String>>,
    event: &Record,
    book: &RateBook,
) {
    let batch = event.text("BatchNumber").unwrap_or_default();
    if event.text("EventStatus").map(class_of) == Some(StatusClass::Error) {
        return;
    }
    let currency = event.text("CurrencyCode").filter(|currency| !is_blank(currency));
    if let (Some(product), Some(currency)) = (event.text("SubscriptionProductPuid"), currency) {
        currencies.entry(product.to_owned()).or_default().insert(currency.to_owned());
    }
    let charged = billed(event);
    if charged.is_empty()
        && let Ok(estimate) = book.estimate(&EventUsage::of(|name| event.get(name)))
    {
        amounts.add(batch, &estimate.currency, estimate.billed());
    }
    charged.iter().for_each(|(currency, amount)| amounts.add(batch, currency, *amount));
}
