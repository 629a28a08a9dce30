//! Large texts, as they stand among the fields of a record.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The text that stands in a large field.
pub(crate) fn decode_large(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()
}

/// A text as it stands in a large field.
pub(in crate::oracle) fn encode_large(text: &str) -> String {
    STANDARD.encode(text)
}
