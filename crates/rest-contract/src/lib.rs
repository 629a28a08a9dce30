//! What the vendors' REST APIs say on the wire, and the limits they put on it.
//!
//! Here: the fields of each resource with their kinds, lengths and who may write them, as tables
//! that the demo server validates with and the app builds its forms from; records read from and
//! written to JSON with every digit kept; collections, links and error bodies.
//!
//! Not here: HTTP, the meaning of a field for a screen, or any rule that needs a second record, save for
//! what follows from a list of platform events (`cloud_foundry`), which is pure as well.
//!
//! Numbers never pass through binary floating point. `serde_json`'s own number type is not used
//! for them: a number token is taken as raw text and parsed as a decimal or a 64-bit integer, and
//! one that does not fit is an error that names the field.

mod answer_shape;
mod blank_text;
pub mod cloud_foundry;
mod collection;
mod entity_tag;
mod error_body;
mod exact_number;
mod exact_sum;
pub mod letter_case;
mod link;
pub mod logisense;
pub mod month;
mod notation;
pub mod oracle;
mod portions;
mod raw_entries;
mod record;
mod refused_by;
mod retry_after;
mod schema;
mod token_answer;
mod value;

pub use answer_shape::{AnswerShape, Vendor, shape_of};
pub use blank_text::is_blank;
pub use collection::{Collection, UnreadCollection};
pub use entity_tag::strong_tags;
pub use error_body::{ErrorBody, ErrorDetail};
pub use exact_number::{NumberProblem, read_decimal, read_integer};
pub use exact_sum::ExactSum;
pub use link::{Link, LinkProperties};
pub use notation::{DayOrder, Notation, TimeForm, TypedProblem};
pub use portions::{NothingCame, Portion, drop_doubles, merged, with_field};
pub use raw_entries::RawEntries;
pub use record::{FieldFault, ReadError, Record};
pub use refused_by::RefusedBy;
pub use retry_after::{read_http_date, read_retry_after};
pub use schema::{Access, Field, FieldProblem, Kind, Lookup, Schema};
pub use token_answer::{RefusedFor, TokenAnswer, TokenFault, TokenRefusal, is_token};
pub use value::{Value, digits_of_second, read_date_time, write_date_time};
