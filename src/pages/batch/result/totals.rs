//! The amounts added up per currency, over all lines.

use super::list::titles;
use super::reading::{NotBilled, ResultLine, ResultReading, Side};
use crate::data::session::Session;
use crate::features::selection::{ReadingState, no_total};
use crate::routes::{list_text, query_text};
use crate::text::{amounts_in_words, count, currency_name, events, sum};
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::compared_amounts::{Compared, totals};
use rest_contract::{ExactSum, Lookup};

fn amounts(number: usize) -> String {
    if number == 1 { "1 amount".to_owned() } else { format!("{} amounts", count(number as u64)) }
}

#[component]
pub fn ResultTotals(
    session: Session,
    reading: ResultReading,
    side: Side,
    has_estimates: bool,
    /// The address of the batch, where its events are listed.
    home: StoredValue<String>,
) -> impl IntoView {
    let lines = Memo::new(move |_| {
        reading.found.with(|found| {
            let amounts: Vec<Compared> = found.lines.iter().map(|line| line.amounts.clone()).collect();
            totals(&amounts)
        })
    });
    let moved = Memo::new(move |_| {
        reading.found.with(|found| found.lines.iter().filter(|line| line.moved(side)).count())
    });
    // The sum of what stands in the rows: where a row has no figure to be held against, it adds none.
    let thirds = Memo::new(move |_| {
        let mut thirds = Amounts::new();
        reading.found.with(|found| {
            for line in found.lines.iter() {
                if let Some(third) = line.third(side) {
                    thirds.entry(line.amounts.currency.clone()).or_default().merge(&third);
                }
            }
        });
        thirds
    });
    // Of what is billed, what no estimate was made for: it is in no difference.
    let without_estimate = Memo::new(move |_| {
        let mut sums = Amounts::new();
        if side == Side::BilledOnly && has_estimates {
            reading.found.with(|found| {
                let lines = found.lines.iter().filter(|line| line.amounts.first.is_none());
                for Compared { currency, second, .. } in lines.map(|line| &line.amounts) {
                    sums.entry(currency.clone()).or_default().merge(&second.unwrap_or_default());
                }
            });
        }
        sums
    });
    let [first, second, third] = titles(side);
    let shows_first = side != Side::BilledOnly || has_estimates;
    let cell = |currency: &str, amount: Option<ExactSum>| {
        view! { <td class="number">{amount.map_or_else(|| "\u{2013}".to_owned(), |amount| sum(&amount, currency))}</td> }
    };
    // What reversals give back of allowances, their originals have told.
    let shows_covered =
        move || side != Side::OriginalAndReversal && reading.found.with(|found| !found.covered.is_empty());
    let rows = move || {
        let row = |line: Compared| {
            let currency = currency_name(&line.currency);
            // It is in no currency's total: an alarm, with the way to its rows.
            let no_currency = line.currency.is_empty().then(|| {
                let list = home
                    .with_value(|home| format!("{home}{}", query_text([("currency", "none".to_owned())])));
                let has_none = |of: &&ResultLine| of.amounts.currency.is_empty();
                let events = reading.found.with(|found| found.lines.iter().filter(has_none).count());
                view! { " "<span class="quiet">{no_total(events)}</span>" "<a href=list>"View events"</a> }
            });
            let third = thirds.with(|thirds| thirds.get(&line.currency).copied());
            let cell = |amount| cell(&line.currency, amount);
            view! {
                <tr data-currency=line.currency.clone() data-alarm=line.currency.is_empty().then_some("")>
                    <th scope="row">{currency}{no_currency}</th>
                    {shows_first.then(|| cell(line.first))}
                    {cell(line.second)}
                    {shows_covered().then(|| cell(reading.found.with(|found| found.covered.get(&line.currency).copied())))}
                    {(!without_estimate.with(Amounts::is_empty)).then(|| cell(without_estimate.with(|sums| sums.get(&line.currency).copied())))}
                    {shows_first.then(|| cell(third))}
                </tr>
            }
        };
        lines.get().into_iter().map(row).collect_view()
    };
    let words = move || {
        let (all, moved) = (reading.found.with(|found| found.lines.len()), moved.get());
        match side {
            Side::BeforeAndAfter { .. } => {
                format!("{} of {} amounts changed", count(moved as u64), count(all as u64))
            }
            Side::OriginalAndReversal if moved == 0 => {
                format!("All {} amounts net to zero", count(all as u64))
            }
            Side::OriginalAndReversal => {
                format!("{} of {} amounts do not net to zero", count(moved as u64), count(all as u64))
            }
            Side::BilledOnly if has_estimates => {
                let is_estimated = |line: &&ResultLine| line.amounts.first.is_some();
                let estimated = reading.found.with(|found| found.lines.iter().filter(is_estimated).count());
                let without = match all - estimated {
                    0 => String::new(),
                    without => format!("; {} had no estimate", count(without as u64)),
                };
                format!(
                    "{} of {} amounts differ from their estimate{without}",
                    count(moved as u64),
                    count(estimated as u64)
                )
            }
            Side::BilledOnly if reading.found.with(|found| found.in_several_currencies) == 0 => {
                format!("{} billed, one amount each", events(all))
            }
            Side::BilledOnly => format!("{} amounts billed", count(all as u64)),
        }
    };
    // There is one amount for each event, unless something is said here.
    let of_events = move || {
        let found = reading.found.get();
        let several = match found.in_several_currencies {
            0 => None,
            1 => Some("1 event has amounts in more than one currency".to_owned()),
            more => Some(format!("{} events have amounts in more than one currency", count(more as u64))),
        };
        let without = match found.without_amount {
            0 => None,
            1 => Some("1 event has no charge".to_owned()),
            more => Some(format!("{} events have no charge", count(more as u64))),
        };
        let notes: Vec<String> = several.into_iter().chain(without).collect();
        (!notes.is_empty()).then(|| {
            let words =
                format!("{} of {}; {}.", amounts(found.lines.len()), events(found.events), notes.join("; "));
            view! { <p class="quiet" data-testid="of-events">{words}</p> }
        })
    };
    let not_billed = move || {
        let NotBilled { events: number, amounts, statuses } =
            reading.found.with(|found| found.not_billed.clone());
        (number > 0).then(|| {
            let words = format!(
                "{} charged but not processed ({}): not billed, and not counted here.",
                if number == 1 { "1 event is".to_owned() } else { format!("{} are", events(number)) },
                amounts_in_words(&amounts)
            );
            let statuses: Vec<String> = statuses.into_iter().collect();
            let list = home.with_value(|home| format!("{home}{}", query_text([("status", list_text(&statuses))])));
            view! { <p class="result-failed" data-testid="not-billed"><Icon name=IconName::Info /><span>{words}</span>" "<a href=list>"View events"</a></p> }
        })
    };
    let failed = move || {
        let tables = session.lookups.tables.get();
        let failed = reading.found.get().failed.clone().into_iter();
        failed
            .map(|(error, number)| {
                let reason = tables.meaning(Lookup::ErrorKey, &error);
                let words = format!("{} could not be priced and keep their earlier amounts: {reason}", events(number));
                let list = home.with_value(|home| format!("{home}{}", query_text([("find", error)])));
                view! { <p class="result-failed"><Icon name=IconName::Alert /><span>{words}</span>" "<a href=list>"View events"</a></p> }
            })
            .collect_view()
    };
    move || {
        (reading.state.get() == ReadingState::Done && !lines.with(Vec::is_empty)).then(|| {
            view! {
                <section class="result-totals" aria-label="Totals per currency">
                    <h2 data-testid="moved">{words}</h2>
                    {of_events}
                    {failed}
                    {not_billed}
                    {(!shows_first).then(|| view! { <p class="quiet">"No estimate was saved at submission, so there is nothing to compare."</p> })}
                    <table>
                        <thead><tr>
                            <th scope="col">"Currency"</th>
                            {shows_first.then(|| view! { <th scope="col" class="number">{first}</th> })}
                            <th scope="col" class="number">{second}</th>
                            {shows_covered().then(|| view! { <th scope="col" class="number">"Covered by allowances"</th> })}
                            {(!without_estimate.with(Amounts::is_empty)).then(|| view! { <th scope="col" class="number">"Billed without estimate"</th> })}
                            {shows_first.then(|| view! { <th scope="col" class="number">{third}</th> })}
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </section>
            }
        })
    }
}
