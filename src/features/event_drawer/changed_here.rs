//! What this browser changed of the event, its charges and messages, and how each change stands.

use crate::api::RecordKey;
use crate::data::session::Session;
use crate::features::change_text::{Part, Told, parts, rule_elsewhere, time_text, tone};
use crate::features::field_form::shown_text;
use crate::routes;
use crate::ui::controls::Badge;
use leptos::prelude::*;
use rest_contract::Value;
use std::cmp::Reverse;

/// As many are shown here; all of them stand under Changes.
const SHOWN: usize = 12;

#[component]
pub fn ChangedHere(session: Session, event: RecordKey) -> impl IntoView {
    let number = event.name();
    let rows = Memo::new(move |_| {
        session.sync.log_revision.track();
        session.sync.revision.track();
        let tables = session.lookups.tables.get();
        // Values stand as in the fields above: times on their clock.
        let zone = session.sync.with_view(&event, |view| {
            view?.shown(&"EventTimeZone").and_then(Value::as_text).map(str::to_owned)
        });
        let zone = zone.unwrap_or_default();
        let words = |told: &Told| match told {
            Told::Value(Some(field), value) => shown_text(field, Some(value), &zone, &tables),
            told => told.shown(&zone, &tables, rule_elsewhere),
        };
        session.sync.with_log(|log| {
            let mine =
                log.entries().filter(|entry| entry.persisted.key.event_name().as_deref() == Some(&number));
            let mut rows: Vec<_> = mine
                .flat_map(|entry| {
                    parts(entry)
                        .map(|part| {
                            let Part { what, from, to } = part;
                            let (from, to) = (words(&from), words(&to));
                            let words = if from.is_empty() {
                                format!("{what} {to}")
                            } else {
                                format!("{what}: {from} \u{2192} {to}")
                            };
                            (entry.persisted.at, words, entry.status())
                        })
                        .collect::<Vec<_>>()
                })
                .collect();
            rows.sort_by_key(|(at, ..)| Reverse(*at));
            rows
        })
    });
    move || {
        let rows = rows.get();
        let number = rows.len();
        (number > 0).then(|| {
            let each = rows.into_iter().take(SHOWN).map(|(at, words, context)| {
                view! { <li><span class="number quiet">{time_text(at)}</span><span>{words}</span><Badge tone=tone(context) text=context.name() /></li> }
            });
            view! {
                <section aria-label="Changed in this browser">
                    <h3>"Changed in this browser"<span class="quiet">{format!("UTC, {number}")}</span></h3>
                    <ol class="changed-here">{each.collect_view()}</ol>
                    {(number > SHOWN).then(|| view! { <p><a href=routes::CHANGES>"All changes"</a></p> })}
                </section>
            }
        })
    }
}
