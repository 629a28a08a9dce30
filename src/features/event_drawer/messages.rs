//! What the rating process says about the event, with its advice on what to do.

use crate::ui::controls::Notice;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::Record;
use std::sync::Arc;

#[component]
pub fn Messages(messages: Arc<[Record]>) -> impl IntoView {
    let rows = messages.iter().map(|message| {
        let text = |name: &str| message.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let tone = match text("MessageType").as_deref() {
            Some("ORA_WARNING" | "ORA_WANRING") => Tone::Warn,
            Some("ORA_INFO") => Tone::Info,
            _ => Tone::Bad,
        };
        let said = ["AdditionalMessageText", "MessageText", "TranslatedMessageText", "MessageName"]
            .into_iter()
            .find_map(text);
        let advice = text("MessageUserDetails").unwrap_or_default();
        view! { <Notice tone=tone title=said.unwrap_or_default() text=advice /> }
    });
    let rows = rows.collect_view();
    (!messages.is_empty()).then(|| view! { <section class="messages" aria-label="Messages">{rows}</section> })
}
