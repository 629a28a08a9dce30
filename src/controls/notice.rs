//! A sentence that stands on a screen, and the message that stands in place of rows.

use super::{Icon, IconName, icon_of};
use grid_model::Tone;
use leptos::prelude::*;

/// A boxed sentence or two, in the flow of the page.
#[component]
pub fn Notice(
    tone: Tone,
    #[prop(into)] title: String,
    #[prop(into, optional)] text: String,
    #[prop(optional)] icon: Option<IconName>,
) -> impl IntoView {
    view! {
        <div class="notice" data-tone=tone.name()>
            <Icon name=icon.unwrap_or(icon_of(tone)) />
            <div class="notice-text">
                <strong>{title}</strong>
                {(!text.is_empty()).then(|| view! { <span>{text}</span> })}
            </div>
        </div>
    }
}

/// What a screen says where there is nothing to show: why, and what to do next.
#[component]
pub fn State(
    icon: IconName,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] detail: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state" data-tone=tone.name() role=if tone == Tone::Bad { "alert" } else { "status" }>
            <Icon name=icon />
            <h2>{title}</h2>
            <p>{text}</p>
            {detail.map(|detail| view! { <p class="mono">{detail}</p> })}
            {children.map(|children| children())}
        </div>
    }
}
