//! The form: user, password, and how the system knows a person.

use super::provider::provider_part;
use crate::apart::NotLoaded;
use crate::api::{Access, DemoPerson, Failure, FailureKind, SignInMethod, System, TokenClient};
use crate::data::session::{Arrival, Session};
use crate::next_task::{after, within};
use crate::ui::controls::{Icon, IconName};
use crate::ui::part::{is_renewed, reload};
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

const METHODS: [(SignInMethod, &str, &str); 3] = [
    (SignInMethod::TokenService, "token-service", "Password (OAuth)"),
    (SignInMethod::Basic, "basic", "Password (Basic)"),
    (SignInMethod::AccessToken, "access-token", "Access token"),
];

/// Of a sign-in, in milliseconds: after so long the person is told that it takes its time, and after so long it has failed.
const SLOW: i32 = 5_000;
const LONGEST: i32 = 30_000;

const RENEWED: &str = "You are known, but Usage Desk was renewed meanwhile, and what comes next is of the new version. Reload the page and sign in again.";
pub(super) const NOT_LOADED: &str = "You are known, but a part of Usage Desk could not be fetched: the connection failed, or the server does not give it now. Nothing that you typed is lost; try again.";

/// The ways to sign in at a system; `goes_on` means that only this person may go on, at the system whose session has
/// ended.
#[component]
pub fn SignIn(
    session: Session,
    #[prop(optional, into)] goes_on: Option<(Access, System)>,
    #[prop(optional)] demo_users: bool,
) -> impl IntoView {
    let system = goes_on.as_ref().map_or(System::main(), |(_, system)| *system);
    let has = |is_way: fn(&SignInMethod) -> bool| {
        system.connection().is_some_and(|it| it.methods().iter().any(is_way))
    };
    let before = goes_on.as_ref().map(|(access, _)| access.clone());
    let at_provider = has(|method| *method == SignInMethod::OpenIdConnect)
        .then(|| provider_part::view(session, system, before));
    let by_form = has(|method| *method != SignInMethod::OpenIdConnect)
        .then(|| view! { <SignInForm session=session goes_on=goes_on demo_users=demo_users /> });
    view! { <div class="form">{at_provider}{by_form}</div> }
}

/// Signs in as whoever the form says; `goes_on` means that only this person may go on, at the system
/// whose session has ended.
#[component]
fn SignInForm(session: Session, goes_on: Option<(Access, System)>, demo_users: bool) -> impl IntoView {
    let system = goes_on.as_ref().map_or(System::main(), |(_, system)| *system);
    let before = goes_on.map(|(access, _)| access);
    let fixed_user = before.as_ref().filter(|access| access.is_named()).map(|access| access.user.clone());
    // Another server may know the person by another name.
    let is_own_name = system == System::main() || system.shares_credentials_with_main();
    let methods = system.connection().map_or(&[][..], |connection| connection.methods());
    let is_choice = METHODS.into_iter().filter(|(each, ..)| methods.contains(each)).count() > 1;
    let named_client = system.connection().and_then(|connection| connection.client_id.clone());
    let is_client_named = named_client.is_some();
    let before = StoredValue::new(before);
    let user = RwSignal::new(fixed_user.clone().unwrap_or_default());
    let client_id = RwSignal::new(named_client.unwrap_or_default());
    let client_secret = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let method_before = before.with_value(|before| before.as_ref().map(|access| access.method));
    let usual = methods
        .iter()
        .copied()
        .find(|method| *method != SignInMethod::OpenIdConnect)
        .unwrap_or(SignInMethod::TokenService);
    let is_here = |method: &SignInMethod| *method != SignInMethod::OpenIdConnect && methods.contains(method);
    let method = RwSignal::new(method_before.filter(is_here).unwrap_or(usual));
    let busy = session.is_arriving;
    let problem = RwSignal::new(None::<String>);
    let lacks_part = RwSignal::new(false);
    let is_slow = RwSignal::new(false);
    let is_renewed = is_renewed();
    let is_fixed = fixed_user.is_some() && is_own_name;

    let sign_in = move |name: String, secret: String| {
        if busy.get_untracked() {
            return;
        }
        if (name.is_empty() && method.get_untracked() != SignInMethod::AccessToken) || secret.is_empty() {
            problem.set(Some("Fill in both fields.".to_owned()));
            return;
        }
        busy.set(true);
        problem.set(None);
        lacks_part.set(false);
        is_slow.set(false);
        spawn_local(async move {
            after(SLOW).await;
            is_slow.try_set(true);
        });
        spawn_local(async move {
            let method = method.get_untracked();
            let client = TokenClient {
                id: client_id.get_untracked().trim().to_owned(),
                secret: client_secret.get_untracked(),
            };
            // A token says itself whose it is: a name that was typed before counts for nothing.
            let name = if method == SignInMethod::AccessToken { String::new() } else { name };
            let signing_in = async {
                if system == System::main() {
                    session.client.sign_in(method, &client, &name, &secret).await.map(Some)
                } else {
                    session.client.sign_in_at(system, method, &client, &name, &secret).await.map(|()| None)
                }
            };
            // It asks several things one after the other, each of which may hang.
            let result = within(LONGEST, signing_in).await;
            let result = result.unwrap_or_else(|| Err(Failure::new(system, FailureKind::Unreachable)));
            let arrival = match result {
                Ok(None) => Ok(Arrival::Again(system)),
                Ok(Some(access)) => before
                    .with_value(|before| may_go_on(before.as_ref(), &access))
                    .map(|()| Arrival::Of(access))
                    .inspect_err(|_| {
                        session.client.forget();
                        session.client.end_session(System::main());
                    }),
                Err(failure) => Err(words(&failure, method, session.client.perhaps_gateway.get_untracked())),
            };
            let at_work = match arrival {
                Ok(arrival) => session.take_up_work(arrival).await.map_err(|NotLoaded| None),
                Err(words) => Err(Some(words)),
            };
            // A form that led on may have gone. Until it goes it is busy.
            if let Err(words) = at_work {
                busy.set(false);
                lacks_part.try_set(words.is_none());
                problem.try_set(words);
                return;
            }
            password.try_set(String::new());
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        sign_in(user.get_untracked().trim().to_owned(), password.get_untracked());
    };
    let wants_token = move || method.get() == SignInMethod::AccessToken;
    let people = RwSignal::new(Vec::<DemoPerson>::new());
    if demo_users {
        spawn_local(async move {
            let found = session.client.demo_people().await;
            people.try_set(found);
        });
    }
    let demo = move |person: DemoPerson| {
        let name = person.user_name.clone();
        let press = move |_| {
            // Their passwords are their names, whichever way a password goes.
            let by_password = methods
                .iter()
                .find(|method| matches!(method, SignInMethod::TokenService | SignInMethod::Basic));
            method.set(by_password.copied().unwrap_or(SignInMethod::TokenService));
            user.set(name.clone());
            sign_in(name.clone(), name.clone());
        };
        view! {
            <button type="button" class="demo-user" disabled=move || busy.get() on:click=press>
                <strong>{person.user_name}</strong>" "
                <span class="quiet">{format!("{}, {}", person.display_name, person.role)}</span>
            </button>
        }
    };
    // Who goes on is known: only what proves it is left to be typed.
    let secret = NodeRef::<Input>::new();
    let is_first = is_fixed || before.with_value(Option::is_some);
    Effect::new(move || {
        if let Some(secret) = secret.get().filter(|_| is_first) {
            // In a dialog that is not open yet the attribute does it.
            let _ = secret.focus();
        }
    });
    view! {
        <form class="form" on:submit=submit>
            <div hidden=wants_token>
                <label class="label" for="sign-in-user">"User"</label>
                <input class="input" id="sign-in-user" autocomplete="username" spellcheck="false" autocapitalize="none"
                    readonly=is_fixed prop:value=user on:input:target=move |event| user.set(event.target().value()) />
            </div>
            <div>
                <label class="label" for="sign-in-password">{move || if wants_token() { "Access token" } else { "Password" }}</label>
                <input class="input" id="sign-in-password" type="password" autocomplete="current-password" node_ref=secret autofocus=is_first
                    aria-describedby="sign-in-problem" aria-invalid=move || problem.get().is_some().to_string()
                    prop:value=password on:input:target=move |event| password.set(event.target().value()) />
            </div>
            <div hidden=!is_choice>
                <label class="label" for="sign-in-method">"Sign-in method"</label>
                <select class="input" id="sign-in-method" on:change:target=move |event| {
                    let chosen = event.target().value();
                    if let Some((found, ..)) = METHODS.iter().find(|(_, code, _)| *code == chosen) {
                        method.set(*found);
                    }
                }>
                    {METHODS.into_iter().filter(|(each, ..)| methods.contains(each)).map(|(each, code, words)| view! { <option value=code selected=move || method.get() == each>{words}</option> }).collect_view()}
                </select>
            </div>
            <details hidden=move || is_client_named || method.get() != SignInMethod::TokenService || system == System::LogiSense>
                <summary>"Client of the token service"</summary>
                <p class="quiet">"Empty: none, or the public client \u{201c}cf\u{201d} where the service wants one."</p>
                <label class="label" for="sign-in-client">"Client"</label>
                <input class="input" id="sign-in-client" autocomplete="off" spellcheck="false" autocapitalize="none"
                    prop:value=client_id on:input:target=move |event| client_id.set(event.target().value()) />
                <label class="label" for="sign-in-client-secret">"Client secret"</label>
                <input class="input" id="sign-in-client-secret" type="password" autocomplete="off"
                    prop:value=client_secret on:input:target=move |event| client_secret.set(event.target().value()) />
            </details>
            <div id="sign-in-problem" role="alert">
                {move || {
                    let renewed = lacks_part.get() && is_renewed();
                    let missing = if renewed { RENEWED } else { NOT_LOADED };
                    let text = problem.get().or(lacks_part.get().then(|| missing.to_owned()));
                    text.map(|text| view! {
                        <p class="form-error"><Icon name=IconName::Alert />{text}</p>
                        {renewed.then(|| view! { <button type="button" class="button" on:click=|_| reload()>"Reload"</button> })}
                    })
                }}
            </div>
            <div role="status">
                {move || (busy.get() && is_slow.get()).then(|| view! {
                    <p class="quiet">{format!("{} has not answered yet. The console waits for half a minute.", system.name())}</p>
                })}
            </div>
            <button class="button" data-kind="primary" type="submit" aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { "Signing in" } else { "Sign in" }}
            </button>
            <Show when=move || !people.get().is_empty()>
                <div class="demo-users">
                    <p class="quiet">"Demo accounts"</p>
                    {move || people.get().into_iter().map(demo).collect_view()}
                </div>
            </Show>
        </form>
    }
}

/// Whether who has signed in may go on with the changes of who was here before; why not, in words. Of a
/// token that does not tell whose it is only the person can say.
fn may_go_on(before: Option<&Access>, now: &Access) -> Result<(), String> {
    let Some(before) = before else { return Ok(()) };
    if before.is_named() && now.is_named() {
        // Of the same name at a provider and at the system itself may be two people.
        if before.user == now.user && before.subject == now.subject {
            return Ok(());
        }
        return Err(format!(
            "This is {}. Only {} can go on here; sign out to change the person.",
            now.user, before.user
        ));
    }
    let who =
        if before.is_named() { before.user.as_str() } else { "the person who made the changes on this page" };
    let question = format!(
        "This token does not tell whose it is. Are you {who}? Changes that wait here are sent in the name of the token\u{2019}s owner."
    );
    if window().confirm_with_message(&question).unwrap_or(false) {
        return Ok(());
    }
    Err(format!("Only {who} can go on here; sign out to change the person."))
}

/// `perhaps_gateway`: the system whose refusal may have been its gateway's.
fn words(failure: &Failure, method: SignInMethod, perhaps_gateway: Option<System>) -> String {
    let address = failure.system.connection().map(|connection| connection.token_address(""));
    match &failure.kind {
        // Why another server does not answer, a browser does not tell a page.
        FailureKind::Unreachable if address.as_ref().is_some_and(|address| address.contains("://")) => {
            format!(
                "{} did not answer. It may be stopped, or it does not let this page ask there (CORS).",
                address.unwrap_or_default()
            )
        }
        FailureKind::SignedOut
            if perhaps_gateway == Some(failure.system) && method == SignInMethod::Basic =>
        {
            format!(
                "User and password may not match, or a gateway before {} does not know you: the answer does not say which. Try again, or open {} in another tab, where a gateway asks you to sign in.",
                failure.system.name(),
                failure.system.door()
            )
        }
        FailureKind::SignedOut if perhaps_gateway == Some(failure.system) => format!(
            "{} or a gateway before it does not know you: the answer does not say which. Try again, or open {} in another tab, where a gateway asks you to sign in.",
            failure.system.name(),
            failure.system.door()
        ),
        FailureKind::SignedOut if method == SignInMethod::AccessToken => {
            format!("{} does not accept this access token. Nothing was changed.", failure.system.name())
        }
        FailureKind::SignedOut if method == SignInMethod::TokenService => format!(
            "The token service gave a token, but {} does not accept it. Nothing was changed. Ask whoever set up this connection.",
            failure.system.name()
        ),
        FailureKind::SignedOut => {
            "User and password do not match. Nothing was changed; try again.".to_owned()
        }
        // The banner says the rest.
        FailureKind::AtGateway { .. } => failure.advice(),
        FailureKind::NoToken(_) | FailureKind::NoTokenService(_) => failure.advice_at_sign_in(),
        _ => format!("{}. {}", failure.title(), failure.advice()),
    }
}
