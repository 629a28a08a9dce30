//! Whether a change of this browser was confirmed after the figures were read: then they are of before it.

use crate::api::System;
use crate::data::session::Session;
use crate::data::sync::ChangeStatus;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// When the last change was confirmed, by the server's clock, if that was after the figures were asked for. Which came
/// first, this computer's own clock tells.
pub fn own_change_after(
    session: Session,
    asked_at: RwSignal<Option<DateTime<Utc>>>,
) -> Memo<Option<DateTime<Utc>>> {
    Memo::new(move |_| {
        session.sync.log_revision.track();
        let asked_at = asked_at.get()?;
        let last = session.sync.with_log(|log| {
            let done = log.entries().filter(|entry| entry.status() == ChangeStatus::Settled);
            done.filter_map(|entry| entry.ended_at()).max()
        })?;
        let here = DateTime::from_timestamp_millis(i64::try_from(last.0).ok()?)?;
        let ahead = Utc::now() - session.client.now_at(System::Oracle);
        (here > asked_at).then(|| here - ahead)
    })
}
