//! The steps of the tour: a controller's first working day, on the demo's data.

/// One step.
pub struct Step {
    pub title: &'static str,
    pub words: &'static str,
    /// How it is come to from anywhere.
    pub way: Way,
    /// Whether an address shows what it is about.
    pub is_at: fn(&str) -> bool,
    /// What it points at: the first of these that is on the page.
    pub targets: &'static [Target],
    /// What the person does, after which the tour goes on by itself.
    pub done: Done,
}

/// To where a step is done.
#[derive(Clone, Copy)]
pub enum Way {
    Address(&'static str),
    /// What this link of the page leads to.
    Link(&'static str),
    /// It is where the step before it is.
    Here,
}

#[derive(Clone, Copy)]
pub enum Target {
    /// By a selector.
    That(&'static str),
    /// The button of the page whose words begin so.
    Button(&'static str),
}

#[derive(Clone, Copy)]
pub enum Done {
    /// It is only looked at.
    Seen,
    /// This is on the page.
    Shown(&'static str),
    /// This was on the page, and is no more.
    Closed(&'static str),
    /// One change more was made or taken back.
    Changed,
}

use Target::{Button, That};

pub const STEPS: [Step; 10] = [
    Step {
        title: "A month at a glance",
        words: "This line says whether October can be invoiced, and what is still in the way. Each figure is a link to the events that it counts.",
        way: Way::Address("/?month=2026-10&zone=UTC"),
        is_at: |path| path == "/",
        targets: &[That(".verdict"), That(".month-picker")],
        done: Done::Seen,
    },
    Step {
        title: "Errors by cause",
        words: "Rating could not charge these events, so nothing is billed for them. The commonest cause comes first. Choose a number to see its events.",
        way: Way::Address("/?month=2026-10&zone=UTC"),
        is_at: |path| path == "/",
        targets: &[That("section[aria-labelledby=errors-title]")],
        done: Done::Shown(".page [role=grid][aria-label=\"Usage events\"]"),
    },
    Step {
        title: "One event in error",
        words: "Each row is an event with its amount and its error. Open one: press its number, or Enter on its row.",
        way: Way::Address("/events?status=ORA_ERROR"),
        is_at: |path| path.starts_with("/events"),
        targets: &[That(".page [role=grid]")],
        done: Done::Shown(".drawer"),
    },
    Step {
        title: "Correct it",
        words: "The message says what is wrong; the field takes the new value. Save it: it shows at once, and is sent with the version that you read, so that nobody is overwritten.",
        way: Way::Link(".page [role=grid] a[href*=\"/events/\"]"),
        is_at: |path| path.contains("/events/"),
        targets: &[That(".drawer .mend"), That(".drawer")],
        done: Done::Changed,
    },
    Step {
        title: "Take it back",
        words: "Here stands whether all is saved. Ctrl+Z takes your last change back, also after it was saved. If you changed nothing, go on.",
        way: Way::Here,
        is_at: |_| true,
        targets: &[That(".sync-state")],
        done: Done::Changed,
    },
    Step {
        title: "A batch",
        words: "Events are reviewed and submitted in batches. Errors tells the causes and what they are worth, History who changed what and when. Look at Errors.",
        way: Way::Address("/batches/UB-2026-10-TEL"),
        is_at: |path| path.starts_with("/batches/UB-2026-10-TEL"),
        targets: &[That("nav.tabs")],
        done: Done::Shown("nav.tabs a[href$=\"/errors\"][aria-current=page]"),
    },
    Step {
        title: "A reversal, before it is made",
        words: "What is processed is not edited but reversed, or rated again. Choose a row and press Reverse: you see the amounts before anything is made. Then press Cancel.",
        way: Way::Address("/batches/UB-2026-10-TEL?status=ORA_PROCESSED"),
        is_at: |path| path == "/batches/UB-2026-10-TEL",
        targets: &[Button("Reverse"), That(".page [role=grid]")],
        done: Done::Closed("dialog[open][aria-label=\"Reverse events\"]"),
    },
    Step {
        title: "Base buckets",
        words: "The allowances and counters that usage is added up in, of LogiSense. Open one to see its rows, and who uses it.",
        way: Way::Address("/buckets"),
        is_at: |path| path.starts_with("/buckets"),
        targets: &[That(".page [role=grid]")],
        done: Done::Shown(".drawer"),
    },
    Step {
        title: "Service usage",
        words: "What was made, changed and deleted on the platform. Intervals tells how long each service ran. Look at Intervals.",
        way: Way::Address("/service-usage"),
        is_at: |path| path.starts_with("/service-usage"),
        targets: &[That("nav.views")],
        done: Done::Shown("nav.views a[href$=\"/intervals\"][aria-current=page]"),
    },
    Step {
        title: "Everything by its name",
        words: "Ctrl+K finds every screen, every action of the page, and every record by its number. The question mark lists all keys. Press Ctrl+K, look around, and close it with Esc.",
        way: Way::Here,
        is_at: |_| true,
        targets: &[That("[data-commands]")],
        done: Done::Closed("dialog.palette[open]"),
    },
];
