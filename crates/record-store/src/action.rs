//! What a person wants done that must not be done twice: a record created, an action of a record
//! performed (S12). Not here: what an action means; the app names it and carries it out.

use crate::intent::IntentState;
use crate::{Fields, IntentId, Reason, RefusalKind, Stamp, Time};

/// Something to be done once, with what it is to be done with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action<F, V> {
    /// What it is called, for example the name of the resource's action.
    pub name: F,
    pub arguments: Fields<F, V>,
    /// The record comes to be by it. Until the server's key arrives it is known by one that the
    /// app made, and `arguments` are shown as its fields.
    pub creates: bool,
}

/// An action on its way to its one effect.
#[derive(Clone, Debug)]
pub(crate) struct PendingAction<F, V> {
    pub(crate) id: IntentId,
    pub(crate) at: Time,
    /// When the person last sent it off: by asking for it or by trying again.
    pub(crate) sent_off: Stamp,
    pub(crate) sent_off_at: Time,
    pub(crate) action: Action<F, V>,
    /// Never [`IntentState::Conflict`].
    pub(crate) state: IntentState<F>,
    /// When the answer to an attempt was lost; that attempt may yet take effect.
    pub(crate) lost_at: Option<Time>,
    /// What the server said to a later attempt, until a read tells whether the lost one was done.
    pub(crate) refused_with: Option<(RefusalKind, Vec<Reason<F>>)>,
}

impl<F, V> PendingAction<F, V> {
    /// Whether an attempt left and has not been proven done or not done.
    pub(crate) fn is_out(&self) -> bool {
        matches!(self.state, IntentState::Sending { .. } | IntentState::InDoubt)
    }
}
