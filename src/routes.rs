//! Addresses of the console: where each record and screen stands, and what an address says of a list.
//! No other place puts an address together.
//!
//! Not here: which screen an address shows (`app`).

mod counted;
mod query;

use query::{path_part, text_of_part};

pub use counted::Counted;
pub use query::{
    AddressQuery, Go, PathPart, address_now, ask_by_address, list_text, query_text, sort_text, texts_of_list,
    use_address_query, use_go, use_path_part,
};

pub const OVERVIEW: &str = "/";
pub const BATCHES: &str = "/batches";
pub const EVENTS: &str = "/events";
pub const BASE_BUCKETS: &str = "/buckets";
pub const IMPORT: &str = "/import";
pub const APPROVALS: &str = "/approvals";
pub const CHANGES: &str = "/changes";
pub const HELP: &str = "/help";
pub const SETTINGS: &str = "/settings";
pub const SERVICE_USAGE: &str = "/service-usage";
pub const USAGE_INTERVALS: &str = "/service-usage/intervals";
pub const PURGE: &str = "/service-usage/purge";

/// A batch, with its events.
pub fn batch(number: &str) -> String {
    format!("{BATCHES}/{}", path_part(number))
}

/// What a batch's processing did.
pub fn batch_result(number: &str) -> String {
    batch_part(&batch(number), "result")
}

/// Every changed value of a batch and of what is in it.
pub fn batch_history_in_full(number: &str) -> String {
    format!("{}?changes=all", batch_part(&batch(number), "history"))
}

/// A part of the page of the batch that stands at `home`; its events are the part without a name.
pub fn batch_part(home: &str, part: &str) -> String {
    if part.is_empty() { home.to_owned() } else { format!("{home}/{part}") }
}

/// An event in the drawer over the list of all events.
pub fn event(number: &str) -> String {
    event_over(EVENTS, number)
}

/// An event in the drawer over the list that stands at `home`.
pub fn event_over(home: &str, number: &str) -> String {
    let list = if home == EVENTS { home.to_owned() } else { format!("{home}/events") };
    format!("{list}/{}", path_part(number))
}

/// The page of an address, whatever is open on it or asked of it.
pub fn page_of(address: &str) -> &str {
    let own = if address.starts_with("/batches/") { 2 } else { 1 };
    let end = address.match_indices(['/', '?']).nth(own).map_or(address.len(), |(at, _)| at);
    address.get(..end).unwrap_or(address)
}

/// The number of the event that a path shows in a drawer over a list, if it does.
pub fn event_shown(path: &str) -> Option<String> {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["batches", _, "events", number] | ["events", number] => Some(text_of_part(number)),
        _ => None,
    }
}

/// The record that a path shows, whatever else of it: what it is called and its number, and the address of it alone.
pub fn record_shown(path: &str) -> Option<(&'static str, String, &str)> {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (kind, number, address) = match parts.as_slice() {
        ["batches", _, "events", number] | ["events", number] => ("Event", number, path),
        ["batches", number, ..] => ("Batch", number, page_of(path)),
        ["buckets", number] => ("Base bucket", number, path),
        ["service-usage", "events", number] => ("Service usage event", number, path),
        _ => return None,
    };
    Some((kind, text_of_part(number), address))
}

pub fn base_bucket(identity: i64) -> String {
    format!("{BASE_BUCKETS}/{identity}")
}

/// A service usage event in the drawer over its list.
pub fn usage_event(guid: &str) -> String {
    format!("{SERVICE_USAGE}/events/{}", path_part(guid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn an_address_of_an_event_tells_its_number() {
        for number in ["TEL-1", "a/b c", "..", "Zürich 100 %"] {
            for home in [EVENTS.to_owned(), batch("B 1/2"), batch(".")] {
                assert_eq!(event_shown(&event_over(&home, number)).as_deref(), Some(number), "over {home}");
                assert_eq!(event_shown(&home), None);
            }
        }
        assert_eq!(event_shown(&batch_part(&batch("events"), "errors")), None);
        assert_eq!(event_shown(&usage_event("g")), None);
    }

    #[wasm_bindgen_test]
    fn a_page_is_the_same_whatever_is_open_on_it() {
        for (page, over) in [
            (BATCHES, "/batches?find=a/b"),
            ("/batches/B%2F1", "/batches/B%2F1?find=a/b"),
            ("/batches/B%2F1", "/batches/B%2F1/events/TEL-1?sort=-Error"),
            ("/batches/B%2F1", "/batches/B%2F1/errors"),
            (EVENTS, "/events"),
            (EVENTS, "/events/TEL-1"),
        ] {
            assert_eq!(page_of(over), page, "{over}");
        }
    }
}
