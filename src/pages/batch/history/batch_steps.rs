//! The life of a batch, the newest step first: its creation with its reason, each change of its own record, its
//! processing, and how much was changed in what is in it.

use super::NO_HISTORY;
use super::followed_link::{come_back, note_followed};
use crate::api::{Failure, HistoryOf};
use crate::data::fetched::Fetched;
use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::features::kept_history::{
    Happened, KeptChanges, OfBatch, changes_by_request, changes_in_steps, happened_list, kept_changes,
};
use crate::features::list::FailureLine;
use crate::routes;
use crate::text::count;
use chrono::{DateTime, Utc};
use leptos::html;
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
    let region = NodeRef::<html::Div>::new();
    let is_drawn = Memo::new(move |_| batch.with(Option::is_some) && kept.found.with(Option::is_some));
    Effect::new(move || {
        if is_drawn.get() {
            number.with_value(|number| come_back(number, region));
        }
    });
    let list = move || {
        let batch = batch.get()?;
        let tables = session.lookups.tables.get();
        let kept = kept.found.get()?;
        let number = number.get_value();
        let of = OwnRecord { batch: &batch, tables: &tables };
        let mut all = Vec::new();
        let mut note = None;
        match kept.own {
            None => note = Some(
                view! { <p class="quiet">{NO_HISTORY}". Only what the batch itself records is shown."</p> }
                    .into_any(),
            ),
            Some(own) => {
                all.extend(changes_in_steps(&own.changes, BATCH.resource, &tables, &own.named));
                let is_part = own.has_more || kept.within.as_ref().is_some_and(|within| within.has_more);
                if let Some(within) = kept.within {
                    let of_batch = OfBatch {
                        number: &number,
                        re_rates: of.is(BatchType::Rerate),
                        is_part: within.has_more,
                    };
                    all.extend(changes_by_request(&within.changes, of_batch, &tables, &within.named));
                }
                if is_part {
                    note = Some(view! { <p>"Older changes are not shown here. "<a href=routes::batch_history_in_full(&number)>"All changed values"</a></p> }.into_any());
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
        <div class="batch-timeline" node_ref=region tabindex="0" role="region" aria-label="Timeline of the batch"
            on:click=move |event| number.with_value(|number| note_followed(number, region, &event))>
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
struct OwnRecord<'a> {
    batch: &'a Record,
    tables: &'a LookupTables,
}

impl OwnRecord<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.batch.text(name).filter(|text| !is_blank(text)).map(str::to_owned)
    }

    fn time(&self, name: &str) -> Option<DateTime<Utc>> {
        self.batch.get(name)?.as_date_time()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.batch.get(name)?.as_integer()
    }

    fn is(&self, kind: BatchType) -> bool {
        self.text("UsageType").as_deref().and_then(BatchType::of) == Some(kind)
    }

    fn created(&self) -> Option<Happened> {
        let coded = |name: &str, words: &str| {
            let (field, code) = (BATCH.field(name)?, self.text(name)?);
            let lookup = field.lookup?;
            Some(format!("{words}: {}", self.tables.meaning(lookup, &code)))
        };
        let description = if self.is(BatchType::ReverseReplace) { "Reason" } else { "Description" };
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
            what: what.into_iter().flatten().map(Into::into).collect(),
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
            what: vec!["Events rated".to_owned().into(), format!("Now: {}", now.join(", ")).into()],
            way: Some((routes::batch_result(number), "Amounts before and after")),
        })
    }
}
