//! What the server of this page has to send along with it, to be copied: the policy follows from connections.json.

use crate::api::{System, connections};
use crate::data::latest::Latest;
use crate::data::session::Session;
use connections::page_headers::{Kept, ON_EVERY_ANSWER, ON_THE_PAGE, content_security_policy};
use leptos::prelude::*;
use sha2::{Digest, Sha256};

#[component]
pub fn ServedHeaders(session: Session) -> impl IntoView {
    let endpoints = RwSignal::new(Vec::new());
    let silent = RwSignal::new(Vec::<String>::new());
    let latest = Latest::new(session);
    let client = session.client;
    let ask = async move |_| {
        let (mut named, mut silent) = (Vec::new(), Vec::new());
        for system in System::ALL {
            if system.connection().is_some_and(|connection| connection.open_id_connect.is_some()) {
                match client.provider_endpoints(system).await {
                    Ok(endpoints) => named.extend(endpoints.all),
                    Err(failure) => silent.push(failure.advice()),
                }
            }
        }
        // Systems may have one provider.
        silent.dedup();
        Ok((named, silent))
    };
    latest.start(ask, move |result| {
        if let Ok((named, reasons)) = result {
            endpoints.set(named);
            silent.set(reasons);
        }
    });
    view! {
        <section aria-labelledby="served-headers">
            <h2 id="served-headers">"Headers of this page"</h2>
            <p class="quiet">
                "The web server sends these with the page. connect-src names every other origin that connections.json and the providers name; where one is missing, the browser blocks what this page asks there."
            </p>
            <pre class="header-lines" data-testid="served-headers">{move || header_lines(&endpoints.read())}</pre>
            <div role="status">
                {move || silent.get().into_iter().map(|reason| view! {
                    <p>{reason}" Where that provider has addresses at another origin, they are missing in the lines above."</p>
                }).collect_view()}
            </div>
        </section>
    }
}

fn header_lines(endpoints: &[String]) -> String {
    let policy = content_security_policy(connections(), endpoints, &script_hashes());
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
