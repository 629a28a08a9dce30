//! The page: who may not, and the steps in their one order.

use super::controller::PurgeController;
use super::steps::Steps;
use crate::api::Failure;
use crate::data::session::Session;
use crate::features::help::{help_mark, topic};
use crate::features::list::FailureState;
use crate::features::page_head::PageHead;
use crate::routes;
use crate::ui::part_styles::use_part_styles;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn PurgePage() -> impl IntoView {
    use_part_styles(include_str!("../../../../style/service_usage.css"));
    use_part_styles(include_str!("../../../../style/purge.css"));
    let session = expect_context::<Session>();
    // The name that has to be typed is the platform's own; where it has none, the host's.
    let target = RwSignal::<Option<Result<String, Failure>>>::new(None);
    let read = move || {
        spawn_local(async move {
            let host = window().location().host().unwrap_or_default();
            let name = session.client.platform_name().await;
            target.try_set(Some(
                name.map(|name| if name.trim().is_empty() { host } else { name.trim().to_owned() }),
            ));
        });
    };
    read();
    let body = move || match target.get() {
        None => {
            view! { <p class="quiet purge" role="status">"Asking the platform for its name"</p> }.into_any()
        }
        Some(Err(failure)) => view! {
            <FailureState failure=failure again=move |()| read() />
        }
        .into_any(),
        Some(Ok(name)) => {
            let controller = PurgeController::new(session, name);
            view! { <Steps controller=controller /> }.into_any()
        }
    };
    let back = move || view! { <span class="crumb"><a href=routes::SERVICE_USAGE>"Service usage"</a><span aria-hidden="true">"/"</span></span> };
    view! {
        <PageHead title="Purge and reseed" before=back>{help_mark(topic::PURGE, "what is deleted and written")}</PageHead>
        <div class="purge-page">{body}</div>
    }
}
