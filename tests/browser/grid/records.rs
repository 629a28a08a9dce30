//! Selection and cursor mean records, whatever becomes of the rows.

use grid_model::Selection;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::list::TestList;
use super::mounted::{Mounted, click, press};
use crate::browser_tests::waiting::{frame, until};

/// Others come in above: every record stands so many rows lower once the list is read again.
async fn push_down(grid: &Mounted, by: usize) {
    grid.list.shift.set(by);
    grid.list.rows.set(grid.list.rows.get() + by);
    grid.list.cache.borrow_mut().refresh();
    grid.list.changed();
    let first = format!("E-{}", 0_usize.wrapping_sub(by));
    until("the rows are read again", || grid.text(0, 0) == first).await;
}

async fn until_selected(grid: &Mounted, row: usize, is: bool) {
    let wanted = if is { "true" } else { "false" };
    until(&format!("row {row} is selected: {wanted}"), || {
        grid.row(row).and_then(|row| row.get_attribute("aria-selected")).as_deref() == Some(wanted)
    })
    .await;
}

#[wasm_bindgen_test]
async fn selected_records_stay_selected_where_rows_come_in_above() {
    let grid = Mounted::with(TestList::of(500)).await;
    grid.root().focus().unwrap();
    press("ArrowDown");
    press("ArrowDown");
    press("Space");
    press("ArrowDown");
    press("Space");
    assert_eq!(grid.selected(), ["k2", "k3"]);
    push_down(&grid, 4).await;
    until_selected(&grid, 6, true).await;
    until_selected(&grid, 7, true).await;
    until_selected(&grid, 2, false).await;
    assert_eq!(
        (grid.text(6, 0), grid.selected()),
        ("E-2".to_owned(), vec!["k2".to_owned(), "k3".to_owned()])
    );
}

#[wasm_bindgen_test]
async fn the_cursor_goes_with_its_record_and_holds_none_where_it_has_left() {
    let grid = Mounted::with(TestList::of(500)).await;
    click(&grid.cell(5, 1).unwrap(), false);
    until("the record is held", || grid.held().as_deref() == Some("k5")).await;
    push_down(&grid, 3).await;
    grid.until_active(Some(8), 1).await;
    assert_eq!(grid.held().as_deref(), Some("k5"));
    // The record leaves the list: what stands in its place was chosen by nobody.
    grid.list.rows.set(5);
    grid.list.cache.borrow_mut().refresh();
    grid.list.changed();
    until("no record is held", || grid.held().is_none()).await;
    // Where it comes back it is held again.
    grid.list.rows.set(503);
    grid.list.cache.borrow_mut().refresh();
    grid.list.changed();
    until("the record is held again", || grid.held().as_deref() == Some("k5")).await;
}

#[wasm_bindgen_test]
async fn another_question_holds_nothing_until_the_person_puts_the_cursor_somewhere() {
    let grid = Mounted::with(TestList::of(500)).await;
    click(&grid.cell(5, 1).unwrap(), false);
    until("the record is held", || grid.held().as_deref() == Some("k5")).await;
    grid.root().blur().unwrap();
    grid.query.set(1);
    until("nothing is held", || grid.held().is_none()).await;
    until("no cell looks active", || grid.active().is_none()).await;
    // Coming to the grid shows where the keyboard is, and chooses nothing.
    grid.root().focus().unwrap();
    grid.until_active(Some(5), 1).await;
    assert_eq!(grid.held(), None);
    press("ArrowDown");
    until("the record is held", || grid.held().as_deref() == Some("k6")).await;
}

#[wasm_bindgen_test]
async fn where_a_question_takes_the_active_row_away_the_nearest_one_left_is_active_and_held_by_nobody() {
    let grid = Mounted::with(TestList::of(500)).await;
    let shows_only = |first: usize, rows: usize| {
        grid.list.shift.set(0_usize.wrapping_sub(first));
        grid.list.rows.set(rows);
        grid.list.cache.borrow_mut().restart();
        grid.query.update(|query| *query += 1);
        grid.list.changed();
    };
    click(&grid.cell(5, 1).unwrap(), false);
    until("the record is held", || grid.held().as_deref() == Some("k5")).await;
    grid.root().focus().unwrap();
    // The rows below it are left, then those above, then it comes back.
    for (first, rows, row) in [(8, 100, 0), (0, 4, 3), (2, 300, 3)] {
        shows_only(first, rows);
        let text = format!("E-{first}");
        until("the rows are here", || grid.text(0, 0) == text).await;
        grid.until_active(Some(row), 1).await;
        assert_eq!(grid.held(), None);
    }
    press("ArrowUp");
    until("the record is held", || grid.held().as_deref() == Some("k4")).await;
}

#[wasm_bindgen_test]
async fn another_question_leaves_selected_records_selected_and_ends_a_selection_of_everything() {
    let grid = Mounted::with(TestList::of(500)).await;
    grid.root().focus().unwrap();
    press("Shift+ArrowDown");
    press("Shift+ArrowDown");
    grid.query.set(1);
    until_selected(&grid, 2, true).await;
    assert_eq!(grid.selected(), ["k0", "k1", "k2"]);
    press("Ctrl+a");
    until("all are selected", || grid.spoken().starts_with("All rows selected.")).await;
    grid.query.set(2);
    until("nothing is selected", || grid.selection.with_untracked(Selection::is_none)).await;
    assert_eq!(grid.spoken(), "");
}

#[wasm_bindgen_test]
async fn a_press_elsewhere_ends_a_selection_of_rows_and_of_all() {
    let grid = Mounted::with(TestList::of(500)).await;
    grid.root().focus().unwrap();
    press("Ctrl+a");
    assert_eq!(grid.selection.get_untracked(), Selection::all(Some(500)));
    click(&grid.cell(3, 0).unwrap(), false);
    assert!(grid.selection.get_untracked().is_none());
    press("Space");
    assert_eq!(grid.selected(), ["k3"]);
    click(&grid.cell(7, 0).unwrap(), false);
    assert!(grid.selection.get_untracked().is_none());
}

#[wasm_bindgen_test]
async fn what_is_pressed_is_what_is_on_the_screen_and_not_what_has_come_since() {
    let grid = Mounted::with(TestList::of(500)).await;
    // The list has moved, and the frame that shows it has not been painted yet.
    grid.list.shift.set(2);
    grid.list.holds.set(true);
    grid.list.cache.borrow_mut().refresh();
    grid.list.changed();
    until("the rows are asked for again", || !grid.list.asked.borrow().is_empty()).await;
    let cell = grid.cell(4, 0).unwrap();
    assert_eq!(cell.text_content().as_deref(), Some("E-4"));
    grid.list.answer_all();
    click(&cell, false);
    assert_eq!(grid.held().as_deref(), Some("k4"), "the person pressed E-4");
    frame().await;
    grid.until_active(Some(6), 0).await;
}

#[wasm_bindgen_test]
async fn a_range_takes_in_rows_that_arrive_late_and_says_what_it_leaves_out() {
    let list = TestList::of(500);
    let grid = Mounted::with(list).await;
    grid.root().focus().unwrap();
    grid.list.holds.set(true);
    press("ArrowDown");
    press("Shift+PageDown");
    for _ in 0..8 {
        press("Shift+PageDown");
    }
    let left_out =
        || grid.selection.with_untracked(|selection| selection.records().map(grid_model::Records::left_out));
    let (first, missing) = (grid.selected().len(), left_out());
    assert!(missing > Some(0), "{first} {missing:?}");
    for _ in 0..20 {
        frame().await;
        grid.list.answer_all();
    }
    until("nothing in sight is left out", || left_out() < missing).await;
    assert!(grid.selected().len() > first);
}
