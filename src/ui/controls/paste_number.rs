//! A number that is pasted into a field. As plain text `1.234` may mean two numbers to a reader; the cell
//! of a table on the clipboard says which.

use crate::text::with_notation;
use grid_model::pasted_cell;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Event, HtmlInputElement};

/// Puts the number of a copied cell into the field, as its reader types it, and gives the field's text.
/// Several values are put there as several: the browser would make one number of two lines. Nothing where
/// the clipboard holds something else, which the browser then pastes itself.
pub fn paste_number(event: &Event) -> Option<String> {
    let plain = pasted_plain(event)?;
    let told = told_cell(event, &plain).and_then(|(_, number)| number);
    let typed = told.or_else(|| several_values(&plain))?;
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let end = input.selection_start().ok()?? + u32::try_from(typed.encode_utf16().count()).ok()?;
    input.set_range_text(&typed).ok()?;
    event.prevent_default();
    // The caret stands behind what was pasted; where it cannot, the text is there all the same.
    let _ = input.set_selection_range(end, end);
    Some(input.value())
}

/// What a table of one cell says of the cell: its text, and its number as its reader types it.
pub fn told_cell(event: &Event, plain: &str) -> Option<(String, Option<String>)> {
    let cell = pasted_cell(plain, &pasted_html(event)?)?;
    let typed = |number: String| with_notation(|notation| notation.write_to_type(&number));
    Some((cell.text, cell.number.map(typed)))
}

/// What is pasted, as plain text.
pub fn pasted_plain(event: &Event) -> Option<String> {
    pasted(event, "text/plain")
}

/// What is pasted, as a table, where the clipboard holds one.
pub fn pasted_html(event: &Event) -> Option<String> {
    pasted(event, "text/html").filter(|html| !html.is_empty())
}

fn pasted(event: &Event, kind: &str) -> Option<String> {
    event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?.get_data(kind).ok()
}

/// What stands on lines or behind tabs, as a list that is typed.
fn several_values(text: &str) -> Option<String> {
    let values: Vec<_> =
        text.split(['\t', '\n', '\r']).map(str::trim).filter(|value| !value.is_empty()).collect();
    (values.len() > 1).then(|| values.join("; "))
}

#[cfg(test)]
mod tests {
    use super::several_values;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn two_cells_are_two_values() {
        for text in ["1\n234", "1\t234\r\n", "\n1\r\n234"] {
            assert_eq!(several_values(text).as_deref(), Some("1; 234"), "{text:?}");
        }
        for text in ["1 234", "1234\r\n", "", "\n"] {
            assert_eq!(several_values(text), None, "{text:?}");
        }
    }
}
