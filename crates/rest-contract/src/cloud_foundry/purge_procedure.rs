//! The one path to a purge, as a state machine: what a person does and what calls bring goes in, what
//! is to be done comes out. [`Order::Post`] comes out of one place only, which no input reaches
//! without every step before it; and whatever was sent once is decided by reading, never by sending
//! again.
//!
//! Every order bears a ticket. An answer to any other order than the latest changes nothing, so
//! nothing that was asked for in an earlier try can carry a later one on.

use super::after_report::PurgeSign;
use super::platform_role::PlatformRole;
use super::purge_marker::{NewestEvent, PurgeMarker};

/// Between the last press and the call; time to see what one did.
pub const COUNTDOWN_SECONDS: i64 = 10;
/// No event may be younger than this: what is being made or deleted now could be counted twice or
/// never.
pub const QUIET_SECONDS: i64 = 300;
/// A purge that cannot be seen is given up no sooner: its call may still be on the way.
pub const GIVEN_UP_AFTER_SECONDS: i64 = 60;

/// Whether this tab alone is in the procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabClaim {
    Held,
    /// Another tab of this browser is in it.
    Taken,
    /// The browser cannot tell, which it can only where the page came over a secure connection.
    Unavailable,
}

/// Why the procedure does not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    Role(&'static str),
    OtherTab,
    NoTabClaim,
}

/// A copy of every event, saved as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptCopy {
    pub file: String,
    pub events: usize,
    /// Of the file's bytes, in hexadecimal digits.
    pub sha256: String,
    pub newest: Option<NewestEvent>,
}

/// What the platform shows beyond the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Events that came after the copy was made.
    pub since_copy: usize,
    /// When the newest event of all was made, in seconds since 1970.
    pub newest_at: Option<i64>,
    /// Whether the copy's newest event is still there.
    pub copy_stands: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    Start,
    Barred(Bar),
    /// A copy is being made.
    Copying,
    CopyFailed,
    /// The copy was given to the person to be saved; the saved file is awaited. `unlike` says in what
    /// a file that was chosen differs from it.
    Copied {
        copy: KeptCopy,
        unlike: Option<&'static str>,
    },
    ReadingBack(KeptCopy),
    /// The copy was read back and is whole; the person looks at what would be lost.
    Proven(KeptCopy),
    Looking(KeptCopy),
    /// The platform is not quiet, or changed since the copy was made, or did not answer.
    NotQuiet {
        copy: KeptCopy,
        look: Option<Look>,
    },
    Naming {
        copy: KeptCopy,
        /// Whether a name was typed that is not the target's.
        is_other: bool,
    },
    Counting {
        copy: KeptCopy,
        ends_at: i64,
    },
    /// The countdown is over; the platform is looked at once more.
    LastLook(KeptCopy),
    Marking(PurgeMarker),
    /// The call is under way.
    Sending(PurgeMarker),
    /// No answer came, or none that decides.
    InDoubt(PurgeMarker),
    /// What is there now is being read.
    Reading(PurgeMarker),
    /// Read, and nothing of a purge is to be seen yet.
    NotSeen(PurgeMarker),
    /// The platform did not do it and says so, or the marker could not be written.
    Refused(String),
    Done {
        marker: PurgeMarker,
        sign: PurgeSign,
    },
    Cancelled,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Begin {
        role: PlatformRole,
        claim: TabClaim,
    },
    /// The person chose a file that should be the copy.
    FileChosen,
    Acknowledge,
    /// Look at the platform again.
    LookAgain,
    Confirm {
        typed: String,
        at: i64,
    },
    Tick {
        at: i64,
    },
    Cancel,
    /// Read again what is there now.
    ReadAgain,
    /// Nothing was seen for long enough: the procedure may begin anew.
    GiveUp {
        at: i64,
    },
    /// The receipt is saved, or not wanted.
    Finish,
    Answered {
        ticket: u64,
        answer: Answer,
    },
}

/// What came of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Copied(KeptCopy),
    CopyFailed,
    ReadBack {
        events: usize,
        sha256: String,
    },
    ReadBackFailed,
    Looked(Look, i64),
    LookFailed,
    MarkerWritten,
    MarkerFailed,
    /// The platform says that it is done.
    Accepted,
    /// The platform says that it did nothing.
    Refused(String),
    /// Anything else, or nothing.
    Lost,
    Read(PurgeSign),
    ReadFailed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Copy,
    ReadBack,
    Look(Option<NewestEvent>),
    WriteMarker(PurgeMarker),
    Post,
    Read,
    /// Forget the marker and let other tabs in.
    Release,
}

/// Something to be done; its answer must bear the same ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub ticket: u64,
    pub order: Order,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    target: String,
    stage: Stage,
    ticket: u64,
}

impl Procedure {
    /// `target` is the name that the person will have to type.
    pub fn new(target: String) -> Self {
        Self { target, stage: Stage::Start, ticket: 0 }
    }

    /// Goes on from a marker that an earlier page left: the purge was sent, its outcome is not known.
    pub fn resume(marker: PurgeMarker) -> (Self, Command) {
        let mut procedure = Self::new(marker.target.clone());
        let command = procedure.order(Stage::Reading(marker), Order::Read);
        (procedure, command)
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    pub fn target(&self) -> &str {
        &self.target
    }

    fn order(&mut self, stage: Stage, order: Order) -> Command {
        self.stage = stage;
        self.ticket += 1;
        Command { ticket: self.ticket, order }
    }

    /// Takes an input and says what is to be done; what does not fit the stage changes nothing.
    pub fn take(&mut self, input: Input) -> Option<Command> {
        match (self.stage.clone(), input) {
            (_, Input::Answered { ticket, .. }) if ticket != self.ticket => None,
            (stage, Input::Answered { answer, .. }) => self.take_answer(stage, answer),
            (
                Stage::Start | Stage::Cancelled | Stage::Barred(_) | Stage::Refused(_),
                Input::Begin { role, claim },
            ) => self.begin(role, claim),
            (Stage::CopyFailed, Input::LookAgain) => Some(self.order(Stage::Copying, Order::Copy)),
            (Stage::Copied { copy, .. }, Input::FileChosen) => {
                Some(self.order(Stage::ReadingBack(copy), Order::ReadBack))
            }
            (Stage::Proven(copy), Input::Acknowledge) | (Stage::NotQuiet { copy, .. }, Input::LookAgain) => {
                let newest = copy.newest.clone();
                Some(self.order(Stage::Looking(copy), Order::Look(newest)))
            }
            (Stage::Naming { copy, .. }, Input::Confirm { typed, at }) => {
                self.stage = if typed.trim() == self.target {
                    Stage::Counting { copy, ends_at: at + COUNTDOWN_SECONDS }
                } else {
                    Stage::Naming { copy, is_other: true }
                };
                None
            }
            (Stage::Counting { copy, ends_at }, Input::Tick { at }) if at >= ends_at => {
                let newest = copy.newest.clone();
                Some(self.order(Stage::LastLook(copy), Order::Look(newest)))
            }
            (Stage::InDoubt(marker) | Stage::NotSeen(marker), Input::ReadAgain) => {
                Some(self.order(Stage::Reading(marker), Order::Read))
            }
            (Stage::NotSeen(marker), Input::GiveUp { at })
                if at >= marker.sent_at + GIVEN_UP_AFTER_SECONDS =>
            {
                Some(self.order(Stage::Start, Order::Release))
            }
            (Stage::Done { .. }, Input::Finish) => Some(self.order(Stage::Start, Order::Release)),
            (stage, Input::Cancel) if stage.may_be_cancelled() => {
                Some(self.order(Stage::Cancelled, Order::Release))
            }
            _ => None,
        }
    }

    fn begin(&mut self, role: PlatformRole, claim: TabClaim) -> Option<Command> {
        let bar = match (role.barred_from_purging(), claim) {
            (Some(reason), _) => Some(Bar::Role(reason)),
            (None, TabClaim::Taken) => Some(Bar::OtherTab),
            (None, TabClaim::Unavailable) => Some(Bar::NoTabClaim),
            (None, TabClaim::Held) => None,
        };
        if let Some(bar) = bar {
            self.stage = Stage::Barred(bar);
            return None;
        }
        Some(self.order(Stage::Copying, Order::Copy))
    }

    fn take_answer(&mut self, stage: Stage, answer: Answer) -> Option<Command> {
        self.stage = match (stage, answer) {
            (Stage::Copying, Answer::Copied(copy)) => Stage::Copied { copy, unlike: None },
            (Stage::Copying, Answer::CopyFailed) => Stage::CopyFailed,
            (Stage::ReadingBack(copy), Answer::ReadBack { events, sha256 }) => {
                if events != copy.events {
                    Stage::Copied { copy, unlike: Some("it holds another number of events") }
                } else if sha256 != copy.sha256 {
                    Stage::Copied { copy, unlike: Some("its bytes differ") }
                } else {
                    Stage::Proven(copy)
                }
            }
            (Stage::ReadingBack(copy), Answer::ReadBackFailed) => {
                Stage::Copied { copy, unlike: Some("it cannot be read as a copy of events") }
            }
            (Stage::Looking(copy), Answer::Looked(look, now)) if is_quiet(&look, now) => {
                Stage::Naming { copy, is_other: false }
            }
            (Stage::LastLook(copy), Answer::Looked(look, now)) if is_quiet(&look, now) => {
                let marker = PurgeMarker {
                    target: self.target.clone(),
                    sent_at: now,
                    newest: copy.newest,
                    events: copy.events,
                    sha256: copy.sha256,
                };
                return Some(self.order(Stage::Marking(marker.clone()), Order::WriteMarker(marker)));
            }
            (Stage::Looking(copy) | Stage::LastLook(copy), Answer::Looked(look, _)) => {
                Stage::NotQuiet { copy, look: Some(look) }
            }
            (Stage::Looking(copy) | Stage::LastLook(copy), Answer::LookFailed) => {
                Stage::NotQuiet { copy, look: None }
            }
            (Stage::Marking(marker), Answer::MarkerWritten) => {
                return Some(self.order(Stage::Sending(marker), Order::Post));
            }
            (Stage::Marking(_), Answer::MarkerFailed) => {
                let reason =
                    "This browser could not write down that a purge is being sent, so it was not sent.";
                return Some(self.order(Stage::Refused(reason.to_owned()), Order::Release));
            }
            (Stage::Sending(marker), Answer::Accepted) => {
                return Some(self.order(Stage::Reading(marker), Order::Read));
            }
            (Stage::Sending(_), Answer::Refused(reason)) => {
                return Some(self.order(Stage::Refused(reason), Order::Release));
            }
            (Stage::Sending(marker), Answer::Lost) | (Stage::Reading(marker), Answer::ReadFailed) => {
                Stage::InDoubt(marker)
            }
            (Stage::Reading(marker), Answer::Read(PurgeSign::NotSeen)) => Stage::NotSeen(marker),
            (Stage::Reading(marker), Answer::Read(sign)) => Stage::Done { marker, sign },
            (stage, _) => stage,
        };
        None
    }
}

fn is_quiet(look: &Look, now: i64) -> bool {
    look.since_copy == 0
        && look.copy_stands
        && look.newest_at.is_none_or(|newest| newest + QUIET_SECONDS <= now)
}

impl Stage {
    /// Whether nothing was sent yet and something is under way.
    pub fn may_be_cancelled(&self) -> bool {
        match self {
            Self::Copying
            | Self::CopyFailed
            | Self::Copied { .. }
            | Self::ReadingBack(_)
            | Self::Proven(_)
            | Self::Looking(_)
            | Self::NotQuiet { .. }
            | Self::Naming { .. }
            | Self::Counting { .. }
            | Self::LastLook(_) => true,
            Self::Start
            | Self::Barred(_)
            | Self::Marking(_)
            | Self::Sending(_)
            | Self::InDoubt(_)
            | Self::Reading(_)
            | Self::NotSeen(_)
            | Self::Refused(_)
            | Self::Done { .. }
            | Self::Cancelled => false,
        }
    }

    /// What was sent, from the marker on.
    pub fn sent(&self) -> Option<&PurgeMarker> {
        match self {
            Self::Sending(marker)
            | Self::InDoubt(marker)
            | Self::Reading(marker)
            | Self::NotSeen(marker)
            | Self::Done { marker, .. } => Some(marker),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
