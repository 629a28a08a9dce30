use std::rc::Rc;

use crate::ui::grid::GridCommand;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlSelectElement;

use super::list::{CURRENCY, KIND, QUANTITY, TestList};
use super::mounted::{Mounted, click, focused, press, type_into};
use crate::browser_tests::waiting::{frame, until};

async fn at_quantity(rows: usize) -> Mounted {
    let grid = Mounted::with(TestList::of(rows)).await;
    grid.root().focus().unwrap();
    for _ in 0..QUANTITY {
        press("ArrowRight");
    }
    grid.until_active(Some(0), QUANTITY).await;
    grid.heard();
    grid
}

fn commits(grid: &Mounted) -> Vec<GridCommand> {
    let mut heard = grid.heard();
    heard.retain(|command| matches!(command, GridCommand::Commit { .. }));
    heard
}

fn commit(row: usize, column: usize, text: &str) -> GridCommand {
    GridCommand::Commit { row: Some(row), key: format!("k{row}").into(), column, text: text.to_owned() }
}

#[wasm_bindgen_test]
async fn f2_edits_enter_commits_and_goes_down() {
    let grid = at_quantity(100).await;
    press("F2");
    let field = grid.opened_field().await;
    assert_eq!(field.value(), "0.25");
    let (shown, cell) = (field.get_bounding_client_rect(), grid.cell(0, QUANTITY).unwrap());
    let cell = cell.get_bounding_client_rect();
    assert_eq!((shown.left(), shown.top(), shown.width()), (cell.left(), cell.top(), cell.width()));
    type_into(&field, "12.5");
    press("Enter");
    assert_eq!(commits(&grid), [commit(0, QUANTITY, "12.5")]);
    frame().await;
    assert_eq!(grid.text(0, QUANTITY), "12.5", "the pending value stands in the same frame");
    assert_eq!(grid.cell(0, QUANTITY).unwrap().get_attribute("data-mark").as_deref(), Some("waiting"));
    assert!(!grid.cell(0, QUANTITY).unwrap().title().is_empty(), "and in words");
    grid.until_active(Some(1), QUANTITY).await;
    grid.until_closed().await;
    assert!(grid.is_focused());
}

#[wasm_bindgen_test]
async fn typing_replaces_and_tab_goes_right() {
    let grid = at_quantity(100).await;
    press("7");
    let field = grid.opened_field().await;
    assert_eq!(field.value(), "7");
    press("Tab");
    assert_eq!(commits(&grid), [commit(0, QUANTITY, "7")]);
    grid.until_active(Some(0), QUANTITY + 1).await;
    press("Home");
    press("ArrowRight");
    press("ArrowRight");
    press("x");
    grid.opened_field().await;
    press("Shift+Tab");
    assert_eq!(commits(&grid), [commit(0, KIND, "x")]);
    grid.until_active(Some(0), KIND - 1).await;
}

#[wasm_bindgen_test]
async fn escape_restores_and_an_unchanged_text_is_no_commit() {
    let grid = at_quantity(100).await;
    press("7");
    grid.opened_field().await;
    press("Escape");
    grid.until_closed().await;
    assert_eq!((grid.text(0, QUANTITY).as_str(), grid.is_focused()), ("0.25", true));
    press("F2");
    grid.opened_field().await;
    press("Enter");
    grid.until_active(Some(1), QUANTITY).await;
    assert_eq!(commits(&grid), []);
}

#[wasm_bindgen_test]
async fn what_is_wrong_is_said_beneath_the_field_and_stays_open() {
    let grid = at_quantity(100).await;
    press("F2");
    let field = grid.opened_field().await;
    type_into(&field, "twelve");
    let error = || grid.find(".grid-field-error").unwrap().text_content().unwrap_or_default();
    until("the message is shown", || error().contains("12.5")).await;
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    press("Enter");
    frame().await;
    assert_eq!((commits(&grid).len(), field.value()), (0, "twelve".to_owned()));
    click(&grid.cell(5, 1).unwrap(), false);
    frame().await;
    assert_eq!(grid.opened_field().await.value(), "twelve", "nor does pressing elsewhere lose it");
    type_into(&field, "12");
    until("the message is gone", || error().is_empty()).await;
    click(&grid.cell(5, 1).unwrap(), false);
    assert_eq!(commits(&grid), [commit(0, QUANTITY, "12")]);
    grid.until_active(Some(5), 1).await;
}

#[wasm_bindgen_test]
async fn the_field_stays_with_its_record_through_scrolling_and_refreshing() {
    let grid = at_quantity(1_000_000).await;
    press("ArrowDown");
    press("ArrowDown");
    press("F2");
    let field = grid.opened_field().await;
    type_into(&field, "99");
    grid.scroll_to(9_000_000).await;
    until("other rows stand", || grid.row(2).is_none()).await;
    assert_eq!((focused(), field.value()), (Some(field.clone().into()), "99".to_owned()));
    grid.scroll_to(0).await;
    // Five rows were inserted above, and everything is fetched anew.
    grid.list.shift.set(5);
    grid.list.cache.borrow_mut().refresh();
    grid.list.changed();
    until("the record has moved down", || grid.text(7, 0) == "E-2").await;
    until("the field went with it", || {
        let cell = grid.cell(7, QUANTITY).unwrap().get_bounding_client_rect();
        (cell.top() - field.get_bounding_client_rect().top()).abs() < 0.5
    })
    .await;
    assert_eq!((focused(), field.value()), (Some(field.clone().into()), "99".to_owned()));
    press("Enter");
    let expected =
        GridCommand::Commit { row: Some(7), key: "k2".into(), column: QUANTITY, text: "99".to_owned() };
    assert_eq!(commits(&grid), [expected]);
}

#[wasm_bindgen_test]
async fn typing_brings_a_field_that_was_scrolled_away_back_into_sight() {
    let grid = at_quantity(1_000_000).await;
    press("F2");
    let field = grid.opened_field().await;
    grid.scroll_to(9_000_000).await;
    until("other rows stand", || grid.row(0).is_none()).await;
    type_into(&field, "1");
    until("the row is back", || grid.is_in_sight(0)).await;
    assert_eq!(grid.field().unwrap().value(), "1");
}

#[wasm_bindgen_test]
async fn a_record_that_left_the_list_can_still_be_committed() {
    let grid = at_quantity(100).await;
    press("8");
    let field = grid.opened_field().await;
    grid.list.shift.set(usize::MAX / 2);
    grid.list.cache.borrow_mut().refresh();
    grid.list.changed();
    until("other records stand", || grid.text(0, 0) != "E-0").await;
    assert_eq!(field.value(), "8");
    press("Enter");
    let expected =
        GridCommand::Commit { row: None, key: "k0".into(), column: QUANTITY, text: "8".to_owned() };
    assert_eq!(commits(&grid), [expected]);
}

#[wasm_bindgen_test]
async fn a_choice_begins_with_the_letter_typed() {
    let grid = at_quantity(100).await;
    press("ArrowRight");
    press("u");
    let select =
        || grid.find(".grid-field select").map(|select| select.unchecked_into::<HtmlSelectElement>());
    until("the choice is open", || select().is_some_and(|select| focused().is_some_and(|e| e == **select)))
        .await;
    assert_eq!(select().unwrap().value(), "USD");
    press("Enter");
    assert_eq!(commits(&grid), [commit(0, CURRENCY, "USD")]);
}

#[wasm_bindgen_test]
async fn a_hidden_column_keeps_what_was_typed() {
    let grid = at_quantity(100).await;
    press("8");
    let field = grid.opened_field().await;
    let all = grid.columns.get_untracked();
    grid.columns.set(all.iter().filter(|column| column.id != "quantity").cloned().collect());
    until("the column is gone", || grid.count(".grid-head") == 5).await;
    press("Enter");
    until("it says why", || grid.spoken().contains("hidden")).await;
    assert_eq!((commits(&grid).len(), field.value()), (0, "8".to_owned()));
    grid.columns.set(all);
    until("the column is back", || grid.count(".grid-head") == 6).await;
    press("Enter");
    assert_eq!(commits(&grid), [commit(0, QUANTITY, "8")]);
}

fn is_half_typed(grid: &Mounted) -> bool {
    grid.find("[data-half-typed]").is_some()
}

#[wasm_bindgen_test]
async fn a_field_is_marked_as_long_as_it_holds_what_is_not_saved() {
    let grid = at_quantity(100).await;
    press("F2");
    let field = grid.opened_field().await;
    assert!(!is_half_typed(&grid), "what stands there was not typed");
    for (text, is_new) in [("0.2", true), ("0.25", false), ("twelve", true)] {
        type_into(&field, text);
        until(text, || is_half_typed(&grid) == is_new).await;
    }
    press("Escape");
    grid.until_closed().await;
    assert!(!is_half_typed(&grid));
    press("7");
    grid.opened_field().await;
    until("a first key is typed as well", || is_half_typed(&grid)).await;
    press("Enter");
    grid.until_closed().await;
    assert!(!is_half_typed(&grid));
}

#[wasm_bindgen_test]
async fn a_text_that_cannot_be_saved_is_handed_over_when_the_grid_goes() {
    let unsaved = |text: &str, reason: &str| GridCommand::Unsaved {
        key: "k0".into(),
        title: "Usage quantity".to_owned(),
        text: text.to_owned(),
        reason: reason.to_owned(),
    };
    for (text, left) in [
        ("twelve", Some(unsaved("twelve", "Type a number such as 12.5."))),
        ("12", Some(commit(0, QUANTITY, "12"))),
        ("0.25", None),
    ] {
        let grid = at_quantity(100).await;
        press("F2");
        type_into(&grid.opened_field().await, text);
        let commands = Rc::clone(&grid.commands);
        drop(grid);
        assert_eq!(commands.take(), Vec::from_iter(left), "{text}");
    }
    let grid = at_quantity(100).await;
    press("8");
    grid.opened_field().await;
    grid.columns
        .update(|columns| *columns = columns.iter().filter(|one| one.id != "quantity").cloned().collect());
    until("the column is gone", || grid.count(".grid-head") == 5).await;
    let commands = Rc::clone(&grid.commands);
    drop(grid);
    let hidden = "The column Usage quantity is hidden; show it again to save.";
    assert_eq!(commands.take(), [unsaved("8", hidden)]);
}
