//! Where the form stands: a page of its own, or a dialog over the app.

use super::form::SignInForm;
use super::{Session, SessionState};
use crate::controls::{Icon, IconName};
use leptos::html::Dialog;
use leptos::prelude::*;

#[component]
pub fn SignInPage(session: Session) -> impl IntoView {
    let promise = |text: &'static str| view! { <li><Icon name=IconName::Check />{text}</li> };
    view! {
        <div class="sign-in-page">
            <aside class="sign-in-side" aria-label="About Usage Desk">
                <p class="sign-in-brand"><Icon name=IconName::Mark />"Usage Desk"</p>
                <div class="sign-in-promise">
                    <h2>"Usage billing, corrected and proved."</h2>
                    <ul>
                        {promise("Every change carries the version it was based on; nobody overwrites anybody silently.")}
                        {promise("Amounts keep every digit, from the wire to the screen. No sum runs over two currencies.")}
                        {promise("What you typed outlives a conflict, an error and an expired session.")}
                    </ul>
                </div>
                <p class="quiet">"Sign-in lasts as long as this page: tokens stay in memory."</p>
            </aside>
            <main class="sign-in-form">
                <div>
                    <h1>"Sign in"</h1>
                    <SignInForm session=session demo_users=true />
                </div>
            </main>
        </div>
    }
}

/// The form over the app while the session is to be renewed. What lies under it stays as it is.
#[component]
pub fn SessionDialog(session: Session) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let expired = Memo::new(move |_| match session.state.get() {
        SessionState::Expired(access) => Some(access),
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
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="session-ended" on:cancel=|event: leptos::ev::Event| event.prevent_default() on:close=move |_| untrack(settle)>
            <h2 id="session-ended">"Your session has ended"</h2>
            <p>"Sign in again to go on where you were. What you typed is kept and will be sent after that."</p>
            {move || expired.get().map(|access| view! { <SignInForm session=session fixed_user=access.user /> })}
            <p></p>
            <button class="button" data-kind="quiet" on:click=move |_| session.sign_out()>"Sign out and drop unsent changes"</button>
        </dialog>
    }
}
