//! What the browser does for a sign-in: chance, hashes, a lock over all tabs, a clock that nobody sets.

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

/// 43 signs that nobody guesses (256 bits).
pub(super) fn random() -> Option<String> {
    let mut bytes = [0; 32];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    url_base64(&bytes)
}

/// The challenge of a verifier (RFC 7636, S256).
pub(super) async fn challenge(verifier: &str) -> Option<String> {
    let crypto = window().crypto().ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    let digest: Function = Reflect::get(&subtle, &"digest".into()).ok()?.dyn_into().ok()?;
    let bytes = Uint8Array::from(verifier.as_bytes());
    let hash: Promise = digest.call2(&subtle, &"SHA-256".into(), &bytes).ok()?.dyn_into().ok()?;
    url_base64(&Uint8Array::new(&JsFuture::from(hash).await.ok()?).to_vec())
}

fn url_base64(bytes: &[u8]) -> Option<String> {
    let signs: String = bytes.iter().copied().map(char::from).collect();
    let base64 = window().btoa(&signs).ok()?;
    Some(base64.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

/// Whether the browser says that there is no network at all.
pub(super) fn is_offline() -> bool {
    !window().navigator().on_line()
}

/// Does `work` while no other tab of this browser does anything under the same name; nothing where the wait for the
/// others takes longer than `limit`, in milliseconds. Where tabs know nothing of each other, it is done at once.
pub(super) async fn alone<T: 'static>(
    name: &str,
    limit: u32,
    work: impl Future<Output = T> + 'static,
) -> Option<T> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).unwrap_or_default();
    let request = Reflect::get(&locks, &"request".into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
    let Some(request) = request else { return Some(work.await) };
    let options = Object::new();
    let signal = AbortSignal::timeout_with_u32(limit);
    Reflect::set(&options, &"signal".into(), &signal).ok()?;
    let made = Rc::new(RefCell::new(None));
    let result = Rc::clone(&made);
    let held = Closure::once_into_js(move |_lock: JsValue| {
        future_to_promise(async move {
            *result.borrow_mut() = Some(work.await);
            Ok(JsValue::UNDEFINED)
        })
    });
    let done: Promise = request.call3(&locks, &name.into(), &options, &held).ok()?.dyn_into().ok()?;
    // Only the wait can fail: the work itself never does.
    let _ = JsFuture::from(done).await;
    made.borrow_mut().take()
}
