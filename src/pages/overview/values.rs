//! What the month comes to, a line for each currency with a scale of its own: billed, taken back, what remains, and the
//! month before beside it.

use super::figure_table::{Cell, Row, figure_table, linked_lines};
use super::figure_words::{
    amount_words, as_of_clock, drawn_amount, figure_head, list_address_with, list_of, provenance,
};
use super::picture::{bar, element};
use super::status_groups::StatusGroups;
use crate::features::help::{help_mark, topic};
use crate::text::{StatusClass, currency_name, sum};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::figure::{Figure, Known};
use rest_contract::oracle::month_figures::{MonthFigures, Part};
use std::collections::BTreeSet;

pub fn values(figures: &MonthFigures, groups: &StatusGroups, zone: &str, is_over: bool) -> AnyView {
    let billed = groups.billed();
    let events = figures.month.events(Some(&billed));
    let question = &events.question;
    let amounts = |part| figures.month.amounts(&billed, part);
    let all = (amounts(Part::Gross), amounts(Part::Reversals), amounts(Part::Net));
    let (Some(gross), Some(reversals), Some(net)) = all else {
        // Where the server counts and adds nothing up.
        return view! {
            <section class="figures values" aria-labelledby="values-title">
                <header class="figure-head"><h2 id="values-title">"Value by currency"</h2></header>
                <p>"Values are not known here: this system counts events and adds nothing up. "<a href=list_of(&events, None)>"The list of billed events"</a>" adds them up at its foot."</p>
            </section>
        }
        .into_any();
    };
    let before = figures.previous.amounts(&billed, Part::Net);
    let has_reversals =
        matches!(reversals.known(), Known::Whole(amounts) | Known::AtLeast(amounts) if !amounts.is_empty());
    let reversed = figures.month.events(Some(&groups.codes(&[StatusClass::Reversed])));
    let mut heads = vec![Cell::words("Currency"), Cell::picture_head("Picture of it")];
    if has_reversals {
        heads.extend([Cell::number("Gross"), Cell::number("Reversed")]);
    }
    heads.extend([
        Cell::number(if has_reversals { "Net" } else { "Billed" }),
        Cell::number(if is_over { "Month before" } else { "All of the month before" }),
    ]);
    // A month that is not over has fewer days than the month before.
    heads.extend(is_over.then(|| Cell::number("Difference")));
    let currencies = currencies_of([Some(&gross), Some(&net), before.as_ref()].into_iter().flatten());
    let has_some = !currencies.is_empty();
    let rows = currencies.into_iter().map(|currency| -> Row {
        let name = currency_name(&currency);
        let named = match currency.as_str() {
            "" => Cell::words(&*name)
                .to(list_address_with(question, &[("currency", "none")]))
                .called(format!("{name}: list of billed events")),
            _ => Cell::words(&*name),
        };
        let now = drawn_amount(&net, &currency);
        let then = before.as_ref().and_then(|before| drawn_amount(before, &currency));
        let both = before.as_ref().and_then(|before| net.comparable(before));
        let mut cells = vec![named, Cell::picture(bars(now.as_ref(), then.as_ref()))];
        if has_reversals {
            cells.extend([&gross, &reversals].map(|figure| Cell::number(amount_words(figure, &currency))));
        }
        let then = before.as_ref().map(|before| amount_words(before, &currency)).unwrap_or_default();
        let difference = both.map(|(now, then)| difference(now, then, &currency)).unwrap_or_default();
        cells.extend([
            Cell { kind: Some("strong"), ..Cell::number(amount_words(&net, &currency)) },
            Cell { kind: Some("quiet"), ..Cell::number(then) },
        ]);
        cells.extend(is_over.then(|| Cell::number(difference)));
        (Some(currency), cells)
    });
    let rows: Vec<_> = rows.collect();
    let head = figure_head(
        "Value by currency",
        "values-title",
        provenance(&net, zone),
        as_of_clock(net.as_of, zone),
        Some(help_mark(topic::NET, "gross and net")),
    );
    let note = if has_reversals {
        "A reversal counts in the month of the usage that it takes back, once it is processed."
    } else if has_some {
        ""
    } else {
        "Nothing was billed in this month."
    };
    let table = has_some.then(|| figure_table("Value by currency, as a table", "value-table", heads, rows));
    let list = |words: &str, address| (words.to_owned(), Some(address), String::new());
    // No list asks for the currency of charges, or for reversing events.
    let lists = has_some.then(|| {
        let reversed = has_reversals.then(|| list("Events that were reversed", list_of(&reversed, None)));
        linked_lines(
            [list("All billed events", list_of(&events, Some(&net)))].into_iter().chain(reversed).collect(),
        )
    });
    view! {
        <section class="figures values" aria-labelledby="values-title">{head}{table}{lists}<p class="quiet figure-note">{note}</p></section>
    }
    .into_any()
}

fn currencies_of<'f>(figures: impl IntoIterator<Item = &'f Figure<Amounts>>) -> Vec<String> {
    let mut all = BTreeSet::new();
    for figure in figures {
        if let Known::Whole(amounts) | Known::AtLeast(amounts) = figure.known() {
            all.extend(amounts.keys().cloned());
        }
    }
    // What has no currency is an alarm, and no first one.
    let blank = all.take("");
    all.into_iter().chain(blank).collect()
}

fn difference(now: &Amounts, then: &Amounts, currency: &str) -> String {
    let of = |amounts: &Amounts| amounts.get(currency).copied().unwrap_or_default();
    let mut difference = of(now);
    difference.merge(&of(then).negated());
    let text = sum(&difference, currency);
    let is_more = difference.text().is_some_and(|digits| !digits.starts_with('-')) && !difference.is_zero();
    if is_more { format!("+{text}") } else { text }
}

/// Two bars from nought, on the scale of the larger.
fn bars(now: Option<&ExactSum>, then: Option<&ExactSum>) -> String {
    let size =
        |sum: Option<&ExactSum>| -> f64 { sum.and_then(|sum| sum.text()?.parse().ok()).unwrap_or(0.0) }; // exact-in-double: shares of a picture's width
    let (now, then) = (size(now), size(then));
    let most = now.abs().max(then.abs()).max(f64::MIN_POSITIVE); // exact-in-double: a scale
    // exact-in-double: a share of a picture's width
    let one = |class: &str, value: f64, y: &str, height: &str| {
        let width = format!("{:.2}%", value.abs() / most * 100.0);
        bar(class, ("data-sign", if value < 0.0 { "minus" } else { "" }), ["0", y, &width, height])
    };
    let both = one("value-now", now, "1", "7") + &one("value-before", then, "10", "4");
    element("svg", &[("class", "bars"), ("width", "100%"), ("height", "16"), ("aria-hidden", "true")], &both)
}
