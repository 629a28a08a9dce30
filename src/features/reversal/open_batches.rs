//! The reversal batches in Draft that further reversals may go into: each with its name, its reason, how many
//! events it holds and what they come to.

use crate::api::{RecordKey, Resource, fields_of, key_of, version_of};
use crate::data::fetched::Fetched;
use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use crate::data::sync::Confirmed;
use crate::features::list::FailureLine;
use crate::features::selection::taken_back;
use crate::text::{amounts_in_words, events};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::life_cycle::{BatchStatus, BatchType};
use rest_contract::oracle::one_of;
use rest_contract::{Record, Value, is_blank};
use std::collections::BTreeMap;

/// As many are offered, the newest first.
const MOST_OFFERED: usize = 100;
/// Batches of more events are not added up here, nor more batches than this.
const MOST_EVENTS_ADDED_UP: i64 = 1_000;
const MOST_BATCHES_ADDED_UP: usize = 10;

/// The field of a batch that holds the reason of its reversals: the API has none of its own.
const REASON: &str = "BatchDescription";

#[derive(Clone, Debug, PartialEq)]
struct OpenBatch {
    key: RecordKey,
    as_read: Confirmed,
    number: String,
    name: String,
    reason: String,
    /// Nothing where the system does not tell it.
    events: Option<i64>,
}

impl OpenBatch {
    fn of(batch: &Record) -> Option<Self> {
        let text = |name: &str| batch.text(name).unwrap_or_default().to_owned();
        Some(Self {
            key: key_of(Resource::Batch, batch, None)?,
            as_read: (version_of(batch), fields_of(batch)),
            number: batch.key()?,
            name: text("BatchName"),
            reason: text(REASON),
            events: batch.get("CountOfUsageEvents").and_then(Value::as_integer),
        })
    }

    fn is_added_up(&self) -> bool {
        self.events.is_some_and(|number| (1..=MOST_EVENTS_ADDED_UP).contains(&number))
    }
}

/// The open batches, and which one was chosen; a handle.
#[derive(Clone, Copy)]
pub struct OpenBatches {
    session: Session,
    found: Fetched<Vec<OpenBatch>>,
    amounts: RwSignal<BTreeMap<String, Amounts>>,
    /// The number of the one to go into; empty for a new one.
    pub target: RwSignal<String>,
}

impl OpenBatches {
    /// Made within the dialog. Without the list a new batch can still be made.
    pub fn new(session: Session) -> Self {
        let found = Fetched::new(session, async move || {
            let q = format!(
                "{} and {}",
                one_of("UsageType", &[BatchType::ReverseReplace.code()]),
                one_of("BatchStatus", &[BatchStatus::Draft.code()])
            );
            let page = session.client.batch_page(&q, "CreationDate:desc", 0, MOST_OFFERED).await?;
            Ok(page.items.iter().filter_map(OpenBatch::of).collect())
        });
        found.read();
        let this = Self { session, found, amounts: RwSignal::default(), target: RwSignal::default() };
        let adding_up = Latest::new(session);
        Effect::new(move || {
            let batches = found.found.get().unwrap_or_default();
            let added_up = batches.into_iter().filter(OpenBatch::is_added_up).take(MOST_BATCHES_ADDED_UP);
            let numbers: Vec<String> = added_up.map(|batch| batch.number).collect();
            let add_up = async move |run: Run| {
                for number in numbers {
                    let amounts = taken_back(session.client, &number).await?.amounts;
                    if !run.is_current() {
                        break;
                    }
                    this.amounts.update(|all| {
                        all.insert(number, amounts);
                    });
                }
                Ok(())
            };
            // A batch that could not be added up is offered without its amount.
            adding_up.start(add_up, |_| ());
        });
        this
    }

    /// The batch that was chosen, where it is no new one.
    fn chosen(&self) -> Option<OpenBatch> {
        let target = self.target.get();
        let found = self.found.found.get().unwrap_or_default();
        found.into_iter().find(|batch| batch.number == target)
    }

    /// The reason that the chosen batch gives; nothing where it gives none, or is a new one.
    pub fn reason(&self) -> Option<String> {
        self.chosen().map(|batch| batch.reason).filter(|reason| !is_blank(reason))
    }

    /// Gives the chosen batch a reason, where it has none.
    pub fn give_reason(&self, reason: &str) {
        let chosen = untrack(|| self.chosen()).filter(|batch| is_blank(&batch.reason));
        if let Some(batch) = chosen {
            let changes = BTreeMap::from([(REASON, Value::Text(reason.trim().to_owned()))]);
            self.session.sync.propose(batch.key, batch.as_read, changes);
        }
    }

    /// A line for each open batch, to be chosen.
    pub fn choices(self) -> impl IntoView {
        let choice = move |batch: OpenBatch| {
            let OpenBatch { number, name, events: number_of_events, .. } = batch;
            let (chosen, shown) = (number.clone(), visible(&number).into_owned());
            let name = (!is_blank(&name)).then(|| visible(&name).into_owned());
            let of = number.clone();
            let holds = move || {
                let events = match number_of_events {
                    None => return "number of events not known".to_owned(),
                    Some(0) => return "no events yet".to_owned(),
                    Some(number) => events(usize::try_from(number).unwrap_or_default()),
                };
                match self.amounts.with(|all| all.get(&of).map(amounts_in_words)) {
                    Some(amounts) => format!("{events}, {amounts}"),
                    None => format!("{events}, amount not added up"),
                }
            };
            view! {
                <label class="choice">
                    <input type="radio" name="reversal-batch" prop:checked=move || self.target.get() == chosen on:change=move |_| self.target.set(number.clone()) />
                    <span class="open-batch">
                        <span><span class="mono">{shown}</span>{name.map(|name| view! { " "<strong>{name}</strong> })}</span>
                        <span class="quiet number" data-testid="open-batch-holds">{holds}</span>
                    </span>
                </label>
            }
        };
        view! {
            {move || self.found.found.get().into_iter().flatten().map(choice).collect_view()}
            {move || self.found.failure.get().map(|failure| view! { <FailureLine what="Open reversal batches" failure=failure again=self.found.again() /> })}
        }
    }
}
