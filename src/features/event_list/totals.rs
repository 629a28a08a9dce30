//! What the filtered events are worth, per currency: every page is read, so the sum is of all rows
//! or says of how many. What is billed, what is only charged so far and what reversals in wait will take back
//! are sums of their own.

use super::source::{EventList, waits_and_names_another};
use crate::api::{EventPageQuery, Failure, System};
use crate::data::latest::{Latest, Run};
use crate::features::list::{FEWEST_KEPT, GroupSum, WholeAnswers, WholeProgress};
use crate::features::selection::{AmountLines, by_id, joined, original_of, originals_of};
use crate::routes::Counted;
use crate::text::{StatusClass, amounts_in_words, class_of, count, events, second_utc};
use crate::ui::controls::{Icon, UnreadRecords, icon_of};
use chrono::{DateTime, Utc};
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::Record;
use rest_contract::oracle::charged_amounts::{Amounts, billed_by, merge};
use rest_contract::oracle::compared_amounts::expected_of_reversal;
use rest_contract::oracle::one_of;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Lists up to this many rows are added up without being asked.
const ADDED_UP_BY_ITSELF: usize = 5_000;
const SHAPE: &str = "fields=EventNumber,EventId,EventStatus,RelatedEventId,UsageQuantity;usageCharges:BilledAmount,ChargeCurrency&onlyData=true";

/// What events come to, and how many of them have an amount without a currency.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sum {
    amounts: Amounts,
    blank_events: usize,
}

impl Sum {
    fn add(&mut self, amounts: &Amounts) {
        merge(&mut self.amounts, amounts);
        self.blank_events += usize::from(amounts.contains_key(""));
    }
}

/// Amounts by what they are.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sums {
    /// Of processed events.
    billed: Sum,
    /// Of all others: priced by whoever reported them, or before an error.
    charged: Sum,
    /// Of reversals that are still to be processed.
    expected: Sum,
}

impl Sums {
    fn add(&mut self, event: &Record, originals: &BTreeMap<i64, Record>) {
        self.of_status(event.text("EventStatus").unwrap_or_default()).add(&billed_by(event, |_| true));
        self.add_expected(event, originals);
    }

    /// What a list comes to of which all rows are here, but for what is expected from reversals.
    fn of_groups(groups: &[GroupSum]) -> Self {
        let mut sums = Self::default();
        for group in groups {
            let sum = sums.of_status(&group.values[0]);
            merge(&mut sum.amounts, &group.amounts);
            sum.blank_events += if group.values[1].is_empty() { 0 } else { group.rows };
        }
        sums
    }

    fn of_status(&mut self, status: &str) -> &mut Sum {
        let is_billed = matches!(class_of(status), StatusClass::Done | StatusClass::Reversed);
        if is_billed { &mut self.billed } else { &mut self.charged }
    }

    fn add_expected(&mut self, event: &Record, originals: &BTreeMap<i64, Record>) {
        let original = original_of(event, originals);
        if let Some(expected) = original.and_then(|original| expected_of_reversal(event, original)) {
            self.expected.add(&expected);
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Progress {
    #[default]
    Idle,
    Reading,
    Done(DateTime<Utc>),
    /// Of a list of which all rows are here: as new as they are.
    Here,
    /// So many rows did not come, though the server counts them.
    Lacking(usize),
    Stopped,
    Failed(Failure),
}

/// The reading of all pages and its result so far; a handle.
#[derive(Clone, Copy)]
pub struct Totals {
    list: StoredValue<Rc<EventList>, LocalStorage>,
    sums: RwSignal<Sums>,
    rows: RwSignal<usize>,
    progress: RwSignal<Progress>,
    latest: Latest,
    /// What the rows that are all here came to last, and how many they were.
    of_whole: StoredValue<Option<(Sums, usize)>>,
    /// All rows come here by themselves, and are added up here.
    comes_whole: Memo<bool>,
}

impl Totals {
    /// Follows the list: a new query or reading drops the sums, a short list is added up at once.
    pub fn new(list: Rc<EventList>) -> Self {
        let (status, revision, refreshed) = (list.pages.status, list.pages.revision, list.spec.refreshed);
        let loaded = list.pages.progress;
        let latest = Latest::new(list.spec.session);
        let count = Memo::new(move |_| status.get().count);
        let list = StoredValue::new_local(list);
        // Some rows of a list are added up sooner than all of it is here.
        let comes_whole = Memo::new(move |_| {
            revision.track();
            let rows = count.get().exact();
            let are_some =
                rows <= Some(ADDED_UP_BY_ITSELF) && list.with_value(|list| list.query().is_filtered());
            rows >= Some(FEWEST_KEPT) && !are_some && loaded.with(WholeProgress::may_come)
        });
        let totals = Self {
            list,
            sums: RwSignal::default(),
            rows: RwSignal::new(0),
            progress: RwSignal::default(),
            latest,
            of_whole: StoredValue::new(None),
            comes_whole,
        };
        let query = Memo::new(move |_| {
            revision.track();
            totals.list.with_value(|list| list.query())
        });
        Effect::new(move || {
            query.track();
            refreshed.track();
            let rows = count.get().exact();
            let is_whole = totals.list.with_value(|list| list.pages.whole().is_some());
            match rows {
                // What is expected of reversals may be another amount, though nothing else is.
                _ if is_whole => totals.of_whole.set_value(None),
                Some(1..=ADDED_UP_BY_ITSELF) if !comes_whole.get() => totals.start(),
                _ => totals.drop_result(),
            }
        });
        Effect::new(move || {
            revision.track();
            if let Some(whole) = totals.list.with_value(|list| list.pages.whole()) {
                untrack(|| totals.take_sums(&*whole));
            }
        });
        totals
    }

    /// Takes over what the rows come to that are all here. What reversals in wait will take back stands in no
    /// row: it is read.
    fn take_sums(&self, whole: &dyn WholeAnswers) {
        let Some(groups) = whole.sums() else {
            // They were of other rows.
            self.of_whole.set_value(None);
            self.latest.stop();
            self.sums.set(Sums::default());
            return;
        };
        let (sums, rows) = (Sums::of_groups(&groups), groups.iter().map(|group| group.rows).sum());
        let is_known = self.of_whole.with_value(|known| known.as_ref() == Some(&(sums.clone(), rows)));
        if is_known && self.progress.with_untracked(|progress| *progress == Progress::Here) {
            return;
        }
        self.of_whole.set_value(Some((sums.clone(), rows)));
        self.latest.stop();
        self.sums.set(sums);
        self.rows.set(rows);
        self.progress.set(Progress::Here);
        let mut waiting: Vec<_> = groups.iter().filter(|group| !group.values[2].is_empty()).collect();
        if waiting.is_empty() {
            return;
        }
        waiting.dedup_by(|one, other| one.values[0] == other.values[0]);
        let statuses: Vec<_> = waiting.iter().map(|group| group.values[0].as_str()).collect();
        let only = format!("RelatedEventId is not null and {}", one_of("EventStatus", &statuses));
        let totals = *self;
        self.latest.start(
            async move |run| totals.read_all(run, Some(only)).await,
            move |result| {
                if let Err(failure) = result {
                    totals.progress.set(Progress::Failed(failure));
                }
            },
        );
    }

    fn drop_result(&self) {
        self.latest.stop();
        self.sums.set(Sums::default());
        self.rows.set(0);
        self.progress.set(Progress::Idle);
    }

    fn stop(&self) {
        self.latest.stop();
        self.progress.set(Progress::Stopped);
    }

    fn start(&self) {
        self.drop_result();
        self.progress.set(Progress::Reading);
        let totals = *self;
        self.latest.start(
            async move |run| totals.read_all(run, None).await,
            move |result| {
                totals.progress.set(match result {
                    Ok(None) => {
                        let session = totals.list.with_value(|list| list.spec.session);
                        Progress::Done(session.client.now_at(System::Oracle))
                    }
                    Ok(Some(lacking)) => Progress::Lacking(lacking),
                    Err(failure) => Progress::Failed(failure),
                });
            },
        );
    }

    /// Reads every row, and says how many of those that the server counts did not come; or `only` those of which
    /// reversals in wait are expected to take something back.
    async fn read_all(&self, run: Run, only: Option<String>) -> Result<Option<usize>, Failure> {
        let Some(list) = self.list.try_get_value() else { return Ok(None) };
        let (batch, client) = (list.spec.batch.as_deref(), list.spec.session.client);
        let q = list.query().q();
        let q = only.as_ref().map_or_else(|| q.clone(), |only| joined(&q, only));
        // Each page begins after the last event of the one before, so that events which come and go move no
        // other over its edge; where an id could not be read, the page's place has to do.
        let (mut after, mut offset, mut rows, mut counted) = (None, 0, 0, None);
        let mut sums = if only.is_some() { self.sums.get_untracked() } else { Sums::default() };
        loop {
            let from = after.map_or_else(|| q.clone(), |id| joined(&q, &format!("EventId > {id}")));
            let query = EventPageQuery { offset, ..by_id(batch, &from, SHAPE) };
            let page = client.event_page(&query).await?;
            if !run.is_current() {
                return Ok(None);
            }
            counted = counted.or(page.total_results);
            let ids: Vec<_> = page.items.iter().map(|event| event.get("EventId")?.as_integer()).collect();
            let is_ordered = ids.is_sorted() && ids.iter().all(Option::is_some);
            let waiting: Vec<Record> = page
                .items
                .iter()
                .filter(|event| waits_and_names_another(|name| event.get(name)))
                .cloned()
                .collect();
            let originals = originals_of(client, &waiting, SHAPE).await?;
            if !run.is_current() {
                return Ok(None);
            }
            let mut last = after;
            for (event, id) in page.items.iter().zip(ids) {
                // An event that comes twice is one event.
                if is_ordered && last.is_some() && id <= last {
                    continue;
                }
                match only {
                    Some(_) => sums.add_expected(event, &originals),
                    None => sums.add(event, &originals),
                }
                rows += 1;
                last = id;
            }
            self.sums.set(sums.clone());
            if only.is_none() {
                self.rows.set(rows);
            }
            let is_further = is_ordered && last > after;
            (after, offset) = if is_further { (last, 0) } else { (after, offset + page.items.len()) };
            if !page.has_more || page.items.is_empty() || (is_ordered && !is_further) {
                break;
            }
        }
        let lacking = |counted: Option<u64>| {
            let counted = counted.and_then(|counted| usize::try_from(counted).ok());
            counted.and_then(|counted| counted.checked_sub(rows)).filter(|lacking| *lacking > 0)
        };
        if lacking(counted).is_none() {
            return Ok(None);
        }
        // Events may have left the list meanwhile: it is counted once more.
        let query = EventPageQuery { limit: 1, ..by_id(batch, &q, "fields=EventId&onlyData=true") };
        Ok(lacking(client.event_page(&query).await?.total_results))
    }
}

/// The bar under the grid: how many rows, what they are worth, and of how many rows that is the sum.
#[component]
pub fn TotalsBar(
    list: StoredValue<Rc<EventList>, LocalStorage>,
    /// What the figure said by whose link these events are asked for.
    counted: Signal<Option<Counted>>,
    /// The address of the rows without a currency.
    #[prop(into)]
    without_currency: Signal<String>,
) -> impl IntoView {
    let (status, unread) = list.with_value(|list| (list.pages.status, list.spec.unread));
    let unread = Signal::derive(move || unread.with(|unread| unread.values().cloned().collect::<Vec<_>>()));
    let totals = Totals::new(list.get_value());
    let loaded = list.with_value(|list| list.pages.progress);
    let rows = move || status.with(|status| status.counted("event", "events"));
    let total_rows = move || status.get().count.known();
    let how = move || {
        match totals.progress.get() {
        Progress::Idle if total_rows() == 0 || totals.comes_whole.get() => ().into_any(),
        Progress::Here => ().into_any(),
        Progress::Idle => view! {
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>
                {move || format!("Total the amounts of all {}", count(total_rows() as u64))}
            </button>
        }
        .into_any(),
        Progress::Reading => view! {
            <span class="progress">
                <progress max=move || total_rows().to_string() prop:value=move || totals.rows.get().to_string() aria-label="Loading amounts"></progress>
                {move || format!("Loading amounts: {} of {}", count(totals.rows.get() as u64), count(total_rows() as u64))}
                <button class="button" data-kind="quiet" on:click=move |_| totals.stop()>"Stop"</button>
            </span>
        }
        .into_any(),
        Progress::Done(at) => view! {
            // Beside what is said of the rows themselves it is said of what.
            <span data-as-of="">{move || {
                let all = if loaded.with(|loaded| *loaded == WholeProgress::InSight) { "All" } else { "Amounts of all" };
                format!("{all} {} loaded, as of {} UTC", count(totals.rows.get() as u64), second_utc(&at))
            }}</span>
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>"Recalculate"</button>
        }
        .into_any(),
        Progress::Lacking(lacking) => view! {
            <span class="badge" data-tone=Tone::Warn.name() role="alert"><Icon name=icon_of(Tone::Warn) />{move || format!("Not all loaded: {} rows came, {} did not", count(totals.rows.get() as u64), count(lacking as u64))}</span>
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>"Recalculate"</button>
        }
        .into_any(),
        Progress::Stopped => view! {
            <span>{move || format!("Loading stopped: amounts of the first {} rows only", count(totals.rows.get() as u64))}</span>
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>"Load again"</button>
        }
        .into_any(),
        Progress::Failed(failure) => view! {
            <span class="badge" data-tone=Tone::Bad.name() role="alert"><Icon name=icon_of(Tone::Bad) />{format!("Not loaded: {}", failure.title())}</span>
            <button class="button" data-kind="quiet" on:click=move |_| totals.start()>"Try again"</button>
        }
        .into_any(),
    }
    };
    let changed_since = move || {
        let (counted, rows) = (counted.get()?, status.get().count.exact()?);
        let is_added_up = matches!(totals.progress.get(), Progress::Here | Progress::Done(_));
        let is_other =
            totals.sums.with(|sums| counted.differs(rows, is_added_up.then_some(&sums.billed.amounts)));
        let at = second_utc(&DateTime::from_timestamp(counted.as_of, 0)?);
        let billed = counted.billed.as_ref().map(|billed| format!(", {}", amounts_in_words(billed)));
        is_other.then(|| {
            view! {
                <span class="badge" data-tone=Tone::Warn.name()><Icon name=icon_of(Tone::Warn) />{format!(
                    "Changed since {at} UTC: the figure was {}{}",
                    events(counted.events),
                    billed.unwrap_or_default()
                )}</span>
            }
        })
    };
    let group = move |(title, Sum { amounts, blank_events }): (&'static str, Sum)| {
        (!amounts.is_empty()).then(|| {
            view! {
                <div class="totals-group" role="group" aria-label=title>
                    <span>{title}</span>
                    <AmountLines amounts=amounts without_currency=without_currency.get() blank_events=blank_events />
                </div>
            }
        })
    };
    view! {
        <footer class="totals-bar" role="group" aria-label="Totals">
            <strong data-testid="row-count">{rows}</strong>
            <span role="status">{changed_since}</span>
            {how}
            {list.with_value(|list| list.whole_line("events"))}
            <UnreadRecords records=unread />
            <div class="totals-groups">
                {move || {
                    let Sums { billed, charged, expected } = totals.sums.get();
                    [("Billed", billed), ("Charged, not processed", charged), ("Expected from reversals", expected)].map(group)
                }}
            </div>
        </footer>
    }
}
