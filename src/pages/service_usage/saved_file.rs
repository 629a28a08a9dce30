//! Reading a saved copy back: what is on the disk is counted, hashed and understood, piece by piece.

use super::saved_copy::digits;
use js_sys::{ArrayBuffer, Uint8Array};
use rest_contract::cloud_foundry::{UsageEvent, UsageTable};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Bytes taken at once.
const PIECE: u32 = 4 << 20;

/// What a file holds.
pub struct SavedCopy {
    pub events: UsageTable,
    pub sha256: String,
}

/// None where the file cannot be read or is no copy of events.
pub async fn read_back(file: &File) -> Option<SavedCopy> {
    let mut hash = Sha256::new();
    let mut events = UsageTable::default();
    let mut rest = Vec::new();
    // exact-in-double: a file's size, which the browser gives and takes as a double.
    let (size, mut at) = (file.size(), 0_f64);
    while at < size {
        // exact-in-double: the same.
        let end = (at + f64::from(PIECE)).min(size);
        let piece = file.slice_with_f64_and_f64(at, end).ok()?;
        let buffer: ArrayBuffer = JsFuture::from(piece.array_buffer()).await.ok()?.unchecked_into();
        let bytes = Uint8Array::new(&buffer).to_vec();
        hash.update(&bytes);
        rest.extend(bytes);
        let whole_lines = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        for line in rest.get(..whole_lines)?.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let event = UsageEvent::read(std::str::from_utf8(line).ok()?);
            if event.fault().is_some() {
                return None;
            }
            events.push(&event);
        }
        rest.drain(..whole_lines);
        at = end;
    }
    rest.is_empty().then(|| SavedCopy { events, sha256: digits(hash) })
}
