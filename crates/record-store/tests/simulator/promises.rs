//! What must hold: after every step for the tab that acted and for its browser (`step`), and for
//! everyone when all is quiet (`quiet`).

mod quiet;
mod step;

pub(crate) use quiet::when_quiet;
pub(crate) use step::{after_a_step, between_tabs, what_is_not_on_disk_is_told};
