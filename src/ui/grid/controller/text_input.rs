//! Text that comes to the grid without a key of its own: from an input method, an emoji panel, dictation
//! or a tool that types. A cell is no field, so the browser is asked to hand such text over
//! (`EditContext`); where it cannot, the person opens the cell first, as before.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::GridController;
use super::edit::EditStart;

#[wasm_bindgen(module = "/src/ui/grid/controller/text_input.js")]
extern "C" {
    #[wasm_bindgen(js_name = TextInput)]
    type Listener;

    #[wasm_bindgen(constructor, js_class = "TextInput", catch)]
    fn new(element: &HtmlElement, on_text: &JsValue, on_draft: &JsValue) -> Result<Listener, JsValue>;

    #[wasm_bindgen(method)]
    fn close(this: &Listener);
}

pub(super) struct TextInput {
    listener: Listener,
    _hears: [Closure<dyn Fn(String)>; 2],
}

impl Drop for TextInput {
    fn drop(&mut self) {
        self.listener.close();
    }
}

impl GridController {
    pub(super) fn listen_for_text(self: &Rc<Self>) {
        let hears = |act: fn(&GridController, String)| {
            let controller = Rc::downgrade(self);
            Closure::<dyn Fn(String)>::new(move |text| {
                if let Some(controller) = controller.upgrade() {
                    act(&controller, text);
                }
            })
        };
        let (on_text, on_draft) = (hears(GridController::text_came), hears(GridController::text_is_drafted));
        match Listener::new(&self.elements.root, on_text.as_ref(), on_draft.as_ref()) {
            Ok(listener) => {
                self.text.replace(Some(TextInput { listener, _hears: [on_text, on_draft] }));
            }
            Err(refused) => leptos::logging::warn!("The grid hears of no composed text: {refused:?}"),
        }
    }

    /// A text is whole: the cell's editor opens with it.
    fn text_came(&self, text: String) {
        self.shown.hint.set(String::new());
        let cursor = self.cursor();
        if !text.is_empty() && cursor.row().is_some() {
            self.edit(cursor, EditStart::Replace(text));
        }
    }

    /// An input method puts a text together: it is shown beneath the cell that it is for.
    fn text_is_drafted(&self, text: String) {
        self.shown.hint.set(text);
        self.mark_dirty();
    }
}
