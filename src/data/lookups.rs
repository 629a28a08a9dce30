//! The lists of values behind coded fields: codes with their meanings, read once after sign-in.
//!
//! Not here: how the console treats a status code (`text`). A code that no list explains is
//! shown as it is.

mod closed_periods;
mod rates;

use crate::api::{Failure, RestClient};
use crate::text::{code_in_words, decimal, second_utc, unread_text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rates::Rates;
use rest_contract::oracle::closed_period::ClosedPeriod;
use rest_contract::{Field, Lookup, Value};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One allowed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub code: String,
    pub meaning: String,
    /// Whether it may be chosen anew; one that may not can still be in use.
    pub is_offered: bool,
}

/// A list that has arrived, in the server's order.
#[derive(Clone, Debug, PartialEq)]
struct CodeList {
    codes: Vec<Code>,
    /// Every entry is here: what is not cannot be meant.
    is_whole: bool,
}

/// The lists that have arrived.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookupTables {
    lists: BTreeMap<&'static str, CodeList>,
    /// The periods that are closed; nothing of a system that closes none, or before they are read.
    closed_periods: Option<Vec<ClosedPeriod>>,
}

/// The lists as the screens see them; empty until they arrive.
#[derive(Clone, Copy)]
pub struct Lookups {
    client: RestClient,
    pub tables: RwSignal<Arc<LookupTables>>,
    /// Goes up with every list that arrives.
    pub revision: RwSignal<u64>,
    pub rates: Rates,
    /// How many people have been here: what was asked for one is not shown to the next.
    sign_in_count: StoredValue<u64>,
}

pub const EVENT_STATUS: Lookup = Lookup::Codes("ORA_OSS_EVENT_STATUS");
pub const BATCH_STATUS: Lookup = Lookup::Codes("ORA_OSS_BATCH_STATUS");
pub const USAGE_TYPE: Lookup = Lookup::Codes("ORA_OSS_USAGE_TYPE");

/// The lists that the screens show.
const LISTS: &[Lookup] = &[
    EVENT_STATUS,
    BATCH_STATUS,
    USAGE_TYPE,
    Lookup::Codes("ORA_OSS_BATCH_CREATION_TYPE"),
    Lookup::Codes("ORA_OSS_USAGE_RATING_SOURCE"),
    Lookup::Codes("ORA_OSS_EVENTS_RATING_TYPE"),
    Lookup::Codes("ORA_OSS_EVENTS_SOURCE_IF_TYPE"),
    Lookup::ErrorKey,
    Lookup::Currency,
    Lookup::UnitOfMeasure,
    Lookup::TimeZone,
    Lookup::EventType,
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
        Lookup::EventType => Some(("subscriptionUsageEventTypes", "EventType", "Name")),
        Lookup::Product | Lookup::Batch => None,
    }
}

/// A value in words, where it stands by itself: a time to the second in UTC, a code by its meaning.
pub fn value_words(field: &Field, value: Option<&Value>, tables: &LookupTables) -> String {
    match (value, field.lookup) {
        (None | Some(Value::Null), _) => String::new(),
        (Some(Value::Decimal(number)), _) => decimal(number),
        (Some(Value::DateTime(at)), _) => second_utc(at),
        (Some(Value::Boolean(yes)), _) => if *yes { "Yes" } else { "No" }.to_owned(),
        (Some(Value::Unread(token)), _) => unread_text(token),
        (Some(Value::Text(text)), _) => text_in_words(field, text, tables),
        (Some(other), _) => other.to_string(),
    }
}

/// A text of a field as people are told it: a code by its meaning.
pub fn text_in_words(field: &Field, text: &str, tables: &LookupTables) -> String {
    match field.lookup {
        Some(list) if list.is_told_by_meaning() => tables.meaning(list, text).to_owned(),
        // Its code has no list.
        None if field.name == "ChargeDefinition" => code_in_words(text),
        _ => text.to_owned(),
    }
}

impl LookupTables {
    /// The list behind a field, where it has one that was read.
    pub fn list(&self, lookup: Lookup) -> &[Code] {
        let list = list_of(lookup).and_then(|(name, ..)| self.lists.get(name));
        list.map(|list| list.codes.as_slice()).unwrap_or_default()
    }

    /// Whether a code that the list does not have is certainly none of it.
    pub fn is_whole(&self, lookup: Lookup) -> bool {
        list_of(lookup).and_then(|(name, ..)| self.lists.get(name)).is_some_and(|list| list.is_whole)
    }

    /// The periods that are known to be closed.
    pub fn closed_periods(&self) -> &[ClosedPeriod] {
        self.closed_periods.as_deref().unwrap_or_default()
    }

    /// Whether the system closes periods.
    pub fn has_periods(&self) -> bool {
        self.closed_periods.is_some()
    }

    /// What a code of a list means, or the code itself.
    pub fn meaning<'a>(&'a self, lookup: Lookup, code: &'a str) -> &'a str {
        let found = self.list(lookup).iter().find(|entry| entry.code == code);
        found.map_or(code, |entry| entry.meaning.as_str())
    }
}

impl Lookups {
    pub fn new(client: RestClient) -> Self {
        Self {
            client,
            tables: RwSignal::default(),
            revision: RwSignal::new(0),
            rates: Rates::new(),
            sign_in_count: StoredValue::new(0),
        }
    }

    /// Reads every list again; one that fails stays as it was, and its codes are shown raw.
    pub fn load(&self) {
        let sign_in_count = self.sign_in_count.get_value();
        for lookup in LISTS.iter().copied() {
            let lookups = *self;
            spawn_local(async move {
                let read = lookups.read(lookup).await;
                if lookups.sign_in_count.try_get_value() != Some(sign_in_count) {
                    return;
                }
                match read {
                    Ok(Some((name, list))) => lookups.insert(name, list),
                    Ok(None) => (),
                    Err(failure) => {
                        leptos::logging::warn!("list of values {lookup:?} not read: {}", failure.title());
                    }
                }
            });
        }
    }

    fn insert(&self, name: &'static str, list: CodeList) {
        self.tables.update(|tables| {
            Arc::make_mut(tables).lists.insert(name, list);
        });
        self.revision.update(|revision| *revision += 1);
    }

    /// Forgets what one person was shown: the next one may see less.
    pub fn forget(&self) {
        self.sign_in_count.update_value(|sign_in_count| *sign_in_count += 1);
        self.tables.set(Arc::default());
        self.rates.book.set(None);
        self.rates.asked_at.set_value(0);
        self.revision.update(|revision| *revision += 1);
    }

    /// Takes in a list that a screen read by itself, whole.
    pub fn take(&self, lookup: Lookup, codes: Vec<Code>) {
        let Some((name, ..)) = list_of(lookup) else { return };
        self.insert(name, CodeList { codes, is_whole: true });
    }

    /// The values of one member in a list that is not longer than a page.
    pub async fn members(&self, resource: &str, member: &str) -> Result<Vec<String>, Failure> {
        let path = format!("{resource}?fields={member}&limit={PAGE}&onlyData=true");
        let page: Page = self.client.read_json(&path).await?;
        let values = page.items.iter().filter_map(|item| item.get(member)?.as_str());
        Ok(values.map(str::to_owned).collect())
    }

    /// Reads a list page by page. Where a page fails, or the server goes on giving what it gave before,
    /// the list is what came until then, and not whole.
    async fn read(&self, lookup: Lookup) -> Result<Option<(&'static str, CodeList)>, Failure> {
        let Some((name, code, meaning)) = list_of(lookup) else { return Ok(None) };
        let resource = match lookup {
            Lookup::Codes(_) => {
                format!("fndStaticLookups?finder=LookupTypeIsActiveEnabledFinder;BindLookupType={name}&")
            }
            _ => format!("{name}?"),
        };
        let mut list = CodeList { codes: Vec::new(), is_whole: false };
        let mut known = BTreeSet::new();
        let mut offset = 0;
        loop {
            let path = format!("{resource}limit={PAGE}&offset={offset}&onlyData=true");
            let page: Page = match self.client.read_json(&path).await {
                Ok(page) => page,
                Err(failure) if offset == 0 => return Err(failure),
                Err(_) => break,
            };
            offset += page.items.len();
            let before = known.len();
            list.codes.extend(
                page.items
                    .iter()
                    .filter_map(|item| code_of(item, code, meaning))
                    .filter(|entry| known.insert(entry.code.clone())),
            );
            // A server that says nothing of further pages has none behind a short one.
            if !page.has_more.unwrap_or(page.items.len() >= PAGE) {
                list.is_whole = true;
                break;
            }
            if known.len() == before {
                break;
            }
        }
        Ok(Some((name, list)))
    }
}

/// The most that the vendor's servers give at once.
const PAGE: usize = 499;

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
    #[serde(rename = "hasMore")]
    has_more: Option<bool>,
}

type Item = BTreeMap<String, serde_json::Value>;

fn code_of(item: &Item, code: &str, meaning: &str) -> Option<Code> {
    let text = |member: &str| item.get(member)?.as_str().map(str::to_owned);
    let code = text(code)?;
    let meaning = text(meaning).unwrap_or_else(|| code.clone());
    Some(Code { code, meaning, is_offered: true })
}
