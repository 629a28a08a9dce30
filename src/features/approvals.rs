//! Acts that need a second person: which rules are in force, and what stands before an act that needs one.
//!
//! Not here: the rules themselves and what an approval is for (`rest_contract::oracle::approval`), and deciding about
//! approvals (`pages::approvals`).

mod second_person;
mod waiting;
mod words;

pub use waiting::waiting_part;
pub use words::{act_words, amounts_list, rules_list};

use crate::api::{FailureKind, System};
use crate::data::session::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::approval::{APPROVAL_RULE, RuleKind};
use second_person::second_person_part;

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
    pub fn new() -> Self {
        Self(RwSignal::new(if System::Oracle.exists() { Known::Unread } else { Known::Absent }))
    }

    /// Reads them now and after each new sign-in, as long as the component stands that it is called in.
    pub fn follow(self, session: Session) {
        Effect::new(move || {
            session.renewed.track();
            untrack(|| self.read(session));
        });
    }

    /// Reads them again: somebody may have changed them meanwhile. Where that fails, what is known stays.
    pub fn read(self, session: Session) {
        if self.is_absent() {
            return;
        }
        spawn_local(async move {
            let known = match session.lookups.members(APPROVAL_RULE.resource, "RuleKind").await {
                Ok(kinds) => Known::Kinds(kinds.iter().filter_map(|kind| RuleKind::of(kind)).collect()),
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

    fn is_absent(self) -> bool {
        self.0.with_untracked(|known| *known == Known::Absent)
    }

    /// Whether reversals above a number are known to need a second person.
    pub fn counts_reversals(self) -> bool {
        self.0.with(
            |known| matches!(known, Known::Kinds(kinds) if kinds.iter().any(|kind| *kind != RuleKind::Purge)),
        )
    }
}

/// What stands before an act that may need a second person: nothing where no rule is known. `may` says whether the act
/// can be done, once that is known. The act is the submission of a batch, or the purge where none is named.
pub fn before_act(session: Session, batch: Option<String>, may: RwSignal<Option<bool>>) -> impl IntoView {
    let rules = expect_context::<KnownRules>();
    // Nothing waits for it where no rule is known, and one that came meanwhile is known in a moment.
    rules.read(session);
    let any = Memo::new(move |_| rules.any());
    Effect::new(move || may.set(if any.get() { None } else { Some(true) }));
    move || any.get().then(|| second_person_part::view(session, batch.clone(), may))
}
