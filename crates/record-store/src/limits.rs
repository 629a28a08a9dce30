//! The bounds the store keeps, and the pause after a failure. Not here: the clock; the app tells
//! the time in events.

use std::time::Duration;

/// Bounds of one store. The defaults suit one browser tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Writes in flight at one time, each for another record (S3).
    pub writes: usize,
    /// Reads of the store's own in flight at one time.
    pub reads: usize,
    /// How often one proposal is rebased and sent again before it counts as contended.
    pub rebases: u32,
    /// Clean records kept although no screen holds them, so that an old list answer cannot
    /// show what a settled edit has replaced (S8, S11).
    pub lately_answered: usize,
    /// The first pause after a failure; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause that is not the server's own wish.
    pub longest_pause: Duration,
    /// The longest pause that a server's wish makes. What asks for more is asked again after this.
    pub longest_wish: Duration,
    /// How long after a lost answer an action may still take effect. Only a probe that leaves later
    /// than that proves it not done.
    pub settling: Duration,
    /// The time between two probes of one action.
    pub between_probes: Duration,
    /// Added to every pause, so that many clients do not return at once. The app draws it.
    pub jitter: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            writes: 6,
            reads: 6,
            rebases: 5,
            lately_answered: 2048,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
            longest_wish: Duration::from_secs(600),
            settling: Duration::from_secs(10),
            between_probes: Duration::from_secs(2),
            jitter: Duration::ZERO,
        }
    }
}

impl Limits {
    /// How long to wait after the `failures`-th failure in a row (1 is the first).
    pub(crate) fn pause(&self, failures: u32, retry_after: Option<Duration>) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let own = self.first_pause.saturating_mul(doubled).min(self.longest_pause);
        let wish = retry_after.unwrap_or_default().min(self.longest_wish);
        own.max(wish).saturating_add(self.jitter)
    }
}
