//! Which changes are allowed: when a record is open for changes, which values its fields take, and
//! what follows from a change.

use chrono_tz::Tz;
use rest_contract::{ErrorDetail, Kind, Lookup, Value};
use sqlx::Error;

use super::change::Change;
use super::item::Item;
use super::refusal::{Refusal, code, detail_of};
use super::resource_tree::{BATCHES, Resource, USAGE_CHARGES, USAGE_EVENTS};
use crate::database::{Connection, Parameter, Statement, query};

/// Fields that may not be emptied.
const REQUIRED: [&str; 6] =
    ["BatchStatus", "EventStartTime", "EventStatus", "EventType", "UsageQuantity", "UsageUnitOfMeasure"];

/// What a person may set an event's status to; the rest is for the rating job to say.
const STATUSES_BY_HAND: [&str; 4] = ["ORA_DRAFT", "ORA_ERROR", "ORA_ON_HOLD", "ORA_READY"];

/// Refuses a change of an event, or of its charges and messages, unless the event is in draft or in
/// error and its batch is not locked for review (Oracle, "What's New 25A" and "26A").
pub(super) async fn is_open(
    connection: &mut Connection,
    resource: &'static Resource,
    current: &Item,
    parent: Option<i64>,
) -> Result<(), Refusal> {
    let event_id = match resource.table {
        "usage_events" => current.id,
        "usage_charges" | "usage_messages" => parent.unwrap_or(current.id),
        _ => return Ok(()),
    };
    let sql = "SELECT e.event_number, e.event_status, COALESCE(s.meaning, e.event_status), b.batch_number, \
               b.batch_status FROM usage_events e \
               JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id \
               LEFT JOIN lookup_codes s ON s.lookup_type = 'ORA_OSS_EVENT_STATUS' AND s.lookup_code = e.event_status \
               WHERE e.event_id = $1";
    let row = query(sql).bind(event_id).fetch_one(connection).await?;
    let text = |index: usize| row.try_get::<String, _>(index);
    let (number, status, meaning) = (text(0)?, text(1)?, text(2)?);
    if !matches!(status.as_str(), "ORA_DRAFT" | "ORA_ERROR") {
        let detail = format!(
            "The usage event {number} has the status {meaning}. Only events in Draft or Error can be changed; \
             a processed event is corrected by reversing it."
        );
        return Err(Refusal::bad_request(code::BUSINESS_RULE, "/EventStatus", detail));
    }
    if text(4)? == "ORA_LOCKED" {
        let detail =
            format!("The batch {} is locked for review. Revert it before changing its events.", text(3)?);
        return Err(Refusal::bad_request(code::BUSINESS_RULE, "", detail));
    }
    Ok(())
}

/// Adds a detail for every changed field whose new value is not allowed.
pub(super) async fn check(
    connection: &mut Connection,
    resource: &'static Resource,
    current: &Item,
    parent: Option<i64>,
    changes: &[Change],
    details: &mut Vec<ErrorDetail>,
) -> Result<(), Refusal> {
    for (field, value) in changes {
        let path = format!("/{}", field.name);
        let text = value.as_text();
        if *value == Value::Null {
            if REQUIRED.contains(&field.name) {
                details.push(detail_of(code::REQUIRED, path, format!("{} must have a value.", field.name)));
            }
            continue;
        }
        let known = match (field.lookup, text) {
            // Holds a key of the list or, by its title, any text.
            (Some(Lookup::ErrorKey), _) => true,
            (Some(lookup), Some(text)) => is_listed(connection, lookup, text).await?,
            _ => true,
        };
        let problem = match (field.name, text) {
            _ if !known => Some(format!(
                "{} {value:?} is not in its list of values.",
                field.name,
                value = value.to_string()
            )),
            ("EventStatus", Some(status)) if !STATUSES_BY_HAND.contains(&status) => {
                Some(format!("EventStatus {status} is set by the rating job, not by hand."))
            }
            ("BatchStatus", Some(status)) => refused_batch_status(current, status),
            ("EventId", _) if resource.table == USAGE_CHARGES.table && value.as_integer() != parent => {
                Some("A charge cannot be moved to another event.".to_owned())
            }
            _ => None,
        };
        if let Some(problem) = problem {
            details.push(detail_of(code::INVALID_VALUE, path, problem));
        }
    }
    if resource.table == USAGE_EVENTS.table {
        details.extend(end_before_start(current, changes));
    }
    Ok(())
}

/// A rating batch in draft may be handed to the rating job by hand (Oracle, "What's New 25A");
/// every other move has its own action.
fn refused_batch_status(current: &Item, status: &str) -> Option<String> {
    let now = current.value("BatchStatus").as_text().unwrap_or_default();
    let rating = current.value("UsageType").as_text() == Some("ORA_RATING");
    if now == "ORA_DRAFT" && status == "ORA_IN_PROCESS" && rating {
        return None;
    }
    Some(format!("{} status {now} cannot be changed to {status} by hand.", BATCHES.noun))
}

/// Looked at only when one of the two times changes, so that an event which is wrong in this way
/// can still be corrected in another.
fn end_before_start(current: &Item, changes: &[Change]) -> Option<ErrorDetail> {
    let after = |name: &str| {
        let changed = changes.iter().find(|(field, _)| field.name == name).map(|(_, value)| value);
        changed.unwrap_or_else(|| current.value(name)).as_date_time()
    };
    let sent = |name: &str| changes.iter().any(|(field, _)| field.name == name);
    let (start, end) = (after("EventStartTime")?, after("EventEndTime")?);
    if end >= start || !(sent("EventStartTime") || sent("EventEndTime")) {
        return None;
    }
    let field = if sent("EventEndTime") { "EventEndTime" } else { "EventStartTime" };
    let text = format!("The event would end ({end}) before it starts ({start}).");
    Some(detail_of(code::INVALID_VALUE, format!("/{field}"), text))
}

/// Fields that follow from the changed ones: the day on which an event starts in its own time zone.
pub(super) fn derived(resource: &'static Resource, current: &Item, changes: &[Change]) -> Vec<Change> {
    let moved = changes.iter().any(|(field, _)| matches!(field.name, "EventStartTime" | "EventTimeZone"));
    let after = |name: &str| {
        let changed = changes.iter().find(|(field, _)| field.name == name).map(|(_, value)| value);
        changed.unwrap_or_else(|| current.value(name))
    };
    let day = || {
        let field = resource.schema.field("LeEventStartDate").filter(|field| field.kind == Kind::Date)?;
        let zone: Tz = after("EventTimeZone").as_text()?.parse().ok()?;
        let day = Value::Date(after("EventStartTime").as_date_time()?.with_timezone(&zone).date_naive());
        (day != *current.value(field.name)).then_some((field, day))
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
