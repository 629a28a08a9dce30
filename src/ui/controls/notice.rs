//! A sentence that stands on a screen, and the message that stands in place of rows.

use super::{Icon, IconName, icon_of};
use grid_model::{Tone, visible};
use leptos::prelude::*;

/// A boxed sentence or two, in the flow of the page.
#[component]
pub fn Notice(
    tone: Tone,
    #[prop(into)] title: String,
    #[prop(into, optional)] text: String,
    #[prop(optional)] icon: Option<IconName>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="notice" data-tone=tone.name()>
            <Icon name=icon.unwrap_or(icon_of(tone)) />
            <div class="notice-text">
                <strong>{prose(&title)}</strong>
                {(!text.is_empty()).then(|| view! { <span>{prose(&text)}</span> })}
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// What a screen says where there is nothing to show: why, and what to do next. The children are the way on, so
/// none can be without one.
#[component]
pub fn State(
    icon: IconName,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] detail: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="state" data-tone=tone.name() role=if tone == Tone::Bad { "alert" } else { "status" }>
            <Icon name=icon />
            <h2>{prose(&title)}</h2>
            <p>{prose(&text)}</p>
            {detail.map(|detail| view! { <p class="mono">{detail}</p> })}
            <div class="state-ways">{children()}</div>
        </div>
    }
}

/// A way on from a [`State`] that leads to another address.
pub fn way_to(words: &'static str, address: impl Into<String>) -> AnyView {
    made_way_to(words, address.into())
}

fn made_way_to(words: &'static str, address: String) -> AnyView {
    view! { <a class="button" href=address>{words}</a> }.into_any()
}

/// A way on from a [`State`] that is pressed.
pub fn way_by(words: &'static str, press: Callback<()>) -> AnyView {
    view! { <button class="button" type="button" on:click=move |_| press.run(())>{words}</button> }.into_any()
}

/// Sentences as they are shown: a new line is a blank, what cannot be seen is a sign.
fn prose(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    visible(&lines.join(" ")).into_owned()
}
