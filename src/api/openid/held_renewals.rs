//! Sessions that cannot be renewed now: until when whoever renews them is left alone, and that it is asked again then.
//! Not here: asking it (`renewal`).

use crate::api::billing_session::elapsed;
use crate::api::{RestClient, System};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

/// The first pause where a provider does not say how long; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_OWN: Duration = Duration::from_secs(60);
/// The longest that a provider is left alone because it asks for it.
const LONGEST_WISH: Duration = Duration::from_secs(600);

thread_local! {
    /// By where they are renewed.
    static HELD: RefCell<BTreeMap<String, Held>> = const { RefCell::new(BTreeMap::new()) };
}

/// A renewal that is to be tried again.
struct Held {
    /// By [`elapsed`].
    until: u64,
    failures: u32,
    /// Why it could not be had, for the person.
    words: String,
    /// What was so when it was held: whoever is in haste or has signed in anew waits for nothing.
    haste: u64,
    sign_in_count: u64,
}

impl Held {
    fn holds(&self, client: RestClient) -> bool {
        self.haste == client.haste.get_value() && self.sign_in_count == client.sign_in_count.get_value()
    }
}

/// When a pause ends, by [`elapsed`], and why it is made.
pub(super) fn pause(client: RestClient, place: &str) -> Option<(u64, String)> {
    HELD.with_borrow(|all| {
        let held = all.get(place).filter(|held| held.holds(client) && held.until > elapsed())?;
        Some((held.until, held.words.clone()))
    })
}

/// A renewal could not be had. It is tried again at this time, by [`elapsed`], whoever needs it, and not before unless
/// the person wants to.
pub(super) fn hold(
    client: RestClient,
    place: &str,
    (system, worn_out): (System, Option<String>),
    wish: Option<Duration>,
    words: &str,
) -> u64 {
    let failures = HELD.with_borrow(|all| all.get(place).map_or(0, |held| held.failures));
    let own = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failures)).min(LONGEST_OWN);
    let pause = own.max(wish.unwrap_or_default().min(LONGEST_WISH));
    let until = elapsed().saturating_add(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
    let (haste, sign_in_count) = (client.haste.get_value(), client.sign_in_count.get_value());
    let held =
        Held { until, failures: failures.saturating_add(1), words: words.to_owned(), haste, sign_in_count };
    HELD.with_borrow_mut(|all| all.insert(place.to_owned(), held));
    let place = place.to_owned();
    let again = move || {
        let is_due = HELD
            .with_borrow(|all| all.get(&place).is_some_and(|held| held.until == until && held.holds(client)));
        if is_due {
            // What came of it is told by `renewals_work`, or there is another pause.
            spawn_local(async move { drop(client.renewed(system, worn_out).await) });
        }
    };
    set_timeout(again, pause);
    until
}

/// A renewal has come, or the session has ended: nothing is held for it any more.
pub(super) fn end(client: RestClient, place: &str, has_come: bool) {
    let was_held = HELD.with_borrow_mut(|all| all.remove(place)).is_some();
    if was_held && has_come {
        client.renewals_work.update(|times| *times += 1);
    }
}
