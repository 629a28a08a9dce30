//! Serves the built console from a folder (`--dist`) beside the APIs, so that both share an origin.
//!
//! Files are read when they are asked for, so a rebuilt folder is picked up at once. Files of
//! which the folder or the name holds the hash of a build or of the content are cached for good by the
//! browser, everything else is checked again each time.
//! Addresses of screens, which are no files, get `index.html`.

mod compressed;
mod content_security;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::page_or_data::wants_page;
use compressed::{CompressedFiles, Encoding};

#[derive(Clone, Debug)]
pub struct AppFiles {
    folder: Arc<PathBuf>,
    compressed: CompressedFiles,
}

impl AppFiles {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder: Arc::new(folder), compressed: CompressedFiles::default() }
    }

    /// Answers a request that no API claims.
    pub async fn answer(&self, request: Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let allow = [(header::ALLOW, "GET, HEAD")];
            return (StatusCode::METHOD_NOT_ALLOWED, allow, "This address can only be read.\n")
                .into_response();
        }
        let headers = request.headers();
        let name = file_name(request.uri().path());
        if let Some(name) = name.as_deref().filter(|name| !name.is_empty())
            && let Some(response) = self.file(name, headers).await
        {
            return response;
        }
        // A screen's address may hold any text, such as a batch's number; the console says which it does
        // not know.
        if name.as_deref() != Some("") && !is_navigation(headers) {
            return nothing_here();
        }
        match self.file("index.html", headers).await {
            Some(response) => response,
            None => {
                (StatusCode::SERVICE_UNAVAILABLE, "The console has not been built yet.\n").into_response()
            }
        }
    }

    /// The build of the console that is in the folder, where its manifest tells.
    pub async fn build(&self) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Manifest {
            build: String,
        }
        let bytes = tokio::fs::read(self.folder.join("parts.json")).await.ok()?;
        serde_json::from_slice(&bytes).ok().map(|Manifest { build }| build)
    }

    async fn file(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        let path = self.folder.join(name);
        let details = tokio::fs::metadata(&path).await.ok().filter(std::fs::Metadata::is_file)?;
        let media_type = media_type(&path);
        let encoding = Encoding::accepted(headers)
            .filter(|encoding| is_text_like(media_type) || encoding.is_ready(&path));
        let (bytes, encoding) = match encoding {
            Some(encoding) => match self.compressed.get(&path, &details, encoding).await {
                Ok(bytes) => (bytes, Some(encoding)),
                Err(_) => return None,
            },
            None => (tokio::fs::read(&path).await.ok()?.into(), None),
        };
        let tag = entity_tag(&details, encoding);
        let mut response =
            if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
                StatusCode::NOT_MODIFIED.into_response()
            } else {
                Response::new(Body::from(bytes))
            };
        let set = response.headers_mut();
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                set.insert(name, value);
            }
        };
        put(header::CONTENT_TYPE, media_type);
        put(header::ETAG, &tag);
        put(header::VARY, "accept-encoding");
        put(
            header::CACHE_CONTROL,
            if has_content_hash(name) { "public, max-age=31536000, immutable" } else { "no-cache" },
        );
        if let Some(encoding) = encoding {
            put(header::CONTENT_ENCODING, encoding.name());
        }
        if media_type.starts_with("text/html") {
            let html = tokio::fs::read_to_string(&path).await.unwrap_or_default();
            put(header::CONTENT_SECURITY_POLICY, &content_security::policy_for(&html));
            put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
            put(HeaderName::from_static("permissions-policy"), content_security::PERMISSIONS);
        }
        Some(response)
    }
}

/// The file that a path names, relative to the folder: nothing for a path that could lead out of it
/// or to a hidden file.
fn file_name(path: &str) -> Option<String> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let safe = |segment: &str| !segment.starts_with('.') && !segment.contains(['\\', '\0', ':']);
    let segments = decoded.split('/').filter(|segment| !segment.is_empty()).collect::<Vec<_>>();
    segments.iter().all(|segment| safe(segment)).then(|| segments.join("/"))
}

/// A browser going to an address, as opposed to a script or a page asking for a part of itself.
fn is_navigation(headers: &HeaderMap) -> bool {
    let mode = headers.get("sec-fetch-mode").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match mode {
        "" => wants_page(headers),
        mode => mode == "navigate",
    }
}

/// Nobody keeps it: a build that is being put in place may bring the file.
fn nothing_here() -> Response {
    let cache = [(header::CACHE_CONTROL, "no-store")];
    (StatusCode::NOT_FOUND, cache, "There is nothing at this address.\n").into_response()
}

/// Whether no other bytes will ever stand at this address: the file is in the folder of a build
/// (`app-1f0c6a3b9d2e4f58/usage-desk.js`, `cargo xtask dist`), or carries a hash itself, as Trunk gives it
/// (`usage-desk-1f0c6a3b9d2e4f58_bg.wasm`). Each is of sixteen digits: other numbers in names, such as those
/// of split modules, say nothing of the content.
fn has_content_hash(name: &str) -> bool {
    let is_hash = |part: &str| {
        part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    match name.split_once('/') {
        Some((folder, _)) => folder.strip_prefix("app-").is_some_and(is_hash),
        None => name.split(['-', '_', '.']).skip(1).any(is_hash),
    }
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn is_text_like(media_type: &str) -> bool {
    media_type.starts_with("text/")
        || ["application/wasm", "application/json", "application/manifest+json", "image/svg+xml"]
            .contains(&media_type)
}

fn entity_tag(details: &std::fs::Metadata, encoding: Option<Encoding>) -> String {
    let modified = details.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let encoding = encoding.map_or("plain", Encoding::name);
    format!("\"{:x}-{:x}-{encoding}\"", modified.map_or(0, |since| since.as_nanos()), details.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_leave_the_folder() {
        for (path, expected) in [
            ("/", Some("")),
            ("/a/b.js", Some("a/b.js")),
            ("//a//b.js", Some("a/b.js")),
            ("/a%20b.css", Some("a b.css")),
            ("/../secret", None),
            ("/%2e%2e/secret", None),
            ("/a/..%2f..%2fsecret", None),
            ("/..%5csecret", None),
            ("/.git/config", None),
            ("/a%00b", None),
            ("/c:/x", None),
            ("/%ff", None),
        ] {
            assert_eq!(file_name(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn only_hashed_names_are_kept_for_good() {
        for (name, hashed) in [
            ("usage-desk-1f0c6a3b9d2e4f58.js", true),
            ("usage-desk-1f0c6a3b9d2e4f58_bg.wasm", true),
            ("style-ab12cd34ef567890.css", true),
            ("index.html", false),
            ("favicon.ico", false),
            ("deadbeef.js", false),
            ("app-1f0c6a3b9d2e4f58/split_changes.wasm", true),
            ("app-1f0c6a3b9d2e4f5/split_changes.wasm", false),
            ("parts/usage-desk-1f0c6a3b9d2e4f58.js", false),
            ("split_lazy_page_10165190128342977145.wasm", false),
            ("parts.json", false),
        ] {
            assert_eq!(has_content_hash(name), hashed, "{name}");
        }
    }
}
