//! The rail on the left and the head of a page.

use super::keyboard_map::KeyboardMap;
use super::sync_state::SyncState;
use crate::controls::{Icon, IconName, ThemeSwitch, take_lost_focus};
use crate::event_selection::Selected;
use crate::reversal::{ReverseDialog, undo_or_reverse};
use crate::sign_in::Session;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::A;
use wasm_bindgen::JsCast;

/// How many pages were opened since the person sat down.
#[derive(Clone, Copy)]
struct PagesOpened(StoredValue<u32>);

#[component]
pub fn Shell(session: Session, children: Children) -> impl IntoView {
    provide_context(PagesOpened(StoredValue::new(0)));
    let who = move || session.access().map(|access| (access.user, access.role.name()));
    let sign_out = move |_| {
        let question = "Some of your changes are not confirmed by the server yet. Sign out and drop them?";
        let may = !session.sync.holds_unsettled() || window().confirm_with_message(question).unwrap_or(false);
        if may {
            session.sign_out();
        }
    };
    let map = RwSignal::new(false);
    let to_reverse = RwSignal::new(None::<Selected>);
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let Some(step) = edit_step(&event) else { return };
        event.prevent_default();
        match step {
            EditStep::Undo => undo_or_reverse(session, to_reverse),
            EditStep::Redo => session.sync.redo(),
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <div class="shell">
            <nav class="rail" aria-label="Screens">
                <a class="skip-link" href="#page">"Skip to the page"</a>
                <span class="rail-mark" title="Usage Desk"><Icon name=IconName::Mark /></span>
                <ul>
                    <li><A href="/batches" attr:class="rail-item"><Icon name=IconName::Batches />"Batches"</A></li>
                    <li><A href="/events" attr:class="rail-item"><Icon name=IconName::Events />"Events"</A></li>
                    <li><A href="/buckets" attr:class="rail-item"><Icon name=IconName::Bucket />"Buckets"</A></li>
                    <li><A href="/service-usage" attr:class="rail-item"><Icon name=IconName::Cloud />"Service usage"</A></li>
                    <li><A href="/changes" attr:class="rail-item"><Icon name=IconName::Changes />"Changes"</A></li>
                </ul>
                <div class="rail-foot">
                    <button class="rail-item" on:click=move |_| map.set(true)><Icon name=IconName::Keyboard />"Keys"</button>
                    <ThemeSwitch />
                    <button class="rail-item" on:click=sign_out
                        title=move || who().map(|(user, role)| format!("{user}, {role}")).unwrap_or_default()>
                        <Icon name=IconName::SignOut />
                        "Sign out"
                    </button>
                </div>
            </nav>
            <KeyboardMap open=map />
            <ReverseDialog session=session selected=to_reverse />
            <main class="page" id="page" tabindex="-1">{children()}</main>
        </div>
    }
}

enum EditStep {
    Undo,
    Redo,
}

/// Undo and redo by key. A field in which something is typed keeps its own.
fn edit_step(event: &web_sys::KeyboardEvent) -> Option<EditStep> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    if !(event.ctrl_key() || event.meta_key()) || matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA") {
        return None;
    }
    // With the capitals locked the key is a capital, whether Shift is held or not.
    match (event.key().to_lowercase().as_str(), event.shift_key()) {
        ("z", false) => Some(EditStep::Undo),
        ("y", false) | ("z", true) => Some(EditStep::Redo),
        _ => None,
    }
}

/// The page's title, who is at the desk, and how much of their work is saved. `before` stands in
/// front of the title, such as the way back to a list.
#[component]
pub fn PageHead(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] before: Option<ViewFn>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    Effect::new(move || document().set_title(&format!("{} \u{2013} Usage Desk", title.get())));
    let opened = expect_context::<PagesOpened>().0;
    opened.update_value(|opened| *opened += 1);
    let heading = NodeRef::<html::H1>::new();
    // What had the focus may have gone with the page before; then the new page has it, and a screen
    // reader says its name. The first page begins at the rail.
    Effect::new(move || {
        if opened.try_get_value().is_some_and(|opened| opened > 1) {
            take_lost_focus(heading.get().map(Into::into));
        }
    });
    view! {
        <header class="page-head">
            {before.map(|before| before.run())}
            <h1 node_ref=heading tabindex="-1">{title}</h1>
            <div class="page-head-end">
                {children.map(|children| children())}
                <SyncState session=session />
                <span class="quiet" data-testid="who">{move || session.access().map(|access| format!("{}, {}", access.user, access.role.name()))}</span>
            </div>
        </header>
    }
}
