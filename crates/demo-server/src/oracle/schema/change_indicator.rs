//! The change indicator of an item, which is also its ETag (Oracle REST, "Verify your resource using
//! the ETag value"): a quoted text of upper-case hex digits that nobody but this module reads.
//!
//! A batch's indicator has a second part for the counts derived from its events. It takes part in
//! `If-None-Match`, where moved counts must not be answered with 304, and not in `If-Match`: a count
//! that moved is no reason to refuse a new description.

use axum::http::{HeaderMap, HeaderName, header};

use crate::oracle::schema::resource::{Resource, Version};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::oracle) struct ChangeIndicator {
    row: String,
    derived: String,
}

impl ChangeIndicator {
    /// Nothing for a resource without versions.
    pub(in crate::oracle) fn of(resource: &Resource, id: i64, version: i64, derived: i64) -> Option<Self> {
        let (letter, derived) = match resource.version {
            Version::None => return None,
            Version::Row(letter) => (letter, String::new()),
            Version::RowAndDerived(letter, _) => (letter, format!("{derived:012X}")),
        };
        Some(Self { row: format!("{letter:02X}{id:016X}{version:08X}"), derived })
    }

    /// The text for `ETag` and `changeIndicator`, quotes included.
    pub(in crate::oracle) fn text(&self) -> String {
        format!("\"{}{}\"", self.row, self.derived)
    }

    /// Whether a change based on what `If-Match` names may go ahead; true where there is none.
    pub(in crate::oracle) fn satisfies_if_match(&self, headers: &HeaderMap) -> bool {
        // A header without a tag names no version: it must not pass for an absent one.
        !headers.contains_key(header::IF_MATCH)
            || tags(headers, &header::IF_MATCH)
                .any(|tag| tag == "*" || tag.starts_with('"') && tag.trim_matches('"').starts_with(&self.row))
    }

    /// Whether the client already holds what it would be sent.
    pub(in crate::oracle) fn is_known(&self, headers: &HeaderMap) -> bool {
        let own = self.text();
        tags(headers, &header::IF_NONE_MATCH)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == own)
    }
}

fn tags<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        // A header that is not text names no version, and must not pass for an absent one.
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::schema::resource_tree::{BATCHES, USAGE_EVENTS};

    fn check(resource: &Resource, header: &str, matches: bool, known: bool) {
        let Some(indicator) = ChangeIndicator::of(resource, 300_000_209_351_523, 7, 2) else {
            panic!("{} has versions", resource.name)
        };
        let mut headers = HeaderMap::new();
        let value = header.replace("OWN", &indicator.text());
        headers.insert(header::IF_MATCH, value.parse().expect("a header value"));
        headers.insert(header::IF_NONE_MATCH, value.parse().expect("a header value"));
        assert_eq!(indicator.satisfies_if_match(&headers), matches, "If-Match: {value}");
        assert_eq!(indicator.is_known(&headers), known, "If-None-Match: {value}");
    }

    #[test]
    fn headers_are_compared_with_the_indicator() {
        let event = &USAGE_EVENTS;
        check(event, "OWN", true, true);
        check(event, "\"00\", OWN", true, true);
        check(event, "*", true, true);
        check(event, "W/OWN", false, true);
        check(event, "\"E0000110D9313C0563\"", false, false);
        check(event, "E0", false, false);
        check(event, "", false, false);
        let moved_counts = ChangeIndicator::of(&BATCHES, 300_000_209_351_523, 7, 3).map(|one| one.text());
        check(&BATCHES, &moved_counts.unwrap_or_default(), true, false);
        let older_row = ChangeIndicator::of(&BATCHES, 300_000_209_351_523, 6, 2).map(|one| one.text());
        check(&BATCHES, &older_row.unwrap_or_default(), false, false);
    }
}
