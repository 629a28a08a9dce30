//! Writes usage events: the state of service instances at one moment, copied with all names.

use chrono::{DateTime, Utc};
use sqlx::Error;

use crate::database::{Parameter, Statement, Transaction};

/// What became of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Created,
    Updated,
    Deleted,
}

impl State {
    fn text(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Updated => "UPDATED",
            Self::Deleted => "DELETED",
        }
    }
}

/// Writes the event of one instance, which must stand in its table: before it is deleted, after it
/// was created or updated.
pub(super) async fn add(
    transaction: &mut Transaction,
    event_guid: String,
    state: State,
    instance_guid: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut insert = insert(state, now, |insert| {
        insert.bind(Parameter::Text(event_guid));
    });
    insert.push(" WHERE service_instance_guid = ").bind(Parameter::text(instance_guid));
    insert.execute(transaction).await?;
    Ok(())
}

/// Writes a `CREATED` event for every instance, in the order in which they were made, each with the
/// guid of its instance.
pub(super) async fn add_for_all_instances(
    transaction: &mut Transaction,
    now: DateTime<Utc>,
) -> Result<u64, Error> {
    let mut insert = insert(State::Created, now, |insert| {
        insert.push("service_instance_guid");
    });
    insert.push(" ORDER BY service_instance_id").execute(transaction).await
}

const COPIED: &str = "space_guid, space_name, organization_guid, service_instance_guid, \
                      service_instance_name, service_instance_type, service_plan_guid, \
                      service_plan_name, service_offering_guid, service_offering_name, \
                      service_broker_guid, service_broker_name";

fn insert(state: State, now: DateTime<Utc>, guid: impl FnOnce(&mut Statement)) -> Statement {
    let mut insert =
        Statement::new("INSERT INTO service_usage_events (service_usage_event_guid, created_at, state, ");
    insert.push(COPIED).push(") SELECT ");
    guid(&mut insert);
    insert.push(", ").bind(Parameter::instant(now)).push(", ").bind(Parameter::text(state.text()));
    insert.push(", ").push(COPIED).push(" FROM service_instance_details");
    insert
}
