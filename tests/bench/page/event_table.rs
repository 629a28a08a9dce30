//! The page's events in the product's table of columns.

use std::fmt::Write;

use grid_table::{Edit, Filter, OwnedValue, Question, Row, Step, Table, TableError, Test, Value, View};
use rust_decimal::Decimal;

use crate::columns::{COLUMNS, Holds, WIDTH};
use crate::json_rows::{Cell, Cells};
use crate::time_shape::TimeShape;

/// All events, by columns, and what is shown of them. A record's key is its place in the order of the load.
pub(crate) struct EventTable {
    table: Table,
    view: View,
    times: [Times; WIDTH],
    /// How many there are.
    rows: Row,
}

/// How a column of times is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Times {
    /// Nothing but blanks so far.
    Unknown,
    /// As instants, which give the same text back.
    Instants(TimeShape),
    /// As texts, for not all of them are times of one shape.
    Texts,
}

/// Why a value cannot be held, in words.
pub(crate) type Unfit = String;

impl EventTable {
    pub(crate) fn new() -> Self {
        let times = [const { Times::Unknown }; WIDTH];
        Self { table: empty(&times), view: View::new(), times, rows: 0 }
    }

    /// A row at the end. It is shown when the view has been asked again.
    pub(crate) fn append(&mut self, cells: &Cells<'_>) -> Result<(), Unfit> {
        let mut values = [Value::Blank; WIDTH];
        for (column, (cell, value)) in cells.iter().zip(&mut values).enumerate() {
            *value = match cell {
                Cell::Blank => Value::Blank,
                Cell::Text(text) | Cell::Number(text) => self.value_of(column, text)?,
            };
        }
        let put = Edit::Put { key: i64::from(self.rows), version: 1, values: &values };
        self.table.edit(&[put]).map_err(in_words)?;
        self.rows += 1;
        Ok(())
    }

    /// What a text says in a column.
    fn value_of<'a>(&mut self, column: usize, text: &'a str) -> Result<Value<'a>, Unfit> {
        if text.is_empty() {
            return Ok(Value::Blank);
        }
        match COLUMNS[column].2 {
            Holds::Text => Ok(Value::Text(text)),
            Holds::Number => decimal(text)
                .map(Value::Decimal)
                .ok_or_else(|| format!("{}: {text} is not a number", COLUMNS[column].0)),
            Holds::Time => {
                if self.times[column] == Times::Unknown {
                    self.times[column] = TimeShape::of(text).map_or(Times::Texts, Times::Instants);
                    if self.times[column] == Times::Texts {
                        self.keep_as_texts(column)?;
                    }
                }
                match &self.times[column] {
                    Times::Instants(shape) => match shape.instant(text) {
                        Some(instant) => Ok(Value::Instant(instant)),
                        None => self.keep_as_texts(column).map(|()| Value::Text(text)),
                    },
                    Times::Unknown | Times::Texts => Ok(Value::Text(text)),
                }
            }
        }
    }

    /// Keeps a column of times as texts from now on: another table, with the same records.
    fn keep_as_texts(&mut self, column: usize) -> Result<(), Unfit> {
        let times = self.times.clone();
        self.times[column] = Times::Texts;
        let mut table = empty(&self.times);
        for row in 0..self.rows {
            let mut text = String::new();
            push(&self.table, &times, row, column, &mut text);
            let values: [Value<'_>; WIDTH] = std::array::from_fn(|of| {
                if of == column { Value::Text(&text) } else { self.table.value(row, of) }
            });
            let put = Edit::Put { key: i64::from(row), version: 1, values: &values };
            table.edit(&[put]).map_err(in_words)?;
        }
        self.table = table;
        let question = std::mem::take(&mut self.view).question().clone();
        self.view.ask(question);
        Ok(())
    }

    /// How many have come.
    pub(crate) fn len(&self) -> Row {
        self.rows
    }

    /// Asks for rows; [`EventTable::step`] finds them.
    pub(crate) fn ask(&mut self, question: Question) {
        self.view.ask(question);
    }

    pub(crate) fn question(&self) -> &Question {
        self.view.question()
    }

    /// Looks at so many rows. Whether the question is answered.
    pub(crate) fn step(&mut self, rows: usize) -> bool {
        self.view.step(&mut self.table, rows) == Step::Done
    }

    /// Rows that are shown, in order.
    pub(crate) fn shown(&self) -> &[Row] {
        self.view.rows()
    }

    /// Where an event stands among the rows that are shown.
    pub(crate) fn place(&self, row: Row) -> Option<usize> {
        self.view.place(&self.table, row)
    }

    /// Appends what a cell says.
    pub(crate) fn push_text(&self, row: Row, column: usize, text: &mut String) {
        push(&self.table, &self.times, row, column, text);
    }

    /// The event of a place in the order of the load, if it has this text in a column.
    pub(crate) fn event(&self, place: usize, column: usize, text: &str) -> Option<Row> {
        let row = self.table.row(i64::try_from(place).ok()?)?;
        let mut here = String::new();
        self.push_text(row, column, &mut here);
        (here == text).then_some(row)
    }

    /// Writes values into a column: places in the order of the load, each with its value's text.
    pub(crate) fn write<'a>(
        &mut self,
        column: usize,
        values: impl Iterator<Item = (usize, &'a str)>,
    ) -> Result<(), Unfit> {
        let mut edits = Vec::new();
        for (place, text) in values {
            let key = i64::try_from(place).unwrap_or(i64::MAX);
            if self.table.row(key).is_none() {
                return Err(format!("there is no row {place}"));
            }
            edits.push((key, text));
        }
        // A text that is no time changes how the whole column is kept, and with it what values are.
        for (_, text) in &edits {
            self.value_of(column, text)?;
        }
        let edits = edits.into_iter().map(|(key, text)| {
            Ok(Edit::Set { key, version: None, column, value: self.value_of(column, text)? })
        });
        let edits = edits.collect::<Result<Vec<_>, Unfit>>()?;
        self.view.edit(&mut self.table, &edits).map(|_| ()).map_err(in_words)
    }

    /// Rows that hold a text in a column, in any case.
    pub(crate) fn contains(&self, column: usize, text: &str) -> Filter {
        let Times::Instants(shape) = &self.times[column] else {
            return Filter { column, test: Test::Contains(text.to_owned()) };
        };
        let sought = text.to_lowercase();
        let mut instants: Vec<i64> = (0..self.rows)
            .filter_map(|row| match self.table.value(row, column) {
                Value::Instant(instant) => Some(instant),
                _ => None,
            })
            .collect();
        instants.sort_unstable();
        instants.dedup();
        let mut written = String::new();
        instants.retain(|instant| {
            written.clear();
            shape.push(*instant, &mut written);
            written.make_ascii_lowercase();
            written.contains(&sought)
        });
        let test = match text {
            "" => Test::Contains(String::new()),
            _ => Test::OneOf(instants.into_iter().map(OwnedValue::Instant).collect()),
        };
        Filter { column, test }
    }

    /// Rows that hold exactly a text in a column, or the number or time that it says.
    pub(crate) fn equals(&self, column: usize, text: &str) -> Filter {
        let value = match (COLUMNS[column].2, &self.times[column]) {
            _ if text.is_empty() => Some(OwnedValue::Blank),
            (Holds::Number, _) => decimal(text).map(OwnedValue::Decimal),
            (_, Times::Instants(shape)) => shape.instant(text).map(OwnedValue::Instant),
            _ => Some(OwnedValue::Text(text.to_owned())),
        };
        // What no value of the column can be is found nowhere.
        Filter { column, test: Test::OneOf(value.into_iter().collect()) }
    }
}

fn empty(times: &[Times; WIDTH]) -> Table {
    let kinds: [_; WIDTH] = std::array::from_fn(|column| match times[column] {
        Times::Texts => Holds::Text.kind(),
        Times::Unknown | Times::Instants(_) => COLUMNS[column].2.kind(),
    });
    Table::new(&kinds)
}

fn push(table: &Table, times: &[Times; WIDTH], row: Row, column: usize, text: &mut String) {
    match (table.value(row, column), &times[column]) {
        (Value::Text(value), _) => text.push_str(value),
        (Value::Instant(instant), Times::Instants(shape)) => shape.push(instant, text),
        // Writing into a text does not fail.
        (Value::Decimal(decimal), _) => {
            let _ = write!(text, "{decimal}");
        }
        _ => {}
    }
}

/// A number as JSON writes it, with all its digits.
fn decimal(text: &str) -> Option<Decimal> {
    short_decimal(text.as_bytes())
        .or_else(|| Decimal::from_str_exact(text).ok())
        .or_else(|| Decimal::from_scientific(text).ok())
}

/// The same for numbers of at most eighteen digits, which nearly all are.
fn short_decimal(text: &[u8]) -> Option<Decimal> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (mut number, mut scale) = (0_i64, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' => number = number * 10 + i64::from(byte - b'0'),
            b'.' if scale.is_none() => scale = Some(0),
            _ => return None,
        }
        if let (Some(scale), b'0'..=b'9') = (&mut scale, byte) {
            *scale += 1;
        }
    }
    let is_short = (1..=19).contains(&digits.len()) && digits.len() - usize::from(scale.is_some()) <= 18;
    let is_written = digits.first() != Some(&b'.') && digits.last() != Some(&b'.');
    (is_short && is_written)
        .then(|| Decimal::new(if is_negative { -number } else { number }, scale.unwrap_or(0)))
}

fn in_words(reason: TableError) -> Unfit {
    reason.to_string()
}
