//! Notices that come by themselves, in the head of the page: the newest in sight, the others behind it.

use crate::data::sync::{NoticeBoard, Posted, RecordSync, Way};
use crate::features::record_address::record_address;
use crate::ui::controls::{Icon, IconName, icon_of};
use crate::ui::part::reload;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[component]
pub fn Notices(sync: RecordSync) -> impl IntoView {
    let board = sync.notices;
    let newest_first = move || board.shown();
    let count = Memo::new(move |_| board.shown().len());
    let shows_all = RwSignal::new(false);
    let label = move || match count.get() {
        1 => "Show the whole notice".to_owned(),
        count => format!("Show all {count} notices"),
    };
    let is_open = move || shows_all.get() && count.get() > 0;
    view! {
        <div class="notices" data-open=move || is_open().then_some("") on:keydown=move |event| if event.key() == "Escape" && is_open() {
            event.prevent_default();
            shows_all.set(false);
        }>
            <div class="notice-list" role="log" aria-live="polite" aria-label="Notices">
                <For each=newest_first key=|posted| posted.id children=move |posted| one_notice(sync, board, posted) />
            </div>
            <Show when=move || { count.get() > 0 }>
                <button class="button notice-count" data-kind="quiet" aria-expanded=move || shows_all.get().to_string() aria-label=label title=label
                    on:click=move |_| shows_all.update(|shows_all| *shows_all = !*shows_all)>
                    {move || count.get()}
                    <Icon name=IconName::Down />
                </button>
            </Show>
        </div>
    }
}

fn one_notice(sync: RecordSync, board: NoticeBoard, posted: Posted) -> impl IntoView {
    let Posted { id, tone, text, way, .. } = posted;
    let link = move |address: String, words: &'static str| view! { <a href=address on:click=move |_| board.close(id)>{words}</a> };
    let way = way.map(|way| match way {
        Way::Record(key) => {
            let address = record_address(&sync, &key);
            let path = use_location().pathname;
            // Every part of a batch's page is where the batch is.
            let is_here = move |address: &str| {
                path.with(|path| {
                    path.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                })
            };
            (move || (!is_here(&address)).then(|| link(address.clone(), "Open"))).into_any()
        }
        // It holds what was typed: it stays until the field has that again, or it is closed.
        Way::Back(unsaved) => {
            view! { <a href=unsaved.address on:click=move |_| board.asked_back.set(Some(id))>"Go back there"</a> }
                .into_any()
        }
        Way::Reload => view! { <button class="button" on:click=|_| reload()>"Reload"</button> }.into_any(),
    });
    view! {
        <div class="notice-line" data-tone=tone.name()>
            <Icon name=icon_of(tone) />
            <span class="notice-words" title=text.clone()>{text.clone()}</span>
            {way}
            <button class="button button-icon" data-kind="quiet" aria-label="Close this notice" on:click=move |_| board.close(id)>
                <Icon name=IconName::Close />
            </button>
        </div>
    }
}
