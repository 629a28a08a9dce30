//! The parts of a batch's page, each at an address of its own.

use crate::routes;
use crate::text::count;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rest_contract::{Record, Value};
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Events,
    Errors,
    Rules,
    Result,
    History,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Events, Self::Errors, Self::Rules, Self::Result, Self::History];

    /// What follows the batch's own address.
    const fn part(self) -> &'static str {
        match self {
            Self::Events => "",
            Self::Errors => "errors",
            Self::Rules => "rules",
            Self::Result => "result",
            Self::History => "history",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Errors => "Errors",
            Self::Rules => "Rules",
            Self::Result => "Result",
            Self::History => "History",
        }
    }
}

/// The tab that the page's address names; an open event stands over the events.
pub fn open_tab() -> Memo<Tab> {
    let location = use_location();
    Memo::new(move |_| {
        location.pathname.with(|path| {
            // Behind `/batches` and the number, which an address may spell in several ways.
            let tail = path.trim_end_matches('/').splitn(4, '/').nth(3).unwrap_or_default();
            Tab::ALL.into_iter().find(|tab| tab.part() == tail).unwrap_or(Tab::Events)
        })
    })
}

#[component]
pub fn TabBar(home: String, tab: Memo<Tab>, batch: Signal<Option<Arc<Record>>>) -> impl IntoView {
    let number = move |name: &'static str| {
        batch.with(|batch| batch.as_ref().and_then(|batch| batch.get(name)).and_then(Value::as_integer))
    };
    let links = Tab::ALL.map(|one| {
        let counted = match one {
            Tab::Events => Some("CountOfUsageEvents"),
            Tab::Errors => Some("CountOfEventsErrored"),
            Tab::Rules | Tab::Result | Tab::History => None,
        };
        // It has its room before it is known.
        let figure =
            counted.map(|name| view! { <span class="tab-figure">{move || number(name).map(count)}</span> });
        let address = routes::batch_part(&home, one.part());
        view! {
            <a href=address class="tab" aria-current=move || (tab.get() == one).then_some("page")>
                <span class="tab-title" data-title=one.title()>{one.title()}</span>
                {figure}
            </a>
        }
    });
    view! { <nav class="tabs" aria-label="Parts of the batch">{links}</nav> }
}
