//! A change that the system keeps, in words.

mod happened;

pub use happened::{Happened, Line, change_words, changes_in_steps, happened_list};

use crate::api::{EventPageQuery, Failure, FailureKind, HistoryOf, RestClient};
use crate::data::lookups::{LookupTables, value_words};
use crate::text::instant_utc;
use rest_contract::oracle::changed_field;
use rest_contract::{Field, Record, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The newest changes of a record and of what is in it.
#[derive(Clone, Debug)]
pub struct KeptChanges {
    pub changes: Vec<Record>,
    /// There are older ones.
    pub has_more: bool,
    pub named: NamedEvents,
}

/// A change that is kept is not changed again.
impl PartialEq for KeptChanges {
    fn eq(&self, other: &Self) -> bool {
        let keys = |changes: &[Record]| changes.iter().map(Record::key).collect::<Vec<_>>();
        (self.has_more, &self.named) == (other.has_more, &other.named)
            && keys(&self.changes) == keys(&other.changes)
    }
}

/// Reads at most `most` changes; nothing where the system keeps none.
pub async fn kept_changes(
    client: RestClient,
    of: HistoryOf<'_>,
    most: usize,
) -> Result<Option<KeptChanges>, Failure> {
    let page = match client.change_history_page(of, 0, most).await {
        Err(Failure { kind: FailureKind::NotFound, .. }) => return Ok(None),
        page => page?,
    };
    let named = related_events(client, &page.items).await?;
    Ok(Some(KeptChanges { changes: page.items, has_more: page.has_more, named }))
}

/// The numbers of events by their identifiers, which is how a change names another event.
pub type NamedEvents = BTreeMap<String, String>;

/// As many are asked for in one query.
const AT_ONCE: usize = 100;

const RELATED: &str = "RelatedEventId";

/// The events that changes name by their identifiers.
pub async fn related_events(client: RestClient, changes: &[Record]) -> Result<NamedEvents, Failure> {
    let of_related = changes.iter().filter(|change| change.text("FieldName") == Some(RELATED));
    let values = of_related.flat_map(|change| ["ValueBefore", "ValueAfter"].map(|name| change.text(name)));
    let ids: BTreeSet<i64> = values.flatten().filter_map(|id| id.parse().ok()).collect();
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    let mut named = NamedEvents::new();
    for ids in ids.chunks(AT_ONCE) {
        let q = format!("EventId in ({})", ids.join(","));
        let shape = "fields=EventId,EventNumber&onlyData=true";
        let query = EventPageQuery { q: &q, shape, limit: ids.len(), ..EventPageQuery::default() };
        let found = client.event_page(&query).await?.items.into_iter();
        named.extend(
            found.filter_map(|event| Some((event.get("EventId")?.as_integer()?.to_string(), event.key()?))),
        );
    }
    Ok(named)
}

fn field_of(change: &Record) -> Option<&'static Field> {
    changed_field(change.text("ResourceName")?, change.text("FieldName")?)
}

/// The title of the field that was changed.
pub fn field_words(change: &Record) -> &str {
    match change.text("FieldName").unwrap_or_default() {
        // Shown by its number.
        RELATED => "Related event",
        name => field_of(change).map_or(name, |field| field.title),
    }
}

/// A member of a change: a value of the field that was changed, or of the history's own.
pub fn value_of(change: &Record, kind: &'static Field) -> (&'static Field, Option<Value>) {
    match (field_of(change), change.get(kind.name)) {
        (Some(field), Some(Value::Text(text))) if kind.name.starts_with("Value") => {
            (field, Some(field.read_text(text).unwrap_or_else(|_| Value::Unread(text.clone()))))
        }
        (_, value) => (kind, value.cloned()),
    }
}

/// The text of a member of a change, such as its value before: empty where that was empty.
pub fn value_in_words(
    change: &Record,
    kind: &'static Field,
    tables: &LookupTables,
    named: &NamedEvents,
) -> String {
    let (field, value) = value_of(change, kind);
    let is_kept = kind.name.starts_with("Value");
    let words = match &value {
        // The history is read on one clock, whatever the zones of its events.
        Some(Value::DateTime(at)) if is_kept => format!("{} UTC", instant_utc(at)),
        value => value_words(field, value.as_ref(), tables),
    };
    let is_related = change.text("FieldName") == Some(RELATED) && is_kept;
    named.get(&words).filter(|_| is_related).cloned().unwrap_or(words)
}

/// Which record was changed, such as "Charge 17 of event TEL-1".
pub fn record_words(change: &Record) -> String {
    let words = |name: &str| change.text(name).unwrap_or_default();
    let kind = match words("ResourceName") {
        "subscriptionUsageEventBatches" => "Batch",
        "usageEvents" => "Event",
        "usageCharges" => "Charge",
        "usageMessages" => "Message",
        "ruleBuilderConditions" => "Rule",
        other => other,
    };
    match change.text("EventNumber").filter(|_| kind != "Event") {
        Some(event) => format!("{kind} {} of event {event}", words("RecordKey")),
        None => format!("{kind} {}", words("RecordKey")),
    }
}
