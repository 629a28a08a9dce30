//! The month's errors by cause, the most events first.

use super::figure_table::{Cell, Row, figure_table};
use super::figure_words::{as_of_clock, drawn, events_words, figure_head, list_of, number, provenance};
use super::picture::{bar, element};
use super::status_groups::StatusGroups;
use crate::data::lookups::LookupTables;
use crate::features::help::{help_mark, topic};
use crate::text::{StatusClass, amounts_in_words};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::Lookup;
use rest_contract::oracle::figure::Known;
use rest_contract::oracle::month_figures::MonthFigures;

pub fn errors(tables: &LookupTables, figures: &MonthFigures, groups: &StatusGroups, zone: &str) -> AnyView {
    let in_error = groups.codes(&[StatusClass::Error]);
    let all = figures.month.events(Some(&in_error));
    let causes = figures.errors(&in_error);
    let most = causes.iter().filter_map(|(_, events, _)| drawn(events)).max().unwrap_or(1).max(1);
    let body = if all.known() == Known::Whole(&0) {
        view! { <p class="quiet">"No event of this month is in error."</p> }.into_any()
    } else if causes.is_empty() {
        view! {
            <p><a href=list_of(&all, None)>{events_words(&all)}" in error"</a>". This system does not tell them by cause; each batch does, under Errors."</p>
        }
        .into_any()
    } else {
        let rows = causes.into_iter().map(|(error, events, amounts)| -> Row {
            let words = match error.as_str() {
                "" => "In error, no reason given".to_owned(),
                key => visible(tables.meaning(Lookup::ErrorKey, key)).into_owned(),
            };
            let charged = amounts.and_then(|amounts| match amounts.known() {
                Known::Whole(amounts) if !amounts.is_empty() => {
                    Some(format!("charged {}", amounts_in_words(amounts)))
                }
                _ => None,
            });
            let share = format!("{}%", drawn(&events).unwrap_or(0).saturating_mul(100) / most);
            let of = bar("error-bar", ("", ""), ["0", "0", &share, "8"]);
            let label = format!("{} in error", events_words(&events));
            let picture = element(
                "svg",
                &[("class", "bars"), ("width", "100%"), ("height", "8"), ("aria-hidden", "true")],
                &of,
            );
            let cells = vec![
                Cell { more: charged.unwrap_or_else(|| "not charged yet".to_owned()), ..Cell::words(words) },
                Cell::picture(picture),
                Cell::number(number(&events)).to(list_of(&events, None)).called(label),
            ];
            (None, cells)
        });
        let heads = vec![Cell::words("Cause"), Cell::picture_head("Picture of it"), Cell::number("Events")];
        figure_table("Errors by cause, as a table", "ranked", heads, rows.collect())
    };
    let head = figure_head(
        "Errors by cause",
        "errors-title",
        provenance(&all, zone),
        as_of_clock(all.as_of, zone),
        Some(help_mark(topic::IN_ERROR, "errors")),
    );
    view! { <section class="figures" aria-labelledby="errors-title">{head}{body}</section> }.into_any()
}
