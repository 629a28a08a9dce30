//! Compressed files: a ready-made `.br` or `.gz` beside the file where there is one, else compressed
//! once and kept in memory until the file changes.

use std::collections::HashMap;
use std::fs::Metadata;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::http::{HeaderMap, header};
use bytes::Bytes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// The best encoding that the client takes.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let accept = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
        let takes = |name: &str| {
            accept.split(',').any(|one| {
                let (coding, parameters) = one.split_once(';').unwrap_or((one, ""));
                let refused = matches!(parameters.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
                coding.trim().eq_ignore_ascii_case(name) && !refused
            })
        };
        [Self::Brotli, Self::Gzip].into_iter().find(|encoding| takes(encoding.name()))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// Whether the file was packed when it was built.
    pub(super) fn is_ready(self, path: &Path) -> bool {
        packed(path, self).is_file()
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }
}

/// A file at one moment, in one encoding.
type Key = (PathBuf, Encoding);
type Kept = (Option<SystemTime>, u64, Bytes);

#[derive(Clone, Debug, Default)]
pub(super) struct CompressedFiles(Arc<Mutex<HashMap<Key, Kept>>>);

impl CompressedFiles {
    pub(super) async fn get(&self, path: &Path, details: &Metadata, encoding: Encoding) -> io::Result<Bytes> {
        let (modified, length) = (details.modified().ok(), details.len());
        let key = (path.to_owned(), encoding);
        if let Some((at, size, bytes)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
            && (*at, *size) == (modified, length)
        {
            return Ok(bytes.clone());
        }
        let source = path.to_owned();
        let bytes = tokio::task::spawn_blocking(move || read_compressed(&source, modified, encoding))
            .await
            .map_err(io::Error::other)??;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Files of an earlier build are never asked for again.
        kept.retain(|(file, _), _| file.exists());
        kept.insert(key, (modified, length, bytes.clone()));
        Ok(bytes)
    }
}

/// Where the file stands packed, if it does.
fn packed(path: &Path, encoding: Encoding) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(encoding.extension());
    PathBuf::from(name)
}

fn read_compressed(path: &Path, modified: Option<SystemTime>, encoding: Encoding) -> io::Result<Bytes> {
    let ready = packed(path, encoding);
    let is_current = std::fs::metadata(&ready).and_then(|of| of.modified()).ok() >= modified;
    if is_current && let Ok(bytes) = std::fs::read(&ready) {
        return Ok(bytes.into());
    }
    let plain = std::fs::read(path)?;
    let bytes = match encoding {
        Encoding::Brotli => {
            // An unoptimised build of the compressor is some thirty times slower.
            let quality = if cfg!(debug_assertions) { 2 } else { 9 };
            let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, quality, 22);
            writer.write_all(&plain)?;
            writer.into_inner()
        }
        Encoding::Gzip => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            writer.write_all(&plain)?;
            writer.finish()?
        }
    };
    Ok(bytes.into())
}
