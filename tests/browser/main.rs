//! What can only be shown in a real browser: elements, focus, layout, clipboard. Each area has a
//! module; rules that need no browser are tested beside their code. They are a module of the app, for a
//! program of their own would have the whole app built once more.
//!
//! Run by `wasm-bindgen-test-runner` with `CHROMEDRIVER` set and
//! `WASM_BINDGEN_TEST_WEBDRIVER_JSON=tests/browser/webdriver.json`.
// Clippy knows only `#[test]`; here too, what must be there and is not fails the test.
#![allow(clippy::unwrap_used)]

mod display_text;
mod grid;
mod waiting;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
