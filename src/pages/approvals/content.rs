//! What an approval is for, read from the server and hashed here: the digest that is approved is that of what stands on
//! the screen.

use crate::api::Failure;
use crate::data::session::Session;
use crate::features::approvals::amounts_list;
use crate::text::{count, events};
use crate::ui::controls::{Icon, IconName};
use grid_model::visible;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::approval::Content;

/// So many records are listed; of more, how many there are.
const MOST_LISTED: usize = 200;

/// - `digest`: that of the approval. `seen` gets it once what has it is shown.
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
                let content = Content::read(&text).filter(|content| content.digest() == digest);
                seen.set(content.is_some().then(|| digest.clone()));
                found.set(Some(content));
            }
            Err(failure) => failed.set(Some(failure)),
        }
    });
    move || {
        match (found.get(), failed.get()) {
        (_, Some(failure)) => view! { <p class="form-error" role="alert"><Icon name=IconName::Alert /><span>{format!("{}. {}", failure.title(), failure.advice())}</span></p> }.into_any(),
        (None, None) => view! { <p class="quiet" role="status">"Reading the content"</p> }.into_any(),
        (Some(None), None) => view! { <p class="form-error" role="alert"><Icon name=IconName::Alert /><span>"The content is not what the approval says that it is for. It cannot be approved here."</span></p> }.into_any(),
        (Some(Some(content)), None) => shown(&content),
    }
    }
}

fn shown(content: &Content) -> AnyView {
    let size = events(usize::try_from(content.count).unwrap_or(usize::MAX));
    let not_known = (content.not_known > 0)
        .then(|| view! { <p>{format!("The amounts of {} of them are not known yet.", count(content.not_known))}</p> });
    let amounts = content
        .amounts
        .iter()
        .map(|(currency, amount)| (currency.as_deref(), amount.text().unwrap_or_else(|| "?".to_owned())));
    let amounts = match content.amounts.is_empty() {
        true => view! { <p>"No amounts."</p> }.into_any(),
        false => amounts_list(amounts),
    };
    let rows = content.records.iter().take(MOST_LISTED).map(|((resource, number), version)| {
        view! { <tr><td>{kind_of(resource)}</td><td>{visible(number).into_owned()}</td><td class="number">{version.to_string()}</td></tr> }
    });
    let rows: Vec<_> = rows.collect();
    let more = content.records.len().saturating_sub(MOST_LISTED);
    let more = (more > 0).then(
        || view! { <p class="quiet">{format!("{} more records belong to it.", count(more as u64))}</p> },
    );
    view! {
        <div class="approval-content">
            <p>{format!("It is carried out on {size}. Amounts, each charge without its sign:")}</p>
            {amounts}
            {not_known}
            <div class="figure-table approval-records" role="region" tabindex="0" aria-label="Records of the content"><table>
                <thead><tr><th scope="col">"Record"</th><th scope="col">"Number"</th><th scope="col" class="number">"Version"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            {more}
            <p class="quiet">"SHA-256 "<code class="digest">{content.digest()}</code></p>
        </div>
    }
    .into_any()
}

fn kind_of(resource: &str) -> &'static str {
    match resource {
        "usageEvents" => "Event",
        "subscriptionUsageEventBatches" => "Batch",
        _ => "Newest service usage event",
    }
}
