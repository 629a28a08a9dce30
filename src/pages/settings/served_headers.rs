//! What the server of this page has to send along with it, to be copied: the policy follows from connections.json.

use crate::api::connections;
use connections::page_headers::{Kept, ON_EVERY_ANSWER, ON_THE_PAGE, content_security_policy};
use leptos::prelude::*;
use sha2::{Digest, Sha256};

#[component]
pub fn ServedHeaders() -> impl IntoView {
    let shown = header_lines();
    view! {
        <section aria-labelledby="served-headers">
            <h2 id="served-headers">"Headers of this page"</h2>
            <p class="quiet">
                "The web server sends these with the page. connect-src names every other origin that connections.json names; where one is missing, the browser blocks what this page asks there."
            </p>
            <pre class="header-lines" data-testid="served-headers">{shown}</pre>
        </section>
    }
}

fn header_lines() -> String {
    let policy = content_security_policy(connections(), &[], &script_hashes());
    let cache = ("Cache-Control", Kept::WhileItIsTheSame.cache_control());
    let policy = ("Content-Security-Policy", policy.as_str());
    let others = ON_EVERY_ANSWER.into_iter().chain(ON_THE_PAGE);
    let lines = [policy, cache].into_iter().chain(others);
    lines.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}

/// Of the scripts that stand in this page itself, such as the loader.
fn script_hashes() -> Vec<String> {
    let scripts = document().get_elements_by_tag_name("script");
    let inline =
        (0..scripts.length()).filter_map(|at| scripts.item(at)).filter(|script| !script.has_attribute("src"));
    let hashes = inline.filter_map(|script| {
        let digest = Sha256::digest(script.text_content()?);
        // The browser's base64 takes a text whose letters are the bytes.
        let letters: String = digest.iter().map(|&byte| char::from(byte)).collect();
        window().btoa(&letters).ok()
    });
    hashes.collect()
}
