//! One event beside its list: every field, its charges and messages, and what stands between the
//! person's change and the server's.
//!
//! Not here: what a text means for a field (`field_form`) and the rules of writing (`record-store`).

mod changed_here;
mod charges;
mod event_reader;
mod expected;
mod lineage;
mod mend;
mod messages;
mod reversal_pair;
mod sections;
mod timeline;

use crate::api::RecordKey;
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::allowed_button::{AllowedButton, forbidden_by_role};
use crate::features::event_list::{OpenList, REVERSAL_PENDING, TO_RE_RATE};
use crate::features::list::FetchedState;
use crate::features::record_panel::{ConflictCards, with_edit_context};
use crate::features::reversal::ReverseDialog;
use crate::features::selection::{Selected, why_forbidden};
use crate::features::usual_reading::UsualReading;
use crate::routes::{PathPart, use_path_part};
use crate::text::{StatusClass, class_of};
use crate::ui::controls::{Badge, IconName, Notice};
use crate::ui::drawer::{Drawer, DrawerWays};
use crate::ui::part::part;
use changed_here::ChangedHere;
use charges::Charges;
use event_reader::{Children, open_event};
use expected::ExpectedAmount;
use grid_model::Tone;
use leptos::prelude::*;
use lineage::Lineage;
pub use mend::mend_part;
use messages::Messages;
use rest_contract::oracle::compared_amounts::pending_reversal;
use rest_contract::oracle::life_cycle::{EventAction, EventStatus};
use reversal_pair::{PendingReversal, ReversalPair, reversal_pair};
use sections::Sections;
use timeline::Timeline;
pub use timeline::TimelineOpen;

part! {
    /// All of the drawer.
    pub mod drawer_part in one_record: (number: String) => view! { <EventDrawer number=number /> }
}

part! {
    /// What an event that is not rated yet is expected to come to.
    pub mod expected_part in estimate: (session: Session, event: RecordKey, pair: Fetched<ReversalPair>, usual: UsualReading) =>
        view! { <ExpectedAmount session=session event=event pair=pair usual=usual /> }
}

/// The drawer at its own address, over the list that is open.
#[component]
pub fn DrawerRoute() -> impl IntoView {
    let event = use_path_part("event", PathPart::Last);
    move || drawer_part::view(event.get())
}

#[component]
fn EventDrawer(number: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let open = expect_context::<OpenList>();
    let key = RecordKey::event(&number);
    let parts = open_event(session, key.clone());
    let ways = DrawerWays {
        step: Some(open.steps.row),
        keys: Some("next and previous event in error"),
        ..DrawerWays::over_list(open.home.get_value(), |_| None)
    };
    let to_reverse = RwSignal::new(None::<Selected>);
    let this_event = StoredValue::new(Selected::named([number.as_str()], EventAction::Reverse));
    let sync = session.sync;
    let forbidden = {
        let (by_role, key) = (forbidden_by_role(session), key.clone());
        Signal::derive(move || {
            by_role.get().or_else(|| {
                sync.revision.track();
                sync.with_view(&key, |view| {
                    let Some(view) = view else { return Some("The event is not read yet.".to_owned()) };
                    if view.is_gone() {
                        return Some("This event no longer exists on the server.".to_owned());
                    }
                    let tables = session.lookups.tables.get();
                    why_forbidden(EventAction::Reverse, tables.closed_periods(), |name| {
                        view.shown(&name).cloned()
                    })
                })
            })
        })
    };
    let reverse = move || {
        view! { <AllowedButton session=session words="Reverse\u{2026}" forbidden=forbidden press=move || to_reverse.set(Some(this_event.get_value())) /> }
    };
    let status = {
        let key = key.clone();
        move || {
            sync.revision.track();
            let tables = session.lookups.tables.get();
            let text = |name| sync.with_view(&key, |view| view?.shown(&name)?.as_text().map(str::to_owned));
            text("EventStatus").map(|code| {
                let class = class_of(&code);
                let meaning = tables.meaning(crate::data::lookups::EVENT_STATUS, &code);
                let re_rates = || text("BatchNumber").is_some_and(|batch| open.re_rates.run(batch));
                let waits = || {
                    sync.with_view(&key, |view| {
                        pending_reversal(|name| view.as_ref()?.confirmed(&name)).is_some()
                    })
                };
                let (tone, text) = if waits() {
                    (Tone::Warn, format!("{meaning}{REVERSAL_PENDING}"))
                } else if class == StatusClass::Done && re_rates() {
                    (Tone::Info, format!("{meaning}{TO_RE_RATE}"))
                } else {
                    (class.tone(), meaning.to_owned())
                };
                view! { <Badge tone=tone text=text /> }
            })
        }
    };
    let pair = reversal_pair(session, &key);
    let usual = UsualReading::new(session);
    let waits = {
        let key = key.clone();
        Memo::new(move |_| {
            sync.revision.track();
            let status =
                sync.with_view(&key, |view| EventStatus::of(view?.shown(&"EventStatus")?.as_text()?));
            status.is_some_and(EventStatus::waits_for_rating)
        })
    };
    let body = move |children: Children| {
        let expected_of = key.clone();
        view! {
            <PendingReversal pair=pair />
            <Blocked session=session event=key.clone() />
            <ConflictCards session=session event=key.clone() charges=children.charges.clone() />
            <Messages session=session event=key.clone() messages=children.messages.clone() next_error=open.steps.error usual=usual />
            {move || waits.get().then(|| expected_part::view(session, expected_of.clone(), pair, usual))}
            <Sections session=session event=key.clone() />
            <Charges session=session event=key.clone()
                charges=children.charges.clone() is_part=children.lacks_charges />
            <Lineage session=session event=key.clone() />
            <Timeline session=session event=key.clone() children=children />
            <ChangedHere session=session event=key.clone() />
        }
        .into_any()
    };
    view! {
        <Drawer kind="event" label=format!("Event {number}") title=number.clone() ways=ways badge=status actions=reverse>
            <FetchedState fetched=parts reading="Reading the event" body=body />
        </Drawer>
        <ReverseDialog session=session selected=to_reverse />
    }
}

/// Says once, on top, why nothing of the event can be changed, if so.
#[component]
fn Blocked(session: Session, event: RecordKey) -> impl IntoView {
    move || {
        session.sync.revision.track();
        session.state.track();
        let tables = session.lookups.tables.get();
        let reason = with_edit_context(&session, &event, &event, |context| context.why_read_only(&tables));
        reason.map(
            |reason| view! { <Notice tone=Tone::Info icon=IconName::Lock title="Read only" text=reason /> },
        )
    }
}
