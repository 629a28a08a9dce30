//! What a new record must bring, what it gets where it brings nothing, and which batch a new event
//! goes into. Since 25D a usage event needs no batch: it is put into one that is made for the purpose.

use rest_contract::oracle::life_cycle::{BatchAction, EventAction};
use rest_contract::{ErrorDetail, Record, Value};

use crate::database::{Connection, Database, Parameter, Statement, Transaction};
use crate::oracle::commands::change::{Change, Place, is_blank};
use crate::oracle::commands::{approval_rule, new_approval};
use crate::oracle::protocol::refusal::{Refusal, code, detail_of};
use crate::oracle::records::closed_periods;
use crate::oracle::records::history::{STAMP_COLUMNS, Stamp};
use crate::oracle::records::life_cycle_state;
use crate::oracle::schema::resource::Resource;

/// The item that a new record belongs to, with what the record takes from it.
#[derive(Debug, Default)]
pub(in crate::oracle) struct Parent {
    pub id: Option<i64>,
    number: String,
}

/// Finds the parent of the new record and refuses where it takes no more.
pub(in crate::oracle) async fn parent(
    transaction: &mut Transaction,
    stamp: &Stamp,
    place: &Place,
    record: &Record,
    details: &mut Vec<ErrorDetail>,
) -> Result<Parent, Refusal> {
    let of_event = matches!(place.resource.table, "usage_charges" | "usage_messages");
    let batch_id = match (place.resource.table, place.parent) {
        ("usage_event_batches", _) => return Ok(Parent::default()),
        ("usage_events", None) => batch_of_event(transaction, stamp, record, details).await?,
        (_, Some(event_id)) if of_event => {
            let event = life_cycle_state::event(transaction, event_id).await?;
            event.allows(EventAction::Change)?;
            return Ok(Parent { id: Some(event_id), number: event.number });
        }
        (_, parent) => parent,
    };
    let Some(batch_id) = batch_id else { return Ok(Parent::default()) };
    let batch = life_cycle_state::batch_without_events(transaction, batch_id).await?;
    match place.resource.table {
        "usage_events" => batch.allows(BatchAction::CreateEvent)?,
        "rule_builder_conditions" => batch.allows(BatchAction::ChangeRules)?,
        _ => {}
    }
    let named = |name: &str, is: &str| {
        let sent = record.get(name).filter(|value| **value != Value::Null && !is_blank(value))?.to_string();
        (sent != is).then(|| {
            let text =
                format!("{name} {sent} is not that of the batch {}, where the event goes.", batch.number);
            detail_of(code::INVALID_VALUE, format!("{}/{name}", place.path), text)
        })
    };
    if place.resource.table == "usage_events" {
        details.extend(named("BatchNumber", &batch.number));
        details.extend(named("UsageBatchId", &batch.id.to_string()));
    }
    Ok(Parent { id: Some(batch_id), number: batch.number })
}

/// The batch that an event names, or the sender's open automatic batch, or a new one.
async fn batch_of_event(
    transaction: &mut Transaction,
    stamp: &Stamp,
    record: &Record,
    details: &mut Vec<ErrorDetail>,
) -> Result<Option<i64>, Refusal> {
    let mut sql = Statement::new("SELECT usage_batch_id FROM usage_event_batches WHERE ");
    let named = [("BatchNumber", "batch_number"), ("UsageBatchId", "usage_batch_id")].into_iter().find_map(
        |(name, column)| match record.get(name)? {
            Value::Null => None,
            value if is_blank(value) => None,
            value => Some((name, column, value)),
        },
    );
    match named {
        Some((_, column, value)) => {
            sql.push(&format!("{column} = ")).bind(crate::oracle::records::item::stored(value));
        }
        None => {
            sql.push(
                "batch_status = 'ORA_DRAFT' AND usage_type = 'ORA_RATING' AND creation_type = 'ORA_AUTOMATIC' \
                 AND created_by = ",
            );
            sql.bind(Parameter::text(&stamp.by)).push(" ORDER BY usage_batch_id LIMIT 1");
        }
    }
    let rows = sql.rows(transaction).await?;
    match (rows.first(), named) {
        (Some(row), _) => Ok(Some(row.try_get(0)?)),
        (None, Some((name, _, value))) => {
            let text = format!("There is no usage event batch with the {name} {value}.");
            details.push(detail_of(code::INVALID_VALUE, format!("/{name}"), text));
            Ok(None)
        }
        (None, None) => {
            let description = "Made for usage events without a batch";
            let batch = new_batch(transaction, stamp, "ORA_RATING", description, None).await?;
            Ok(Some(batch.0))
        }
    }
}

/// Makes an open batch without being asked for it by a POST, and answers its id and number. It has the business
/// unit of the batch that `unit_of_event` is in.
pub(in crate::oracle) async fn new_batch(
    transaction: &mut Transaction,
    stamp: &Stamp,
    usage_type: &str,
    description: &str,
    unit_of_event: Option<i64>,
) -> Result<(i64, String), Refusal> {
    let (unit_id, unit_name) = match unit_of_event {
        Some(event_id) => business_unit(transaction, event_id).await?,
        None => (None, None),
    };
    let id = Database::take_ids(transaction, "usage_event_batches", 1).await?;
    let number = format!("UB-{id}");
    let given = [
        ("usage_batch_id", Parameter::Integer(id)),
        ("batch_number", Parameter::text(&number)),
        ("batch_description", Parameter::text(description)),
        ("batch_status", Parameter::text("ORA_DRAFT")),
        ("usage_type", Parameter::text(usage_type)),
        ("creation_type", Parameter::text("ORA_AUTOMATIC")),
        ("schedule_type", Parameter::text("ORA_ON_DEMAND")),
        ("pricer_type", Parameter::text("ORA_SUBSCRIPTION")),
        ("business_unit_id", unit_id.map_or(Parameter::Null, Parameter::Integer)),
        ("business_unit_name", unit_name.map_or(Parameter::Null, Parameter::Text)),
    ];
    let columns =
        given.into_iter().chain(STAMP_COLUMNS.into_iter().zip(stamp.of_new_row())).collect::<Vec<_>>();
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let mut sql = Statement::new(&format!("INSERT INTO usage_event_batches ({names}) VALUES ("));
    sql.join(columns, ", ", |sql, (_, value)| {
        sql.bind(value);
    });
    sql.push(")");
    sql.execute(transaction).await?;
    Ok((id, number))
}

/// Identifier and name of the business unit of an event's batch.
async fn business_unit(
    connection: &mut Connection,
    event_id: i64,
) -> Result<(Option<i64>, Option<String>), Refusal> {
    let mut sql = Statement::new(
        "SELECT b.business_unit_id, b.business_unit_name FROM usage_event_batches b \
         JOIN usage_events e ON e.usage_batch_id = b.usage_batch_id WHERE e.event_id = ",
    );
    sql.bind(Parameter::Integer(event_id));
    let rows = sql.rows(connection).await?;
    let row = rows.first().ok_or_else(|| Refusal::not_found("The usage event"))?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// The values of a new record under construction.
pub(super) struct Values<'a> {
    resource: &'static Resource,
    path: &'a str,
    values: &'a mut Vec<Change>,
    details: &'a mut Vec<ErrorDetail>,
}

impl Values<'_> {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(field, _)| field.name == name).map(|(_, value)| value)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.values.retain(|(field, _)| field.name != name);
        if let Some(field) = self.resource.schema.field(name) {
            self.values.push((field, value));
        }
    }

    fn default(&mut self, name: &str, value: impl FnOnce() -> Value) {
        if self.get(name).is_none() {
            self.set(name, value());
        }
    }

    pub(super) fn default_text(&mut self, name: &str, text: &str) {
        self.default(name, || Value::Text(text.to_owned()));
    }

    pub(super) fn refuse(&mut self, code: &str, name: &str, text: String) {
        self.details.push(detail_of(code, format!("{}/{name}", self.path), text));
    }

    pub(super) fn require(&mut self, name: &str) {
        if self.get(name).is_none() {
            self.refuse(code::REQUIRED, name, format!("{name} must have a value."));
        }
    }

    /// The id that the service gives; one that was sent is no choice of the client's.
    pub(super) fn own_id(&mut self, name: &str, id: i64) {
        if self.get(name).is_some_and(|sent| *sent != Value::Integer(id)) {
            self.refuse(code::NOT_UPDATABLE, name, format!("{name} is given by the service."));
        }
        self.set(name, Value::Integer(id));
    }
}

/// Adds what the record did not bring, and a detail for each field that it should have.
pub(in crate::oracle) async fn complete(
    connection: &mut Connection,
    stamp: &Stamp,
    place: &Place,
    parent: &Parent,
    id: i64,
    values: &mut Vec<Change>,
    details: &mut Vec<ErrorDetail>,
) -> Result<(), Refusal> {
    let mut new = Values { resource: place.resource, path: &place.path, values, details };
    match place.resource.table {
        "usage_event_batches" => batch(connection, &mut new, id).await,
        "usage_events" => event(connection, &mut new, parent, id).await,
        "usage_charges" => charge(connection, &mut new, parent, id).await,
        "usage_messages" => {
            message(&mut new, parent, id);
            Ok(())
        }
        "rule_builder_conditions" => {
            new.own_id("ConditionId", id);
            new.default_text("ConditionNumber", &format!("RC-{id}"));
            new.default_text("ConditionGroupType", "INCLUDE");
            new.default_text("QualifiedRestObjectName", "subscriptionUsageEvents");
            new.require("ConditionRestQParam");
            Ok(())
        }
        "closed_periods" => closed_period(connection, &mut new, id).await,
        approval_rule::TABLE => approval_rule::complete(connection, &mut new, id).await,
        "usage_approvals" => new_approval::request(connection, stamp, &mut new, id).await,
        _ => batch_error(connection, &mut new, parent, id).await,
    }
}

/// What is under way would be stuck halfway: it is to be finished first.
async fn closed_period(connection: &mut Connection, new: &mut Values<'_>, id: i64) -> Result<(), Refusal> {
    new.own_id("ClosedPeriodId", id);
    for name in ["PeriodName", "StartTime", "EndTime"] {
        new.require(name);
    }
    new.default_text("TimeZone", "UTC");
    let (Some(start), Some(end)) = (new.get("StartTime").cloned(), new.get("EndTime").cloned()) else {
        return Ok(());
    };
    if end.as_date_time() <= start.as_date_time() {
        let text = format!("The period would end ({end}) before it starts ({start}).");
        new.refuse(code::INVALID_VALUE, "EndTime", text);
        return Ok(());
    }
    let under_way = closed_periods::events_under_way(connection, &start, &end).await?;
    if under_way > 0 {
        let which = match under_way {
            1 => "1 event of this period is".to_owned(),
            more => format!("{more} events of this period are"),
        };
        let text = format!(
            "{which} in process, or in an open batch that is to re-rate or reverse. Process such batches first, or \
             take the events out of them."
        );
        new.refuse(code::BUSINESS_RULE, "StartTime", text);
    }
    Ok(())
}

async fn batch(connection: &mut Connection, new: &mut Values<'_>, id: i64) -> Result<(), Refusal> {
    new.own_id("UsageBatchId", id);
    new.default_text("BatchNumber", &format!("UB-{id}"));
    new.default_text("BatchStatus", "ORA_DRAFT");
    if new.text("BatchStatus") != Some("ORA_DRAFT") {
        let text = "A new batch has the status ORA_DRAFT.".to_owned();
        new.refuse(code::INVALID_VALUE, "BatchStatus", text);
    }
    new.default_text("UsageType", "ORA_RATING");
    new.default_text("CreationType", "ORA_MANUAL");
    new.default_text("ScheduleType", "ORA_ON_DEMAND");
    new.default_text("PricerType", "ORA_SUBSCRIPTION");
    if let Some(name) = new.text("BusinessUnitName") {
        let mut sql = Statement::new(
            "SELECT MAX(business_unit_id) FROM usage_event_batches WHERE business_unit_name = ",
        );
        sql.bind(Parameter::text(name));
        if let Some(unit) =
            sql.rows(connection).await?.first().and_then(|row| row.try_get::<Option<i64>, _>(0).transpose())
        {
            new.set("BusinessUnitId", Value::Integer(unit?));
        }
    }
    Ok(())
}

async fn event(
    connection: &mut Connection,
    new: &mut Values<'_>,
    parent: &Parent,
    id: i64,
) -> Result<(), Refusal> {
    new.own_id("EventId", id);
    if let Some(batch_id) = parent.id {
        new.set("UsageBatchId", Value::Integer(batch_id));
    }
    new.set("BatchNumber", Value::Text(parent.number.clone()));
    new.default_text("EventNumber", &format!("UE-{id}"));
    new.default_text("EventStatus", "ORA_DRAFT");
    new.default_text("EventRatingType", "ORA_TO_BE_RATED");
    new.default_text("SourceInterfaceType", "ORA_REST");
    new.default_text("EventTimeZone", "UTC");
    let pre_rated = new.text("EventRatingType") == Some("ORA_PRE_RATED");
    new.default_text("RatingSource", if pre_rated { "ORA_EXTERNAL" } else { "ORA_SUBSCRIPTION" });
    if new.get("SubscriptionProductPuid").is_none() && new.get("ServiceId").is_none() {
        let text = "SubscriptionProductPuid or ServiceId must have a value.".to_owned();
        new.refuse(code::REQUIRED, "SubscriptionProductPuid", text);
    }
    for name in ["EventStartTime", "EventType", "UsageQuantity", "UsageUnitOfMeasure"] {
        new.require(name);
    }
    if pre_rated {
        new.require("CurrencyCode");
    }
    if let (Some(event_type), None) = (new.text("EventType"), new.get("EventTypeId")) {
        let mut sql = Statement::new("SELECT event_type_id FROM event_types WHERE event_type = ");
        sql.bind(Parameter::text(event_type));
        if let Some(row) = sql.rows(connection).await?.first() {
            new.set("EventTypeId", Value::Integer(row.try_get(0)?));
        }
    }
    Ok(())
}

async fn charge(
    connection: &mut Connection,
    new: &mut Values<'_>,
    parent: &Parent,
    id: i64,
) -> Result<(), Refusal> {
    let event_id = parent.id.unwrap_or_default();
    new.own_id("UsageChargeId", id);
    new.default_text("UsageChargePuid", &format!("UC-{id}"));
    new.default("EventId", || Value::Integer(event_id));
    new.default_text("ParentEntity", "ORA_USAGE_EVENT");
    new.default("ParentEntityId", || Value::Integer(event_id));
    let mut sql = Statement::new(
        "SELECT e.currency_code, (SELECT COALESCE(MAX(c.sequence_number), 0) FROM usage_charges c \
         WHERE c.event_id = e.event_id) FROM usage_events e WHERE e.event_id = ",
    );
    sql.bind(Parameter::Integer(event_id));
    if let Some(row) = sql.rows(connection).await?.first() {
        let (currency, last): (Option<String>, i64) = (row.try_get(0)?, row.try_get(1)?);
        new.default("SequenceNumber", || Value::Integer(last + 1));
        if let Some(currency) = currency {
            new.default_text("ChargeCurrency", &currency);
        }
    }
    Ok(())
}

fn message(new: &mut Values<'_>, parent: &Parent, id: i64) {
    let event_id = parent.id.unwrap_or_default();
    new.own_id("UsageMessageId", id);
    new.default_text("MessageType", "ORA_INFO");
    new.default_text("ParentEntity", "ORA_USAGE_EVENT");
    new.default("ParentEntityId", || Value::Integer(event_id));
    if new.get("MessageName").is_none() && new.get("MessageText").is_none() {
        new.refuse(code::REQUIRED, "MessageText", "MessageText or MessageName must have a value.".to_owned());
    }
}

async fn batch_error(
    connection: &mut Connection,
    new: &mut Values<'_>,
    parent: &Parent,
    id: i64,
) -> Result<(), Refusal> {
    new.own_id("EventBatchErrorId", id);
    new.default_text("EventBatchErrorNumber", &format!("UBE-{id}"));
    new.require("MessageName");
    let name = new.text("MessageName").unwrap_or_default().to_owned();
    let mut sql = Statement::new("SELECT COUNT(*) FROM usage_event_batch_errors WHERE usage_batch_id = ");
    sql.bind(Parameter::Integer(parent.id.unwrap_or_default()));
    sql.push(" AND message_name = ").bind(Parameter::text(&name));
    if sql.integer(connection).await? > 0 {
        let text = format!("The batch lists the error {name} already.");
        new.refuse(code::DUPLICATE, "MessageName", text);
    }
    Ok(())
}
