//! One session for all open tabs of a browser: credentials are handed from tab to tab by a channel within
//! this origin, in memory only. Not here: what a session begins and ends (`data::session`).

use super::billing_session::{Renewal, Token, TokenState, elapsed};
use super::sign_in::Credential;
use super::{Access, RestClient, SignInMethod, System, connections};
use js_sys::{Array, Promise};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// Who is signed in, with the credentials.
pub const WHO: &str = "who";
/// Whether something of this person is not settled.
pub const UNSETTLED: &str = "unsettled";
/// This person's token of LogiSense; behind a blank the one that is no longer taken.
pub const BILLING: &str = "billing";

/// This person has signed in, perhaps again.
pub const SIGNED_IN: &str = "signed in";
/// This person has signed out.
pub const SIGNED_OUT: &str = "signed out";

/// What stands before the systems of these connections lets nothing through.
pub(super) const GATEWAY_SHUT: &str = "gateway shut";
/// It lets calls through again.
pub(super) const GATEWAY_OPEN: &str = "gateway open";

/// In milliseconds.
const ASKED_AGAIN_AFTER: u64 = 60_000;

#[wasm_bindgen(module = "/src/api/open_tabs.js")]
extern "C" {
    #[derive(Clone)]
    pub(super) type OpenTabs;

    #[wasm_bindgen(constructor)]
    pub(super) fn new() -> OpenTabs;

    #[wasm_bindgen(method)]
    fn listen(this: &OpenTabs, answer: JsValue, heard: JsValue);

    #[wasm_bindgen(method, catch)]
    async fn ask(this: &OpenTabs, question: &str, person: &str, own_seats: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method)]
    fn tell(this: &OpenTabs, news: &str, person: &str);
}

/// A session as one tab hands it to another.
#[derive(Deserialize, Serialize)]
pub struct HandedSession {
    /// What that tab is connected to: its credentials are for nobody else.
    connections: String,
    user: String,
    subject: Option<String>,
    name: Option<String>,
    method: SignInMethod,
    shown: BTreeMap<System, Credential>,
    /// Whether this tab can give a token of LogiSense.
    gives_billing: bool,
}

impl HandedSession {
    /// A tab that was opened before connections.json changed may be connected to other systems than this one, or know the
    /// person in a way that is not allowed any more.
    pub fn is_of_these_connections(&self) -> bool {
        let main = System::main().connection();
        self.connections == connections().identity()
            && main.is_some_and(|main| main.methods().contains(&self.method))
    }

    /// A token whose owner nobody tells is the same person's only where it is the same token.
    pub fn is_of_same_person(&self, other: &Self) -> bool {
        let is_same_name = self.user == other.user && self.subject == other.subject;
        is_same_name && (!self.user.is_empty() || self.shown == other.shown)
    }

    /// What that tab shows a system.
    pub(super) fn shown_at(&self, system: System) -> Option<Credential> {
        self.shown.get(&system).cloned()
    }
}

impl RestClient {
    /// Answers the other tabs from now on: `answer` takes a question and the person that it is about, `heard`
    /// news.
    pub fn listen_to_open_tabs(
        &self,
        answer: impl Fn(String, String) -> Option<Promise> + 'static,
        heard: impl Fn(String, String) + 'static,
    ) {
        let answer = Closure::<dyn Fn(String, String) -> Option<Promise>>::new(answer).into_js_value();
        let client = *self;
        let heard = move |news: String, about: String| {
            if !client.hear_of_gateway(&news, &about) {
                heard(news, about);
            }
        };
        let heard = Closure::<dyn Fn(String, String)>::new(heard).into_js_value();
        self.tabs.with_value(|tabs| tabs.listen(answer, heard));
    }

    /// What the other tabs answer; nothing where there is none, none has a word to say, or this browser has
    /// no locks by which tabs know of each other.
    pub async fn ask_open_tabs(&self, question: &str, person: &str) -> Vec<String> {
        let tabs = self.tabs.get_value();
        let Ok(texts) = tabs.ask(question, person, u32::from(self.is_signed_in())).await else {
            return Vec::new();
        };
        texts.unchecked_into::<Array>().iter().filter_map(|text| text.as_string()).collect()
    }

    /// News of a person, or of a gateway.
    pub fn tell_open_tabs(&self, news: &str, about: &str) {
        self.tabs.with_value(|tabs| tabs.tell(news, about));
    }

    /// The session as another tab may have it.
    pub fn hand_over(&self, access: &Access) -> Option<HandedSession> {
        let gives_billing = !self.has_ended(System::LogiSense)
            && self.billing.with_value(|billing| !matches!(billing.token, TokenState::Nobody));
        let shown = self.shown.get_value();
        (!self.has_ended(System::main()) && self.is_signed_in()).then(|| HandedSession {
            connections: connections().identity(),
            user: access.user.clone(),
            subject: access.subject.clone(),
            name: access.name.clone(),
            method: access.method,
            shown,
            gives_billing,
        })
    }

    /// Begins with another tab's session.
    pub fn take_over(&self, handed: HandedSession) -> Access {
        let HandedSession { user, subject, name, method, shown, gives_billing, .. } = handed;
        self.forget();
        self.shown.set_value(shown);
        let access = Access { subject, name, ..self.access_of(user, method) };
        if gives_billing {
            self.bill_by_other_tab(&access);
        }
        access
    }

    /// Goes on with what another tab of the same person has by now, at the systems whose session has
    /// ended here. Says which those are.
    pub fn renew_by(&self, handed: HandedSession, access: &Access, systems: &[System]) -> Vec<System> {
        if !access.is_named() || handed.user != access.user || handed.subject != access.subject {
            return Vec::new();
        }
        let is_new = |system: &System| match system {
            System::LogiSense => handed.gives_billing,
            _ => handed.shown.get(system).is_some_and(|new| {
                self.credential_at(*system)
                    .is_none_or(|own| new.since > own.since && new.authorization != own.authorization)
            }),
        };
        let renewed: Vec<_> =
            systems.iter().copied().filter(|system| self.has_ended(*system)).filter(is_new).collect();
        for system in &renewed {
            self.ended.update_value(|ended| {
                ended.remove(system);
            });
            match handed.shown.get(system) {
                Some(new) => self.show(*system, new.clone()),
                None => self.bill_by_other_tab(access),
            }
        }
        renewed
    }

    /// The token of LogiSense that another tab of this person has. It is asked for anew before long: that tab
    /// renews it.
    pub(super) async fn billing_token_of_other_tab(
        &self,
        person: &str,
        worn_out: Option<&str>,
    ) -> Option<Token> {
        let worn_out = worn_out.map(|token| format!("{BILLING} {token}"));
        let access =
            self.ask_open_tabs(worn_out.as_deref().unwrap_or(BILLING), person).await.into_iter().next()?;
        let renewal = Renewal::OtherTab { person: person.to_owned() };
        let renew_at = elapsed().saturating_add(ASKED_AGAIN_AFTER);
        Some(Token { access, renewal, renew_at })
    }

    fn bill_by_other_tab(&self, access: &Access) {
        let person = self.person(access);
        self.billing.update_value(|billing| billing.token = TokenState::InOtherTab { person });
    }

    /// A token of LogiSense for another tab, which this one goes on renewing: also when that tab finds that it is no
    /// longer taken.
    pub fn billing_for_other_tab(&self, worn_out: Option<&str>) -> Option<Promise> {
        let gives = self.billing.with_value(|billing| {
            !matches!(billing.token, TokenState::Nobody | TokenState::InOtherTab { .. })
        });
        let (client, worn_out) = (*self, worn_out.map(str::to_owned));
        (gives && !self.has_ended(System::LogiSense)).then(|| {
            future_to_promise(async move {
                let token = client.billing_token(worn_out.as_deref()).await;
                Ok(token.map_or(JsValue::UNDEFINED, JsValue::from))
            })
        })
    }
}
