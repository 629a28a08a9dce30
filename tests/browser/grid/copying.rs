use crate::ui::grid::{GridCommand, Missing};
use wasm_bindgen_test::wasm_bindgen_test;

use super::list::TestList;
use super::mounted::{Mounted, clipboard_event, press};
use crate::browser_tests::waiting::until;

/// Copies as Ctrl+C does; gives plain text and HTML.
fn copy(grid: &Mounted) -> (String, String) {
    let event = clipboard_event("copy");
    grid.root().dispatch_event(&event).unwrap();
    let clipboard = event.clipboard_data().unwrap();
    (clipboard.get_data("text/plain").unwrap(), clipboard.get_data("text/html").unwrap())
}

#[wasm_bindgen_test]
async fn a_range_is_copied_as_text_and_as_a_table() {
    let grid = Mounted::with(TestList::of(100)).await;
    grid.root().focus().unwrap();
    assert_eq!(copy(&grid).0, "E-0", "without a selection, the active cell");
    press("Shift+ArrowDown");
    for _ in 0..5 {
        press("Shift+ArrowRight");
    }
    let (plain, html) = copy(&grid);
    let note = "\"line one\nline \"\"two\"\"\"";
    assert_eq!(
        plain,
        format!("E-0\tError\tGröße 📦\t0.25\tEUR\t{note}\r\nE-1\tProcessed\tGröße 📦\t1.25\tEUR\t{note}")
    );
    assert!(
        html.contains("<td x:num=\"1.25\" sdval=\"1.25\" sdnum=\"1033;\">1.25</td>")
            && html.contains("'>E-1</td>"),
        "{html}"
    );
    assert!(grid.heard().contains(&GridCommand::Copied { rows: 2, missing: Missing::None }));
    until("it is said", || grid.spoken().contains("2 rows copied")).await;
}

#[wasm_bindgen_test]
async fn rows_that_are_not_loaded_are_counted_not_passed_over() {
    let grid = Mounted::with(TestList::of(1_000)).await;
    grid.root().focus().unwrap();
    press("Ctrl+a");
    let (plain, _) = copy(&grid);
    let rows = plain.matches("E-").count();
    assert!(rows >= 100, "{rows}");
    assert!(grid.heard().contains(&GridCommand::Copied { rows, missing: Missing::Rows(1_000 - rows) }));
    until("it is said", || grid.spoken().contains("not loaded")).await;
}
