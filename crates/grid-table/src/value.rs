use rust_decimal::Decimal;

/// What a cell holds, borrowed.
///
/// An order by value puts the kinds in this order; within a column there is only one besides blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value<'a> {
    Flag(bool),
    /// As the caller counts them; the table only compares.
    Instant(i64),
    /// Exact, with the scale it came with: `0.50` stays `0.50`, and equals `0.5`.
    Decimal(Decimal),
    /// What one number cannot say, in a column of amounts: several units at once, or amounts that came and
    /// could not be read. In an order such rows stand with the blanks; in a filter each part counts.
    Amounts(&'a [Amount]),
    /// The empty text is [`Value::Blank`].
    Text(&'a str),
    Blank,
}

/// A part of a cell that holds several amounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    /// The currency or unit of measure; empty where there is none.
    pub unit: String,
    /// Nothing where it could not be read: sums count it as missing.
    pub value: Option<Decimal>,
}

/// The same, owned: what a filter asks for, or what a group is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnedValue {
    Flag(bool),
    Instant(i64),
    Decimal(Decimal),
    Amounts(Vec<Amount>),
    Text(String),
    Blank,
}

impl Value<'_> {
    pub fn is_blank(self) -> bool {
        matches!(self, Value::Blank | Value::Text("") | Value::Amounts([]))
    }

    pub fn owned(self) -> OwnedValue {
        match self {
            Value::Flag(flag) => OwnedValue::Flag(flag),
            Value::Instant(instant) => OwnedValue::Instant(instant),
            Value::Decimal(decimal) => OwnedValue::Decimal(decimal),
            Value::Amounts([]) => OwnedValue::Blank,
            Value::Amounts(amounts) => OwnedValue::Amounts(amounts.to_vec()),
            Value::Text("") | Value::Blank => OwnedValue::Blank,
            Value::Text(text) => OwnedValue::Text(text.to_owned()),
        }
    }
}

impl OwnedValue {
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            OwnedValue::Flag(flag) => Value::Flag(*flag),
            OwnedValue::Instant(instant) => Value::Instant(*instant),
            OwnedValue::Decimal(decimal) => Value::Decimal(*decimal),
            OwnedValue::Amounts(amounts) if amounts.is_empty() => Value::Blank,
            OwnedValue::Amounts(amounts) => Value::Amounts(amounts),
            OwnedValue::Text(text) if text.is_empty() => Value::Blank,
            OwnedValue::Text(text) => Value::Text(text),
            OwnedValue::Blank => Value::Blank,
        }
    }
}

/// What a column holds. Every column may hold blanks besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    Text,
    Instant,
    Flag,
    /// Numbers of one kind, such as places or factors.
    Decimal,
    /// Numbers that only add up with those of the same unit: amounts of a currency, quantities of a unit
    /// of measure. The unit stands in another column, which is one of text; a blank unit is a unit of its
    /// own. An order goes by unit first.
    Amount {
        unit: usize,
    },
}

/// Why a table could not take what it was given. Nothing of the call was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableError {
    /// A value is of another kind than its column, or there is no such column.
    WrongKind { column: usize },
    /// A row has another number of values than the table has columns.
    WrongWidth { values: usize },
    /// More than four thousand million rows, or four gigabytes of different texts in a column.
    Full,
}

impl std::fmt::Display for TableError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TableError::WrongKind { column } => write!(out, "column {column} holds no such values"),
            TableError::WrongWidth { values } => write!(out, "a row of {values} values fits no table"),
            TableError::Full => out.write_str("the table is full"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_nothing_is_blank_owned_or_borrowed() {
        for blank in [OwnedValue::Text(String::new()), OwnedValue::Amounts(Vec::new()), OwnedValue::Blank] {
            assert_eq!((blank.borrowed(), blank.borrowed().owned()), (Value::Blank, OwnedValue::Blank));
        }
        for blank in [Value::Text(""), Value::Amounts(&[]), Value::Blank] {
            assert!(blank.is_blank() && blank.owned() == OwnedValue::Blank);
        }
        let amounts = [Amount { unit: String::new(), value: None }];
        for value in [Value::Text(" "), Value::Amounts(&amounts), Value::Flag(false), Value::Instant(0)] {
            assert!(!value.is_blank() && value.owned().borrowed() == value);
        }
    }
}
