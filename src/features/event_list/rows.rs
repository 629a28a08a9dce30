//! One row of the event grid: the event as it was read, with the billed amounts of its charges.

use super::columns::BILLED;
use crate::api::{RecordKey, Resource, fields_of, key_of, version_of};
use crate::data::sync::{Confirmed, FieldName, RecordSync};
use grid_model::CopiedCell;
use record_store::{Fields, Version};
use rest_contract::oracle::charged_amounts::{Amounts, add_amount, missing_charges};
use rest_contract::oracle::compared_amounts::pending_reversal;
use rest_contract::{ExactSum, Record, Value};
use rust_decimal::Decimal;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct EventRow {
    pub key: RecordKey,
    pub version: Version,
    pub fields: Fields<FieldName, Value>,
    charges: Vec<ChargeAmount>,
    /// Charges that did not come, or could not be read at all.
    missing_charges: usize,
    /// Of a reversal that is still to be processed, what it will be billed.
    pub expected: Option<Amounts>,
}

#[derive(Clone, Debug)]
struct ChargeAmount {
    key: Option<RecordKey>,
    currency: Option<Value>,
    amount: Option<Value>,
    /// What of the amount an allowance has covered.
    covered: Option<Value>,
}

impl ChargeAmount {
    fn is_covered(&self) -> bool {
        self.covered.as_ref().and_then(Value::as_decimal).is_some_and(|covered| !covered.is_zero())
    }
}

impl EventRow {
    pub fn read(record: &Record) -> Option<Self> {
        let key = key_of(Resource::Event, record, None)?;
        let charges = record.children("usageCharges").unwrap_or_default();
        let charges = charges.iter().map(|charge| ChargeAmount {
            key: key_of(Resource::Charge, charge, Some(&key)),
            currency: charge.get("ChargeCurrency").cloned(),
            amount: charge.get(BILLED).cloned(),
            covered: charge.get("AllowanceAmount").cloned(),
        });
        Some(Self {
            version: version_of(record),
            fields: fields_of(record),
            charges: charges.collect(),
            missing_charges: missing_charges(record),
            expected: None,
            key,
        })
    }

    /// A row out of a table, which keeps no charges but what they come to: an amount that could not be read is
    /// nothing. `has_allowance` and `without_currency` are what [`has_allowance`](Self::has_allowance) and
    /// [`is_without_currency`](Self::is_without_currency) told of the row that went in.
    pub fn kept(
        (key, version, fields): (RecordKey, Version, Fields<FieldName, Value>),
        amounts: Vec<(String, Option<Decimal>)>,
        has_allowance: bool,
        without_currency: bool,
    ) -> Self {
        let covered = has_allowance.then_some(Value::Decimal(Decimal::ONE));
        let charge = |(currency, amount): (String, Option<Decimal>)| ChargeAmount {
            key: None,
            currency: Some(currency).filter(|code| !code.is_empty()).map(Value::Text),
            amount: Some(amount.map_or_else(|| Value::Unread(String::new()), Value::Decimal)),
            covered: covered.clone(),
        };
        let mut charges: Vec<_> = amounts.into_iter().map(charge).collect();
        if without_currency {
            charges.push(ChargeAmount { key: None, currency: None, amount: None, covered: None });
        }
        Self { key, version, fields, charges, missing_charges: 0, expected: None }
    }

    /// What the charges come to per currency, as they were read.
    pub fn charged(&self) -> Amounts {
        let mut sums = Amounts::new();
        for charge in &self.charges {
            add_amount(&mut sums, charge.currency.as_ref(), charge.amount.as_ref());
        }
        for _ in 0..self.missing_charges {
            sums.entry(String::new()).or_default().leave_out();
        }
        sums
    }

    /// Whether an allowance covers something of a charge.
    pub fn has_allowance(&self) -> bool {
        self.charges.iter().any(ChargeAmount::is_covered)
    }

    /// Whether the event has no currency, or a charge of it has none.
    pub fn is_without_currency(&self) -> bool {
        let is_none = |value: Option<&Value>| value.is_none_or(|value| *value == Value::Null);
        is_none(self.fields.get("CurrencyCode"))
            || self.charges.iter().any(|charge| is_none(charge.currency.as_ref()))
    }

    /// The billed amounts per currency, with changes of charges that the store knows of.
    pub fn billed(&self, sync: &RecordSync) -> Amounts {
        let mut sums = Amounts::new();
        for charge in &self.charges {
            let shown = charge.key.as_ref().and_then(|key| {
                sync.with_view(key, |view| view.and_then(|view| view.shown(&BILLED).cloned()))
            });
            add_amount(&mut sums, charge.currency.as_ref(), shown.as_ref().or(charge.amount.as_ref()));
        }
        for _ in 0..self.missing_charges {
            sums.entry(String::new()).or_default().leave_out();
        }
        sums
    }

    /// The amount as a copy has it, with all digits: a number where it is of one currency, which is the event's own,
    /// else words.
    pub fn amount_copied(&self, sync: &RecordSync, own_currency: &str) -> Option<CopiedCell> {
        let sums = self.billed(sync);
        let expected = self.expected.as_ref().filter(|it| sums.is_empty() && !it.is_empty());
        let expected =
            expected.map(|expected| CopiedCell::Text(format!("expected {}", exact_words(expected))));
        expected.or_else(|| amount_in(&sums, own_currency))
    }

    /// The amount as a file has it: what is only expected depends on which rows were in sight, and is none.
    pub fn amount_in_file(&self, sync: &RecordSync, own_currency: &str) -> CopiedCell {
        let amount = amount_in(&self.billed(sync), own_currency);
        amount.unwrap_or_else(|| CopiedCell::Text(String::new()))
    }

    /// Whether nothing is billed because an allowance covers it all.
    pub fn is_covered(&self, sync: &RecordSync) -> bool {
        let billed = self.billed(sync);
        !billed.is_empty() && billed.values().all(ExactSum::is_zero) && self.has_allowance()
    }

    /// The batch that the reversal of the event waits in, by its identifier.
    pub fn reversed_by_batch(&self, sync: &RecordSync) -> Option<i64> {
        sync.with_view(&self.key, |view| {
            let confirmed = |name| view.as_ref().and_then(|view| view.confirmed(&name));
            pending_reversal(|name| confirmed(name).or_else(|| self.fields.get(name))).map(|(_, batch)| batch)
        })
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
        for charge in &mut self.charges {
            let Some(key) = &charge.key else { continue };
            sync.with_view(key, |view| {
                if let Some(value) = view.and_then(|view| view.confirmed(&BILLED).cloned()) {
                    charge.amount = Some(value);
                }
            });
        }
    }

    /// The paths of the event and of its charges.
    pub fn parts(&self) -> impl Iterator<Item = Arc<str>> + '_ {
        let charges = self.charges.iter().filter_map(|charge| Some(Arc::clone(&charge.key.as_ref()?.path)));
        std::iter::once(Arc::clone(&self.key.path)).chain(charges)
    }

    /// Whether the path is that of the event or of one of its charges.
    pub fn holds(&self, path: &str) -> bool {
        let mut charges = self.charges.iter().filter_map(|charge| charge.key.as_ref());
        *self.key.path == *path || charges.any(|key| *key.path == *path)
    }

    /// The event's number, which its path need not tell.
    pub fn number(&self) -> String {
        let number = self.fields.get("EventNumber").and_then(Value::as_text);
        number.map_or_else(|| self.key.name(), str::to_owned)
    }
}

fn amount_in(sums: &Amounts, own_currency: &str) -> Option<CopiedCell> {
    let own = sums.get(own_currency).filter(|sum| sums.len() == 1 && sum.left_out() == 0);
    match own.and_then(ExactSum::text) {
        Some(digits) => Some(CopiedCell::Number(digits)),
        None => (!sums.is_empty()).then(|| CopiedCell::Text(exact_words(sums))),
    }
}

/// Amounts of several currencies with all their digits, such as "2.00 USD, 3.00 EUR".
fn exact_words(sums: &Amounts) -> String {
    let words = sums.iter().map(|(currency, sum)| {
        let digits = sum.text().filter(|_| sum.left_out() == 0).unwrap_or_else(|| "not known".to_owned());
        if currency.is_empty() {
            format!("{digits} without currency")
        } else {
            format!("{digits} {currency}")
        }
    });
    words.collect::<Vec<_>>().join(", ")
}
