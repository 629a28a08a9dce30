//! How often the interesting things happened, so that a simulator that stopped making them happen is
//! noticed.

use std::collections::BTreeMap;

const MUST_HAPPEN: &[&str] = &[
    "accepted",
    "stale",
    "refused",
    "gone",
    "401",
    "pressure",
    "lost",
    "not sent",
    "late answer",
    "repeated",
    "resolved",
    "retried",
    "discarded",
    "offline",
    "signed out",
    "many at one stroke",
    "typed over part of a record",
    "typed what rests on another value",
    "decided about what a change rests on",
    "tried all again",
    "gave all up",
    "created",
    "created by the server",
    "typed into a draft",
    "done",
    "found not done",
    "wanted a purge",
    "purged",
    "a purge was not allowed",
    "a purge was seen by its rows",
    "a purge was not seen",
    "locked",
    "reverted",
    "submitted",
    "the server's job was done",
    "a step of the life cycle was refused",
    "a lock was seen by the state",
    "a revert was seen by the state",
    "a submission was seen by the state",
    "an action was cut",
    "an action never left",
    "an action arrived after it was given up",
    "a guarded action arrived later than it may",
    "an action was done under pressure",
    "may not look",
    "asked for another look",
    "tried again what was not done",
    "written ahead of earlier requests",
    "several tabs wanted the write lease",
    "tab died",
    "died before the journal was written",
    "died between journal and sending",
    "died with a write out",
    "died with the write lease",
    "died before it took up what it claimed",
    "died with an action in doubt",
    "did not wait for a pause to end",
    "a disk begins to fail",
    "a disk works again",
    "a disk was deleted",
    "a tab heard that its disk was gone",
    "a tab opened its disk again",
    "a tab begins without a disk",
    "the disk did not take a line",
    "an action waited for the disk",
    "left although it was not on the disk",
    "the disk was lost between claiming and taking up",
    "taken up",
    "taken up beside work of its own",
];

#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage {
    happened: BTreeMap<&'static str, u64>,
}

impl Coverage {
    pub(crate) fn join(&mut self, other: &Self) {
        for (what, times) in &other.happened {
            *self.happened.entry(what).or_default() += times;
        }
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    pub(crate) fn print(&self) {
        for (what, times) in &self.happened {
            println!("{times:>12}  {what}");
        }
    }

    pub(crate) fn assert_everything_happened(&self) {
        let never: Vec<_> = MUST_HAPPEN.iter().filter(|what| !self.happened.contains_key(*what)).collect();
        assert!(never.is_empty(), "never happened: {never:?}");
    }
}
