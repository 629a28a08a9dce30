use std::cell::{Cell, OnceCell};
use std::rc::Weak;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::GridController;

/// One animation frame at a time, asked for only when there is something to paint.
pub(super) struct Frame {
    controller: Weak<GridController>,
    /// Made once; a frame is asked for often.
    callback: OnceCell<Closure<dyn FnMut()>>,
    armed: Cell<Option<i32>>,
}

impl Frame {
    pub(super) fn new(controller: Weak<GridController>) -> Frame {
        Frame { controller, callback: OnceCell::new(), armed: Cell::new(None) }
    }

    pub(super) fn arm(&self) {
        if self.armed.get().is_some() {
            return;
        }
        let callback = self.callback.get_or_init(|| {
            let controller = self.controller.clone();
            Closure::new(move || {
                if let Some(controller) = controller.upgrade() {
                    controller.frame.armed.set(None);
                    controller.paint();
                }
            })
        });
        let armed = web_sys::window()
            .and_then(|window| window.request_animation_frame(callback.as_ref().unchecked_ref()).ok());
        self.armed.set(armed);
    }

    pub(super) fn cancel(&self) {
        if let (Some(handle), Some(window)) = (self.armed.take(), web_sys::window()) {
            // A frame that cannot be cancelled finds no controller and does nothing.
            let _ = window.cancel_animation_frame(handle);
        }
    }
}
