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
use super::usage_event::EventPage;

/// Between the last press and the call; time to see what one did.
const COUNTDOWN_SECONDS: i64 = 10;
/// No event may be younger than this: what is being made or deleted now could be counted twice or
/// never.
pub const QUIET_SECONDS: i64 = 300;
/// A purge that cannot be seen is given up no sooner: its call may still be on the way.
pub const GIVEN_UP_AFTER_SECONDS: i64 = 60;
/// A browser's clock may be off by so much. One that is off by more is set right first: what a person
/// reads on the page would be of another time than what the platform does.
const CLOCK_TOLERANCE_SECONDS: i64 = 60;

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
pub struct SavedCopy {
    pub file: String,
    pub events: usize,
    /// Of the file's bytes, in hexadecimal digits.
    pub sha256: String,
    /// The last of the list.
    pub newest: Option<NewestEvent>,
    /// The latest time of an event. The last of the list may be of a little earlier.
    pub newest_at: Option<i64>,
}

/// What the platform shows beyond the copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether the copy's newest event is still there.
    pub copy_stands: bool,
    /// Events that came after the copy was made; none where the answer does not say or contradicts itself.
    pub since_copy: Option<usize>,
    /// Events in all; none for the same reasons.
    pub events: Option<usize>,
    /// When the newest event of all was made, in seconds since 1970.
    pub newest_at: Option<i64>,
    /// What the two clocks showed; nothing where the platform's answer does not tell its time. Ages are
    /// told by the platform's own.
    pub clocks: Option<Clocks>,
}

impl Look {
    /// At a list that is no longer the one that was copied.
    pub fn without_the_copy() -> Self {
        Self { copy_stands: false, since_copy: None, events: None, newest_at: None, clocks: None }
    }

    /// `since` is a page of the events after the copy's newest one, `latest` one of all, the newest first.
    pub fn of(since: &EventPage<'_>, latest: &EventPage<'_>, clocks: Option<Clocks>) -> Self {
        let newest = latest.read_events().into_iter().next().filter(|event| event.fault().is_none());
        Self {
            copy_stands: true,
            since_copy: since.count().ok(),
            events: latest.count().ok(),
            newest_at: newest.map(|event| event.created_at),
            clocks,
        }
    }

    /// The clocks, if nothing bars a purge of what was copied. The look is not believed where it does not
    /// agree with the copy: what a purge would destroy is not known then.
    fn quiet(&self, copy: &SavedCopy) -> Result<Clocks, Unquiet> {
        if !self.copy_stands {
            return Err(Unquiet::CopyGone);
        }
        let (Some(since_copy), Some(events)) = (self.since_copy, self.events) else {
            return Err(Unquiet::Contradiction);
        };
        // One that was written late stands before the copy's newest one, and only the count tells of it.
        match since_copy.max(events.saturating_sub(copy.events)) {
            0 if events < copy.events => return Err(Unquiet::CopyGone),
            0 if self.newest_at != copy.newest_at => return Err(Unquiet::Contradiction),
            0 => {}
            came => return Err(Unquiet::Came(came)),
        }
        let clocks = self.clocks.ok_or(Unquiet::NoClock)?;
        let ahead = clocks.browser_ahead();
        if ahead.saturating_abs() > CLOCK_TOLERANCE_SECONDS {
            return Err(Unquiet::ClockOff { ahead });
        }
        match self.newest_at {
            Some(newest_at) if newest_at.saturating_add(QUIET_SECONDS) > clocks.platform => {
                Err(Unquiet::Young { newest_at, now: clocks.platform })
            }
            _ => Ok(clocks),
        }
    }
}

/// Why the platform is not purged now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unquiet {
    NoAnswer,
    /// Events that were copied are gone.
    CopyGone,
    /// So many events are there that were not copied.
    Came(usize),
    /// The answers do not agree with each other or with the copy, or leave out what was asked.
    Contradiction,
    /// The platform's answer does not tell its time.
    NoClock,
    /// The browser's clock is so many seconds ahead of the platform's.
    ClockOff {
        ahead: i64,
    },
    /// An event was made a moment ago, by the platform's clock.
    Young {
        newest_at: i64,
        now: i64,
    },
}

/// The platform's clock and the browser's at one moment, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    pub platform: i64,
    pub browser: i64,
}

impl Clocks {
    /// How far the browser's clock is ahead of the platform's.
    fn browser_ahead(self) -> i64 {
        self.browser.saturating_sub(self.platform)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PurgeStep {
    Start,
    Blocked(Bar),
    /// A copy is being made.
    Copying,
    CopyFailed,
    /// The copy was given to the person to be saved; the saved file is awaited. `unlike` says in what
    /// a file that was chosen differs from it.
    Copied {
        copy: SavedCopy,
        unlike: Option<&'static str>,
    },
    ReadingBack(SavedCopy),
    /// The copy was read back and is whole; the person looks at what would be lost.
    Proven(SavedCopy),
    Looking(SavedCopy),
    /// The platform is not quiet, or changed since the copy was made, or did not answer.
    NotQuiet {
        copy: SavedCopy,
        why: Unquiet,
    },
    Naming {
        copy: SavedCopy,
        /// Whether a name was typed that is not the target's.
        is_other: bool,
    },
    Counting {
        copy: SavedCopy,
        ends_at: i64,
    },
    /// The countdown is over; the platform is looked at once more.
    LastLook(SavedCopy),
    Marking(PurgeMarker),
    /// The call is under way.
    Sending(PurgeMarker),
    /// No answer came, or none that decides.
    InDoubt(PurgeMarker),
    /// What is there now is being read.
    Reading(PurgeMarker),
    /// Read, and nothing of a purge is to be seen yet. `read_at` is when that was, on the platform's clock.
    NotSeen {
        marker: PurgeMarker,
        read_at: Option<i64>,
    },
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
    /// `at` and the ticks that follow are of one clock, whichever it is.
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
    GiveUp,
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
    Copied(SavedCopy),
    CopyFailed,
    ReadBack {
        events: usize,
        sha256: String,
    },
    ReadBackFailed,
    Looked(Look),
    LookFailed,
    MarkerWritten,
    MarkerFailed,
    /// The platform says that it is done.
    Accepted,
    /// The platform says that it did nothing.
    Refused(String),
    /// Anything else, or nothing.
    Lost,
    /// What was read, and when on the platform's clock, where it told.
    Read(PurgeSign, Option<i64>),
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
    stage: PurgeStep,
    ticket: u64,
}

impl Procedure {
    /// `target` is the name that the person will have to type.
    pub fn new(target: String) -> Self {
        Self { target, stage: PurgeStep::Start, ticket: 0 }
    }

    /// Goes on from a marker that an earlier page left: the purge was sent, its outcome is not known.
    pub fn resume(marker: PurgeMarker) -> (Self, Command) {
        let mut procedure = Self::new(marker.target.clone());
        let command = procedure.order(PurgeStep::Reading(marker), Order::Read);
        (procedure, command)
    }

    pub fn stage(&self) -> &PurgeStep {
        &self.stage
    }

    pub fn target(&self) -> &str {
        &self.target
    }

    fn order(&mut self, stage: PurgeStep, order: Order) -> Command {
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
                PurgeStep::Start | PurgeStep::Cancelled | PurgeStep::Blocked(_) | PurgeStep::Refused(_),
                Input::Begin { role, claim },
            ) => self.begin(role, claim),
            (PurgeStep::CopyFailed, Input::LookAgain) => Some(self.order(PurgeStep::Copying, Order::Copy)),
            (PurgeStep::Copied { copy, .. }, Input::FileChosen) => {
                Some(self.order(PurgeStep::ReadingBack(copy), Order::ReadBack))
            }
            (PurgeStep::Proven(copy), Input::Acknowledge)
            | (PurgeStep::NotQuiet { copy, .. }, Input::LookAgain) => {
                let newest = copy.newest.clone();
                Some(self.order(PurgeStep::Looking(copy), Order::Look(newest)))
            }
            (PurgeStep::Naming { copy, .. }, Input::Confirm { typed, at }) => {
                self.stage = if typed.trim() == self.target {
                    PurgeStep::Counting { copy, ends_at: at.saturating_add(COUNTDOWN_SECONDS) }
                } else {
                    PurgeStep::Naming { copy, is_other: true }
                };
                None
            }
            (PurgeStep::Counting { copy, ends_at }, Input::Tick { at }) if at >= ends_at => {
                let newest = copy.newest.clone();
                Some(self.order(PurgeStep::LastLook(copy), Order::Look(newest)))
            }
            (PurgeStep::InDoubt(marker) | PurgeStep::NotSeen { marker, .. }, Input::ReadAgain) => {
                Some(self.order(PurgeStep::Reading(marker), Order::Read))
            }
            (stage @ PurgeStep::NotSeen { .. }, Input::GiveUp) if stage.may_be_given_up() => {
                Some(self.order(PurgeStep::Start, Order::Release))
            }
            (PurgeStep::Done { .. }, Input::Finish) => Some(self.order(PurgeStep::Start, Order::Release)),
            (stage, Input::Cancel) if stage.may_be_cancelled() => {
                Some(self.order(PurgeStep::Cancelled, Order::Release))
            }
            _ => None,
        }
    }

    fn begin(&mut self, role: PlatformRole, claim: TabClaim) -> Option<Command> {
        let bar = match (role.blocked_from_purging(), claim) {
            (Some(reason), _) => Some(Bar::Role(reason)),
            (None, TabClaim::Taken) => Some(Bar::OtherTab),
            (None, TabClaim::Unavailable) => Some(Bar::NoTabClaim),
            (None, TabClaim::Held) => None,
        };
        if let Some(bar) = bar {
            self.stage = PurgeStep::Blocked(bar);
            return None;
        }
        Some(self.order(PurgeStep::Copying, Order::Copy))
    }

    fn take_answer(&mut self, stage: PurgeStep, answer: Answer) -> Option<Command> {
        self.stage = match (stage, answer) {
            (PurgeStep::Copying, Answer::Copied(copy)) => PurgeStep::Copied { copy, unlike: None },
            (PurgeStep::Copying, Answer::CopyFailed) => PurgeStep::CopyFailed,
            (PurgeStep::ReadingBack(copy), Answer::ReadBack { events, sha256 }) => {
                if events != copy.events {
                    PurgeStep::Copied { copy, unlike: Some("it holds another number of events") }
                } else if sha256 != copy.sha256 {
                    PurgeStep::Copied { copy, unlike: Some("its bytes differ") }
                } else {
                    PurgeStep::Proven(copy)
                }
            }
            (PurgeStep::ReadingBack(copy), Answer::ReadBackFailed) => {
                PurgeStep::Copied { copy, unlike: Some("it cannot be read as a copy of events") }
            }
            (PurgeStep::Looking(copy), Answer::Looked(look)) => match look.quiet(&copy) {
                Ok(_) => PurgeStep::Naming { copy, is_other: false },
                Err(why) => PurgeStep::NotQuiet { copy, why },
            },
            (PurgeStep::LastLook(copy), Answer::Looked(look)) => match look.quiet(&copy) {
                Ok(clocks) => {
                    let marker = PurgeMarker {
                        target: self.target.clone(),
                        sent_at: clocks.platform,
                        sent_at_here: Some(clocks.browser),
                        newest: copy.newest,
                        events: copy.events,
                        sha256: copy.sha256,
                    };
                    return Some(self.order(PurgeStep::Marking(marker.clone()), Order::WriteMarker(marker)));
                }
                Err(why) => PurgeStep::NotQuiet { copy, why },
            },
            (PurgeStep::Looking(copy) | PurgeStep::LastLook(copy), Answer::LookFailed) => {
                PurgeStep::NotQuiet { copy, why: Unquiet::NoAnswer }
            }
            (PurgeStep::Marking(marker), Answer::MarkerWritten) => {
                return Some(self.order(PurgeStep::Sending(marker), Order::Post));
            }
            (PurgeStep::Marking(_), Answer::MarkerFailed) => {
                let reason =
                    "This browser could not write down that a purge is being sent, so it was not sent.";
                return Some(self.order(PurgeStep::Refused(reason.to_owned()), Order::Release));
            }
            (PurgeStep::Sending(marker), Answer::Accepted) => {
                return Some(self.order(PurgeStep::Reading(marker), Order::Read));
            }
            (PurgeStep::Sending(_), Answer::Refused(reason)) => {
                return Some(self.order(PurgeStep::Refused(reason), Order::Release));
            }
            (PurgeStep::Sending(marker), Answer::Lost) | (PurgeStep::Reading(marker), Answer::ReadFailed) => {
                PurgeStep::InDoubt(marker)
            }
            (PurgeStep::Reading(marker), Answer::Read(PurgeSign::NotSeen, read_at)) => {
                PurgeStep::NotSeen { marker, read_at }
            }
            (PurgeStep::Reading(marker), Answer::Read(sign, _)) => PurgeStep::Done { marker, sign },
            (stage, _) => stage,
        };
        None
    }
}

impl PurgeStep {
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
            | Self::Blocked(_)
            | Self::Marking(_)
            | Self::Sending(_)
            | Self::InDoubt(_)
            | Self::Reading(_)
            | Self::NotSeen { .. }
            | Self::Refused(_)
            | Self::Done { .. }
            | Self::Cancelled => false,
        }
    }

    /// Whether a purge that cannot be seen was looked for long enough after it was sent.
    pub fn may_be_given_up(&self) -> bool {
        match self {
            Self::NotSeen { marker, read_at: Some(read_at) } => {
                *read_at >= marker.sent_at.saturating_add(GIVEN_UP_AFTER_SECONDS)
            }
            _ => false,
        }
    }

    /// What was sent, from the marker on.
    pub fn sent(&self) -> Option<&PurgeMarker> {
        match self {
            Self::Sending(marker)
            | Self::InDoubt(marker)
            | Self::Reading(marker)
            | Self::NotSeen { marker, .. }
            | Self::Done { marker, .. } => Some(marker),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
