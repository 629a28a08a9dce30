//! Records and amounts as lines of CSV, exact: as the server says them, codes as they are on the wire.

use chrono::NaiveDate;
use export_files::{Cell, push_csv_cells};
use rest_contract::oracle::compared_amounts::{Compared, Relation};
use rest_contract::{ExactSum, Field, Kind, Record, Schema, Value};

/// The head of a table of records; `before` stands in front of their fields.
pub fn push_head(out: &mut String, before: &[&str], schema: &'static Schema) {
    let fields = schema.fields.iter().map(|field| Cell::Text(field.name));
    let cells: Vec<_> = before.iter().map(|title| Cell::Text(title)).chain(fields).collect();
    push_csv_cells(out, &cells);
}

/// A record with all of its fields.
pub fn push_record(out: &mut String, before: &[&str], record: &Record) {
    let fields = record.schema().fields;
    let texts: Vec<String> = fields.iter().map(|field| text_of(record.get(field.name))).collect();
    let values = fields.iter().zip(&texts).map(|(field, text)| cell_of(field, record.get(field.name), text));
    let cells: Vec<_> = before.iter().map(|text| Cell::Text(text)).chain(values).collect();
    push_csv_cells(out, &cells);
}

/// A record with each of its fields in a line of its own.
pub fn push_lines(out: &mut String, record: &Record) {
    push_csv_cells(out, &[Cell::Text("Field"), Cell::Text("Title"), Cell::Text("Value")]);
    for field in record.schema().fields {
        let text = text_of(record.get(field.name));
        let value = cell_of(field, record.get(field.name), &text);
        push_csv_cells(out, &[Cell::Text(field.name), Cell::Text(field.title), value]);
    }
}

fn text_of(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

/// Identifiers are texts, however they come.
fn cell_of<'t>(field: &Field, value: Option<&Value>, text: &'t str) -> Cell<'t> {
    match value {
        Some(Value::Decimal(_)) => Cell::Number(text),
        Some(Value::Integer(_)) if field.kind == Kind::Int32 || field.name.contains("Count") => {
            Cell::Number(text)
        }
        Some(Value::DateTime(at)) if at.timestamp_subsec_nanos() % 1_000 == 0 => {
            Cell::Time(at.timestamp_micros())
        }
        Some(Value::Date(day)) => Cell::Day(day.signed_duration_since(NaiveDate::default()).num_days()),
        _ if text.is_empty() => Cell::Blank,
        _ => Cell::Text(text),
    }
}

/// Two amounts and what follows from them; `before` stands in front.
pub fn push_amounts(out: &mut String, before: &[&str], line: &Compared, relation: Relation) {
    let digits = |sum: Option<&ExactSum>| sum.map(told).unwrap_or_default();
    let texts = [digits(line.first.as_ref()), digits(line.second.as_ref()), told(&line.third(relation))];
    let currency = if line.currency.is_empty() { "no currency" } else { &line.currency };
    let cells = before.iter().copied().chain([currency]).map(Cell::Text);
    let cells: Vec<_> = cells.chain(texts.iter().map(|text| Cell::Number(text))).collect();
    push_csv_cells(out, &cells);
}

/// All digits, or that they are not known.
fn told(sum: &ExactSum) -> String {
    sum.text().filter(|_| sum.left_out() == 0).unwrap_or_else(|| "not known".to_owned())
}
