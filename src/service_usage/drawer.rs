//! One event beside the list: every field, and the life of its instance as far as events tell.

use super::page::{HOME, OpenUsage, event_address};
use super::source::Reading;
use super::words;
use crate::controls::{Badge, Icon, IconName, Notice, State};
use crate::rest_client::{Failure, FailureKind};
use crate::sign_in::Session;
use grid_model::Tone;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use rest_contract::cloud_foundry::{UsageEvent, UsageField};
use std::sync::Arc;

/// The drawer at its own address, over the list that is open.
#[component]
pub fn UsageDrawerRoute() -> impl IntoView {
    let params = use_params_map();
    let guid = Memo::new(move |_| params.with(|params| params.get("guid").unwrap_or_default()));
    move || view! { <UsageDrawer guid=guid.get() /> }
}

const SECTIONS: [(&str, &[UsageField]); 3] = [
    ("Instance", &[UsageField::InstanceName, UsageField::InstanceType, UsageField::InstanceGuid]),
    (
        "Service",
        &[
            UsageField::OfferingName,
            UsageField::PlanName,
            UsageField::OfferingGuid,
            UsageField::PlanGuid,
            UsageField::BrokerName,
            UsageField::BrokerGuid,
        ],
    ),
    ("Where", &[UsageField::SpaceName, UsageField::SpaceGuid, UsageField::OrganizationGuid]),
];

/// An event as it was read, once it is.
type EventRead = Option<Result<Arc<UsageEvent>, Failure>>;

#[component]
fn UsageDrawer(guid: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let OpenUsage(list) = expect_context();
    let root = NodeRef::<Div>::new();
    let location = use_location();
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |path: String, replace: bool| {
        let search = location.search.get_untracked();
        let mark = if search.is_empty() { "" } else { "?" };
        let path = format!("{path}{mark}{}", search.trim_start_matches('?'));
        navigate.with_value(|go| {
            go(&path, NavigateOptions { scroll: false, replace, ..NavigateOptions::default() });
        });
    };
    let close = move || {
        go(HOME.to_owned(), false);
        if let Ok(Some(grid)) = document().query_selector("[role=grid]") {
            let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(grid).focus();
        }
    };
    let own = StoredValue::new(guid.clone());
    let step = move |by: isize| {
        let neighbour = list.with_value(|list| {
            let here = own.with_value(|guid| list.place_of(guid))?;
            list.guid(here.checked_add_signed(by)?)
        });
        if let Some(guid) = neighbour {
            go(event_address(&guid), true);
        }
    };
    Effect::new(move || {
        if let Some(root) = root.get() {
            let _ = root.focus();
        }
    });
    let event = RwSignal::<EventRead>::new(None);
    let read = move || {
        event.set(None);
        let guid = own.get_value();
        spawn_local(async move {
            let read = session.client.usage_event(&guid).await;
            if matches!(&read, Err(failure) if failure.kind == FailureKind::SignedOut) {
                session.expire();
            }
            event.try_set(Some(read.map(Arc::new)));
        });
    };
    let renewed = session.renewed;
    Effect::new(move || {
        renewed.track();
        untrack(read);
    });
    let status = move || {
        event.get().and_then(Result::ok).map(|event| {
            let (text, tone) = words::state(event.text(UsageField::State));
            view! { <Badge tone=tone text=text.to_owned() /> }
        })
    };
    let title = move || match event.get() {
        Some(Ok(event)) => event.text(UsageField::InstanceName).to_owned(),
        _ => own.get_value(),
    };
    let body = move || match event.get() {
        None => view! { <p class="quiet" role="status">"Reading the event"</p> }.into_any(),
        Some(Err(failure)) => {
            view! { <NotRead session=session failure=failure again=Callback::new(move |()| read()) /> }
                .into_any()
        }
        Some(Ok(event)) => view! { <EventFields event=event /> }.into_any(),
    };
    view! {
        <aside class="drawer" aria-label=format!("Event {guid}") on:keydown=move |event| {
            if event.key() == "Escape" && !event.default_prevented() {
                close();
            }
        }>
            <div class="drawer-head" node_ref=root tabindex="-1">
                <h2>{title}</h2>
                {status}
                <div class="drawer-head-end">
                    <button class="button button-icon" data-kind="quiet" aria-label="Previous event" title="Previous event" on:click=move |_| step(-1)><Icon name=IconName::Previous /></button>
                    <button class="button button-icon" data-kind="quiet" aria-label="Next event" title="Next event" on:click=move |_| step(1)><Icon name=IconName::Next /></button>
                    <button class="button button-icon" data-kind="quiet" aria-label="Close the event" title="Close (Esc)" on:click=move |_| close()><Icon name=IconName::Close /></button>
                </div>
            </div>
            <div class="drawer-body">{body}</div>
        </aside>
    }
}

/// The platform hides an event that a role may not see as if it did not exist.
#[component]
fn NotRead(session: Session, failure: Failure, again: Callback<()>) -> impl IntoView {
    let barred =
        session.with_access(|access| access.and_then(|access| access.platform.barred_from_reading()));
    let (title, text) = match (&failure.kind, barred) {
        (FailureKind::NotFound, Some(reason)) => {
            ("Your role may not see this event, if there is one".to_owned(), reason.to_owned())
        }
        (FailureKind::NotFound, None) => (
            "There is no such event".to_owned(),
            "It may have been purged or pruned since, or the address is mistyped.".to_owned(),
        ),
        _ => (failure.title(), failure.advice()),
    };
    view! {
        <State icon=IconName::Alert tone=Tone::Bad title=title text=text detail=failure.request_id.map(|id| format!("Request {id}")).unwrap_or_default()>
            <button class="button" on:click=move |_| again.run(())>"Try again"</button>
        </State>
    }
}

#[component]
fn EventFields(event: Arc<UsageEvent>) -> impl IntoView {
    let is_seeded =
        event.text(UsageField::State) == "CREATED" && event.guid == event.text(UsageField::InstanceGuid);
    let field = |title: &'static str, text: String| {
        let text_or_dash = if text.is_empty() { "\u{2013}".to_owned() } else { text };
        let is_wide = title.contains("guid");
        view! { <div class="field" data-wide=is_wide.then_some("")><div class="field-head"><span class="label">{title}</span></div><div class="field-value">{text_or_dash}</div></div> }
    };
    let sections = SECTIONS.map(|(title, fields)| {
        let fields = fields
            .iter()
            .map(|one| field(words::title(*one), words::value(*one, event.text(*one)).to_owned()))
            .collect_view();
        view! { <section><h3>{title}</h3><div class="fields">{fields}</div></section> }
    });
    view! {
        {is_seeded.then(|| view! { <Notice tone=Tone::Warn title="Seeded by a purge" text="This start was written for an instance that ran already. When it really began, only a copy from before the purge can tell." /> })}
        <section>
            <h3>"Event"</h3>
            <div class="fields">
                {field("Created (UTC)", words::time(event.created_at))}
                {field("State", words::value(UsageField::State, event.text(UsageField::State)).to_owned())}
                {field("Event guid", event.guid.clone())}
            </div>
        </section>
        {sections}
        <InstanceLife event=event.clone() />
    }
}

/// Every event of the same instance, where the whole list is here to tell.
#[component]
fn InstanceLife(event: Arc<UsageEvent>) -> impl IntoView {
    let OpenUsage(list) = expect_context();
    let reading = list.with_value(|list| list.reading);
    let rows = move || {
        if !matches!(reading.get(), Reading::Whole(_)) {
            return view! { <p class="quiet">"Shown once every event is here; the bar under the list says how much is."</p> }.into_any();
        }
        list.with_value(|list| {
            let table = list.table();
            let instance = event.text(UsageField::InstanceGuid);
            let rows = (0..table.len()).filter(|row| table.text(*row, UsageField::InstanceGuid) == instance);
            let rows = rows.map(|row| {
                let guid = table.guid(row).to_owned();
                let current = (guid == event.guid).then_some("true");
                view! {
                    <li aria-current=current>
                        <a href=event_address(&guid)>{words::time(table.created_at(row))}</a>
                        <span>{words::state(table.text(row, UsageField::State)).0.to_owned()}</span>
                        <span class="quiet">{table.text(row, UsageField::PlanName).to_owned()}</span>
                        <span class="quiet">{table.text(row, UsageField::InstanceName).to_owned()}</span>
                    </li>
                }
            });
            view! { <ol class="instance-life">{rows.collect_view()}</ol> }.into_any()
        })
    };
    view! { <section><h3>"Life of the instance"</h3>{rows}</section> }
}
