//! What the person sees when the gateway before the systems lets nothing through, and how work goes on
//! by itself once it does. Nothing is sent meanwhile (`RestClient::gateway`).

use crate::api::{Barrier, LargeHeaders, RestClient, System};
use crate::data::session::{Session, SessionState};
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// After so long it is looked whether calls get through again, then more and more seldom, and whenever the person
/// comes back here: of some gateways each look that they turn away leaves a cookie in the browser.
const LOOK_AGAIN: Duration = Duration::from_secs(4);
/// At this many looks the time between them doubles, until it is some minutes.
const OFTEN: u32 = 4;
const MOST_DOUBLED: u32 = 6;

/// Looks whether calls get through again, as long as the gateway lets nothing through.
pub fn watch_gateway(client: RestClient) {
    let looks = StoredValue::new(0_u64);
    Effect::new(move || {
        let is_shut = client.gateway.get().is_some();
        looks.update_value(|looks| *looks += 1);
        if is_shut {
            look_later(client, looks, looks.get_value(), 0);
        }
    });
    let _ = window_event_listener(leptos::ev::focus, move |_| spawn_local(client.look_at_gateway()));
}

/// Holds the queue as long as the gateway lets nothing through, and lets it go on afterwards.
pub fn hold_queue_at_gateway(session: Session) {
    Effect::new(move |was_gone: Option<bool>| {
        let is_gone = session.client.gateway.get().is_some();
        if is_gone {
            for system in System::existing() {
                session.sync.session_expired(system);
            }
        } else if was_gone == Some(true) {
            untrack(|| go_on(session));
        }
        is_gone
    });
}

fn go_on(session: Session) {
    if session.state.with_untracked(|state| *state == SessionState::SignedOut) {
        return;
    }
    let known: Vec<System> = System::existing().filter(|system| !session.client.has_ended(*system)).collect();
    session.sync.go_on_at(&known);
    session.renewed.update(|times| *times += 1);
}

fn look_later(client: RestClient, looks: StoredValue<u64>, number: u64, before: u32) {
    let look_again = move || {
        if looks.try_get_value() != Some(number) {
            return;
        }
        spawn_local(async move {
            client.look_at_gateway().await;
            if client.gateway.try_get_untracked().flatten().is_some() {
                look_later(client, looks, number, before + 1);
            }
        });
    };
    set_timeout(look_again, pause_after(before));
}

fn pause_after(looks: u32) -> Duration {
    LOOK_AGAIN * 2_u32.pow((looks / OFTEN).min(MOST_DOUBLED))
}

/// Says over every screen that the gateway is in the way, with the way to it beside the work.
#[component]
pub fn GatewayBanner(client: RestClient) -> impl IntoView {
    let barrier = Memo::new(move |_| client.gateway.get().map(|(_, barrier)| barrier));
    let told = move |barrier| {
        let (what, until) = match barrier {
            Barrier::SignIn => (
                "You are no longer signed in at the gateway. ",
                "Nothing is sent and nothing is read until you are.".to_owned(),
            ),
            Barrier::Headers(by) => ("The request headers are too large. ", by.words()),
        };
        view! {
            <div class="gateway-banner" role="alert">
                <Icon name=IconName::Alert />
                <p>
                    <strong>{what}</strong>
                    {until}" What you type is kept, and is sent by itself afterwards."
                </p>
                {(barrier == Barrier::SignIn).then(|| view! { <a class="button" href=client.gateway_door target="_blank" rel="opener">"Sign in at the gateway in a new tab"</a> })}
            </div>
        }
    };
    let elsewhere = move || {
        let (system, by): (System, LargeHeaders) =
            client.too_large_at.get().filter(|_| barrier.get().is_none())?;
        Some(view! {
            <div class="gateway-banner" role="alert">
                <Icon name=IconName::Alert />
                <p>
                    <strong>{format!("The request headers are too large for {}. ", system.name())}</strong>
                    {by.words()}" What you type for it is kept, and is sent again by itself."
                </p>
            </div>
        })
    };
    view! {
        {move || barrier.get().map(told)}
        {elsewhere}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn who_is_turned_away_looks_more_and_more_seldom() {
        let mut spent = Duration::ZERO;
        let looks_in_an_hour = (0..)
            .take_while(|looks| {
                spent += pause_after(*looks);
                spent <= Duration::from_secs(3600)
            })
            .count();
        assert_eq!(pause_after(0), LOOK_AGAIN);
        assert!((20..40).contains(&looks_in_an_hour), "{looks_in_an_hour}");
        assert_eq!(pause_after(u32::MAX), Duration::from_secs(256));
    }
}
