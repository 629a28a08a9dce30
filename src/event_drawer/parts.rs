//! Reading an event with its charges and messages, and keeping them up to date while it is open.

use crate::record_sync::RecordSync;
use crate::rest_client::{Failure, FailureKind, RecordKey, Resource, fields_of, key_of, version_of};
use crate::sign_in::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::Record;
use std::sync::Arc;

/// What hangs on the event. Charges are known to the store by their keys; messages are only read.
#[derive(Clone, Debug)]
pub struct Children {
    pub charges: Arc<[RecordKey]>,
    pub messages: Arc<[Record]>,
}

#[derive(Clone, Debug)]
pub enum PartsRead {
    Reading,
    Failed(Failure),
    Here(Children),
}

impl PartsRead {
    /// Whether the same charges and messages are there already; their fields are the store's to tell.
    fn shows(&self, children: &Children) -> bool {
        let Self::Here(known) = self else { return false };
        known.charges == children.charges
            && known.messages.iter().map(Record::key).eq(children.messages.iter().map(Record::key))
    }
}

/// The open event; a handle.
#[derive(Clone, Copy)]
pub struct EventParts {
    session: Session,
    key: StoredValue<RecordKey>,
    pub read: RwSignal<PartsRead>,
}

impl EventParts {
    /// Made within the drawer, whose end lets the records go.
    pub fn open(session: Session, key: RecordKey) -> Self {
        let parts = Self { session, key: StoredValue::new(key), read: RwSignal::new(PartsRead::Reading) };
        let renewed = session.renewed;
        Effect::new(move || {
            renewed.track();
            parts.read_again();
        });
        // Held only once they are known, or the store would read them a second time.
        Effect::new(move || {
            if let PartsRead::Here(children) = parts.read.get() {
                session.sync.hold(parts.key.get_value());
                for charge in children.charges.iter() {
                    session.sync.hold(charge.clone());
                }
            }
        });
        parts
    }

    pub fn read_again(&self) {
        let (session, key, read) = (self.session, self.key.get_value(), self.read);
        let stamp = session.sync.stamp();
        spawn_local(async move {
            let result = session.client.read_record(&key).await;
            if read.try_get_untracked().is_none() {
                return;
            }
            match result {
                Ok(event) => {
                    session.sync.item_read(key.clone(), stamp, version_of(&event), fields_of(&event));
                    let children = Children {
                        charges: take_charges(&session.sync, stamp, &key, &event),
                        messages: event.children("usageMessages").unwrap_or_default().into(),
                    };
                    // Drawing the parts anew would end what is being typed, so only where they differ.
                    if !read.with_untracked(|now| now.shows(&children)) {
                        read.set(PartsRead::Here(children));
                    }
                }
                Err(failure) => {
                    if failure.kind == FailureKind::SignedOut {
                        session.expire();
                    }
                    if !matches!(read.get_untracked(), PartsRead::Here(_)) {
                        read.set(PartsRead::Failed(failure));
                    }
                }
            }
        });
    }
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
