use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlSelectElement;

use grid_model::{CopiedCell, html_table, tab_separated};
use leptos::wasm_bindgen::JsCast;

use super::list::{CURRENCY, KIND, QUANTITY, STATUS, TestList};
use super::mounted::{Mounted, click, clipboard_event, focused, press, type_into};
use crate::browser_tests::waiting::{frame, until};

/// Pastes as Ctrl+V does, where the focus is.
fn paste(plain: &str, html: &str) {
    let event = clipboard_event("paste");
    let clipboard = event.clipboard_data().unwrap();
    clipboard.set_data("text/plain", plain).unwrap();
    clipboard.set_data("text/html", html).unwrap();
    focused().unwrap().dispatch_event(&event).unwrap();
}

async fn at(row: usize, column: usize) -> Mounted {
    let grid = Mounted::with(TestList::of(100)).await;
    click(&grid.cell(row, column).unwrap(), false);
    grid.root().focus().unwrap();
    grid.until_active(Some(row), column).await;
    grid
}

async fn is_told(grid: &Mounted, words: &str) {
    let hint = || grid.find(".grid-hint").and_then(|hint| hint.text_content()).unwrap_or_default();
    until("the cell says why", || hint().contains(words)).await;
    assert!(grid.spoken().contains(words) && grid.field().is_none());
}

#[wasm_bindgen_test]
async fn a_paste_into_a_cell_opens_its_editor() {
    let grid = at(2, QUANTITY).await;
    paste("1,234.5\r\n", "<table><tr><td x:num=\"1234.5\" sdval=\"1234.5\">1,234.5</td></tr></table>");
    assert_eq!(grid.opened_field().await.value(), "1234.5", "the number of the copied cell");
    press("Escape");
    grid.until_closed().await;
    paste("12.5\r\n", "");
    assert_eq!(grid.opened_field().await.value(), "12.5");
    press("Escape");
    grid.until_closed().await;
    click(&grid.cell(2, KIND).unwrap(), false);
    grid.root().focus().unwrap();
    paste("Größe 7", "<p>Größe 7</p>");
    assert_eq!(grid.opened_field().await.value(), "Größe 7");
    press("Escape");
    grid.until_closed().await;
    paste("\"as it stands\"", "<p>\"as it stands\"</p>");
    assert_eq!(grid.opened_field().await.value(), "\"as it stands\"");
}

#[wasm_bindgen_test]
async fn a_cell_pasted_by_itself_is_what_its_spreadsheet_tells_of_it() {
    let grid = at(2, QUANTITY).await;
    let german = "<table><tr><td sdval=\"1234,5\" sdnum=\"1031;1031;#.##0,00\">1.234,50</td></tr></table>";
    paste("1.234,50", german);
    assert_eq!(grid.opened_field().await.value(), "1234.5");
    press("Escape");
    grid.until_closed().await;
    // What stands behind a percentage and a date is another number than the one that is seen.
    for (seen, number) in [("-7%", "-0.07"), ("2026-10-01", "46296")] {
        paste(seen, &format!("<table><tr><td x:num=\"{number}\">{seen}</td></tr></table>"));
        assert_eq!(grid.opened_field().await.value(), seen);
        press("Escape");
        grid.until_closed().await;
    }
    click(&grid.cell(2, KIND).unwrap(), false);
    grid.root().focus().unwrap();
    let copied = [vec![CopiedCell::Text("say \"no\"".to_owned())]];
    paste(&tab_separated(&copied), &html_table(&copied));
    assert_eq!(grid.opened_field().await.value(), "say \"no\"");
}

#[wasm_bindgen_test]
async fn a_paste_into_a_list_of_values_chooses_one_or_says_that_there_is_none() {
    let grid = at(2, CURRENCY).await;
    paste("XAU", "");
    is_told(&grid, "XAU").await;
    paste("US dollar\n", "");
    let select = || grid.find(".grid-field select").map(JsCast::unchecked_into::<HtmlSelectElement>);
    until("the choice is open", || select().is_some_and(|select| select.value() == "USD")).await;
}

#[wasm_bindgen_test]
async fn a_paste_that_cannot_be_taken_says_why() {
    let grid = at(2, STATUS).await;
    paste("7", "");
    is_told(&grid, "cannot be changed").await;
    click(&grid.cell(2, QUANTITY).unwrap(), false);
    grid.root().focus().unwrap();
    paste("1\t2\r\n", "");
    is_told(&grid, "several cells").await;
}

#[wasm_bindgen_test]
async fn nothing_takes_the_place_of_a_text_that_is_wrong() {
    let grid = at(2, QUANTITY).await;
    press("F2");
    type_into(&grid.opened_field().await, "twelve");
    grid.root().focus().unwrap();
    for begin in [|| paste("7", ""), || press("F2"), || press("8")] {
        begin();
        frame().await;
        assert_eq!(grid.opened_field().await.value(), "twelve");
        grid.root().focus().unwrap();
    }
}
