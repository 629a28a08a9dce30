//! What is written down in the browser before a purge is sent, so that a reload or another tab finds
//! "sent, outcome not known" and asks the platform instead of sending again. It holds no token, and of
//! the business only how many events there were and which was the newest.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurgeMarker {
    /// The name of the platform, as the person typed it.
    pub target: String,
    /// Seconds since 1970 on the platform's clock.
    pub sent_at: i64,
    /// The same moment on this browser's clock.
    #[serde(default)]
    pub sent_at_here: Option<i64>,
    /// The newest event before, by which a read tells whether the purge was carried out; none where
    /// there were no events.
    pub newest: Option<NewestEvent>,
    /// The copy that was kept.
    pub events: usize,
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewestEvent {
    pub guid: String,
    pub created_at: i64,
}

impl PurgeMarker {
    pub fn to_json(&self) -> String {
        // Text and whole numbers always have a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_back_as_it_was_written_and_nothing_else_is_one() {
        let marker = PurgeMarker {
            target: "cf \"one\"".to_owned(),
            sent_at: 1_795_305_599,
            sent_at_here: Some(1_795_305_590),
            newest: Some(NewestEvent { guid: "g".to_owned(), created_at: 7 }),
            events: 500_000,
            sha256: "ab".to_owned(),
        };
        assert_eq!(PurgeMarker::read(&marker.to_json()), Some(marker));
        assert_eq!(PurgeMarker::read("{}"), None);
        assert_eq!(PurgeMarker::read(""), None);
    }
}
