//! What re-rating does to other batches: it takes events out of the batches that they were in, whose totals
//! are other ones from then on. Told before, in both batches, and in both afterwards.

use crate::api::Failure;
use crate::data::fetched::Fetched;
use crate::data::lookups::{BATCH_STATUS, LookupTables};
use crate::data::session::Session;
use crate::features::list::{FailureLine, FailuresShown};
use crate::features::selection::{EventPages, Selected, joined};
use crate::routes;
use crate::text::{amounts_in_words, count, events, sum};
use crate::ui::controls::{Icon, IconName};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::{Amounts, merge};
use rest_contract::oracle::compared_amounts::{billed, negated, re_rating_batches};
use rest_contract::oracle::eligibility::Share;
use rest_contract::oracle::life_cycle::{BatchStatus, BatchType, EventAction};
use rest_contract::oracle::rerated_events::{billed_in, came_from};
use rest_contract::{ExactSum, Record, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

const SHAPE: &str = "fields=EventNumber,EventId,UsageBatchId,RelatedBatchId;usageCharges:BilledAmount,ChargeCurrency,ParentEntity,ParentEntityId,UsageChargePuid&onlyData=true";
/// More events are not read unasked.
const READ_UNASKED: u64 = 5_000;
/// As many batches are asked for in one query.
const AT_ONCE: usize = 100;
/// As many batches are named one by one.
const MAX_LISTED: usize = 5;

/// Events that moved between this batch and another one.
#[derive(Clone, Debug, PartialEq)]
struct Move {
    /// The other batch; nothing where it is gone, or the role may not see it.
    batch: Option<OtherBatch>,
    share: Share,
}

#[derive(Clone, Debug, PartialEq)]
struct OtherBatch {
    number: String,
    status: String,
    kind: Option<BatchType>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Moves {
    came: Vec<Move>,
    left: Vec<Move>,
    /// Reversals of its events, in the batches that they are in.
    reversals: Vec<Move>,
    /// So many events were not read.
    unread: u64,
}

/// The lines about a batch: `batch` as it was read last. `changed` goes up when its events may be others.
#[component]
pub fn MovedEvents(
    session: Session,
    batch: Signal<Option<Arc<Record>>>,
    #[prop(into)] changed: Signal<u64>,
    /// Events are about to be taken out of the batch.
    #[prop(optional)]
    goes_back: bool,
) -> impl IntoView {
    let about = Memo::new(move |_| {
        batch.with(|batch| {
            let batch = batch.as_ref()?;
            let id = batch.get("UsageBatchId").and_then(Value::as_integer)?;
            Some((batch.key()?, id, batch.text("UsageType") == Some(BatchType::Rerate.code())))
        })
    });
    let reads_all = RwSignal::new(false);
    let moves = Fetched::new(session, async move || match about.try_get_untracked().flatten() {
        Some((number, id, re_rates)) => {
            let limit = if reads_all.get_untracked() { u64::MAX } else { READ_UNASKED };
            moves_of(session, &number, id, re_rates, limit).await
        }
        None => Ok(Moves::default()),
    });
    Effect::new(move || {
        session.renewed.track();
        changed.track();
        reads_all.track();
        if about.get().is_some() {
            moves.read();
        }
    });
    let lines = move || {
        let Moves { came, left, reversals, unread } = moves.found.get().unwrap_or_default();
        let tables = session.lookups.tables.get();
        let came = listed(&came, |one| {
            let from = link(one.batch.as_ref());
            if goes_back {
                let all = if one.share.events == 1 {
                    "It goes back there"
                } else {
                    "Those that are removed go back there; of all of them"
                };
                let total = its_total_moves(&one.share.worth, Moved::Back);
                return view! { <span>{format!("{} came from ", events(one.share.events))}{from}{format!(". {all}, {total}.")}</span> }.into_any();
            }
            view! { <span>{format!("{} left ", events(one.share.events))}{from}{format!(" for this batch; {}.", its_total_moves(&one.share.worth, Moved::Already))}</span> }
                .into_any()
        });
        let left = listed(&left, |one| {
            let to = link(one.batch.as_ref());
            let (is_over, status) = state_of(one, &tables);
            let what = match (is_over, one.share.events) {
                (false, _) => "to be re-rated",
                (true, 1) => "and was re-rated",
                (true, _) => "and were re-rated",
            };
            view! { <span>{format!("{} left this batch {what} in ", events(one.share.events))}{to}{status}{format!("; {}.", its_total_moves(&one.share.worth, Moved::Already))}</span> }
                .into_any()
        });
        let reversals = listed(&reversals, |one| {
            let (is_over, status) = state_of(one, &tables);
            let batch = link(one.batch.as_ref());
            let events = events(one.share.events);
            let (are, the_reversals, wait) = if one.share.events == 1 {
                ("is", "The reversal", "waits")
            } else {
                ("are", "The reversals", "wait")
            };
            if is_over {
                let amounts = amounts_in_words(&one.share.worth);
                view! { <span>{format!("{events} of this batch {are} reversed in ")}{batch}{status}{format!(", billed {amounts}.")}</span> }.into_any()
            } else {
                view! { <span>{format!("{the_reversals} of {events} of this batch {wait} in ")}{batch}{status}"."</span> }.into_any()
            }
        });
        let unread = (unread > 0).then(|| view! {
            <li><button class="button" data-kind="quiet" type="button" on:click=move |_| reads_all.set(true)>{format!("Show which batches {} events came from or went to", count(unread))}</button></li>
        });
        let has_any = !came.is_empty() || !left.is_empty() || !reversals.is_empty() || unread.is_some();
        has_any.then(
            || view! { <ul class="moved-events" aria-label="Events that moved">{came}{left}{reversals}{unread}</ul> },
        )
    };
    // One word is enough where the events of the page could not be read either.
    let shown = use_context::<FailuresShown>();
    let failure = move || moves.failure.get().filter(|_| !shown.is_some_and(|shown| shown.any()));
    view! {
        {lines}
        {move || failure().map(|failure| view! { <FailureLine what="Events that moved to or from other batches" failure=failure again=moves.again() /> })}
    }
}

/// What adding events will do to the batches that they are in, before it is done.
pub fn leaving(by_batch: &BTreeMap<String, Share>) -> AnyView {
    let moves: Vec<(&String, &Share)> = by_batch.iter().filter(|(number, _)| !number.is_empty()).collect();
    let line = |(number, share): &(&String, &Share)| {
        let number = visible(number).into_owned();
        view! { <li><Icon name=IconName::Alert /><span><strong>{events(share.events)}</strong>{if share.events == 1 { " leaves " } else { " leave " }}<span class="mono">{number}</span>{format!("; {}.", its_total_moves(&share.worth, Moved::Then))}</span></li> }
    };
    let first = moves.iter().take(MAX_LISTED).map(line).collect_view();
    let others = moves.len().saturating_sub(MAX_LISTED);
    let others = (others > 0).then(|| {
        let rest = moves.iter().skip(MAX_LISTED).map(line).collect_view();
        view! { <li><details><summary>{format!("{} more batches", count(others as u64))}</summary><ul class="moved-list">{rest}</ul></details></li> }
    });
    view! { <ul class="moved-list" data-testid="leaving">{first}{others}</ul> }.into_any()
}

/// When the totals move: once the events are added, or when they were.
#[derive(Clone, Copy)]
enum Moved {
    Then,
    Already,
    /// Once they are back.
    Back,
}

/// Such as "its total falls by GBP 414.32 and rises by USD 1.00".
fn its_total_moves(worth: &Amounts, moved: Moved) -> String {
    let (falls_by, rises_by, stays) = match moved {
        Moved::Then => ("falls by", "rises by", "stays, for they are billed nothing"),
        Moved::Back => ("rises by", "falls by", "stays, for they are billed nothing"),
        Moved::Already => ("fell by", "rose by", "stayed, for they were billed nothing"),
    };
    let is_negative = |amount: &ExactSum| amount.text().is_some_and(|text| text.starts_with('-'));
    let (rises, falls): (Amounts, Amounts) = worth
        .iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(currency, amount)| (currency.clone(), *amount))
        .partition(|(_, amount)| is_negative(amount));
    let told = |amounts: &Amounts| {
        let each = amounts.iter().map(|(currency, amount)| match currency.as_str() {
            "" => format!("{} without a currency", sum(amount, "")),
            code => format!("{code} {}", sum(amount, code)),
        });
        each.collect::<Vec<_>>().join(", ")
    };
    match (falls.is_empty(), rises.is_empty()) {
        (true, true) => format!("its total {stays}"),
        (false, true) => format!("its total {falls_by} {}", told(&falls)),
        (true, false) => format!("its total {rises_by} {}", told(&negated(rises))),
        (false, false) => {
            format!("its total {falls_by} {} and {rises_by} {}", told(&falls), told(&negated(rises)))
        }
    }
}

/// Whether the other batch is processed, and its status in words.
fn state_of(one: &Move, tables: &LookupTables) -> (bool, Option<String>) {
    let batch = one.batch.as_ref();
    let code = batch.and_then(|batch| BatchStatus::of(&batch.status));
    let is_over = matches!(code, Some(BatchStatus::Completed | BatchStatus::CompletedErrors));
    (is_over, batch.map(|batch| format!(" ({})", tables.meaning(BATCH_STATUS, &batch.status))))
}

fn listed(moves: &[Move], words: impl Fn(&Move) -> AnyView) -> Vec<AnyView> {
    let line = |one: &Move| {
        let words = words(one);
        view! { <li><Icon name=IconName::Info />{words}</li> }.into_any()
    };
    moves.iter().map(line).collect()
}

fn link(batch: Option<&OtherBatch>) -> AnyView {
    match batch {
        Some(batch) => {
            let (address, number) = (routes::batch(&batch.number), visible(&batch.number).into_owned());
            view! { <a class="mono" href=address>{number}</a> }.into_any()
        }
        None => "a batch that cannot be seen".into_any(),
    }
}

async fn moves_of(
    session: Session,
    number: &str,
    id: i64,
    re_rates: bool,
    limit: u64,
) -> Result<Moves, Failure> {
    // Its own charges tell which events a re-rating batch had, wherever these are now.
    let of_this = if re_rates {
        format!("(RelatedBatchId = {id} or usageCharges.ParentEntityId = {id})")
    } else {
        format!("RelatedBatchId = {id}")
    };
    let elsewhere = joined(&format!("UsageBatchId <> {id}"), &of_this);
    let mut moves = Moves::default();
    let mut left = BTreeMap::<i64, [Share; 2]>::new();
    if let Some(found) =
        read(session, Selected::all(None, elsewhere, EventAction::Change), limit, &mut moves).await?
    {
        for event in &found {
            let number = |name: &str| event.get(name).and_then(Value::as_integer);
            let Some(now_in) = number("UsageBatchId") else { continue };
            if number("RelatedBatchId") != Some(id) && !re_rating_batches(event).contains(&id) {
                continue;
            }
            // Which of both it is, its batch tells.
            let [moved, reversal] = left.entry(now_in).or_default();
            put(moved, &billed_in(event, id));
            put(reversal, &billed(event));
        }
    }
    let mut came = BTreeMap::<i64, Share>::new();
    if re_rates
        && let Some(found) = read(
            session,
            Selected::all(Some(number.to_owned()), String::new(), EventAction::Change),
            limit,
            &mut moves,
        )
        .await?
    {
        for event in &found {
            if let Some(from) = came_from(event, id) {
                put(came.entry(from).or_default(), &billed_in(event, from));
            }
        }
    }
    let ids: Vec<i64> = left.keys().chain(came.keys()).copied().collect();
    let batches = batches_of(session, &ids).await?;
    let told = |(id, share): (i64, Share)| Move { batch: batches.get(&id).cloned(), share };
    moves.came = came.into_iter().map(told).collect();
    // Reversals name the batch of their originals as well, and have not left it.
    for (id, [moved, reversal]) in left {
        match batches.get(&id).and_then(|batch| batch.kind) {
            Some(BatchType::Rerate) => moves.left.push(told((id, moved))),
            Some(BatchType::ReverseReplace) => moves.reversals.push(told((id, reversal))),
            _ => (),
        }
    }
    Ok(moves)
}

fn put(share: &mut Share, amounts: &Amounts) {
    share.events += 1;
    merge(&mut share.worth, amounts);
}

/// The events, unless there are too many; then they are counted as unread.
async fn read(
    session: Session,
    selected: Selected,
    limit: u64,
    moves: &mut Moves,
) -> Result<Option<Vec<Record>>, Failure> {
    let mut pages = EventPages::new(session.client, selected, SHAPE);
    let mut found = Vec::new();
    while let Some(events) = pages.next().await? {
        let total = pages.total.unwrap_or(pages.read) as u64;
        if total > limit {
            moves.unread += total;
            return Ok(None);
        }
        found.extend(events);
    }
    Ok(Some(found))
}

async fn batches_of(session: Session, ids: &[i64]) -> Result<BTreeMap<i64, OtherBatch>, Failure> {
    let mut batches = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
        let q = format!("UsageBatchId in ({})", ids.join(","));
        let page = session.client.batch_page(&q, "UsageBatchId:asc", 0, AT_ONCE).await?;
        for batch in page.items {
            let other = batch.key().map(|number| OtherBatch {
                number,
                status: batch.text("BatchStatus").unwrap_or_default().to_owned(),
                kind: batch.text("UsageType").and_then(BatchType::of),
            });
            batches.extend(batch.get("UsageBatchId").and_then(Value::as_integer).zip(other));
        }
    }
    Ok(batches)
}
