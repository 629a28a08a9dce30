//! Who is signed in, and what begins and ends with that.
//!
//! Each system behind the console has a session of its own. Without Oracle's nothing goes on; where
//! another one has ended, the rest does. (Without Oracle, the first of the others takes its place.)
//!
//! Not here: credentials and how they are sent (`api`), and the form (`pages::sign_in`).

mod other_tabs;

use crate::apart::{Loading, NotLoaded};
use crate::api::{
    Access, Arrived, Failure, FailureKind, RestClient, SIGNED_IN, SIGNED_OUT, System, give_up_what_was_begun,
};
use crate::data::lookups::Lookups;
use crate::data::sync::RecordSync;
use grid_model::Tone;
use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

/// The state of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionState {
    SignedOut,
    Active(Access),
    /// A system no longer knows the person; what is on screen and what was typed stay.
    Expired(Access, System),
}

/// The session with what begins and ends with it; a handle.
#[derive(Clone, Copy)]
pub struct Session {
    pub client: RestClient,
    pub sync: RecordSync,
    pub lookups: Lookups,
    pub state: RwSignal<SessionState>,
    /// Somebody is about to come in, by the form or from another tab.
    pub is_arriving: RwSignal<bool>,
    /// Goes up when lists should be read again: after a new sign-in.
    pub renewed: RwSignal<u64>,
}

/// Who has signed in.
pub enum Arrival {
    /// This person, at Oracle's.
    Of(Access),
    /// The person who was here, again at this system.
    Again(System),
}

#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod work {
    use super::{Arrival, Session};
    use crate::apart::apart;

    apart! {
        sync: (session: Session, arrival: Arrival) -> () {
            match arrival {
                Arrival::Of(access) => session.begin(access),
                Arrival::Again(system) => session.go_on_at(&[system]),
            }
        }
    }
}

/// Fetches what work begins with: the record store and all that runs it.
pub fn load_work() -> Loading {
    work::loading()
}

impl Session {
    /// Begins or goes on with work, once what that needs is here.
    pub async fn take_up_work(self, arrival: Arrival) -> Result<(), NotLoaded> {
        give_up_what_was_begun();
        if let Arrival::Of(_) = arrival
            && System::Oracle.exists()
        {
            self.lookups.load();
        }
        work::made(self, arrival).await?;
        self.tell_open_tabs(SIGNED_IN);
        Ok(())
    }

    /// Whoever wants to does not wait for the end of a pause, be it a system's or that of who renews the session.
    pub fn renew_without_waiting(&self) {
        self.client.renew_without_waiting();
        self.sync.try_now();
    }

    /// What could not be read because a session could not be renewed is read once it can. Called within a component.
    pub fn read_again_when_renewed(self) {
        Effect::new(move |before: Option<u64>| {
            let now = self.client.renewals_work.get();
            if before.is_some_and(|before| before != now) {
                self.renewed.update(|times| *times += 1);
            }
            now
        });
    }

    /// Goes on where a gateway had turned a call away that may have been the system's, if it does so no more.
    pub fn look_whether_known(self) {
        let SessionState::Expired(_, system) = self.state.get_untracked() else { return };
        if self.client.perhaps_gateway.get_untracked() != Some(system) {
            return;
        }
        spawn_local(async move {
            if self.client.is_known_again(system).await {
                // What work needs is here: it was under way.
                let _ = self.take_up_work(Arrival::Again(system)).await;
            }
        });
    }

    /// Why the person may not change anything of Oracle's, if that is so. Not tracked.
    pub fn blocked_from_editing(&self) -> Option<&'static str> {
        self.with_access(|access| access?.role.blocked_from_editing())
    }

    /// The same of base buckets.
    pub fn blocked_from_buckets(&self) -> Option<&'static str> {
        // What Oracle's token says of a role holds at its own server.
        let is_known =
            System::LogiSense == System::main() || System::LogiSense.shares_credentials_with_main();
        self.with_access(|access| access.filter(|_| is_known)?.role.blocked_from_buckets())
    }

    /// The person signed in, also while the session is to be renewed.
    pub fn access(&self) -> Option<Access> {
        match self.state.get() {
            SessionState::SignedOut => None,
            SessionState::Active(access) | SessionState::Expired(access, _) => Some(access),
        }
    }

    /// Looks at the person without following later changes.
    pub fn with_access<T>(&self, look: impl FnOnce(Option<&Access>) -> T) -> T {
        self.state.with_untracked(|state| match state {
            SessionState::SignedOut => look(None),
            SessionState::Active(access) | SessionState::Expired(access, _) => look(Some(access)),
        })
    }

    fn begin(&self, access: Access) {
        let person = self.client.person(&access);
        self.listen_to_open_tabs();
        self.state.set(SessionState::Active(access));
        self.sync.signed_in(&person, &System::existing().collect::<Vec<_>>());
        self.renewed.update(|times| *times += 1);
    }

    /// The person is known again at these systems.
    fn go_on_at(&self, systems: &[System]) {
        let Some(access) = self.with_access(|access| access.cloned()) else { return };
        let person = self.client.person(&access);
        let is_asked_for = |state: &SessionState| matches!(state, SessionState::Expired(_, system) if systems.contains(system));
        if self.state.with_untracked(is_asked_for) {
            self.state.set(SessionState::Active(access));
        }
        self.sync.signed_in(&person, systems);
        self.renewed.update(|times| *times += 1);
    }

    /// A call found that a system's session has ended. Only that system's work stops, until another open
    /// tab or the person signs in there anew.
    pub fn expire(&self, system: System) {
        self.client.end_session(system);
        self.sync.session_expired(system);
        let session = *self;
        spawn_local(async move {
            // Another tab was asked for a token of LogiSense before this one was found to have ended.
            if system != System::LogiSense {
                session.renew_by_other_tab(&[system]).await;
            }
            if session.client.has_ended(system) {
                session.ask_to_sign_in(system);
            }
        });
    }

    /// The person is asked to sign in at a system; what is on screen stays.
    pub fn ask_to_sign_in(&self, system: System) {
        self.client.end_session(system);
        self.sync.session_expired(system);
        let is_open = |state: &SessionState| match state {
            SessionState::SignedOut => None,
            SessionState::Active(access) => Some(access.clone()),
            // The main system's sign-in brings the others' credentials along, so it comes first.
            SessionState::Expired(access, shown) => (*shown > system).then(|| access.clone()),
        };
        if let Some(access) = self.state.with_untracked(is_open) {
            self.is_arriving.set(false);
            self.state.set(SessionState::Expired(access, system));
        }
    }

    /// Ends the session of the system that no longer knows the person, if that is what failed.
    pub fn expire_by(&self, failure: &Failure) {
        if failure.kind == FailureKind::SignedOut {
            self.expire(failure.system);
        }
    }

    /// The person does without a system for now; its screens offer to sign in again.
    pub fn do_without(&self) {
        if let SessionState::Expired(access, _) = self.state.get_untracked() {
            self.state.set(SessionState::Active(access));
        }
    }

    /// Goes on with a provider's answer with which this page began.
    pub fn arrive(self, answer: String, is_for_other_tab: RwSignal<bool>) {
        self.is_arriving.set(true);
        spawn_local(async move {
            let refused = match self.client.arrive(answer).await {
                Arrived::InOtherTab => {
                    is_for_other_tab.set(true);
                    return;
                }
                Arrived::Here(access) => {
                    let Err(NotLoaded) = self.take_up_work(Arrival::Of(access)).await else { return };
                    self.client.forget();
                    "You are known, but a part of Usage Desk could not be fetched. Sign in once more."
                        .to_owned()
                }
                Arrived::Refused(words) => words,
            };
            self.is_arriving.set(false);
            self.sync.notices.notify(Tone::Warn, refused);
            self.join_open_tabs();
        });
    }

    /// Ends the session in all open tabs of the person, then leads to where the provider that knows them ends its own,
    /// or says why not.
    pub fn sign_out(&self) {
        self.tell_open_tabs(SIGNED_OUT);
        let leaving = self.with_access(|access| access.map(|access| self.client.leaving(access)));
        let forgotten = self.end();
        let (Some(leaving), session) = (leaving, *self) else { return };
        spawn_local(async move {
            let way_out = leaving.await;
            if let Some(forgotten) = forgotten {
                // Whether it could be forgotten is told where it is done.
                let _ = JsFuture::from(forgotten).await;
            }
            // Somebody may have signed in meanwhile.
            let is_left = session.state.with_untracked(|state| *state == SessionState::SignedOut);
            let is_left = is_left && !session.is_arriving.get_untracked();
            match way_out.filter(|_| is_left) {
                // Where the browser does not go there, the session here has ended all the same.
                Some(Ok(address)) => drop(window().location().assign(&address)),
                Some(Err(words)) => session.sync.notices.notify(Tone::Warn, words),
                None => {}
            }
        });
    }

    fn tell_open_tabs(&self, news: &str) {
        if let Some(access) = self.with_access(|access| access.cloned()) {
            self.client.tell_open_tabs(news, &self.client.person(&access));
        }
    }

    /// Forgets everything that is not a setting. What is given comes to its end once the disk has forgotten too.
    fn end(&self) -> Option<Promise> {
        self.client.forget();
        self.lookups.forget();
        let forgotten = self.sync.clear();
        self.sync.notices.clear();
        self.is_arriving.set(false);
        self.state.set(SessionState::SignedOut);
        forgotten
    }
}
