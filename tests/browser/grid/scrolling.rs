use crate::ui::grid::Density;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::list::{NOTE, TestList};
use super::mounted::{Mounted, press};
use crate::browser_tests::waiting::{frame, until};

#[wasm_bindgen_test]
async fn a_million_rows_are_a_few_elements() {
    let grid = Mounted::with(TestList::of(1_000_000)).await;
    let in_sight = u32::try_from(grid.body_height() / 28).unwrap();
    let rows = grid.count(".grid-layer > [role=row]");
    assert!(rows >= in_sight && rows <= in_sight + 16, "{rows} rows for {in_sight} in sight");
    for top in [100, 5_000, 3_000_000, 14_000_000, 0] {
        grid.scroll_to(top).await;
        assert_eq!(grid.count(".grid-layer > [role=row]"), rows, "at {top}");
    }
}

#[wasm_bindgen_test]
async fn a_row_element_is_rewritten_for_another_row() {
    let grid = Mounted::with(TestList::of(1_000_000)).await;
    let rows = grid.count(".grid-layer > [role=row]");
    for place in 0..usize::try_from(rows).unwrap() {
        if let Some(row) = grid.row(place) {
            row.set_attribute("data-known", "").unwrap();
        }
    }
    for top in [280, 5_600, 3_000_000, 0] {
        grid.scroll_to(top).await;
        assert_eq!(grid.count(".grid-layer > [role=row]:not([data-known])"), 0, "a new element at {top}");
    }
}

#[wasm_bindgen_test]
async fn markup_in_a_value_is_text() {
    let list = TestList::of(10);
    let markup = "<b>E</b><img src=x>";
    list.edits.borrow_mut().insert(("k0".to_owned(), NOTE), markup.to_owned());
    let grid = Mounted::with(list).await;
    until("the text stands", || grid.text(0, NOTE) == markup).await;
    assert_eq!(grid.count("[role=gridcell] b, [role=gridcell] img"), 0);
}

#[wasm_bindgen_test]
async fn the_end_of_the_scrollbar_is_the_last_row() {
    let grid = Mounted::with(TestList::of(1_000_000)).await;
    grid.scroll_to(i32::MAX).await;
    until("the last row is in sight", || grid.is_in_sight(999_999)).await;
    until("it is shown", || grid.text(999_999, 0) == "E-999999").await;
    grid.scroll_to(0).await;
    until("the first row is in sight", || grid.is_in_sight(0)).await;
    assert_eq!(grid.text(0, 0), "E-0");
}

#[wasm_bindgen_test]
async fn above_the_element_limit_the_middle_of_the_scrollbar_is_the_middle_of_the_list() {
    let grid = Mounted::with(TestList::of(1_000_000)).await;
    let element = grid.find(".grid-body").unwrap().offset_height();
    assert!(element < 16_000_000, "{element}");
    grid.scroll_to(element / 2 - grid.body_height() / 2).await;
    until("the middle row is in sight", || grid.is_in_sight(500_000)).await;
    until("it is shown", || grid.text(500_000, 0) == "E-500000").await;
}

/// The page at a zoom, which takes from how tall an element may be as a finer screen does.
struct Zoomed(HtmlElement);

impl Zoomed {
    fn to(zoom: &str) -> Self {
        let body = web_sys::window().unwrap().document().unwrap().body().unwrap();
        body.style().set_property("zoom", zoom).unwrap();
        Self(body)
    }
}

impl Drop for Zoomed {
    fn drop(&mut self) {
        self.0.style().remove_property("zoom").unwrap();
    }
}

#[wasm_bindgen_test]
async fn the_last_of_a_million_rows_is_reached_however_fine_the_screen() {
    for zoom in ["1", "2", "2.5", "3"] {
        let _zoomed = Zoomed::to(zoom);
        let grid = Mounted::with(TestList::of(1_000_000)).await;
        let ends_in_sight = |row: usize| {
            let (Some(row), root) = (grid.row(row), grid.root()) else { return false };
            let (row, root) = (row.get_bounding_client_rect(), root.get_bounding_client_rect());
            row.top() >= root.top() && row.bottom() <= root.bottom() + 1.0
        };
        grid.scroll_to(i32::MAX).await;
        until(&format!("the last row is in sight at {zoom}"), || ends_in_sight(999_999)).await;
        until("it is shown", || grid.text(999_999, 0) == "E-999999").await;
        grid.root().focus().unwrap();
        press("Ctrl+Home");
        until(&format!("the first row is in sight at {zoom}"), || ends_in_sight(0)).await;
        press("Ctrl+End");
        until(&format!("the keys lead to the last row at {zoom}"), || ends_in_sight(999_999)).await;
    }
}

#[wasm_bindgen_test]
async fn after_a_jump_the_rows_in_sight_come_first_and_those_around_them_next() {
    let grid = Mounted::with(TestList::of(100_000)).await;
    grid.scroll_to(50_000 * 28).await;
    until("the rows around are there", || grid.text(49_996, 0) == "E-49996").await;
    grid.scroll_to(0).await;
    until("the rows around are there", || grid.text(25, 0) == "E-25").await;
    frame().await;
    let before = grid.list.cells_read.get();
    grid.root().set_scroll_top(50_000 * 28);
    // The first of these frames paints after this test has looked, the second before the grid paints again.
    frame().await;
    frame().await;
    let in_sight = usize::try_from(grid.body_height() / 28).unwrap() + 1;
    assert_eq!(grid.list.cells_read.get() - before, in_sight * 6);
    assert_eq!(grid.text(50_000, 0), "E-50000");
    until("the rows around are there", || grid.text(49_996, 0) == "E-49996").await;
}

#[wasm_bindgen_test]
async fn a_short_scroll_reads_only_the_rows_that_came_into_sight() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    grid.scroll_to(2_800).await;
    until("the rows are there", || grid.text(100, 0) == "E-100").await;
    grid.scroll_to(2_800).await;
    let before = grid.list.cells_read.get();
    grid.scroll_to(2_800 + 3 * 28).await;
    let read = grid.list.cells_read.get() - before;
    assert_eq!(read, 3 * 6, "three rows of six cells");
}

#[wasm_bindgen_test]
async fn rows_are_as_tall_as_the_density_says() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    assert_eq!(grid.row(0).unwrap().offset_height(), 28);
    grid.scroll_to(2_800).await;
    until("row 100 is on top", || grid.is_in_sight(100) && !grid.is_in_sight(99)).await;
    leptos::prelude::Set::set(&grid.density, Density::Comfortable);
    until("rows are taller", || grid.row(100).is_some_and(|row| row.offset_height() == 36)).await;
    until("row 100 stays on top", || grid.is_in_sight(100) && !grid.is_in_sight(99)).await;
}
