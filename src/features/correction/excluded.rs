//! Events that a correction leaves as they are.

use crate::text::count;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// As many are named for each reason.
const NAMED: usize = 3;

/// A line for each reason, with the numbers of the first events that it is of.
pub fn excluded_lines(by_reason: &BTreeMap<String, Vec<String>>) -> impl IntoView + use<> {
    let lines = by_reason.iter().map(|(reason, numbers)| {
        let names = numbers.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = numbers.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {} more", count(more as u64)) } else { String::new() };
        view! { <li><strong>{count(numbers.len() as u64)}</strong>" excluded: "{reason.clone()}<span class="quiet">{format!(" {names}{more}")}</span></li> }
    });
    lines.collect_view()
}
