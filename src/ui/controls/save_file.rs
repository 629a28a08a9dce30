//! Hands a file of the console's own making to the browser, which asks where to keep it.

use js_sys::Array;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// Long enough for the browser to have begun the download.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// Saves a text as a file.
///
/// # Errors
/// What the browser said, where it cannot hold the text.
pub fn save_text(name: &str, text: &str) -> Result<(), JsValue> {
    save_pieces(name, &Array::of1(&text.into()))
}

/// The same for a long text, whose pieces were handed to the browser one by one: all of it at once holds the page up.
///
/// # Errors
/// What the browser said, where it cannot hold the text.
pub fn save_pieces(name: &str, pieces: &Array) -> Result<(), JsValue> {
    save_file(name, &Blob::new_with_str_sequence(pieces)?)
}

/// Saves what is in a blob as a file.
///
/// # Errors
/// What the browser said, where it gives no address to the blob.
pub fn save_file(name: &str, content: &Blob) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(content)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    set_timeout(move || Url::revoke_object_url(&address).unwrap_or_default(), KEPT_FOR);
    Ok(())
}
