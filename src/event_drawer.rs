//! One event beside its list: every field, its charges and messages, and what stands between the
//! person's change and the server's.
//!
//! Not here: what a text means for a field (`field_form`) and the rules of writing (`record-store`).

mod changed_here;
mod charges;
mod conflict_card;
mod expected;
mod field;
mod lineage;
mod messages;
mod parts;
mod sections;

pub use conflict_card::ConflictCards;
pub use field::RecordField;

use crate::controls::{Badge, Icon, IconName, Notice, State};
use crate::display_text::class_of;
use crate::event_grid::OpenList;
use crate::event_selection::Selected;
use crate::rest_client::RecordKey;
use crate::reversal::ReverseDialog;
use crate::sign_in::Session;
use changed_here::ChangedHere;
use charges::Charges;
use expected::ExpectedAmount;
use grid_model::Tone;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use lineage::Lineage;
use messages::Messages;
use parts::{EventParts, PartsRead};
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::one_of;
use sections::Sections;

/// The drawer at its own address, over the list that is open.
#[component]
pub fn DrawerRoute() -> impl IntoView {
    let params = use_params_map();
    let event = Memo::new(move |_| params.with(|params| params.get("event").unwrap_or_default()));
    move || view! { <EventDrawer number=event.get() /> }
}

#[component]
fn EventDrawer(number: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let open = expect_context::<OpenList>();
    let key = RecordKey::event(&number);
    let parts = EventParts::open(session, key.clone());
    let root = NodeRef::<Div>::new();
    let location = use_location();
    let navigate = StoredValue::new_local(use_navigate());

    let go = move |path: String, replace: bool| {
        let path = format!(
            "{path}{}",
            location.search.with_untracked(|search| if search.is_empty() {
                String::new()
            } else {
                format!("?{}", search.trim_start_matches('?'))
            })
        );
        navigate.with_value(|go| {
            go(&path, NavigateOptions { scroll: false, replace, ..NavigateOptions::default() });
        });
    };
    let close = move || {
        go(open.home.get_value(), false);
        // The grid is where the person came from.
        if let Ok(Some(grid)) = document().query_selector("[role=grid]") {
            let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(grid).focus();
        }
    };
    let path_key = StoredValue::new(key.path.to_string());
    let step = move |by: isize| {
        let neighbour = open.list.with_value(|list| {
            let here = path_key.with_value(|key| list.place_of(key))?;
            list.event_number(here.checked_add_signed(by)?)
        });
        if let Some(number) = neighbour {
            let home = open.home.get_value();
            let base = if home == "/events" { home } else { format!("{home}/events") };
            go(format!("{base}/{}", String::from(js_sys::encode_uri_component(&number))), true);
        }
    };
    // Opening moves the keyboard here; a step to the next event keeps it here.
    Effect::new(move || {
        if let Some(root) = root.get() {
            let _ = root.focus();
        }
    });
    let to_reverse = RwSignal::new(None::<Selected>);
    let this_event =
        StoredValue::new(Selected::all(None, one_of("EventNumber", &[&number]), EventAction::Reverse));
    let sync = session.sync;
    let status = {
        let key = key.clone();
        move || {
            sync.revision.track();
            let tables = session.lookups.tables.get();
            let code = sync.with_view(&key, |view| view?.shown(&"EventStatus")?.as_text().map(str::to_owned));
            code.map(|code| view! { <Badge tone=class_of(&code).tone() text=tables.meaning(crate::lookups::EVENT_STATUS, &code) /> })
        }
    };
    let body = {
        move || {
            match parts.read.get() {
            PartsRead::Reading => view! { <p class="quiet" role="status">"Reading the event"</p> }.into_any(),
            PartsRead::Failed(failure) => view! {
                <State icon=IconName::Alert tone=Tone::Bad title=failure.title() text=failure.advice() detail=failure.request_id.map(|id| format!("Request {id}")).unwrap_or_default()>
                    <button class="button" on:click=move |_| parts.read_again()>"Try again"</button>
                </State>
            }.into_any(),
            PartsRead::Here(children) => view! {
                <Barred session=session event=key.clone() />
                <ConflictCards session=session event=key.clone() charges=children.charges.clone() />
                <Messages messages=children.messages.clone() />
                <ExpectedAmount session=session event=key.clone() />
                <Sections session=session event=key.clone() />
                <Charges session=session event=key.clone() charges=children.charges />
                <Lineage session=session event=key.clone() />
                <ChangedHere session=session event=key.clone() />
            }.into_any(),
        }
        }
    };
    view! {
        <aside class="drawer" aria-label=format!("Event {number}") on:keydown=move |event| {
            if event.key() == "Escape" && !event.default_prevented() {
                close();
            }
        }>
            <div class="drawer-head" node_ref=root tabindex="-1">
                <h2>{number.clone()}</h2>
                {status}
                <div class="drawer-head-end">
                    <button class="button" on:click=move |_| to_reverse.set(Some(this_event.get_value()))>"Reverse\u{2026}"</button>
                    <button class="button button-icon" data-kind="quiet" aria-label="Previous event" title="Previous event" on:click=move |_| step(-1)><Icon name=IconName::Previous /></button>
                    <button class="button button-icon" data-kind="quiet" aria-label="Next event" title="Next event" on:click=move |_| step(1)><Icon name=IconName::Next /></button>
                    <button class="button button-icon" data-kind="quiet" aria-label="Close the event" title="Close (Esc)" on:click=move |_| close()><Icon name=IconName::Close /></button>
                </div>
            </div>
            <div class="drawer-body">{body}</div>
            <ReverseDialog session=session selected=to_reverse />
        </aside>
    }
}

/// Says once, on top, why nothing of the event can be changed, if so.
#[component]
fn Barred(session: Session, event: RecordKey) -> impl IntoView {
    move || {
        session.sync.revision.track();
        session.state.track();
        let tables = session.lookups.tables.get();
        let reason = field::with_standing(&session, &event, &event, |standing| standing.bars_record(&tables));
        reason.map(
            |reason| view! { <Notice tone=Tone::Info icon=IconName::Lock title="Read only" text=reason /> },
        )
    }
}
