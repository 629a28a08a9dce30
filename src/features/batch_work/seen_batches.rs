//! Batches as a list showed them last. The page of one begins with that, so that its head stands before the
//! batch itself is read.

use leptos::prelude::*;
use rest_contract::Record;
use std::collections::HashMap;
use std::sync::Arc;

/// So many are kept; a list that shows more than that begins anew.
const MOST: usize = 1_000;

/// A handle. It ends with the session: what one person saw is not the next one's.
#[derive(Clone, Copy)]
pub struct SeenBatches(StoredValue<HashMap<String, Arc<Record>>>);

impl SeenBatches {
    pub fn new() -> Self {
        Self(StoredValue::new(HashMap::new()))
    }

    pub fn see(&self, batch: &Record) {
        let Some(number) = batch.key() else { return };
        self.0.update_value(|seen| {
            if seen.len() >= MOST {
                seen.clear();
            }
            seen.insert(number, Arc::new(batch.clone()));
        });
    }

    pub fn get(&self, number: &str) -> Option<Arc<Record>> {
        self.0.with_value(|seen| seen.get(number).cloned())
    }
}
