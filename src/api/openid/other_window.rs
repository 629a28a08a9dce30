//! Signing in in a window beside the work: the page that the provider leads back to there hands its answer to the tab
//! that asked, by a channel within this origin. Whether that window was closed is never asked.

use super::answer::{Answered, at_provider, exchange, text_of};
use super::grant::Grant;
use super::leaving::take_back;
use super::pending::Pending;
use super::request::{Whom, prepared};
use crate::api::failure::Failure;
use crate::api::{Access, RestClient, System};
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "usage-desk-sign-in";
const STATE: &str = "state";
const QUERY: &str = "query";
const TAKEN: &str = "taken";

/// How long a tab that asked may take to say so, in milliseconds.
const SPEAKS_UP_WITHIN: i32 = 3_000;

/// A sign-in that is to be answered in another window.
#[derive(Clone)]
pub struct Beside {
    asked: Pending,
    /// Where that window is to go.
    pub address: String,
}

thread_local! {
    /// Whether the last answer was another person's.
    static WAS_ANOTHER: Cell<bool> = const { Cell::new(false) };
    /// Ends the wait for an answer that nobody waits for any more.
    static GIVE_UP: RefCell<Option<Function>> = const { RefCell::new(None) };
}

pub(super) async fn prepare(system: System, hint: String) -> Result<Beside, Failure> {
    let whom = Whom { hint, was_another: WAS_ANOTHER.get() };
    prepared(system, &whom).await.map(|(asked, address)| Beside { asked, address })
}

pub(super) async fn take(
    client: RestClient,
    system: System,
    beside: Beside,
    before: Access,
) -> Result<Option<Access>, Failure> {
    let fails = |words: String| at_provider(system, words);
    let sign_in_count = client.sign_in_count.get_value();
    let channel = BroadcastChannel::new(CHANNEL).map_err(|_| {
        fails("This browser does not let the tabs of this page speak to each other, so the provider\u{2019}s answer cannot come here. Allow this site\u{2019}s cookies and press again.".to_owned())
    })?;
    let query = answer_to(&beside.asked.state, channel)
        .await
        .ok_or_else(|| fails("It was begun anew.".to_owned()))?;
    let answered = Answered::read(&query).ok_or_else(|| fails("Its answer cannot be read.".to_owned()))?;
    let signed_in = exchange(beside.asked, &answered).await.map_err(fails)?;
    // Of the main system it is whoever works here; of another one whoever was there before, if anybody was. A name alone
    // says nothing: another person may have it at another place.
    let known = if system == System::main() {
        Some(before.subject.clone().unwrap_or_default())
    } else {
        Grant::of(client, system).and_then(|grant| grant.whose())
    };
    let is_another = known.is_some_and(|known| signed_in.grant.whose() != Some(known));
    WAS_ANOTHER.set(is_another);
    if is_another {
        take_back(&signed_in.grant).await;
        return Err(fails(format!(
            "This is {}. Only {} can go on here, signed in as before. Press again: you are asked who you are.",
            signed_in.user,
            before.shown_name()
        )));
    }
    signed_in.take_effect(client, sign_in_count).await.map_err(fails)
}

/// The query by which the provider led another window back, once it answers this question.
async fn answer_to(state: &str, channel: BroadcastChannel) -> Option<String> {
    let own = state.to_owned();
    let waited = Promise::new(&mut |resolve, _| {
        if let Some(give_up) = GIVE_UP.replace(Some(resolve.clone())) {
            let _ = give_up.call0(&JsValue::UNDEFINED);
        }
        let (own, answering) = (own.clone(), channel.clone());
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            let Some(query) = text_of(&data, QUERY).filter(|_| text_of(&data, STATE).as_ref() == Some(&own))
            else {
                return;
            };
            // Where it cannot be told, that window says that it was asked for by nobody.
            let _ = answering.post_message(&message(&[(TAKEN, &own)]));
            let _ = resolve.call1(&JsValue::UNDEFINED, &query.into());
        });
        channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    });
    let answer = JsFuture::from(waited).await.ok()?.as_string();
    channel.close();
    answer
}

/// Hands an answer to whichever tab has asked for it. Says whether one has taken it.
pub(super) async fn hand_to_other_tab(state: &str, query: &str) -> bool {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return false };
    let own = state.to_owned();
    let waited = Promise::new(&mut |resolve, _| {
        let (own, taken) = (own.clone(), resolve.clone());
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if text_of(&event.data(), TAKEN).as_ref() == Some(&own) {
                let _ = taken.call1(&JsValue::UNDEFINED, &JsValue::TRUE);
            }
        });
        channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        // Without it the wait would not end: then nobody is believed to have taken it.
        if window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, SPEAKS_UP_WITHIN).is_err()
        {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    let is_sent = channel.post_message(&message(&[(STATE, state), (QUERY, query)])).is_ok();
    let taken = is_sent && JsFuture::from(waited).await.is_ok_and(|taken| taken.is_truthy());
    channel.close();
    taken
}

fn message(members: &[(&str, &str)]) -> Object {
    let message = Object::new();
    for (name, value) in members {
        // A plain object takes any member.
        let _ = Reflect::set(&message, &(*name).into(), &(*value).into());
    }
    message
}
