//! What the words on the screens mean.

use crate::features::page_head::PageHead;
use leptos::prelude::*;

/// A term, and its meaning.
type Terms = &'static [(&'static str, &'static str)];

const GLOSSARY: &[(&str, Terms)] = &[
    (
        "Usage events",
        &[
            ("Usage event", "What somebody used, how much of it and when. It is rated into charges."),
            ("Usage event batch", "Events that are corrected, approved and processed together."),
            (
                "Draft",
                "A batch in which events and rules can be changed, or an event that is not to be rated yet.",
            ),
            (
                "Ready for processing",
                "The status with which an event is rated at the next submission of its batch.",
            ),
            ("On hold", "Kept out of rating until somebody sets it to Ready for processing."),
            ("In process", "Rating works on it. Nothing can be changed until it is done."),
            ("Error", "Rating could not charge the event. Its message says why, and what to do."),
            ("Processed", "Rated: its charges stand, and it is changed only by a reversal or a re-rating."),
            (
                "Processed, to be re-rated",
                "In a re-rating batch that is not processed yet: its charges stand as they are until then.",
            ),
            (
                "Processed, reversal pending",
                "Its reversal is in a batch that is not processed yet: its charges stand as they are until then.",
            ),
            ("Reversed", "A reversal has been processed: the event and its reversal net to zero."),
            (
                "Completed with errors",
                "A batch that was processed, but has events in error. Correct them and submit it again.",
            ),
            ("Reverse and replace", "The type of a batch that holds reversals of processed events."),
            ("Rating", "Works out an event\u{2019}s charges from its quantity, product, date and price."),
            ("Pre-rated", "An event that arrives with its charges, so that nothing is worked out."),
            (
                "Lock for review",
                "Nobody changes the batch\u{2019}s events until it is unlocked or submitted.",
            ),
            ("Submit", "Hands the batch to rating. This cannot be undone, only reversed."),
            (
                "Closed period",
                "A month whose books are closed: no event that began in it changes until an administrator reopens it.",
            ),
            (
                "Approval",
                "The agreement of a second person to a submission or a purge that a rule asks it for. It is for one content and one use; whoever asked, or made or changed any of the content, cannot give it.",
            ),
            (
                "Gross",
                "Amounts without their signs, added up: 100 billed and 100 taken back are 200 gross. By that limits of approvals go.",
            ),
        ],
    ),
    (
        "Amounts",
        &[
            ("Charge", "One amount of one event, in one currency."),
            ("Billed amount", "What the charges of a processed event come to."),
            (
                "Charged, not processed",
                "What the charges of events come to that are not processed yet, such as pre-rated ones.",
            ),
            (
                "Expected amount",
                "What rating would charge by the rates known now. An estimate: the bill decides.",
            ),
            ("Allowance", "A quantity that a subscription includes in a period, at no charge."),
            (
                "Covered by allowances",
                "The part of an amount that allowances cover, so that it is not charged.",
            ),
            (
                "Value at risk",
                "What events in error are charged, and what rating is expected to charge for them: it is not billed while they are in error.",
            ),
            (
                "Mapped unit",
                "A unit that the product\u{2019}s price list can be reached from by a known conversion.",
            ),
            (
                "Reversal",
                "An event with the opposite quantity and amounts of another one, which stays as it was.",
            ),
            (
                "Re-rating",
                "Rates processed events again, in a batch of their own, and credits what was charged before.",
            ),
        ],
    ),
    (
        "Changes",
        &[
            (
                "Saving",
                "On its way to the system, or waiting for its turn. It is kept on this computer until then.",
            ),
            ("In doubt", "Sent, and the answer was lost. A reading finds out whether it was done."),
            (
                "Conflict",
                "Somebody else changed the same field meanwhile. Nothing is overwritten until you decide.",
            ),
            ("Refused", "The system said no. What you typed is kept, with the reason."),
            (
                "Version",
                "The state of a record that a change is based on. The system refuses a change that is based on an older one.",
            ),
        ],
    ),
    (
        "Import",
        &[
            (
                "Number of a row",
                "An event takes its number from the file. Where the file has none, the number follows from everything the row says except its amounts and quantities. So the same file imported again brings nothing new.",
            ),
            (
                "Rows that are alike",
                "Rows of one file that differ at most in amounts and quantities are events of their own, numbered in the order of the file.",
            ),
            (
                "There already",
                "An event with the number of the row exists. With the same values nothing is sent. With other values the row is not imported, and both values are shown. \u{201c}Correct events\u{2026}\u{201d} gives the events the values of the file, where they may be changed; what is processed is reversed instead.",
            ),
            (
                "Loaded already",
                "Where a file has no numbers, the same usage can be on the server under other ones: entered by hand, or from a file that says more of each row. The check counts the events between the first and the last start of the file, so that you can compare before you import.",
            ),
            (
                "Control totals",
                "What the rows of the file come to in each currency. Readable and refused rows together are the file.",
            ),
        ],
    ),
    (
        "Base buckets and service usage",
        &[
            ("Base bucket", "An allowance or counter of LogiSense that usage is added up in."),
            (
                "Service usage event",
                "A record of Cloud Foundry that a service instance was made, changed or deleted.",
            ),
            (
                "Purge and reseed",
                "Deletes every service usage event and writes a new first one for each instance that runs.",
            ),
        ],
    ),
];

#[component]
pub fn HelpPage() -> impl IntoView {
    let group = |(title, terms): &(&'static str, Terms)| {
        let terms = terms.iter().map(|(term, meaning)| view! { <dt>{*term}</dt><dd>{*meaning}</dd> });
        view! { <section><h2>{*title}</h2><dl class="glossary">{terms.collect_view()}</dl></section> }
    };
    view! {
        <PageHead title="Glossary" />
        <div class="page-body glossary-page" tabindex="0">{GLOSSARY.iter().map(group).collect_view()}</div>
    }
}
