//! Records that came and could not be read: how many, and each as it came, to be handed to whoever runs the
//! system.

use super::{Icon, IconName};
use leptos::prelude::*;
use rest_contract::Record;

/// A record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadRecord {
    /// Why, in a sentence.
    pub reason: String,
    /// The record as it came.
    pub as_it_came: String,
}

impl UnreadRecord {
    pub fn of(record: &Record) -> Self {
        let reasons: Vec<_> = record
            .faults()
            .iter()
            .map(|fault| match fault.field.as_str() {
                "" => format!("The record {}", fault.problem),
                field => format!("{field} {}", fault.problem),
            })
            .collect();
        let reason = if reasons.is_empty() { "It has no number".to_owned() } else { reasons.join("; ") };
        Self { reason: reason + ".", as_it_came: record.as_it_came().unwrap_or_default().to_owned() }
    }
}

/// As many are shown one by one.
const SHOWN: usize = 20;
/// As many characters of each.
const LONGEST: usize = 2_000;

/// Nothing where every record could be read.
#[component]
pub fn UnreadRecords(#[prop(into)] records: Signal<Vec<UnreadRecord>>) -> impl IntoView {
    move || {
        let records = records.get();
        (!records.is_empty()).then(|| {
            let (words, meaning) = match records.len() {
                1 => (
                    "1 record could not be read".to_owned(),
                    "It is in no total, and nothing can be done to it here. Hand the text to whoever runs the system.",
                ),
                some => (
                    format!("{} records could not be read", crate::text::count(some as u64)),
                    "They are in no total, and nothing can be done to them here. Hand the texts to whoever runs the system.",
                ),
            };
            let shown = records.iter().take(SHOWN).map(|record| {
                let text: String = record.as_it_came.chars().take(LONGEST).collect();
                view! { <li><p>{record.reason.clone()}</p><pre class="mono" tabindex="0">{text}</pre></li> }
            });
            view! {
                <details class="unread-records" data-testid="unread">
                    <summary><Icon name=IconName::Alert />{words}</summary>
                    <p>{meaning}</p>
                    <ol>{shown.collect_view()}</ol>
                </details>
            }
        })
    }
}
