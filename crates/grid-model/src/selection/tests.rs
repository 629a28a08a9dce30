use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Rows in order, each loaded or not.
struct Listed(Vec<Option<Picked>>);

impl Rows for Listed {
    fn at(&self, row: usize) -> Option<Picked> {
        self.0.get(row).cloned().flatten()
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.0.iter().position(|row| row.as_ref().is_some_and(|row| &*row.key == key))
    }
}

fn picked(key: &str, version: &str) -> Picked {
    Picked { key: key.into(), version: version.into() }
}

/// `"a b . d"`: a row that is not loaded is a dot. Versions are `1`.
fn listed(rows: &str) -> Listed {
    Listed(rows.split(' ').map(|key| (key != ".").then(|| picked(key, "1"))).collect())
}

fn keys(selection: &Selection) -> String {
    selection.records().map(|records| records.keys().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

#[test]
fn a_range_is_dragged_from_where_it_began() {
    let list = listed("a b c d e f g");
    let first = Selection::None.extended(Cursor::at(4, 2), Cursor::at(5, 2), &list);
    assert_eq!(keys(&first), "e f");
    let second = first.extended(Cursor::at(5, 2), Cursor::at(2, 4), &list);
    assert_eq!(keys(&second), "c d e");
    assert_eq!(second.cells_of("c"), Some(&(2..=4)));
    assert!(second.cells_of("f").is_none() && !second.holds("d"));
    assert_eq!(second.number(), Some(3));
}

#[test]
fn a_range_goes_on_from_its_record_where_rows_have_moved() {
    let begun = Selection::None.extended(Cursor::at(1, 0), Cursor::at(2, 0), &listed("a b c d e"));
    // Two rows came in above.
    let moved = listed("x y a b c d e");
    let grown = begun.clone().extended(Cursor::at(4, 0), Cursor::at(5, 0), &moved);
    assert_eq!(keys(&grown), "b c d");
    // The record that it began at has left: the range begins at the cell that was active.
    let without = listed("x y a c d e");
    assert_eq!(keys(&begun.extended(Cursor::at(3, 0), Cursor::at(4, 0), &without)), "c d");
}

#[test]
fn records_are_toggled_and_grow_by_records() {
    let list = listed("a b c d e");
    let one = Selection::None.toggled(picked("c", "1"));
    assert!(one.holds("c") && !one.holds("d"));
    assert!(Selection::None.is_none() && !one.is_none());
    let grown = one.clone().extended(Cursor::at(2, 0), Cursor::at(4, 0), &list);
    assert_eq!(keys(&grown), "c d e");
    assert!(!grown.is_of_cells());
    assert_eq!(one.toggled(picked("c", "2")), Selection::None);
}

#[test]
fn a_record_joins_those_of_a_range_which_become_selected_as_a_whole() {
    let range = Selection::None.extended(Cursor::at(1, 2), Cursor::at(2, 3), &listed("a b c . e"));
    let joined = range.clone().toggled(picked("e", "1"));
    assert_eq!(keys(&joined), "b c e");
    assert!(!joined.is_of_cells() && joined.holds("b"));
    // One of the range is no more than selected as a whole, and taken away by the next press only.
    let whole = range.toggled(picked("c", "2"));
    assert_eq!((keys(&whole).as_str(), whole.records().and_then(|all| all.version("c"))), ("b c", Some("1")));
    assert_eq!(keys(&whole.toggled(picked("c", "2"))), "b");
    let partly = Selection::None.extended(Cursor::at(2, 0), Cursor::at(4, 0), &listed("a b c . e"));
    let left_out = partly.toggled(picked("a", "1")).records().map(Records::left_out);
    assert_eq!(left_out, Some(1), "a row that was not loaded is still counted");
}

#[test]
fn rows_that_are_not_loaded_are_left_out_and_counted() {
    let range = Selection::None.extended(Cursor::at(0, 0), Cursor::at(4, 0), &listed("a . . d e"));
    assert_eq!(keys(&range), "a d e");
    assert_eq!(range.records().map(Records::left_out), Some(2));
    // They were loaded meanwhile: the next step takes them in.
    let whole = range.extended(Cursor::at(4, 0), Cursor::at(5, 0), &listed("a b c d e f"));
    assert_eq!((keys(&whole).as_str(), whole.records().map(Records::left_out)), ("a b c d e f", Some(0)));
}

#[test]
fn a_range_is_completed_when_its_rows_arrive_and_by_no_other_row() {
    let range = Selection::None.extended(Cursor::at(0, 0), Cursor::at(3, 0), &listed("a . . d e"));
    let part = range.completed(3, &listed("a b . d e")).unwrap();
    assert_eq!(keys(&part), "a b d");
    assert_eq!(keys(&part.completed(3, &listed("a b c d e")).unwrap()), "a b c d");
    // A row came between, one has left, or nothing arrived.
    assert_eq!(range.completed(4, &listed("a b x c d")), None);
    assert_eq!(range.completed(3, &listed("a b c x d")), None);
    assert_eq!(range.completed(3, &listed("a . . d e")), None);
    assert_eq!(Selection::None.completed(3, &listed("a b c")), None);
}

#[test]
fn a_record_stays_chosen_as_it_stood_when_it_was_chosen() {
    let begun = Selection::None.extended(Cursor::at(0, 0), Cursor::at(1, 0), &listed("a b c"));
    let changed = Listed(vec![Some(picked("a", "2")), Some(picked("b", "1")), Some(picked("c", "1"))]);
    let grown = begun.extended(Cursor::at(1, 0), Cursor::at(2, 0), &changed);
    let versions: Vec<_> = grown.records().into_iter().flat_map(Records::iter).collect();
    assert_eq!(versions, [picked("a", "1"), picked("b", "1"), picked("c", "1")]);
    // The person's own change goes along, somebody else's does not.
    let mut own = grown;
    assert!(own.carry("a", "2") && !own.carry("a", "2") && !own.carry("z", "2"));
    assert!(own.records().into_iter().flat_map(Records::iter).any(|one| one == picked("a", "2")));
}

#[test]
fn everything_is_a_meaning() {
    assert!(Selection::all(None).holds("never seen"));
    assert_eq!(Selection::all(None).number(), None);
    assert_eq!(Selection::all(Some(1_000_000)).number(), Some(1_000_000));
    let but_one = Selection::all(Some(1_000_000)).toggled(picked("c", "1"));
    assert_eq!(but_one.number(), Some(999_999));
    assert!(!but_one.holds("c") && but_one.holds("d"));
    assert_eq!(but_one.toggled(picked("c", "1")), Selection::all(Some(1_000_000)));
    // A range begun over everything is a range.
    let range = Selection::all(None).extended(Cursor::at(0, 0), Cursor::at(1, 0), &listed("a b c"));
    assert_eq!(keys(&range), "a b");
}

#[test]
fn a_selection_means_what_a_plain_set_of_keys_means() {
    // A linear congruential generator with a fixed seed drives both; they must agree, whatever the
    // order of the rows is at each step.
    let mut seed = 42_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut rows: Vec<usize> = (0..40).collect();
    let mut selection = Selection::None;
    let mut plain: BTreeMap<String, String> = BTreeMap::new();
    for step in 0..5_000 {
        let one = next(rows.len());
        let other = next(rows.len());
        rows.swap(one, other);
        let list = Listed(
            rows.iter()
                .map(|row| (row % 7 != 3).then(|| picked(&format!("k{row}"), &step.to_string())))
                .collect(),
        );
        let at = next(rows.len());
        let Some(here) = list.at(at) else { continue };
        if next(4) == 0 {
            let to = next(rows.len());
            let grows = selection.records().is_some_and(|records| records.contains(&here.key));
            if grows && !selection.is_of_cells() {
                selection = selection.extended(Cursor::at(at, 0), Cursor::at(to, 0), &list);
                for row in at.min(to)..=at.max(to) {
                    if let Some(Picked { key, version }) = list.at(row) {
                        plain.entry(key.to_string()).or_insert_with(|| version.to_string());
                    }
                }
            }
        } else {
            selection = selection.toggled(here.clone());
            if plain.remove(&*here.key).is_none() {
                plain.insert(here.key.to_string(), here.version.to_string());
            }
        }
        let held: BTreeMap<String, String> = selection
            .records()
            .into_iter()
            .flat_map(Records::iter)
            .map(|one| (one.key.to_string(), one.version.to_string()))
            .collect();
        assert_eq!(held, plain);
        let shown: BTreeSet<&str> = plain.keys().map(String::as_str).collect();
        assert!(
            (0..40)
                .map(|row| format!("k{row}"))
                .all(|key| selection.holds(&key) == shown.contains(key.as_str()))
        );
    }
}

#[test]
fn another_query_leaves_the_records_selected_and_ends_what_meant_the_whole_list() {
    let list = listed("a b c d e");
    let range = Selection::None.extended(Cursor::at(1, 0), Cursor::at(3, 2), &list);
    let kept = range.under_another_query();
    // Its cells are no range of the rows that are shown now.
    assert_eq!((keys(&kept), kept.holds("c"), kept.is_of_cells()), ("b c d".to_owned(), true, false));
    assert_eq!(kept.clone().under_another_query(), kept);
    assert_eq!(Selection::all(Some(5)).under_another_query(), Selection::None);
    assert_eq!(Selection::None.under_another_query(), Selection::None);
}

#[test]
fn records_are_taken_out_of_a_selection_which_ends_with_the_last_one() {
    let list = listed("a b c d e");
    let range = Selection::None.extended(Cursor::at(0, 1), Cursor::at(2, 1), &list);
    let two = range.clone().with_only(|key| key != "b");
    assert_eq!((keys(&two), two.cells_of("a")), ("a c".to_owned(), Some(&(1..=1))));
    assert_eq!(range.under_another_query().with_only(|_| false), Selection::None);
    assert_eq!(Selection::all(Some(5)).with_only(|_| false), Selection::all(Some(5)));
}
