//! The sign-in page, and the same form over the app when a session has run out.
//!
//! Not here: what a session is (`data::session`), and credentials (`api`).

mod form;
mod page;
mod provider;

pub use page::{AnsweredElsewhere, SessionDialog, SignInPage};
