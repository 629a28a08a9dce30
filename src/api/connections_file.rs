//! What this console is connected to, read once as the page starts.

use connections::{Connections, Fault};
use gloo_net::http::Response;
use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use std::sync::{LazyLock, OnceLock};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ResponseType;

static HERE: OnceLock<Connections> = OnceLock::new();
static AT_OWN_ORIGIN: LazyLock<Connections> = LazyLock::new(Connections::at_own_origin);

/// What this console is connected to: all three systems at its own origin where nothing was read.
pub fn connections() -> &'static Connections {
    HERE.get().unwrap_or_else(|| &AT_OWN_ORIGIN)
}

/// Reads the file beside the page.
pub async fn read_connections() -> Result<(), Fault> {
    let response = asked().await?;
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(Fault::new(
            "What stands before this page leads elsewhere, as a gateway does whose session has ended. Load the page anew and sign in there.",
        ));
    }
    if matches!(response.status(), 401 | 403) {
        return Err(Fault::new(format!(
            "The server does not give it to you: it answers {}, as a gateway does that does not know you, or no longer. Load the page anew and sign in there.",
            response.status()
        )));
    }
    if !response.ok() {
        return Err(Fault::new(format!("The server does not give it: it answers {}.", response.status())));
    }
    let bytes = response.binary().await.map_err(|_| {
        Fault::new(
            "The connection was cut in the middle of it, or it is not packed as its Content-Encoding says.",
        )
    })?;
    let read = Connections::read(&bytes)?;
    // It is read once in the life of a page.
    let _ = HERE.set(read);
    Ok(())
}

/// The answer to what was asked for before this module was here (`start_check.js`), within its time limit.
async fn asked() -> Result<Response, Fault> {
    let none =
        |_| Fault::new("The server did not answer. The connection failed, or the server does not run.");
    let promise = Reflect::get(&window(), &"askedConnections".into()).map_err(none)?;
    let response = JsFuture::from(Promise::resolve(&promise)).await.map_err(none)?;
    response.dyn_into::<web_sys::Response>().map(Response::from).map_err(none)
}
