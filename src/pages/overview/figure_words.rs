//! A figure as it is shown: never without how far it can be trusted, and with the list that it was counted of.

use crate::features::list::condition_text;
use crate::routes::{Counted, EVENTS, list_text, query_text};
use crate::text::{count, instant_in, sum};
use chrono::{DateTime, Timelike, Utc};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::field_condition::FieldCondition;
use rest_contract::oracle::figure::{Completeness, EventQuestion, Figure, Known, Source};

/// A count: `1,234`, `about 1,234`, `at least 998`, `not read`.
pub fn number(figure: &Figure<u64>) -> String {
    match (figure.known(), figure.source) {
        (Known::Whole(events), Source::OneReading) => count(*events),
        // By the vendor's word such counts are estimates.
        (Known::Whole(events), Source::Counts) => format!("about {}", count(*events)),
        (Known::AtLeast(events), _) => format!("at least {}", count(*events)),
        (Known::Nothing, _) => "not read".to_owned(),
    }
}

/// The same with the word for what is counted.
pub fn events_words(figure: &Figure<u64>) -> String {
    match figure.known() {
        Known::Nothing => "events not read".to_owned(),
        Known::Whole(1) => format!("{} event", number(figure)),
        _ => format!("{} events", number(figure)),
    }
}

/// Behind a count of events how many of them are there to take others back.
pub fn of_them_reversing(events: u64) -> String {
    match events {
        0 => String::new(),
        1 => ", of them 1 reversing event".to_owned(),
        more => format!(", of them {} reversing events", count(more)),
    }
}

/// The count that a picture draws; nothing where there is none to draw.
pub fn drawn(figure: &Figure<u64>) -> Option<u64> {
    match figure.known() {
        Known::Whole(events) | Known::AtLeast(events) => Some(*events),
        Known::Nothing => None,
    }
}

/// What a figure says of one currency.
pub fn amount_words(figure: &Figure<Amounts>, currency: &str) -> String {
    let shown = |amounts: &Amounts| sum(&amounts.get(currency).copied().unwrap_or_default(), currency);
    match figure.known() {
        Known::Whole(amounts) => shown(amounts),
        Known::AtLeast(amounts) => format!("{} so far", shown(amounts)),
        Known::Nothing => "not read".to_owned(),
    }
}

/// The sum that a picture draws.
pub fn drawn_amount(figure: &Figure<Amounts>, currency: &str) -> Option<ExactSum> {
    match figure.known() {
        Known::Whole(amounts) => Some(amounts.get(currency).copied().unwrap_or_default()),
        Known::AtLeast(_) | Known::Nothing => None,
    }
}

/// The list of the events that were counted, by the instants of the count, with the count: where there are other events
/// by then, the list says so. `billed` is what they come to, if that was added up.
pub fn list_of(counted: &Figure<u64>, billed: Option<&Figure<Amounts>>) -> String {
    list_address_with(&counted.question, &[(Counted::NAME, &counted_words(counted, billed))])
}

/// Nothing of a part, or of estimates: of these the list has more than was counted, or may.
fn counted_words(counted: &Figure<u64>, billed: Option<&Figure<Amounts>>) -> String {
    match (counted.known(), counted.source) {
        (Known::Whole(events), Source::OneReading) => {
            let billed = billed.and_then(|billed| match billed.known() {
                Known::Whole(amounts) => Some(amounts.clone()),
                Known::AtLeast(_) | Known::Nothing => None,
            });
            let events = usize::try_from(*events).unwrap_or(usize::MAX);
            Counted { events, billed, as_of: counted.as_of.timestamp() }.write()
        }
        _ => String::new(),
    }
}

/// The list of the events that are asked for.
pub fn list_address(question: &EventQuestion) -> String {
    list_address_with(question, &[])
}

/// The same with more asked of the list.
pub fn list_address_with(question: &EventQuestion, more: &[(&'static str, &str)]) -> String {
    let conditions = question.conditions(|name| EVENT.field(name)).into_iter();
    let parts = conditions.map(|(field, condition)| match condition {
        FieldCondition::OneOf { values, .. } if field.name == "EventStatus" => ("status", list_text(&values)),
        condition => (field.name, condition_text(&condition)),
    });
    let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
    format!("{EVENTS}{}", query_text(parts.chain(more)))
}

/// To the second, on the clock that the page names.
pub fn second_in(at: DateTime<Utc>, zone: &str) -> String {
    instant_in(&at.with_nanosecond(0).unwrap_or(at), zone)
}

/// The same for a page that tells day and zone already.
pub fn as_of_clock(at: DateTime<Utc>, zone: &str) -> String {
    let words = second_in(at, zone);
    let clock = words.split(' ').nth(1).unwrap_or(&words);
    format!("as of {clock}")
}

/// How a figure came about, in full.
pub fn provenance<T>(figure: &Figure<T>, zone: &str) -> String {
    let source = match figure.source {
        Source::OneReading => "Counted and added up by the server, all at one moment.",
        Source::Counts => "Estimated by the server (totalResults), one count after another.",
    };
    let completeness = match figure.completeness {
        Completeness::Whole => "All of it was read.".to_owned(),
        Completeness::Part { read, of, stopped } => {
            format!(
                "{} of {} counts were read by {}.",
                count(read as u64),
                count(of as u64),
                second_in(stopped, zone)
            )
        }
    };
    let span = figure.question.span.as_ref().map(|span| {
        format!(
            "Events that began from {} on and before {}.",
            second_in(span.start, zone),
            second_in(span.end, zone)
        )
    });
    let as_of = format!("As of {} by the server\u{2019}s clock.", second_in(figure.as_of, zone));
    [Some(source.to_owned()), Some(as_of), Some(completeness), span]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A section's title with how its figures came about, quietly; in full on demand. `end` stands at its end.
pub fn figure_head(
    title: &'static str,
    id: &'static str,
    provenance: String,
    quietly: String,
    end: Option<AnyView>,
) -> AnyView {
    view! {
        <header class="figure-head">
            <h2 id=id>{title}</h2>
            <details class="provenance">
                <summary><span class="visually-hidden">"How these figures came about: "</span>{quietly}</summary>
                <p>{provenance}</p>
            </details>
            {end}
        </header>
    }
    .into_any()
}
