//! What changes records: writing, deleting, actions.

pub(super) mod actions;
pub(super) mod approval_rule;
pub(super) mod change;
pub(super) mod change_rules;
pub(super) mod create;
pub(super) mod creation_rules;
pub(super) mod delete;
pub(super) mod enclosure;
pub(super) mod new_approval;
pub(super) mod preview;
pub(super) mod second_person;
pub(super) mod submission;
