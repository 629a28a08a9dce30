//! What is asked is worked out in steps that each look at about as many rows as they may, and what is known
//! already is not looked at again: so a frame keeps its time, whatever the list is asked.

use grid_model::SortDirection::Ascending;
use grid_table::{
    Edit, Filter, OrderKey, OwnedValue, Question, QuickFilter, Step, Test, Totals, Value, View,
};

use crate::list::{AMOUNT, CURRENCY, List, NAME, list};

const ROWS: usize = 12_800;
const BUDGET: usize = 640;
/// Steps in which all rows are looked at once.
const ONCE: usize = ROWS / BUDGET;

/// Every second row has a name of its own, the others one of ten.
fn long_list() -> List {
    let mut list = list(&[]);
    for key in 0..ROWS {
        let name = if key % 2 == 0 { format!("EV-{key:05}") } else { format!("n{}", key % 20) };
        let unit = ["EUR", "USD", ""][key % 3];
        list.put(1, (key as i64, &name, unit, &format!("{key}.25")));
    }
    list.view = View::new();
    list
}

/// Steps until all that is wanted is known.
fn steps(list: &mut List) -> usize {
    let mut steps = 1;
    while list.view.step(&mut list.table, BUDGET) != Step::Done {
        steps += 1;
    }
    steps
}

fn asked(list: &mut List, question: Question) -> usize {
    list.view.ask(question);
    steps(list)
}

fn filter(column: usize, test: Test) -> Question {
    let filters = vec![Filter { column, test }];
    Question { filters, ..Question::default() }
}

fn contains(text: &str) -> Question {
    filter(NAME, Test::Contains(text.to_owned()))
}

#[test]
fn a_step_looks_at_as_many_rows_as_it_may() {
    let mut list = long_list();
    assert_eq!(asked(&mut list, Question::default()), 1, "rows as they came cost nothing");
    // The rows' flags, and which of them are shown; of names also each different one, of which there are half as
    // many as rows.
    let euro = || Test::equals(OwnedValue::Text("EUR".to_owned()));
    let between = [2 * ONCE, 2 * ONCE + 2];
    let found = asked(&mut list, filter(CURRENCY, euro()));
    assert!((between[0]..=between[1]).contains(&found), "{found}");
    let found = asked(&mut list, contains("EV-0"));
    assert!((between[0] + ONCE / 2..=between[1] + ONCE / 2).contains(&found), "{found}");
    // Two filters are looked at one after the other.
    let mut both = contains("EV-00");
    both.filters.extend(filter(CURRENCY, euro()).filters);
    list.view = View::new();
    let found = asked(&mut list, both);
    assert!((between[0] + ONCE / 2 + ONCE..=between[1] + ONCE / 2 + ONCE).contains(&found), "{found}");

    list.view = View::new();
    list.view.add_up(AMOUNT);
    let found = steps(&mut list);
    assert!((ONCE..=ONCE + 2).contains(&found), "{found} for the foot");
    list.view.list_values(CURRENCY);
    let found = steps(&mut list);
    assert!((ONCE..=ONCE + 2).contains(&found), "{found} for few values");
}

#[test]
fn what_is_known_already_is_not_looked_at_again() {
    let mut list = long_list();
    let first = asked(&mut list, contains("EV-0"));
    let order = vec![OrderKey::new(CURRENCY, Ascending)];
    let mut fresh = View::new();
    std::mem::swap(&mut fresh, &mut list.view);
    let whole = asked(&mut list, Question { order: order.clone(), ..contains("EV-0") });
    list.view = fresh;
    let found = asked(&mut list, Question { order: order.clone(), ..contains("EV-0") });
    assert!(found + ONCE <= whole, "{found} of {whole}");
    assert!(first > ONCE);
    // The same order under another filter is not made again.
    let found = asked(&mut list, Question { order, ..contains("EV-1") });
    assert!(found + ONCE <= whole, "{found} of {whole}");
    assert_eq!(steps(&mut list), 1);
}

#[test]
fn a_longer_text_finds_what_it_would_find_by_itself() {
    let mut list = long_list();
    let quick = |text: &str| Question {
        quick: QuickFilter { text: text.to_owned(), columns: vec![NAME, CURRENCY] },
        ..Question::default()
    };
    for texts in [["e", "ev", "EV-0", "EV-012", "ev-01234", "EV-012345"], ["U", "us", "USD", "SD", "1", "12"]]
    {
        for text in texts {
            asked(&mut list, contains(text));
            let narrowed = list.keys();
            let mut fresh = View::new();
            std::mem::swap(&mut fresh, &mut list.view);
            assert_eq!(list.ask(contains(text)), narrowed, "{text}");
            list.view = fresh;
        }
        for text in texts {
            asked(&mut list, quick(text));
            let narrowed = list.keys();
            let is_found = |key: &i64| {
                let row = list.table.row(*key).expect("a row");
                let text = text.to_uppercase();
                [NAME, CURRENCY].iter().any(|column| match list.table.value(row, *column) {
                    Value::Text(value) => value.to_uppercase().contains(&text),
                    _ => false,
                })
            };
            let plain: Vec<i64> = (0..ROWS as i64).filter(is_found).collect();
            assert_eq!(narrowed, plain, "{text}");
        }
    }
}

#[test]
fn what_changes_while_sums_are_worked_out_is_in_them_once() {
    let mut list = long_list();
    list.view.add_up(AMOUNT);
    assert_eq!(list.view.step(&mut list.table, ROWS / 2), Step::Sums);
    list.put(2, (0, "EV-00000", "EUR", "1000000"));
    list.view.finish(&mut list.table);
    let expected = list.table.totals_of(AMOUNT, list.view.rows().iter().copied());
    let sums = |totals: &Totals| -> Vec<String> {
        totals.lines(&list.table).iter().map(|line| line.sum.text(2)).collect()
    };
    assert_eq!(list.view.totals(AMOUNT).map(sums), Some(sums(&expected)));
}

#[test]
fn sums_groups_and_values_are_kept_through_another_order_and_through_edits() {
    let mut list = long_list();
    list.view.add_up(AMOUNT);
    list.view.group_by(&[CURRENCY], &[AMOUNT]);
    list.view.list_values(CURRENCY);
    list.view.list_values(NAME);
    list.view.finish(&mut list.table);
    let all_known = |list: &List| {
        let values = [CURRENCY, NAME].map(|column| list.view.values(column).is_some());
        (list.view.totals(AMOUNT).is_some(), list.view.groups(&[CURRENCY]).is_some(), values)
    };
    assert_eq!(all_known(&list), (true, true, [true; 2]));
    list.put(2, (0, "EV-00000", "EUR", "1000000"));
    assert_eq!(all_known(&list), (true, true, [true; 2]));
    // An order alone changes no sum.
    list.view.ask(Question { order: vec![OrderKey::new(NAME, Ascending)], ..Question::default() });
    let mut step = list.view.step(&mut list.table, BUDGET);
    while step == Step::Rows {
        step = list.view.step(&mut list.table, BUDGET);
    }
    assert_eq!((step, all_known(&list)), (Step::Done, (true, true, [true; 2])));
    list.view.drop_values(NAME);
    assert_eq!(all_known(&list), (true, true, [true, false]));
    // Past the view: where a row stands is not known before it is worked out.
    let row = list.table.row(5).expect("a row");
    assert!(list.view.place(&list.table, row).is_some());
    list.table.edit(&[Edit::Remove { key: 5, last: None }]).expect("a record");
    assert_eq!(list.view.place(&list.table, row), None);
    let other = list.table.row(6).expect("a row");
    assert_eq!(list.view.place(&list.table, other), None);
    list.view.finish(&mut list.table);
    assert!(list.view.place(&list.table, other).is_some());
}
