//! The memory that a table says it takes, by which a list is kept or is too long.

use grid_model::SortDirection::Ascending;
use grid_table::{Amount, ColumnKind, Edit, OrderKey, OwnedValue, Question, Table, View};

/// A length to which vectors grow, and that fills them.
const ROWS: usize = 64;
/// A flag for each row: four words are the fewest that a vector takes room for.
const FLAGS: usize = 4 * 8;
/// At most seven eighths of the slots of an index are taken.
const INDEX: usize = 2 * ROWS * 4;
const KEYS_AND_VERSIONS: usize = ROWS * 16;

fn table(columns: &[ColumnKind], values: impl Fn(usize) -> Vec<OwnedValue>) -> Table {
    let mut table = Table::new(columns);
    for row in 0..ROWS {
        let values = values(row);
        let values: Vec<_> = values.iter().map(OwnedValue::borrowed).collect();
        let put = Edit::Put { key: row as i64, version: 1, values: &values };
        table.edit(&[put]).expect("values of their columns' kinds");
    }
    table
}

#[track_caller]
fn check(kind: ColumnKind, value: impl Fn(usize) -> OwnedValue, expected: usize) {
    let table = table(&[kind], |row| vec![value(row)]);
    assert_eq!(table.bytes() - KEYS_AND_VERSIONS - FLAGS - INDEX, expected);
}

fn decimal(text: &str) -> OwnedValue {
    OwnedValue::Decimal(text.parse().expect("a number"))
}

fn text(text: &str) -> OwnedValue {
    OwnedValue::Text(text.to_owned())
}

#[test]
fn the_memory_of_a_table_is_that_of_its_columns_and_keys() {
    check(ColumnKind::Instant, |row| OwnedValue::Instant(row as i64), ROWS * 8);
    check(ColumnKind::Flag, |_| OwnedValue::Blank, 2 * FLAGS);
    check(ColumnKind::Decimal, |_| decimal("1.5"), ROWS * 8);
    // With the places that each came with, where they differ.
    check(ColumnKind::Decimal, |row| decimal(["1.50", "1.5"][row % 2]), ROWS * 9);
    // The letters, where they begin and end, the slots, and how a text beyond ASCII is searched.
    let (letters, starts, slots) = (8, 4 * 4, 16 * 8);
    check(ColumnKind::Text, |_| text("ab"), ROWS + letters + starts + slots);
    let folded = 4 * size_of::<(u32, Box<str>)>() + "Ü".len();
    check(ColumnKind::Text, |row| text(["ab", "ü"][row % 2]), ROWS + letters + starts + slots + folded);
}

#[test]
fn the_memory_of_several_amounts_of_ranks_and_of_removed_records_counts() {
    let amounts = [ColumnKind::Text, ColumnKind::Amount { unit: 0 }];
    let one = table(&amounts, |_| vec![text("EUR"), decimal("1.5")]);
    let part = || Amount { unit: "EUR".to_owned(), value: None };
    let mut several = table(&amounts, |_| vec![text("EUR"), OwnedValue::Amounts(vec![part()])]);
    assert_eq!(several.bytes(), one.bytes() + ROWS * 96);

    let mut view = View::new();
    view.ask(Question { order: vec![OrderKey::new(0, Ascending)], ..Question::default() });
    view.finish(&mut several);
    assert_eq!(several.bytes(), one.bytes() + ROWS * 96 + 4 * 4);
    let before = one.bytes();
    let mut one = one;
    one.edit(&[Edit::Remove { key: 7, last: Some(1) }]).expect("a record");
    assert_eq!(one.bytes(), before + 32);
}
