//! The lists of values behind coded fields: codes with their meanings, read once after sign-in.
//!
//! Not here: how the console treats a status code (`display_text`). A code that no list explains is
//! shown as it is.

use crate::rest_client::{Failure, RestClient};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::Lookup;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One allowed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub code: String,
    pub meaning: String,
}

/// The lists that have arrived, each in the server's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookupTables(BTreeMap<&'static str, Vec<Code>>);

/// The lists as the screens see them; empty until they arrive.
#[derive(Clone, Copy)]
pub struct Lookups {
    client: RestClient,
    pub tables: RwSignal<Arc<LookupTables>>,
}

pub const EVENT_STATUS: Lookup = Lookup::Codes("ORA_OSS_EVENT_STATUS");
pub const BATCH_STATUS: Lookup = Lookup::Codes("ORA_OSS_BATCH_STATUS");
pub const USAGE_TYPE: Lookup = Lookup::Codes("ORA_OSS_USAGE_TYPE");

/// A list of values: its name here, its path below the API's base, the members of an item.
struct Source {
    name: &'static str,
    path: &'static str,
    code: &'static str,
    meaning: &'static str,
}

const fn codes(name: &'static str, path: &'static str) -> Source {
    Source { name, path, code: "LookupCode", meaning: "Meaning" }
}

const SOURCES: &[Source] = &[
    codes(
        "ORA_OSS_EVENT_STATUS",
        "fndStaticLookups?finder=LookupTypeIsActiveEnabledFinder;BindLookupType=ORA_OSS_EVENT_STATUS&limit=499&onlyData=true",
    ),
    codes(
        "ORA_OSS_BATCH_STATUS",
        "fndStaticLookups?finder=LookupTypeIsActiveEnabledFinder;BindLookupType=ORA_OSS_BATCH_STATUS&limit=499&onlyData=true",
    ),
    codes(
        "ORA_OSS_USAGE_TYPE",
        "fndStaticLookups?finder=LookupTypeIsActiveEnabledFinder;BindLookupType=ORA_OSS_USAGE_TYPE&limit=499&onlyData=true",
    ),
    codes(
        "ORA_OSS_USAGE_RATING_SOURCE",
        "fndStaticLookups?finder=LookupTypeIsActiveEnabledFinder;BindLookupType=ORA_OSS_USAGE_RATING_SOURCE&limit=499&onlyData=true",
    ),
    codes(
        "ORA_OSS_EVENTS_RATING_TYPE",
        "fndStaticLookups?finder=LookupTypeIsActiveEnabledFinder;BindLookupType=ORA_OSS_EVENTS_RATING_TYPE&limit=499&onlyData=true",
    ),
    codes(
        "ORA_OSS_EVENTS_SOURCE_IF_TYPE",
        "fndStaticLookups?finder=LookupTypeIsActiveEnabledFinder;BindLookupType=ORA_OSS_EVENTS_SOURCE_IF_TYPE&limit=499&onlyData=true",
    ),
    Source {
        name: CURRENCIES,
        path: "currenciesLOV?limit=499&onlyData=true",
        code: "CurrencyCode",
        meaning: "Name",
    },
    Source {
        name: UNITS,
        path: "unitOfMeasuresLOV?limit=499&onlyData=true",
        code: "UOMCode",
        meaning: "UOM",
    },
    Source {
        name: ERRORS,
        path: "usageEventErrorKeysLOV?limit=499&onlyData=true",
        code: "MessageName",
        meaning: "MessageText",
    },
    Source {
        name: ZONES,
        path: "timezonesLOV?limit=499&onlyData=true",
        code: "TimezoneCode",
        meaning: "TimezoneCode",
    },
];
const ERRORS: &str = "errors";
const CURRENCIES: &str = "currencies";
const UNITS: &str = "units";
const ZONES: &str = "zones";

impl LookupTables {
    /// The list behind a field, where it has one that was read.
    pub fn list(&self, lookup: Lookup) -> &[Code] {
        let name = match lookup {
            Lookup::Codes(name) => name,
            Lookup::Currency => CURRENCIES,
            Lookup::UnitOfMeasure => UNITS,
            Lookup::TimeZone => ZONES,
            Lookup::ErrorKey => ERRORS,
            Lookup::EventType | Lookup::Product | Lookup::Batch => return &[],
        };
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a code of a list means, or the code itself.
    pub fn meaning<'a>(&'a self, lookup: Lookup, code: &'a str) -> &'a str {
        let found = self.list(lookup).iter().find(|entry| entry.code == code);
        found.map_or(code, |entry| entry.meaning.as_str())
    }
}

impl Lookups {
    pub fn new(client: RestClient) -> Self {
        Self { client, tables: RwSignal::default() }
    }

    /// Reads every list again; one that fails stays as it was, and its codes are shown raw.
    pub fn load(&self) {
        for source in SOURCES {
            let lookups = *self;
            spawn_local(async move {
                match lookups.read(source).await {
                    Ok(list) => lookups.tables.update(|tables| {
                        Arc::make_mut(tables).0.insert(source.name, list);
                    }),
                    Err(failure) => {
                        leptos::logging::warn!(
                            "list of values {} not read: {}",
                            source.name,
                            failure.title()
                        );
                    }
                }
            });
        }
    }

    async fn read(&self, source: &Source) -> Result<Vec<Code>, Failure> {
        #[derive(Deserialize)]
        struct Page {
            items: Vec<BTreeMap<String, serde_json::Value>>,
        }
        let page: Page = self.client.read_json(source.path).await?;
        let text = |item: &BTreeMap<String, serde_json::Value>, name: &str| {
            item.get(name)?.as_str().map(str::to_owned)
        };
        let items = page.items.iter().filter_map(|item| {
            let code = text(item, source.code)?;
            let meaning = text(item, source.meaning).unwrap_or_else(|| code.clone());
            Some(Code { code, meaning })
        });
        Ok(items.collect())
    }
}
