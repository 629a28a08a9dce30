use crate::ui::grid::GridCommand;
use grid_model::Selection;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::list::{KIND, QUANTITY, TestList};
use super::mounted::{Mounted, press};
use crate::browser_tests::waiting::until;

#[wasm_bindgen_test]
async fn keys_walk_the_whole_list_and_the_focus_stays() {
    let grid = Mounted::with(TestList::of(1_000_000)).await;
    grid.root().focus().unwrap();
    grid.until_active(Some(0), 0).await;
    let walk: [(&str, Option<usize>, usize); 9] = [
        ("ArrowDown", Some(1), 0),
        ("ArrowRight", Some(1), 1),
        ("End", Some(1), 5),
        ("Home", Some(1), 0),
        ("Ctrl+End", Some(999_999), 5),
        ("ArrowUp", Some(999_998), 5),
        ("Ctrl+ArrowUp", Some(0), 5),
        ("ArrowUp", None, 5),
        ("ArrowDown", Some(0), 5),
    ];
    for (key, row, column) in walk {
        press(key);
        grid.until_active(row, column).await;
        assert!(row.is_none_or(|row| grid.is_in_sight(row)), "{key}");
        assert!(grid.is_focused(), "{key}");
    }
    let page = usize::try_from(grid.body_height() / 28 - 1).unwrap();
    for turn in 1..=40 {
        press("PageDown");
        grid.until_active(Some(turn * page), 5).await;
        assert!(grid.is_in_sight(turn * page));
    }
}

#[wasm_bindgen_test]
async fn the_focus_survives_scrolling_the_active_cell_away() {
    let grid = Mounted::with(TestList::of(1_000_000)).await;
    grid.root().focus().unwrap();
    press("ArrowDown");
    grid.until_active(Some(1), 0).await;
    grid.scroll_to(9_000_000).await;
    until("no painted cell is active", || grid.active().is_none()).await;
    assert_eq!(grid.root().get_attribute("aria-activedescendant"), None);
    assert!(grid.is_focused());
    press("ArrowDown");
    grid.until_active(Some(2), 0).await;
    assert!(grid.is_in_sight(2));
}

#[wasm_bindgen_test]
async fn a_column_out_of_sight_is_brought_clear_of_the_frozen_one() {
    let grid = Mounted::with(TestList::of(100)).await;
    grid.root().focus().unwrap();
    press("End");
    until("the grid scrolled sideways", || grid.root().scroll_left() > 0).await;
    press("Home");
    press("ArrowRight");
    grid.until_active(Some(0), 1).await;
    let frozen = grid.cell(0, 0).unwrap().get_bounding_client_rect();
    assert!((frozen.left() - grid.root().get_bounding_client_rect().left()).abs() < 0.5);
    assert!(grid.cell(0, 1).unwrap().get_bounding_client_rect().left() >= frozen.right() - 0.5);
}

#[wasm_bindgen_test]
async fn space_and_shift_select() {
    let grid = Mounted::with(TestList::of(1_000_000)).await;
    grid.root().focus().unwrap();
    press("Space");
    press("ArrowDown");
    press("ArrowDown");
    press("Space");
    assert_eq!((grid.selected(), grid.columns_selected()), (vec!["k0".to_owned(), "k2".to_owned()], None));
    until("the row is selected", || {
        grid.row(2).unwrap().get_attribute("aria-selected").as_deref() == Some("true")
    })
    .await;
    assert_eq!(grid.row(1).unwrap().get_attribute("aria-selected").as_deref(), Some("false"));
    press("Escape");
    press("Shift+ArrowDown");
    press("Shift+ArrowRight");
    assert_eq!(
        (grid.selected(), grid.columns_selected()),
        (vec!["k2".to_owned(), "k3".to_owned()], Some(0..=1))
    );
    until("four cells are selected", || grid.count(".grid-cell[aria-selected=true]") == 4).await;
    press("Ctrl+a");
    assert_eq!(grid.selection.get_untracked(), Selection::all(Some(1_000_000)));
    grid.scroll_to(14_000_000).await;
    until("rows far away are selected", || {
        grid.count(".grid-layer > [aria-selected=true]") == grid.count(".grid-layer > [role=row]")
    })
    .await;
}

#[wasm_bindgen_test]
async fn enter_opens_what_cannot_be_edited_and_f2_says_why() {
    let grid = Mounted::with(TestList::of(100)).await;
    grid.root().focus().unwrap();
    press("Enter");
    assert!(grid.heard().contains(&GridCommand::Open { key: "k0".into() }));
    for _ in 0..KIND {
        press("ArrowRight");
    }
    for _ in 0..3 {
        press("ArrowDown");
    }
    press("7");
    until("the reason is said", || grid.spoken().contains("cannot be changed")).await;
    until("the reason is shown", || grid.find(".grid-hint").is_some()).await;
    let (hint, cell) = (grid.find(".grid-hint > p").unwrap(), grid.cell(3, KIND).unwrap());
    until("the hint is beneath its cell", || {
        let (hint, cell) = (hint.get_bounding_client_rect(), cell.get_bounding_client_rect());
        (hint.left() - cell.left()).abs() < 1.0 && hint.top() >= cell.bottom() - 1.0
    })
    .await;
    press("ArrowDown");
    until("the hint is gone", || grid.find(".grid-hint").is_none()).await;
}

#[wasm_bindgen_test]
async fn a_header_is_made_wider_by_key() {
    let grid = Mounted::with(TestList::of(100)).await;
    grid.root().focus().unwrap();
    for _ in 0..QUANTITY {
        press("ArrowRight");
    }
    press("ArrowUp");
    grid.until_active(None, QUANTITY).await;
    press("Shift+ArrowRight");
    until("the column is wider", || grid.cell(0, QUANTITY).unwrap().offset_width() == 146).await;
    assert_eq!(grid.head(QUANTITY).offset_width(), 146);
}

#[wasm_bindgen_test]
async fn another_question_starts_at_the_top_with_nothing_selected() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    grid.root().focus().unwrap();
    press("Ctrl+End");
    press("Space");
    grid.until_active(Some(999), 5).await;
    grid.query.set(1);
    grid.until_active(Some(0), 5).await;
    assert_eq!(grid.root().scroll_top(), 0);
    assert_eq!(grid.selection.get_untracked(), Selection::None);
}
