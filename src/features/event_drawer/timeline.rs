//! What became of an event, the newest first: its making, its charges, why it could not be rated, and each
//! change that the system keeps of it. Read once a person opens it.

use super::event_reader::Children;
use super::messages::{said_by, tone_of};
use crate::api::{HistoryOf, RecordKey};
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::data::sync::FieldName;
use crate::features::kept_history::{Happened, changes_in_steps, happened_list, kept_changes};
use crate::features::list::FailureLine;
use crate::routes;
use crate::text::{amount as amount_in_digits, code_in_words};
use chrono::{DateTime, Utc};
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::oracle::EVENT;
use rest_contract::{Record, Value, is_blank};

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

#[component]
pub fn Timeline(session: Session, event: RecordKey, children: Children) -> impl IntoView {
    let TimelineOpen(is_open) = expect_context::<TimelineOpen>();
    let number = StoredValue::new(event.name());
    let kept = Fetched::new(session, async move || {
        let number = number.try_get_value().unwrap_or_default();
        kept_changes(session.client, HistoryOf::Event(&number), MOST_CHANGES).await
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
    let Children { charges, messages, .. } = children;
    let list = move || {
        session.sync.revision.track();
        let tables = session.lookups.tables.get();
        let kept = kept.found.get()?;
        let has_none = kept.is_none();
        let has_more = kept.as_ref().is_some_and(|kept| kept.has_more);
        // What stands on the event now may not be what it was made with.
        let is_as_made = kept.as_ref().is_some_and(|kept| {
            !has_more && !kept.changes.iter().any(|change| change.text("FieldName") == Some("FileName"))
        });
        let mut all = match kept {
            None => last_change(&session, &event.get_value()),
            Some(kept) => changes_in_steps(&kept.changes, EVENT.resource, &tables, &kept.named),
        };
        // Of what has one time the newest stands first.
        all.extend(messages.iter().filter_map(failed_rating));
        all.extend(charges.iter().filter_map(|charge| charged(&session, charge)));
        all.extend(event.with_value(|event| made(&session, event, is_as_made)));
        let batch = event.with_value(|event| text_of(&session, event, "BatchNumber"));
        let more = has_more.then(|| view! { <p>{format!("The newest {MOST_CHANGES} changes. ")}{batch.map(|batch| view! { <a href=routes::batch_history_in_full(&batch)>"All changes of its batch"</a> })}</p> });
        let none = has_none.then(|| view! { <p class="quiet">"This system keeps no list of changes. Only what its records show is listed."</p> });
        Some(view! { {happened_list(all)}{more}{none} })
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

/// A reversal has the file of its original, and did not come from it.
fn made(session: &Session, event: &RecordKey, is_as_made: bool) -> Option<Happened> {
    let file = text_of(session, event, "FileName").map(|file| format!("From the file {file}"));
    let is_related = matches!(confirmed(session, event, "RelatedEventId"), Some(Value::Integer(_)));
    let file = file.filter(|_| is_as_made && !is_related);
    Some(Happened {
        at: stamp(session, event, "CreationDate")?,
        who: text_of(session, event, "CreatedBy").unwrap_or_default(),
        what: std::iter::once("Created".to_owned()).chain(file).map(Into::into).collect(),
        way: None,
    })
}

/// Where the system keeps no changes, the record tells of the last one.
fn last_change(session: &Session, event: &RecordKey) -> Vec<Happened> {
    let last = stamp(session, event, "LastUpdateDate").map(|at| Happened {
        at,
        who: text_of(session, event, "LastUpdatedBy").unwrap_or_default(),
        what: vec!["Last changed".to_owned().into()],
        way: None,
    });
    last.into_iter().collect()
}

fn failed_rating(message: &Record) -> Option<Happened> {
    (tone_of(message) == Tone::Bad).then_some(())?;
    Some(Happened {
        at: message.get("CreationDate")?.as_date_time()?,
        who: message.text("CreatedBy").unwrap_or_default().to_owned(),
        what: vec![format!("Rating failed: {}", said_by(message, "UTC")).into()],
        way: None,
    })
}

fn charged(session: &Session, charge: &RecordKey) -> Option<Happened> {
    let amount = confirmed(session, charge, "BilledAmount");
    let amount = amount.as_ref().and_then(Value::as_decimal);
    let currency = text_of(session, charge, "ChargeCurrency").unwrap_or_default();
    let definition = || text_of(session, charge, "ChargeDefinition").map(|code| code_in_words(&code));
    let name = text_of(session, charge, "ChargeName").or_else(definition);
    let amount = amount.map_or_else(
        || "Charge without a billed amount".to_owned(),
        |amount| {
            let what = if amount.is_sign_negative() { "Credited" } else { "Charged" };
            format!("{what} {} {currency}", amount_in_digits(&amount, &currency)).trim_end().to_owned()
        },
    );
    Some(Happened {
        at: stamp(session, charge, "CreationDate")?,
        who: text_of(session, charge, "CreatedBy").unwrap_or_default(),
        what: std::iter::once(amount).chain(name).map(Into::into).collect(),
        way: None,
    })
}
