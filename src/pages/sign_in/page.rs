//! Where the form stands: a page of its own, or a dialog over the app.

use super::form::SignIn;
use crate::api::System;
use crate::data::session::{Session, SessionState};
use crate::features::environment_name::EnvironmentName;
use crate::ui::controls::{Icon, IconName};
use grid_model::Tone;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn SignInPage(session: Session, shows_settings: RwSignal<bool>) -> impl IntoView {
    let promise = |text: &'static str| view! { <li><Icon name=IconName::Check />{text}</li> };
    view! {
        <div class="sign-in-page">
            <aside class="sign-in-side" aria-label="About Usage Desk">
                <p class="sign-in-brand"><Icon name=IconName::Mark />"Usage Desk"</p>
                <div class="sign-in-promise">
                    <h2>"Correct usage billing, with proof."</h2>
                    <ul>
                        {promise("Every change carries the version it was based on; nobody overwrites anybody silently.")}
                        {promise("Amounts keep every digit, from the wire to the screen. Totals are never mixed across currencies.")}
                        {promise("Your edits survive conflicts, errors and expired sessions.")}
                    </ul>
                </div>
                <p class="quiet">"You stay signed in until you sign out, or close or reload the last open tab."</p>
            </aside>
            <main class="sign-in-form">
                <div>
                    <EnvironmentName />
                    <h1>"Sign in"</h1>
                    <SignIn session=session demo_users=true />
                    {move || session.sync.notices.shown().into_iter().rev().map(|posted| view! { <p class=if posted.tone == Tone::Warn { "form-error" } else { "quiet" } role="status">{posted.text}</p> }).collect_view()}
                    <button class="button sign-in-settings" data-kind="quiet" on:click=move |_| shows_settings.set(true)>"Connections and diagnostics"</button>
                </div>
            </main>
        </div>
    }
}

/// What stands in a window that a provider led back to, once the tab that asked has taken its answer.
#[component]
pub fn AnsweredElsewhere() -> impl IntoView {
    // It may be closed where a page opened it.
    let close = || drop(window().close());
    close();
    view! {
        <main class="boot">
            <div role="status">
                <h1>"Go on in your other tab"</h1>
                <p>"The tab in which you work has the provider\u{2019}s answer, and says whether you are signed in. This one is not needed any more."</p>
            </div>
            <button class="button" data-kind="primary" on:click=move |_| close()>"Close this tab"</button>
        </main>
    }
}

/// The form over the app while the session is to be renewed. What lies under it stays as it is.
#[component]
pub fn SessionDialog(session: Session) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let expired = Memo::new(move |_| match session.state.get() {
        SessionState::Expired(access, system) => Some((access, system)),
        SessionState::SignedOut | SessionState::Active(_) => None,
    });
    let settle = move || {
        let Some(dialog) = dialog.get() else { return };
        if expired.get().is_none() {
            dialog.close();
        } else if !dialog.open() {
            // It is in the document and closed, so it can be shown.
            let _ = dialog.show_modal();
        }
    };
    Effect::new(settle);
    let system = move || expired.get().map_or(System::main(), |(_, system)| system);
    // What is dropped here the button says; what other tabs hold is asked about.
    let sign_out = move || {
        spawn_local(async move {
            let question = session.others_would_drop().await;
            if question.is_none_or(|question| window().confirm_with_message(question).unwrap_or(false)) {
                session.sign_out();
            }
        });
    };
    let perhaps_gateway = move || session.client.perhaps_gateway.get() == Some(system());
    let why_not_renewed = move || {
        let client = session.client;
        let is_of_it = |at: System| at == system() || at == client.signed_in_by(system());
        client.not_renewed.get().filter(|(at, _)| is_of_it(*at)).map(|(_, why)| why)
    };
    // Whoever signed in at the gateway comes back here.
    let coming_back = window_event_listener(leptos::ev::focus, move |_| session.look_whether_known());
    on_cleanup(move || coming_back.remove());
    let words = move || match system() {
        system if perhaps_gateway() => format!(
            "{} no longer knows who you are, or a gateway before it does not: its answer does not say which. Sign in again here, or sign in at the gateway in a new tab and come back. What you typed is kept and will be sent after that.",
            system.name()
        ),
        main if main == System::main() => format!(
            "{} no longer knows who you are. Sign in again to go on where you were. What you typed is kept and will be sent after that.",
            main.name()
        ),
        system => format!(
            "{} does not know who you are, or no longer. What you do there waits until you sign in; everything else goes on.",
            system.name()
        ),
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="session-ended"
            on:cancel=move |event: leptos::ev::Event| {
                event.prevent_default();
                if system() != System::main() {
                    session.do_without();
                }
            }
            on:close=move |_| untrack(settle)>
            <h2 id="session-ended">{move || match system() {
                main if main == System::main() => "Your session has ended".to_owned(),
                system => format!("Your session at {} has ended", system.name()),
            }}</h2>
            <p>{words}</p>
            {move || why_not_renewed().map(|why| view! { <p>{why}</p> })}
            <Show when=perhaps_gateway><p><a class="button" href=move || system().door() target="_blank" rel="opener">"Sign in at the gateway in a new tab"</a></p></Show>
            {move || expired.get().map(|(access, system)| view! { <SignIn session=session goes_on=(access, system) /> })}
            <p></p>
            {move || if system() == System::main() {
                view! { <button class="button" data-kind="quiet" on:click=move |_| sign_out()>"Sign out and drop unsent changes"</button> }.into_any()
            } else {
                view! { <button class="button" data-kind="quiet" on:click=move |_| session.do_without()>"Not now"</button> }.into_any()
            }}
        </dialog>
    }
}
