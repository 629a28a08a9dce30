//! Fields of records as columns of a table, and what a list is asked of them as a question of the table.

use super::table_spec::TableSpec;
use crate::features::list::Conditions;
use crate::ui::key_input::composed;
use chrono::{DateTime, Utc};
use grid_model::{SortDirection, SortKey};
use grid_table::{
    Blanks, ColumnKind, Filter, OrderKey, OwnedValue, Question, QuickFilter, Test, Ties, Value as Cell,
};
use rest_contract::oracle::field_condition::{FieldCondition, Range};
use rest_contract::{Field, Kind, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::ops::Bound;

/// How the column of a field keeps its values.
pub fn column_kind(field: &Field) -> ColumnKind {
    match field.kind {
        Kind::Text => ColumnKind::Text,
        Kind::Decimal => ColumnKind::Decimal,
        Kind::Boolean => ColumnKind::Flag,
        Kind::Int32 | Kind::Int64 | Kind::DateTime | Kind::Date => ColumnKind::Instant,
    }
}

/// What a list is asked, of its table. Rows that an order does not tell apart stand by their keys.
pub fn question_of<Spec: TableSpec>(
    find: &str,
    searched: &[&str],
    conditions: &Conditions,
    sort: &[SortKey],
) -> Question {
    let filters = conditions.iter().filter_map(|(field, condition)| {
        Some(Filter { column: Spec::column(field.name)?, test: test_of(field, condition)? })
    });
    let quick = QuickFilter {
        text: composed(find.trim()).into_owned(),
        columns: searched.iter().filter_map(|name| Spec::column(name)).collect(),
    };
    let order = sort.iter().filter_map(|key| {
        // As a server has them: as if they were greater than any value.
        let blanks = match key.direction {
            SortDirection::Ascending => Blanks::Last,
            SortDirection::Descending => Blanks::First,
        };
        Some(OrderKey { column: Spec::column(&key.column)?, direction: key.direction, blanks })
    });
    Question { order: order.collect(), ties: Ties::KeyRising, filters: filters.collect(), quick }
}

/// What a condition asks of the field's column.
fn test_of(field: &Field, condition: &FieldCondition) -> Option<Test> {
    Some(match condition {
        FieldCondition::Contains(text) => Test::Contains(text.trim().to_owned()),
        FieldCondition::OneOf { values, or_blank } => {
            let values = values.iter().cloned().map(OwnedValue::Text);
            Test::OneOf(values.chain(or_blank.then_some(OwnedValue::Blank)).collect())
        }
        FieldCondition::NoneOf { values, nor_blank } => {
            let values = values.iter().cloned().map(OwnedValue::Text);
            Test::NoneOf(values.chain(nor_blank.then_some(OwnedValue::Blank)).collect())
        }
        FieldCondition::Between { .. } => match condition.range(field)? {
            Range::Numbers { from, to } => {
                let value = |end: Decimal| match field.kind {
                    Kind::Decimal => OwnedValue::Decimal(end),
                    // What is typed of a whole number is one.
                    _ => OwnedValue::Instant(end.to_i64().unwrap_or(i64::MAX)),
                };
                let end =
                    |end: Option<Decimal>| end.map_or(Bound::Unbounded, |end| Bound::Included(value(end)));
                Test::Between { from: end(from), to: end(to) }
            }
            Range::Times { from, before } => {
                let at = |time: DateTime<Utc>| OwnedValue::Instant(time.timestamp_micros());
                Test::Between {
                    from: from.map_or(Bound::Unbounded, |from| Bound::Included(at(from))),
                    to: before.map_or(Bound::Unbounded, |before| Bound::Excluded(at(before))),
                }
            }
        },
        FieldCondition::Blank => Test::Blank,
        FieldCondition::NotBlank => Test::NotBlank,
    })
}

/// Whether the table gives the value back as it was.
pub fn is_kept(value: &Value) -> bool {
    match value {
        Value::Unread(_) | Value::Date(_) => false,
        Value::Text(text) => !text.is_empty(),
        Value::DateTime(time) => time.timestamp_subsec_nanos() % 1_000 == 0,
        _ => true,
    }
}

/// A value as the column of its field keeps it.
pub fn cell_of(value: &Value) -> Cell<'_> {
    match value {
        Value::Null | Value::Unread(_) | Value::Date(_) => Cell::Blank,
        Value::Text(text) => Cell::Text(text),
        Value::Decimal(value) => Cell::Decimal(*value),
        Value::Integer(value) => Cell::Instant(*value),
        Value::Boolean(value) => Cell::Flag(*value),
        Value::DateTime(time) => Cell::Instant(time.timestamp_micros()),
    }
}

/// The same of a value that is not kept elsewhere.
pub fn owned_cell(value: Option<&Value>) -> OwnedValue {
    value.map_or(OwnedValue::Blank, |value| cell_of(value).owned())
}

/// The value again.
pub fn value_of(kind: Kind, cell: Cell<'_>) -> Value {
    match cell {
        Cell::Text(text) => Value::Text(text.to_owned()),
        Cell::Decimal(value) => Value::Decimal(value),
        Cell::Flag(value) => Value::Boolean(value),
        Cell::Instant(value) if matches!(kind, Kind::Int32 | Kind::Int64) => Value::Integer(value),
        Cell::Instant(value) => DateTime::from_timestamp_micros(value).map_or(Value::Null, Value::DateTime),
        Cell::Amounts(_) | Cell::Blank => Value::Null,
    }
}

/// What the column of a field holds of a row, as filters look at it.
pub fn filtered_value<Spec: TableSpec>(row: &Spec::Row, field: &Field) -> Option<Value> {
    let value = value_of(field.kind, *Spec::values(row, &[]).get(Spec::column(field.name)?)?);
    // A table takes a text without letters for none.
    Some(if value == Value::Text(String::new()) { Value::Null } else { value })
}
