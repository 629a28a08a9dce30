//! The rail on the left: the ways to the screens, what stands at its foot, and what keys open over any page.

use super::kept_screen::keep_last_screen;
use super::keyboard_map::key_map_part;
use super::page_keys;
use super::palette::{Recent, palette_part};
use super::print::PrintHead;
use super::tour::tour_part;
use crate::api::System;
use crate::data::session::Session;
use crate::features::approvals::KnownRules;
use crate::features::environment_name::EnvironmentName;
use crate::features::help::{TourPlace, open_by_marks};
use crate::features::reversal::ReverseDialog;
use crate::features::selection::Selected;
use crate::routes;
use crate::ui::controls::{Icon, IconName, ThemeSwitch};
use crate::ui::finished_work::Work;
use crate::ui::kept_keys::KeptKeys;
use crate::ui::part::part;
use crate::ui::step_keys::StepKeys;
use grid_model::{PageKey, visible};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

part! {
    /// The rail: it is fetched as the page starts.
    pub mod rail_part in rail: (session: Session) => view! { <Rail session=session /> }
}

#[component]
fn Rail(session: Session) -> impl IntoView {
    let (rules, step_keys) = (expect_context::<KnownRules>(), expect_context::<StepKeys>());
    rules.follow(session);
    let who = move || {
        session.access().map(|access| (visible(access.shown_name()).into_owned(), access.role.name()))
    };
    // What is still to be sent is looked for on the disk first.
    let is_leaving = RwSignal::new(false);
    let sign_out = move |_| {
        if is_leaving.get_untracked() {
            return;
        }
        is_leaving.set(true);
        spawn_local(async move {
            let question = session.would_drop().await;
            let may = |question| window().confirm_with_message(question).unwrap_or(false);
            if question.is_none_or(may) {
                session.sign_out();
            }
            is_leaving.try_set(false);
        });
    };
    let map = RwSignal::new(false);
    let to_reverse = RwSignal::new(None::<Selected>);
    let commands = RwSignal::new(false);
    let obey = page_keys::listen(session, (map, commands), to_reverse, step_keys);
    let recent = Recent::kept(session);
    open_by_marks();
    let tour = expect_context::<TourPlace>();
    let is_on_tour = Memo::new(move |_| tour.step().is_some());
    keep_last_screen();
    tell_end_of_queue(session);
    let kept = KeptKeys::of_page();
    let told = move |name, key| move || kept.told(key).map(|keys| format!("{name} ({keys})"));
    view! {
        <nav class="rail" aria-label="Screens">
            <a class="skip-link" href="#page" on:click=|event| {
                    // By its address alone the keyboard would stay on the link.
                    event.prevent_default();
                    let page = document().get_element_by_id("page");
                    drop(page.map(|page| page.unchecked_into::<HtmlElement>().focus()));
                }>"Skip to the page"</a>
            <span class="rail-mark" title="Usage Desk"><Icon name=IconName::Mark /></span>
            <EnvironmentName />
            <ul>
                {System::Oracle.exists().then(|| view! { <li><A href=routes::OVERVIEW exact=true attr:class="rail-item"><Icon name=IconName::Mark />"Overview"</A></li> })}
                {screen(System::Oracle, routes::BATCHES, IconName::Batches, "Batches")}
                {screen(System::Oracle, routes::EVENTS, IconName::Events, "Events")}
                {screen(System::Oracle, routes::IMPORT, IconName::Import, "Import")}
                {screen(System::LogiSense, routes::BASE_BUCKETS, IconName::Bucket, "Buckets")}
                {screen(System::CloudFoundry, routes::SERVICE_USAGE, IconName::Cloud, "Service usage")}
                {move || rules.any().then(|| view! { <li><A href=routes::APPROVALS attr:class="rail-item"><Icon name=IconName::Check />"Approve"</A></li> })}
                <li><A href=routes::CHANGES attr:class="rail-item"><Icon name=IconName::Changes />"Changes"</A></li>
            </ul>
            <button class="rail-item rail-more" popovertarget="rail-foot"><Icon name=IconName::More />"More"</button>
            <div class="rail-foot" id="rail-foot" popover="auto">
                <button class="rail-item" data-commands="" title=told("Find", PageKey::Commands) aria-keyshortcuts=move || kept.shortcut(PageKey::Commands)
                    on:click=move |_| commands.set(true)><Icon name=IconName::Search />"Find"</button>
                <button class="rail-item" title=told("Keys", PageKey::Map) aria-keyshortcuts=move || kept.shortcut(PageKey::Map)
                    on:click=move |_| map.set(true)><Icon name=IconName::Keyboard />"Keys"</button>
                <A href=routes::SETTINGS attr:class="rail-item" on:click=|_| close_foot()><Icon name=IconName::View />"Settings"</A>
                <A href=routes::HELP attr:class="rail-item" on:click=|_| close_foot()><Icon name=IconName::Info />"Help"</A>
                <ThemeSwitch />
                <button class="rail-item" on:click=sign_out
                    title=move || who().map(|(user, role)| format!("{user}, {role}. Signs out in all tabs, and deletes the changes that this browser keeps.")).unwrap_or_default()>
                    <Icon name=IconName::SignOut />
                    {move || if is_leaving.get() { "Signing out" } else { "Sign out" }}
                </button>
            </div>
        </nav>
        <PrintHead session=session />
        <Show when=move || map.get()>{key_map_part::view(map)}</Show>
        <Show when=move || commands.get()>{palette_part::view(session, commands, obey, recent)}</Show>
        <ReverseDialog session=session selected=to_reverse />
        <Show when=move || is_on_tour.get()>{tour_part::view(session, tour)}</Show>
    }
}

/// Says that all changes have left, to whoever has gone to another tab meanwhile.
fn tell_end_of_queue(session: Session) {
    Effect::new(move |under_way: Option<Option<Work>>| {
        let (unfinished, asks) =
            session.sync.summary.with(|summary| (summary.unfinished(), summary.conflicts + summary.refused));
        match under_way.flatten() {
            Some(work) if unfinished == 0 => {
                // Who signs out gives up what has not left.
                if session.with_access(|access| access.is_some()) {
                    work.end(if asks > 0 { "Changes need a decision" } else { "All changes saved" });
                }
                None
            }
            work if unfinished > 0 => Some(work.unwrap_or_else(Work::begin)),
            _ => None,
        }
    });
}

/// The way to a screen of a system; none where the console is not connected to it.
fn screen(
    system: System,
    address: &'static str,
    icon: IconName,
    name: &'static str,
) -> Option<impl IntoView> {
    system
        .exists()
        .then(|| view! { <li><A href=address attr:class="rail-item"><Icon name=icon />{name}</A></li> })
}

/// On a phone the foot of the rail opens over the page, and a way out of it leads there.
fn close_foot() {
    if let Some(foot) = document().get_element_by_id("rail-foot") {
        // Where it stands in the rail there is nothing to close.
        let _ = foot.unchecked_into::<HtmlElement>().hide_popover();
    }
}
