//! The life of a usage event and of its batch: what may be done with either in which state, and the
//! reason where it may not, in words that finance reads. Nothing here reads or writes anything, so
//! that the server decides by it and the app can say beforehand what will be refused.
//!
//! An event of a closed period stands still: nothing is done to it until the period is open again.
//!
//! The rules follow Oracle's pages "What's New 25A, 25B, 26A" as far as they go; the codes are the
//! demo's (the vendor's are not public), and a code that is not known here is for the server to judge.
//!
//! ```text
//! batch:  DRAFT --lockForReview--> LOCKED --submit--> IN_PROCESS --job--> COMPLETED
//!           ^                        |                    ^    \--job--> COMPLETED_ERRORS
//!           +---------revert---------+                    +------submit------+
//! event:  DRAFT, READY --submit--> IN_PROCESS --job--> PROCESSED or ERROR
//!         ERROR --change--> DRAFT, READY     PROCESSED --reversal processed--> REVERSED
//! ```

use std::fmt;

/// `EventStatus` of a usage event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventStatus {
    Draft,
    Ready,
    OnHold,
    InProcess,
    Processed,
    Error,
    Reversed,
}

/// `BatchStatus` of a usage event batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BatchStatus {
    Draft,
    Locked,
    InProcess,
    Completed,
    CompletedErrors,
}

/// `UsageType` of a usage event batch: what its processing does with its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BatchType {
    Rating,
    Rerate,
    ReverseReplace,
}

impl EventStatus {
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Ready,
        Self::OnHold,
        Self::InProcess,
        Self::Processed,
        Self::Error,
        Self::Reversed,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "ORA_DRAFT",
            Self::Ready => "ORA_READY",
            Self::OnHold => "ORA_ON_HOLD",
            Self::InProcess => "ORA_IN_PROCESS",
            Self::Processed => "ORA_PROCESSED",
            Self::Error => "ORA_ERROR",
            Self::Reversed => "ORA_REVERSED",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Whether submitting its batch hands the event to the rating job. What is on hold or in error
    /// stays where it is.
    pub fn is_submitted(self) -> bool {
        matches!(self, Self::Draft | Self::Ready)
    }

    /// Whether the event is still to be rated, at once or after something else was done to it.
    pub fn waits_for_rating(self) -> bool {
        matches!(self, Self::Draft | Self::Ready | Self::OnHold | Self::Error)
    }
}

impl BatchStatus {
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Locked, Self::InProcess, Self::Completed, Self::CompletedErrors];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "ORA_DRAFT",
            Self::Locked => "ORA_LOCKED",
            Self::InProcess => "ORA_IN_PROCESS",
            Self::Completed => "ORA_COMPLETED",
            Self::CompletedErrors => "ORA_COMPLETED_ERRORS",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl BatchType {
    pub const ALL: [Self; 3] = [Self::Rating, Self::Rerate, Self::ReverseReplace];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Rating => "ORA_RATING",
            Self::Rerate => "ORA_RERATE",
            Self::ReverseReplace => "ORA_REVERSE_REPLACE",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What of an event decides about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventFacts {
    pub status: EventStatus,
    /// `ReverseFlag`. A processed event loses it while an open batch holds it, and for good once it
    /// is reversed; an event that reverses another never has it.
    pub can_be_reversed: bool,
    /// Whether it takes another event back.
    pub is_reversal: bool,
    /// The batch that it is in.
    pub batch_status: BatchStatus,
    /// Whether it began in a period that is closed (`closed_period`).
    pub in_closed_period: bool,
}

/// What of a batch decides about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchFacts {
    pub status: BatchStatus,
    pub batch_type: BatchType,
    pub has_events: bool,
    /// Whether the rating job would find something to do.
    pub has_events_to_rate: bool,
    /// Whether an open re-rating batch holds events that would come back here.
    pub has_lent_events: bool,
    /// Whether one of its events that are not processed, or were added to it, began in a period that is closed.
    pub has_closed_events: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventAction {
    /// Its fields, charges and messages.
    Change,
    Delete,
    /// `reverse`, or being added to a reversal batch.
    Reverse,
    /// Being added to a re-rating batch.
    Rerate,
    /// `deleteEvents` of the batch that it is in: what was added goes back, what was made is deleted.
    TakeOut,
}

impl EventAction {
    pub const ALL: [Self; 5] = [Self::Change, Self::Delete, Self::Reverse, Self::Rerate, Self::TakeOut];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchAction {
    /// Its name, description and business unit.
    Change,
    Delete,
    /// A new usage event in it.
    CreateEvent,
    /// Its selection rules.
    ChangeRules,
    AddEvents,
    DeleteEvents,
    LockForReview,
    Revert,
    Submit,
    /// `BatchStatus` set to in process by hand.
    SubmitByHand,
}

impl BatchAction {
    pub const ALL: [Self; 10] = [
        Self::Change,
        Self::Delete,
        Self::CreateEvent,
        Self::ChangeRules,
        Self::AddEvents,
        Self::DeleteEvents,
        Self::LockForReview,
        Self::Revert,
        Self::Submit,
        Self::SubmitByHand,
    ];

    /// The state that the batch has afterwards, where the action moves it.
    pub fn leads_to(self) -> Option<BatchStatus> {
        match self {
            Self::LockForReview => Some(BatchStatus::Locked),
            Self::Revert => Some(BatchStatus::Draft),
            Self::Submit | Self::SubmitByHand => Some(BatchStatus::InProcess),
            _ => None,
        }
    }
}

/// Why something may not be done. Its text is a whole sentence that names what to do instead, where
/// there is something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    NotInDraftOrError,
    IsReversal,
    BatchLocked,
    BatchInProcess,
    BatchNotCompleted,
    NotProcessed,
    AlreadyReversed,
    HeldByOpenBatch,
    BatchNotDraft,
    BatchNotLocked,
    BatchNotLockedOrWithErrors,
    BatchHasEvents,
    BatchHasLentEvents,
    BatchEmpty,
    NothingToRate,
    RatingBatchTakesNoEvents,
    OnlyRatingByHand,
    ByHandNeedsDraft,
    InClosedPeriod,
    BatchHasClosedEvents,
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotInDraftOrError => {
                "Only events in Draft or Error can be changed; a processed event is corrected by reversing it."
            }
            Self::IsReversal => {
                "This event is a reversal: it repeats another event with the opposite sign. It is neither changed nor reversed."
            }
            Self::BatchLocked => "Its batch is locked for review. Unlock the batch first.",
            Self::BatchInProcess => "Its batch is being processed. Wait until it is completed.",
            Self::BatchNotCompleted => "Its batch is not completed yet.",
            Self::NotProcessed => "Only processed events can be reversed or re-rated.",
            Self::AlreadyReversed => "The event has been reversed already.",
            Self::HeldByOpenBatch => {
                "An open reversal or re-rating batch holds the event. Process that batch, or take the event out of it."
            }
            Self::BatchNotDraft => "Only a batch in Draft takes this. Unlock it first if it is locked for review.",
            Self::BatchNotLocked => "Only a batch that is locked for review can be reverted to Draft.",
            Self::BatchNotLockedOrWithErrors => {
                "Only a batch that is locked for review, or was completed with errors, can be submitted. Lock it for review first."
            }
            Self::BatchHasEvents => "Only a batch in Draft or without events can be deleted.",
            Self::BatchHasLentEvents => {
                "An open re-rating batch holds events of this one. Process that batch, or take the events out of it."
            }
            Self::BatchEmpty => "The batch has no events. Add some first.",
            Self::NothingToRate => {
                "None of the batch's events is ready to be processed. Correct the events in Error and set their status to Ready for processing first."
            }
            Self::RatingBatchTakesNoEvents => {
                "A rating batch takes new events only. Rated events are added to a re-rating or a reversal batch."
            }
            Self::OnlyRatingByHand => {
                "Only a rating batch can be handed to the rating job by its status; lock the batch for review and submit it."
            }
            Self::ByHandNeedsDraft => {
                "Only a batch in Draft, or one completed with errors, can be handed to the rating job by its status."
            }
            Self::InClosedPeriod => {
                "The event began in a closed period. Nothing in it can change until an administrator reopens the period on the overview."
            }
            Self::BatchHasClosedEvents => {
                "Events of the batch that are still to be processed began in a closed period. An administrator can reopen the period on the overview."
            }
        })
    }
}

/// Whether the action may be done with the event.
pub fn event_action(facts: EventFacts, action: EventAction) -> Result<(), Reason> {
    use EventStatus::{Draft, Error, InProcess, Processed, Reversed};
    let open = matches!(facts.status, Draft | Error);
    match action {
        _ if facts.in_closed_period => Err(Reason::InClosedPeriod),
        EventAction::Change if !open => Err(Reason::NotInDraftOrError),
        EventAction::Change if facts.is_reversal => Err(Reason::IsReversal),
        EventAction::Change | EventAction::Delete if facts.batch_status == BatchStatus::Locked => {
            Err(Reason::BatchLocked)
        }
        EventAction::Change => Ok(()),
        EventAction::Delete if !open => Err(Reason::NotInDraftOrError),
        EventAction::Delete if facts.batch_status == BatchStatus::InProcess => Err(Reason::BatchInProcess),
        EventAction::Delete => Ok(()),
        EventAction::Reverse | EventAction::Rerate => match (facts.status, facts.batch_status) {
            (Reversed, _) => Err(Reason::AlreadyReversed),
            (InProcess, _) => Err(Reason::BatchInProcess),
            (Processed, _) if facts.is_reversal => Err(Reason::IsReversal),
            (Processed, BatchStatus::InProcess) => Err(Reason::BatchInProcess),
            (Processed, _) if !facts.can_be_reversed => Err(Reason::HeldByOpenBatch),
            (Processed, BatchStatus::Locked) => Err(Reason::BatchLocked),
            (Processed, BatchStatus::Draft) => Err(Reason::BatchNotCompleted),
            (Processed, BatchStatus::Completed | BatchStatus::CompletedErrors) => Ok(()),
            _ => Err(Reason::NotProcessed),
        },
        EventAction::TakeOut if facts.batch_status != BatchStatus::Draft => Err(Reason::BatchNotDraft),
        // Processed events are in a draft batch only because they were added to it.
        EventAction::TakeOut if open || facts.status == Processed => Ok(()),
        EventAction::TakeOut => Err(Reason::NotInDraftOrError),
    }
}

/// Whether the action may be done with the batch.
pub fn batch_action(facts: BatchFacts, action: BatchAction) -> Result<(), Reason> {
    use BatchStatus::{Completed, CompletedErrors, Draft, InProcess, Locked};
    match action {
        BatchAction::Change => Ok(()),
        BatchAction::Delete if facts.has_lent_events => Err(Reason::BatchHasLentEvents),
        BatchAction::Delete | BatchAction::Submit | BatchAction::SubmitByHand if facts.has_closed_events => {
            Err(Reason::BatchHasClosedEvents)
        }
        BatchAction::Delete if facts.status == Draft || !facts.has_events => Ok(()),
        BatchAction::Delete => Err(Reason::BatchHasEvents),
        BatchAction::AddEvents if facts.batch_type == BatchType::Rating => {
            Err(Reason::RatingBatchTakesNoEvents)
        }
        BatchAction::CreateEvent
        | BatchAction::ChangeRules
        | BatchAction::AddEvents
        | BatchAction::DeleteEvents
        | BatchAction::LockForReview
            if facts.status != Draft =>
        {
            Err(Reason::BatchNotDraft)
        }
        BatchAction::DeleteEvents | BatchAction::LockForReview if !facts.has_events => {
            Err(Reason::BatchEmpty)
        }
        BatchAction::CreateEvent
        | BatchAction::ChangeRules
        | BatchAction::AddEvents
        | BatchAction::DeleteEvents
        | BatchAction::LockForReview => Ok(()),
        BatchAction::Revert if facts.status == Locked => Ok(()),
        BatchAction::Revert => Err(Reason::BatchNotLocked),
        BatchAction::SubmitByHand if facts.batch_type != BatchType::Rating => Err(Reason::OnlyRatingByHand),
        BatchAction::Submit | BatchAction::SubmitByHand => match (facts.status, action) {
            (Locked, BatchAction::Submit) | (Draft, BatchAction::SubmitByHand) => Ok(()),
            (CompletedErrors, _) if facts.has_events_to_rate => Ok(()),
            (CompletedErrors, _) => Err(Reason::NothingToRate),
            (Draft | InProcess | Completed, BatchAction::Submit) => Err(Reason::BatchNotLockedOrWithErrors),
            _ => Err(Reason::ByHandNeedsDraft),
        },
    }
}

/// The state in which the rating job leaves a batch whose events have these states. An event whose
/// re-rating failed stays processed at its old amounts, so that failure is told apart.
pub fn completed(events: impl IntoIterator<Item = EventStatus>, some_failed: bool) -> BatchStatus {
    let left = |status| matches!(status, EventStatus::Draft | EventStatus::Ready | EventStatus::Error);
    if some_failed || events.into_iter().any(left) {
        BatchStatus::CompletedErrors
    } else {
        BatchStatus::Completed
    }
}
