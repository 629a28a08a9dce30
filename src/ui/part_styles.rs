//! Styles that come with a part of the app, so that the first load does not carry them.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Adds the styles to the page's own for as long as the component stands that asks for them.
pub fn use_part_styles(styles: &str) {
    // A browser that cannot do it shows the part plain.
    let Some(sheet) = made_sheet(styles) else { return };
    set_sheets(&|sheets| {
        sheets.push(&sheet);
    });
    let sheet = StoredValue::new_local(sheet);
    on_cleanup(move || {
        sheet.with_value(|sheet| {
            set_sheets(&|sheets| {
                let place = sheets.index_of(sheet, 0);
                if let Ok(place) = u32::try_from(place) {
                    sheets.splice(place, 1, &JsValue::UNDEFINED);
                }
            });
        });
    });
}

const ADOPTED: &str = "adoptedStyleSheets";

fn made_sheet(styles: &str) -> Option<JsValue> {
    let constructor: Function =
        Reflect::get(&js_sys::global(), &"CSSStyleSheet".into()).ok()?.dyn_into().ok()?;
    let sheet = Reflect::construct(&constructor, &Array::new()).ok()?;
    let replace: Function = Reflect::get(&sheet, &"replaceSync".into()).ok()?.dyn_into().ok()?;
    replace.call1(&sheet, &styles.into()).ok()?;
    Some(sheet)
}

fn set_sheets(change: &dyn Fn(&Array)) {
    let document: JsValue = document().into();
    let Ok(adopted) = Reflect::get(&document, &ADOPTED.into()) else { return };
    let sheets = Array::from(&adopted);
    change(&sheets);
    let _ = Reflect::set(&document, &ADOPTED.into(), &sheets);
}
