//! Carries out what the procedure orders, and hands it the answers.

use super::marker::{self, Stored};
use super::tab_lock::{self, TabLock};
use crate::api::{Failure, FailureKind, PurgeAnswer, PurgeOutcome};
use crate::data::session::Session;
use crate::pages::service_usage::every_event::{GoOn, Progress, read_every_event};
use crate::pages::service_usage::labels;
use crate::pages::service_usage::saved_copy::{CopyMade, make_copy};
use crate::pages::service_usage::saved_file::read_back;
use crate::ui::controls::save_file;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::cloud_foundry::{
    AfterReport, Answer, Clocks, Command, EventReading, Input, Look, NewestEvent, Order, PlatformRole,
    Procedure, PurgeMarker, PurgeSign, SavedCopy, TabClaim, UsageTable,
};
use std::rc::Rc;
use web_sys::{Blob, File};

/// The procedure with everything that it works on; a handle.
#[derive(Clone, Copy)]
pub struct PurgeController {
    pub session: Session,
    pub procedure: RwSignal<Procedure>,
    pub progress: RwSignal<Option<Progress>>,
    /// Why the last call did not bring what it should, in words.
    pub trouble: RwSignal<String>,
    /// By which the platform's log knows the purge.
    pub request_id: RwSignal<Option<String>>,
    pub answered: RwSignal<Option<String>>,
    pub report: RwSignal<Option<AfterReport>>,
    /// The browser holds a note of an earlier purge that cannot be read: none is begun over it.
    pub lost_marker: RwSignal<bool>,
    /// The kept copy as it was read back from the disk.
    pub before: StoredValue<Option<Rc<UsageTable>>, LocalStorage>,
    after: StoredValue<Option<Rc<UsageTable>>, LocalStorage>,
    copy_made: StoredValue<Option<(SavedCopy, Blob)>, LocalStorage>,
    chosen: StoredValue<Option<File>, LocalStorage>,
    lock: StoredValue<Option<TabLock>, LocalStorage>,
    is_claiming: StoredValue<bool>,
}

impl PurgeController {
    /// Made within the page, whose end ends whatever was not sent.
    pub fn new(session: Session, target: String) -> Self {
        let controller = Self {
            session,
            procedure: RwSignal::new(Procedure::new(target)),
            progress: RwSignal::new(None),
            trouble: RwSignal::default(),
            request_id: RwSignal::new(None),
            answered: RwSignal::new(None),
            report: RwSignal::new(None),
            lost_marker: RwSignal::new(false),
            before: StoredValue::new_local(None),
            after: StoredValue::new_local(None),
            copy_made: StoredValue::new_local(None),
            chosen: StoredValue::new_local(None),
            lock: StoredValue::new_local(None),
            is_claiming: StoredValue::new(false),
        };
        match marker::stored() {
            Stored::Marker(marker) => controller.resume(marker),
            Stored::Unreadable => controller.lost_marker.set(true),
            Stored::Nothing => {}
        }
        controller
    }

    fn resume(&self, marker: PurgeMarker) {
        let (procedure, command) = Procedure::resume(marker);
        self.procedure.set(procedure);
        self.carry(command);
    }

    /// Begins, if this person may and no other tab is in the procedure.
    pub fn begin(self) {
        let role = self.session.with_access(|access| access.map_or(PlatformRole::Nobody, |one| one.platform));
        if role.blocked_from_purging().is_some() {
            self.take(Input::Begin { role, claim: TabClaim::Unavailable });
            return;
        }
        // A second press while the first one's claim is under way must not cost it the lock.
        if self.is_claiming.get_value() {
            return;
        }
        self.is_claiming.set_value(true);
        spawn_local(async move {
            let (claim, lock) = tab_lock::claim().await;
            if self.is_claiming.try_set_value(false).is_some() {
                return;
            }
            if lock.is_some() {
                self.lock.set_value(lock);
            }
            // Another tab may have sent a purge since this page was opened.
            match marker::stored() {
                Stored::Marker(marker) if claim == TabClaim::Held => self.resume(marker),
                Stored::Unreadable => self.lost_marker.set(true),
                Stored::Marker(_) | Stored::Nothing => self.take(Input::Begin { role, claim }),
            }
        });
    }

    /// The person has looked what became of an earlier purge.
    pub fn forget_lost_marker(&self) {
        marker::clear();
        self.lost_marker.set(marker::stored() == Stored::Unreadable);
    }

    pub fn take(&self, input: Input) {
        // The page may be gone, and what it began with it.
        let command = self.procedure.try_maybe_update(|procedure| {
            let before = procedure.clone();
            let command = procedure.take(input);
            (*procedure != before, command)
        });
        if let Some(command) = command.flatten() {
            self.carry(command);
        }
    }

    pub fn choose(&self, file: File) {
        self.chosen.set_value(Some(file));
        self.take(Input::FileChosen);
    }

    /// Hands the copy to the browser once more.
    pub fn save_again(&self) {
        self.copy_made.with_value(|made| {
            if let Some((copy, blob)) = made
                && save_file(&copy.file, blob).is_err()
            {
                self.trouble.set("The browser could not save the file.".to_owned());
            }
        });
    }

    fn carry(&self, Command { ticket, order }: Command) {
        let controller = *self;
        controller.progress.set(None);
        controller.trouble.set(String::new());
        let answer = match order {
            Order::WriteMarker(sent) => {
                if marker::write(&sent) {
                    Answer::MarkerWritten
                } else {
                    Answer::MarkerFailed
                }
            }
            Order::Release => {
                marker::clear();
                controller.lock.set_value(None);
                return;
            }
            Order::Copy | Order::ReadBack | Order::Look(_) | Order::Post | Order::Read => {
                spawn_local(async move {
                    let answer = match order {
                        Order::Copy => controller.copy().await,
                        Order::ReadBack => controller.read_back().await,
                        Order::Look(newest) => controller.look(newest).await,
                        Order::Post => controller.post().await,
                        _ => controller.read().await,
                    };
                    controller.take(Input::Answered { ticket, answer });
                });
                return;
            }
        };
        controller.take(Input::Answered { ticket, answer });
    }

    /// Whether the page is still there, told on the way how far a reading is.
    fn notify(&self, progress: Progress) -> GoOn {
        if self.progress.try_set(Some(progress)).is_none() { GoOn::Yes } else { GoOn::No }
    }

    fn fail(&self, failure: &Failure) {
        self.session.expire_by(failure);
        let request = failure.request_id.as_ref().map(|id| format!(" (request {id})")).unwrap_or_default();
        self.trouble.try_set(format!("{}{request}. {}", failure.title(), failure.advice()));
    }

    async fn copy(&self) -> Answer {
        match make_copy(self.session.client, &|progress| self.notify(progress)).await {
            // What is not understood is not destroyed.
            Ok(Some(CopyMade { unread, .. })) if unread > 0 => {
                let which = labels::events(unread);
                self.trouble.try_set(format!(
                    "{which} could not be read, so nobody can tell what a purge would destroy. Nothing was purged."
                ));
                Answer::CopyFailed
            }
            Ok(Some(CopyMade { copy, file, .. })) => {
                // The copy of a try that was cancelled meanwhile is not saved.
                let is_wanted = self.procedure.try_with_untracked(|one| one.stage().may_be_cancelled());
                if is_wanted == Some(true) {
                    self.copy_made.set_value(Some((copy.clone(), file)));
                    self.save_again();
                }
                Answer::Copied(copy)
            }
            Ok(None) => Answer::CopyFailed,
            Err(failure) => {
                self.fail(&failure);
                Answer::CopyFailed
            }
        }
    }

    async fn read_back(&self) -> Answer {
        let Some(file) = self.chosen.try_with_value(Clone::clone).flatten() else {
            return Answer::ReadBackFailed;
        };
        let Some(saved) = read_back(&file).await else { return Answer::ReadBackFailed };
        let answer = Answer::ReadBack { events: saved.events.len(), sha256: saved.sha256 };
        self.before.try_set_value(Some(Rc::new(saved.events)));
        answer
    }

    async fn look(&self, newest: Option<NewestEvent>) -> Answer {
        match self.try_look(newest).await {
            Ok(look) => Answer::Looked(look),
            Err(failure) => {
                self.fail(&failure);
                Answer::LookFailed
            }
        }
    }

    async fn try_look(&self, newest: Option<NewestEvent>) -> Result<Look, Failure> {
        let client = self.session.client;
        let mut query = "per_page=1".to_owned();
        if let Some(newest) = &newest {
            match client.usage_event(&newest.guid).await {
                Ok(event) if event.created_at == newest.created_at => (),
                Ok(_) => return Ok(Look::without_the_copy()),
                Err(failure) if failure.kind == FailureKind::NotFound => return Ok(Look::without_the_copy()),
                Err(failure) => return Err(failure),
            }
            query.push_str(&format!(
                "&after_guid={}",
                String::from(js_sys::encode_uri_component(&newest.guid))
            ));
        }
        let since = client.usage_events(&query).await?;
        let latest = client.usage_events("per_page=1&order_by=-created_at").await?;
        let clocks = latest.date().map(|platform| Clocks { platform, browser: labels::now() });
        Ok(Look::of(&since.page()?, &latest.page()?, clocks))
    }

    async fn post(&self) -> Answer {
        let PurgeAnswer { outcome, request_id } = self.session.client.purge_and_reseed_usage_events().await;
        self.request_id.try_set(request_id);
        let (words, answer) = match outcome {
            PurgeOutcome::Accepted => ("The platform answered that it was done", Answer::Accepted),
            PurgeOutcome::Lost => ("No answer that decides came", Answer::Lost),
            PurgeOutcome::Refused(failure) => {
                self.fail(&failure);
                let reason = format!("{}. {}", failure.title(), failure.advice());
                ("The platform refused", Answer::Refused(reason))
            }
        };
        self.answered.try_set(Some(words.to_owned()));
        answer
    }

    async fn read(&self) -> Answer {
        let mut after = UsageTable::default();
        let mut read_at = None;
        let result = read_every_event(self.session.client, EventReading::default(), &mut |page| {
            page.events.iter().for_each(|event| after.push(event));
            // Of several pages the first was read first: what it shows is as old as that.
            read_at = read_at.or(page.date);
            self.notify(page.progress)
        })
        .await;
        if let Err(failure) = result {
            self.fail(&failure);
            return Answer::ReadFailed;
        }
        let marker =
            self.procedure.try_with_untracked(|procedure| procedure.stage().sent().cloned()).flatten();
        let Some(marker) = marker else { return Answer::ReadFailed };
        let sign = PurgeSign::of(&marker, &after);
        self.after.try_set_value(Some(Rc::new(after)));
        self.compare();
        Answer::Read(sign, read_at)
    }

    fn compare(&self) {
        let before = self.before.try_get_value().flatten();
        if let Some(after) = self.after.try_get_value().flatten() {
            self.report.try_set(Some(AfterReport::of(before.as_deref(), &after)));
        }
    }

    /// Takes the kept copy for the report where a reload has lost what was before. Says what is
    /// wrong with a file that is not it.
    pub fn compare_with(self, file: File) {
        spawn_local(async move {
            let saved = read_back(&file).await;
            let wanted =
                self.procedure.try_with_untracked(|one| one.stage().sent().map(|sent| sent.sha256.clone()));
            match saved {
                Some(saved) if wanted.flatten().is_some_and(|wanted| wanted == saved.sha256) => {
                    self.trouble.try_set(String::new());
                    self.before.try_set_value(Some(Rc::new(saved.events)));
                    self.compare();
                }
                _ => {
                    self.trouble.try_set("This is not the copy that was kept before this purge.".to_owned());
                }
            }
        });
    }
}
