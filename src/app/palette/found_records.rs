//! Records whose number or name holds what is typed, as the systems find them.

use super::{Act, Entry};
use crate::api::{EventPageQuery, Failure, System};
use crate::data::session::Session;
use crate::routes;
use crate::ui::key_input::composed;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::{BATCH, EVENT, any_like};
use rest_contract::{Record, Value};
use std::time::Duration;

/// Long enough for a number to be typed in one go.
const TYPING_PAUSE: Duration = Duration::from_millis(200);
/// Fewer letters find too much.
const FEWEST_LETTERS: usize = 2;
/// So many of each kind.
const MOST: usize = 5;

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Looking {
    #[default]
    Nothing,
    Asking,
    Found {
        /// More records hold the text than are listed.
        has_more: bool,
    },
    Failed(String),
}

#[derive(Clone, Copy)]
pub struct FoundRecords {
    pub looking: RwSignal<Looking>,
    found: RwSignal<Vec<Entry>>,
    typed: RwSignal<String>,
}

impl FoundRecords {
    /// Looks for what is typed, whenever the person pauses.
    pub fn new(session: Session, typed: RwSignal<String>) -> Self {
        let all = Self { looking: RwSignal::default(), found: RwSignal::default(), typed };
        let mut ask_soon = debounce(TYPING_PAUSE, move |text: String| all.ask(session, text));
        Effect::new(move || {
            let text = all.text();
            if text.chars().count() < FEWEST_LETTERS || !System::Oracle.exists() {
                all.looking.set(Looking::Nothing);
                all.found.set(Vec::new());
            } else {
                all.looking.set(Looking::Asking);
                ask_soon(text);
            }
        });
        all
    }

    /// What can be opened without being looked for, and what was found.
    pub fn entries(self) -> Vec<Entry> {
        named(&self.text()).into_iter().chain(self.found.get()).collect()
    }

    fn text(self) -> String {
        self.typed.with(|typed| composed(typed.trim()).into_owned())
    }

    fn ask(self, session: Session, text: String) {
        // Only the last question counts, as long as the palette is open.
        let is_current = move |text: &str| {
            self.typed.try_with_untracked(|typed| composed(typed.trim()) == text).is_some_and(|is_it| is_it)
        };
        if !is_current(&text) {
            return;
        }
        spawn_local(async move {
            let found = look_for(session, &text).await;
            if !is_current(&text) {
                return;
            }
            match found {
                Ok((found, has_more)) => {
                    self.found.set(found);
                    self.looking.set(Looking::Found { has_more });
                }
                Err(failure) => {
                    session.expire_by(&failure);
                    self.found.set(Vec::new());
                    self.looking.set(Looking::Failed(failure.title()));
                }
            }
        });
    }
}

/// What holds the text, and whether more does.
async fn look_for(session: Session, text: &str) -> Result<(Vec<Entry>, bool), Failure> {
    let client = session.client;
    let q = any_like(&[BATCH.key, "BatchName"], text);
    let batches = client.batch_page(&q, "BatchNumber:asc", 0, MOST).await?;
    let q = any_like(&[EVENT.key], text);
    let asked = EventPageQuery {
        q: &q,
        order_by: "EventNumber:asc",
        shape: "fields=EventId,EventNumber,BatchNumber&onlyData=true",
        limit: MOST,
        ..Default::default()
    };
    let events = client.event_page(&asked).await?;
    let text_of = |record: &Record, field: &str| {
        record.get(field).and_then(Value::as_text).map(str::to_owned).unwrap_or_default()
    };
    let batch = |batch: &Record| {
        let number = batch.key()?;
        let about = format!("Batch, {}", text_of(batch, "BatchName"));
        Some(opens(&number, about, routes::batch(&number)))
    };
    let event = |event: &Record| {
        let number = event.key()?;
        let about = format!("Event of {}", text_of(event, "BatchNumber"));
        Some(opens(&number, about, routes::event(&number)))
    };
    let has_more = batches.has_more || events.has_more;
    let batches = batches.items.iter().filter_map(batch);
    Ok((batches.chain(events.items.iter().filter_map(event)).collect(), has_more))
}

fn opens(number: &str, about: String, address: String) -> Entry {
    Entry {
        id: format!("palette-{address}"),
        words: number.to_owned(),
        about,
        keys: None,
        why_not: None,
        act: Act::Go(address),
    }
}

/// Records of systems that find nothing by a part of a number: the number alone leads there.
fn named(text: &str) -> Option<Entry> {
    let bucket = text.parse::<i64>().ok().filter(|identity| *identity > 0 && System::LogiSense.exists());
    let is_guid = || {
        let lengths: Vec<_> = text.split('-').map(str::len).collect();
        let is_hex = text.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit());
        is_hex && lengths == [8, 4, 4, 4, 12]
    };
    match bucket {
        Some(identity) => Some(opens(text, "Base bucket".to_owned(), routes::base_bucket(identity))),
        None if System::CloudFoundry.exists() && is_guid() => {
            Some(opens(text, "Service usage event".to_owned(), routes::usage_event(text)))
        }
        None => None,
    }
}
