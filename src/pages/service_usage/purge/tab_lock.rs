//! One tab at a time (Web Locks API). The browser lets go of the lock when the tab is gone, however
//! that came.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use rest_contract::cloud_foundry::TabClaim;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const NAME: &str = "usage-desk.purge";

/// The lock, until it is let go of.
pub struct TabLock {
    release: Function,
}

impl Drop for TabLock {
    fn drop(&mut self) {
        // A promise's resolving function does not throw.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Takes the lock if no other tab has it.
pub async fn claim() -> (TabClaim, Option<TabLock>) {
    match try_claim().await {
        Some(Some(lock)) => (TabClaim::Held, Some(lock)),
        Some(None) => (TabClaim::Taken, None),
        None => (TabClaim::Unavailable, None),
    }
}

/// None where the browser has no locks.
async fn try_claim() -> Option<Option<TabLock>> {
    let get = |from: &JsValue, name: &str| Reflect::get(from, &JsValue::from_str(name)).ok();
    let locks = get(&window().navigator(), "locks")?;
    let request: Function = get(&locks, "request")?.dyn_into().ok()?;
    let (answered, answer) = promise()?;
    let (released, release) = promise()?;
    // The lock is held for as long as the promise that this gives back is open.
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let _ = answer.call1(&JsValue::NULL, &JsValue::from_bool(!lock.is_null()));
        if lock.is_null() { JsValue::UNDEFINED } else { released.into() }
    });
    let options = Object::new();
    Reflect::set(&options, &JsValue::from_str("ifAvailable"), &JsValue::TRUE).ok()?;
    let words = Array::of3(&JsValue::from_str(NAME), &options, &granted);
    request.apply(&locks, &words).ok()?;
    let is_ours = JsFuture::from(answered).await.ok()?.is_truthy();
    Some(is_ours.then_some(TabLock { release }))
}

/// A promise and what fulfils it.
fn promise() -> Option<(Promise, Function)> {
    let mut fulfil = None;
    let promise = Promise::new(&mut |resolve, _| fulfil = Some(resolve));
    Some((promise, fulfil?))
}
