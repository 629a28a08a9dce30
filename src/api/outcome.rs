//! What the record store is told of a call, whichever system it went to.

use super::RecordKey;
use super::call::Answer;
use super::failure::{Failure, FailureKind, until};
use record_store::{Fields, Outcome, Reason, RefusalKind, Version, map_of};
use rest_contract::{Record, Value};

/// The version of a record that was read.
pub fn version_of(record: &Record) -> Version {
    let order = record.get("ObjectVersionNumber").and_then(Value::as_integer);
    Version {
        token: record.change_indicator().unwrap_or_default().to_owned(),
        order: order.and_then(|number| u64::try_from(number).ok()),
    }
}

/// The fields of a record that was read, as the store keeps them.
pub fn fields_of(record: &Record) -> Fields<&'static str, Value> {
    map_of(record.present().map(|(field, value)| (field.name, value.clone())))
}

/// What an answer to a write means that any server on the way may give, whichever system it stands before.
pub(super) fn of_server_on_the_way(answer: &Answer) -> Option<Outcome<RecordKey, &'static str, Value>> {
    match answer.status {
        // Such a server may have handed the write on, and gave up waiting for what became of it.
        408 | 499 => Some(Outcome::Lost),
        // It did not: by 425 it has the request sent again as it is (RFC 8470, 5.2).
        425 | 429 | 503 => Some(Outcome::Pressure { retry_after: answer.retry_after }),
        _ => None,
    }
}

/// What became of a call that changes something and brought no answer of the system.
pub(super) fn no_answer(failure: &Failure) -> Outcome<RecordKey, &'static str, Value> {
    match failure.kind {
        FailureKind::NotRouted | FailureKind::Blocked(_) | FailureKind::AtProvider(_) => {
            Outcome::NotSent { retry_after: None }
        }
        FailureKind::NotRenewed { next_try, .. } => Outcome::NotSent { retry_after: Some(until(next_try)) },
        _ if failure.holds_up_one_base() => Outcome::NotSent { retry_after: None },
        FailureKind::TooLong { .. } => refused_here(format!("{}. {}", failure.title(), failure.advice())),
        _ if failure.is_unsent() => Outcome::SessionExpired,
        _ => Outcome::Lost,
    }
}

/// What the look after a lost answer met with, where it tells nothing of what became of an action.
pub(super) fn probe_failed(failure: Failure) -> Outcome<RecordKey, &'static str, Value> {
    match failure.kind {
        FailureKind::Forbidden(message) => refused(RefusalKind::Role, message),
        FailureKind::NotFound => Outcome::Lost,
        _ => read_outcome(Err(failure)),
    }
}

/// What a read of the store's own brought.
pub fn read_outcome(read: Result<Record, Failure>) -> Outcome<RecordKey, &'static str, Value> {
    if read.as_ref().is_err_and(Failure::holds_up_one_base) {
        return Outcome::Lost;
    }
    match read.map_err(|failure| failure.kind) {
        Ok(record) => Outcome::Read { version: version_of(&record), fields: fields_of(&record) },
        Err(FailureKind::SignedOut | FailureKind::AtGateway { .. } | FailureKind::HeadersTooLarge(_)) => {
            Outcome::SessionExpired
        }
        Err(FailureKind::NotFound) => Outcome::Gone,
        Err(FailureKind::Busy { retry_after }) => Outcome::Pressure { retry_after },
        Err(FailureKind::NotRenewed { next_try, .. }) => {
            Outcome::NotSent { retry_after: Some(until(next_try)) }
        }
        Err(
            FailureKind::Unreachable
            | FailureKind::Blocked(_)
            | FailureKind::NotRouted
            | FailureKind::TooLong { .. }
            | FailureKind::AtProvider(_)
            | FailureKind::ClientRefused { .. }
            | FailureKind::NoToken(_)
            | FailureKind::NoTokenService(_)
            | FailureKind::Unreadable(_)
            | FailureKind::NotWhole(_)
            | FailureKind::Forbidden(_)
            | FailureKind::Refused(..),
        ) => Outcome::Lost,
    }
}

/// The console itself says no.
pub(super) fn refused_here(message: String) -> Outcome<RecordKey, &'static str, Value> {
    refused(RefusalKind::Business, message)
}

pub(super) fn refused(kind: RefusalKind, message: String) -> Outcome<RecordKey, &'static str, Value> {
    Outcome::Refused { kind, reasons: vec![Reason { field: None, message, code: None }] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::System;
    use rest_contract::RefusedBy;
    use std::time::Duration;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_a_server_on_the_way_gives_up_on_is_in_doubt_and_what_it_puts_off_is_sent_again() {
        let retry_after = Some(Duration::from_secs(7));
        let outcome = |status| {
            of_server_on_the_way(&Answer {
                system: System::Oracle,
                status,
                etag: None,
                retry_after,
                request_id: None,
                asks_by_basic: false,
                refused_by: RefusedBy::System,
                date: None,
                body: b"<html>".to_vec(),
            })
        };
        for status in [408, 499] {
            assert_eq!(outcome(status), Some(Outcome::Lost), "{status}");
        }
        for status in [425, 429, 503] {
            assert_eq!(outcome(status), Some(Outcome::Pressure { retry_after }), "{status}");
        }
        for status in [200, 400, 409, 412, 431, 502] {
            assert_eq!(outcome(status), None, "{status}");
        }
    }
}
