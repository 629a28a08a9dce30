use crate::ui::grid::GridCommand;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::list::TestList;
use super::mounted::{Mounted, click, press};
use crate::browser_tests::waiting::{frame, until};

#[wasm_bindgen_test]
async fn rows_stand_as_skeletons_until_their_data_arrives() {
    let list = TestList::of(1_000);
    list.holds.set(true);
    let grid = Mounted::loading(list);
    until("skeletons stand", || grid.count("[data-state=loading]") > 10).await;
    assert_eq!(grid.count(".grid-layer > [role=row]"), grid.count("[data-state=loading]"));
    let height = grid.row(0).unwrap().offset_height();
    assert_eq!(grid.list.asked.borrow().len(), 1);
    grid.list.answer_all();
    until("the first row stands", || grid.text(0, 0) == "E-0").await;
    assert_eq!(grid.row(0).unwrap().offset_height(), height, "in the same geometry");
    grid.scroll_to(20_000).await;
    until("what is not here stands as skeletons", || grid.count("[data-state=loading]") > 10).await;
    assert_eq!(grid.text(714, 0), "");
    until("they are asked for", || !grid.list.asked.borrow().is_empty()).await;
    grid.list.answer_all();
    until("it arrived", || grid.text(720, 0) == "E-720").await;
    assert_eq!(grid.count("[data-state=loading]"), 0);
}

#[wasm_bindgen_test]
async fn an_answer_to_an_older_question_is_never_shown() {
    let list = TestList::of(1_000);
    list.holds.set(true);
    let grid = Mounted::loading(list);
    until("a page is asked for", || grid.list.asked.borrow().len() == 1).await;
    let old = grid.list.asked.take();
    grid.list.cache.borrow_mut().restart();
    grid.list.changed();
    grid.query.set(1);
    until("the new page is asked for", || grid.list.asked.borrow().len() == 1).await;
    assert!(!grid.list.answer(old[0]));
    for _ in 0..3 {
        frame().await;
        assert_eq!(grid.text(0, 0), "");
    }
    grid.list.shift.set(usize::MAX - 6);
    grid.list.answer_all();
    until("the new answer is shown", || grid.text(0, 0) == "E-7").await;
}

#[wasm_bindgen_test]
async fn a_list_dragged_past_is_asked_for_only_where_it_comes_to_rest() {
    let grid = Mounted::with(TestList::of(1_000_000)).await;
    grid.list.holds.set(true);
    for turn in 1..=20 {
        grid.root().set_scroll_top(turn * 100_000);
        frame().await;
    }
    until("the last place is asked for", || !grid.list.asked.borrow().is_empty()).await;
    let first = grid.list.asked.borrow().iter().map(|asked| asked.offset).min();
    let rest = grid.row(80_000).is_none() && first.is_some_and(|offset| offset > 80_000);
    assert!(rest, "{first:?}");
    grid.list.answer_all();
    until("rows stand where it came to rest", || grid.count("[data-state=loading]") == 0).await;
}

#[wasm_bindgen_test]
async fn a_failed_window_says_so_once_and_can_be_tried_again() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    grid.list.holds.set(true);
    grid.scroll_to(14_000).await;
    until("pages are asked for", || !grid.list.asked.borrow().is_empty()).await;
    grid.list.fail_all();
    until("rows failed", || grid.count("[data-state=failed]") > 10).await;
    assert_eq!(grid.count(".grid-notice"), 1);
    assert!(grid.find(".grid-notice").unwrap().text_content().unwrap().contains("The server is busy."));
    grid.list.holds.set(false);
    grid.heard();
    click(&grid.find(".grid-retry").unwrap(), false);
    assert!(grid.heard().iter().any(|command| matches!(command, GridCommand::Retry { .. })));
    until("the rows are here", || grid.text(505, 0) == "E-505").await;
    assert_eq!(grid.count("[data-state=failed]") + grid.count(".grid-notice"), 0);
}

#[wasm_bindgen_test]
async fn a_failed_row_is_tried_again_by_key() {
    let list = TestList::of(1_000);
    list.holds.set(true);
    let grid = Mounted::loading(list);
    until("a page is asked for", || !grid.list.asked.borrow().is_empty()).await;
    grid.list.fail_all();
    until("rows failed", || grid.count("[data-state=failed]") > 10).await;
    grid.root().focus().unwrap();
    press("ArrowDown");
    until("the failure is said", || grid.spoken().contains("Press Enter")).await;
    grid.list.holds.set(false);
    press("Enter");
    until("the rows are here", || grid.text(1, 0) == "E-1").await;
}

#[wasm_bindgen_test]
async fn a_list_may_shrink_and_be_empty() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    grid.root().focus().unwrap();
    press("Ctrl+End");
    grid.until_active(Some(999), 5).await;
    grid.list.rows.set(5);
    grid.list.cache.borrow_mut().restart();
    grid.list.changed();
    until("five rows stand", || grid.root().get_attribute("aria-rowcount").as_deref() == Some("6")).await;
    until("the first is in sight", || grid.is_in_sight(0) && grid.text(4, 0) == "E-4").await;
    assert_eq!(grid.count(".grid-layer > [role=row]"), 5);
    grid.list.rows.set(0);
    grid.list.cache.borrow_mut().restart();
    grid.list.changed();
    until("no row stands", || grid.root().get_attribute("aria-rowcount").as_deref() == Some("1")).await;
    assert_eq!(grid.count(".grid-layer > [role=row]"), 0);
    press("ArrowDown");
    grid.until_active(None, 5).await;
}
