//! The store in numbers, for the header and the status line.

/// Whether the server still knows who is asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Session {
    #[default]
    Active,
    Expired,
}

/// How many proposals stand where, and whether anything can be sent.
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
    /// Proposals that will end without the person: to be sent, sent, or being looked up.
    pub fn unfinished(&self) -> usize {
        self.pending + self.sending + self.in_doubt
    }
}
