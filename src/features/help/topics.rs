//! What the words on the screens mean: one place for the marks beside them and for the page that lists all.

/// A term and its meaning.
pub struct Topic {
    /// Its address on the page: `/help#` and this.
    pub id: &'static str,
    pub term: &'static str,
    pub meaning: &'static str,
}

const fn topic(id: &'static str, term: &'static str, meaning: &'static str) -> Topic {
    Topic { id, term, meaning }
}

/// Under a heading each.
pub const TOPICS: &[(&str, &[Topic])] = &[
    (
        "Usage events and batches",
        &[
            topic(
                "usage-event",
                "Usage event",
                "What somebody used, how much of it and when. It is rated into charges.",
            ),
            topic(
                "batch",
                "Usage event batch",
                "Events that are corrected, approved and processed together.",
            ),
            topic(
                "event-statuses",
                "Statuses of events",
                "Draft: not to be rated yet. Ready for processing: rated at the next submission of its batch. On hold: left out until somebody sets it to Ready for processing. In process: rating works on it. Error: it could not be charged. Processed: its charges stand. Reversed: it and its reversal net to zero.",
            ),
            topic(
                "batch-statuses",
                "Statuses of batches",
                "Draft: events and rules can be changed. Locked for review: nobody changes its events until it is unlocked or submitted. In process: rating works on it. Completed: every event that was to be rated is. Completed with errors: some are in error; correct them and submit the batch again.",
            ),
            topic(
                "draft",
                "Draft",
                "A batch in which events and rules can be changed, or an event that is not to be rated yet.",
            ),
            topic(
                "ready",
                "Ready for processing",
                "The status with which an event is rated at the next submission of its batch.",
            ),
            topic("on-hold", "On hold", "Kept out of rating until somebody sets it to Ready for processing."),
            topic("in-process", "In process", "Rating works on it. Nothing can be changed until it is done."),
            topic(
                "error",
                "Error",
                "Rating could not charge the event, so nothing is billed for it. Its message says why, and what to do. Correct it, set it to Ready for processing, and submit its batch again.",
            ),
            topic(
                "processed",
                "Processed",
                "Rated: its charges stand, and it is changed only by a reversal or a re-rating.",
            ),
            topic(
                "to-be-re-rated",
                "Processed, to be re-rated",
                "In a re-rating batch that is not processed yet: its charges stand as they are until then.",
            ),
            topic(
                "reversal-pending",
                "Processed, reversal pending",
                "Its reversal is in a batch that is not processed yet: its charges stand as they are until then.",
            ),
            topic(
                "reversed",
                "Reversed",
                "A reversal has been processed: the event and its reversal net to zero.",
            ),
            topic(
                "completed-with-errors",
                "Completed with errors",
                "A batch that was processed, but has events in error. Correct them and submit it again.",
            ),
            topic(
                "batch-types",
                "Types of batches",
                "Rating: charges new events. Re-rate: rates processed events again by the rates of now, and credits what was charged before. Reverse and replace: takes processed events back with opposite events, and may bring corrected ones in their place. A wrong price or rate asks for a re-rating, an event that should not be there for a reversal.",
            ),
            topic(
                "reverse-and-replace",
                "Reverse and replace",
                "The type of a batch that holds reversals of processed events.",
            ),
            topic(
                "rating",
                "Rating",
                "Works out an event\u{2019}s charges from its quantity, product, date and price.",
            ),
            topic(
                "pre-rated",
                "Pre-rated",
                "An event that arrives with its charges, so that nothing is worked out.",
            ),
            topic(
                "lock-for-review",
                "Lock for review",
                "Nobody changes the batch\u{2019}s events until it is unlocked or submitted.",
            ),
            topic("submit", "Submit", "Hands the batch to rating. This cannot be undone, only reversed."),
        ],
    ),
    (
        "Month-end",
        &[
            topic(
                "month",
                "What counts into a month",
                "The events that began in it. A month begins and ends at midnight by the clock of the time zone beside it, so another zone can move the first and last hours of usage into another month. A reversal counts in the month of the usage that it takes back.",
            ),
            topic(
                "closed-period",
                "Closed period",
                "A month whose books are closed. No event that began in it is added, changed, re-rated, reversed or deleted, whatever the way, until an administrator reopens it. A month can be closed once it is over and none of its events is under way.",
            ),
            topic(
                "approval",
                "Approval, four eyes",
                "The agreement of a second person to a submission or a purge that a rule asks it for. It is for one content and one use: any change of the content makes it void. Whoever asked, or made or changed any of the content, cannot give it. Administrators need it too.",
            ),
            topic(
                "gross",
                "Gross of an approval",
                "Amounts without their signs, added up: 100 billed and 100 taken back are 200 gross. By that limits of approvals go.",
            ),
        ],
    ),
    (
        "Amounts",
        &[
            topic(
                "gross-reversed-net",
                "Gross, reversed and net",
                "Gross is what was billed. Reversed is what reversals took back of it, once they are processed. Net is what remains. Each currency stands by itself: amounts of different currencies are never added.",
            ),
            topic("charge", "Charge", "One amount of one event, in one currency."),
            topic("billed-amount", "Billed amount", "What the charges of a processed event come to."),
            topic(
                "charged-not-processed",
                "Charged, not processed",
                "What the charges of events come to that are not processed yet, such as pre-rated ones.",
            ),
            topic(
                "expected-amount",
                "Expected amount",
                "What rating would charge by the rates known now. An estimate: the bill decides.",
            ),
            topic(
                "allowance",
                "Allowance",
                "A quantity that a subscription includes in a period, at no charge.",
            ),
            topic(
                "covered-by-allowances",
                "Covered by allowances",
                "The part of an amount that allowances cover, so that it is not charged.",
            ),
            topic(
                "value-at-risk",
                "Value at risk",
                "What events in error are charged, and what rating is expected to charge for them: it is not billed while they are in error.",
            ),
            topic(
                "mapped-unit",
                "Mapped unit",
                "A unit that the product\u{2019}s price list can be reached from by a known conversion.",
            ),
            topic(
                "reversal",
                "Reversal",
                "A new event with the opposite quantity and amounts of a processed one, in a reversal batch. Amounts move when that batch is submitted and processed. Nothing is deleted: the original and its reversal both stay, linked to each other. Only a processed event that is not reversed yet, in a period that is open, can be reversed.",
            ),
            topic(
                "re-rating",
                "Re-rating",
                "Rates processed events again, in a batch of their own, and credits what was charged before.",
            ),
        ],
    ),
    (
        "Changes",
        &[
            topic(
                "change-states",
                "States of a change",
                "Saving: on its way, or waiting to be sent. In doubt: sent, and the answer was lost; a reading finds out whether it was done. Conflict: somebody else changed the same field meanwhile. Refused: the system said no, and what you typed is kept. Saved: the system has confirmed it.",
            ),
            topic(
                "saving",
                "Saving, or waiting to be sent",
                "On its way to the system, or waiting for its turn or for the network. It is kept on this computer until then.",
            ),
            topic(
                "in-doubt",
                "In doubt",
                "Sent, and the answer was lost. A reading finds out whether it was done. What must not happen twice, such as a reversal, is not sent again by itself.",
            ),
            topic(
                "conflict",
                "Conflict",
                "Somebody else changed the same field after you read it. Nothing of theirs is overwritten and nothing of yours is lost until you decide: keep yours, take theirs, or type another value. Changes of different fields are merged, and you are told.",
            ),
            topic("refused", "Refused", "The system said no. What you typed is kept, with the reason."),
            topic(
                "version",
                "Version",
                "The state of a record that a change is based on. The system refuses a change that is based on an older one.",
            ),
        ],
    ),
    (
        "Import",
        &[
            topic(
                "delivered-again",
                "The same file again, and rows that are equal",
                "Each row becomes one event, however often its file comes. An event takes its number from the file; where the file has none, the number follows from everything the row says except its amounts and quantities. So the same file brings nothing new, and a corrected file shows which rows it changes. Rows of one file that are equal are events of their own: two are two, the file again brings none, and a file with three brings one more.",
            ),
            topic(
                "number-of-a-row",
                "Number of a row",
                "An event takes its number from the file. Where the file has none, the number follows from everything the row says except its amounts and quantities. So the same file imported again brings nothing new.",
            ),
            topic(
                "rows-that-are-alike",
                "Rows that are alike",
                "Rows of one file that differ at most in amounts and quantities are events of their own, numbered in the order of the file.",
            ),
            topic(
                "there-already",
                "There already",
                "An event with the number of the row exists. With the same values nothing is sent. With other values the row is not imported, and both values are shown. \u{201c}Correct events\u{2026}\u{201d} gives the events the values of the file, where they may be changed; what is processed is reversed instead.",
            ),
            topic(
                "loaded-already",
                "Loaded already",
                "Where a file has no numbers, the same usage can be on the server under other ones: entered by hand, or from a file that says more of each row. The check counts the events between the first and the last start of the file, so that you can compare before you import.",
            ),
            topic(
                "control-totals",
                "Control totals",
                "What the rows of the file come to in each currency. Readable and refused rows together are the file.",
            ),
        ],
    ),
    (
        "Base buckets and service usage",
        &[
            topic(
                "base-bucket",
                "Base bucket",
                "An allowance or counter of LogiSense that usage is added up in.",
            ),
            topic(
                "service-usage-event",
                "Service usage event",
                "A record of Cloud Foundry that a service instance was made, changed or deleted.",
            ),
            topic(
                "interval",
                "Interval",
                "The time that a service instance ran, from the event that made it to the event that deleted it. Intervals follow from every event together, so they are shown once all are loaded. A start or a stop without its other half is found and not counted.",
            ),
            topic(
                "purge-and-reseed",
                "Purge and reseed",
                "Deletes every service usage event and writes a new first one for each instance that runs. It cannot be undone, so a copy of every event is saved and checked first. Only an administrator of the platform does it.",
            ),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::super::topic;
    use super::*;
    use std::collections::BTreeSet;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn each_topic_has_an_address_and_each_mark_a_topic() {
        let all: Vec<_> = TOPICS.iter().flat_map(|(_, topics)| topics.iter()).collect();
        let ids: BTreeSet<_> = all.iter().map(|topic| topic.id).collect();
        assert_eq!(ids.len(), all.len());
        let is_plain = |id: &str| id.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'-');
        assert!(ids.iter().all(|id| is_plain(id)), "{ids:?}");
        assert!(topic::ALL.iter().all(|id| ids.contains(id)));
    }
}
