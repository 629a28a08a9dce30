//! Orders by numbers of any size, held against a plain sort.

use grid_model::SortDirection::{Ascending, Descending};
use grid_table::{Blanks, OrderKey, Question, Ties};
use rust_decimal::Decimal;

use crate::dice::Dice;
use crate::list::{AMOUNT, CURRENCY, NAME, list};

/// Around the ends of 64 bits, of what a decimal can be, and of its last place.
const NUMBERS: [&str; 24] = [
    "0",
    "-0.5",
    "0.50",
    "1",
    "1.0000000000000000001",
    "1.0000000000000000002",
    "-1.0000000000000000001",
    "0.0000000000000000000000000001",
    "-0.0000000000000000000000000001",
    "0.9999999999999999999999999999",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "18446744073709551617",
    "-18446744073709551616",
    "36893488147419103232",
    "79228162514264337593543950334",
    "79228162514264337593543950335",
    "-79228162514264337593543950335",
    "2.5",
    "",
];

#[test]
fn numbers_of_any_size_stand_in_their_order_either_way_and_unit_by_unit() {
    let mut dice = Dice(96);
    for round in 0..300 {
        // Few of them, so that the greatest and the least are others each time.
        let most = dice.pick(&[2, 3, 5, 9, 30]);
        let units: &[&str] = dice.pick(&[&["EUR"][..], &["USD", "", "EUR"][..]]);
        let rows: Vec<(i64, &str, &str, &str)> = (0..=dice.below(most))
            .map(|key| (key as i64, "", dice.pick(units), dice.pick(&NUMBERS)))
            .collect();
        let mut list = list(&rows);
        for (direction, blanks, ties) in [
            (Ascending, Blanks::Last, Ties::Load),
            (Descending, Blanks::Last, Ties::KeyFalling),
            (Ascending, Blanks::First, Ties::KeyFalling),
            (Descending, Blanks::First, Ties::KeyRising),
        ] {
            let mut expected = rows.clone();
            if ties == Ties::KeyFalling {
                expected.reverse();
            }
            expected.sort_by_key(|(_, _, unit, number)| {
                let number: Option<Decimal> = number.parse().ok();
                let (is_blank, falls) = (number.is_none(), direction == Descending);
                let unit = number.map(|_| (unit.is_empty(), *unit));
                let by_value = number.map(|number| if falls { -number } else { number });
                (is_blank == (blanks == Blanks::Last), unit, by_value)
            });
            let expected: Vec<i64> = expected.iter().map(|(key, ..)| *key).collect();
            let order = vec![OrderKey { column: AMOUNT, direction, blanks }];
            let found = list.ask(Question { order, ties, ..Question::default() });
            assert_eq!(found, expected, "{round} {direction:?} {blanks:?} {ties:?} {rows:?}");
        }
    }
}

#[test]
fn an_order_by_several_columns_goes_by_the_first_that_differs() {
    let mut dice = Dice(3);
    let names: Vec<String> = (0..700).map(|at| format!("n{at:03}")).collect();
    for most in [3, 300, 700] {
        let rows: Vec<(i64, &str, &str, &str)> = (0..900)
            .map(|key| {
                let name = names[dice.below(most)].as_str();
                (key, name, dice.pick(&["EUR", "USD", ""]), dice.pick(&NUMBERS[..19]))
            })
            .collect();
        let mut list = list(&rows);
        for keys in [[NAME, CURRENCY, AMOUNT], [CURRENCY, NAME, AMOUNT], [AMOUNT, CURRENCY, NAME]] {
            let directions = [0; 3].map(|_| dice.pick(&[Ascending, Descending]));
            let order = keys.iter().zip(directions).map(|(column, way)| OrderKey::new(*column, way));
            let found = list.ask(Question { order: order.collect(), ..Question::default() });
            let row_of = |key: &i64| list.table.row(*key).expect("a row");
            let is_in_order = |one: &i64, next: &i64| {
                let level = keys.iter().zip(directions).map(|(column, way)| {
                    let value = |key: &i64| list.table.value(row_of(key), *column);
                    let (one_value, next_value) = (value(one), value(next));
                    if one_value.is_blank() || next_value.is_blank() {
                        return one_value.is_blank().cmp(&next_value.is_blank());
                    }
                    let unit = |key: &i64| list.table.value(row_of(key), CURRENCY);
                    let by_unit = if *column == AMOUNT { unit(one).cmp(&unit(next)) } else { 0.cmp(&0) };
                    let by_value = one_value.cmp(&next_value);
                    by_unit.then(if way == Descending { by_value.reverse() } else { by_value })
                });
                // Rows that are alike stay as they came.
                level.into_iter().find(|level| level.is_ne()).unwrap_or(one.cmp(next)).is_lt()
            };
            assert!(found.is_sorted_by(is_in_order), "{most} {keys:?} {directions:?}");
            assert_eq!(found.len(), rows.len());
        }
    }
}
