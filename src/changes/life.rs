//! One change beside the list: every step of its life, and the way to its record.

use super::words::{Part, detail, parts, record_name, time_text, tone};
use crate::bucket_editor::record_address;
use crate::controls::{Badge, Icon, IconName};
use crate::rest_client::Resource;
use crate::sign_in::Session;
use leptos::prelude::*;
use record_store::IntentId;

#[component]
pub fn ChangeLife(
    session: Session,
    intent: IntentId,
    close: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let entry = Memo::new(move |_| {
        session.sync.log_revision.track();
        session.sync.with_log(|log| log.entry(intent).cloned())
    });
    view! {
        <aside class="drawer" aria-label="One change" on:keydown=move |event| if event.key() == "Escape" { close() }>
            <header class="drawer-head">
                <h2>{move || entry.with(|entry| entry.as_ref().map(|entry| record_name(&entry.kept.key)))}</h2>
                <div class="drawer-head-end">
                    <button class="button" data-kind="quiet" aria-label="Close" on:click=move |_| close()><Icon name=IconName::Close /></button>
                </div>
            </header>
            <div class="drawer-body">
                {move || entry.get().map(|entry| {
                    let address = match entry.kept.key.resource {
                        Resource::Bucket | Resource::BucketDetail => record_address(&session.sync, &entry.kept.key).unwrap_or_default(),
                        Resource::Batch => format!("/batches/{}", encoded(&entry.kept.key.name())),
                        _ => format!("/events/{}", encoded(&entry.kept.key.event_name().unwrap_or_default())),
                    };
                    let changes = parts(&entry).map(|Part { what, from, to }| {
                        view! { <div class="field" data-wide=""><span class="label">{what}</span><p class="field-value">{if from.is_empty() { to } else { format!("{from} \u{2192} {to}") }}</p></div> }
                    });
                    let detail = detail(&entry);
                    let steps = entry.steps.iter().map(|(at, standing)| {
                        view! { <li><span class="number">{time_text(*at)}</span><Badge tone=tone(*standing) text=standing.name() /></li> }
                    });
                    view! {
                        <section><h3>"What"</h3><div class="fields">{changes.collect_view()}</div></section>
                        {(!detail.is_empty()).then(|| view! { <section><h3>"Why it stands"</h3><p>{detail}</p></section> })}
                        <section><h3>"Steps"<span class="quiet">"UTC"</span></h3><ol class="change-steps">{steps.collect_view()}</ol></section>
                        <p><a href=address>"Open the record"</a></p>
                    }
                })}
            </div>
        </aside>
    }
}

fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}
