//! The policy of a document: that of `connections::page_headers`, for the scripts that stand in the document as it was
//! built and for the systems that the console is told of.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connections::Connections;
use connections::page_headers::{content_security_policy, inline_scripts};
use sha2::{Digest, Sha256};

/// The policy for a document, with the hash of each of its inline scripts. A file of connections that cannot be read
/// lets nobody in besides: the console says what is wrong with it. `endpoints` are those of its providers.
pub(super) async fn policy_for(html: &str, connections_file: Option<&Path>, endpoints: &[String]) -> String {
    let read = match connections_file {
        Some(path) => tokio::fs::read(path).await.ok(),
        None => None,
    };
    let connections = read.and_then(|bytes| Connections::read(&bytes).ok()).unwrap_or_default();
    let hashes: Vec<String> =
        inline_scripts(html).map(|script| STANDARD.encode(Sha256::digest(script))).collect();
    content_security_policy(&connections, endpoints, &hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn inline_scripts_are_allowed_by_their_hash_alone() {
        let html =
            r#"<head><script type="module" nonce>alert(1)</script><script src="/a.js"></script></head>"#;
        // echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
        let expected =
            "script-src 'self' 'wasm-unsafe-eval' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';";
        let policy = policy_for(html, None, &[]).await;
        assert!(policy.contains(expected), "{policy}");
        assert!(!policy.contains("unsafe-inline"));
        assert!(!policy_for("<p>no script</p>", None, &[]).await.contains("sha256"));
    }
}
