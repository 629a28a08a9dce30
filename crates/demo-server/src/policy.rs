//! What whoever runs the service chooses about its clients: foreign origins, forged requests,
//! rates, and whether two purges may stand in line. By default no foreign origin is let in and nothing is
//! limited.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Origins whose pages may call the APIs, such as `https://desk.example.com`.
    pub allowed_origins: Vec<String>,
    /// Requests per hour that a user of Cloud Foundry's API has with this process.
    pub requests_per_hour: Option<u32>,
    /// Whether Oracle's API changes nothing without the header `X-Requested-By`: the vendor's protection
    /// from requests that a foreign page makes a browser send.
    pub requires_requested_by: bool,
    /// Whether a purge is refused while this process is at another one; otherwise it waits.
    pub refuses_second_purge: bool,
    /// Held by the purge that is at work.
    pub(crate) purging: Arc<tokio::sync::Mutex<()>>,
    pub(crate) counters: Arc<Mutex<HashMap<String, Counter>>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter {
    /// In seconds since 1970.
    begins: i64,
    requests: u32,
}

const HOUR: i64 = 3600;
/// More users than this are not told apart for long: who has not come for an hour is forgotten.
const MOST_COUNTERS: usize = 10_000;

/// Where a user stands within the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub limit: u32,
    /// None is left where this is the request that is one too many.
    pub remaining: Option<u32>,
    /// When the hour is over, in seconds since 1970.
    pub resets: i64,
}

impl Policy {
    /// Counts a request of this user against a limit.
    pub fn count(&self, user: &str, limit: u32, now: i64) -> Rate {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= MOST_COUNTERS {
            counters.retain(|_, counter| counter.begins + HOUR > now);
        }
        let counter = counters.entry(user.to_owned()).or_insert(Counter { begins: now, requests: 0 });
        if counter.begins + HOUR <= now {
            *counter = Counter { begins: now, requests: 0 };
        }
        counter.requests = counter.requests.saturating_add(1);
        Rate { limit, remaining: limit.checked_sub(counter.requests), resets: counter.begins + HOUR }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_holds_so_many_requests_per_user() {
        let policy = Policy::default();
        let remaining = |user: &str, now: i64| policy.count(user, 2, now).remaining;
        assert_eq!([remaining("a", 0), remaining("a", 10), remaining("a", 20)], [Some(1), Some(0), None]);
        assert_eq!(remaining("b", 20), Some(1));
        assert_eq!((remaining("a", 3599), remaining("a", 3600)), (None, Some(1)));
    }
}
