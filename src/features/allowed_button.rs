//! A button for what a role or the state of a record may forbid: it can be reached and pressed all the same,
//! and then says why nothing happens.

use crate::data::session::Session;
use leptos::prelude::*;

/// - `forbidden`: why not, in words for the person; nothing where it may be done.
/// - `label`: what a screen reader says, where that is more than `words`.
/// - `kind`: as the style sheet draws buttons, such as "primary".
#[component]
pub fn AllowedButton(
    session: Session,
    #[prop(into)] words: Signal<String>,
    #[prop(into)] forbidden: Signal<Option<String>>,
    press: impl Fn() + 'static,
    #[prop(optional, into)] label: Option<String>,
    #[prop(optional)] kind: Option<&'static str>,
) -> impl IntoView {
    let pressed = move |_| match forbidden.get_untracked() {
        Some(reason) => session.sync.notices.refuse(reason),
        None => press(),
    };
    view! {
        <button class="button" type="button" data-kind=kind aria-label=label title=move || forbidden.get()
            aria-disabled=move || forbidden.get().is_some().then_some("true") on:click=pressed>{words}</button>
    }
}

/// Why the person's role forbids to change anything of Oracle's, followed as the session changes.
pub fn forbidden_by_role(session: Session) -> Signal<Option<String>> {
    Signal::derive(move || {
        session.state.track();
        session.blocked_from_editing().map(str::to_owned)
    })
}
