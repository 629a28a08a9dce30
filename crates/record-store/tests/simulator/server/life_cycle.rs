//! The life cycle of a record: which step leads from where to where, what is offered, and by what a step
//! is known afterwards. Not here: what becomes of the record (see `server`).

use super::{Field, TheAction};

/// What `Status` says: draft --lock--> locked --submit--> in process --the server's job--> completed
/// with errors, from where it is submitted again; and locked --revert--> draft.
pub(super) const DRAFT: i64 = 0;
pub(super) const LOCKED: i64 = 1;
pub(super) const IN_PROCESS: i64 = 2;
pub(super) const COMPLETED: i64 = 3;

/// Whether the server's own rule lets an attempt at it happen only once. Nothing guards the others:
/// every execution of them counts.
pub(crate) fn is_guarded(action: &TheAction) -> bool {
    !matches!(action.name, Field::Add | Field::Purge)
}

/// From which state and into which an action moves a record, if that is what it does.
pub(super) fn step_from(action: Field, status: i64) -> Option<i64> {
    match (action, status) {
        (Field::Lock, DRAFT) => Some(LOCKED),
        (Field::Revert, LOCKED) => Some(DRAFT),
        (Field::Submit, LOCKED | COMPLETED) => Some(IN_PROCESS),
        _ => None,
    }
}

/// Steps of the life cycle.
pub(crate) fn is_step(action: Field) -> bool {
    matches!(action, Field::Lock | Field::Revert | Field::Submit)
}

/// What a person is offered to do with a record in this state.
pub(crate) fn offered(status: i64) -> &'static [Field] {
    match status {
        DRAFT => &[Field::Add, Field::Add, Field::Reverse, Field::Lock],
        LOCKED => &[Field::Reverse, Field::Revert, Field::Revert, Field::Submit],
        COMPLETED => &[Field::Reverse, Field::Submit],
        _ => &[Field::Reverse],
    }
}

/// By what a step of the life cycle is to be known afterwards: the record as it was seen when the
/// person asked.
pub(crate) fn was_seen(action: &TheAction) -> impl Iterator<Item = (Field, i64)> {
    let seen = [Field::Status, Field::Processed].into_iter();
    seen.map(|field| (field, action.arguments.get(&field).copied().unwrap_or_default()))
}
