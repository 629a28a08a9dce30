//! Styles that come with a part of the app, so that the first load does not carry them.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Adds the styles to the page's own for as long as the component stands that asks for them.
pub fn use_part_styles(styles: &str) {
    // A browser that cannot do it shows the part plain.
    adopt(styles);
}

/// Styles that are not known before something happens.
#[derive(Clone, Copy)]
pub struct LateStyles(Option<StoredValue<JsValue, LocalStorage>>);

impl LateStyles {
    /// They count as long as the component stands that asks for them.
    pub fn none_yet() -> Self {
        Self(adopt(""))
    }

    /// In the place of those that were there.
    pub fn fill(self, styles: &str) {
        if let Some(sheet) = self.0 {
            sheet.with_value(|sheet| replace(sheet, styles));
        }
    }
}

fn adopt(styles: &str) -> Option<StoredValue<JsValue, LocalStorage>> {
    let sheet = made_sheet(styles)?;
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
    Some(sheet)
}

const ADOPTED: &str = "adoptedStyleSheets";

fn made_sheet(styles: &str) -> Option<JsValue> {
    let constructor: Function =
        Reflect::get(&js_sys::global(), &"CSSStyleSheet".into()).ok()?.dyn_into().ok()?;
    let sheet = Reflect::construct(&constructor, &Array::new()).ok()?;
    replace(&sheet, styles)?;
    Some(sheet)
}

fn replace(sheet: &JsValue, styles: &str) -> Option<()> {
    let replace: Function = Reflect::get(sheet, &"replaceSync".into()).ok()?.dyn_into().ok()?;
    replace.call1(sheet, &styles.into()).ok()?;
    Some(())
}

fn set_sheets(change: &dyn Fn(&Array)) {
    let document: JsValue = document().into();
    let Ok(adopted) = Reflect::get(&document, &ADOPTED.into()) else { return };
    let sheets = Array::from(&adopted);
    change(&sheets);
    let _ = Reflect::set(&document, &ADOPTED.into(), &sheets);
}
