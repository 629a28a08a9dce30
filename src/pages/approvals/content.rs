//! What an approval is for, read from the server and hashed here: the digest that is approved is that of what stands on
//! the screen.

use crate::api::Failure;
use crate::data::session::Session;
use crate::features::approvals::{act_words, amounts_list, rules_list};
use crate::text::{count, events, second_utc};
use crate::ui::controls::{Icon, IconName};
use chrono::DateTime;
use grid_model::visible;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::approval::{Act, Content};

/// So many records are listed at once, and so many more with each "Show more".
const PORTION: usize = 200;

/// - `digest`: that of the approval. `seen` gets it once everything that has it is shown, to the last record.
#[component]
pub fn ContentView(
    session: Session,
    number: String,
    digest: String,
    seen: RwSignal<Option<String>>,
) -> impl IntoView {
    let (found, failed) = (RwSignal::new(None::<Option<Content>>), RwSignal::new(None::<Failure>));
    spawn_local(async move {
        let answer = session.client.approval_content(&number).await;
        if found.is_disposed() {
            return;
        }
        match answer {
            Ok(text) => {
                found.set(Some(Content::read(&text).filter(|content| content.digest() == digest)));
            }
            Err(failure) => failed.set(Some(failure)),
        }
    });
    move || {
        match (found.get(), failed.get()) {
        (_, Some(failure)) => view! { <p class="form-error" role="alert"><Icon name=IconName::Alert /><span>{format!("{}. {}", failure.title(), failure.advice())}</span></p> }.into_any(),
        (None, None) => view! { <p class="quiet" role="status">"Reading the content"</p> }.into_any(),
        (Some(None), None) => view! { <p class="form-error" role="alert"><Icon name=IconName::Alert /><span>"The content is not what the approval says that it is for. It cannot be approved here."</span></p> }.into_any(),
        (Some(Some(content)), None) => shown(&content, seen),
    }
    }
}

fn shown(content: &Content, seen: RwSignal<Option<String>>) -> AnyView {
    let subject = (!content.subject.is_empty()).then(|| visible(&content.subject));
    let act = act_words(content.act, subject.as_deref());
    view! {
        <div class="approval-content">
            <p>{format!("{act}. It is carried out on {}.", events_of(content.count))}{reversals_words(content)}</p>
            {amounts(content)}
            <h4>"Rules that stand"</h4>
            {rules(content)}
            <Records content=content.clone() seen=seen />
            <p class="quiet">"SHA-256 "<code class="digest">{content.digest()}</code></p>
        </div>
    }
    .into_any()
}

fn events_of(number: u64) -> String {
    events(usize::try_from(number).unwrap_or(usize::MAX))
}

fn reversals_words(content: &Content) -> Option<String> {
    (content.act == Act::Reverse).then(|| match content.reversals {
        1 => " 1 of them reverses another one.".to_owned(),
        number => format!(" {} of them reverse another one.", count(number)),
    })
}

/// A purge moves no amounts.
fn amounts(content: &Content) -> Option<AnyView> {
    if content.act == Act::Purge {
        return None;
    }
    let amounts = content
        .amounts
        .iter()
        .map(|(currency, amount)| (currency.as_deref(), amount.text().unwrap_or_else(|| "?".to_owned())));
    let amounts = match content.amounts.is_empty() {
        true => view! { <p>"No amounts."</p> }.into_any(),
        false => view! { <p>"Amounts, each charge without its sign:"</p>{amounts_list(amounts)} }.into_any(),
    };
    let not_known = (content.not_known > 0)
        .then(|| view! { <p>{format!("The amounts of {} of them are not known yet.", count(content.not_known))}</p> });
    Some(view! { {amounts}{not_known} }.into_any())
}

fn rules(content: &Content) -> AnyView {
    match content.rules.is_empty() {
        true => {
            view! { <p>"None. One that was lifted of late is in force for some hours more."</p> }.into_any()
        }
        false => rules_list(&content.rules),
    }
}

/// Every record that the digest covers. What was not shown was not seen.
#[component]
fn Records(content: Content, seen: RwSignal<Option<String>>) -> impl IntoView {
    let is_purge = content.act == Act::Purge;
    let (all, digest) = (content.records.len(), content.digest());
    let records = StoredValue::new(content.records.into_iter().collect::<Vec<_>>());
    let listed = RwSignal::new(0);
    let region = NodeRef::<leptos::html::Div>::new();
    let list = move || {
        listed.set(all.min(listed.get_untracked() + PORTION));
        if listed.get_untracked() == all {
            seen.set(Some(digest.clone()));
        }
    };
    list();
    let row = move |place: usize| {
        records.with_value(|records| records.get(place).map(|((resource, number), version)| {
            view! { <tr><td>{kind_of(resource)}</td><td>{visible(number).into_owned()}</td><td class="number">{version_words(is_purge, *version)}</td></tr> }
        }))
    };
    let rest = move || listed.get() < all;
    let words = move || {
        format!(
            "{} of {} records are listed. It can be approved when all are.",
            count(listed.get() as u64),
            count(all as u64)
        )
    };
    let more = move |_| {
        list();
        // The button goes with the last portion, and would take the focus along.
        if let (false, Some(region)) = (rest(), region.get_untracked()) {
            let _ = region.focus();
        }
    };
    let more = StoredValue::new_local(more);
    let last = if is_purge { "Created" } else { "Version" };
    view! {
        <div node_ref=region class="figure-table approval-records" role="region" tabindex="0" aria-label="Records of the content"><table>
            <thead><tr><th scope="col">"Record"</th><th scope="col">"Number"</th><th scope="col" class="number">{last}</th></tr></thead>
            <tbody><For each=move || 0..listed.get() key=|place| *place children=row /></tbody>
        </table></div>
        <div class="approval-more" role="status">{move || rest().then(|| view! {
            <span>{words}</span>
            <button class="button" type="button" data-kind="quiet" on:click=move |event| more.with_value(|more| more(event))>"Show more"</button>
        })}</div>
    }
}

/// Of a purge the time in the place of a version, in microseconds since 1970.
fn version_words(is_purge: bool, version: i64) -> String {
    let at = DateTime::from_timestamp_micros(version).filter(|_| is_purge);
    at.map_or_else(|| version.to_string(), |at| format!("{} UTC", second_utc(&at)))
}

fn kind_of(resource: &str) -> &'static str {
    match resource {
        "usageEvents" => "Event",
        "subscriptionUsageEventBatches" => "Batch",
        _ => "Newest service usage event",
    }
}
