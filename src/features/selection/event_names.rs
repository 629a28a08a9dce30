//! The events that something is about to happen to, by name: the first few, all in a list where these are not all,
//! and as a file; where their amounts are known, with the amounts that they will have.

use crate::data::session::Session;
use crate::text::{amounts_in_words, count, sum};
use crate::ui::controls::save_text;
use export_files::{BYTE_ORDER_MARK, CsvField, push_csv_line};
use grid_model::{Tone, visible};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::charged_amounts::EventAmount;

/// At most this many are named.
const MAX_LISTED: usize = 3;
/// With their amounts, one below the other.
const MAX_LISTED_WITH_AMOUNTS: usize = 5;

/// One event and what becomes of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NamedEvent {
    pub number: String,
    /// Such as "will be reversed".
    pub outcome: String,
    /// Its amounts, where they are told; empty where the event has none.
    pub amounts: Option<Vec<EventAmount>>,
    /// It is told, and nothing happens to it.
    pub is_excluded: bool,
}

impl NamedEvent {
    pub fn new(number: String, outcome: impl Into<String>) -> Self {
        Self { number, outcome: outcome.into(), ..Self::default() }
    }

    pub fn excluded(number: String, why: impl Into<String>) -> Self {
        Self { is_excluded: true, ..Self::new(number, why) }
    }

    fn amounts_in_words(&self) -> String {
        let Some(amounts) = self.amounts.as_deref() else { return String::new() };
        let words = amounts_in_words(amounts.iter().map(|one| (&one.currency, &one.amount)));
        let is_covered = amounts.iter().any(|one| one.is_covered);
        if is_covered { format!("{words}, covered by allowance") } else { words }
    }

    fn push_lines(&self, text: &mut String) {
        let amounts = self.amounts.as_deref().unwrap_or_default();
        let known = |amount: &ExactSum| amount.text().filter(|_| amount.left_out() == 0);
        for EventAmount { currency, amount, is_covered } in amounts {
            let amount = known(amount).map_or_else(|| (sum(amount, currency), false), |text| (text, true));
            let amount = if amount.1 { CsvField::Number(&amount.0) } else { CsvField::Text(&amount.0) };
            let fields = [
                CsvField::Text(&self.number),
                CsvField::Text(&self.outcome),
                amount,
                CsvField::Text(currency),
                CsvField::Text(if *is_covered { "covered by allowance" } else { "" }),
            ];
            push_csv_line(text, &fields);
        }
        if amounts.is_empty() {
            let empty = CsvField::Text("");
            push_csv_line(
                text,
                &[CsvField::Text(&self.number), CsvField::Text(&self.outcome), empty, empty, empty],
            );
        }
    }
}

/// How many are told, and how many of these nothing happens to.
fn by_number(events: &[NamedEvent]) -> String {
    let all = match events.len() {
        1 => "By number".to_owned(),
        number => format!("All {} by number", count(number as u64)),
    };
    match events.iter().filter(|event| event.is_excluded).count() {
        0 => all,
        excluded if excluded == events.len() => format!("{all}, excluded"),
        excluded => format!("{all}, {} of them excluded", count(excluded as u64)),
    }
}

/// Whether the first that are named are all there are.
fn names_all(events: &[NamedEvent]) -> bool {
    let has_amounts = events.iter().any(|event| event.amounts.is_some());
    let most = if has_amounts { MAX_LISTED_WITH_AMOUNTS } else { MAX_LISTED };
    events.len() <= most
        && events.iter().all(|event| !event.is_excluded && event.amounts.is_some() == has_amounts)
}

/// `events` in their order. `file` is the name of the file that they can be saved in.
#[component]
pub fn EventNames(
    session: Session,
    #[prop(into)] events: Signal<Vec<NamedEvent>>,
    file: &'static str,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let first = move || {
        events.with(|events| {
            // Those that are excluded are named beside the reason.
            let meant = || events.iter().filter(|event| !event.is_excluded);
            let names = meant().take(MAX_LISTED).map(|event| event.number.clone());
            let names = names.collect::<Vec<_>>().join(", ");
            match meant().count().saturating_sub(MAX_LISTED) {
                0 => names,
                more => format!("{names} and {} more", count(more as u64)),
            }
        })
    };
    let first_with_amounts = move || {
        events.with(|events| {
            let told = events.iter().filter(|event| event.amounts.is_some());
            let more = told.clone().count().saturating_sub(MAX_LISTED_WITH_AMOUNTS);
            let rows = told.take(MAX_LISTED_WITH_AMOUNTS).map(|event| {
                let number = visible(&event.number).into_owned();
                view! { <tr><th scope="row" class="mono">{number}</th><td class="number">{event.amounts_in_words()}</td></tr> }
            });
            view! {
                <table class="named-events">
                    <thead class="visually-hidden"><tr><th scope="col">"Event"</th><th scope="col">"Amount"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
                {(more > 0).then(|| view! { <p class="quiet">{format!("and {} more", count(more as u64))}</p> })}
            }
        })
    };
    let has_amounts =
        Memo::new(move |_| events.with(|events| events.iter().any(|event| event.amounts.is_some())));
    // One text: thousands of elements would take longer than reading them.
    let all = move || {
        events.with(|events| {
            let line = |event: &NamedEvent| {
                let line = format!("{}  {}  {}", event.number, event.outcome, event.amounts_in_words());
                format!("{}\n", visible(line.trim_end()))
            };
            events.iter().map(line).collect::<String>()
        })
    };
    let save = move |_| {
        let mut text = String::from(BYTE_ORDER_MARK);
        let head = ["Event", "What happens", "Amount", "Currency", "Note"].map(CsvField::Text);
        push_csv_line(&mut text, &head);
        events.with_untracked(|events| events.iter().for_each(|event| event.push_lines(&mut text)));
        if save_text(file, &text).is_err() {
            session.sync.notices.notify(Tone::Bad, "The browser could not save the file.".to_owned());
        }
    };
    let save_button =
        move || view! { <button class="button" type="button" on:click=save>"Save as CSV"</button> };
    let names_all = Memo::new(move |_| events.with(|events| names_all(events)));
    let is_empty = Memo::new(move |_| events.with(Vec::is_empty));
    move || {
        (!is_empty.get()).then(|| view! {
            <div class="event-names">
                {if has_amounts.get() {
                    view! { <div data-testid="named">{first_with_amounts}</div> }.into_any()
                } else {
                    view! { <p data-testid="named" class="mono">{move || visible(&first()).into_owned()}</p> }.into_any()
                }}
                {move || if names_all.get() {
                    save_button().into_any()
                } else {
                    view! {
                        <details on:toggle:target=move |event| is_open.set(event.target().open())>
                            <summary>{move || events.with(|events| by_number(events))}</summary>
                            <pre class="event-list" tabindex="0" role="region" aria-label="Every event that is meant">{move || is_open.get().then(all)}</pre>
                            {save_button()}
                        </details>
                    }
                    .into_any()
                }}
            </div>
        })
    }
}
