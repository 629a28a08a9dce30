//! By whose clock months and days begin and end, where nothing else is said.

use crate::api::connections;
use crate::text::{offset_at, readers_zone};
use crate::ui::kept_settings::kept_zone;
use chrono::DateTime;

/// Whether the browser knows a zone.
pub fn is_known(zone: &str) -> bool {
    offset_at(&DateTime::UNIX_EPOCH, zone).is_some()
}

/// The zone that the person has set, that of the connections and that of the computer, as far as there are such and the
/// browser knows them: the first is the usual one.
pub fn usual_zones() -> impl Iterator<Item = String> {
    kept_zone().into_iter().filter(|zone| is_known(zone)).chain(given_zones())
}

/// The same for who has set none.
pub fn given_zones() -> impl Iterator<Item = String> {
    let given = [connections().default_zone.clone(), readers_zone()];
    given.into_iter().flatten().filter(|zone| is_known(zone))
}

/// The zone that the connections name, where this browser does not know it.
pub fn unknown_default_zone() -> Option<&'static str> {
    connections().default_zone.as_deref().filter(|zone| !is_known(zone))
}
