//! One system: where it is, how it knows people, and a try of it that says in words what is wrong.

use crate::api::{ConnectionFault, FailureKind, SignInMethod, System};
use crate::data::latest::Latest;
use crate::data::session::Session;
use crate::ui::controls::Badge;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::{AnswerShape, Vendor};

#[derive(Clone, PartialEq)]
enum Tried {
    NotYet,
    UnderWay,
    Done(Result<(), ConnectionFault>),
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
    let service = connection.token_service.as_deref().map(shown);
    let methods: Vec<&str> = connection.methods().iter().map(|method| method_words(*method)).collect();
    let try_it = move |_| {
        if tried.get_untracked() == Tried::UnderWay {
            return;
        }
        tried.set(Tried::UnderWay);
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
                <div role="status">{move || told(session, system, &tried.get())}</div>
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

fn told(session: Session, system: System, tried: &Tried) -> AnyView {
    let is_nobody = session.with_access(|access| access.is_none());
    let fault = match tried {
        Tried::NotYet => return ().into_any(),
        Tried::UnderWay => return view! { <span class="quiet">"Asking"</span> }.into_any(),
        Tried::Done(Ok(())) if is_nobody => {
            return view! {
                <Badge tone=Tone::Warn text="It answers without asking who you are" />
                <p>"Nobody is signed in here, and it gave its list all the same: whoever reaches its address can read it, or a gateway before it knows you."</p>
            }
            .into_any();
        }
        Tried::Done(Ok(())) => {
            return view! { <Badge tone=Tone::Ok text="It answers, and knows you" /> }.into_any();
        }
        Tried::Done(Err(fault)) => fault,
    };
    if let (ConnectionFault::System(failure), true) = (fault, is_nobody)
        && failure.kind == FailureKind::SignedOut
    {
        return view! {
            <Badge tone=Tone::Ok text="It answers" />
            <p>"Whether it knows you shows once you have signed in."</p>
        }
        .into_any();
    }
    let (title, advice) = words(system, fault);
    let detail = match fault {
        ConnectionFault::System(failure) | ConnectionFault::TokenService(failure) => failure.detail(),
        ConnectionFault::Stranger { status, .. } | ConnectionFault::TokenStranger { status, .. } => {
            format!("Status {status}")
        }
        ConnectionFault::LeadsElsewhere => String::new(),
    };
    view! {
        <Badge tone=Tone::Bad text=title />
        <p>{advice}</p>
        <p class="quiet">{detail}</p>
    }
    .into_any()
}

/// What a fault says of a connection, and what to do about it.
fn words(system: System, fault: &ConnectionFault) -> (String, String) {
    let is_elsewhere = |address: Option<&String>| address.is_some_and(|address| address.contains("://"));
    let connection = system.connection();
    let (title, advice) = match fault {
        ConnectionFault::LeadsElsewhere => (
            "The address leads elsewhere",
            "A redirect came in place of an answer. A gateway sends one to whoever is not signed in there: sign in at it in another tab, and test again. Where no gateway stands before this system, the base address in connections.json is wrong.".to_owned(),
        ),
        ConnectionFault::Stranger { shape, .. } => {
            let base = "The base address in connections.json is probably wrong.";
            ("Something answers there, but not this system", stranger(system, *shape, base))
        }
        ConnectionFault::TokenStranger { shape, .. } => {
            let base = "tokenService in connections.json is probably wrong.";
            ("It answers, but there is no token service at the address", stranger(system, *shape, base))
        }
        ConnectionFault::System(failure) => match failure.kind {
            FailureKind::Unreachable if is_elsewhere(connection.map(|it| &it.base)) => (
                "No answer",
                "The system may be stopped, its address may be wrong, it may not let this page ask (it has to allow the page\u{2019}s origin, CORS), or what comes is not packed as its Content-Encoding says.".to_owned(),
            ),
            FailureKind::Unreachable => (
                "No answer",
                "The server of this page may be stopped, the system behind it may not answer in time, or what comes is not packed as its Content-Encoding says.".to_owned(),
            ),
            FailureKind::SignedOut => (
                "It answers, and does not know you",
                "Open one of its screens: it asks you to sign in. Where it goes on asking, it knows people in another way than connections.json says.".to_owned(),
            ),
            FailureKind::NotFound => (
                "It answers, and does not have what this console reads",
                "It is the right kind of system, in another version or without this service. Ask whoever runs it.".to_owned(),
            ),
            _ => return (failure.title(), failure.advice()),
        },
        ConnectionFault::TokenService(failure) => match failure.kind {
            FailureKind::Unreachable if is_elsewhere(connection.and_then(|it| it.token_service.as_ref())) => (
                "It answers; its token service does not",
                "The token service may be stopped, its address may be wrong, or it may not let this page ask: it has to allow the page\u{2019}s origin (CORS).".to_owned(),
            ),
            FailureKind::Unreachable => (
                "It answers; its token service does not",
                "The token service behind the server of this page does not answer in time.".to_owned(),
            ),
            FailureKind::Blocked(_) => return (failure.title(), failure.advice()),
            FailureKind::AtGateway { .. } | FailureKind::NotRouted => (
                "It answers; its token service does not",
                "A web page or a redirect came from the token service\u{2019}s address. Its address in connections.json is probably wrong, or a gateway stands before it.".to_owned(),
            ),
            _ => (
                "It answers; its token service does not",
                format!("{}. {}", failure.title(), failure.advice()),
            ),
        },
    };
    (title.to_owned(), advice)
}

/// What answers in another's place; `base` says which address is probably wrong.
fn stranger(system: System, shape: AnswerShape, base: &str) -> String {
    match shape {
        AnswerShape::Empty => format!("An empty answer came. {base}"),
        AnswerShape::Page => format!(
            "A web page came. {base} Where a gateway stands before this system, sign in at it in another tab, and test again."
        ),
        AnswerShape::Text => format!("A text came that is not JSON. {base}"),
        AnswerShape::OtherJson => format!("JSON of something else came. {base}"),
        AnswerShape::Records(vendor) | AnswerShape::Refusal(vendor) => {
            let other = match vendor {
                Vendor::Oracle => System::Oracle,
                Vendor::LogiSense => System::LogiSense,
                Vendor::CloudFoundry => System::CloudFoundry,
            };
            if other == system {
                format!("It is an answer of {}, but to another question. {base}", other.name())
            } else {
                format!(
                    "It is an answer of {}. The base addresses in connections.json may be swapped.",
                    other.name()
                )
            }
        }
    }
}
