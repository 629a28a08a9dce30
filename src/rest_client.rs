//! From a request to a typed answer, over HTTP.
//!
//! Here: credentials in memory, one call with its time limit, and the calls that the screens make.
//! This is the only folder that names `gloo-net`. Not here: when to send what, what to do about an
//! answer (`record_sync`), or any wording for a screen beyond naming what went wrong.

mod call;
mod cloud_foundry;
mod errands;
mod failure;
mod logisense;
mod oracle;
mod sign_in;

pub use cloud_foundry::{PurgeAnswer, PurgeOutcome, encoded_list};
pub use failure::{Failure, FailureKind};
pub use logisense::{BillingLists, content_of};
pub use oracle::{EventPageQuery, RecordKey, Resource, fields_of, key_of, read_outcome, version_of};
pub use sign_in::{Access, DemoPerson, SignInMethod};

use leptos::prelude::*;
use logisense::Billing;

/// The connection to the systems behind the console. Its credentials live in memory only and go
/// with the page.
#[derive(Clone, Copy)]
pub struct RestClient {
    /// The `Authorization` header's value.
    authorization: StoredValue<Option<String>>,
    billing: StoredValue<Billing, LocalStorage>,
}

impl RestClient {
    pub fn new() -> Self {
        Self { authorization: StoredValue::new(None), billing: StoredValue::new_local(Billing::default()) }
    }

    /// Forgets the credentials.
    pub fn forget(&self) {
        self.authorization.set_value(None);
        self.billing.set_value(Billing::default());
    }
}
