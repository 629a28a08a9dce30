//! The token of LogiSense, and what else one person's connection to it holds, in memory only.

use super::failure::Failure;
use js_sys::Promise;
use rest_contract::logisense::{BaseBucket, ResultItem};
use std::collections::VecDeque;
use std::sync::Arc;

/// What one person's connection to LogiSense holds.
#[derive(Clone, Default)]
pub(super) struct Billing {
    pub(super) token: TokenState,
    /// Why the last attempt to get a token brought none.
    pub(super) failure: Option<Failure>,
    /// Whether the server has let a call with the token through. One that it never did is no better for being
    /// renewed.
    pub(super) was_accepted: bool,
    /// What the server said it did, with the path of the key that it was asked of, the newest last.
    pub(super) results: VecDeque<(Arc<str>, Vec<ResultItem<BaseBucket>>)>,
}

impl Billing {
    /// Whether this is still the token, and came from a server that renews it.
    pub(super) fn is_at(&self, access: &str) -> bool {
        matches!(&self.token, TokenState::Here(Token { access: own, renewal: Renewal::Refresh(_), .. }) if own == access)
    }
}

#[derive(Clone, Default)]
pub(super) enum TokenState {
    /// Nobody is signed in.
    #[default]
    Nobody,
    /// Nothing has been asked of LogiSense yet. The password is forgotten with the first token.
    Due {
        user: String,
        password: String,
    },
    /// The person brought a token.
    Brought(String),
    /// Another tab of this person signed in, and is asked.
    InOtherTab {
        person: String,
    },
    /// On its way; ends with another state.
    Asked(Promise),
    Here(Token),
}

#[derive(Clone)]
pub(super) struct Token {
    pub(super) access: String,
    pub(super) renewal: Renewal,
    /// By [`elapsed`].
    pub(super) renew_at: u64,
}

/// Milliseconds since the page began: whoever sets the computer's clock makes no token older.
pub fn elapsed() -> u64 {
    let elapsed = leptos::prelude::window().performance().map_or(0.0, |performance| performance.now());
    elapsed.max(0.0) as u64
}

/// How a token is followed by the next one.
#[derive(Clone)]
pub(super) enum Renewal {
    /// By signing in again.
    SignIn,
    /// By a refresh token.
    Refresh(String),
    /// The tab that gave it has the next one.
    OtherTab { person: String },
}
