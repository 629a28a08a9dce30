//! Values as a person reads them: amounts with their digits in line, instants in a named zone,
//! codes by their meaning. Nothing here rounds, and nothing here changes a value.

mod instant;
mod number;
mod status;
mod zone;

pub use instant::{day_in, instant_in, instant_utc, read_local};
pub use number::{count, decimal_in_line, events, sum, sum_in_line};
pub use status::{StatusClass, class_of};
pub use zone::zone_note;
