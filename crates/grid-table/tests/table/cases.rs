//! Reported of other grids, each with the values it was reported with: sums over currencies, exactness,
//! late answers, groups that run together, filters that forget what they leave out.

use std::ops::Bound;

use grid_model::SortDirection::{Ascending, Descending};
use grid_table::{
    Amount, ColumnKind, Edit, Edited, Filter, GroupColumn, Groups, OrderKey, OwnedValue, Question,
    QuickFilter, Spans, Step, Table, TableError, Test, Value, View,
};
use rust_decimal::Decimal;

use crate::list::{AMOUNT, CURRENCY, List, NAME, amount, list};

#[test]
fn a_record_is_found_by_a_text_of_its_own() {
    let mut list = list(&[(7, "E-1", "EUR", "1"), (3, "", "EUR", "2"), (9, "E-3", "USD", "3")]);
    let found = |list: &List, column: usize, text: &str| {
        list.table.row_with_text(column, text).map(|row| list.table.key(row))
    };
    assert_eq!(found(&list, NAME, "E-1"), Some(7));
    // The blank before it has put its code out of step.
    assert_eq!(found(&list, NAME, "E-3"), Some(9));
    assert_eq!(found(&list, CURRENCY, "USD"), Some(9));
    assert_eq!([found(&list, NAME, ""), found(&list, NAME, "E-2"), found(&list, AMOUNT, "1")], [None; 3]);
    list.edit(&[Edit::Remove { key: 7, last: None }]);
    assert_eq!(found(&list, NAME, "E-1"), None);
    list.put(2, (7, "E-1", "EUR", "1"));
    assert_eq!(found(&list, NAME, "E-1"), Some(7));
    list.put(2, (9, "E-9", "USD", "3"));
    assert_eq!([found(&list, NAME, "E-3"), found(&list, NAME, "E-9")], [None, Some(9)]);
    // More texts than rows.
    let mut one = list_of_one("first");
    one.put(2, (1, "second", "EUR", "1"));
    one.put(3, (1, "third", "EUR", "1"));
    assert_eq!(["first", "second", "third"].map(|text| found(&one, NAME, text)), [None, None, Some(1)]);
}

fn list_of_one(name: &str) -> List {
    list(&[(1, name, "EUR", "1")])
}

#[test]
fn edits_say_what_became_of_them_and_are_seen_also_where_the_view_did_not_take_them() {
    let mut list = list(&[(1, "a", "EUR", "1"), (2, "b", "EUR", "2")]);
    assert!(!list.table.is_empty());
    list.view.group_by(&[NAME], &[AMOUNT]);
    list.view.list_values(NAME);
    list.view.finish(&mut list.table);
    let values = [Value::Text("c"), Value::Text("EUR"), amount("4")];
    let put = |key, version| Edit::Put { key, version, values: &values };
    let name = |key, version| Edit::Set { key, version, column: NAME, value: Value::Text("d") };
    let edits = [put(3, 1), put(1, 1), put(1, 0), name(2, Some(2)), name(2, Some(1)), name(9, None)];
    let edited = list.table.edit(&edits).expect("values of their columns' kinds");
    assert_eq!(edited, Edited { inserted: 1, changed: 2, removed: 0, passed_over: 3 });
    let told = |list: &mut List| {
        list.view.finish(&mut list.table);
        let groups = list.view.groups(&[NAME]).expect("groups that are worked out");
        let names = list.view.values(NAME).expect("values that are worked out");
        let rows = |groups: &Groups| -> Vec<(OwnedValue, usize)> {
            let group = |at: usize| groups.group(&list.table, at);
            (0..groups.len()).map(group).map(|group| (group.values[0].owned(), group.rows)).collect()
        };
        assert_eq!(rows(groups), rows(names));
        (rows(groups), list.totals())
    };
    let text = |text: &str| OwnedValue::Text(text.to_owned());
    let (groups, totals) = told(&mut list);
    assert_eq!((groups, totals), (vec![(text("c"), 2), (text("d"), 1)], vec!["EUR 10.00".to_owned()]));
    for (edit, removed) in
        [(Edit::Remove { key: 1, last: Some(1) }, 1), (Edit::Remove { key: 1, last: None }, 0)]
    {
        let edited = list.table.edit(&[edit]).expect("a record");
        assert_eq!(edited, Edited { removed, passed_over: 1 - removed, ..Edited::default() });
        let (groups, totals) = told(&mut list);
        assert_eq!((groups, totals), (vec![(text("c"), 1), (text("d"), 1)], vec!["EUR 6.00".to_owned()]));
    }
    // One that is new, and one of which a value alone has changed.
    list.table.edit(&[put(4, 1)]).expect("values of their columns' kinds");
    let (groups, totals) = told(&mut list);
    assert_eq!((groups, totals), (vec![(text("c"), 2), (text("d"), 1)], vec!["EUR 10.00".to_owned()]));
    list.table.edit(&[name(4, None)]).expect("a record");
    let (groups, totals) = told(&mut list);
    assert_eq!((groups, totals), (vec![(text("c"), 1), (text("d"), 2)], vec!["EUR 10.00".to_owned()]));
    // What changes nothing makes nothing be worked out again, and what is wanted again is here.
    list.table.edit(&[put(3, 0)]).expect("values of their columns' kinds");
    list.view.group_by(&[NAME], &[AMOUNT]);
    assert!(list.view.groups(&[NAME]).is_some());
    assert_eq!(list.view.step(&mut list.table, 0), Step::Done);
    // Other sums of the same groups are other groups, and so are those by another column.
    list.view.group_by(&[NAME], &[]);
    assert!(list.view.groups(&[NAME]).is_none());
    list.view.group_by(&[CURRENCY], &[]);
    list.view.finish(&mut list.table);
    assert!(list.view.groups(&[NAME]).is_some() && list.view.groups(&[CURRENCY]).is_some());
}

#[test]
fn an_older_version_never_replaces_a_newer_one_and_the_removed_stay_away() {
    let mut list = list(&[(1, "E", "EUR", "1")]);
    list.put(2, (1, "E", "EUR", "2"));
    list.put(1, (1, "E", "EUR", "1"));
    assert_eq!(list.totals(), ["EUR 2.00"]);
    let row = list.table.row(1).expect("a row");
    assert_eq!((list.table.version(row), list.table.len()), (2, 1));
    list.edit(&[Edit::Remove { key: 1, last: Some(2) }]);
    list.put(2, (1, "E", "EUR", "2"));
    assert_eq!((list.keys(), list.table.is_empty()), (vec![], true));
    list.put(3, (1, "E", "EUR", "3"));
    list.edit(&[Edit::Remove { key: 1, last: None }]);
    list.put(3, (1, "E", "EUR", "3"));
    assert_eq!(list.totals(), ["EUR 3.00"]);
}

#[test]
fn currencies_are_never_one_number_and_an_order_goes_by_them_first() {
    let mut list = list(&[
        (1, "a", "USD", "5749.99"),
        (2, "b", "EUR", "700.00"),
        (3, "c", "", "1.00"),
        (5, "e", "EUR", ""),
    ]);
    let charges = [("USD", "2.00"), ("EUR", "3.00")]
        .map(|(unit, value)| Amount { unit: unit.to_owned(), value: value.parse().ok() });
    let values = [Value::Text("d"), Value::Text("USD"), Value::Amounts(&charges)];
    list.edit(&[Edit::Put { key: 4, version: 1, values: &values }]);
    assert_eq!(list.totals(), ["EUR 703.00", "USD 5751.99", " 1.00"]);
    let by = |direction| Question { order: vec![OrderKey::new(AMOUNT, direction)], ..Question::default() };
    list.put(1, (6, "f", "EUR", "900"));
    assert_eq!(list.ask(by(Ascending)), [2, 6, 1, 3, 5, 4]);
    assert_eq!(list.ask(by(Descending)), [6, 2, 1, 3, 5, 4]);
    let unread = [Amount { unit: "EUR".to_owned(), value: None }];
    list.edit(&[Edit::Set { key: 6, version: None, column: AMOUNT, value: Value::Amounts(&unread) }]);
    assert_eq!(list.totals(), ["EUR 703.00, 1 unread", "USD 5751.99", " 1.00"]);
    list.edit(&[Edit::Set { key: 4, version: None, column: AMOUNT, value: Value::Blank }]);
    assert_eq!(list.totals(), ["EUR 700.00, 1 unread", "USD 5749.99", " 1.00"]);
}

#[test]
fn a_group_of_several_currencies_has_a_line_for_each_and_one_for_amounts_without() {
    let mut list = list(&[
        (1, "vm", "USD", "5749.99"),
        (2, "vm", "EUR", "700.00"),
        (3, "vm", "", "1.00"),
        (4, "disk", "JPY", "900000"),
        (5, "disk", "KWD", "0.125"),
    ]);
    let charges = [("USD", "2.00"), ("EUR", "3.00")]
        .map(|(unit, value)| Amount { unit: unit.to_owned(), value: value.parse().ok() });
    let values = [Value::Text("vm"), Value::Text("USD"), Value::Amounts(&charges)];
    list.edit(&[Edit::Put { key: 6, version: 1, values: &values }]);
    list.view.group_by(&[NAME], &[AMOUNT]);
    list.view.finish(&mut list.table);
    let groups = list.view.groups(&[NAME]).expect("groups that are worked out");
    let lines = |place: usize| -> Vec<String> {
        let lines = groups.subtotals(&list.table, place..place + 1, AMOUNT);
        lines.iter().map(|line| format!("{} {}", line.unit, line.sum.text(2))).collect()
    };
    assert_eq!(lines(0), ["JPY 900000.00", "KWD 0.125"]);
    assert_eq!(lines(1), ["EUR 703.00", "USD 5751.99", " 1.00"]);
    // What is selected is added up the same way.
    let selected: Vec<_> = [2, 3, 6].iter().filter_map(|key| list.table.row(*key)).collect();
    let selected = list.table.totals_of(AMOUNT, selected);
    let lines: Vec<_> = selected.lines(&list.table).iter().map(|line| (line.unit, line.values)).collect();
    assert_eq!(lines, [("EUR", 2), ("USD", 1), ("", 1)]);
}

#[test]
fn sums_follow_search_and_change_and_count_no_row_twice() {
    let mut list = list(&[(1, "ab", "EUR", "1.10"), (2, "ac", "EUR", "2.20"), (3, "b", "EUR", "4.40")]);
    list.ask(Question {
        quick: QuickFilter { text: "A".to_owned(), columns: vec![NAME] },
        ..Question::default()
    });
    assert_eq!(list.totals(), ["EUR 3.30"]);
    list.ask(Question::default());
    assert_eq!(list.totals(), ["EUR 7.70"]);
    list.edit(&[Edit::Set { key: 3, version: None, column: AMOUNT, value: amount("5.40") }]);
    assert_eq!(list.totals(), ["EUR 8.70"]);
    let rows = list.view.rows();
    let twice = list.table.totals_of(AMOUNT, rows.iter().chain(rows).copied());
    assert_eq!(twice.lines(&list.table)[0].sum.text(2), "8.70");
}

#[test]
fn sums_of_groups_and_foot_are_those_of_the_rows_in_sight_after_every_change() {
    let mut list = list(&[(1, "a", "EUR", "1.10"), (2, "a", "EUR", "2.20"), (3, "b", "EUR", "4.40")]);
    list.view.group_by(&[NAME], &[AMOUNT]);
    let told = |list: &mut List| {
        list.view.finish(&mut list.table);
        let groups = list.view.groups(&[NAME]).expect("groups that are worked out");
        let sum = |at: usize| groups.subtotals(&list.table, at..at + 1, AMOUNT)[0].sum.text(2);
        let sums: Vec<String> = (0..groups.len()).map(sum).collect();
        (sums.join(" "), list.totals().join(" "))
    };
    let both = |groups: &str, foot: &str| (groups.to_owned(), foot.to_owned());
    assert_eq!(told(&mut list), both("3.30 4.40", "EUR 7.70"));
    // Another person's change, and one that moves a row to another group.
    list.put(2, (3, "b", "EUR", "5.40"));
    assert_eq!(told(&mut list), both("3.30 5.40", "EUR 8.70"));
    list.edit(&[Edit::Set { key: 2, version: None, column: NAME, value: Value::Text("b") }]);
    assert_eq!(told(&mut list), both("1.10 7.60", "EUR 8.70"));
    list.filter(NAME, Test::equals(OwnedValue::Text("b".to_owned())));
    assert_eq!(told(&mut list), both("7.60", "EUR 7.60"));
    // It leaves the rows in sight, and its sum with it.
    list.edit(&[Edit::Set { key: 3, version: None, column: NAME, value: Value::Text("a") }]);
    assert_eq!(told(&mut list), both("2.20", "EUR 2.20"));
    list.edit(&[Edit::Remove { key: 2, last: Some(9) }]);
    list.view.finish(&mut list.table);
    assert_eq!((list.keys(), list.totals()), (vec![], vec![]));
}

#[test]
fn sums_keep_every_digit_whichever_page_comes_first() {
    let rows = [
        (1, "a", "EUR", "9000000000000000000"),
        (2, "b", "EUR", "9000000000000000000"),
        (3, "c", "USD", "1"),
        (4, "d", "USD", "0.000000000001"),
        (5, "e", "GBP", "-79228162514264337593543950335"),
    ];
    for first in 0..rows.len() {
        let mut turned = rows;
        turned.rotate_left(first);
        let list = list(&turned);
        let expected =
            ["EUR 18000000000000000000.00", "GBP -79228162514264337593543950335.00", "USD 1.000000000001"];
        assert_eq!(list.totals(), expected);
        for (key, .., sum) in rows {
            let row = list.table.row(key).expect("a row");
            assert_eq!(list.table.value(row, AMOUNT), amount(sum));
        }
    }
}

#[test]
fn groups_do_not_run_together_and_add_up_to_the_foot() {
    let mut list =
        list(&[(1, "ab", "c", "1"), (2, "a", "bc", "2"), (3, "", "c", "2.00"), (4, "", "c", "3.00")]);
    list.view.group_by(&[NAME, CURRENCY], &[AMOUNT]);
    list.view.finish(&mut list.table);
    let groups = list.view.groups(&[NAME, CURRENCY]).expect("groups that are worked out");
    let told: Vec<_> = (0..groups.len())
        .map(|place| {
            let group = groups.group(&list.table, place);
            let sums = groups.subtotals(&list.table, place..place + 1, AMOUNT);
            (group.values, group.rows, sums[0].sum.text(2))
        })
        .collect();
    let pair = |name, currency| vec![name, Value::Text(currency)];
    let expected = [
        (pair(Value::Text("a"), "bc"), 1, "2.00".to_owned()),
        (pair(Value::Text("ab"), "c"), 1, "1.00".to_owned()),
        (pair(Value::Blank, "c"), 2, "5.00".to_owned()),
    ];
    assert_eq!(told, expected);
    let foot = groups.subtotals(&list.table, 0..groups.len(), AMOUNT);
    assert_eq!(foot, list.view.totals(AMOUNT).expect("sums").lines(&list.table));
    assert!(groups.subtotals(&list.table, 0..1, NAME).is_empty());
}

#[test]
fn letters_are_the_same_only_where_the_server_takes_them_for_it() {
    let mut list = list(&[
        (1, "usd-vm", "", ""),
        (2, "USD-VM", "", ""),
        (3, "usd-vm", "", ""),
        (4, "Zürich", "", ""),
        (5, "zurich", "", ""),
    ]);
    list.view.list_values(NAME);
    list.view.finish(&mut list.table);
    let names = list.view.values(NAME).expect("values that are worked out");
    let counts: Vec<_> = (0..names.len()).map(|at| names.group(&list.table, at).rows).collect();
    assert_eq!(counts, [1, 1, 2, 1]);
    list.view.group_by(&[NAME], &[]);
    list.view.finish(&mut list.table);
    let groups = list.view.groups(&[NAME]).expect("groups that are worked out");
    let first = groups.group(&list.table, 0);
    assert_eq!((first.values, first.rows), (vec![Value::Text("USD-VM")], 1));
    let told: Vec<_> = (0..groups.len()).map(|at| groups.group(&list.table, at).rows).collect();
    assert_eq!(told, counts);
    let contains = |text: &str| Test::Contains(text.to_owned());
    assert_eq!(list.filter(NAME, contains("usd")), [1, 2, 3]);
    assert_eq!(list.filter(NAME, contains("ZÜ")), [4]);
    assert_eq!(list.filter(NAME, contains("zu")), [5]);
    assert_eq!(list.filter(NAME, Test::equals(OwnedValue::Text("usd-vm".to_owned()))), [1, 3]);
}

#[test]
fn an_exclusion_stays_one_when_new_values_come_and_a_choice_stays_a_choice() {
    let mut list = list(&[(1, "a", "EUR", "1"), (2, "b", "USD", "2")]);
    let euro = || vec![OwnedValue::Text("EUR".to_owned())];
    assert_eq!(list.filter(CURRENCY, Test::NoneOf(euro())), [2]);
    list.put(1, (3, "c", "GBP", "3"));
    list.put(1, (4, "d", "EUR", "4"));
    assert_eq!(list.keys(), [2, 3]);
    // A value that nothing had when it was chosen.
    let chosen = || vec![OwnedValue::Text("CHF".to_owned()), OwnedValue::Blank];
    assert_eq!(list.filter(CURRENCY, Test::OneOf(chosen())), []);
    list.put(1, (5, "e", "CHF", "5"));
    list.put(1, (6, "f", "", "6"));
    assert_eq!(list.keys(), [5, 6]);
    // Asked anew, each of several counts.
    let one_of = |values: &[&str]| {
        Test::OneOf(values.iter().map(|value| OwnedValue::Text((*value).to_owned())).collect())
    };
    assert_eq!(list.filter(CURRENCY, one_of(&["USD", "EUR", "none such"])), [1, 2, 4]);
    assert_eq!(list.filter(CURRENCY, one_of(&["USD"])), [2]);
    assert_eq!(list.filter(CURRENCY, one_of(&["", "USD"])), [2, 6]);
    assert_eq!(list.filter(CURRENCY, one_of(&[""])), [6]);
    assert_eq!([list.filter(CURRENCY, one_of(&[])), list.filter(CURRENCY, one_of(&["none such"]))], [[]; 2]);
}

#[test]
fn ends_of_a_range_are_exact_and_nought_is_one() {
    let mut list = list(&[
        (1, "", "", "-0.001"),
        (2, "", "", "0"),
        (3, "", "", "0.00"),
        (4, "", "", "0.004"),
        (5, "", "", ""),
    ]);
    let number = |text: &str| OwnedValue::Decimal(text.parse().expect("a number"));
    let between = |from, to| Test::Between { from, to };
    assert_eq!(list.filter(AMOUNT, between(Bound::Included(number("0")), Bound::Unbounded)), [2, 3, 4]);
    assert_eq!(list.filter(AMOUNT, between(Bound::Excluded(number("0")), Bound::Unbounded)), [4]);
    // Finer than anything in the column.
    assert_eq!(list.filter(AMOUNT, between(Bound::Included(number("0.0001")), Bound::Unbounded)), [4]);
    assert_eq!(list.filter(AMOUNT, between(Bound::Unbounded, Bound::Included(number("-0.0009")))), [1]);
    assert_eq!(
        list.filter(AMOUNT, between(Bound::Excluded(number("0.0039")), Bound::Excluded(number("0.00401")))),
        [4]
    );
    assert_eq!(list.filter(AMOUNT, between(Bound::Included(number("1")), Bound::Included(number("0")))), []);
    // Ends of which the column's places hold no number of 64 bits, nor one of 128.
    list.put(2, (4, "", "", "0.000000000004"));
    let most = || number("79228162514264337593543950335");
    let least = || number("-79228162514264337593543950335");
    assert_eq!(list.filter(AMOUNT, between(Bound::Excluded(least()), Bound::Excluded(most()))), [1, 2, 3, 4]);
    assert_eq!(list.filter(AMOUNT, between(Bound::Included(most()), Bound::Unbounded)), []);
    assert_eq!(list.filter(AMOUNT, between(Bound::Unbounded, Bound::Included(least()))), []);
    assert_eq!(list.filter(AMOUNT, between(Bound::Included(number("9300000")), Bound::Unbounded)), []);
}

#[test]
fn only_the_last_question_is_answered_and_sums_come_with_their_rows() {
    let mut list = list(&[]);
    let names: Vec<String> =
        (0..2_000).map(|at| format!("{}{at}", if at % 2 == 0 { "a" } else { "b" })).collect();
    names.iter().zip(0..).for_each(|(name, key)| list.put(1, (key, name, "EUR", "1")));
    let quick = |text: &str| Question {
        quick: QuickFilter { text: text.to_owned(), columns: vec![] },
        ..Question::default()
    };
    list.view.ask(quick("a"));
    assert_eq!(list.view.step(&mut list.table, 100), Step::Rows);
    assert_eq!((list.view.rows().len(), list.totals()), (2_000, vec!["EUR 2000.00".to_owned()]));
    list.view.ask(quick("b19"));
    let mut steps = 0;
    while list.view.step(&mut list.table, 100) == Step::Rows {
        assert_eq!(list.view.rows().len(), 2_000);
        steps += 1;
    }
    assert!(steps > 20, "{steps}");
    assert_eq!(list.view.rows().len(), 56);
    assert!(list.view.totals(AMOUNT).is_none());
    while list.view.step(&mut list.table, 100) != Step::Done {}
    assert_eq!(list.totals(), ["EUR 56.00"]);
}

#[test]
fn several_amounts_are_filtered_wherever_they_stand() {
    let mut list = list(&[]);
    let parts = ["2.00", "30.00"].map(|value| Amount { unit: "EUR".to_owned(), value: value.parse().ok() });
    let several = [3, 63, 64, 70, 150, 199];
    for key in 0..200 {
        let sum = if several.contains(&key) { Value::Amounts(&parts) } else { amount("1") };
        let values = [Value::Text("a"), Value::Text("EUR"), sum];
        list.edit(&[Edit::Put { key, version: 1, values: &values }]);
    }
    let number = |text: &str| OwnedValue::Decimal(text.parse().expect("a number"));
    let from = |text: &str| Test::Between { from: Bound::Included(number(text)), to: Bound::Unbounded };
    assert_eq!(list.filter(AMOUNT, from("30")), several);
    assert_eq!(list.filter(AMOUNT, from("31")), []);
    assert_eq!(list.filter(AMOUNT, Test::OneOf(vec![number("2")])), several);
    assert_eq!(list.filter(AMOUNT, Test::NotBlank).len(), 200);
    assert_eq!(list.filter(AMOUNT, Test::NoneOf(vec![number("1")])), several);
}

#[test]
fn what_fits_no_column_changes_nothing() {
    let mut list = list(&[(1, "a", "EUR", "1")]);
    let good = Edit::Set { key: 1, version: None, column: NAME, value: Value::Text("b") };
    for (bad, error) in [
        (
            Edit::Set { key: 1, version: None, column: NAME, value: Value::Flag(true) },
            TableError::WrongKind { column: NAME },
        ),
        (
            Edit::Set { key: 1, version: None, column: 9, value: Value::Blank },
            TableError::WrongKind { column: 9 },
        ),
        (Edit::Put { key: 2, version: 1, values: &[Value::Blank] }, TableError::WrongWidth { values: 1 }),
    ] {
        assert_eq!(list.view.edit(&mut list.table, &[good, bad]), Err(error));
    }
    let row = list.table.row(1).expect("a row");
    assert_eq!(list.table.value(row, NAME), Value::Text("a"));
    assert!(!TableError::Full.to_string().is_empty());
}

#[test]
fn instants_are_grouped_by_the_spans_that_they_lie_in() {
    /// Spans of ten, but of twenty around nought: days are not of one length.
    fn around(name: &str, instant: i64) -> std::ops::Range<i64> {
        assert_eq!(name, "tens");
        match instant.div_euclid(10) {
            -1 | 0 => -10..10,
            ten => ten * 10..ten * 10 + 10,
        }
    }
    let mut table = Table::new(&[ColumnKind::Instant, ColumnKind::Text, ColumnKind::Amount { unit: 1 }]);
    let mut view = View::new();
    let put = |view: &mut View, table: &mut Table, key: i64, version: i64, at: Option<i64>| {
        let at = at.map_or(Value::Blank, Value::Instant);
        let values = [at, Value::Text("EUR"), Value::Decimal(Decimal::new(key, 1))];
        view.edit(table, &[Edit::Put { key, version, values: &values }]).expect("a row that fits");
    };
    let instants = [Some(9), Some(-10), Some(10), None, Some(19), Some(-11), Some(i64::MAX - 9)];
    for (key, at) in (1..).zip(instants) {
        put(&mut view, &mut table, key, 1, at);
    }
    let tens = Spans { name: "tens".into(), around };
    let by_tens = [GroupColumn { column: 0, spans: Some(tens) }];
    view.group_by(&by_tens, &[2]);
    view.group_by(&[0], &[2]);
    let told = |view: &View, table: &Table| -> Vec<(OwnedValue, usize, String)> {
        let groups = view.groups(&by_tens).expect("groups that are worked out");
        let line = |place| {
            let group = groups.group(table, place);
            let sum = groups.subtotals(table, place..place + 1, 2)[0].sum.text(1);
            (group.values[0].owned(), group.rows, sum)
        };
        (0..groups.len()).map(line).collect()
    };
    view.finish(&mut table);
    let line = |at: i64, rows: usize, sum: &str| (OwnedValue::Instant(at), rows, sum.to_owned());
    let last = (i64::MAX - 9).div_euclid(10) * 10;
    let blank = (OwnedValue::Blank, 1, "0.4".to_owned());
    let first = line(-20, 1, "0.6");
    assert_eq!(
        told(&view, &table),
        [first.clone(), line(-10, 2, "0.3"), line(10, 2, "0.8"), line(last, 1, "0.7"), blank.clone()]
    );
    assert_eq!(view.groups(&[0]).expect("those of the instants themselves").len(), 7);
    // A row that changes goes from span to span.
    put(&mut view, &mut table, 3, 2, Some(-1));
    view.finish(&mut table);
    assert_eq!(
        told(&view, &table),
        [first, line(-10, 3, "0.6"), line(10, 1, "0.5"), line(last, 1, "0.7"), blank]
    );
}

#[test]
fn a_quick_filter_and_a_filter_of_its_column_stay_apart_where_both_ask_one_text() {
    let quick = || QuickFilter { text: "a".to_owned(), columns: vec![NAME] };
    let filters = || vec![Filter { column: NAME, test: Test::Contains("a".to_owned()) }];
    let asked_quickly = Question { quick: quick(), ..Question::default() };
    let asked_of_column = Question { filters: filters(), ..Question::default() };
    let both = Question { quick: quick(), filters: filters(), ..Question::default() };
    // A filter of a column hides none of the values that it chooses from, the quick filter does.
    let (all, passing) = (["a", "ab", "b"].as_slice(), ["a", "ab"].as_slice());
    for questions in [
        [(&asked_quickly, passing), (&asked_of_column, all), (&asked_quickly, passing)],
        [(&asked_of_column, all), (&both, passing), (&asked_of_column, all)],
        [(&both, passing), (&asked_quickly, passing), (&both, passing)],
    ] {
        let mut list = list(&[(1, "ab", "EUR", "1"), (2, "b", "EUR", "2"), (3, "a", "EUR", "4")]);
        list.view.list_values(NAME);
        for (question, expected) in questions {
            assert_eq!(list.ask(question.clone()), [1, 3], "{question:?}");
            let values = list.view.values(NAME).expect("values that are worked out");
            let name = |place: usize| values.group(&list.table, place).values[0].owned();
            let names: Vec<_> = (0..values.len()).map(name).collect();
            let expected: Vec<_> = expected.iter().map(|name| OwnedValue::Text((*name).to_owned())).collect();
            assert_eq!(names, expected, "{question:?}");
        }
    }
}

#[test]
fn a_record_that_is_not_shown_tells_where_it_would_stand() {
    let mut list = list(&[(1, "a", "", "1"), (2, "b", "EUR", "2"), (3, "c", "", "4"), (4, "d", "EUR", "8")]);
    let place =
        |list: &List, key: i64| list.table.row(key).and_then(|row| list.view.place_or_next(&list.table, row));
    assert_eq!(list.filter(CURRENCY, Test::Blank), [1, 3]);
    assert_eq!([1, 2, 3, 4].map(|key| place(&list, key)), [Some(0), Some(1), Some(1), Some(2)]);
    let falling = vec![OrderKey::new(NAME, Descending)];
    let filters = vec![Filter { column: CURRENCY, test: Test::Blank }];
    assert_eq!(list.ask(Question { order: falling, filters, ..Question::default() }), [3, 1]);
    assert_eq!([1, 2, 3, 4].map(|key| place(&list, key)), [Some(1), Some(1), Some(0), Some(0)]);
    // What has changed since is not in order yet.
    list.table.edit(&[Edit::Remove { key: 3, last: None }]).expect("a record of the table");
    assert_eq!(place(&list, 1), None);
}
