//! The form: user, password, and how the system knows a person.

use super::Session;
use crate::controls::{Icon, IconName};
use crate::rest_client::{DemoPerson, Failure, FailureKind, SignInMethod};
use leptos::prelude::*;
use leptos::task::spawn_local;

const METHODS: [(SignInMethod, &str, &str); 3] = [
    (SignInMethod::TokenService, "token-service", "User and password, exchanged for a token"),
    (SignInMethod::Basic, "basic", "User and password, sent with every call"),
    (SignInMethod::AccessToken, "access-token", "An access token that I have"),
];

/// Signs in as whoever the form says; `user` given means that only this person may go on.
#[component]
pub fn SignInForm(
    session: Session,
    #[prop(optional, into)] fixed_user: Option<String>,
    #[prop(optional)] demo_users: bool,
) -> impl IntoView {
    let user = RwSignal::new(fixed_user.clone().unwrap_or_default());
    let password = RwSignal::new(String::new());
    let method = RwSignal::new(SignInMethod::TokenService);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let is_fixed = fixed_user.is_some();

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
        spawn_local(async move {
            let result = session.client.sign_in(method.get_untracked(), &name, &secret).await;
            busy.set(false);
            match result {
                Ok(access) if is_fixed && access.user != name => {
                    session.client.forget();
                    problem.set(Some(format!(
                        "This is {}. Only {name} can go on here; sign out to change the person.",
                        access.user
                    )));
                }
                Ok(access) => {
                    password.set(String::new());
                    session.begin(access);
                }
                Err(failure) => problem.set(Some(words(&failure))),
            }
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
            method.set(SignInMethod::TokenService);
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
    view! {
        <form class="form" on:submit=submit>
            <div hidden=wants_token>
                <label class="label" for="sign-in-user">"User"</label>
                <input class="input" id="sign-in-user" autocomplete="username" spellcheck="false" autocapitalize="none"
                    readonly=is_fixed prop:value=user on:input:target=move |event| user.set(event.target().value()) />
            </div>
            <div>
                <label class="label" for="sign-in-password">{move || if wants_token() { "Access token" } else { "Password" }}</label>
                <input class="input" id="sign-in-password" type="password" autocomplete="current-password"
                    aria-describedby="sign-in-problem" aria-invalid=move || problem.get().is_some().to_string()
                    prop:value=password on:input:target=move |event| password.set(event.target().value()) />
            </div>
            <div>
                <label class="label" for="sign-in-method">"How the system knows you"</label>
                <select class="input" id="sign-in-method" on:change:target=move |event| {
                    let chosen = event.target().value();
                    if let Some((found, ..)) = METHODS.iter().find(|(_, code, _)| *code == chosen) {
                        method.set(*found);
                    }
                }>
                    {METHODS.map(|(each, code, words)| view! { <option value=code selected=move || method.get() == each>{words}</option> })}
                </select>
            </div>
            <div id="sign-in-problem" role="alert">
                {move || problem.get().map(|text| view! { <p class="form-error"><Icon name=IconName::Alert />{text}</p> })}
            </div>
            <button class="button" data-kind="primary" type="submit" aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { "Signing in" } else { "Sign in" }}
            </button>
            <Show when=move || !people.get().is_empty()>
                <div class="demo-users">
                    <p class="quiet">"The demo\u{2019}s people, one press each"</p>
                    {move || people.get().into_iter().map(demo).collect_view()}
                </div>
            </Show>
        </form>
    }
}

fn words(failure: &Failure) -> String {
    match &failure.kind {
        FailureKind::Refused(400 | 401, _) | FailureKind::SignedOut => {
            "User and password do not match. Nothing was changed; try again.".to_owned()
        }
        _ => format!("{}. {}", failure.title(), failure.advice()),
    }
}
