//! What the record store is told of a call, whichever system it went to.

use super::RecordKey;
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
