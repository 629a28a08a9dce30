//! Notices that come by themselves, read out politely.

use crate::data::sync::{NoticeBoard, Toast};
use crate::ui::controls::{Icon, IconName, icon_of};
use crate::ui::part::{AppVersion, reload};
use leptos::prelude::*;
use std::time::Duration;

/// Long enough to be read twice.
const SHOWN_FOR: Duration = Duration::from_secs(10);

#[component]
pub fn Toasts(board: NoticeBoard, version: AppVersion) -> impl IntoView {
    let show = move |toast: Toast| {
        let id = toast.id;
        if toast.way_back.is_none() {
            set_timeout(move || board.close(id), SHOWN_FOR);
        }
        let way_back = toast
            .way_back
            .map(|address| view! { <a href=address on:click=move |_| board.close(id)>"Go back there"</a> });
        view! {
            <div class="toast" data-tone=toast.tone.name()>
                <Icon name=icon_of(toast.tone) />
                <span class="toast-text">{toast.text}" "{way_back}</span>
                <button class="button button-icon" data-kind="quiet" aria-label="Close this notice" on:click=move |_| board.close(id)>
                    <Icon name=IconName::Close />
                </button>
            </div>
        }
    };
    view! {
        <div class="toasts" role="log" aria-live="polite" aria-label="Notices">
            <For each=move || board.toasts.get() key=|toast| toast.id children=show />
            <NewVersion version=version />
        </div>
    }
}

/// Stands until it is closed, and is not said again: whoever works on need not be asked twice.
#[component]
fn NewVersion(version: AppVersion) -> impl IntoView {
    let is_closed = RwSignal::new(false);
    view! {
        <Show when=move || version.is_newer_there.get() && !is_closed.get()>
            <div class="toast" data-tone="info">
                <Icon name=IconName::Info />
                <span class="toast-text">"There is a new version of Usage Desk. It comes with the next reload; until then everything goes on as it is."</span>
                <button class="button" on:click=|_| reload()>"Reload"</button>
                <button class="button button-icon" data-kind="quiet" aria-label="Close this notice" on:click=move |_| is_closed.set(true)>
                    <Icon name=IconName::Close />
                </button>
            </div>
        </Show>
    }
}
