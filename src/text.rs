//! Values as a person reads them: amounts with their digits in line, instants in a named zone,
//! codes by their meaning. Nothing here rounds, and nothing here changes a value.

mod clock_off;
mod code_words;
mod instant;
mod number;
mod reader_locale;
mod status;
mod time_span;
mod zone;
mod zone_names;

pub use clock_off::clock_off;
pub use code_words::code_in_words;
pub use grid_model::visible;
pub use instant::{
    day_in, instant_in, instant_to_type, instant_utc, machine_second_utc, names_its_offset, read_local,
    read_to_the_millisecond, readings_of_clock, second_utc, shown_time, with_plain_times, with_times_in,
};
pub use number::{
    amount, amounts_in_words, count, currency_name, decimal, decimal_in_line, events, read_by, sum,
    sum_in_line, unread_text, with_notation,
};
pub use reader_locale::{known_locales, notation_by};
pub use status::{StatusClass, class_of};
pub use time_span::{SpanUnit, TimeSpans, readers_zone};
pub use zone::{offset_at, offset_text, zone_note};
