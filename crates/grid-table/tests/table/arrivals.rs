//! Records as they arrive: page by page, in any order and more than once, while others add, change and delete
//! some of them.

use std::collections::{BTreeMap, BTreeSet};

use grid_model::SortDirection::Descending;
use grid_model::{ReadNext, WholeReading};
use grid_table::{OrderKey, Question, Step, Ties};

use crate::dice::Dice;
use crate::list::{AMOUNT, CURRENCY, List, NAME, list};

const PAGE: usize = 100;

/// Amounts by key.
type Server = BTreeMap<i64, i64>;

/// A thousand events, of which ten have each amount.
fn server() -> Server {
    (1..=1_000).map(|key| (key, key / 10)).collect()
}

fn largest_first() -> Question {
    let order = vec![OrderKey::new(AMOUNT, Descending)];
    Question { order, ties: Ties::KeyRising, ..Question::default() }
}

/// All that the server holds, read in pages; `meanwhile` happens behind the third one. Says whether the reading
/// is whole.
fn read(server: &mut Server, meanwhile: impl FnOnce(&mut Server)) -> (List, bool) {
    let mut list = list(&[]);
    list.ask(largest_first());
    let (mut reading, mut pages, mut meanwhile) = (WholeReading::default(), 0, Some(meanwhile));
    loop {
        match reading.next() {
            ReadNext::Page { after } => {
                let rest: Vec<_> =
                    server.range(after.unwrap_or(0) + 1..).map(|(key, sum)| (*key, *sum)).collect();
                let page = &rest[..rest.len().min(PAGE)];
                let keys: Vec<i64> = page.iter().map(|(key, _)| *key).collect();
                let count = if after.is_none() { Some(server.len()) } else { Some(rest.len()) };
                reading.take(&keys, count, rest.len() > PAGE).expect("rising keys");
                page.iter().for_each(|(key, sum)| list.put(1, (*key, "", "EUR", &sum.to_string())));
                pages += 1;
                if pages == 3 {
                    meanwhile.take().into_iter().for_each(|meanwhile| meanwhile(server));
                }
            }
            ReadNext::Count => reading.counted(Some(server.len())),
            ReadNext::Nothing => break,
        }
    }
    list.view.finish(&mut list.table);
    assert_eq!(list.table.len(), reading.read(), "no record came twice");
    (list, reading.difference().is_none())
}

#[test]
fn every_event_is_here_once_though_others_change_the_list_while_it_is_read() {
    let delete: fn(&mut Server) = |server| assert!(server.remove(&5).is_some());
    let add_in_front: fn(&mut Server) = |server| assert!(server.insert(1_001, 9_999).is_none());
    let turn_ties: fn(&mut Server) = |server| server.values_mut().for_each(|sum| *sum = 7);
    let delete_and_add: fn(&mut Server) = |server| {
        assert!(server.remove(&5).is_some() && server.remove(&990).is_some());
        assert!(server.insert(1_001, 0).is_none());
    };
    for (meanwhile, first, is_whole, second) in [
        (delete, 1_000, false, 999),
        (add_in_front, 1_001, false, 1_001),
        (turn_ties, 1_000, true, 1_000),
        (delete_and_add, 1_000, false, 999),
    ] {
        let mut server = server();
        let (list, whole) = read(&mut server, meanwhile);
        assert_eq!((list.keys().len(), whole), (first, is_whole));
        // No page moved over the edge of the one before.
        assert!(list.keys().contains(&301));
        let (list, whole) = read(&mut server, |_| ());
        assert!(whole);
        let shown = list.keys();
        assert_eq!(shown.len(), second);
        assert_eq!(shown.iter().copied().collect::<BTreeSet<_>>(), server.keys().copied().collect());
        let sums: Vec<i64> = shown.iter().map(|key| server[key]).collect();
        assert!(sums.is_sorted_by(|one, next| one >= next));
        assert_eq!(list.totals(), [format!("EUR {}.00", sums.iter().sum::<i64>())]);
    }
}

#[test]
fn a_page_that_is_read_again_never_brings_back_what_was_replaced_since() {
    let page = [(1, "E", "EUR", "1"), (2, "F", "EUR", "10")];
    let mut list = list(&page);
    list.put(2, (1, "E", "EUR", "2"));
    // The answer to a request of before.
    page.iter().for_each(|row| list.put(1, *row));
    assert_eq!(list.totals(), ["EUR 12.00"]);
    list.put(3, (1, "E", "EUR", "3"));
    for version in [1, 2] {
        list.put(version, (1, "E", "EUR", "2"));
        assert_eq!((list.totals(), list.table.version(0)), (vec!["EUR 13.00".to_owned()], 3));
    }
}

#[test]
fn pages_give_one_table_in_whatever_order_they_come_and_however_often() {
    let mut dice = Dice(8);
    let units = ["EUR", "USD", "", "EUR"];
    let sums =
        ["9000000000000000000", "1", "0.000000000001", "-2.50", "", "79228162514264337593543950335", "1"];
    let texts: Vec<String> = (0..5).map(|at| format!("n{at}")).collect();
    let records: Vec<(i64, &str, &str, &str)> = (0..60)
        .map(|key| (key, texts[dice.below(5)].as_str(), dice.pick(&units), dice.pick(&sums)))
        .collect();
    let told = |list: &mut List| {
        list.view.group_by(&[NAME, CURRENCY], &[AMOUNT]);
        let keys = list.ask(largest_first());
        let groups = list.view.groups(&[NAME, CURRENCY]).expect("groups that are worked out");
        let lines: Vec<_> = (0..groups.len())
            .map(|at| {
                let group = groups.group(&list.table, at);
                let values: Vec<_> = group.values.iter().map(|value| value.owned()).collect();
                format!("{values:?} {} {:?}", group.rows, groups.subtotals(&list.table, at..at + 1, AMOUNT))
            })
            .collect();
        let digits: Vec<String> = keys
            .iter()
            .map(|key| list.table.row(*key).map(|row| format!("{:?}", list.table.value(row, AMOUNT))))
            .map(|value| value.expect("a row that is shown"))
            .collect();
        (keys, digits, lines, list.totals())
    };
    let expected = told(&mut list(&records));
    for _ in 0..100 {
        let mut pages: Vec<_> = records.chunks(7).collect();
        (1..pages.len()).for_each(|at| pages.swap(at, dice.below(at + 1)));
        pages.push(dice.pick(&pages));
        let mut arrived = list(&[]);
        for page in pages {
            page.iter().for_each(|row| arrived.put(1, *row));
            if dice.below(3) == 0 {
                arrived.view.finish(&mut arrived.table);
            }
        }
        assert_eq!(told(&mut arrived), expected);
    }
}

#[test]
fn a_column_of_which_every_value_differs_is_counted_in_steps_and_can_be_given_up() {
    const ROWS: usize = 20_000;
    const BUDGET: usize = 500;
    let mut list = list(&[]);
    let names: Vec<String> = (0..ROWS).rev().map(|at| format!("E-{at:05}")).collect();
    names.iter().zip(1..).for_each(|(name, key)| list.put(1, (key, name, "EUR", &format!("{key}.5"))));
    for wanted in [NAME, AMOUNT] {
        list.view.list_values(wanted);
        list.view.group_by(&[wanted], &[AMOUNT]);
        let mut steps = 0;
        while list.view.step(&mut list.table, BUDGET) != Step::Done {
            steps += 1;
            if steps <= ROWS / BUDGET {
                assert!(list.view.values(wanted).is_none() && list.view.groups(&[wanted]).is_none());
            }
        }
        assert!(steps > 2 * ROWS / BUDGET, "{steps}");
        assert_eq!(list.view.values(wanted).map(|values| values.len()), Some(ROWS));
        assert_eq!(list.view.groups(&[wanted]).map(|groups| groups.len()), Some(ROWS));
        assert_eq!(list.view.rows().len(), ROWS);
        list.view.drop_values(wanted);
        list.view.drop_groups(&[wanted]);

        // What is given up halfway costs no further step.
        list.view.group_by(&[wanted], &[]);
        assert_eq!(list.view.step(&mut list.table, BUDGET), Step::Sums);
        list.view.drop_groups(&[wanted]);
        assert_eq!(list.view.step(&mut list.table, BUDGET), Step::Done);
    }
}
