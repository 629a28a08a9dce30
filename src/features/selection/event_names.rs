//! The events that something is about to happen to, by name: the first few, all in a list, and as a file.

use crate::data::session::Session;
use crate::text::count;
use crate::ui::controls::save_text;
use grid_model::{BYTE_ORDER_MARK, CsvField, Tone, push_csv_line, visible};
use leptos::prelude::*;

/// At most this many are named.
const MAX_LISTED: usize = 3;

/// One event and what becomes of it, such as "will be reversed".
pub type NamedEvent = (String, String);

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
            let names = events
                .iter()
                .take(MAX_LISTED)
                .map(|(number, _)| number.clone())
                .collect::<Vec<_>>()
                .join(", ");
            match events.len().saturating_sub(MAX_LISTED) {
                0 => names,
                more => format!("{names} and {} more", count(more as u64)),
            }
        })
    };
    // One text: thousands of elements would take longer than reading them.
    let all = move || {
        events.with(|events| {
            events
                .iter()
                .map(|(number, status)| format!("{}  {status}\n", visible(number)))
                .collect::<String>()
        })
    };
    let save = move |_| {
        let mut text = String::from(BYTE_ORDER_MARK);
        push_csv_line(&mut text, &[CsvField::Text("Event"), CsvField::Text("What happens")]);
        events.with_untracked(|events| {
            for (number, status) in events {
                push_csv_line(&mut text, &[CsvField::Text(number), CsvField::Text(status)]);
            }
        });
        if save_text(file, &text).is_err() {
            session.sync.notices.notify(Tone::Bad, "The browser could not save the file.".to_owned());
        }
    };
    move || {
        (!events.with(Vec::is_empty)).then(|| view! {
            <div class="event-names">
                <p data-testid="named" class="mono">{move || visible(&first()).into_owned()}</p>
                <details on:toggle:target=move |event| is_open.set(event.target().open())>
                    <summary>{move || format!("All {} by number", count(events.with(Vec::len) as u64))}</summary>
                    <pre class="event-list" tabindex="0" role="region" aria-label="Every event that is meant">{move || is_open.get().then(all)}</pre>
                    <button class="button" type="button" on:click=save>"Save as CSV"</button>
                </details>
            </div>
        })
    }
}
