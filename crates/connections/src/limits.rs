//! How much the console asks of a server, of those on the way to it, and of a person's computer.

use serde::Serialize;
use std::ops::RangeInclusive;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// A list of more rows than these comes here as a whole only when a person asks for it.
    pub whole_list_rows: usize,
    /// Bytes of the longest address that is asked for: gateways refuse longer ones, many from 8,000 on. What takes more
    /// is asked for in portions.
    pub address_bytes: usize,
}

impl Limits {
    pub(crate) const WHOLE_LIST_ROWS: RangeInclusive<usize> = 0..=5_000_000;
    /// An order with its filter and its fields takes some hundred bytes.
    pub(crate) const ADDRESS_BYTES: RangeInclusive<usize> = 1_000..=100_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self { whole_list_rows: 1_000_000, address_bytes: 6_000 }
    }
}
