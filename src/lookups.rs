//! The lists of values behind coded fields: codes with their meanings, read once after sign-in.
//!
//! Not here: how the console treats a status code (`display_text`). A code that no list explains is
//! shown as it is.

mod rates;

use crate::rest_client::{Failure, RestClient};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rates::Rates;
use rest_contract::Lookup;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One allowed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub code: String,
    pub meaning: String,
    /// Whether it may be chosen anew; one that may not can still be in use.
    pub is_offered: bool,
}

/// The lists that have arrived, each in the server's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookupTables(BTreeMap<&'static str, Vec<Code>>);

/// The lists as the screens see them; empty until they arrive.
#[derive(Clone, Copy)]
pub struct Lookups {
    client: RestClient,
    pub tables: RwSignal<Arc<LookupTables>>,
    /// Goes up with every list that arrives.
    pub revision: RwSignal<u64>,
    pub rates: Rates,
}

pub const EVENT_STATUS: Lookup = Lookup::Codes("ORA_OSS_EVENT_STATUS");
pub const BATCH_STATUS: Lookup = Lookup::Codes("ORA_OSS_BATCH_STATUS");
pub const USAGE_TYPE: Lookup = Lookup::Codes("ORA_OSS_USAGE_TYPE");

/// The lists that the screens show.
const LISTS: &[Lookup] = &[
    EVENT_STATUS,
    BATCH_STATUS,
    USAGE_TYPE,
    Lookup::Codes("ORA_OSS_USAGE_RATING_SOURCE"),
    Lookup::Codes("ORA_OSS_EVENTS_RATING_TYPE"),
    Lookup::Codes("ORA_OSS_EVENTS_SOURCE_IF_TYPE"),
    Lookup::ErrorKey,
    Lookup::Currency,
    Lookup::UnitOfMeasure,
    Lookup::TimeZone,
];

/// A list of values on the wire (Oracle REST, the `lov` links of a usage event): its resource, or
/// the lookup type that it is; the members of an item. Nothing for the long lists, in which a person
/// searches instead.
fn list_of(lookup: Lookup) -> Option<(&'static str, &'static str, &'static str)> {
    match lookup {
        Lookup::Codes(name) => Some((name, "LookupCode", "Meaning")),
        Lookup::Currency => Some(("currenciesLOV", "CurrencyCode", "Name")),
        Lookup::UnitOfMeasure => Some(("unitOfMeasuresLOV", "UOMCode", "UOM")),
        Lookup::TimeZone => Some(("timezonesLOV", "TimezoneCode", "TimezoneCode")),
        Lookup::ErrorKey => Some(("usageEventErrorKeysLOV", "MessageName", "MessageText")),
        Lookup::EventType | Lookup::Product | Lookup::Batch => None,
    }
}

impl LookupTables {
    /// The list behind a field, where it has one that was read.
    pub fn list(&self, lookup: Lookup) -> &[Code] {
        let list = list_of(lookup).and_then(|(name, ..)| self.0.get(name));
        list.map(Vec::as_slice).unwrap_or_default()
    }

    /// What a code of a list means, or the code itself.
    pub fn meaning<'a>(&'a self, lookup: Lookup, code: &'a str) -> &'a str {
        let found = self.list(lookup).iter().find(|entry| entry.code == code);
        found.map_or(code, |entry| entry.meaning.as_str())
    }
}

impl Lookups {
    pub fn new(client: RestClient) -> Self {
        Self { client, tables: RwSignal::default(), revision: RwSignal::new(0), rates: Rates::new() }
    }

    /// Reads every list again; one that fails stays as it was, and its codes are shown raw.
    pub fn load(&self) {
        for lookup in LISTS.iter().copied() {
            let lookups = *self;
            spawn_local(async move {
                match lookups.read(lookup).await {
                    Ok(Some((name, list))) => {
                        lookups.tables.update(|tables| {
                            Arc::make_mut(tables).0.insert(name, list);
                        });
                        lookups.revision.update(|revision| *revision += 1);
                    }
                    Ok(None) => (),
                    Err(failure) => {
                        leptos::logging::warn!("list of values {lookup:?} not read: {}", failure.title());
                    }
                }
            });
        }
    }

    /// Takes in a list that a screen read by itself.
    pub fn take(&self, lookup: Lookup, list: Vec<Code>) {
        let Some((name, ..)) = list_of(lookup) else { return };
        self.tables.update(|tables| {
            Arc::make_mut(tables).0.insert(name, list);
        });
        self.revision.update(|revision| *revision += 1);
    }

    async fn read(&self, lookup: Lookup) -> Result<Option<(&'static str, Vec<Code>)>, Failure> {
        #[derive(Deserialize)]
        struct Page {
            items: Vec<BTreeMap<String, serde_json::Value>>,
        }
        let Some((name, code, meaning)) = list_of(lookup) else { return Ok(None) };
        let resource = match lookup {
            Lookup::Codes(_) => {
                format!("fndStaticLookups?finder=LookupTypeIsActiveEnabledFinder;BindLookupType={name}&")
            }
            _ => format!("{name}?"),
        };
        let page: Page = self.client.read_json(&format!("{resource}limit=499&onlyData=true")).await?;
        let text = |item: &BTreeMap<String, serde_json::Value>, member: &str| {
            item.get(member)?.as_str().map(str::to_owned)
        };
        let codes = page.items.iter().filter_map(|item| {
            let code = text(item, code)?;
            let meaning = text(item, meaning).unwrap_or_else(|| code.clone());
            Some(Code { code, meaning, is_offered: true })
        });
        Ok(Some((name, codes.collect())))
    }
}
