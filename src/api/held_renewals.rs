//! Sessions that cannot be renewed now: until when whoever renews them is left alone, and that it is asked again then.
//! Not here: asking it (`openid`).

use super::billing_session::elapsed;
use super::{RestClient, System};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::time::Duration;

/// The first pause where a provider does not say how long; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_OWN: Duration = Duration::from_secs(60);
/// The longest that a provider is left alone because it asks for it.
const LONGEST_WISH: Duration = Duration::from_secs(600);

/// By where they are renewed.
pub(super) type HeldRenewals = BTreeMap<String, Held>;

/// A renewal that is to be tried again.
#[derive(Clone, PartialEq)]
pub(super) struct Held {
    system: System,
    /// What the system takes no longer.
    worn_out: Option<String>,
    /// By [`elapsed`].
    until: u64,
    failures: u32,
    /// Why it could not be had, for the person.
    words: String,
}

impl RestClient {
    /// The rest of a pause, and why it is made.
    pub(super) fn pause_of_renewal(&self, place: &str) -> Option<(Duration, String)> {
        let held = self.held_renewals.with_value(|all| all.get(place).cloned())?;
        let left = held.until.checked_sub(elapsed()).filter(|left| *left > 0)?;
        Some((Duration::from_millis(left), held.words))
    }

    /// A renewal could not be had. It is tried again after this long, whoever needs it, and not before unless the person
    /// wants to.
    pub(super) fn hold_renewal(
        &self,
        place: &str,
        (system, worn_out): (System, Option<String>),
        wish: Option<Duration>,
        words: &str,
    ) -> Duration {
        let before = self.held_renewals.with_value(|all| all.get(place).map_or(0, |held| held.failures));
        let own = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(before)).min(LONGEST_OWN);
        let pause = own.max(wish.unwrap_or_default().min(LONGEST_WISH));
        let until = elapsed().saturating_add(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
        let held =
            Held { system, worn_out, until, failures: before.saturating_add(1), words: words.to_owned() };
        self.held_renewals.update_value(|all| {
            all.insert(place.to_owned(), held);
        });
        let (client, place) = (*self, place.to_owned());
        set_timeout(
            move || {
                let held = client.held_renewals.try_with_value(|all| all.get(&place).cloned()).flatten();
                if let Some(held) = held.filter(|held| held.until == until) {
                    // What came of it is told by `renewals_work`, or there is another pause.
                    spawn_local(async move { drop(client.renewed(held.system, held.worn_out).await) });
                }
            },
            pause,
        );
        pause
    }

    /// A renewal has come, or the session has ended: nothing is held for it any more.
    pub(super) fn end_held_renewal(&self, place: &str, has_come: bool) {
        let was_held = self.held_renewals.try_update_value(|all| all.remove(place)).flatten().is_some();
        if was_held && has_come {
            self.renewals_work.update(|times| *times += 1);
        }
    }

    /// The person does not want to wait for the end of a pause: the next call that needs a renewal asks for it.
    pub fn renew_without_waiting(&self) {
        self.held_renewals.update_value(|all| all.values_mut().for_each(|held| held.until = 0));
    }
}
