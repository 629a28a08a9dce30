//! What kind of status a code is. Codes and their meanings come from the server's lists of values;
//! this table only says how the console treats a code that it knows. One that it does not know is
//! shown as it is.

use grid_model::Tone;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusClass {
    /// Being prepared; may be changed.
    Draft,
    /// Needs a person; may be changed.
    Error,
    /// Waiting for the rating process or held for enrichment.
    Waiting,
    /// In the hands of a process.
    Working,
    Done,
    /// Taken back by a reversal.
    Reversed,
    Unknown,
}

/// Codes of events and batches by class; Oracle publishes the names of the lists, not the codes.
const CLASSES: &[(&str, StatusClass)] = &[
    ("ORA_DRAFT", StatusClass::Draft),
    ("ORA_READY", StatusClass::Waiting),
    ("ORA_ON_HOLD", StatusClass::Waiting),
    ("ORA_LOCKED", StatusClass::Waiting),
    ("ORA_IN_PROCESS", StatusClass::Working),
    ("ORA_PROCESSED", StatusClass::Done),
    ("ORA_COMPLETED", StatusClass::Done),
    ("ORA_ERROR", StatusClass::Error),
    ("ORA_COMPLETED_ERRORS", StatusClass::Error),
    ("ORA_REVERSED", StatusClass::Reversed),
];

pub fn class_of(code: &str) -> StatusClass {
    CLASSES.iter().find(|(known, _)| *known == code).map_or(StatusClass::Unknown, |(_, class)| *class)
}

impl StatusClass {
    /// The codes of a class, for a filter.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        CLASSES.iter().filter(move |(_, class)| *class == self).map(|(code, _)| *code)
    }

    pub fn tone(self) -> Tone {
        match self {
            Self::Draft | Self::Waiting => Tone::Info,
            Self::Working => Tone::Warn,
            Self::Done => Tone::Ok,
            Self::Error => Tone::Bad,
            Self::Reversed | Self::Unknown => Tone::Quiet,
        }
    }

    /// Whether an event of this class may be changed.
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Error)
    }

    /// Whether a person may put an event into this class by hand.
    pub fn can_be_set(self) -> bool {
        matches!(self, Self::Draft | Self::Waiting)
    }
}
