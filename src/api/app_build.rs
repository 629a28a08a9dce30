//! Which build of the app runs here, and which one is served now.

use gloo_net::http::Request;
use leptos::prelude::document;
use serde::Deserialize;
use web_sys::RequestCache;

/// What the build writes beside the page (`cargo xtask dist`).
const MANIFEST: &str = "/parts.json";

#[derive(Deserialize)]
struct Manifest {
    build: String,
}

/// The build that the page names; none where it was not built for use.
pub fn build_of_this_page() -> Option<String> {
    let named = document().query_selector("meta[name=\"usage-desk-build\"]").ok()??;
    named.get_attribute("content")
}

/// The build that the server gives now, where it can be asked.
pub async fn deployed_build() -> Option<String> {
    let answer = Request::get(MANIFEST).cache(RequestCache::NoStore).send().await.ok()?;
    let bytes = answer.ok().then(|| answer.binary())?.await.ok()?;
    serde_json::from_slice::<Manifest>(&bytes).ok().map(|manifest| manifest.build)
}
