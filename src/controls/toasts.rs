//! Notices that come by themselves, read out politely.

use super::{Icon, IconName, icon_of};
use crate::record_sync::{NoticeBoard, Toast};
use leptos::prelude::*;
use std::time::Duration;

/// Long enough to be read twice.
const SHOWN_FOR: Duration = Duration::from_secs(10);

#[component]
pub fn Toasts(board: NoticeBoard) -> impl IntoView {
    let show = move |toast: Toast| {
        let id = toast.id;
        set_timeout(move || board.close(id), SHOWN_FOR);
        view! {
            <div class="toast" data-tone=toast.tone.name()>
                <Icon name=icon_of(toast.tone) />
                <span class="toast-text">{toast.text}</span>
                <button class="button button-icon" data-kind="quiet" aria-label="Close this notice" on:click=move |_| board.close(id)>
                    <Icon name=IconName::Close />
                </button>
            </div>
        }
    };
    view! {
        <div class="toasts" role="log" aria-live="polite" aria-label="Notices">
            <For each=move || board.toasts.get() key=|toast| toast.id children=show />
        </div>
    }
}
