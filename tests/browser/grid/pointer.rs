use crate::ui::grid::GridCommand;
use grid_model::{Selection, SortKey};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, MouseEvent, MouseEventInit, PointerEvent, PointerEventInit};

use super::list::{CURRENCY, KIND, QUANTITY, TestList};
use super::mounted::{Mounted, click, mouse, point, press};
use crate::browser_tests::waiting::until;

fn keys(rows: std::ops::Range<usize>) -> Vec<String> {
    rows.map(|row| format!("k{row}")).collect()
}

#[wasm_bindgen_test]
async fn a_press_makes_a_cell_active_and_shift_selects_up_to_it() {
    let grid = Mounted::with(TestList::of(100)).await;
    click(&grid.cell(2, 1).unwrap(), false);
    grid.until_active(Some(2), 1).await;
    click(&grid.cell(4, 3).unwrap(), true);
    assert_eq!((grid.selected(), grid.columns_selected()), (keys(2..5), Some(1..=3)));
    until("nine cells are selected", || grid.count(".grid-cell[aria-selected=true]") == 9).await;
    click(&grid.cell(0, 0).unwrap(), false);
    assert_eq!(grid.selection.get_untracked(), Selection::None);
}

fn press_with_ctrl(element: &HtmlElement) {
    let init = PointerEventInit::new();
    init.set_bubbles(true);
    init.set_ctrl_key(true);
    element.dispatch_event(&PointerEvent::new_with_event_init_dict("pointerdown", &init).unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn the_row_that_was_pressed_belongs_to_the_selection_that_ctrl_begins() {
    let grid = Mounted::with(TestList::of(100)).await;
    let cell = |row: usize| grid.cell(row, 1).unwrap();
    press_with_ctrl(&cell(1));
    assert_eq!(grid.selected(), keys(1..2), "nobody pressed the first row");
    click(&cell(2), false);
    press_with_ctrl(&cell(3));
    press_with_ctrl(&cell(4));
    assert_eq!(grid.selected(), keys(2..5));
    for row in 2..5 {
        press_with_ctrl(&cell(row));
    }
    press_with_ctrl(&cell(6));
    assert_eq!(grid.selected(), keys(6..7), "what was taken out does not come back");
    click(&cell(7), false);
    press_with_ctrl(&cell(7));
    assert_eq!(grid.selected(), keys(7..8), "the row itself is taken in once");
    click(&cell(7), false);
    grid.root().focus().unwrap();
    press("ArrowDown");
    press_with_ctrl(&cell(9));
    assert_eq!(grid.selected(), keys(9..10), "the keyboard has gone on from what was pressed");
}

#[wasm_bindgen_test]
async fn a_drag_selects_a_range() {
    let grid = Mounted::with(TestList::of(100)).await;
    point("pointerdown", &grid.cell(1, 1).unwrap(), 0, false);
    point("pointermove", &grid.cell(3, 2).unwrap(), 0, false);
    point("pointerup", &grid.cell(3, 2).unwrap(), 0, false);
    assert_eq!((grid.selected(), grid.columns_selected()), (keys(1..4), Some(1..=2)));
    point("pointermove", &grid.cell(8, 3).unwrap(), 0, false);
    assert_eq!((grid.selected(), grid.columns_selected()), (keys(1..4), Some(1..=2)), "the drag is over");
    // A press with Ctrl adds its row to those of the range.
    press_with_ctrl(&grid.cell(4, 1).unwrap());
    assert_eq!((grid.selected(), grid.columns_selected()), (keys(1..5), None));
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
async fn a_row_keeps_its_element_while_the_grid_gets_another_height() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    grid.scroll_to(1_234).await;
    let rows = grid.count(".grid-layer > [role=row]");
    let shown = (0..1_000).filter(|row| grid.row(*row).is_some());
    let shown: Vec<_> = shown.map(|row| (row, grid.text(row, 0))).collect();
    let (pressed, _) = shown[shown.len() / 2];
    let element = grid.row(pressed);
    grid.set_height(450);
    until("fewer rows are painted", || grid.count(".grid-layer > [role=row]") < rows).await;
    assert_eq!(grid.row(pressed), element);
    grid.set_height(600);
    until("as many rows are painted as before", || grid.count(".grid-layer > [role=row]") == rows).await;
    assert_eq!(grid.row(pressed), element);
    // Each row shows its own texts, whether it stayed or came anew.
    let now: Vec<_> = shown.iter().map(|(row, _)| (*row, grid.text(*row, 0))).collect();
    assert_eq!(now, shown);
}

#[wasm_bindgen_test]
async fn the_row_of_the_cursor_stays_in_sight_while_the_grid_gets_lower() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    grid.scroll_to(1_234).await;
    let is_whole = |row: usize| {
        let (row, body) =
            (grid.row(row).unwrap().get_bounding_client_rect(), grid.root().get_bounding_client_rect());
        row.bottom() <= body.bottom() && row.top() >= body.top()
    };
    let whole: Vec<usize> = (0..1_000).filter(|row| grid.row(*row).is_some() && is_whole(*row)).collect();
    // The lowest one may be cut by a scroll bar.
    let at = whole[whole.len() - 2];
    click(&grid.cell(at, 1).unwrap(), false);
    grid.until_active(Some(at), 1).await;
    grid.set_height(450);
    assert!(!is_whole(at));
    until("the row has moved into what is left", || grid.row(at).is_some() && is_whole(at)).await;
}

#[wasm_bindgen_test]
async fn a_double_click_edits_or_opens() {
    let grid = Mounted::with(TestList::of(100)).await;
    mouse("dblclick", &grid.cell(5, 0).unwrap(), false);
    assert!(grid.heard().contains(&GridCommand::Open { key: "k5".into() }));
    mouse("dblclick", &grid.cell(5, KIND).unwrap(), false);
    assert_eq!(grid.opened_field().await.value(), "Größe 📦");
}

#[wasm_bindgen_test]
async fn the_first_cell_of_a_row_is_a_link_to_its_record() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    let link = |row: usize| -> HtmlElement {
        grid.cell(row, 0).unwrap().query_selector("a").unwrap().unwrap().unchecked_into()
    };
    let address = |row: usize| link(row).get_attribute("href");
    assert_eq!((grid.text(5, 0).as_str(), address(5).as_deref()), ("E-5", Some("#k5")));
    mouse("mousedown", &link(5), false);
    assert!(grid.is_focused(), "the keys of the grid go on");
    grid.scroll_to(20_000).await;
    until("a row further down stands", || grid.text(720, 0) == "E-720").await;
    assert_eq!(address(720).as_deref(), Some("#k720"), "an element leads to the record that it shows");
    grid.list.holds.set(true);
    grid.scroll_to(0).await;
    grid.scroll_to(10_000).await;
    until("a row is loading", || grid.cell(360, 0).is_some() && grid.text(360, 0).is_empty()).await;
    assert_eq!(address(360), None);
}

#[wasm_bindgen_test]
async fn a_press_of_a_link_with_shift_selects_and_with_ctrl_does_nothing_to_the_rows() {
    let grid = Mounted::with(TestList::of(100)).await;
    let link: HtmlElement = grid.cell(4, 0).unwrap().query_selector("a").unwrap().unwrap().unchecked_into();
    click(&grid.cell(2, 1).unwrap(), false);
    click(&link, true);
    assert_eq!(grid.selected(), keys(2..5));
    press_with_ctrl(&link);
    assert_eq!(grid.selected(), keys(2..5));
    let followed = || {
        let init = MouseEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_shift_key(true);
        link.dispatch_event(&MouseEvent::new_with_mouse_event_init_dict("click", &init).unwrap()).unwrap()
    };
    assert!(!followed(), "no window opens where a press selects");
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
