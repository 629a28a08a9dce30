//! The life of a batch, the newest step first: its creation with its reason, each change of its own record, its
//! processing, and how much was changed in what is in it.

use super::NO_HISTORY;
use crate::api::{Failure, HistoryOf};
use crate::data::fetched::Fetched;
use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::features::kept_history::{
    Happened, KeptChanges, changes_by_request, changes_in_steps, happened_list, kept_changes,
};
use crate::features::list::FailureLine;
use crate::routes;
use crate::text::count;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use rest_contract::oracle::BATCH;
use rest_contract::oracle::life_cycle::BatchType;
use rest_contract::{Record, is_blank};
use std::sync::Arc;

/// As many changes of its own record are read, and of what is in it; all stand under the changed values.
const MOST_CHANGES: usize = 100;
const MOST_WITHIN: usize = 499;

/// What the system keeps.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    /// The changes of the batch's own record; nothing where it keeps none at all.
    own: Option<KeptChanges>,
    /// The newest changes of what is in the batch.
    within: Option<KeptChanges>,
}

/// `changed` goes up when the steps should be read again.
#[component]
pub fn BatchSteps(
    session: Session,
    number: String,
    batch: Signal<Option<Arc<Record>>>,
    changed: Signal<u64>,
) -> impl IntoView {
    let number = StoredValue::new(number);
    let kept = Fetched::new(session, async move || {
        let number = number.try_get_value().unwrap_or_default();
        changes_of(session, &number).await
    })
    .read_when(session, move || changed.track());
    let list = move || {
        let batch = batch.get()?;
        let tables = session.lookups.tables.get();
        let kept = kept.found.get()?;
        let number = number.get_value();
        let of = OfBatch { batch: &batch, tables: &tables };
        let mut all = Vec::new();
        let mut note = None;
        match kept.own {
            None => note = Some(view! { <p class="quiet">{NO_HISTORY}": only what the batch tells by itself stands here."</p> }.into_any()),
            Some(own) => {
                all.extend(changes_in_steps(&own.changes, BATCH.resource, &tables, &own.numbers));
                let is_part = own.has_more || kept.within.as_ref().is_some_and(|within| within.has_more);
                if let Some(within) = kept.within {
                    all.extend(changes_by_request(&within.changes, &tables, &within.numbers));
                }
                if is_part {
                    note = Some(view! { <p>"Older changes are not told here. "<a href=routes::batch_history_in_full(&number)>"All changed values"</a></p> }.into_any());
                }
            }
        }
        all.extend(of.processed(&number));
        all.extend(of.created());
        Some(view! { {happened_list(all)}{note} })
    };
    let failed = move || {
        let failure = kept.failure.get()?;
        Some(view! { <FailureLine what="History" failure=failure again=kept.again() /> })
    };
    let is_reading = move || kept.found.with(Option::is_none) && kept.failure.with(Option::is_none);
    view! {
        <div class="batch-timeline" tabindex="0" role="region" aria-label="Timeline of the batch">
            <Show when=is_reading><p class="quiet" role="status">"Reading the history"</p></Show>
            {failed}
            {list}
            <p class="quiet">"Times are UTC. "<a href=routes::CHANGES>"What this browser changed"</a></p>
        </div>
    }
}

async fn changes_of(session: Session, number: &str) -> Result<Kept, Failure> {
    let read = async |of, most| kept_changes(session.client, of, most).await;
    let own = read(HistoryOf::BatchAlone(number), MOST_CHANGES).await?;
    let within = if own.is_some() { read(HistoryOf::WithinBatch(number), MOST_WITHIN).await? } else { None };
    Ok(Kept { own, within })
}

/// What the batch's own record tells.
struct OfBatch<'a> {
    batch: &'a Record,
    tables: &'a LookupTables,
}

impl OfBatch<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.batch.text(name).filter(|text| !is_blank(text)).map(str::to_owned)
    }

    fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        self.batch.get(name)?.as_date_time()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.batch.get(name)?.as_integer()
    }

    fn created(&self) -> Option<Happened> {
        let coded = |name: &str, words: &str| {
            let (field, code) = (BATCH.field(name)?, self.text(name)?);
            let lookup = field.lookup?;
            Some(format!("{words}: {}", self.tables.meaning(lookup, &code)))
        };
        let is_reversal =
            self.text("UsageType").as_deref().and_then(BatchType::of) == Some(BatchType::ReverseReplace);
        let description = if is_reversal { "Reason" } else { "Description" };
        let described = self.text("BatchDescription").map(|text| format!("{description}: {text}"));
        let what = [
            Some("Created".to_owned()),
            coded("UsageType", "Type"),
            coded("CreationType", "Created through"),
            described,
        ];
        Some(Happened {
            at: self.time("CreationDate")?,
            who: self.text("CreatedBy").unwrap_or_default(),
            what: what.into_iter().flatten().collect(),
            way: None,
        })
    }

    fn processed(&self, number: &str) -> Option<Happened> {
        let of_all =
            self.number("CountOfUsageEvents").map_or_else(String::new, |all| format!(" of {}", count(all)));
        let processed =
            self.number("CountOfEventsProcessed").map(|done| format!("{}{of_all} processed", count(done)));
        let failed = self.number("CountOfEventsErrored").filter(|failed| *failed > 0);
        let failed = failed.map(|failed| format!("{} in error", count(failed)));
        // Events may have left the batch, come or been corrected since.
        let now: Vec<String> = processed.into_iter().chain(failed).collect();
        Some(Happened {
            at: self.time("ProcessedDatetime")?,
            who: String::new(),
            what: vec!["Its events were rated".to_owned(), format!("As they stand now: {}", now.join(", "))],
            way: Some((routes::batch_result(number), "Amounts before and after")),
        })
    }
}
