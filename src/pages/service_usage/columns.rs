//! The columns of the list.

use super::labels;
use crate::features::list::ColumnSet;
use grid_model::Column;
use rest_contract::cloud_foundry::UsageField;

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

const FIELDS: [(UsageField, u32); 10] = [
    (UsageField::State, 124),
    (UsageField::InstanceName, 220),
    (UsageField::OfferingName, 130),
    (UsageField::PlanName, 120),
    (UsageField::SpaceName, 130),
    (UsageField::InstanceType, 120),
    (UsageField::OrganizationGuid, 290),
    (UsageField::InstanceGuid, 290),
    (UsageField::BrokerName, 150),
    (UsageField::PlanGuid, 290),
];

pub fn columns() -> ColumnSet<ColumnKind> {
    let created = Column::new(CREATED_AT, "Created (UTC)", 156).sortable().frozen().opening();
    let fields = FIELDS.iter().flat_map(|(field, width)| {
        let column = Column::new(field.path(), labels::title(*field), *width).sortable();
        let organization = (*field == UsageField::SpaceName)
            .then(|| (Column::new("organization", "Organisation", 150), ColumnKind::Organization));
        [(column, ColumnKind::Field(*field))].into_iter().chain(organization)
    });
    let guid = Column::new("guid", "Event GUID", 290);
    let first = std::iter::once((created, ColumnKind::CreatedAt));
    ColumnSet::new(first.chain(fields).chain([(guid, ColumnKind::Guid)]))
}
