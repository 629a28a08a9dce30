//! The life of a batch, the newest step first: its creation with its reason, each change of its own record, its
//! processing, and how much was changed in what is in it.

use super::NO_HISTORY;
use super::followed_link::{come_back, note_followed};
use super::step_words::steps;
use crate::api::{Failure, FailureKind, RestClient};
use crate::data::fetched::Fetched;
use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::features::kept_history::{Happened, happened_list};
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

/// As many rows of steps are read at first, and with each press on "Older".
const PAGE: usize = 100;

/// The steps that the system keeps, the newest first.
#[derive(Clone, Debug)]
struct Kept {
    rows: Vec<Record>,
    has_older: bool,
}

/// A row that more is added to gets another key.
impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        let keys = |kept: &Self| kept.rows.iter().map(Record::key).collect::<Vec<_>>();
        self.has_older == other.has_older && keys(self) == keys(other)
    }
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
    let wanted = RwSignal::new(PAGE);
    let kept = Fetched::new(session, async move || {
        let number = number.try_get_value().unwrap_or_default();
        kept_steps(session.client, &number, wanted.try_get_untracked().unwrap_or(PAGE)).await
    })
    .read_when(session, move || {
        changed.track();
        wanted.track();
    });
    let region = NodeRef::<html::Div>::new();
    let is_drawn = Memo::new(move |_| batch.with(Option::is_some) && kept.found.with(Option::is_some));
    Effect::new(move || {
        if is_drawn.get() {
            number.with_value(|number| come_back(number, region));
        }
    });
    let has_older = move || kept.found.with(|kept| matches!(kept, Some(Some(kept)) if kept.has_older));
    let list = move || {
        let batch = batch.get()?;
        let tables = session.lookups.tables.get();
        let kept = kept.found.get()?;
        let of = OwnRecord { batch: &batch, tables: &tables };
        let has_none = kept.is_none();
        let mut all = kept.map(|kept| steps(&kept.rows, &tables)).unwrap_or_default();
        // The rest of the last step may not be here, nor what lies between it and what the batch itself tells.
        if has_older() && all.len() > 1 {
            all.pop();
        }
        let oldest = all.last().filter(|_| has_older()).map(|step| step.at);
        let own = [number.with_value(|number| of.processed(number)), of.created()];
        all.extend(own.into_iter().flatten().filter(|one| oldest.is_none_or(|oldest| one.at >= oldest)));
        let none = has_none.then(
            || view! { <p class="quiet">{NO_HISTORY}". Only what the batch itself records is shown."</p> },
        );
        Some(view! { {happened_list(all)}{none} })
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
            <Show when=has_older><p><button class="button" on:click=move |_| wanted.update(|wanted| *wanted += PAGE)>"Older"</button></p></Show>
            <p class="quiet">"Times are UTC. "<a href=routes::CHANGES>"What this browser changed"</a></p>
        </div>
    }
}

/// Reads pages until so many rows are here; nothing where the system keeps no steps.
async fn kept_steps(client: RestClient, batch: &str, wanted: usize) -> Result<Option<Kept>, Failure> {
    let mut rows = Vec::new();
    loop {
        let page = match client.change_steps_page(batch, rows.len(), PAGE).await {
            Err(Failure { kind: FailureKind::NotFound, .. }) => return Ok(None),
            page => page?,
        };
        let has_older = page.has_more && !page.items.is_empty();
        rows.extend(page.items);
        if !has_older || rows.len() >= wanted {
            return Ok(Some(Kept { rows, has_older }));
        }
    }
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
