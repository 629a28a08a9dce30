//! The differences in words, before anything is done.

use super::differences::Noticed;
use crate::data::lookups::EVENT_STATUS;
use crate::data::session::Session;
use crate::text::{count, events};
use crate::ui::controls::{IconName, Notice};
use grid_model::{Tone, visible};
use leptos::prelude::*;

/// At most this many are listed at first.
const MAX_LISTED: usize = 5;

/// `again` reads everything once more; `take_changed` takes in what was changed, as it is now.
#[component]
pub fn DifferencesView(
    session: Session,
    noticed: Noticed,
    #[prop(into)] again: Callback<()>,
    #[prop(into)] take_changed: Callback<()>,
) -> impl IntoView {
    let moved = move || {
        let moved = noticed.differences.get().moved?;
        let words = format!(
            "It had {} when the reading began, {} were read, and it has {} now.",
            events(moved.found_first),
            count(moved.read as u64),
            count(moved.found_now as u64)
        );
        let stops = noticed.stops();
        Some(view! {
            <div role="alert" data-testid="moved-meanwhile">
                <Notice tone=Tone::Warn icon=IconName::Alert title="The list changed while it was read" text=words />
                {stops.then(|| view! {
                    <p class="difference-choices">
                        <button class="button" type="button" on:click=move |_| again.run(())>"Read again"</button>
                        <button class="button" data-kind="quiet" type="button" on:click=move |_| noticed.go_on()>{format!("Go on with the {} that were read", count(moved.read as u64))}</button>
                    </p>
                })}
            </div>
        })
    };
    let counted = move || {
        let counted = noticed.differences.get().counted?;
        Some(view! { <p role="alert" data-testid="counted-then">{counted.told()}</p> })
    };
    let changed = move || {
        let changed = noticed.differences.get().changed;
        if changed.is_empty() {
            return None;
        }
        let tables = session.lookups.tables.get();
        let number = changed.len();
        let row = |one: &super::differences::ChangedSince| {
            let status = tables.meaning(EVENT_STATUS, &one.status).to_owned();
            view! { <li><span class="mono">{visible(&one.number).into_owned()}</span>{visible(&format!(" {}, {status}", one.told())).into_owned()}</li> }
        };
        let first = changed.iter().take(MAX_LISTED).map(row).collect_view();
        let others = (number > MAX_LISTED).then(|| {
            let rest = changed.iter().skip(MAX_LISTED).map(row).collect_view();
            view! { <details><summary>{format!("{} more", count((number - MAX_LISTED) as u64))}</summary><ul>{rest}</ul></details> }
        });
        let title = match number {
            1 => "1 selected event has changed since you selected it".to_owned(),
            number => {
                format!("{} selected events have changed since you selected them", count(number as u64))
            }
        };
        Some(view! {
            <div role="alert" data-testid="changed-since">
                <Notice tone=Tone::Warn icon=IconName::Alert title=title text="They are left out, unless you include them as they are now." />
                <ul class="difference-list">{first}</ul>
                {others}
                <button class="button" type="button" on:click=move |_| take_changed.run(())>{format!("Include {} as {} now", if number == 1 { "it".to_owned() } else { format!("these {}", count(number as u64)) }, if number == 1 { "it is" } else { "they are" })}</button>
            </div>
        })
    };
    let gone = move || {
        let gone = noticed.differences.get().gone;
        if gone.is_empty() {
            return None;
        }
        let names = gone.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join(", ");
        let more = gone.len().saturating_sub(MAX_LISTED);
        let more = if more > 0 { format!(" and {} more", count(more as u64)) } else { String::new() };
        Some(view! { <p role="alert" data-testid="gone-since">{match gone.len() {
            1 => format!("1 event of the selection no longer exists, or your role may not see it: {names}."),
            number => format!("{} of the selection no longer exist, or your role may not see them: {names}{more}.", events(number)),
        }}</p> })
    };
    view! { <div class="differences">{moved}{counted}{changed}{gone}</div> }
}
