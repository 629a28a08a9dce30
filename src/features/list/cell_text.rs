//! A field's value in a cell: as it is shown, and as a copy carries it.

use crate::data::lookups::LookupTables;
use crate::text::{class_of, decimal_in_line, instant_utc, second_utc, unread_text};
use grid_model::{CopiedCell, Tone};
use rest_contract::{Access, Field, Kind, Value};

/// Decimals for which room is kept so that points stand in line.
const QUANTITY_PLACES: usize = 6;

/// A value as a copy carries it, where it is not copied as it is shown: a number for machines, a time
/// with the offset that the head of its column tells.
pub fn copied_value(field: &Field, value: Option<&Value>) -> Option<CopiedCell> {
    match value? {
        Value::Decimal(number) => Some(CopiedCell::Number(number.to_string())),
        Value::Integer(number) if field.kind == Kind::Int32 => Some(CopiedCell::Number(number.to_string())),
        Value::DateTime(time) => {
            Some(CopiedCell::Time { at: time.timestamp_micros(), text: format!("{}Z", time.naive_utc()) })
        }
        Value::Unread(token) => Some(CopiedCell::Text(token.clone())),
        _ => None,
    }
}

/// Writes a value in a column of its own, whose numbers stand in line, and says how it looks.
pub fn push_text(field: &Field, value: Option<&Value>, tables: &LookupTables, text: &mut String) -> Tone {
    match value {
        None | Some(Value::Null) => Tone::Plain,
        Some(Value::Decimal(number)) => {
            text.push_str(&decimal_in_line(number, QUANTITY_PLACES));
            Tone::Plain
        }
        // What nobody types is a stamp: a second tells enough, and a copy carries the rest.
        Some(Value::DateTime(at)) => {
            let is_typed = field.access == Access::Writable;
            text.push_str(&if is_typed { instant_utc(at) } else { second_utc(at) });
            Tone::Plain
        }
        Some(Value::Unread(token)) => {
            text.push_str(&unread_text(token));
            Tone::Plain
        }
        Some(Value::Text(code)) => match field.lookup {
            Some(list) if list.is_told_by_meaning() => {
                text.push_str(tables.meaning(list, code));
                if field.name == "EventStatus" { class_of(code).tone() } else { Tone::Plain }
            }
            _ => {
                text.push_str(code);
                match field.name {
                    "CurrencyCode" | "UsageUnitOfMeasure" | "EventTimeZone" => Tone::Quiet,
                    _ => Tone::Plain,
                }
            }
        },
        Some(other) => {
            debug_assert!(field.kind != Kind::Decimal, "decimals are written above");
            text.push_str(&other.to_string());
            Tone::Plain
        }
    }
}
