//! The page: who may not, and the steps in their one order.

use super::desk::PurgeDesk;
use super::steps::Steps;
use crate::app::PageHead;
use crate::controls::{IconName, State};
use crate::rest_client::Failure;
use crate::service_usage::page::HOME;
use crate::sign_in::Session;
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn PurgePage() -> impl IntoView {
    let session = expect_context::<Session>();
    // The name that has to be typed is the platform's own; where it has none, the host's.
    let target = RwSignal::<Option<Result<String, Failure>>>::new(None);
    let read = move || {
        spawn_local(async move {
            let host = window().location().host().unwrap_or_default();
            let name = session.client.platform_name().await;
            target.try_set(Some(
                name.map(|name| if name.trim().is_empty() { host } else { name.trim().to_owned() }),
            ));
        });
    };
    read();
    let body = move || {
        match target.get() {
        None => view! { <p class="quiet purge" role="status">"Asking the platform for its name"</p> }.into_any(),
        Some(Err(failure)) => view! {
            <State icon=IconName::Alert tone=Tone::Bad title=failure.title() text=failure.advice() detail=failure.request_id.map(|id| format!("Request {id}")).unwrap_or_default()>
                <button class="button" on:click=move |_| read()>"Try again"</button>
            </State>
        }
        .into_any(),
        Some(Ok(name)) => {
            let desk = PurgeDesk::new(session, name);
            view! { <Steps desk=desk /> }.into_any()
        }
    }
    };
    let back = move || view! { <span class="crumb"><a href=HOME>"Service usage"</a><span aria-hidden="true">"/"</span></span> };
    view! {
        <PageHead title="Purge and reseed" before=back />
        <div class="purge-page">{body}</div>
    }
}
