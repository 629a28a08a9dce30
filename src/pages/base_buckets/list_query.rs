//! Which base buckets are shown, and in what order, as the page's address says it.

use super::columns::{BUCKET_COLUMNS, STATE, UNIT};
use crate::features::list::ListQuery;
use crate::routes::AddressQuery;

pub const ACTIVE: &str = "Active";
pub const RETIRED: &str = "Retired";

/// Reads the address's query. Addresses of before say `unit=8` and `retired=true`.
pub fn read(address: &AddressQuery) -> ListQuery {
    let mut query = ListQuery::read(&BUCKET_COLUMNS, &["unit"], address);
    let state = match address.text(STATE).as_str() {
        "true" => RETIRED,
        "false" => ACTIVE,
        _ => "",
    };
    for (column, value) in [(UNIT, address.text("unit").as_str()), (STATE, state)] {
        if let Some(field) = BUCKET_COLUMNS.field(column).filter(|_| !value.is_empty()) {
            query = query.with_only_value(field, value);
        }
    }
    query
}
