//! The page from its start: what the screens share, and sign-in. What stands behind sign-in comes in parts
//! (`desk`, `parts`), which are fetched meanwhile.

mod absent_system;
mod desk;
mod gateway;
mod kept_screen;
mod keyboard_map;
mod links;
mod new_version;
mod page_keys;
mod palette;
mod parts;
mod print;
mod rail;
mod shell;
mod tour;

use crate::api::{
    Fault, RestClient, read_connections, take_answer_out_of_the_address, taken_answer, was_sign_in_cut,
};
use crate::data::lookups::Lookups;
use crate::data::session::{Session, SessionState};
use crate::data::sync::{NoticeBoard, RecordSync};
use crate::pages::sign_in::{AnsweredElsewhere, SignInPage};
use crate::routes::SETTINGS;
use crate::ui::controls::show_stored_theme;
use crate::ui::half_typed::ask_before_going_back;
use crate::ui::key_input::guard_the_page;
use crate::ui::part::reload;
use desk::desk_part;
use gateway::{GatewayBanner, watch_gateway};
use grid_model::Tone;
use leptos::prelude::*;
use new_version::watch_version;

const SIGN_IN_CUT: &str =
    "Your sign-in was cut before it was finished, as by a reload. Nothing is lost: sign in again here.";

/// Takes the page over.
pub fn mount() {
    // The page says already what this browser lacks (`start_check.js`).
    if document().document_element().is_some_and(|page| page.has_attribute("data-lacks")) {
        return;
    }
    take_answer_out_of_the_address();
    show_stored_theme();
    guard_the_page();
    ask_before_going_back();
    // The framework's own way begins with the first mount.
    wasm_bindgen_futures::spawn_local(async {
        let connected = read_connections().await;
        if let Some(boot) = document().get_element_by_id("boot") {
            boot.remove();
        }
        match connected {
            Ok(()) => mount_to_body(App),
            Err(fault) => mount_to_body(move || not_connected(&fault)),
        }
    });
}

/// Without knowing what it is connected to the console does nothing.
fn not_connected(fault: &Fault) -> impl IntoView + use<> {
    view! {
        <main class="boot"><div role="alert" class="not-connected">
            <h1>"Usage Desk does not know its systems"</h1>
            <p>"The file connections.json beside this page says which they are, and cannot be used. Whoever looks after this server can mend it:"</p>
            <p class="form-error">{fault.to_string()}</p>
            </div>
            <button class="button" data-kind="primary" on:click=|_| reload()>"Try again"</button>
        </main>
    }
}

#[component]
fn App() -> impl IntoView {
    let client = RestClient::new();
    let notices = NoticeBoard::new();
    let session = Session {
        client,
        sync: RecordSync::new(client, notices),
        lookups: Lookups::new(client),
        state: RwSignal::new(SessionState::SignedOut),
        is_arriving: RwSignal::new(false),
        renewed: RwSignal::new(0),
    };
    provide_context(session);
    let is_for_other_tab = RwSignal::new(false);
    let shows_settings = RwSignal::new(window().location().pathname().is_ok_and(|path| path == SETTINGS));
    match taken_answer() {
        Some(answer) => session.arrive(answer, is_for_other_tab),
        None => {
            if was_sign_in_cut() {
                notices.notify(Tone::Warn, SIGN_IN_CUT.to_owned());
            }
            session.join_open_tabs();
        }
    }
    watch_gateway(client);
    let version = watch_version(client);
    provide_context(version);
    Effect::new(move || {
        let lacks_parts = version.parts_gone.get() > 0;
        if version.is_newer_there.get() {
            notices.tell_new_version(lacks_parts);
        }
    });
    parts::fetch_what_is_pointed_at();
    // The form stays until what it leads to is here, or is known not to come.
    let is_fetched = parts::fetch_first();
    let shows_desk = Memo::new(move |_| session.state.get() != SessionState::SignedOut && is_fetched.get());
    // Who signs out is asked to sign in, wherever that was.
    Effect::new(move || {
        if shows_desk.get() {
            shows_settings.set(false);
        }
    });
    // Once it is there it stays, and with it the one router of the page.
    let has_desk = Memo::new(move |before: Option<&bool>| before == Some(&true) || shows_desk.get());
    view! {
        <Show when=move || is_for_other_tab.get()><AnsweredElsewhere /></Show>
        <Show when=move || !shows_desk.get() && !is_for_other_tab.get()>
            {move || match shows_settings.get() {
                true => parts::settings_before_sign_in_part::view(session, shows_settings),
                false => view! { <SignInPage session=session shows_settings=shows_settings /> }.into_any(),
            }}
        </Show>
        <Show when=move || has_desk.get()>{desk_part::view(session)}</Show>
        <GatewayBanner client=client />
    }
}
