use grid_model::{Selection, SortKey};
use leptos::prelude::*;
use usage_desk::grid_view::GridCommand;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::list::{CURRENCY, KIND, QUANTITY, TestList};
use super::mounted::{Mounted, click, mouse, point};
use crate::waiting::until;

#[wasm_bindgen_test]
async fn a_press_makes_a_cell_active_and_shift_selects_up_to_it() {
    let grid = Mounted::with(TestList::of(100)).await;
    click(&grid.cell(2, 1).unwrap(), false);
    grid.until_active(Some(2), 1).await;
    click(&grid.cell(4, 3).unwrap(), true);
    assert_eq!(grid.selection.get_untracked(), Selection::Cells { anchor: (2, 1), focus: (4, 3) });
    until("nine cells are selected", || grid.count(".grid-cell[aria-selected=true]") == 9).await;
    click(&grid.cell(0, 0).unwrap(), false);
    assert_eq!(grid.selection.get_untracked(), Selection::None);
}

#[wasm_bindgen_test]
async fn a_drag_selects_a_range() {
    let grid = Mounted::with(TestList::of(100)).await;
    point("pointerdown", &grid.cell(1, 1).unwrap(), 0, false);
    point("pointermove", &grid.cell(3, 2).unwrap(), 0, false);
    point("pointerup", &grid.cell(3, 2).unwrap(), 0, false);
    assert_eq!(grid.selection.get_untracked(), Selection::Cells { anchor: (1, 1), focus: (3, 2) });
    point("pointermove", &grid.cell(8, 3).unwrap(), 0, false);
    assert_eq!(
        grid.selection.get_untracked(),
        Selection::Cells { anchor: (1, 1), focus: (3, 2) },
        "the drag is over"
    );
}

#[wasm_bindgen_test]
async fn a_pressed_cell_does_not_move_from_under_the_pointer() {
    let grid = Mounted::with(TestList::of(100)).await;
    let column = 5;
    assert!(grid.cell(0, column).unwrap().get_bounding_client_rect().right() > 1_200.0, "it is cut off");
    click(&grid.cell(0, column).unwrap(), false);
    grid.until_active(Some(0), column).await;
    assert_eq!(grid.root().scroll_left(), 0);
}

#[wasm_bindgen_test]
async fn a_double_click_edits_or_opens() {
    let grid = Mounted::with(TestList::of(100)).await;
    mouse("dblclick", &grid.cell(5, 0).unwrap(), false);
    assert!(grid.heard().contains(&GridCommand::Open { row: 5 }));
    mouse("dblclick", &grid.cell(5, KIND).unwrap(), false);
    assert_eq!(grid.opened_field().await.value(), "Größe 📦");
}

#[wasm_bindgen_test]
async fn a_header_click_sorts() {
    let grid = Mounted::with(TestList::of(100)).await;
    click(&grid.head(QUANTITY), false);
    click(&grid.head(1), true);
    click(&grid.head(QUANTITY), true);
    assert_eq!(grid.sort.get_untracked(), [SortKey::descending("quantity"), SortKey::ascending("status")]);
    until("the arrows stand", || {
        grid.head(QUANTITY).get_attribute("aria-sort").as_deref() == Some("descending")
    })
    .await;
    grid.heard();
    click(&grid.head(KIND), false);
    assert!(!grid.heard().iter().any(|command| matches!(command, GridCommand::Sort { .. })));
}

#[wasm_bindgen_test]
async fn a_column_is_dragged_no_narrower_than_it_may_be() {
    let grid = Mounted::with(TestList::of(100)).await;
    let handle: HtmlElement =
        grid.head(CURRENCY).query_selector(".grid-resize").unwrap().unwrap().unchecked_into();
    point("pointerdown", &handle, 0, false);
    point("pointermove", &handle, 40, false);
    assert_eq!(grid.cell(0, CURRENCY).unwrap().offset_width(), 120, "seen while dragging");
    assert!(!grid.heard().iter().any(|command| matches!(command, GridCommand::ResizeColumn { .. })));
    // The handle has moved along by 40, so this is 460 to the left of where the drag began.
    point("pointermove", &handle, -500, false);
    assert_eq!(grid.cell(0, CURRENCY).unwrap().offset_width(), 60);
    point("pointerup", &handle, -500, false);
    assert!(grid.heard().contains(&GridCommand::ResizeColumn { column: CURRENCY, width: 60 }));
    mouse("click", &handle, false);
    assert!(grid.heard().is_empty(), "letting go of the handle is no press of the header");
}
