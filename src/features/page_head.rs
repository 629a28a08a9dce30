//! The head of a page: its title, who is signed in, and how much of their work is saved.

mod sync_state;
mod unsaved_changes;

use crate::api::connections;
use crate::data::session::Session;
use crate::features::notices::Notices;
use crate::text::clock_off;
use crate::ui::controls::{Badge, take_lost_focus, take_lost_focus_to_grid};
use crate::ui::finished_work::set_page_title;
use grid_model::{Tone, visible};
use leptos::html;
use leptos::prelude::*;
use sync_state::SyncState;
pub use unsaved_changes::unsaved_part;

/// How many pages were opened since the person sat down.
#[derive(Clone, Copy)]
pub struct PagesOpened(StoredValue<u32>);

impl PagesOpened {
    pub fn new() -> Self {
        Self(StoredValue::new(0))
    }
}

/// The page's title, who is signed in, and how much of their work is saved. `before` stands in
/// front of the title, such as the way back to a list.
#[component]
pub fn PageHead(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] before: Option<ViewFn>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    // Tabs of two environments are told apart by their titles.
    let environment = connections().environment.as_ref();
    let product = environment
        .map_or("Usage Desk".to_owned(), |environment| format!("{} \u{2013} Usage Desk", environment.name));
    Effect::new(move || set_page_title(format!("{} \u{2013} {product}", title.get())));
    let opened = expect_context::<PagesOpened>().0;
    opened.update_value(|opened| *opened += 1);
    let heading = NodeRef::<html::H1>::new();
    // What had the focus may have gone with the page before; then the new page has it, and a screen
    // reader says its name. After sign-in work begins, which is in the list.
    Effect::new(move || {
        let heading = heading.get().map(Into::into);
        if opened.try_get_value().is_some_and(|opened| opened > 1) {
            take_lost_focus(heading);
        } else {
            take_lost_focus_to_grid(heading);
        }
    });
    let shown = move || visible(&title.get()).into_owned();
    view! {
        <header class="page-head">
            {before.map(|before| before.run())}
            <h1 node_ref=heading tabindex="-1" title=shown>{shown}</h1>
            <Notices sync=session.sync />
            <div class="page-head-end">
                {children.map(|children| children())}
                {move || session.client.clock_ahead().map(|(system, off)| view! {
                    <span class="clock-badge" title=format!("Times and ages of {} go by its own clock. Set this computer's clock right.", system.name())>
                        <Badge tone=Tone::Warn text=format!("Clock {}", clock_off(off)) />
                    </span>
                })}
                <SyncState session=session />
                <span class="quiet who" data-testid="who">{move || session.access().map(|access| format!("{}, {}", visible(access.shown_name()), access.role.name()))}</span>
            </div>
        </header>
    }
}
