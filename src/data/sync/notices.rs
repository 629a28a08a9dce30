//! What a person is told once: merged, in conflict, refused, in doubt.

use super::change_log::ChangeStatus;
use super::operations::OperationId;
use super::reversing::ReversalId;
use super::{FieldName, OperationStatus, RecordSync};
use crate::api::{RecordKey, System};
use grid_model::{Tone, visible};
use leptos::prelude::*;
use record_store::{Content, IntentId, Mark, Notice};
use rest_contract::is_blank;
use rest_contract::oracle::action::{Action, CHANGE_TOGETHER, DELETE, REVERSE};
use std::sync::Arc;
use std::time::Duration;

/// A short notice, shown until it is closed, what it tells of is past, or it has stood long enough to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    pub id: u64,
    pub tone: Tone,
    pub text: String,
    pub way: Option<Way>,
    about: Option<Fact>,
    /// It stands until what it tells of is past.
    is_held: bool,
}

type IsTold = Arc<dyn Fn(&Posted) -> bool + Send + Sync>;

/// Where a notice leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// To the record that it is about.
    Record(RecordKey),
    /// Back to where something was typed that is not saved.
    Back(UnsavedText),
    /// To the newer version of the console.
    Reload,
}

/// What a notice tells of. Of one fact one notice stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A proposal.
    Intent(IntentId),
    /// That a proposal was merged with another person's change: it stays true once the proposal is saved.
    Merged(IntentId),
    /// What became of the last action with a record: the next one ends it.
    Action(RecordKey),
    /// A correction of many records.
    Operation(OperationId),
    Reversal(ReversalId),
    /// Why a button that was pressed does nothing.
    Pressed,
    /// What became of a step along a list that led to no record.
    Step,
    /// A newer version of the console is served.
    NewVersion,
}

/// A text that was typed and cannot be saved, when the place where it was typed went.
#[derive(Clone, Debug, PartialEq)]
pub struct UnsavedText {
    /// Where it was typed: a field and its record.
    pub place: String,
    pub text: String,
    pub reason: String,
    /// Where the record is shown.
    pub address: String,
    /// Whether it was typed where an event in error is mended, whose field then takes it again; else the record's
    /// own field does.
    pub mends: bool,
}

/// The notices on screen, and the word that the session has ended.
#[derive(Clone, Copy)]
pub struct NoticeBoard {
    /// The newest last.
    posted: RwSignal<Vec<Posted>>,
    /// What dialogs that are open tell by themselves.
    told_in_dialogs: RwSignal<Vec<(u64, IsTold)>>,
    /// The notice of which the person last went back to the text.
    pub asked_back: RwSignal<Option<u64>>,
    /// The system of which the store's last call found that the session has ended, and how often one did.
    pub session_ends: RwSignal<(u64, Option<System>)>,
    next: StoredValue<u64>,
}

/// Older notices make room: a wall of them is read by nobody.
const MOST_POSTED: usize = 6;

/// Long enough to be read twice.
const SHOWN_FOR: Duration = Duration::from_secs(10);

impl NoticeBoard {
    pub fn new() -> Self {
        Self {
            posted: RwSignal::new(Vec::new()),
            told_in_dialogs: RwSignal::new(Vec::new()),
            asked_back: RwSignal::new(None),
            session_ends: RwSignal::new((0, None)),
            next: StoredValue::new(0),
        }
    }

    /// What is to be read, the newest first.
    pub fn shown(&self) -> Vec<Posted> {
        self.told_in_dialogs.with(|told| {
            let is_told = |posted: &&Posted| told.iter().any(|(_, is_told)| is_told(posted));
            self.posted
                .with(|posted| posted.iter().rev().filter(|posted| !is_told(posted)).cloned().collect())
        })
    }

    /// One fact is said once: while the dialog that calls this is open, it tells what `is_told` names. What it told
    /// is read when it closes; of that, what is still to be decided stands in a notice then.
    fn leave_to_dialog(&self, is_told: impl Fn(&Posted) -> bool + Send + Sync + 'static) {
        let (board, id, is_told) = (*self, self.next_id(), Arc::new(is_told));
        self.told_in_dialogs.update(|told| told.push((id, Arc::<_>::clone(&is_told) as IsTold)));
        on_cleanup(move || {
            board.posted.update(|posted| posted.retain(|each| each.is_held || !is_told(each)));
            board.told_in_dialogs.update(|told| told.retain(|(other, _)| *other != id));
        });
    }

    /// Says something that is past once it was read.
    pub fn notify(&self, tone: Tone, text: String) {
        self.expire(self.post(tone, text, None, None, false));
    }

    /// Says why a button that was pressed does nothing.
    pub fn refuse(&self, reason: String) {
        self.expire(self.post(Tone::Warn, reason, Some(Fact::Pressed), None, false));
    }

    /// What hindered the button that was pressed is past.
    pub fn end_pressed(&self) {
        self.end(Fact::Pressed);
    }

    /// Says why a step along a list has led to no record, or not yet.
    pub fn tell_step(&self, tone: Tone, words: String) {
        self.tell(Fact::Step, tone, words, None);
    }

    /// A step has led to a record.
    pub fn end_step(&self) {
        self.end(Fact::Step);
    }

    /// Says what has become of something, in the place of what was said of it before, and leads there.
    pub(super) fn tell(&self, about: Fact, tone: Tone, text: String, record: Option<RecordKey>) {
        self.expire(self.post(tone, text, Some(about), record.map(Way::Record), false));
    }

    /// The same of something that a person must see to, or that is still to be decided: it stands as long.
    fn hold(&self, about: Fact, tone: Tone, text: String, record: RecordKey) {
        self.post(tone, text, Some(about), Some(Way::Record(record)), true);
    }

    /// Says what has come of an action with a record, in the place of the word that it was done.
    pub fn tell_outcome(&self, record: RecordKey, tone: Tone, text: String) {
        self.tell(Fact::Action(record.clone()), tone, text, Some(record));
    }

    /// The same where a person must see to it: it stands until the next action with the record.
    pub fn hold_outcome(&self, record: RecordKey, text: String) {
        self.hold(Fact::Action(record.clone()), Tone::Warn, text, record);
    }

    pub fn tell_unsaved(&self, unsaved: UnsavedText) {
        let UnsavedText { place, text, reason, .. } = &unsaved;
        let words = format!("{place}: what you typed, \u{201c}{text}\u{201d}, is not saved. {reason}");
        self.post(Tone::Warn, words, None, Some(Way::Back(unsaved)), true);
    }

    /// The text that the person went back for, where it was typed in what `place` names, or to mend that; its
    /// notice ends.
    pub fn take_back(&self, place: &str, mends: bool) -> Option<String> {
        let asked = self.asked_back.get_untracked()?;
        let text = self.posted.with_untracked(|posted| {
            let Some(Way::Back(unsaved)) = &posted.iter().find(|each| each.id == asked)?.way else {
                return None;
            };
            (unsaved.mends == mends && unsaved.place == place).then(|| unsaved.text.clone())
        })?;
        self.asked_back.set(None);
        self.close(asked);
        Some(text)
    }

    /// `lacks_parts` where the page has missed a part of itself: then not everything goes on as it is, and
    /// each time it is told again to whoever has closed it.
    pub fn tell_new_version(&self, lacks_parts: bool) {
        let (tone, words) = if lacks_parts {
            (
                Tone::Warn,
                "Usage Desk was renewed meanwhile, and what is needed here comes with the new version only. What is saved or waits to be sent is kept. Reload to go on.",
            )
        } else {
            (
                Tone::Info,
                "There is a new version of Usage Desk. It comes with the next reload; until then everything goes on as it is.",
            )
        };
        let stands = |posted: &Vec<Posted>| posted.iter().any(|each| each.text == words);
        if !self.posted.with_untracked(stands) {
            self.post(tone, words.to_owned(), Some(Fact::NewVersion), Some(Way::Reload), true);
        }
    }

    fn next_id(&self) -> u64 {
        let id = self.next.try_update_value(|next| {
            *next += 1;
            *next
        });
        id.unwrap_or_default()
    }

    fn post(&self, tone: Tone, text: String, about: Option<Fact>, way: Option<Way>, is_held: bool) -> u64 {
        let id = self.next_id();
        let new = Posted { id, tone, text: visible(&text).into_owned(), way, about, is_held };
        self.posted.update(|posted| {
            posted
                .retain(|other| other.text != new.text && (new.about.is_none() || other.about != new.about));
            posted.push(new);
            let surplus = posted.len().saturating_sub(MOST_POSTED);
            posted.drain(..surplus);
        });
        id
    }

    fn expire(&self, id: u64) {
        let board = *self;
        set_timeout(move || board.close(id), SHOWN_FOR);
    }

    /// What was told of this is past.
    pub fn end(&self, about: Fact) {
        let is_told = |each: &Posted| each.about.as_ref() == Some(&about);
        if self.posted.with_untracked(|posted| posted.iter().any(is_told)) {
            self.posted.update(|posted| posted.retain(|each| !is_told(each)));
        }
    }

    /// Nothing of it is for the next person.
    pub fn clear(&self) {
        self.posted.set(Vec::new());
    }

    pub fn close(&self, id: u64) {
        self.posted.update(|posted| posted.retain(|each| each.id != id));
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
        let (intent, key) = match notice {
            Notice::Settled { intent, key }
            | Notice::Created { intent, key, .. }
            | Notice::Merged { intent, key, .. }
            | Notice::Conflicted { intent, key, .. }
            | Notice::Refused { intent, key }
            | Notice::InDoubt { intent, key }
            | Notice::Discarded { intent, key }
            | Notice::StillSending { intent, key } => (*intent, key),
            // Whoever deletes a record is told that by its own word.
            Notice::Gone { key } if self.is_deleted_here(key) => return,
            Notice::Gone { key } => {
                let words = format!("{} no longer exists on the server.", name(key));
                return self.notices.notify(Tone::Warn, words);
            }
        };
        let action = self.action_of(intent);
        let about = match action {
            Some(_) => Fact::Action(key.clone()),
            None => Fact::Intent(intent),
        };
        match notice {
            Notice::Settled { .. } => {
                self.notices.end(about.clone());
                let Some(action) = action else { return self.remember_saved(intent, key) };
                self.actions_done.update(|times| *times += 1);
                if !is_told_elsewhere(action) {
                    let made = self.inner.with_value(|inner| inner.created.get(&intent).cloned());
                    let words = format!("{} {}.", name(made.as_ref().unwrap_or(key)), action.done);
                    let is_there = *action != DELETE;
                    self.notices.tell(
                        about,
                        Tone::Ok,
                        words,
                        is_there.then(|| made.unwrap_or_else(|| key.clone())),
                    );
                }
            }
            Notice::Created { as_key, .. } => {
                self.inner.update_value(|inner| {
                    inner.created.insert(intent, as_key.clone());
                });
                self.batch_was_made(intent, as_key);
            }
            Notice::Discarded { .. } => self.notices.end(about),
            Notice::Merged { fields, .. } => {
                let theirs: Vec<_> = fields.iter().copied().filter(|field| !is_bookkeeping(field)).collect();
                if !theirs.is_empty() {
                    let (who, titles) = (self.last_changed_by(key), titles(key, &theirs));
                    let words =
                        format!("{}: {who} changed {titles} meanwhile. Both changes are kept.", name(key));
                    self.notices.tell(Fact::Merged(intent), Tone::Info, words, Some(key.clone()));
                }
            }
            Notice::Conflicted { fields, .. } => {
                let (who, titles) = (self.last_changed_by(key), titles(key, fields));
                let words = format!("{}: {who} changed {titles} too. Decide which value stands.", name(key));
                self.notices.hold(about, Tone::Bad, words, key.clone());
            }
            Notice::Refused { .. } => {
                let Some(action) = action else {
                    let words =
                        format!("{}: the server refused a change. What you typed is kept.", name(key));
                    return self.notices.hold(about, Tone::Bad, words, key.clone());
                };
                if is_told_elsewhere(action) {
                    return;
                }
                if let OperationStatus::Refused(words) = untrack(|| self.operation_status(intent)) {
                    let words = format!("{}: {} was refused. {words}", name(key), action.title);
                    self.notices.tell(about, Tone::Bad, words, Some(key.clone()));
                }
            }
            Notice::InDoubt { .. } => {
                let words = format!(
                    "{}: a change was sent and not confirmed. Checking what the server holds.",
                    name(key)
                );
                self.notices.hold(about, Tone::Warn, words, key.clone());
            }
            Notice::StillSending { .. } => {
                let words =
                    format!("{}: the change is being sent and can no longer be taken back.", name(key));
                self.notices.tell(about, Tone::Warn, words, None);
            }
            Notice::Gone { .. } => {}
        }
    }

    fn is_deleted_here(&self, key: &RecordKey) -> bool {
        self.with_log(|log| {
            log.entries().any(|entry| {
                let is_void =
                    matches!(entry.status(), ChangeStatus::Discarded | ChangeStatus::Open(Mark::Refused));
                let is_deletion =
                    matches!(&entry.persisted.content, Content::Action(asked) if asked.name == DELETE.name);
                entry.persisted.key == *key && is_deletion && !is_void
            })
        })
    }

    /// A dialog tells how a correction ends.
    pub fn leave_correction_to_dialog(&self, operation: OperationId) {
        self.notices.leave_to_dialog(move |posted| posted.about == Some(Fact::Operation(operation)));
    }

    /// A dialog tells of a reversal: of its batch, of each event and of its end.
    pub fn leave_reversal_to_dialog(&self, reversal: ReversalId) {
        let sync = *self;
        self.notices.leave_to_dialog(move |posted| match &posted.about {
            Some(Fact::Reversal(other)) => *other == reversal,
            Some(Fact::Action(key)) => sync.reversal_asks_for(reversal, key),
            _ => false,
        });
    }

    /// A dialog tells what came of an action that was not done, or is not known to be.
    pub fn leave_action_to_dialog(&self, key: RecordKey) {
        let about = Some(Fact::Action(key));
        self.notices.leave_to_dialog(move |posted| posted.about == about && posted.tone != Tone::Ok);
    }

    /// A dialog tells how the changes of a record's fields stand.
    pub fn leave_changes_to_dialog(&self, key: RecordKey) {
        let way = Some(Way::Record(key));
        self.notices.leave_to_dialog(move |posted| {
            matches!(posted.about, Some(Fact::Intent(_))) && posted.way == way
        });
    }

    /// Who changed a record last, as far as is known.
    pub fn last_changed_by(&self, key: &RecordKey) -> String {
        let name = self.with_view(key, |view| {
            view?.confirmed(&"LastUpdatedBy")?.as_text().filter(|name| !is_blank(name)).map(str::to_owned)
        });
        name.unwrap_or_else(|| "someone else".to_owned())
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
