//! The periods whose books are closed, read when a list of events opens, and again where an action or the overview
//! rests on them: somebody may have closed one meanwhile. The server refuses whatever is not known here yet.

use super::Lookups;
use crate::api::FailureKind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::closed_period::{CLOSED_PERIOD, ClosedPeriod};
use std::sync::Arc;

impl Lookups {
    pub fn want_closed_periods(&self) {
        let lookups = *self;
        spawn_local(async move { lookups.read_closed_periods().await });
    }

    /// Reads the closed periods. Where that fails, what is known stays; a system without them has none.
    pub async fn read_closed_periods(&self) {
        let sign_in_count = self.sign_in_count.get_value();
        let read = self.client.list_of_values(&CLOSED_PERIOD).await;
        if self.sign_in_count.try_get_value() != Some(sign_in_count) {
            return;
        }
        let periods = match read {
            Ok(records) => Some(records.iter().filter_map(ClosedPeriod::of).collect::<Vec<_>>()),
            Err(failure) if failure.kind == FailureKind::NotFound => None,
            Err(failure) => return leptos::logging::warn!("closed periods not read: {}", failure.title()),
        };
        if self.tables.with_untracked(|tables| tables.closed_periods != periods) {
            self.tables.update(|tables| Arc::make_mut(tables).closed_periods = periods);
            self.revision.update(|revision| *revision += 1);
        }
    }
}
