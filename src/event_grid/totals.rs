//! What the filtered events are worth, per currency: every page is read, so the sum is of all rows
//! or says of how many.

use super::rows::{CurrencySums, add, amount_of};
use super::source::EventList;
use crate::display_text::{count, instant_utc, sum};
use crate::rest_client::{EventPageQuery, Failure, FailureKind};
use chrono::{DateTime, Utc};
use grid_model::RowCount;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// Lists up to this many rows are added up without being asked.
const ADDED_UP_BY_ITSELF: usize = 5_000;
/// The most that the vendor's servers give at once.
const PAGE: usize = 499;

#[derive(Clone, Debug, Default, PartialEq)]
enum Progress {
    #[default]
    Idle,
    Reading,
    Done(DateTime<Utc>),
    Stopped,
    Failed(Failure),
}

/// The reading of all pages and its result so far; a handle.
#[derive(Clone, Copy)]
pub struct Totals {
    list: StoredValue<Rc<EventList>, LocalStorage>,
    sums: RwSignal<CurrencySums>,
    rows: RwSignal<usize>,
    progress: RwSignal<Progress>,
    /// Goes up with every start and stop; a reading that began under an older number ends.
    run: StoredValue<u64>,
}

impl Totals {
    /// Follows the list: a new question or reading drops the sums, a short list is added up at once.
    pub fn new(list: Rc<EventList>) -> Self {
        let (status, revision, refreshed) = (list.status, list.revision, list.refreshed);
        let totals = Self {
            list: StoredValue::new_local(list),
            sums: RwSignal::default(),
            rows: RwSignal::new(0),
            progress: RwSignal::default(),
            run: StoredValue::new(0),
        };
        let count = Memo::new(move |_| status.get().count);
        let question = Memo::new(move |_| {
            revision.track();
            totals.list.with_value(|list| list.question())
        });
        Effect::new(move || {
            question.track();
            refreshed.track();
            match count.get().exact() {
                Some(1..=ADDED_UP_BY_ITSELF) => totals.start(),
                _ => totals.drop_result(),
            }
        });
        on_cleanup(move || totals.halt());
        totals
    }

    fn halt(&self) {
        self.run.try_update_value(|run| *run += 1);
    }

    fn drop_result(&self) {
        self.halt();
        self.sums.set(CurrencySums::new());
        self.rows.set(0);
        self.progress.set(Progress::Idle);
    }

    fn stop(&self) {
        self.halt();
        self.progress.set(Progress::Stopped);
    }

    fn start(&self) {
        self.drop_result();
        self.progress.set(Progress::Reading);
        let totals = *self;
        let Some(run) = self.run.try_get_value() else { return };
        spawn_local(async move {
            let result = totals.read_all(run).await;
            if totals.run.try_get_value() != Some(run) {
                return;
            }
            match result {
                Ok(()) => totals.progress.set(Progress::Done(Utc::now())),
                Err(failure) => {
                    if failure.kind == FailureKind::SignedOut {
                        totals.list.with_value(|list| list.session.expire());
                    }
                    totals.progress.set(Progress::Failed(failure));
                }
            }
        });
    }

    async fn read_all(&self, run: u64) -> Result<(), Failure> {
        let Some(list) = self.list.try_get_value() else { return Ok(()) };
        let q = list.question().q();
        let mut offset = 0;
        let mut sums = CurrencySums::new();
        loop {
            let query = EventPageQuery {
                batch: list.batch.as_deref(),
                q: &q,
                order_by: "EventId:asc",
                shape: "fields=EventNumber;usageCharges:BilledAmount,ChargeCurrency&onlyData=true",
                offset,
                limit: PAGE,
            };
            let page = list.session.client.event_page(&query).await?;
            if self.run.try_get_value() != Some(run) {
                return Ok(());
            }
            for charge in
                page.items.iter().flat_map(|event| event.children("usageCharges").unwrap_or_default())
            {
                let (currency, amount) = amount_of(charge);
                add(&mut sums, &currency, amount);
            }
            offset += page.items.len();
            self.sums.set(sums.clone());
            self.rows.set(offset);
            if !page.has_more || page.items.is_empty() {
                return Ok(());
            }
        }
    }
}

/// The bar under the grid: how many rows, what they are worth, and of how many rows that is the sum.
#[component]
pub fn TotalsBar(list: StoredValue<Rc<EventList>, LocalStorage>) -> impl IntoView {
    let status = list.with_value(|list| list.status);
    let totals = Totals::new(list.get_value());
    let rows = move || match status.get().count {
        RowCount::Unknown => "Counting events".to_owned(),
        RowCount::AtLeast(rows) => format!("More than {} events", count(rows as u64)),
        RowCount::Exactly(1) => "1 event".to_owned(),
        RowCount::Exactly(rows) => format!("{} events", count(rows as u64)),
    };
    let total_rows = move || status.get().count.known();
    let how = move || {
        match totals.progress.get() {
        Progress::Idle if total_rows() == 0 => ().into_any(),
        Progress::Idle => view! {
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>
                {move || format!("Add up the billed amounts of all {}", count(total_rows() as u64))}
            </button>
        }
        .into_any(),
        Progress::Reading => view! {
            <span class="progress">
                <progress max=move || total_rows().to_string() prop:value=move || totals.rows.get().to_string() aria-label="Adding up"></progress>
                {move || format!("Adding up: {} of {}", count(totals.rows.get() as u64), count(total_rows() as u64))}
                <button class="button" data-kind="quiet" on:click=move |_| totals.stop()>"Stop"</button>
            </span>
        }
        .into_any(),
        Progress::Done(at) => view! {
            <span>{format!("Billed, all {} rows, as of {} UTC", count(totals.rows.get() as u64), instant_utc(&at).get(..19).unwrap_or_default())}</span>
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>"Add up again"</button>
        }
        .into_any(),
        Progress::Stopped => view! {
            <span>{move || format!("Stopped: billed amounts of the first {} rows only", count(totals.rows.get() as u64))}</span>
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>"Start again"</button>
        }
        .into_any(),
        Progress::Failed(failure) => view! {
            <span role="alert">{format!("Not added up: {}", failure.title())}</span>
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>"Try again"</button>
        }
        .into_any(),
    }
    };
    view! {
        <footer class="totals-bar" role="group" aria-label="Totals">
            <strong data-testid="row-count">{rows}</strong>
            {how}
            <dl class="totals-list">
                {move || totals.sums.get().into_iter().map(|(currency, amount)| {
                    let name = if currency.is_empty() { "No currency".to_owned() } else { currency.clone() };
                    view! { <div data-currency=currency><dt>{name}</dt><dd class="number">{sum(&amount)}</dd></div> }
                }).collect_view()}
            </dl>
        </footer>
    }
}
