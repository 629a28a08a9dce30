//! What is to be expected of the events once they are corrected: which of them cannot be rated even then, which
//! are not handed to the rating at all, what the others will come to, and which of these amounts are far outside
//! of what is usual in their batch.

use super::corrected_events::CorrectedEvents;
use crate::data::lookups::EVENT_STATUS;
use crate::data::session::Session;
use crate::features::selection::{AmountLines, ReadingState};
use crate::features::usual_reading::UsualReading;
use crate::text::{count, currency_name, decimal, events as events_in_words, sum};
use crate::ui::controls::{Icon, IconName};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::correction_plan::Planned;
use rest_contract::oracle::estimate::Consumption;
use rest_contract::oracle::life_cycle::EventStatus;
use rest_contract::oracle::usual_amounts::TIMES;
use rest_contract::{ExactSum, Value};
use std::collections::{BTreeMap, BTreeSet};

/// At most this many are named.
const MAX_LISTED: usize = 3;

/// As many events of the batches tell what is usual there.
const USUAL_OF: usize = 5_000;

/// Units, each with the quantity that is in it.
const QUANTITIES: [(&str, &str); 2] =
    [("ReportedUsageUnitOfMeasure", "ReportedUsageQuantity"), ("UsageUnitOfMeasure", "UsageQuantity")];

/// An amount that is far outside, and of what.
#[derive(Clone, Debug, PartialEq)]
struct FarOutside {
    event: String,
    currency: String,
    amount: ExactSum,
    /// What is usual, in a sentence.
    usual: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Forecast {
    sums: Amounts,
    covered: Amounts,
    /// Numbers of the events that would be in error, by whether they are now, and by the reason.
    in_error: BTreeMap<(bool, String), Vec<String>>,
    /// How many events nothing can be said of, by the reason.
    not_known: BTreeMap<String, usize>,
    /// How many events keep a status in which they are not handed to the rating, by its code.
    not_handed: BTreeMap<&'static str, usize>,
    far_outside: Vec<FarOutside>,
    /// Events that get a currency which no event of their product has now, each with that currency and theirs.
    other_currency: Vec<(String, String, String)>,
    /// How many events get another quantity and come to the same amount.
    same_amount: usize,
}

#[component]
pub fn ForecastView(session: Session, events: CorrectedEvents) -> impl IntoView {
    let reading = UsualReading::new(session);
    Effect::new(move || {
        let is_read = events.state.get() == ReadingState::Done;
        if let Some(book) = session.lookups.rates.book.get().filter(|_| is_read) {
            reading.read(events.batches(), book, USUAL_OF);
        }
    });
    let usual = reading.usual;
    let forecast = Memo::new(move |_| {
        let book = session.lookups.rates.book.get();
        let usual = usual.get();
        let (mut forecast, mut used) = (Forecast::default(), Consumption::default());
        let mut used_before = Consumption::default();
        events.plan.with(|plan| {
            for row in &plan.changed {
                let status = events.text_after(row, "EventStatus");
                let status = EventStatus::of(&status);
                if let Some(status) = status.filter(|status| !status.is_submitted()) {
                    *forecast.not_handed.entry(status.code()).or_default() += 1;
                }
                if row.changes.iter().any(|change| change.field.name == "CurrencyCode") {
                    let currency = events.text_after(row, "CurrencyCode");
                    let product = events.text_after(row, "SubscriptionProductPuid");
                    let known = usual.currencies.get(&product);
                    let is_new =
                        |known: &&BTreeSet<String>| !currency.is_empty() && !known.contains(&currency);
                    if let Some(known) = known.filter(is_new) {
                        let known = known.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                        forecast.other_currency.push((events.number(row), currency, known));
                    }
                }
                let Some(book) = &book else { continue };
                let before = book.estimate_after(&events.usage_before(row), &mut used_before);
                match book.estimate_after(&events.usage_after(row), &mut used) {
                    Ok(estimate) => {
                        let billed = estimate.billed();
                        let is_same = before.is_ok_and(|before| {
                            before.currency == estimate.currency && before.billed() == billed
                        });
                        forecast.same_amount += usize::from(is_same && changes_quantity(row));
                        let add = |to: &mut Amounts, amount: &ExactSum| {
                            to.entry(estimate.currency.clone()).or_default().merge(amount);
                        };
                        add(&mut forecast.sums, &billed);
                        add(&mut forecast.covered, &estimate.covered());
                        let batch = events.text_after(row, "BatchNumber");
                        if let Some(usual) = usual.far_exceeded(&batch, &estimate.currency, &billed) {
                            let (event, currency) = (events.number(row), estimate.currency);
                            forecast.far_outside.push(FarOutside { event, currency, amount: billed, usual });
                        }
                    }
                    Err(reason) if reason.leads_to_error() => {
                        let is_now = EventStatus::of(&events.text_before(row, "EventStatus"))
                            == Some(EventStatus::Error);
                        let same = forecast.in_error.entry((is_now, reason.to_string())).or_default();
                        same.push(events.number(row));
                    }
                    Err(reason) => *forecast.not_known.entry(reason.to_string()).or_default() += 1,
                }
            }
        });
        forecast
    });
    let warnings = move || {
        let Forecast { in_error, not_handed, far_outside, other_currency, same_amount, .. } = forecast.get();
        let tables = session.lookups.tables.get();
        let in_error = in_error.into_iter().map(|((is_now, reason), numbers)| {
            let still = if is_now { "will still be in error" } else { "will be in error" };
            let words = format!(" {still}: {reason}");
            view! { <li data-testid="still-in-error"><Icon name=IconName::Alert /><span><strong>{events_in_words(numbers.len())}</strong>{words}<span class="quiet">" "{named(&numbers)}</span></span></li> }
        });
        let ready = tables.meaning(EVENT_STATUS, EventStatus::Ready.code()).to_owned();
        let not_handed = not_handed.into_iter().map(|(code, number)| {
            let status = tables.meaning(EVENT_STATUS, code);
            let words = format!(" in the status {status}: not processed until the status is {ready}.");
            view! { <li data-testid="not-handed"><Icon name=IconName::Info /><span><strong>{format!("{} stay", events_in_words(number))}</strong>{words}</span></li> }
        });
        view! {
            <ul class="forecast" aria-live="polite">
                {in_error.collect_view()}
                {(!far_outside.is_empty()).then(|| far_outside_view(&far_outside))}
                {(!other_currency.is_empty()).then(|| other_currency_view(&other_currency))}
                {not_handed.collect_view()}
                {(same_amount > 0).then(|| view! { <li data-testid="same-amount"><Icon name=IconName::Info /><span><strong>{events_in_words(same_amount)}</strong>": the new quantity does not change the expected amount."</span></li> })}
                {move || kept_quantity(events).map(|words| view! { <li data-testid="quantity-kept"><Icon name=IconName::Info /><span>{words}</span></li> })}
            </ul>
        }
    };
    let expected = move || {
        let Forecast { sums, covered, not_known, .. } = forecast.get();
        let not_known = not_known.into_iter().map(|(reason, number)| {
            view! { <p class="quiet">{format!("{}: amount unknown. {reason}", events_in_words(number))}</p> }
        });
        let not_known = not_known.collect_view();
        let has_sums = !sums.is_empty();
        view! {
            {has_sums.then(|| view! {
                <section class="worth" aria-label="Expected amounts">
                    <h3>"Expected once rated (estimate)"</h3>
                    <AmountLines amounts=sums covered=covered />
                    <p class="quiet">"From the rates, conversions and allowances as they stand now; allowances may be used up by other events first."</p>
                </section>
            })}
            {not_known}
        }
    };
    view! { {warnings}{expected} }
}

fn far_outside_view(all: &[FarOutside]) -> AnyView {
    let are = if all.len() == 1 { "is" } else { "are" };
    let words = format!(
        " {are} expected at more than {TIMES} times what is usual in the batch. Check quantity and unit."
    );
    let each = all.iter().map(|one| {
        let words =
            format!(": {} {}. {}", sum(&one.amount, &one.currency), currency_name(&one.currency), one.usual);
        (one.event.as_str(), words)
    });
    marked("far-outside", words, each)
}

fn other_currency_view(all: &[(String, String, String)]) -> AnyView {
    let get = if all.len() == 1 { "gets" } else { "get" };
    let words = format!(
        " {get} a currency that no event of the subscription product has now. Check the subscription."
    );
    let each = all.iter().map(|(event, currency, known)| {
        let (currency, known) = (visible(currency), visible(known));
        (event.as_str(), format!(" gets {currency}; events of its product have {known}."))
    });
    marked("other-currency", words, each)
}

/// How many events are marked, with what, and what is said of the first of them.
fn marked<'e>(
    test_id: &'static str,
    words: String,
    events: impl ExactSizeIterator<Item = (&'e str, String)>,
) -> AnyView {
    let number = events.len();
    let lines = events.take(MAX_LISTED).map(|(event, words)| {
        let event = visible(event).into_owned();
        view! { <li><span class="mono">{event}</span>{words}</li> }
    });
    let lines = lines.collect_view();
    let more = number.saturating_sub(MAX_LISTED);
    view! {
        <li data-testid=test_id>
            <Icon name=IconName::Alert />
            <div>
                <strong>{events_in_words(number)}</strong>{words}
                <ul>{lines}</ul>
                {(more > 0).then(|| view! { <span class="quiet">{format!("and {} more", count(more as u64))}</span> })}
            </div>
        </li>
    }
    .into_any()
}

fn changes_quantity(row: &Planned) -> bool {
    let is_quantity = |name: &str| QUANTITIES.iter().any(|(_, quantity)| *quantity == name);
    row.changes.iter().any(|change| is_quantity(change.field.name))
}

/// Of a unit that changes while its quantity does not: the numbers stay, so their meaning moves.
fn kept_quantity(events: CorrectedEvents) -> Option<String> {
    events.plan.with(|plan| {
        let changes = |row: &Planned, name: &str| row.changes.iter().any(|change| change.field.name == name);
        let kept = plan.changed.iter().find_map(|row| {
            let (unit, quantity) =
                QUANTITIES.iter().find(|(unit, quantity)| changes(row, unit) && !changes(row, quantity))?;
            let quantity = events.value_after(row, quantity).as_ref().and_then(Value::as_decimal)?;
            let (before, after) = (events.text_before(row, unit), events.text_after(row, unit));
            let as_before = if before.is_empty() { "without a unit".to_owned() } else { before };
            Some(format!(
                "The quantity is kept, only the unit changes: {} {as_before} becomes {} {after}.",
                decimal(&quantity),
                decimal(&quantity)
            ))
        });
        kept.map(|words| visible(&words).into_owned())
    })
}

fn named(numbers: &[String]) -> String {
    let first = numbers.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join(", ");
    let first = visible(&first).into_owned();
    match numbers.len().saturating_sub(MAX_LISTED) {
        0 => first,
        more => format!("{first} and {} more", count(more as u64)),
    }
}
