//! What became of an event, the newest first: its making, its charges, and each change that the system keeps
//! of it. Read once a person opens it.

use super::event_reader::Children;
use crate::api::{Failure, FailureKind, HistoryOf, RecordKey};
use crate::data::fetched::Fetched;
use crate::data::lookups::{LookupTables, value_words};
use crate::data::session::Session;
use crate::data::sync::FieldName;
use crate::features::kept_history::{field_words, record_words, value_of};
use crate::features::list::FailureLine;
use crate::routes;
use crate::text::{decimal, second_utc};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use rest_contract::oracle::CHANGE_HISTORY;
use rest_contract::{Record, Value, is_blank};
use std::cmp::Reverse;

/// As many changes are read; the history of its batch has all.
const MOST_CHANGES: usize = 100;

/// Whether a person has the timeline of events open: it stays so from one event to the next.
#[derive(Clone, Copy)]
pub struct TimelineOpen(RwSignal<bool>);

impl TimelineOpen {
    pub fn new() -> Self {
        Self(RwSignal::new(false))
    }
}

/// What the system keeps of an event's changes.
#[derive(Clone, Debug)]
enum Kept {
    /// The newest ones, and how many more there are, where that is known.
    Changes(Vec<Record>, bool),
    /// It has no such list.
    Nothing,
}

/// A change that is kept is not changed again.
impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Changes(one, more), Self::Changes(other, others)) => {
                more == others && one.iter().map(Record::key).eq(other.iter().map(Record::key))
            }
            (one, other) => matches!((one, other), (Self::Nothing, Self::Nothing)),
        }
    }
}

struct Happened {
    at: DateTime<Utc>,
    who: String,
    what: Vec<String>,
}

#[component]
pub fn Timeline(session: Session, event: RecordKey, children: Children) -> impl IntoView {
    let TimelineOpen(is_open) = expect_context::<TimelineOpen>();
    let number = StoredValue::new(event.name());
    let kept = Fetched::new(session, async move || {
        let number = number.try_get_value().unwrap_or_default();
        changes_of(session, &number).await
    });
    let event = StoredValue::new(event);
    let changed = Memo::new(move |_| {
        session.sync.revision.track();
        event.with_value(|event| stamp(&session, event, "LastUpdateDate"))
    });
    Effect::new(move || {
        // A memo that is only tracked is never worked out.
        changed.get();
        session.renewed.track();
        if is_open.get() {
            kept.read();
        }
    });
    let charges = children.charges;
    let list = move || {
        session.sync.revision.track();
        let tables = session.lookups.tables.get();
        let (mut all, has_more, has_none) = match kept.found.get() {
            None => return None,
            Some(Kept::Nothing) => (last_change(&session, &event.get_value()), false, true),
            Some(Kept::Changes(changes, has_more)) => (grouped(&changes, &tables), has_more, false),
        };
        all.extend(event.with_value(|event| made(&session, event)));
        all.extend(charges.iter().filter_map(|charge| charged(&session, charge)));
        all.sort_by_key(|one| Reverse(one.at));
        let each = all.into_iter().map(|Happened { at, who, what }| {
            let what = what.into_iter().map(|line| view! { <span>{line}</span> }).collect_view();
            view! { <li><span class="number quiet">{second_utc(&at)}</span><div>{what}</div><span class="quiet">{who}</span></li> }
        });
        let batch = event.with_value(|event| text_of(&session, event, "BatchNumber"));
        let more = has_more.then(|| view! { <p>{format!("The newest {MOST_CHANGES} changes. ")}{batch.map(|batch| view! { <a href=routes::batch_part(&routes::batch(&batch), "history")>"All changes of its batch"</a> })}</p> });
        let none = has_none.then(|| view! { <p class="quiet">"This system gives no list of changes: only what its records tell by themselves stands here."</p> });
        Some(view! { <ol class="timeline">{each.collect_view()}</ol>{more}{none} })
    };
    let failed = move || {
        kept.failure
            .get()
            .map(|failure| view! { <FailureLine what="Timeline" failure=failure again=kept.again() /> })
    };
    let is_reading = move || kept.found.with(Option::is_none) && kept.failure.with(Option::is_none);
    view! {
        <details class="timeline-section" prop:open=move || is_open.get()
            on:toggle=move |event| is_open.set(event_target::<web_sys::HtmlElement>(&event).has_attribute("open"))>
            <summary>"Timeline"<span class="quiet">"UTC, kept by the system"</span></summary>
            <Show when=move || is_open.get()>
                <Show when=is_reading><p class="quiet" role="status">"Reading the timeline"</p></Show>
                {failed}
                {list.clone()}
            </Show>
        </details>
    }
}

async fn changes_of(session: Session, number: &str) -> Result<Kept, Failure> {
    match session.client.change_history_page(HistoryOf::Event(number), 0, MOST_CHANGES).await {
        Ok(page) => Ok(Kept::Changes(page.items, page.has_more)),
        Err(Failure { kind: FailureKind::NotFound, .. }) => Ok(Kept::Nothing),
        Err(failure) => Err(failure),
    }
}

/// What one request changed of one record stands together.
fn grouped(changes: &[Record], tables: &LookupTables) -> Vec<Happened> {
    let mut all: Vec<Happened> = Vec::new();
    let mut before = None;
    for change in changes {
        let Some(at) = change.get("ChangedAt").and_then(Value::as_date_time) else { continue };
        let told = |name: &str| {
            let (field, value) = value_of(change, CHANGE_HISTORY.field(name)?);
            Some(value_words(field, value.as_ref(), tables)).filter(|words| !words.is_empty())
        };
        let empty = || "(empty)".to_owned();
        let (from, to) = (told("ValueBefore"), told("ValueAfter"));
        let line = format!(
            "{}: {} \u{2192} {}",
            field_words(change),
            from.unwrap_or_else(empty),
            to.unwrap_or_else(empty)
        );
        let record = record_words(change);
        let same = (change.text("RequestId"), at, record.clone());
        match all.last_mut() {
            Some(last) if before.as_ref() == Some(&same) => last.what.push(line),
            _ => {
                let is_event = change.text("ResourceName") == Some("usageEvents");
                let what = (!is_event).then_some(record).into_iter().chain([line]).collect();
                let who = change.text("ChangedBy").unwrap_or_default().to_owned();
                all.push(Happened { at, who, what });
            }
        }
        before = Some(same);
    }
    all
}

fn confirmed(session: &Session, key: &RecordKey, name: FieldName) -> Option<Value> {
    session.sync.with_view(key, |view| view?.confirmed(&name).cloned())
}

fn text_of(session: &Session, key: &RecordKey, name: FieldName) -> Option<String> {
    let text = confirmed(session, key, name)?.as_text().map(str::to_owned);
    text.filter(|text| !is_blank(text))
}

fn stamp(session: &Session, key: &RecordKey, name: FieldName) -> Option<DateTime<Utc>> {
    confirmed(session, key, name).as_ref().and_then(Value::as_date_time)
}

fn made(session: &Session, event: &RecordKey) -> Option<Happened> {
    let file = text_of(session, event, "FileName").map(|file| format!("From the file {file}"));
    Some(Happened {
        at: stamp(session, event, "CreationDate")?,
        who: text_of(session, event, "CreatedBy").unwrap_or_default(),
        what: std::iter::once("Created".to_owned()).chain(file).collect(),
    })
}

/// Where the system keeps no changes, the record tells of the last one.
fn last_change(session: &Session, event: &RecordKey) -> Vec<Happened> {
    let last = stamp(session, event, "LastUpdateDate").map(|at| Happened {
        at,
        who: text_of(session, event, "LastUpdatedBy").unwrap_or_default(),
        what: vec!["Last changed".to_owned()],
    });
    last.into_iter().collect()
}

fn charged(session: &Session, charge: &RecordKey) -> Option<Happened> {
    let amount = confirmed(session, charge, "BilledAmount");
    let amount = amount.as_ref().and_then(Value::as_decimal);
    let currency = text_of(session, charge, "ChargeCurrency").unwrap_or_default();
    let name =
        text_of(session, charge, "ChargeName").or_else(|| text_of(session, charge, "ChargeDefinition"));
    let amount = amount.map_or_else(
        || "Charge without a billed amount".to_owned(),
        |amount| {
            let what = if amount.is_sign_negative() { "Credited" } else { "Charged" };
            format!("{what} {} {currency}", decimal(&amount)).trim_end().to_owned()
        },
    );
    Some(Happened {
        at: stamp(session, charge, "CreationDate")?,
        who: text_of(session, charge, "CreatedBy").unwrap_or_default(),
        what: std::iter::once(amount).chain(name).collect(),
    })
}
