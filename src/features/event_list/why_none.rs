//! Why none of the selected events may be touched, where all of them are here: said at the button, before a dialog
//! says it of each.

use super::source::EventList;
use crate::features::selection::why_forbidden;
use grid_model::{Picked, Selection};
use leptos::prelude::Get;
use rest_contract::oracle::life_cycle::EventAction;
use std::rc::Rc;
use std::sync::Arc;

/// Why none of the selected events may be `done`, where all of them are here.
pub fn why_none(
    list: &Rc<EventList>,
    selection: &Selection,
    active: Option<Picked>,
    action: EventAction,
    done: &str,
) -> Option<String> {
    let mut reasons = Vec::<(String, usize)>::new();
    let mut holders = Vec::<String>::new();
    let mut is_barred = |key: &str| {
        let Some(reason) = why_event_forbids(list, key, action) else { return false };
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, events)) => *events += 1,
            None => reasons.push((reason, 1)),
        }
        let row = list.index_of_event(key).filter(|_| action == EventAction::Reverse);
        let holder = row.and_then(|row| list.with_event(row, |row| list.spec.reversal_batch(row))).flatten();
        if let Some(number) = holder.filter(|number| !number.is_empty() && !holders.contains(number)) {
            holders.push(number);
        }
        true
    };
    let all_are = match selection {
        Selection::None => active.is_some_and(|picked| is_barred(&picked.key)),
        Selection::All(_) => (0..list.pages.count().exact()?).all(|row| {
            let key = list.with_event(row, |event| Arc::clone(&event.key.path));
            key.is_some_and(|key| !selection.holds(&key) || is_barred(&key))
        }),
        some => some.records()?.keys().all(is_barred),
    };
    let selected: usize = reasons.iter().map(|(_, events)| events).sum();
    if !all_are || selected == 0 {
        return None;
    }
    let told = match reasons.as_slice() {
        [(reason, _)] => reason.clone(),
        _ => reasons
            .iter()
            .map(|(reason, events)| format!("{} excluded: {reason}", crate::text::count(*events as u64)))
            .collect::<Vec<_>>()
            .join(" "),
    };
    let told = match holders.len() {
        0 => told,
        held => {
            let named = holders.join(", ");
            format!("{told} {}: {named}.", if held == 1 { "Batch" } else { "Batches" })
        }
    };
    Some(match selected {
        1 => told,
        _ => format!("None of the {} can be {done}. {told}", crate::text::events(selected)),
    })
}

fn why_event_forbids(list: &Rc<EventList>, path: &str, action: EventAction) -> Option<String> {
    list.with_record(path, |row| {
        let row = row.as_ref().ok()?;
        list.spec.session.sync.with_view(&row.key, |view| {
            let tables = list.spec.session.lookups.tables.get();
            why_forbidden(action, tables.closed_periods(), |name| {
                let shown = view.as_ref().and_then(|view| view.shown(&name));
                shown.or_else(|| row.fields.get(name)).cloned()
            })
        })
    })
    .flatten()
}
