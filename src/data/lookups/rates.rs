//! The lists that events are priced by, read when something wants to estimate, and read again when
//! they may have moved: allowances are used up while people work.

use super::Lookups;
use crate::api::{Failure, FailureKind, RestClient};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::estimate::RateBook;
use rest_contract::oracle::rate_lists::{CURRENCY, UNIT_CONVERSION, USAGE_ALLOWANCE, USAGE_RATE};
use rest_contract::{Record, Schema};
use std::sync::Arc;

/// A book that is older is read again when it is wanted: milliseconds.
const GROWS_OLD_AFTER: u64 = 60_000;
/// After a reading that failed.
const ASKED_AGAIN_AFTER: u64 = 5_000;

/// The book as the screens see it; a handle.
#[derive(Clone, Copy)]
pub struct Rates {
    /// Nothing until it was read. Empty where the system has no such lists.
    pub book: RwSignal<Option<Arc<RateBook>>>,
    pub(super) asked_at: StoredValue<u64>,
}

impl Rates {
    pub(super) fn new() -> Self {
        Self { book: RwSignal::new(None), asked_at: StoredValue::new(0) }
    }
}

impl Lookups {
    /// Sees to it that the book is there before long, and not old.
    pub fn want_rates(&self) {
        let now = js_sys::Date::now() as u64; // exact-in-double: an instant, no money
        let is_young = self.rates.asked_at.get_value() + GROWS_OLD_AFTER > now;
        if is_young {
            return;
        }
        self.rates.asked_at.set_value(now);
        let (lookups, sign_in_count) = (*self, self.sign_in_count.get_value());
        spawn_local(async move {
            let read = read_book(lookups.client).await;
            if lookups.sign_in_count.try_get_value() != Some(sign_in_count) {
                return;
            }
            match read {
                Ok(book) => {
                    lookups.rates.book.try_set(Some(Arc::new(book)));
                }
                // Half a book prices wrongly: the one before stands, and it is asked again soon.
                Err(failure) => {
                    leptos::logging::warn!("rates not read: {}", failure.title());
                    lookups
                        .rates
                        .asked_at
                        .set_value((now + ASKED_AGAIN_AFTER).saturating_sub(GROWS_OLD_AFTER));
                }
            }
        });
    }
}

async fn read_book(client: RestClient) -> Result<RateBook, Failure> {
    let rates = rows(client, &USAGE_RATE).await?;
    let conversions = rows(client, &UNIT_CONVERSION).await?;
    let allowances = rows(client, &USAGE_ALLOWANCE).await?;
    let currencies = rows(client, &CURRENCY).await?;
    Ok(RateBook::read(&rates, &conversions, &allowances, &currencies))
}

/// The rows of a list; none where the system does not have it, which every estimate then says.
async fn rows(client: RestClient, schema: &'static Schema) -> Result<Vec<Record>, Failure> {
    match client.list_of_values(schema).await {
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}
