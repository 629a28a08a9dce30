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
use connections::page_headers::{Kept, ON_THE_PAGE};
use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};

use crate::access_tokens::hex;
use crate::page_or_data::wants_page;
use compressed::{CompressedFiles, Encoding};

#[derive(Clone, Debug)]
pub struct AppFiles {
    folder: Arc<PathBuf>,
    compressed: CompressedFiles,
    /// Where providers are besides, for the policy.
    endpoints: Arc<[String]>,
}

impl AppFiles {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder: Arc::new(folder), compressed: CompressedFiles::default(), endpoints: Arc::default() }
    }

    /// The page may ask these addresses of providers, too.
    #[must_use]
    pub fn with_endpoints(self, endpoints: Vec<String>) -> Self {
        Self { endpoints: endpoints.into(), ..self }
    }

    /// Answers a request that no API claims; the file names the systems that the console may ask.
    pub async fn answer(&self, request: Request, connections_file: Option<&Path>) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let allow = [(header::ALLOW, "GET, HEAD")];
            return (StatusCode::METHOD_NOT_ALLOWED, allow, "This address can only be read.\n")
                .into_response();
        }
        let headers = request.headers();
        let name = file_name(request.uri().path());
        if let Some(name) = name.as_deref().filter(|name| !name.is_empty())
            && let Some(response) = self.file(name, headers, connections_file).await
        {
            return response;
        }
        // A screen's address may hold any text, such as a batch's number; the console says which it does
        // not know.
        if name.as_deref() != Some("") && !is_navigation(headers) {
            return nothing_here();
        }
        match self.file("index.html", headers, connections_file).await {
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

    async fn file(
        &self,
        name: &str,
        headers: &HeaderMap,
        connections_file: Option<&Path>,
    ) -> Option<Response> {
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
        let policy = if media_type.starts_with("text/html") {
            let html = tokio::fs::read_to_string(&path).await.unwrap_or_default();
            Some(content_security::policy_for(&html, connections_file, &self.endpoints).await)
        } else {
            None
        };
        let tag = entity_tag(&details, encoding, policy.as_deref());
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
        put(header::CACHE_CONTROL, Kept::of_file(name).cache_control());
        if let Some(encoding) = encoding {
            put(header::CONTENT_ENCODING, encoding.name());
        }
        if let Some(policy) = policy {
            put(header::CONTENT_SECURITY_POLICY, &policy);
            for (name, value) in ON_THE_PAGE {
                if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                    put(name, value);
                }
            }
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
    let cache = [(header::CACHE_CONTROL, Kept::Never.cache_control())];
    (StatusCode::NOT_FOUND, cache, "There is nothing at this address.\n").into_response()
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

/// A browser that has a page keeps the policy that came with it, whatever a 304 says: with another policy it is another
/// page.
fn entity_tag(details: &std::fs::Metadata, encoding: Option<Encoding>, policy: Option<&str>) -> String {
    let modified = details.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let encoding = encoding.map_or("plain", Encoding::name);
    let policy = policy.map_or(String::new(), |policy| {
        let digest = Sha256::digest(policy);
        format!("-{}", hex(&digest[..8]))
    });
    format!("\"{:x}-{:x}{policy}-{encoding}\"", modified.map_or(0, |since| since.as_nanos()), details.len())
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
}
