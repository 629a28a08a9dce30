//! The columns of the list of base buckets.

use crate::data::sync::FieldName;
use crate::features::list::{ColumnSet, ListColumns};
use rest_contract::logisense::{BASE_BUCKET, BASE_UNITS};
use rest_contract::{Access, Field, Kind, Lookup, Schema};

/// The number of rows that scope a bucket, which is no field of it.
pub const ROWS: &str = "details";
pub const STATE: &str = "retired";
pub const UNIT: &str = "usageBucketBaseUnitId";
/// What the unit is called.
pub const UNIT_NAME: &str = "usageBucketBaseUnitName";

/// What a bucket shows. A state is told in words, a unit by its code.
static SHOWN: Schema = Schema {
    resource: BASE_BUCKET.resource,
    key: "identity",
    fields: &[
        shown(ROWS, Kind::Int64, "Rows", None),
        shown("end", Kind::DateTime, "End", None),
        shown("identity", Kind::Int64, "Identifier", None),
        shown("name", Kind::Text, "Name", None),
        shown("ownerName", Kind::Text, "Owner", None),
        shown(STATE, Kind::Text, "State", None),
        shown("start", Kind::DateTime, "Start", None),
        shown(UNIT, Kind::Text, "Unit", Some(BASE_UNITS)),
    ],
    children: &[],
};

const fn shown(name: FieldName, kind: Kind, title: &'static str, lookup: Option<Lookup>) -> Field {
    Field { name, kind, max_length: None, access: Access::ReadOnly, title, lookup }
}

pub static BUCKET_COLUMNS: ListColumns = ListColumns {
    schema: &SHOWN,
    columns: &[
        ("name", "Name", 290),
        (UNIT, "Unit", 100),
        (STATE, "State", 110),
        ("start", "Start (UTC)", 160),
        ("end", "End (UTC)", 160),
        ("ownerName", "Owner", 190),
        (ROWS, "Rows", 76),
        ("identity", "Identifier", 100),
    ],
    searched: &["name", UNIT_NAME, "ownerName", "identity"],
};

/// Each column shows the field of its name, or the number of rows.
pub fn columns() -> ColumnSet<&'static Field> {
    ColumnSet::of_fields(&SHOWN, BUCKET_COLUMNS.columns, |column, field| {
        let column = column.sortable().filterable();
        match field.kind {
            _ if field.name == "name" => column.frozen().opening(),
            Kind::Int64 => column.numeric(),
            _ => column,
        }
    })
}
