//! From a cause to the correction of its events: which they are, and what the form begins with.

use crate::features::correction::{Correcting, Draft};
use crate::features::selection::Selected;
use rest_contract::oracle::correction::Operation;
use rest_contract::oracle::error_groups::{AtFault, Cause, ErrorGroups};
use rest_contract::oracle::life_cycle::EventStatus;
use rest_contract::oracle::{EVENT, one_of};
use rest_contract::{Access, Kind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// All events of a cause. `next` is the key of the cause that comes after it.
pub fn correcting_cause(
    groups: &ErrorGroups,
    errors: Selected,
    key: &str,
    next: Option<&str>,
) -> Option<Correcting> {
    let cause = groups.causes.get(key)?;
    let numbers = cause.groups.values().flat_map(|group| group.events.iter().cloned()).collect();
    let next = next.and_then(|next| groups.causes.get(next)).map(|cause| cause.text.clone());
    Some(Correcting { next, ..correcting(cause, narrowed(errors, key), numbers, field_to_change(cause)) })
}

/// The events of a cause that have one value at fault.
pub fn correcting_group(
    groups: &ErrorGroups,
    errors: Selected,
    key: &str,
    fault: Option<&AtFault>,
) -> Option<Correcting> {
    let cause = groups.causes.get(key)?;
    let numbers = cause.groups.get(&fault.cloned())?.events.iter().cloned().collect();
    Some(correcting(cause, narrowed(errors, key), numbers, fault.map(|fault| fault.field)))
}

fn correcting(
    cause: &Cause,
    selected: Selected,
    numbers: BTreeSet<String>,
    at_fault: Option<&'static str>,
) -> Correcting {
    Correcting {
        title: cause.text.clone(),
        advice: cause.remedy.clone(),
        selected,
        only: Some(Arc::new(numbers)),
        drafts: drafts(at_fault),
        next: None,
        pasted: None,
    }
}

/// Only events with that error, so that fewer are read; their numbers decide.
fn narrowed(errors: Selected, key: &str) -> Selected {
    if key.is_empty() { errors } else { errors.narrowed(&one_of("Error", &[key])) }
}

/// The field of a cause that one change can put right in all its events. Not where each of several has
/// a value of its own, unless it is a time, which can be moved.
fn field_to_change(cause: &Cause) -> Option<&'static str> {
    let field = cause.field()?;
    let is_time = EVENT.field(field).is_some_and(|field| field.kind == Kind::DateTime);
    (is_time || cause.groups.len() == 1 || cause.groups.len() < cause.count()).then_some(field)
}

/// The field at fault, where a person may change it, and the status: a corrected event is to be rated.
fn drafts(at_fault: Option<&'static str>) -> Vec<Draft> {
    let field = at_fault.and_then(|name| EVENT.field(name)).filter(|field| field.access == Access::Writable);
    let draft = field.and_then(|field| Draft::of(field.name)).map(|draft| match draft.field.kind {
        // One time for many events would make them all the same.
        Kind::DateTime => Draft { operation: Operation::MoveBy, ..draft },
        _ => draft,
    });
    let status = Draft::set_to("EventStatus", EventStatus::Ready.code());
    draft.into_iter().chain(status).collect()
}
