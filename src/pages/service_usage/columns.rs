//! The columns of the list.

use super::labels;
use crate::data::lookups::{Code, Lookups};
use crate::features::list::{ColumnSet, ListColumns};
use grid_model::Column;
use rest_contract::cloud_foundry::UsageField;
use rest_contract::{Access, Field, Kind, Lookup, Schema};

/// What a column shows.
#[derive(Clone, Copy)]
pub enum ColumnKind {
    CreatedAt,
    Guid,
    Field(UsageField),
    /// The name of the organization, which is no member of an event.
    Organization,
}

pub const CREATED_AT: &str = "created_at";
pub const GUID: &str = "guid";
pub const STATE: &str = "state";
const ORGANIZATION: &str = "organization";

const STATES: Lookup = Lookup::Codes("service usage states");
const TYPES: Lookup = Lookup::Codes("service instance types");

/// The members of an event that have a column, by their paths.
static SHOWN: Schema = Schema {
    resource: "service_usage_events",
    key: GUID,
    fields: &[
        Field { kind: Kind::DateTime, ..shown(CREATED_AT, "Created") },
        shown(GUID, "Event GUID"),
        shown("organization.guid", "Organisation GUID"),
        shown("service_broker.name", "Broker"),
        shown("service_instance.guid", "Instance GUID"),
        shown("service_instance.name", "Instance"),
        Field { lookup: Some(TYPES), ..shown("service_instance.type", "Type") },
        shown("service_offering.name", "Offering"),
        shown("service_plan.guid", "Plan GUID"),
        shown("service_plan.name", "Plan"),
        shown("space.name", "Space"),
        Field { lookup: Some(STATES), ..shown(STATE, "State") },
    ],
    children: &[],
};

const fn shown(name: &'static str, title: &'static str) -> Field {
    Field { name, kind: Kind::Text, max_length: None, access: Access::ReadOnly, title, lookup: None }
}

pub static USAGE_COLUMNS: ListColumns = ListColumns {
    schema: &SHOWN,
    columns: &[
        (CREATED_AT, "Created (UTC)", 156),
        (STATE, "State", 124),
        ("service_instance.name", "Instance", 220),
        ("service_offering.name", "Offering", 130),
        ("service_plan.name", "Plan", 120),
        ("space.name", "Space", 130),
        (ORGANIZATION, "Organisation", 150),
        ("service_instance.type", "Type", 120),
        ("organization.guid", "Organisation GUID", 290),
        ("service_instance.guid", "Instance GUID", 290),
        ("service_broker.name", "Broker", 150),
        ("service_plan.guid", "Plan GUID", 290),
        (GUID, "Event GUID", 290),
    ],
    // All texts of an event.
    searched: &[],
};

pub fn columns() -> ColumnSet<ColumnKind> {
    let columns = USAGE_COLUMNS.columns.iter().filter_map(|(name, title, width)| {
        let column = Column::new(*name, *title, *width);
        Some(match *name {
            CREATED_AT => (column.sortable().filterable().frozen().opening(), ColumnKind::CreatedAt),
            GUID => (column.filterable(), ColumnKind::Guid),
            ORGANIZATION => (column, ColumnKind::Organization),
            path => (column.sortable().filterable(), ColumnKind::Field(field_at(path)?)),
        })
    });
    ColumnSet::new(columns)
}

/// The member of an event at a path.
fn field_at(path: &str) -> Option<UsageField> {
    UsageField::ALL.into_iter().find(|field| field.path() == path)
}

/// States and types are told in words wherever they are chosen.
pub fn tell_in_words(lookups: Lookups) {
    let code = |code: &str, meaning: &str| Code {
        code: code.to_owned(),
        meaning: meaning.to_owned(),
        is_offered: true,
    };
    lookups.take(STATES, labels::STATES.map(|state| code(state, labels::state(state).0)).to_vec());
    lookups.take(TYPES, labels::TYPES.map(|kind| code(kind, labels::instance_type(kind))).to_vec());
}
