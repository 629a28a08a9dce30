//! The marker of a purge that was sent, in this browser's storage, for every tab and after a reload.

use crate::api::connections;
use leptos::prelude::*;
use rest_contract::cloud_foundry::PurgeMarker;

/// Of one platform alone: another connections.json may name another one.
fn key() -> String {
    match connections().identity() {
        none if none.is_empty() => "usage-desk.purge-sent".to_owned(),
        identity => format!("usage-desk.purge-sent {identity}"),
    }
}

/// What the browser holds of an earlier purge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    Nothing,
    Marker(PurgeMarker),
    /// Something that is no marker any more: a purge may have been sent, and nobody can tell which.
    Unreadable,
}

pub fn stored() -> Stored {
    let text = || window().local_storage().ok()??.get_item(&key()).ok()?;
    match text() {
        None => Stored::Nothing,
        Some(text) => PurgeMarker::read(&text).map_or(Stored::Unreadable, Stored::Marker),
    }
}

/// Whether the marker is written now. It is never written over another.
pub fn write(marker: &PurgeMarker) -> bool {
    let Ok(Some(storage)) = window().local_storage() else { return false };
    matches!(storage.get_item(&key()), Ok(None))
        && storage.set_item(&key(), &marker.to_json()).is_ok()
        && stored() == Stored::Marker(marker.clone())
}

pub fn clear() {
    if let Ok(Some(storage)) = window().local_storage() {
        // What cannot be removed is found again and read again; nothing is sent because of it.
        let _ = storage.remove_item(&key());
    }
}
