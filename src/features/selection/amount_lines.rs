//! Amounts, one for each currency. One without a currency is an alarm: it is in no currency's total, and as its
//! amounts may be of several it is none itself.

use crate::text::{currency_name, sum};
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::charged_amounts::Amounts;

/// `covered` is what allowances cover of the prices, which tells a nothing that is covered from a nothing.
/// `without_currency` is the address of the rows that have none, `blank_events` how many events these are.
#[component]
pub fn AmountLines(
    amounts: Amounts,
    #[prop(optional)] covered: Amounts,
    #[prop(optional, into)] without_currency: Option<String>,
    #[prop(optional)] blank_events: usize,
) -> impl IntoView {
    let line = |(currency, amount): (String, ExactSum)| {
        let (name, digits) = (currency_name(&currency), sum(&amount, &currency));
        let is_alarm = currency.is_empty();
        let covered = covered_words(&covered, &currency);
        let covered = covered.map(|words| view! { " "<dd class="quiet">{words}</dd> });
        // Amounts that could not be read are counted on this line, whatever their rows have.
        let no_total = is_alarm.then(|| view! { " "<dd class="quiet">{no_total(blank_events)}</dd> });
        let rows = without_currency.clone().filter(|_| is_alarm && amount.left_out() == 0);
        let rows = rows.map(|address| view! { " "<dd><a href=address>"View events"</a></dd> });
        view! { <div data-currency=currency data-alarm=is_alarm.then_some("")><dt>{is_alarm.then(|| view! { <Icon name=IconName::Alert /> })}{name}</dt><dd class="number">{digits}</dd>{no_total}{covered}{rows}</div> }
    };
    view! { <dl class="totals-list">{amounts.into_iter().map(line).collect_view()}</dl> }
}

/// What stands beside the sum of amounts without a currency; so many events have them, 0 where that is not known.
pub fn no_total(events: usize) -> String {
    let not_money = "not a total in money";
    if events == 0 { not_money.to_owned() } else { format!("{}, {not_money}", crate::text::events(events)) }
}

/// What allowances cover in a currency, in words that follow an amount.
pub fn covered_words(covered: &Amounts, currency: &str) -> Option<String> {
    let covered = covered.get(currency).filter(|covered| !covered.is_zero())?;
    Some(format!("after {} covered by allowances", sum(covered, currency)))
}
