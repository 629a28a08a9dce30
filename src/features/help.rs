//! Help beside what needs it: a mark that opens the meaning of a term, and where the tour stands.
//!
//! The texts come with their first use. Not here: the page that lists them all (`pages::help`), and the steps of the
//! tour (`app`).

mod open_mark;
mod topics;
mod tour_place;

use crate::ui::part::part;
use leptos::prelude::*;

pub use open_mark::open_by_marks;
pub use topics::{TOPICS, Topic};
pub use tour_place::{TourPlace, is_tour_there};

/// What a mark can stand beside, by the addresses of its topic.
pub mod topic {
    pub const EVENT_STATUSES: &str = "event-statuses";
    pub const BATCH_STATUSES: &str = "batch-statuses";
    pub const MONTH: &str = "month";
    pub const NET: &str = "gross-reversed-net";
    pub const IN_ERROR: &str = "error";
    pub const CLOSED_PERIOD: &str = "closed-period";
    pub const CHANGE_STATES: &str = "change-states";
    pub const CONFLICT: &str = "conflict";
    pub const REVERSAL: &str = "reversal";
    pub const BATCH_TYPES: &str = "batch-types";
    pub const DELIVERED_AGAIN: &str = "delivered-again";
    pub const THERE_ALREADY: &str = "there-already";
    pub const APPROVAL: &str = "approval";
    pub const PURGE: &str = "purge-and-reseed";
    pub const INTERVAL: &str = "interval";

    #[cfg(test)]
    pub(super) const ALL: [&str; 15] = [
        EVENT_STATUSES,
        BATCH_STATUSES,
        MONTH,
        NET,
        IN_ERROR,
        CLOSED_PERIOD,
        CHANGE_STATES,
        CONFLICT,
        REVERSAL,
        BATCH_TYPES,
        DELIVERED_AGAIN,
        THERE_ALREADY,
        APPROVAL,
        PURGE,
        INTERVAL,
    ];
}

part! {
    /// The meaning of a term.
    mod topic_part in help: (id: String) => view! { <TopicText id=id /> }
}

/// A button that shows and hides the meaning of a term. `about` says in a word or two what the term is, as it stands in
/// "Help: closed periods". What it does, [`open_by_marks`] does for all.
pub fn help_mark(id: &'static str, about: &'static str) -> AnyView {
    view! {
        <span class="help">
            <button class="help-mark" type="button" data-help=id aria-label=format!("Help: {about}") aria-expanded="false">
                <span aria-hidden="true">"?"</span>
            </button>
        </span>
    }
    .into_any()
}

#[component]
fn TopicText(id: String) -> impl IntoView {
    let found = TOPICS.iter().flat_map(|(_, topics)| topics.iter()).find(|topic| topic.id == id);
    found.map(|Topic { term, meaning, .. }| view! { <strong>{*term}</strong><p>{*meaning}</p> })
}
