//! Reading an event with its charges and messages, and keeping them up to date while it is open.

use crate::api::{RecordKey, Resource, fields_of, key_of, version_of};
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::data::sync::RecordSync;
use leptos::prelude::*;
use rest_contract::Record;
use rest_contract::oracle::charged_amounts::missing_charges;
use std::sync::Arc;

/// What hangs on the event. Charges are known to the store by their keys; messages are only read.
#[derive(Clone, Debug)]
pub struct Children {
    pub charges: Arc<[RecordKey]>,
    /// Some charges did not come, or could not be read at all.
    pub lacks_charges: bool,
    pub messages: Arc<[Record]>,
}

/// Two are alike where they hold the same charges and messages: their fields are the store's to tell.
impl PartialEq for Children {
    fn eq(&self, other: &Self) -> bool {
        self.charges == other.charges
            && self.lacks_charges == other.lacks_charges
            && self.messages.iter().map(Record::key).eq(other.messages.iter().map(Record::key))
    }
}

/// The open event. Made within the drawer, whose end lets the records go.
pub fn open_event(session: Session, key: RecordKey) -> Fetched<Children> {
    let own = key.clone();
    let parts = Fetched::new(session, async move || {
        let stamp = session.sync.stamp();
        let event = session.client.read_record(&key).await?;
        session.sync.item_read(key.clone(), stamp, version_of(&event), fields_of(&event));
        Ok(Children {
            charges: take_charges(&session.sync, stamp, &key, &event),
            lacks_charges: missing_charges(&event) > 0,
            messages: event.children("usageMessages").unwrap_or_default().into(),
        })
    });
    // Held only once they are known, or the store would read them a second time.
    Effect::new(move || {
        parts.found.with(|children| {
            let Some(children) = children else { return };
            session.sync.hold(own.clone());
            children.charges.iter().for_each(|charge| session.sync.hold(charge.clone()));
        });
    });
    parts.read_when(session, || ())
}

fn take_charges(
    sync: &RecordSync,
    stamp: record_store::Stamp,
    event: &RecordKey,
    record: &Record,
) -> Arc<[RecordKey]> {
    let charges = record.children("usageCharges").unwrap_or_default();
    let keys = charges.iter().filter_map(|charge| {
        let key = key_of(Resource::Charge, charge, Some(event))?;
        sync.item_read(key.clone(), stamp, version_of(charge), fields_of(charge));
        Some(key)
    });
    keys.collect()
}
