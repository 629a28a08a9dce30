//! What the event is expected to cost once it is rated, as its fields stand here, with what the figure
//! is made from; or why there is none. A reversal is not rated: it takes back what its original was billed.

use super::reversal_pair::ReversalPair;
use crate::api::RecordKey;
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::data::sync::{FieldName, View};
use crate::features::usual_reading::UsualReading;
use crate::routes;
use crate::text::{amounts_in_words, day_in, decimal, sum};
use crate::ui::controls::{Icon, IconName};
use grid_model::{Tone, visible};
use leptos::prelude::*;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::estimate::{Estimate, EventUsage, NotKnown};
use rest_contract::{ExactSum, Value};
use rust_decimal::Decimal;

pub const QUANTITIES: [FieldName; 2] = ["ReportedUsageQuantity", "UsageQuantity"];

/// The quantities of an event and what it is expected to come to, from change to change while it is open.
#[derive(Clone, Debug, PartialEq)]
struct Followed {
    /// The quantities as the event was opened.
    first: Option<[Option<Decimal>; 2]>,
    quantities: Option<[Option<Decimal>; 2]>,
    amount: Option<(String, ExactSum)>,
    /// The last change gave the event another quantity and left the amount as it was.
    is_kept: bool,
}

impl Followed {
    fn after(
        before: Option<&Self>,
        quantities: Option<[Option<Decimal>; 2]>,
        amount: Option<(String, ExactSum)>,
    ) -> Self {
        let first = before.and_then(|before| before.first).or(quantities);
        let is_kept = before.is_some_and(|before| {
            let is_same = before.amount.is_some() && before.amount == amount;
            let has_moved = before.quantities.is_some() && before.quantities != quantities;
            // What was refused or taken back is no new quantity.
            is_same && quantities != first && (has_moved || before.is_kept)
        });
        Self { first, quantities, amount, is_kept }
    }
}

/// Shown while the event waits to be rated.
#[component]
pub fn ExpectedAmount(
    session: Session,
    event: RecordKey,
    pair: Fetched<ReversalPair>,
    usual: UsualReading,
) -> impl IntoView {
    session.lookups.want_rates();
    let usage = Memo::new(move |_| {
        session.sync.revision.track();
        session.sync.with_view(&event, |view| {
            let view = view?;
            // Whether it is a reversal is told by its original.
            let is_related = matches!(view.confirmed(&"RelatedEventId"), Some(Value::Integer(_)));
            if is_related && pair.found.with(Option::is_none) {
                return None;
            }
            let quantities = QUANTITIES.map(|name| view.shown(&name).and_then(Value::as_decimal));
            Some((usage_of(&view, None), quantities, batch_of(&view)))
        })
    });
    let expected = Memo::new(move |before: Option<&(Option<Result<Estimate, NotKnown>>, Followed)>| {
        let (book, usage) = (session.lookups.rates.book.get(), usage.get());
        let estimate = book.zip(usage.as_ref()).map(|(book, (usage, ..))| book.estimate(usage));
        let amount = estimate.as_ref().and_then(|estimate| estimate.as_ref().ok());
        let amount = amount.map(|estimate| (estimate.currency.clone(), estimate.billed()));
        let quantities = usage.map(|(_, quantities, _)| quantities);
        let followed = Followed::after(before.map(|(_, followed)| followed), quantities, amount);
        (estimate, followed)
    });
    let taken_back = move || {
        let Some(ReversalPair::TakesBack(original)) = pair.found.get() else { return None };
        let number = visible(&original.number).into_owned();
        Some(view! {
            <section aria-label="Expected amount" class="expected">
                <h3>"Expected amount"</h3>
                <p class="expected-figure"><strong class="number" data-testid="takes-back">{amounts_in_words(&original.amounts)}</strong>{original.is_covered().then_some(", covered by allowance")}</p>
                <ul class="expected-inputs">
                    <li>"Reverses all that "<a class="mono" href=routes::event(&original.number)>{number}</a>" was billed, once the batch is processed."</li>
                </ul>
            </section>
        }
        .into_any())
    };
    let doubt = move |estimate: &Estimate| {
        usage.with(|usage| usage.as_ref().and_then(|(.., batch)| usual.doubt(batch, estimate)))
    };
    move || {
        if let Some(taken_back) = taken_back() {
            return Some(taken_back);
        }
        let (estimate, followed) = expected.get();
        estimate.map(|estimate| view! {
        <section aria-label="Expected amount" class="expected" aria-live="polite">
            <h3>"Expected amount"<span class="quiet">"estimate"</span></h3>
            {match estimate {
                Ok(estimate) => view! {
                    {figure(&estimate)}
                    {doubt(&estimate).map(|words| view! { <p class="field-note" data-tone=Tone::Warn.name() data-testid="far-outside"><Icon name=IconName::Alert />{words}</p> })}
                    {followed.is_kept.then(|| view! { <p class="quiet" data-testid="same-amount">{SAME_AMOUNT}</p> })}
                }
                .into_any(),
                // That the system has no rates to be read is no news about the event.
                Err(NotKnown::NoRates) => view! { <p class="quiet">"This system does not show its rates, so no amount can be estimated."</p> }.into_any(),
                Err(reason) => view! { <p class="quiet" data-testid="no-estimate">{format!("Amount unknown: {reason}")}</p> }.into_any(),
            }}
        </section>
    }
    .into_any())
    }
}

/// What of an event decides about its amount, as it is shown, or with a field's value that is being typed.
pub fn usage_of(view: &View<'_>, typed: Option<(FieldName, &Value)>) -> EventUsage {
    let shown = |name: FieldName| match typed {
        Some((field, value)) if field == name => Some(value),
        _ => view.shown(&name),
    };
    let field = |name: &str| shown(EVENT.field(name)?.name);
    let mut usage = EventUsage::of(field);
    // The server works the day out anew when the start is changed.
    if shown("EventStartTime") != view.confirmed(&"EventStartTime") {
        let zone = field("EventTimeZone").and_then(Value::as_text).unwrap_or_default();
        usage.day = usage.start.and_then(|start| day_in(&start, zone));
    }
    usage
}

/// The number of the batch that an event is in.
pub fn batch_of(view: &View<'_>) -> String {
    view.shown(&"BatchNumber").and_then(Value::as_text).unwrap_or_default().to_owned()
}

pub const SAME_AMOUNT: &str = "The new quantity does not change the expected amount.";

/// What an event is expected to come to, such as "0.000 KWD, covered by allowance".
pub fn amount_in_words(estimate: &Estimate) -> String {
    let covered = if estimate.is_all_covered() { ", covered by allowance" } else { "" };
    format!("{} {}{covered}", sum(&estimate.billed(), &estimate.currency), estimate.currency)
}

fn figure(estimate: &Estimate) -> impl IntoView + use<> {
    let plain = |number| decimal(&number);
    let converted = format!(
        "{} {} \u{d7} {} = {} {}",
        plain(estimate.quantity),
        estimate.unit,
        plain(estimate.conversion),
        plain(estimate.used),
        estimate.used_unit
    );
    let parts = estimate.charges.iter().zip(&estimate.unit_prices).map(|(charge, unit_price)| {
        let covered = if charge.allowance.is_zero() {
            String::new()
        } else {
            format!(" \u{2212} {} allowance", plain(charge.allowance))
        };
        let words = format!(
            "{}: {} \u{d7} {} = {}{covered}",
            charge.name,
            plain(charge.quantity),
            plain(*unit_price),
            plain(charge.extended)
        );
        view! { <li>{words}</li> }
    });
    let left = estimate.allowance_left.map(|left| {
        view! { <li class="quiet">{format!("Allowance left now: {} {}; other events may use it up first.", plain(left), estimate.used_unit)}</li> }
    });
    view! {
        <p class="expected-figure"><strong class="number" data-testid="estimate">{sum(&estimate.billed(), &estimate.currency)}</strong>" "<span class="quiet">{estimate.currency.clone()}{estimate.is_all_covered().then_some(", covered by allowance")}</span></p>
        <ul class="expected-inputs">
            <li>{converted}</li>
            {parts.collect_view()}
            {left}
        </ul>
    }
}
