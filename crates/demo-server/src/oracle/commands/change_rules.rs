//! Which changes are allowed: when a record is open for changes, which values its fields take, and
//! what follows from a change.

use chrono_tz::Tz;
use rest_contract::oracle::life_cycle::{self, BatchAction, BatchStatus, EventAction};
use rest_contract::{ErrorDetail, Kind, Lookup, Value};
use sqlx::Error;

use crate::database::{Connection, Parameter, Statement};
use crate::oracle::commands::change::{Change, Place};
use crate::oracle::protocol::framework_version::FrameworkVersion;
use crate::oracle::protocol::refusal::{Refusal, code, detail_of};
use crate::oracle::query;
use crate::oracle::records::closed_periods;
use crate::oracle::records::item::Item;
use crate::oracle::records::large_text::decode_large;
use crate::oracle::records::life_cycle_state;
use crate::oracle::schema::resource::Resource;
use crate::oracle::schema::resource_tree::{BATCHES, USAGE_CHARGES, USAGE_EVENTS};

/// Fields that may not be emptied.
const REQUIRED: [&str; 9] = [
    "BatchStatus",
    "ConditionGroupType",
    "ConditionRestQParam",
    "EventStartTime",
    "EventStatus",
    "EventType",
    "MessageName",
    "UsageQuantity",
    "UsageUnitOfMeasure",
];

/// What a person may set an event's status to; the rest is for the rating job to say.
const STATUSES_BY_HAND: [&str; 4] = ["ORA_DRAFT", "ORA_ERROR", "ORA_ON_HOLD", "ORA_READY"];

/// Refuses a change of an event, or of its charges and messages, unless the event is in draft or in
/// error and its batch is not locked for review (Oracle, "What's New 25A" and "26A"); and of a batch's
/// rules, unless it is in draft.
pub(in crate::oracle) async fn is_open(
    connection: &mut Connection,
    resource: &'static Resource,
    current: &Item,
    parent: Option<i64>,
) -> Result<(), Refusal> {
    match (resource.table, parent) {
        ("usage_events", _) => {
            life_cycle_state::event(connection, current.id).await?.allows(EventAction::Change)
        }
        ("usage_charges" | "usage_messages", Some(event_id)) => {
            life_cycle_state::event(connection, event_id).await?.allows(EventAction::Change)
        }
        ("rule_builder_conditions", Some(batch_id)) => {
            life_cycle_state::batch(connection, batch_id).await?.allows(BatchAction::ChangeRules)
        }
        _ => Ok(()),
    }
}

/// Adds a detail for every changed field whose new value is not allowed. A new record has no current
/// values.
pub(in crate::oracle) async fn check(
    connection: &mut Connection,
    place: &Place,
    current: Option<&Item>,
    changes: &[Change],
    details: &mut Vec<ErrorDetail>,
) -> Result<(), Refusal> {
    let resource = place.resource;
    for (field, value) in changes {
        let path = format!("{}/{}", place.path, field.name);
        let text = value.as_text();
        if *value == Value::Null {
            if REQUIRED.contains(&field.name) {
                details.push(detail_of(code::REQUIRED, path, format!("{} must have a value.", field.name)));
            }
            continue;
        }
        let known = match (field.lookup, text) {
            // Holds a key of the list or, by its title, any text. A batch is looked up where it is used.
            (Some(Lookup::ErrorKey | Lookup::Batch), _) => true,
            (Some(lookup), Some(text)) => is_listed(connection, lookup, text).await?,
            _ => true,
        };
        let problem = match (field.name, text, current) {
            _ if !known => Some(format!(
                "{} {value:?} is not in its list of values.",
                field.name,
                value = value.to_string()
            )),
            (name, Some(text), _) if text.contains('\0') => {
                Some(format!("{name} holds a NUL character, which no database text can."))
            }
            (name, Some(text), _) if resource.enclosures.contains(&name) => large_text_problem(name, text),
            ("EventStatus", Some(status), _) if !STATUSES_BY_HAND.contains(&status) => {
                Some(format!("EventStatus {status} is set by the rating job, not by hand."))
            }
            ("BatchStatus", Some(status), Some(current)) => {
                refused_batch_status(connection, current, status).await?
            }
            ("EventId", _, _)
                if resource.table == USAGE_CHARGES.table && value.as_integer() != place.parent =>
            {
                Some("A charge cannot be moved to another event.".to_owned())
            }
            ("EventStartTime", _, _) => closed_periods::name_at(connection, value)
                .await?
                .map(|name| format!("The event would begin in {name}, a period that is closed.")),
            _ => None,
        };
        if let Some(problem) = problem {
            details.push(detail_of(code::INVALID_VALUE, path, problem));
        }
    }
    if resource.table == USAGE_EVENTS.table {
        details.extend(end_before_start(place, current, changes));
    }
    Ok(())
}

/// A batch in draft may be handed to the rating job by hand (Oracle, "What's New 25A"); every other
/// move has its own action.
async fn refused_batch_status(
    connection: &mut Connection,
    current: &Item,
    status: &str,
) -> Result<Option<String>, Refusal> {
    if status != BatchStatus::InProcess.code() {
        let now = current.value("BatchStatus");
        return Ok(Some(format!("{} status {now} cannot be changed to {status} by hand.", BATCHES.noun)));
    }
    let batch = life_cycle_state::batch(connection, current.id).await?;
    let allowed = life_cycle::batch_action(batch.facts, BatchAction::SubmitByHand);
    Ok(allowed.err().map(|reason| reason.to_string()))
}

/// A large text travels in base64; the one that selects must be an expression that can be followed.
fn large_text_problem(name: &str, text: &str) -> Option<String> {
    let Some(decoded) = decode_large(text) else {
        return Some(format!("{name} is not a text in base64."));
    };
    if name != "ConditionRestQParam" {
        return None;
    }
    let parsed = query::parse(&decoded, FrameworkVersion::NEWEST);
    parsed.err().map(|error| format!("{name} is no expression: {error}"))
}

/// Looked at only when one of the two times changes, so that an event which is wrong in this way
/// can still be corrected in another.
fn end_before_start(place: &Place, current: Option<&Item>, changes: &[Change]) -> Option<ErrorDetail> {
    let after = |name: &str| after(current, changes, name).as_date_time();
    let sent = |name: &str| changes.iter().any(|(field, _)| field.name == name);
    let (start, end) = (after("EventStartTime")?, after("EventEndTime")?);
    if end >= start || !(sent("EventStartTime") || sent("EventEndTime")) {
        return None;
    }
    let field = if sent("EventEndTime") { "EventEndTime" } else { "EventStartTime" };
    let text = format!("The event would end ({end}) before it starts ({start}).");
    Some(detail_of(code::INVALID_VALUE, format!("{}/{field}", place.path), text))
}

/// A field's value as it will be.
fn after<'a>(current: Option<&'a Item>, changes: &'a [Change], name: &str) -> &'a Value {
    let changed = changes.iter().find(|(field, _)| field.name == name).map(|(_, value)| value);
    changed.or_else(|| current.map(|item| item.value(name))).unwrap_or(&Value::Null)
}

/// Fields that follow from the changed ones: the day on which an event starts in its own time zone.
pub(in crate::oracle) fn derived(
    resource: &'static Resource,
    current: Option<&Item>,
    changes: &[Change],
) -> Vec<Change> {
    let moved = changes.iter().any(|(field, _)| matches!(field.name, "EventStartTime" | "EventTimeZone"));
    let after = |name: &str| after(current, changes, name);
    let day = || {
        let field = resource.schema.field("LeEventStartDate").filter(|field| field.kind == Kind::Date)?;
        let zone: Tz = after("EventTimeZone").as_text()?.parse().ok()?;
        let day = Value::Date(after("EventStartTime").as_date_time()?.with_timezone(&zone).date_naive());
        (day != *after(field.name)).then_some((field, day))
    };
    if moved { day().into_iter().collect() } else { Vec::new() }
}

async fn is_listed(connection: &mut Connection, lookup: Lookup, text: &str) -> Result<bool, Error> {
    let mut sql = Statement::new("SELECT COUNT(*) FROM ");
    sql.push(match lookup {
        Lookup::Codes(_) => "lookup_codes WHERE lookup_code = ",
        Lookup::Currency => "currencies WHERE currency_code = ",
        Lookup::UnitOfMeasure => "units_of_measure WHERE uom_code = ",
        Lookup::TimeZone => "timezones WHERE timezone_code = ",
        Lookup::EventType => "event_types WHERE event_type = ",
        Lookup::Product => "subscription_products WHERE subscription_product_puid = ",
        Lookup::Batch => "usage_event_batches WHERE batch_number = ",
        Lookup::ErrorKey => "error_keys WHERE message_name = ",
    });
    sql.bind(Parameter::Text(text.to_owned()));
    if let Lookup::Codes(lookup_type) = lookup {
        sql.push(" AND lookup_type = ").bind(Parameter::Text(lookup_type.to_owned()));
    }
    Ok(sql.integer(connection).await? > 0)
}
