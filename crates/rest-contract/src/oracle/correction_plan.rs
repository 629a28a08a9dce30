//! What a correction will do to a selection of usage events before it is made: which of them change and
//! how, which stay as they are, and which are blocked and why.
//!
//! Not here: what one change makes of a value (`correction`), and sending.

use super::closed_period::{ClosedPeriod, holding};
use super::correction::Change;
use super::eligibility::{facts, is_unread};
use super::life_cycle::{EventAction, event_action};
use crate::schema::{Access, Field};
use crate::{Record, Value};
use std::collections::BTreeMap;

/// A field before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    pub field: &'static Field,
    pub before: Value,
    pub after: Value,
}

/// One event that will change.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Its place among the events that were planned for.
    pub place: usize,
    pub changes: Vec<FieldChange>,
}

/// The outcome so far; events are added in the order of their places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    pub changed: Vec<Planned>,
    /// How many have the values already.
    pub unchanged: usize,
    /// Numbers of the blocked events, by the reason in words.
    pub blocked: BTreeMap<String, Vec<String>>,
    places: usize,
}

impl Plan {
    /// Plans for one event. `batch_status` is the status code of its batch; a code that is not known
    /// here is for the server to judge. Either all of the changes are made to an event, or none.
    pub fn add(
        &mut self,
        event: &Record,
        batch_status: &str,
        closed: &[ClosedPeriod],
        changes: &[(&'static Field, Change)],
    ) {
        let place = self.places;
        self.places += 1;
        match event_changes(event, batch_status, closed, changes) {
            Ok(changes) if changes.is_empty() => self.unchanged += 1,
            Ok(changes) => self.changed.push(Planned { place, changes }),
            Err(reason) => self.blocked.entry(reason).or_default().push(event.key().unwrap_or_default()),
        }
    }

    /// Leaves an event as it is, for a reason that is not its own.
    pub fn exclude(&mut self, event: &Record, reason: String) {
        self.places += 1;
        self.blocked.entry(reason).or_default().push(event.key().unwrap_or_default());
    }

    pub fn blocked_count(&self) -> usize {
        self.blocked.values().map(Vec::len).sum()
    }
}

/// What the changes make of one event: each field that becomes another, before and after.
///
/// # Errors
/// A sentence that says why nothing of it can be changed.
pub fn event_changes(
    event: &Record,
    batch_status: &str,
    closed: &[ClosedPeriod],
    changes: &[(&'static Field, Change)],
) -> Result<Vec<FieldChange>, String> {
    if is_unread(event) {
        return Err("What decides about the event could not be read.".to_owned());
    }
    if let Some(Err(reason)) =
        facts(event, batch_status, closed).map(|facts| event_action(facts, EventAction::Change))
    {
        return Err(reason.to_string());
    }
    let mut made = Vec::new();
    for (field, change) in changes {
        let Some(change) = field_change(event, field, change)? else { continue };
        if let Some(period) = holding(closed, Some(&change.after)).filter(|_| field.name == "EventStartTime")
        {
            return Err(format!("It would begin in {}, a period that is closed.", period.name));
        }
        made.push(change);
    }
    Ok(made)
}

/// What a change makes of one field of a record; nothing where it has that value.
///
/// # Errors
/// A sentence that says why it cannot be changed.
pub fn field_change(
    record: &Record,
    field: &'static Field,
    change: &Change,
) -> Result<Option<FieldChange>, String> {
    if field.access != Access::Writable {
        return Err(format!("{} is set by the system.", field.title));
    }
    let before = record.get(field.name).cloned().unwrap_or(Value::Null);
    let after = change.apply(field, Some(&before))?;
    Ok(after.map(|after| FieldChange { field, before, after }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::EVENT;

    fn event(number: &str, status: &str, fields: &str) -> Record {
        let body = format!(r#"{{"EventNumber":"{number}","EventStatus":"{status}"{fields}}}"#);
        Record::read(&EVENT, body.as_bytes()).unwrap()
    }

    fn field(name: &str) -> &'static Field {
        EVENT.field(name).unwrap()
    }

    #[test]
    fn a_selection_is_split_into_what_changes_what_stays_and_what_is_barred() {
        let euro = (field("CurrencyCode"), Change::SetTo(Value::Text("EUR".to_owned())));
        let ready = (field("EventStatus"), Change::SetTo(Value::Text("ORA_READY".to_owned())));
        let mut plan = Plan::default();
        let mut add =
            |event: Record, batch: &str| plan.add(&event, batch, &[], &[euro.clone(), ready.clone()]);
        add(event("A", "ORA_ERROR", r#","CurrencyCode":"HRK""#), "ORA_COMPLETED_ERRORS");
        add(event("B", "ORA_PROCESSED", r#","CurrencyCode":"HRK""#), "ORA_COMPLETED_ERRORS");
        add(event("C", "ORA_DRAFT", r#","CurrencyCode":"EUR""#), "ORA_DRAFT");
        add(event("D", "ORA_ERROR", ""), "ORA_LOCKED");
        add(event("E", "THEIR_OWN", ""), "ORA_DRAFT");
        let told: Vec<_> = plan
            .changed
            .iter()
            .map(|row| {
                let changes =
                    row.changes.iter().map(|one| format!("{} {}>{}", one.field.name, one.before, one.after));
                format!("{}: {}", row.place, changes.collect::<Vec<_>>().join(", "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "0: CurrencyCode HRK>EUR, EventStatus ORA_ERROR>ORA_READY",
                "2: EventStatus ORA_DRAFT>ORA_READY",
                "4: CurrencyCode >EUR, EventStatus THEIR_OWN>ORA_READY"
            ]
        );
        assert_eq!((plan.unchanged, plan.blocked_count()), (0, 2));
        assert_eq!(plan.blocked.values().flatten().collect::<Vec<_>>(), ["D", "B"]);

        plan.exclude(&event("F", "ORA_ERROR", ""), "Its row cannot be read.".to_owned());
        plan.add(&event("G", "ORA_ERROR", ""), "ORA_DRAFT", &[], &[euro]);
        assert_eq!((plan.blocked_count(), plan.changed.last().map(|row| row.place)), (3, Some(6)));
        assert_eq!(plan.blocked["Its row cannot be read."], ["F"]);
    }

    #[test]
    fn an_event_changes_whole_or_not_at_all() {
        let longer = (field("ServiceId"), Change::Replace { part: "x".to_owned(), with: "y".to_owned() });
        let euro = (field("CurrencyCode"), Change::SetTo(Value::Text("EUR".to_owned())));
        let mut plan = Plan::default();
        plan.add(
            &event("A", "ORA_ERROR", r#","ServiceId":"abc","CurrencyCode":"HRK""#),
            "ORA_DRAFT",
            &[],
            &[euro.clone(), longer],
        );
        assert_eq!((plan.changed.len(), plan.blocked_count()), (0, 1));
        plan.add(&event("B", "ORA_ERROR", r#","CurrencyCode":"EUR""#), "ORA_DRAFT", &[], &[euro]);
        assert_eq!((plan.changed.len(), plan.unchanged), (0, 1));
        let fixed = (field("EventNumber"), Change::SetTo(Value::Text("Z".to_owned())));
        plan.add(&event("C", "ORA_ERROR", ""), "ORA_DRAFT", &[], &[fixed]);
        assert_eq!(plan.blocked["Event is set by the system."], ["C"]);
    }

    #[test]
    fn what_was_not_understood_is_not_overwritten() {
        let quantity = (field("ReportedUsageQuantity"), Change::SetTo(Value::Decimal(5.into())));
        let mut plan = Plan::default();
        for odd in [r#","ReportedUsageQuantity":"1,5""#, r#","UsageQuantity":[1]"#, r#","EventNumber":"B""#] {
            plan.add(&event("A", "ORA_ERROR", odd), "ORA_DRAFT", &[], std::slice::from_ref(&quantity));
        }
        // The name that is given twice is the event's own, which then is none.
        assert_eq!((plan.changed.len(), plan.unchanged, plan.blocked_count()), (0, 0, 3), "{plan:?}");
    }
}
