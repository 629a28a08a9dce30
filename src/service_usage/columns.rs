//! The columns of the list.

use super::words;
use grid_model::{Column, ColumnLayout};
use rest_contract::cloud_foundry::UsageField;
use std::cell::RefCell;
use std::sync::Arc;

/// What a column shows.
#[derive(Clone, Copy)]
pub enum Shows {
    CreatedAt,
    Guid,
    Field(UsageField),
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

/// The grid's columns, and which of them are shown in which order.
#[derive(Default)]
pub struct UsageColumns {
    laid_out: RefCell<Vec<Shows>>,
}

impl UsageColumns {
    /// Shows the columns as a person laid them out. From now on a column's place is the one here.
    pub fn lay_out(&self, layout: &ColumnLayout) -> Arc<[Column]> {
        let mut all = vec![Column::new(CREATED_AT, "Created (UTC)", 156).sortable().frozen()];
        all.extend(
            FIELDS.map(|(field, width)| Column::new(field.path(), words::title(field), width).sortable()),
        );
        all.push(Column::new("guid", "Event guid", 290));
        let shown = layout.apply(&all);
        *self.laid_out.borrow_mut() = shown.iter().map(|column| shows(&column.id)).collect();
        shown.into()
    }

    pub fn shows(&self, column: usize) -> Option<Shows> {
        self.laid_out.borrow().get(column).copied()
    }
}

fn shows(id: &str) -> Shows {
    match UsageField::ALL.into_iter().find(|field| field.path() == id) {
        Some(field) => Shows::Field(field),
        None if id == CREATED_AT => Shows::CreatedAt,
        None => Shows::Guid,
    }
}
