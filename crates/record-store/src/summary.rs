//! The store in numbers, for the header and the status line.

use crate::intent::IntentState;

/// Whether the server still knows who is asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Session {
    #[default]
    Active,
    Expired,
}

/// How many intents stand where, and whether anything can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Proposed and not yet sent.
    pub pending: usize,
    pub sending: usize,
    pub in_doubt: usize,
    pub conflicts: usize,
    pub refused: usize,
    pub online: bool,
    pub session: Session,
}

impl Summary {
    /// Nothing proposed, online and signed in.
    pub(crate) const EMPTY: Self = Self {
        pending: 0,
        sending: 0,
        in_doubt: 0,
        conflicts: 0,
        refused: 0,
        online: true,
        session: Session::Active,
    };

    /// Proposals that will end without the person: to be sent, sent, or being looked up.
    pub fn unfinished(&self) -> usize {
        self.pending + self.sending + self.in_doubt
    }

    /// The count that a proposal in this state belongs to.
    fn place<F>(&mut self, state: &IntentState<F>) -> &mut usize {
        match state {
            IntentState::Waiting => &mut self.pending,
            IntentState::Sending { .. } => &mut self.sending,
            IntentState::InDoubt => &mut self.in_doubt,
            IntentState::Conflict => &mut self.conflicts,
            IntentState::Refused { .. } => &mut self.refused,
        }
    }

    pub(crate) fn count_in<'a, F: 'a>(&mut self, states: impl Iterator<Item = &'a IntentState<F>>) {
        for state in states {
            *self.place(state) += 1;
        }
    }

    /// Takes out what was counted in for the same intents before they changed.
    pub(crate) fn count_out<'a, F: 'a>(&mut self, states: impl Iterator<Item = &'a IntentState<F>>) {
        for state in states {
            let count = self.place(state);
            *count = count.saturating_sub(1);
        }
    }
}
