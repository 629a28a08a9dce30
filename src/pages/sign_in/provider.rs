//! Signing in at a provider's own page: this page goes there first; later, with work on it, a window beside it does.

use super::form::NOT_LOADED;
use crate::api::{Access, System};
use crate::data::session::{Arrival, Session};
use crate::ui::controls::{Icon, IconName};
use crate::ui::part::part;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

part! {
    /// The way to the provider of a system; `before` is who may go on.
    pub mod provider_part in openid: (session: Session, system: System, before: Option<Access>) =>
        view! { <ProviderSignIn session=session system=system before=before /> }
}

#[component]
fn ProviderSignIn(session: Session, system: System, before: Option<Access>) -> impl IntoView {
    let provider = system.connection().and_then(|connection| connection.open_id_connect.as_ref());
    let host = provider.map_or(system.name(), |provider| provider.host());
    let problem = RwSignal::new(None::<String>);
    let address = RwSignal::new(None::<String>);
    let is_opening = RwSignal::new(false);
    // Of two that were begun the later one counts.
    let begun = StoredValue::new(0_u32);
    let busy = session.is_arriving;
    let go_there = move || {
        busy.set(true);
        spawn_local(async move {
            let left = session.client.sign_in_at_provider(system).await;
            // The person may keep the browser from going there, and press again.
            busy.set(false);
            match left {
                Ok(()) => drop(is_opening.try_set(true)),
                Err(failure) => drop(problem.try_set(Some(failure.advice()))),
            }
        });
    };
    let go_beside = move |before: Access| {
        begun.update_value(|begun| *begun += 1);
        let own = begun.get_value();
        address.set(None);
        // Only within the press does a browser open it.
        let opened = window().open_with_url_and_target("", "_blank").ok().flatten();
        if let Some(opened) = &opened {
            // What is shown there has no hold on this page.
            let _ = opened.set_opener(&JsValue::NULL);
        }
        spawn_local(async move {
            let beside = match session.client.prepare_beside(system, before.user.clone()).await {
                Ok(beside) => beside,
                Err(failure) => {
                    let _ = opened.map(|opened| opened.close());
                    problem.try_set(Some(failure.advice()));
                    return;
                }
            };
            address.try_set(Some(beside.address.clone()));
            if let Some(opened) = opened {
                // The link beside leads there too.
                let _ = opened.location().set_href(&beside.address);
            }
            let result = session.client.sign_in_beside(system, beside, before).await;
            if begun.try_get_value() == Some(own) {
                address.try_set(None);
            }
            match result {
                // Also where nobody looks at this any more: the person is signed in.
                Ok(access) => {
                    let arrival = access.map_or(Arrival::Again(system), Arrival::Of);
                    if session.take_up_work(arrival).await.is_err() {
                        problem.try_set(Some(NOT_LOADED.to_owned()));
                    }
                }
                Err(failure) if begun.try_get_value() == Some(own) => {
                    problem.try_set(Some(failure.advice()));
                }
                Err(_) => {}
            }
        });
    };
    let press = move |_| {
        if busy.get_untracked() {
            return;
        }
        problem.set(None);
        is_opening.set(false);
        match before.clone() {
            None => go_there(),
            Some(before) => go_beside(before),
        }
    };
    view! {
        <div class="form">
            <button type="button" class="button" data-kind="primary" aria-disabled=move || busy.get().to_string() on:click=press>
                {move || if busy.get() { "Signing in".to_owned() } else { format!("Sign in at {host}") }}
            </button>
            <div role="status">
                {move || is_opening.get().then(|| view! { <p class="quiet">{format!("{host} opens here. If it does not, press again.")}</p> })}
                {move || address.get().map(|address| view! {
                    <p class="quiet">
                        {format!("{host} is open in another tab. Sign in there; work goes on here by itself. ")}
                        <a href=address target="_blank" rel="noopener">"Nothing opened? Open it here"</a>
                    </p>
                })}
            </div>
            <div role="alert">
                {move || problem.get().map(|text| view! { <p class="form-error"><Icon name=IconName::Alert />{text}</p> })}
            </div>
        </div>
    }
}
