//! Amounts, one for each currency.

use crate::text::{currency_name, sum};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::charged_amounts::Amounts;

#[component]
pub fn AmountLines(amounts: Amounts) -> impl IntoView {
    let line = |(currency, amount): (String, ExactSum)| {
        let name = currency_name(&currency);
        view! { <div data-currency=currency><dt>{name}</dt><dd class="number">{sum(&amount)}</dd></div> }
    };
    view! { <dl class="totals-list">{amounts.into_iter().map(line).collect_view()}</dl> }
}
