//! What a person is told once: merged, in conflict, refused, in doubt.

use super::{FieldName, OperationStatus, RecordSync};
use crate::api::{RecordKey, System};
use grid_model::{Tone, visible};
use leptos::prelude::*;
use record_store::{Content, IntentId, Notice};
use rest_contract::oracle::action::{Action, CHANGE_TOGETHER, REVERSE};

/// A short notice, shown until it is closed or has stood long enough to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    pub id: u64,
    pub tone: Tone,
    pub text: String,
    /// The address of what it is about. It then stands until it is closed: it is all that is left of a text.
    pub way_back: Option<String>,
}

/// A text that was typed and cannot be saved, when the place where it was typed went.
pub struct UnsavedText {
    /// Where it was typed: a field and its record.
    pub place: String,
    pub text: String,
    pub reason: String,
    /// Where the record is shown.
    pub address: String,
}

/// The notices on screen, and the word that the session has ended.
#[derive(Clone, Copy)]
pub struct NoticeBoard {
    pub toasts: RwSignal<Vec<Toast>>,
    /// The system of which the store's last call found that the session has ended, and how often one did.
    pub session_ends: RwSignal<(u64, Option<System>)>,
    next: StoredValue<u64>,
}

/// Older notices make room: a wall of them is read by nobody.
const MOST_TOASTS: usize = 4;

impl NoticeBoard {
    pub fn new() -> Self {
        Self {
            toasts: RwSignal::new(Vec::new()),
            session_ends: RwSignal::new((0, None)),
            next: StoredValue::new(0),
        }
    }

    pub fn notify(&self, tone: Tone, text: String) {
        self.post(tone, text, None);
    }

    pub fn tell_unsaved(&self, unsaved: UnsavedText) {
        let UnsavedText { place, text, reason, address } = unsaved;
        let words = format!("{place}: what you typed, \u{201c}{text}\u{201d}, is not saved. {reason}");
        self.post(Tone::Warn, words, Some(address));
    }

    fn post(&self, tone: Tone, text: String, way_back: Option<String>) {
        let id = self.next.try_update_value(|next| {
            *next += 1;
            *next
        });
        let toast = Toast { id: id.unwrap_or_default(), tone, text: visible(&text).into_owned(), way_back };
        self.toasts.update(|toasts| {
            toasts.retain(|other| other.text != toast.text);
            toasts.push(toast);
            let surplus = toasts.len().saturating_sub(MOST_TOASTS);
            toasts.drain(..surplus);
        });
    }

    /// Nothing of it is for the next person.
    pub fn clear(&self) {
        self.toasts.set(Vec::new());
    }

    pub fn close(&self, id: u64) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    }

    pub fn session_ended(&self, system: System) {
        self.session_ends.update(|(times, which)| {
            *times += 1;
            *which = Some(system);
        });
    }
}

impl RecordSync {
    /// The action that an intent is, if it is one.
    pub(super) fn action_of(&self, intent: IntentId) -> Option<&'static Action> {
        self.with_log(|log| match &log.entry(intent)?.persisted.content {
            Content::Action(asked) => Action::named(asked.name),
            Content::Edit(_) => None,
        })
    }

    /// A base bucket by its own name, where it is known.
    fn billing_name(&self, key: &RecordKey) -> String {
        let name = self.with_view(key, |view| view?.shown(&"name")?.as_text().map(str::to_owned));
        match name {
            Some(name) => format!("Base bucket \u{201c}{name}\u{201d}"),
            None => key.bucket_title().unwrap_or_else(|| key.name()),
        }
    }

    pub(super) fn announce(&self, notice: &Notice<RecordKey, FieldName>) {
        self.note_reversal(notice);
        // Of a change to many records one notice tells the end.
        if let Notice::Merged { intent, .. }
        | Notice::Conflicted { intent, .. }
        | Notice::Refused { intent, .. }
        | Notice::InDoubt { intent, .. }
        | Notice::StillSending { intent, .. } = notice
            && self.inner.with_value(|inner| inner.operations.is_bulk(*intent))
        {
            return;
        }
        let name = |key: &RecordKey| match key.event_name() {
            None if key.resource.is_billing() => self.billing_name(key),
            Some(event) if event != key.name() => format!("{} of event {event}", key.name()),
            Some(event) => format!("Event {event}"),
            None => format!("Batch {}", key.name()),
        };
        let titles = |key: &RecordKey, fields: &[FieldName]| {
            let schema = key.resource.schema();
            let titles: Vec<_> =
                fields.iter().map(|field| schema.field(field).map_or(*field, |f| f.title)).collect();
            titles.join(", ")
        };
        let (tone, text) = match notice {
            Notice::Settled { intent, key } if self.action_of(*intent).is_none() => {
                return self.remember_saved(*intent, key);
            }
            Notice::Settled { intent, key } => {
                self.actions_done.update(|times| *times += 1);
                match self.action_of(*intent) {
                    None => return,
                    Some(action) if is_told_elsewhere(action) => return,
                    Some(action) => (Tone::Ok, format!("{} {}.", name(key), action.done)),
                }
            }
            Notice::Created { intent, as_key, .. } => {
                self.inner.update_value(|inner| {
                    inner.created.insert(*intent, as_key.clone());
                });
                self.batch_was_made(*intent, as_key);
                return;
            }
            Notice::Discarded { .. } => return,
            Notice::Merged { key, fields, .. } => {
                let theirs: Vec<_> = fields.iter().copied().filter(|field| !is_bookkeeping(field)).collect();
                if theirs.is_empty() {
                    return;
                }
                (
                    Tone::Info,
                    format!(
                        "{}: someone else changed {} meanwhile. Both changes are kept.",
                        name(key),
                        titles(key, &theirs)
                    ),
                )
            }
            Notice::Conflicted { key, fields, .. } => (
                Tone::Bad,
                format!(
                    "{}: someone else changed {} too. Open it to decide.",
                    name(key),
                    titles(key, fields)
                ),
            ),
            Notice::Refused { intent, key } if self.action_of(*intent).is_some() => {
                let Some(action) = self.action_of(*intent).filter(|action| !is_told_elsewhere(action)) else {
                    return;
                };
                let OperationStatus::Refused(words) = untrack(|| self.operation_status(*intent)) else {
                    return;
                };
                (Tone::Bad, format!("{}: {} was refused. {words}", name(key), action.title))
            }
            Notice::Refused { key, .. } => {
                (Tone::Bad, format!("{}: the server refused a change. What you typed is kept.", name(key)))
            }
            Notice::InDoubt { key, .. } => (
                Tone::Warn,
                format!(
                    "{}: a change was sent and not confirmed. Checking what the server holds.",
                    name(key)
                ),
            ),
            Notice::StillSending { key, .. } => (
                Tone::Warn,
                format!("{}: the change is being sent and can no longer be taken back.", name(key)),
            ),
            Notice::Gone { key } => (Tone::Warn, format!("{} no longer exists on the server.", name(key))),
        };
        self.notices.notify(tone, text);
    }
}

/// What was done to many at once is told by the screen that asked for it, one by one.
fn is_told_elsewhere(action: &Action) -> bool {
    *action == REVERSE || *action == CHANGE_TOGETHER
}

/// Fields that change with every write, whoever made it and whatever else it changed.
fn is_bookkeeping(field: &str) -> bool {
    matches!(field, "LastUpdateDate" | "LastUpdateLogin" | "LastUpdatedBy" | "ObjectVersionNumber")
}
