//! What the person sees when the gateway before the systems no longer knows them, and how work goes on
//! by itself once it does. Nothing is sent meanwhile (`RestClient::gateway`).

use crate::api::{RestClient, System};
use crate::data::session::{Session, SessionState};
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// It is looked whether calls get through again: so often, and whenever the person comes back here.
const LOOK_AGAIN: Duration = Duration::from_secs(4);

/// Looks whether calls get through again, as long as the gateway lets nothing through.
pub fn watch_gateway(client: RestClient) {
    let looks = StoredValue::new(0_u64);
    Effect::new(move || {
        let gone = client.gateway.get();
        looks.update_value(|looks| *looks += 1);
        if let Some(system) = gone {
            look_later(client, system, looks, looks.get_value());
        }
    });
    let look_now = move || {
        if let Some(system) = client.gateway.get_untracked() {
            spawn_local(look(client, system));
        }
    };
    let _ = window_event_listener(leptos::ev::focus, move |_| look_now());
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

fn look_later(client: RestClient, system: System, looks: StoredValue<u64>, number: u64) {
    let look_again = move || {
        if looks.try_get_value() != Some(number) {
            return;
        }
        spawn_local(async move {
            look(client, system).await;
            if client.gateway.try_get_untracked().flatten().is_some() {
                look_later(client, system, looks, number);
            }
        });
    };
    set_timeout(look_again, LOOK_AGAIN);
}

async fn look(client: RestClient, system: System) {
    if client.is_let_through(system).await && client.gateway.get_untracked().is_some() {
        client.gateway.set(None);
    }
}

/// Says over every screen that the gateway is in the way, with the way to it beside the work.
#[component]
pub fn GatewayBanner(client: RestClient) -> impl IntoView {
    let is_gone = Memo::new(move |_| client.gateway.get().is_some());
    view! {
        <Show when=move || is_gone.get()>
            <div class="gateway-banner" role="alert">
                <Icon name=IconName::Alert />
                <p>
                    <strong>"You are no longer signed in at the gateway. "</strong>
                    "Nothing is sent and nothing is read until you are. What you type is kept, and goes on by itself afterwards."
                </p>
                <a class="button" href="/" target="_blank" rel="opener">"Sign in at the gateway in a new tab"</a>
            </div>
        </Show>
    }
}
