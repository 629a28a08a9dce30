//! The amounts added up per currency, over all lines.

use super::list::titles;
use super::reading::{ResultReading, Side};
use crate::display_text::{count, sum};
use crate::event_selection::ReadingState;
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::compared_amounts::{Compared, totals};

#[component]
pub fn ResultTotals(reading: ResultReading, side: Side, has_estimates: bool) -> impl IntoView {
    let relation = side.relation();
    let lines = Memo::new(move |_| {
        reading.lines.with(|lines| {
            let amounts: Vec<Compared> = lines.iter().map(|line| line.amounts.clone()).collect();
            totals(&amounts)
        })
    });
    let moved = Memo::new(move |_| {
        reading
            .lines
            .with(|lines| lines.iter().filter(|line| !line.amounts.third(relation).is_zero()).count())
    });
    let [first, second, third] = titles(side);
    let shows_first = side != Side::BilledOnly || has_estimates;
    let cell = |amount: Option<ExactSum>| {
        view! { <td class="number">{amount.map_or_else(|| "\u{2013}".to_owned(), |amount| sum(&amount))}</td> }
    };
    let rows = move || {
        let row = |line: Compared| {
            let currency =
                if line.currency.is_empty() { "No currency".to_owned() } else { line.currency.clone() };
            let third = line.third(relation);
            view! {
                <tr data-currency=line.currency.clone()>
                    <th scope="row">{currency}</th>
                    {shows_first.then(|| cell(line.first))}
                    {cell(line.second)}
                    {shows_first.then(|| cell(Some(third)))}
                </tr>
            }
        };
        lines.get().into_iter().map(row).collect_view()
    };
    let words = move || {
        let (all, moved) = (reading.lines.with(|lines| lines.len()), moved.get());
        match side {
            Side::BeforeAndAfter { .. } => {
                format!("{} of {} amounts changed", count(moved as u64), count(all as u64))
            }
            Side::OriginalAndReversal => {
                format!("{} of {} lines do not net to zero", count(moved as u64), count(all as u64))
            }
            Side::BilledOnly if has_estimates => {
                format!("{} of {} amounts differ from their estimate", count(moved as u64), count(all as u64))
            }
            Side::BilledOnly => {
                format!("{} amounts billed. No estimate was made from this page.", count(all as u64))
            }
        }
    };
    move || {
        (reading.state.get() == ReadingState::Done && !lines.with(Vec::is_empty)).then(|| {
            view! {
                <section class="result-totals" aria-label="Totals per currency">
                    <table>
                        <thead><tr>
                            <th scope="col">"Currency"</th>
                            {shows_first.then(|| view! { <th scope="col" class="number">{first}</th> })}
                            <th scope="col" class="number">{second}</th>
                            {shows_first.then(|| view! { <th scope="col" class="number">{third}</th> })}
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                    <p class="quiet" data-testid="moved">{words}</p>
                </section>
            }
        })
    }
}
