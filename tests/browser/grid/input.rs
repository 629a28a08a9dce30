//! Fingers, input methods and keyboards of every kind.

use crate::ui::grid::GridCommand;
use grid_model::Selection;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::list::{KIND, QUANTITY, TestList};
use super::mounted::{Mounted, click, mouse, press, press_raw, touch, type_into};
use crate::browser_tests::waiting::{frame, until};

fn commits(grid: &Mounted) -> usize {
    grid.heard().iter().filter(|command| matches!(command, GridCommand::Commit { .. })).count()
}

#[wasm_bindgen_test]
async fn a_swipe_scrolls_and_does_nothing_else() {
    let grid = Mounted::with(TestList::of(500)).await;
    click(&grid.cell(2, QUANTITY).unwrap(), false);
    grid.root().focus().unwrap();
    press("F2");
    let field = grid.opened_field().await;
    type_into(&field, "9");
    // The finger goes down on another row and the browser takes it for scrolling.
    let other = grid.cell(8, KIND).unwrap();
    touch("pointerdown", &other);
    touch("pointermove", &other);
    touch("pointercancel", &other);
    grid.scroll_to(560).await;
    for _ in 0..3 {
        frame().await;
    }
    assert_eq!(commits(&grid), 0, "nothing was accepted");
    assert_eq!(grid.field().map(|field| field.value()).as_deref(), Some("9"));
    assert_eq!(grid.held().as_deref(), Some("k2"));
    assert!(grid.selection.get_untracked().is_none());
}

#[wasm_bindgen_test]
async fn a_tap_makes_a_cell_active_and_accepts_what_was_typed() {
    let grid = Mounted::with(TestList::of(500)).await;
    click(&grid.cell(2, QUANTITY).unwrap(), false);
    grid.root().focus().unwrap();
    press("F2");
    let field = grid.opened_field().await;
    type_into(&field, "9");
    let other = grid.cell(8, KIND).unwrap();
    touch("pointerdown", &other);
    touch("pointerup", &other);
    mouse("click", &other, false);
    grid.until_closed().await;
    assert_eq!(commits(&grid), 1);
    grid.until_active(Some(8), KIND).await;
    assert_eq!(grid.held().as_deref(), Some("k8"));
    // A click that follows no tap of its own, such as one of a mouse elsewhere, presses nothing.
    touch("pointerdown", &grid.cell(4, KIND).unwrap());
    touch("pointercancel", &grid.cell(4, KIND).unwrap());
    mouse("click", &grid.cell(4, KIND).unwrap(), false);
    assert_eq!(grid.held().as_deref(), Some("k8"));
}

#[wasm_bindgen_test]
async fn keys_of_an_input_method_are_its_own() {
    let grid = Mounted::with(TestList::of(500)).await;
    click(&grid.cell(2, QUANTITY).unwrap(), false);
    grid.root().focus().unwrap();
    press("F2");
    let field = grid.opened_field().await;
    type_into(&field, "とうきょう");
    for key in ["Enter", "Escape", "Tab", "ArrowDown"] {
        assert!(!press_raw(key, key, |init| init.set_is_composing(true)), "{key} is taken");
        // Safari has ended the composition by then, and tells only by the old code.
        assert!(!press_raw(key, key, |init| init.set_key_code(229)), "{key} is taken");
    }
    for _ in 0..3 {
        frame().await;
    }
    assert_eq!(commits(&grid), 0);
    assert_eq!(grid.field().map(|field| field.value()).as_deref(), Some("とうきょう"));
    press("Escape");
    grid.until_closed().await;
}

#[wasm_bindgen_test]
async fn shortcuts_are_found_on_keyboards_without_latin_letters() {
    let grid = Mounted::with(TestList::of(500)).await;
    for (key, code) in [("ф", "KeyA"), ("α", "KeyA"), ("ش", "KeyA"), ("a", "KeyQ")] {
        grid.root().focus().unwrap();
        assert!(press_raw(key, code, |init| init.set_ctrl_key(true)), "{key} {code}");
        assert_eq!(grid.selection.get_untracked(), Selection::all(Some(500)), "{key} {code}");
        press("Escape");
        assert!(grid.selection.get_untracked().is_none());
    }
}

#[wasm_bindgen_test]
async fn option_types_what_it_types() {
    let grid = Mounted::with(TestList::of(500)).await;
    click(&grid.cell(2, KIND).unwrap(), false);
    grid.root().focus().unwrap();
    assert!(!press_raw("@", "KeyL", |init| init.set_alt_key(true)), "elsewhere it is the browser's");
    let _mac = Platform::is("MacIntel");
    for (key, code, shift) in [("@", "KeyL", false), ("€", "Digit2", true), ("≥", "Period", false)] {
        let option = |init: &web_sys::KeyboardEventInit| {
            init.set_alt_key(true);
            init.set_shift_key(shift);
        };
        assert!(press_raw(key, code, option), "{key}");
        assert_eq!(grid.opened_field().await.value(), key);
        press("Escape");
        grid.until_closed().await;
    }
}

/// The browser names another platform until this is dropped.
struct Platform;

impl Platform {
    fn is(name: &str) -> Self {
        let navigator = web_sys::window().unwrap().navigator();
        let named = js_sys::Object::new();
        for (field, value) in [("value", name.into()), ("configurable", true.into())] {
            js_sys::Reflect::set(&named, &field.into(), &value).unwrap();
        }
        js_sys::Reflect::define_property(&navigator, &"platform".into(), &named).unwrap();
        Self
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let navigator = web_sys::window().unwrap().navigator();
        js_sys::Reflect::delete_property(&navigator, &"platform".into()).unwrap();
    }
}

#[wasm_bindgen_test]
async fn the_last_row_is_reached_where_the_browser_lays_out_less() {
    let grid = Mounted::loading(TestList::of(1_000_000));
    // As on a screen of three pixels to one: lengths are measured in three times as many.
    grid.root().style().set_property("zoom", "3").unwrap();
    until("the first row stands", || grid.text(0, 0) == "E-0").await;
    grid.root().focus().unwrap();
    press("Ctrl+End");
    grid.until_active(Some(999_999), 5).await;
    until("the last row is there", || grid.text(999_999, 0) == "E-999999").await;
    let (row, root) =
        (grid.row(999_999).unwrap().get_bounding_client_rect(), grid.root().get_bounding_client_rect());
    assert!(
        row.bottom() <= root.bottom() + 1.0 && row.top() >= root.top(),
        "{} {}",
        row.bottom(),
        root.bottom()
    );
    press("Ctrl+Home");
    until("the first row is there", || grid.text(0, 0) == "E-0").await;
}

#[wasm_bindgen_test]
async fn digits_are_never_cut() {
    let grid = Mounted::with(TestList::of(500)).await;
    let fits = |row: usize| {
        let cell = grid.cell(row, QUANTITY).unwrap();
        cell.scroll_width() <= cell.client_width()
    };
    assert_eq!(grid.text(8, QUANTITY), "12,345,678.5", "its padding makes room for it");
    assert!(fits(8));
    let wide = grid.cell(9, QUANTITY).unwrap();
    assert!(grid.text(9, QUANTITY).chars().all(|sign| sign == '#') && fits(9), "{}", grid.text(9, QUANTITY));
    assert_eq!(wide.get_attribute("title").as_deref(), Some("123,456,789,012,345,678,901.5"));
    assert_eq!(wide.get_attribute("aria-label").as_deref(), Some("123,456,789,012,345,678,901.5"));
    // A wider column shows it.
    grid.columns.update(|columns| {
        let mut wider = columns.to_vec();
        wider[QUANTITY].width = 320;
        *columns = wider.into();
    });
    until("the number stands", || grid.text(9, QUANTITY) == "123,456,789,012,345,678,901.5").await;
    until("the padding is back", || grid.text(8, QUANTITY).ends_with('\u{2007}')).await;
    assert_eq!(grid.cell(9, QUANTITY).unwrap().get_attribute("title"), None);
}

#[wasm_bindgen_test]
async fn what_steers_the_direction_of_writing_is_shown_as_a_sign() {
    let grid = Mounted::with(TestList::of(500)).await;
    assert_eq!(grid.text(11, KIND), "+49\u{2039}U+202E\u{203a}0001 51");
    assert_eq!(grid.text(12, KIND), "Größe 📦");
}
