//! A service instance as `/demo/service_instances` shows it: with everything that its next usage
//! event would carry.

use serde::Serialize;
use sqlx::Error;

use super::usage_event::timestamp;
use crate::database::{Connection, Row, query};

#[derive(Debug, Serialize)]
pub(super) struct ServiceInstance {
    guid: String,
    pub(super) name: String,
    #[serde(rename = "type")]
    kind: String,
    space_guid: String,
    space_name: String,
    organization_guid: String,
    /// None for a user-provided instance.
    pub(super) service_plan_guid: Option<String>,
    service_plan_name: Option<String>,
    service_offering_guid: Option<String>,
    service_offering_name: Option<String>,
    service_broker_guid: Option<String>,
    service_broker_name: Option<String>,
    created_at: String,
    updated_at: String,
}

impl ServiceInstance {
    fn of(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            guid: row.try_get("service_instance_guid")?,
            name: row.try_get("service_instance_name")?,
            kind: row.try_get("service_instance_type")?,
            space_guid: row.try_get("space_guid")?,
            space_name: row.try_get("space_name")?,
            organization_guid: row.try_get("organization_guid")?,
            service_plan_guid: row.try_get("service_plan_guid")?,
            service_plan_name: row.try_get("service_plan_name")?,
            service_offering_guid: row.try_get("service_offering_guid")?,
            service_offering_name: row.try_get("service_offering_name")?,
            service_broker_guid: row.try_get("service_broker_guid")?,
            service_broker_name: row.try_get("service_broker_name")?,
            created_at: timestamp(row.try_get("created_at")?),
            updated_at: timestamp(row.try_get("updated_at")?),
        })
    }
}

pub(super) async fn find(connection: &mut Connection, guid: &str) -> Result<Option<ServiceInstance>, Error> {
    let sql = "SELECT * FROM service_instance_details WHERE service_instance_guid = $1";
    let row = query(sql).bind(guid).fetch_optional(connection).await?;
    row.as_ref().map(ServiceInstance::of).transpose()
}

/// In the order in which they were made.
pub(super) async fn all(connection: &mut Connection) -> Result<Vec<ServiceInstance>, Error> {
    let sql = "SELECT * FROM service_instance_details ORDER BY service_instance_id";
    let rows = query(sql).fetch_all(connection).await?;
    rows.iter().map(ServiceInstance::of).collect()
}
