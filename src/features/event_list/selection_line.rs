//! What is selected, in words above the totals: how many, what they are worth, the way out, and what can be
//! done to them. It always stands, so that no row leaves its place under the hand that selects.

use super::source::EventList;
use crate::features::list::NotShown;
use crate::features::selection::AmountLines;
use crate::text::{count, events};
use grid_model::{Records, Selection};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::{Amounts, merge};
use std::rc::Rc;

type List = StoredValue<Rc<EventList>, LocalStorage>;

#[component]
pub fn SelectionLine(
    list: List,
    selection: RwSignal<Selection>,
    /// What can be done, as buttons.
    children: Children,
) -> impl IntoView {
    let revision = list.with_value(|list| list.pages.revision);
    let sync = list.with_value(|list| list.spec.session.sync);
    let clear = move |_| {
        selection.set(Selection::None);
        if let Some(grid) = document().query_selector("[role=grid]").ok().flatten() {
            // The grid is where the person goes on; without it there is nothing to go back to.
            let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(grid).focus();
        }
    };
    let words = move || match selection.get() {
        Selection::None => None,
        Selection::All(all) => {
            let out = all.without.len();
            let out = if out > 0 { format!(", {} taken out", count(out as u64)) } else { String::new() };
            Some((format!("Everything in this list is selected{out}"), Records::default()))
        }
        Selection::Cells(range) => Some((told(&range.records), range.records)),
        Selection::Records(records) => Some((told(&records), records)),
    };
    let selected = move || {
        let Some((words, records)) = words() else {
            return view! { <span class="quiet">"Nothing selected"</span> }.into_any();
        };
        revision.track();
        sync.revision.track();
        let (sums, known) = list.with_value(|list| worth(list, &records));
        let unknown = records.len() - known;
        view! {
            <strong data-testid="selected">{words}</strong>
            <NotShown list=Rc::new(list.get_value()) selection=selection />
            <AmountLines amounts=sums />
            {(unknown > 0).then(|| view! { <span class="quiet">{format!("without the amounts of {} that are out of sight", events(unknown))}</span> })}
            <button class="button" data-kind="quiet" on:click=clear>"Clear"</button>
        }
        .into_any()
    };
    view! {
        <div class="selection-line" role="group" aria-label="Selection">
            {selected}
            <div class="selection-actions">{children()}</div>
        </div>
    }
}

fn told(records: &Records) -> String {
    let selected = format!("{} selected", count(records.len() as u64));
    match records.left_out() {
        0 => selected,
        1 => format!("{selected}; 1 row between is not loaded and not selected"),
        more => format!("{selected}; {} rows between are not loaded and not selected", count(more as u64)),
    }
}

/// The billed amounts of the records that are loaded, and of how many they are.
fn worth(list: &EventList, records: &Records) -> (Amounts, usize) {
    let (mut sums, mut known) = (Amounts::new(), 0);
    for key in records.keys() {
        let billed = list
            .index_of_event(key)
            .and_then(|index| list.with_event(index, |row| row.billed(&list.spec.session.sync)));
        if let Some(billed) = billed {
            known += 1;
            merge(&mut sums, &billed);
        }
    }
    (sums, known)
}
