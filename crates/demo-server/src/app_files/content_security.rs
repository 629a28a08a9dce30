//! The Content-Security-Policy of a document: everything from this origin, nothing inline but the
//! scripts that stand in the document as it was built.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// What the console never uses is switched off.
pub(super) const PERMISSIONS: &str =
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// The policy for a document, with the hash of each of its inline scripts.
pub(super) fn policy_for(html: &str) -> String {
    let hashes = inline_scripts(html)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
        .collect::<String>();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; manifest-src 'self'"
    )
}

/// The texts of the script elements without `src`.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script")?;
        let external = attributes.split_whitespace().any(|one| one.starts_with("src=") || one == "src");
        (!external).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_alone() {
        let html =
            r#"<head><script type="module" nonce>alert(1)</script><script src="/a.js"></script></head>"#;
        // echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
        let expected =
            "script-src 'self' 'wasm-unsafe-eval' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';";
        assert!(policy_for(html).contains(expected), "{}", policy_for(html));
        assert!(!policy_for("<p>no script</p>").contains("sha256"));
        assert!(!policy_for(html).contains("unsafe-inline"));
    }
}
