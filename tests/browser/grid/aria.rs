use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::list::{KIND, NOTE, TestList};
use super::mounted::{Mounted, press};
use crate::browser_tests::waiting::until;

#[wasm_bindgen_test]
async fn counts_and_indices_are_those_of_the_whole_list() {
    let list = TestList::of(1_000_000);
    list.holds.set(true);
    let grid = Mounted::loading(list);
    until("a page is asked for", || !grid.list.asked.borrow().is_empty()).await;
    let attribute = |name: &str| grid.root().get_attribute(name);
    assert_eq!(attribute("aria-rowcount").as_deref(), Some("-1"), "not known yet");
    assert_eq!(attribute("aria-colcount").as_deref(), Some("6"));
    grid.list.holds.set(false);
    grid.list.answer_all();
    until("the count is known", || attribute("aria-rowcount").as_deref() == Some("1000001")).await;
    assert_eq!(
        grid.head(0).closest("[role=row]").unwrap().unwrap().get_attribute("aria-rowindex").as_deref(),
        Some("1")
    );
    grid.scroll_to(i32::MAX).await;
    until("the last row stands", || grid.text(999_999, 0) == "E-999999").await;
    let cell = grid.cell(999_999, NOTE).unwrap();
    assert_eq!(cell.get_attribute("role").as_deref(), Some("gridcell"));
    assert_eq!(cell.get_attribute("aria-readonly").as_deref(), Some("true"));
    assert_eq!(grid.cell(999_999, KIND).unwrap().get_attribute("aria-readonly"), None);
}

#[wasm_bindgen_test]
async fn the_grid_is_one_tab_stop() {
    let grid = Mounted::with(TestList::of(100)).await;
    assert_eq!(grid.count("[tabindex='0']"), 1);
    assert_eq!(grid.count("a[href]:not([tabindex='-1']), button:not([tabindex='-1']), input, select"), 0);
}

#[wasm_bindgen_test]
async fn the_order_is_on_the_headers() {
    let grid = Mounted::with(TestList::of(100)).await;
    let sorted = |column: usize| grid.head(column).get_attribute("aria-sort");
    assert_eq!((sorted(0).as_deref(), sorted(KIND)), (Some("none"), None));
    grid.root().focus().unwrap();
    press("ArrowUp");
    press("Enter");
    until("the header is sorted", || sorted(0).as_deref() == Some("ascending")).await;
    press("ArrowRight");
    press("Shift+Enter");
    until("two headers are sorted", || sorted(1).as_deref() == Some("ascending")).await;
    assert_eq!(sorted(0).as_deref(), Some("ascending"));
    assert_eq!(grid.sort.with_untracked(Vec::len), 2);
}
