//! One row of the event grid: the event as it was read, with the billed amounts of its charges.

use crate::record_sync::{Confirmed, FieldName, RecordSync};
use crate::rest_client::{RecordKey, Resource, fields_of, key_of, version_of};
use record_store::{Fields, Version};
use rest_contract::{ExactSum, Record, Value};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub struct EventRow {
    pub key: RecordKey,
    pub version: Version,
    pub fields: Fields<FieldName, Value>,
    charges: Vec<(RecordKey, String, Option<Decimal>)>,
}

/// Sums by currency code; an empty code stands for charges without one and is a line of its own.
pub type CurrencySums = BTreeMap<String, ExactSum>;

impl EventRow {
    pub fn read(record: &Record) -> Option<Self> {
        let key = key_of(Resource::Event, record, None)?;
        let charges = record.children("usageCharges").unwrap_or_default();
        let charges = charges.iter().filter_map(|charge| {
            let (currency, amount) = amount_of(charge);
            Some((key_of(Resource::Charge, charge, Some(&key))?, currency, amount))
        });
        Some(Self { version: version_of(record), fields: fields_of(record), charges: charges.collect(), key })
    }

    /// The billed amounts per currency, with changes of charges that the store knows of.
    pub fn billed(&self, sync: &RecordSync) -> CurrencySums {
        let mut sums = CurrencySums::new();
        for (key, currency, amount) in &self.charges {
            let amount = sync.with_view(key, |view| {
                match view.and_then(|view| view.shown(&"BilledAmount").cloned()) {
                    Some(value) => value.as_decimal(),
                    None => *amount,
                }
            });
            add(&mut sums, currency, amount);
        }
        sums
    }

    /// The confirmed state that the row shows.
    pub fn confirmed(&self) -> Confirmed {
        (self.version.clone(), self.fields.clone())
    }

    /// Takes over what the store knows by now, so that the row stays true when the store lets go.
    pub fn refresh(&mut self, sync: &RecordSync) {
        sync.with_view(&self.key, |view| {
            let Some(view) = view else { return };
            let Some(version) = view.version() else { return };
            if *version != self.version {
                self.version = version.clone();
                // The store may know fewer fields than the list.
                self.fields
                    .extend(view.fields().filter_map(|field| Some((*field.field, field.confirmed?.clone()))));
            }
        });
        for (key, _, amount) in &mut self.charges {
            sync.with_view(key, |view| {
                if let Some(value) = view.and_then(|view| view.confirmed(&"BilledAmount").cloned()) {
                    *amount = value.as_decimal();
                }
            });
        }
    }

    /// Whether this event or one of its charges is among the records that changed.
    pub fn concerns(&self, keys: &BTreeSet<RecordKey>) -> bool {
        keys.contains(&self.key) || self.charges.iter().any(|(charge, ..)| keys.contains(charge))
    }
}

/// A charge's currency and billed amount.
pub fn amount_of(charge: &Record) -> (String, Option<Decimal>) {
    let currency = charge.text("ChargeCurrency").unwrap_or_default().to_owned();
    (currency, charge.get("BilledAmount").and_then(Value::as_decimal))
}

/// Adds an amount to its currency's sum.
pub fn add(sums: &mut CurrencySums, currency: &str, amount: Option<Decimal>) {
    if let Some(amount) = amount {
        sums.entry(currency.to_owned()).or_default().add(amount);
    }
}
