//! A record's fields, each read or edited in place, and what stands between the person's change and the
//! server's. Used by the drawers of events and base buckets and by a batch's own fields.

mod cell_mark;
mod conflict_card;
mod field;

pub use cell_mark::cell_mark;
pub use conflict_card::{ConflictCards, ConflictDrafts};
pub use field::{BEFORE_CORRECTION, RecordField, with_edit_context};
