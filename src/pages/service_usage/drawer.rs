//! One event beside the list: every field, and the life of its instance as far as events tell.

use super::labels;
use super::organizations::Organizations;
use super::page::OpenUsage;
use super::reading::Reading;
use crate::api::{Failure, FailureKind};
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::list::{NextTry, advice};
use crate::routes::{self, PathPart, use_path_part};
use crate::ui::controls::{Badge, IconName, Notice, State, way_to};
use crate::ui::drawer::{Drawer, DrawerWays};
use crate::ui::grid::GridSource as _;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::cloud_foundry::{UsageEvent, UsageField};
use std::sync::Arc;

/// The drawer at its own address, over the list that is open.
#[component]
pub fn UsageDrawerRoute() -> impl IntoView {
    let guid = use_path_part("guid", PathPart::Last);
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

#[component]
fn UsageDrawer(guid: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let OpenUsage(list) = expect_context();
    let organizations = list.with_value(|list| list.spec().organizations);
    let own = StoredValue::new(guid.clone());
    let ways = DrawerWays::over_list(routes::SERVICE_USAGE.to_owned(), move |by| {
        list.with_value(|list| {
            let here = own.with_value(|guid| list.list.row_of_key(guid))?;
            Some(routes::usage_event(&list.guid(here.checked_add_signed(by)?)?))
        })
    });
    let event = Fetched::new(session, async move || {
        let guid = own.try_get_value().unwrap_or_default();
        session.client.usage_event(&guid).await.map(Arc::new)
    });
    let event = event.read_when(session, || ());
    let status = move || {
        event.found.get().map(|event| {
            let (text, tone) = labels::state(event.text(UsageField::State));
            view! { <Badge tone=tone text=text.to_owned() /> }
        })
    };
    let title = move || match event.found.get() {
        Some(event) => event.text(UsageField::InstanceName).to_owned(),
        None => own.get_value(),
    };
    let body = move || match (event.found.get(), event.failure.get()) {
        (Some(event), _) => view! { <EventFields event=event organizations=organizations /> }.into_any(),
        (None, Some(failure)) => {
            view! { <NotRead session=session failure=failure again=event.again() /> }.into_any()
        }
        (None, None) => view! { <p class="quiet" role="status">"Reading the event"</p> }.into_any(),
    };
    view! {
        <Drawer kind="event" label=format!("Event {guid}") title=Signal::derive(title) ways=ways badge=status>
            {body}
        </Drawer>
    }
}

/// The platform hides an event that a role may not see as if it did not exist.
#[component]
fn NotRead(session: Session, failure: Failure, again: Callback<()>) -> impl IntoView {
    let blocked =
        session.with_access(|access| access.and_then(|access| access.platform.blocked_from_reading()));
    let (title, text) = match (&failure.kind, blocked) {
        (FailureKind::NotFound, Some(reason)) => {
            ("Your role may not see this event, if there is one".to_owned(), reason.to_owned())
        }
        (FailureKind::NotFound, None) => (
            "There is no such event".to_owned(),
            "It may have been purged or pruned since, or the address is mistyped.".to_owned(),
        ),
        _ => (failure.title(), advice(&failure)),
    };
    view! {
        <State icon=IconName::Alert tone=Tone::Bad title=title text=text detail=failure.detail()>
            <NextTry failure=failure again=again />
            {way_to("Go to the list", routes::SERVICE_USAGE)}
        </State>
    }
}

#[component]
fn EventFields(event: Arc<UsageEvent>, organizations: Organizations) -> impl IntoView {
    let is_seeded =
        event.text(UsageField::State) == "CREATED" && event.guid == event.text(UsageField::InstanceGuid);
    let field = |title: &'static str, text: String| {
        view! { <FieldBox title=title text=text.into() /> }
    };
    let sections = SECTIONS.map(|(title, fields)| {
        let fields = fields
            .iter()
            .map(|one| {
                let text = event.text(*one).to_owned();
                let words = labels::value(*one, &text).to_owned();
                let organization = (*one == UsageField::OrganizationGuid).then(|| {
                    let name = Signal::derive(move || organizations.name(&text));
                    view! { <FieldBox title=labels::named_title(*one) text=name /> }
                });
                (organization, field(labels::title(*one), words))
            })
            .collect_view();
        view! { <section><h3>{title}</h3><div class="fields">{fields}</div></section> }
    });
    view! {
        {is_seeded.then(|| view! { <Notice tone=Tone::Warn title="Seeded by a purge" text="This start was written for an instance that ran already. When it really began, only a copy from before the purge can tell." /> })}
        <section>
            <h3>"Event"</h3>
            <div class="fields">
                {field("Created (UTC)", labels::shown_time(event.created_at))}
                {field("State", labels::value(UsageField::State, event.text(UsageField::State)).to_owned())}
                {field("Event GUID", event.guid.clone())}
            </div>
        </section>
        {sections}
        <InstanceLife event=event.clone() />
    }
}

#[component]
fn FieldBox(title: &'static str, text: Signal<String>) -> impl IntoView {
    let is_wide = title.contains("GUID");
    let words = move || {
        let text = text.get();
        if text.is_empty() { "\u{2013}".to_owned() } else { text }
    };
    view! { <div class="field" data-wide=is_wide.then_some("")><div class="field-head"><span class="label">{title}</span></div><div class="field-value">{words}</div></div> }
}

/// Every event of the same instance, where the whole list is here to tell.
#[component]
fn InstanceLife(event: Arc<UsageEvent>) -> impl IntoView {
    let OpenUsage(list) = expect_context();
    let reading = list.with_value(|list| list.spec().reading);
    let rows = move || {
        if !matches!(reading.get(), Reading::Whole(_)) {
            return view! { <p class="quiet">"Shown once all events are loaded. The bar below the list says how many are."</p> }.into_any();
        }
        list.with_value(|list| {
            let table = list.events();
            let instance = event.text(UsageField::InstanceGuid);
            let rows = (0..table.len()).filter(|row| table.text(*row, UsageField::InstanceGuid) == instance);
            let rows = rows.map(|row| {
                let guid = table.guid(row).to_owned();
                let current = (guid == event.guid).then_some("true");
                view! {
                    <li aria-current=current>
                        <a href=routes::usage_event(&guid)>{labels::shown_time(table.created_at(row))}</a>
                        <span>{labels::state(table.text(row, UsageField::State)).0.to_owned()}</span>
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
