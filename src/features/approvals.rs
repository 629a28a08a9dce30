//! Acts that need a second person: which rules are in force, and what stands before an act that needs one.
//!
//! Not here: the rules themselves and what an approval is for (`rest_contract::oracle::approval`), and deciding about
//! approvals (`pages::approvals`).

mod second_person;
mod words;

pub use second_person::second_person_part;
pub use words::{act_words, amounts_list};

use crate::api::{FailureKind, System};
use crate::data::session::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::approval::RuleKind;

/// The kinds of rules in force, as they were read last; a handle. It ends with the session.
#[derive(Clone, Copy)]
pub struct KnownRules(RwSignal<Known>);

#[derive(Clone, Debug, Default, PartialEq)]
enum Known {
    #[default]
    Unread,
    /// The system asks for no approvals at all.
    Absent,
    Kinds(Vec<RuleKind>),
}

impl KnownRules {
    /// Reads them now and after each new sign-in.
    pub fn follow(session: Session) -> Self {
        let rules = Self(RwSignal::new(if System::Oracle.exists() { Known::Unread } else { Known::Absent }));
        Effect::new(move || {
            session.renewed.track();
            untrack(|| rules.read(session));
        });
        rules
    }

    /// Reads them again: somebody may have changed them meanwhile. Where that fails, what is known stays.
    pub fn read(self, session: Session) {
        if self.is_absent() {
            return;
        }
        spawn_local(async move {
            let known = match session.client.approval_rules().await {
                Ok(kinds) => Known::Kinds(kinds),
                Err(failure) if failure.kind == FailureKind::NotFound => Known::Absent,
                Err(failure) => {
                    return leptos::logging::warn!("approval rules not read: {}", failure.title());
                }
            };
            if self.0.try_with_untracked(|before| *before != known) == Some(true) {
                self.0.set(known);
            }
        });
    }

    /// Whether any rule is known to be in force.
    pub fn any(self) -> bool {
        self.0.with(|known| matches!(known, Known::Kinds(kinds) if !kinds.is_empty()))
    }

    /// Whether the system asks for no approvals at all. Not tracked.
    pub fn is_absent(self) -> bool {
        self.0.with_untracked(|known| *known == Known::Absent)
    }

    /// Whether reversals above a number are known to need a second person.
    pub fn counts_reversals(self) -> bool {
        self.0.with(
            |known| matches!(known, Known::Kinds(kinds) if kinds.iter().any(|kind| *kind != RuleKind::Purge)),
        )
    }
}
