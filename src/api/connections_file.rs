//! What this console is connected to, read once as the page starts.

use connections::{Connections, FILE, Fault};
use gloo_net::http::{Request, Response};
use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use std::sync::{LazyLock, OnceLock};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestCache;

static HERE: OnceLock<Connections> = OnceLock::new();
static AT_OWN_ORIGIN: LazyLock<Connections> = LazyLock::new(Connections::at_own_origin);

/// What this console is connected to: all three systems at its own origin where nothing was read.
pub fn connections() -> &'static Connections {
    HERE.get().unwrap_or_else(|| &AT_OWN_ORIGIN)
}

/// Reads the file beside the page.
pub async fn read_connections() -> Result<(), Fault> {
    let response = match asked().await {
        Some(response) => response,
        None => ask().await.ok_or_else(|| {
            Fault::new("The server did not answer. The connection failed, or the server does not run.")
        })?,
    };
    if !response.ok() {
        return Err(Fault::new(format!("The server does not give it: it answers {}.", response.status())));
    }
    let bytes =
        response.binary().await.map_err(|_| Fault::new("The connection was cut in the middle of it."))?;
    let read = Connections::read(&bytes)?;
    // It is read once in the life of a page.
    let _ = HERE.set(read);
    Ok(())
}

/// What was asked for before this module was here (`start_check.js`).
async fn asked() -> Option<Response> {
    let promise = Reflect::get(&window(), &"askedConnections".into()).ok()?.dyn_into::<Promise>().ok()?;
    let response = JsFuture::from(promise).await.ok()?;
    Some(Response::from(response.dyn_into::<web_sys::Response>().ok()?))
}

async fn ask() -> Option<Response> {
    Request::get(&format!("/{FILE}")).cache(RequestCache::NoStore).send().await.ok()
}
