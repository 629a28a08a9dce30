//! The amounts added up per currency, over all lines.

use super::list::titles;
use super::reading::{ResultLine, ResultReading, Side};
use crate::data::session::Session;
use crate::features::selection::ReadingState;
use crate::routes::query_text;
use crate::text::{count, currency_name, events, sum};
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::compared_amounts::{Compared, totals};
use rest_contract::{ExactSum, Lookup};

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
    let [first, second, third] = titles(side);
    let shows_first = side != Side::BilledOnly || has_estimates;
    let cell = |amount: Option<ExactSum>| {
        view! { <td class="number">{amount.map_or_else(|| "\u{2013}".to_owned(), |amount| sum(&amount))}</td> }
    };
    let rows = move || {
        let row = |line: Compared| {
            let currency = currency_name(&line.currency);
            let third = thirds.with(|thirds| thirds.get(&line.currency).copied());
            view! {
                <tr data-currency=line.currency.clone()>
                    <th scope="row">{currency}</th>
                    {shows_first.then(|| cell(line.first))}
                    {cell(line.second)}
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
                    without => format!("; for {} there was none", count(without as u64)),
                };
                format!(
                    "{} of {} amounts differ from their estimate{without}",
                    count(moved as u64),
                    count(estimated as u64)
                )
            }
            Side::BilledOnly => format!("{} amounts billed", count(all as u64)),
        }
    };
    let failed = move || {
        let tables = session.lookups.tables.get();
        let failed = reading.found.get().failed.clone().into_iter();
        failed
            .map(|(error, number)| {
                let reason = tables.meaning(Lookup::ErrorKey, &error);
                let words = format!("{} could not be priced, and what was billed before stands: {reason}", events(number));
                let list = home.with_value(|home| format!("{home}{}", query_text([("find", error)])));
                view! { <p class="result-failed"><Icon name=IconName::Alert /><span>{words}</span>" "<a href=list>"Show them"</a></p> }
            })
            .collect_view()
    };
    move || {
        (reading.state.get() == ReadingState::Done && !lines.with(Vec::is_empty)).then(|| {
            view! {
                <section class="result-totals" aria-label="Totals per currency">
                    <h2 data-testid="moved">{words}</h2>
                    {failed}
                    {(!shows_first).then(|| view! { <p class="quiet">"No estimate was saved at submission, so there is nothing to compare."</p> })}
                    <table>
                        <thead><tr>
                            <th scope="col">"Currency"</th>
                            {shows_first.then(|| view! { <th scope="col" class="number">{first}</th> })}
                            <th scope="col" class="number">{second}</th>
                            {shows_first.then(|| view! { <th scope="col" class="number">{third}</th> })}
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </section>
            }
        })
    }
}
