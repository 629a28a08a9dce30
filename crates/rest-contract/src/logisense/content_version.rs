//! A version for resources that have none: two readings of a record are at the same version where
//! everything that can be written of it is equal.

use crate::record::Record;
use crate::schema::Access;
use std::fmt::Write as _;

/// Sixteen hexadecimal digits that stand for the content of a record as it was read. Names that the
/// server derives from identities are left out: another list may spell them differently.
pub fn content_version(record: &Record) -> String {
    let mut content = String::new();
    for (field, value) in record.present().filter(|(field, _)| field.access != Access::ReadOnly) {
        let text = value.to_string();
        // With its length, no text can look like the next field.
        let _ = write!(content, "{}:{}:{text};", field.name, text.len());
    }
    format!("{:016x}", fnv_1a(content.as_bytes()))
}

/// The 64-bit FNV-1a hash. It is no seal: nobody gains by a collision, and by chance there is none.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logisense::BaseBucket;

    fn version(json: &str) -> String {
        let bucket: BaseBucket = serde_json::from_str(json).expect("a bucket");
        content_version(&Record::from(&bucket))
    }

    #[test]
    fn content_tells_versions_apart_and_spelling_does_not() {
        let base = version(
            r#"{"identity":1,"name":"Data","start":"2026-01-01T00:00:00.000Z","usageBucketBaseUnitId":8}"#,
        );
        let same = [
            r#"{"identity":1,"name":"Data","start":"2026-01-01T01:00:00+01:00","usageBucketBaseUnitId":8}"#,
            r#"{"identity":1,"name":"Data","start":"2026-01-01T00:00:00","end":null,"retired":false,"usageBucketBaseUnitId":8}"#,
            r#"{"identity":1,"name":"Data","ownerName":"x","start":"2026-01-01T00:00:00Z","usageBucketBaseUnitId":8,"usageBucketBaseUnitName":"Data"}"#,
        ];
        for json in same {
            assert_eq!(version(json), base, "{json}");
        }
        let others = [
            r#"{"identity":1,"name":"Data ","start":"2026-01-01T00:00:00.000Z","usageBucketBaseUnitId":8}"#,
            r#"{"identity":1,"name":"Data","start":"2026-01-01T00:00:00.001Z","usageBucketBaseUnitId":8}"#,
            r#"{"identity":1,"name":"Data","usageBucketBaseUnitId":8}"#,
            r#"{"identity":1,"name":"Data","start":"2026-01-01T00:00:00.000Z","usageBucketBaseUnitId":1}"#,
            r#"{"identity":1,"name":"Data","start":"2026-01-01T00:00:00.000Z","retired":true,"usageBucketBaseUnitId":8}"#,
            r#"{"identity":1,"name":"Data","start":"2026-01-01T00:00:00.000Z","end":"2026-01-01T00:00:00.000Z","usageBucketBaseUnitId":8}"#,
        ];
        for json in others {
            assert_ne!(version(json), base, "{json}");
        }
    }
}
