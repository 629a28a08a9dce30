//! Approvals in words, in the reader's notation.

use crate::text::{count, events, sum};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::approval::{Act, Difference, Need, Rules};

/// What is done, with the batch that it is done to.
pub fn act_words(act: Act, batch: Option<&str>) -> String {
    let batch = batch.unwrap_or_default();
    match act {
        Act::Submit => format!("Submit batch {batch}"),
        Act::Reverse => format!("Submit the reversals of batch {batch}"),
        Act::Purge => "Purge the service usage events".to_owned(),
    }
}

pub fn need_words(need: &Need) -> String {
    match need {
        Need::NotKnown { events: number } => {
            format!(
                "The amount of {} is not known yet.",
                events(usize::try_from(*number).unwrap_or(usize::MAX))
            )
        }
        need => need.words(&amount_words),
    }
}

pub fn difference_words(difference: &Difference) -> String {
    match difference {
        Difference::More { count: number } => format!("{} more records are different.", count(*number)),
        difference => difference.words(&amount_words),
    }
}

/// The rules that a content names, a line for each.
pub fn rules_list(rules: &Rules) -> AnyView {
    let lines = rules.words(&amount_words).into_iter().map(|words| view! { <li>{words}</li> });
    view! { <ul class="reasons" aria-label="Rules">{lines.collect_view()}</ul> }.into_any()
}

/// Digits of a currency as the reader has them.
fn amount_words(currency: Option<&str>, digits: &str) -> String {
    match currency {
        Some(currency) => format!("{currency} {}", sum(&ExactSum::of(digits, 0), currency)),
        None => format!("no currency {}", sum(&ExactSum::of(digits, 0), "")),
    }
}

/// A line for each currency.
pub fn amounts_list<'a>(amounts: impl IntoIterator<Item = (Option<&'a str>, String)>) -> AnyView {
    let lines = amounts.into_iter().map(|(currency, digits)| {
        view! { <li>{amount_words(currency, &digits)}</li> }
    });
    view! { <ul class="approval-amounts" aria-label="Amounts, each charge without its sign">{lines.collect_view()}</ul> }.into_any()
}
