//! Four eyes: acts that need a second person, and the approvals by which one agrees (`usageApprovals` and
//! `usageApprovalRules`, the demo server's own).
//!
//! Rules say which acts need a second person; without a rule none does. One that is lifted stays in force for
//! `ADD_UP_HOURS`, so that nobody takes a rule away, does the act and puts it back. An approval is for one content
//! (`content`): which records in which versions, which amounts, under which rules. Its digest is what the second
//! person saw. The server makes the content anew when it is approved and again at the act, and takes the approval for
//! that very content alone, once.
//!
//! ```text
//! REQUESTED --approve--> APPROVED --the act--> SPENT
//!     |  \--refuse--> REFUSED  |
//!     +------withdraw----------+--> WITHDRAWN
//!     +------any change of the content, by whomever--> STALE
//! ```
//!
//! Not here: who somebody is, and what an act comes to (the server's part).

mod answers;
mod content;
mod rules;

pub use answers::{Approval, Standing, Waiting, Weighed, WeighedAmount};
pub use content::{Content, Difference};
pub use rules::{ADD_UP_HOURS, Earlier, Need, RuleKind, Rules};

use super::{field, large, text};
use crate::schema::Access::{CreateOnly, ReadOnly, Version};
use crate::schema::Kind::{DateTime, Decimal, Int32, Int64};
use crate::schema::Schema;
use std::fmt;

pub static APPROVAL: Schema = Schema {
    resource: "usageApprovals",
    key: "ApprovalNumber",
    fields: &[
        text("ActedBy", 64, ReadOnly, "Done by"),
        field("ActedDate", DateTime, ReadOnly, "Done"),
        text("ActionCode", 30, CreateOnly, "Action"),
        field("ApprovalId", Int64, ReadOnly, "Approval identifier"),
        text("ApprovalNumber", 120, ReadOnly, "Approval"),
        text("AskedByAccount", 255, ReadOnly, "Account of who asked"),
        text("BatchNumber", 120, CreateOnly, "Batch"),
        large("Content", ReadOnly, "Content"),
        text("ContentDigest", 64, CreateOnly, "Digest of the content"),
        text("ContentMark", 240, ReadOnly, "Mark of the content"),
        text("CreatedBy", 64, ReadOnly, "Asked by"),
        field("CreationDate", DateTime, ReadOnly, "Asked"),
        text("DecidedBy", 64, ReadOnly, "Decided by"),
        text("DecidedByAccount", 255, ReadOnly, "Account of who decided"),
        field("DecidedDate", DateTime, ReadOnly, "Decided"),
        text("DecisionReason", 1000, ReadOnly, "Reason"),
        field("EventCount", Int64, ReadOnly, "Events"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        text("Note", 1000, CreateOnly, "Note"),
        field("ObjectVersionNumber", Int32, Version, "Version"),
        text("State", 30, ReadOnly, "State"),
        field("UsageBatchId", Int64, ReadOnly, "Batch identifier"),
    ],
    children: &[],
};

pub static APPROVAL_RULE: Schema = Schema {
    resource: "usageApprovalRules",
    key: "RuleName",
    fields: &[
        field("AmountLimit", Decimal, CreateOnly, "Amount above which it applies"),
        field("ApprovalRuleId", Int64, CreateOnly, "Rule identifier"),
        field("CountLimit", Int64, CreateOnly, "Number above which it applies"),
        text("CreatedBy", 64, ReadOnly, "Made by"),
        field("CreationDate", DateTime, ReadOnly, "Made"),
        text("CurrencyCode", 15, CreateOnly, "Currency"),
        field("EndDate", DateTime, ReadOnly, "In force until"),
        field("LastUpdateDate", DateTime, ReadOnly, "Last changed"),
        text("LastUpdateLogin", 32, ReadOnly, "Last change session"),
        text("LastUpdatedBy", 64, ReadOnly, "Last changed by"),
        field("ObjectVersionNumber", Int32, Version, "Version"),
        text("RuleKind", 30, CreateOnly, "Kind"),
        text("RuleName", 120, CreateOnly, "Rule"),
    ],
    children: &[],
};

/// What is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Handing a batch that rates or re-rates to the rating job, by action or by status.
    Submit,
    /// The same of a batch of reversals: only then does a reversal have its effect.
    Reverse,
    /// Purging and reseeding the service usage events of Cloud Foundry.
    Purge,
}

impl Act {
    pub const ALL: [Self; 3] = [Self::Submit, Self::Reverse, Self::Purge];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Submit => "SUBMIT",
            Self::Reverse => "REVERSE",
            Self::Purge => "PURGE",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Where an approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApprovalState {
    Requested,
    Approved,
    Refused,
    Withdrawn,
    /// The act was done by it.
    Spent,
    /// Its content has changed since it was asked for; never good again.
    Stale,
}

impl ApprovalState {
    pub const ALL: [Self; 6] =
        [Self::Requested, Self::Approved, Self::Refused, Self::Withdrawn, Self::Spent, Self::Stale];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "REQUESTED",
            Self::Approved => "APPROVED",
            Self::Refused => "REFUSED",
            Self::Withdrawn => "WITHDRAWN",
            Self::Spent => "SPENT",
            Self::Stale => "STALE",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// In words, as the state stands on screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Requested => "Waiting for approval",
            Self::Approved => "Approved",
            Self::Refused => "Refused",
            Self::Withdrawn => "Withdrawn",
            Self::Spent => "Used",
            Self::Stale => "Out of date",
        }
    }
}

/// What a person does about an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Approve,
    Refuse,
    Withdraw,
}

impl Step {
    pub const ALL: [Self; 3] = [Self::Approve, Self::Refuse, Self::Withdraw];

    /// The name of the action on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    pub fn leads_to(self) -> ApprovalState {
        match self {
            Self::Approve => ApprovalState::Approved,
            Self::Refuse => ApprovalState::Refused,
            Self::Withdraw => ApprovalState::Withdrawn,
        }
    }
}

/// Who takes a step, seen from the approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub asked: bool,
    /// Made or changed a record of the content.
    pub changed: bool,
    /// Of a record of the content it is not known who made or changed it.
    pub changer_is_unknown: bool,
    /// They have an account and who asked or changed something has none, or the other way round: nothing tells whether
    /// they are two people.
    pub by_another_sign_in: bool,
}

/// Why a step is not taken. Its text is a whole sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    OwnRequest,
    OwnContent,
    UnknownChanger,
    OtherSignIn,
    NotTheAsker,
    Decided(ApprovalState),
    OutOfDate,
}

impl fmt::Display for Barred {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::OwnRequest => "You asked for this approval. Another person decides about it.",
            Self::OwnContent => {
                "You made or changed a record of the content. Somebody who did not decides about it."
            }
            Self::UnknownChanger => {
                "It is not known who made or changed a record of the content, so nobody is known to be a second person."
            }
            Self::OtherSignIn => {
                "You signed in another way than a person who asked for it or changed a record of the content, so it is not known whether you are somebody else. Somebody who signs in the same way decides about it."
            }
            Self::NotTheAsker => "Only the person who asked can withdraw it.",
            Self::Decided(ApprovalState::Spent) => "The approval has been used already.",
            Self::Decided(ApprovalState::Approved) => "It has been approved already.",
            Self::Decided(ApprovalState::Refused) => "It has been refused already. Ask again.",
            Self::Decided(_) => "It has been withdrawn.",
            Self::OutOfDate => "The content has changed since the approval was asked for. Ask again.",
        })
    }
}

/// Whether the person may take the step. Nobody's role matters here: administrators are barred like everybody.
pub fn may(step: Step, state: ApprovalState, who: Part) -> Result<(), Barred> {
    use ApprovalState::{Approved, Requested, Stale};
    match (step, state) {
        (Step::Withdraw, _) if !who.asked => Err(Barred::NotTheAsker),
        (Step::Approve | Step::Refuse, _) if who.asked => Err(Barred::OwnRequest),
        (Step::Withdraw, Requested | Approved | Stale) => Ok(()),
        (Step::Approve | Step::Refuse, Stale) => Err(Barred::OutOfDate),
        (Step::Approve, Requested) if who.changer_is_unknown => Err(Barred::UnknownChanger),
        (Step::Approve, Requested) if who.changed => Err(Barred::OwnContent),
        (Step::Approve, Requested) if who.by_another_sign_in => Err(Barred::OtherSignIn),
        (Step::Approve | Step::Refuse, Requested) => Ok(()),
        (_, decided) => Err(Barred::Decided(decided)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back_to_what_they_are_of() {
        assert!(Act::ALL.into_iter().all(|one| Act::of(one.code()) == Some(one)));
        assert!(ApprovalState::ALL.into_iter().all(|one| ApprovalState::of(one.code()) == Some(one)));
        assert!(Step::ALL.into_iter().all(|one| Step::named(one.name()) == Some(one)));
        assert_eq!(Act::of("DELETE"), None);
    }

    #[test]
    fn only_somebody_who_neither_asked_nor_changed_anything_approves_and_only_what_waits() {
        let who = |asked, changed| Part { asked, changed, ..Part::default() };
        assert_eq!(may(Step::Approve, ApprovalState::Requested, who(false, false)), Ok(()));
        assert_eq!(may(Step::Approve, ApprovalState::Requested, who(true, false)), Err(Barred::OwnRequest));
        assert_eq!(may(Step::Approve, ApprovalState::Requested, who(false, true)), Err(Barred::OwnContent));
        let unknown = Part { changer_is_unknown: true, ..Part::default() };
        assert_eq!(may(Step::Approve, ApprovalState::Requested, unknown), Err(Barred::UnknownChanger));
        let otherwise = Part { by_another_sign_in: true, ..Part::default() };
        assert_eq!(may(Step::Approve, ApprovalState::Requested, otherwise), Err(Barred::OtherSignIn));
        assert_eq!(may(Step::Refuse, ApprovalState::Requested, otherwise), Ok(()));
        assert_eq!(may(Step::Approve, ApprovalState::Stale, who(false, false)), Err(Barred::OutOfDate));
        for state in
            [ApprovalState::Approved, ApprovalState::Refused, ApprovalState::Withdrawn, ApprovalState::Spent]
        {
            assert_eq!(may(Step::Approve, state, who(false, false)), Err(Barred::Decided(state)));
        }
    }

    #[test]
    fn whoever_changed_the_content_may_refuse_it_and_only_the_asker_withdraws() {
        let changed = Part { changed: true, ..Part::default() };
        assert_eq!(may(Step::Refuse, ApprovalState::Requested, changed), Ok(()));
        let asked = Part { asked: true, ..Part::default() };
        for state in [ApprovalState::Requested, ApprovalState::Approved, ApprovalState::Stale] {
            assert_eq!(may(Step::Withdraw, state, asked), Ok(()));
            assert_eq!(may(Step::Withdraw, state, Part::default()), Err(Barred::NotTheAsker));
        }
        let spent = ApprovalState::Spent;
        assert_eq!(may(Step::Withdraw, spent, asked), Err(Barred::Decided(spent)));
    }
}
