//! One system: where it is, how it knows people, and a try of it that says in words what is wrong.

use crate::api::{Failure, FailureKind, SignInMethod, System};
use crate::data::latest::Latest;
use crate::data::session::Session;
use crate::ui::controls::Badge;
use connections::page_headers::origin_of;
use grid_model::Tone;
use leptos::prelude::*;

#[derive(Clone, PartialEq)]
enum Tried {
    NotYet,
    UnderWay,
    Done(Result<(), Failure>),
}

#[component]
pub fn ConnectionTest(session: Session, system: System) -> impl IntoView {
    let tried = RwSignal::new(Tried::NotYet);
    let latest = Latest::new(session);
    let Some(connection) = system.connection() else {
        return view! {
            <article class="connection">
                <h3>{system.name()}</h3>
                <p class="quiet">"Not connected: connections.json does not name it, and it has no screens."</p>
            </article>
        }
        .into_any();
    };
    let origin = window().location().origin().unwrap_or_default();
    let shown = |base: &str| if base.contains("://") { base.to_owned() } else { format!("{origin}{base}") };
    let address = shown(&connection.base);
    let asked_origin = origin_of(&connection.base);
    let is_blocked = RwSignal::new(false);
    // The browser tells a page what it keeps it from, and tells nobody why a request had no answer.
    let blocking = window_event_listener_untyped("securitypolicyviolation", move |event| {
        let told = js_sys::Reflect::get(&event, &"blockedURI".into()).ok().and_then(|told| told.as_string());
        if asked_origin.is_some() && told.and_then(|address| origin_of(&address)) == asked_origin {
            is_blocked.set(true);
        }
    });
    on_cleanup(move || blocking.remove());
    let service = connection.token_service.as_deref().map(shown);
    let methods: Vec<&str> = connection.methods().iter().map(|method| method_words(*method)).collect();
    let try_it = move |_| {
        if tried.get_untracked() == Tried::UnderWay {
            return;
        }
        tried.set(Tried::UnderWay);
        is_blocked.set(false);
        let client = session.client;
        let ask = async move |_| Ok(client.try_connection(system).await);
        latest.start(ask, move |result| {
            if let Ok(result) = result {
                tried.set(Tried::Done(result));
            }
        });
    };
    view! {
        <article class="connection">
            <h3>{system.name()}</h3>
            <dl class="connection-facts">
                <dt>"Address"</dt><dd><code>{address}</code></dd>
                {service.map(|service| view! { <dt>"Token service"</dt><dd><code>{service}</code></dd> })}
                <dt>"Sign-in"</dt><dd>{methods.join(", ")}</dd>
                {connection.client_id.clone().map(|client| view! { <dt>"Client"</dt><dd><code>{client}</code></dd> })}
            </dl>
            <div class="connection-test">
                <button class="button" aria-label=format!("Test the connection to {}", system.name())
                    aria-disabled=move || (tried.get() == Tried::UnderWay).to_string() on:click=try_it>
                    "Test the connection"
                </button>
                <div role="status">{move || told(&tried.get(), is_blocked.get())}</div>
            </div>
        </article>
    }
    .into_any()
}

fn method_words(method: SignInMethod) -> &'static str {
    match method {
        SignInMethod::TokenService => "password (OAuth)",
        SignInMethod::Basic => "password (Basic)",
        SignInMethod::AccessToken => "access token",
        SignInMethod::OpenIdConnect => "OpenID Connect",
    }
}

fn told(tried: &Tried, is_blocked: bool) -> AnyView {
    match tried {
        Tried::NotYet => ().into_any(),
        Tried::UnderWay => view! { <span class="quiet">"Asking"</span> }.into_any(),
        Tried::Done(Ok(())) => view! { <Badge tone=Tone::Ok text="It answers, and knows you" /> }.into_any(),
        Tried::Done(Err(failure)) => {
            let (title, advice) = words(failure, is_blocked);
            view! {
                <Badge tone=Tone::Bad text=title />
                <p>{advice}</p>
                <p class="quiet">{failure.detail()}</p>
            }
            .into_any()
        }
    }
}

/// What a failure says of a connection, and what to do about it.
fn words(failure: &Failure, is_blocked: bool) -> (String, String) {
    let is_elsewhere = failure.system.connection().is_some_and(|connection| connection.base.contains("://"));
    let (title, advice) = match failure.kind {
        FailureKind::Unreachable if is_blocked => (
            "Blocked by this page\u{2019}s Content-Security-Policy",
            "The header that came with this page does not name the system in connect-src. Have the web server send the one under \u{201c}Headers of this page\u{201d}, and reload the page.",
        ),
        FailureKind::Unreachable if is_elsewhere => (
            "No answer",
            "The system may be stopped, its address may be wrong, or it may not let this page ask: it has to allow the page\u{2019}s origin (CORS).",
        ),
        FailureKind::Unreachable => (
            "No answer",
            "The server of this page may be stopped, or the system behind it does not answer in time.",
        ),
        FailureKind::SignedOut => (
            "It answers, and does not know you",
            "Open one of its screens: it asks you to sign in. Where it goes on asking, it knows people in another way than connections.json says.",
        ),
        FailureKind::NotFound => (
            "Something answers there, but not this system",
            "The base address in connections.json is probably wrong.",
        ),
        _ => return (failure.title(), failure.advice()),
    };
    (title.to_owned(), advice.to_owned())
}
