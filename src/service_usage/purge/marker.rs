//! The marker of a purge that was sent, in this browser's storage, for every tab and after a reload.

use leptos::prelude::*;
use rest_contract::cloud_foundry::PurgeMarker;

const KEY: &str = "usage-desk.purge-sent";

pub fn stored() -> Option<PurgeMarker> {
    let text = window().local_storage().ok()??.get_item(KEY).ok()??;
    PurgeMarker::read(&text)
}

/// Whether the marker is written now. It is never written over another.
pub fn write(marker: &PurgeMarker) -> bool {
    let Ok(Some(storage)) = window().local_storage() else { return false };
    matches!(storage.get_item(KEY), Ok(None))
        && storage.set_item(KEY, &marker.to_json()).is_ok()
        && stored().as_ref() == Some(marker)
}

pub fn clear() {
    if let Ok(Some(storage)) = window().local_storage() {
        // What cannot be removed is found again and read again; nothing is sent because of it.
        let _ = storage.remove_item(KEY);
    }
}
