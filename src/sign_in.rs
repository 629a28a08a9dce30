//! Who is at the desk: the sign-in page, and the same form over the app when a session has run out.
//!
//! Not here: credentials and how they are sent (`rest_client`).

mod form;
mod page;

pub use page::{SessionDialog, SignInPage};

use crate::lookups::Lookups;
use crate::record_sync::RecordSync;
use crate::rest_client::{Access, RestClient};
use leptos::prelude::*;

/// The state of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionState {
    SignedOut,
    Active(Access),
    /// The server no longer knows the person; what is on screen and what was typed stay.
    Expired(Access),
}

/// The session with what begins and ends with it; a handle.
#[derive(Clone, Copy)]
pub struct Session {
    pub client: RestClient,
    pub sync: RecordSync,
    pub lookups: Lookups,
    pub state: RwSignal<SessionState>,
    /// Goes up when lists should be read again: after a new sign-in.
    pub renewed: RwSignal<u64>,
}

impl Session {
    /// The person signed in, also while the session is to be renewed.
    pub fn access(&self) -> Option<Access> {
        match self.state.get() {
            SessionState::SignedOut => None,
            SessionState::Active(access) | SessionState::Expired(access) => Some(access),
        }
    }

    /// Looks at the person without following later changes.
    pub fn with_access<T>(&self, look: impl FnOnce(Option<&Access>) -> T) -> T {
        self.state.with_untracked(|state| match state {
            SessionState::SignedOut => look(None),
            SessionState::Active(access) | SessionState::Expired(access) => look(Some(access)),
        })
    }

    fn begin(&self, access: Access) {
        let person = access.user.clone();
        self.state.set(SessionState::Active(access));
        self.lookups.load();
        self.sync.signed_in(&person);
        self.renewed.update(|times| *times += 1);
    }

    /// A call found that the session has ended.
    pub fn expire(&self) {
        if let SessionState::Active(access) = self.state.get_untracked() {
            self.client.forget();
            self.sync.session_expired();
            self.state.set(SessionState::Expired(access));
        }
    }

    /// Forgets everything that is not a setting.
    pub fn sign_out(&self) {
        self.client.forget();
        self.sync.clear();
        self.state.set(SessionState::SignedOut);
    }
}
