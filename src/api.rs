//! From a request to a typed answer, over HTTP.
//!
//! Here: credentials in memory, one call with its time limit, and the calls that the screens make.
//! This is the only folder that names `gloo-net`. Not here: when to send what, what to do about an
//! answer (`data::sync`), or any wording for a screen beyond naming what went wrong.

mod app_build;
mod billing_session;
mod call;
mod clock;
mod cloud_foundry;
mod connection_test;
mod connections_file;
mod cut_by_leaving;
mod dispatch;
mod failure;
mod gateway;
mod logisense;
mod open_tabs;
mod openid;
mod oracle;
mod outcome;
mod page_calls;
mod page_policy;
mod record_key;
mod request_log;
mod sign_in;
mod system;
mod token_service;

pub use app_build::{build_of_this_page, deployed_build};
pub use billing_session::elapsed;
pub use cloud_foundry::{PurgeAnswer, PurgeOutcome, encoded_list};
pub use connection_test::ConnectionFault;
pub use connections::{Connections, Fault, SignInMethod};
pub use connections_file::{connections, read_connections};
pub use dispatch::load_billing;
pub use failure::{Failure, FailureKind};
pub use gateway::{Barrier, LargeHeaders};
pub use logisense::{BillingLists, content_of};
pub use open_tabs::{BILLING, HandedSession, SIGNED_IN, SIGNED_OUT, UNSETTLED, WHO};
pub use openid::{
    Arrived, give_up_what_was_begun, load_provider, take_answer_out_of_the_address, taken_answer,
    was_sign_in_cut,
};
pub use oracle::{EventPageQuery, HistoryOf, MOST_APPROVALS, key_of};
pub use outcome::{fields_of, read_outcome, version_of};
pub use page_calls::PageCalls;
pub use record_key::{RecordKey, Resource};
pub use request_log::{LoggedRequest, last_requests};
pub use sign_in::{Access, DemoPerson, Role};
pub use system::System;
pub use token_service::TokenClient;

use billing_session::{Billing, TokenState};
use leptos::prelude::*;
use open_tabs::OpenTabs;
use sign_in::Credential;
use std::collections::{BTreeMap, BTreeSet};
use web_sys::RequestCredentials;

/// The connection to the systems behind the console. Its credentials live in memory only and go
/// with the page.
#[derive(Clone, Copy)]
pub struct RestClient {
    /// Ends the calls that are made by this handle.
    abort: Option<StoredValue<web_sys::AbortController, LocalStorage>>,
    /// What each system is shown. Cloud Foundry is shown what the main system is where it has nothing of its own and both
    /// are the same server's; LogiSense gives tokens that it renews.
    shown: StoredValue<BTreeMap<System, Credential>>,
    billing: StoredValue<Billing, LocalStorage>,
    /// The tabs of this browser that are open beside this one.
    tabs: StoredValue<OpenTabs, LocalStorage>,
    /// Goes up whenever credentials are forgotten or replaced: what was asked for before is no news then.
    sign_in_count: StoredValue<u64>,
    /// Systems whose session has ended: they are asked nothing until the person has signed in again.
    ended: StoredValue<BTreeSet<System>>,
    /// Whether the browser's own credentials go along to a system.
    credentials: StoredValue<BTreeMap<System, RequestCredentials>, LocalStorage>,
    /// Systems that are being asked whether they do.
    asked: StoredValue<BTreeMap<System, js_sys::Promise>, LocalStorage>,
    /// What stands before the systems lets nothing through, seen at a call to this one. Nothing is sent until it does.
    pub gateway: RwSignal<Option<(System, Barrier)>>,
    /// What leads to the gateway's own page.
    pub gateway_door: RwSignal<String>,
    /// A server that is not the page's own takes no request to this system, as its headers are too large.
    pub too_large_at: RwSignal<Option<(System, LargeHeaders)>>,
    /// The system whose last answer was a 401 that its gateway may have given.
    pub perhaps_gateway: RwSignal<Option<System>>,
    /// Why a system's session could not be renewed, in words, where it is no usual end.
    pub not_renewed: RwSignal<Option<(System, String)>>,
    /// Goes up when the person does not want to wait until a session is renewed by itself.
    haste: StoredValue<u64>,
    /// Goes up when sessions can be renewed again after that had failed: what was not read for it can be read.
    pub renewals_work: RwSignal<u64>,
    /// The last call that was refused as too large.
    too_large: StoredValue<call::LargeCall>,
    clocks: StoredValue<clock::Clocks>,
    clock_ahead: RwSignal<Option<(System, i64)>>,
}

impl RestClient {
    pub fn new() -> Self {
        cut_by_leaving::watch_leaving();
        page_policy::watch_policy();
        Self {
            abort: None,
            shown: StoredValue::default(),
            billing: StoredValue::new_local(Billing::default()),
            tabs: StoredValue::new_local(OpenTabs::new()),
            sign_in_count: StoredValue::new(0),
            ended: StoredValue::default(),
            credentials: StoredValue::new_local(BTreeMap::new()),
            asked: StoredValue::new_local(BTreeMap::new()),
            gateway: RwSignal::new(None),
            gateway_door: RwSignal::new("/".to_owned()),
            too_large_at: RwSignal::new(None),
            perhaps_gateway: RwSignal::new(None),
            not_renewed: RwSignal::new(None),
            haste: StoredValue::new(0),
            renewals_work: RwSignal::new(0),
            too_large: StoredValue::default(),
            clocks: StoredValue::default(),
            clock_ahead: RwSignal::new(None),
        }
    }

    /// The same client, whose next call ends when `controller` aborts it.
    pub fn until_aborted(self, controller: &web_sys::AbortController) -> Self {
        Self { abort: Some(StoredValue::new_local(controller.clone())), ..self }
    }

    /// No further call is made by this handle.
    pub fn forget_abort(self) {
        if let Some(abort) = self.abort {
            abort.dispose();
        }
    }

    /// Forgets the credentials.
    pub fn forget(&self) {
        self.shown.set_value(BTreeMap::new());
        self.too_large.set_value(call::LargeCall::default());
        self.billing.set_value(Billing::default());
        self.ended.set_value(BTreeSet::new());
        self.sign_in_count.update_value(|sign_in_count| *sign_in_count += 1);
    }

    /// Forgets the credentials of the main system and of what shares them; those of other servers stay.
    fn forget_what_is_shared(&self) {
        let goes = |system: &System| *system == System::main() || system.shares_credentials_with_main();
        self.shown.update_value(|shown| shown.retain(|system, _| !goes(system)));
        self.ended.update_value(|ended| ended.retain(|system| !goes(system)));
        if goes(&System::LogiSense) {
            self.billing.set_value(Billing::default());
        }
        self.sign_in_count.update_value(|sign_in_count| *sign_in_count += 1);
    }

    /// Goes up whenever credentials are forgotten or replaced: an answer to what was asked before is thrown away.
    pub fn sign_in_count(&self) -> u64 {
        self.sign_in_count.get_value()
    }

    /// Whether anybody is signed in anywhere.
    fn is_signed_in(&self) -> bool {
        self.shown.with_value(|shown| !shown.is_empty())
            || self.billing.with_value(|billing| !matches!(billing.token, TokenState::Nobody))
    }

    /// The person does not want to wait for the end of a pause: the next call that needs a renewal asks for it.
    pub fn renew_without_waiting(&self) {
        self.haste.update_value(|haste| *haste += 1);
    }

    /// A system's session has ended. Says whether that is news.
    pub fn end_session(&self, system: System) -> bool {
        self.ended.try_update_value(|ended| ended.insert(system)).unwrap_or_default()
    }

    pub fn has_ended(&self, system: System) -> bool {
        self.ended.with_value(|ended| ended.contains(&system))
    }

    fn authorization_at(&self, system: System) -> Option<String> {
        self.credential_at(system).map(|credential| credential.authorization)
    }

    fn credential_at(&self, system: System) -> Option<Credential> {
        let owner = self.signed_in_by(system);
        self.shown.with_value(|shown| shown.get(&owner).cloned())
    }
}
