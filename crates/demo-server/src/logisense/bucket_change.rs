//! Reads what a body says of a base bucket. Members that cannot be written are passed over.

use rest_contract::logisense::BaseBucketChange;

use super::body::{Given, Reader};

pub(super) fn read(reader: &mut Reader<'_>) -> BaseBucketChange {
    let change = |given| match given {
        Given::Absent => None,
        Given::Null => Some(None),
        Given::Value(at) => Some(Some(at)),
    };
    BaseBucketChange {
        name: reader.text("name").map(|name| name.trim().to_owned()),
        start: change(reader.instant("start")),
        end: change(reader.instant("end")),
        retired: reader.boolean("retired"),
        usage_bucket_base_unit_id: reader.integer("usageBucketBaseUnitId"),
    }
}
