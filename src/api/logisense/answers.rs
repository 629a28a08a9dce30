//! What an answer of LogiSense says: the tracking id, the object in whatever wrapping, the reasons of
//! a refusal.

use super::access::NoAnswer;
use crate::api::RecordKey;
use crate::api::call::Answer;
use crate::api::failure::{Failure, FailureKind, until};
use crate::api::outcome::{no_answer, of_server_on_the_way, refused};
use record_store::{Outcome, Reason, RefusalKind};
use rest_contract::{ErrorBody, ReadError, RefusedBy, Value};
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(super) type Answered = Outcome<RecordKey, &'static str, Value>;

/// The answer with the id by which LogiSense's log knows the call, where it tells one.
pub(super) fn tracked(answer: Answer) -> Answer {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Tracked {
        tracking_id: Option<String>,
    }
    let told = serde_json::from_slice::<Tracked>(&answer.body).ok().and_then(|told| told.tracking_id);
    let told = told.filter(|id| !id.is_empty());
    Answer { request_id: told.or(answer.request_id), ..answer }
}

/// Some calls are answered 200 and say in their body that they failed.
fn has_errors(answer: &Answer) -> bool {
    #[derive(Deserialize)]
    struct Errors<'a> {
        #[serde(default, borrow)]
        errors: Vec<&'a serde_json::value::RawValue>,
    }
    serde_json::from_slice::<Errors<'_>>(&answer.body).is_ok_and(|body| !body.errors.is_empty())
}

/// The status by which an answer counts: an error that comes as a success counts as a bad request.
pub(super) fn status_of(answer: &Answer) -> u16 {
    if (200..300).contains(&answer.status) && has_errors(answer) { 400 } else { answer.status }
}

/// The body of a reading.
pub(super) fn read<T: DeserializeOwned>(answer: Answer) -> Result<T, Failure> {
    read_whole(answer, |body| {
        serde_json::from_slice(body).map_err(|error| ReadError::Malformed(error.to_string()))
    })
}

pub(super) fn read_whole<T>(
    answer: Answer,
    read: impl FnOnce(&[u8]) -> Result<T, ReadError>,
) -> Result<T, Failure> {
    let status = status_of(&answer);
    let answer = Answer { status, ..answer }.succeeded()?;
    read(&answer.body).map_err(|error| Failure::unreadable(&answer, &error))
}

/// What an answer that is no success means for a write or an action.
pub(super) fn refusal(answer: &Answer, reword: impl Fn(&str) -> String) -> Answered {
    if let Some(outcome) = of_server_on_the_way(answer) {
        return outcome;
    }
    let kind = match status_of(answer) {
        401 => return Outcome::SessionExpired,
        403 if answer.refused_by == RefusedBy::Either => RefusalKind::Business,
        403 => RefusalKind::Role,
        404 | 410 => return Outcome::Gone,
        412 => return Outcome::Stale { current: None },
        400..=499 => RefusalKind::Business,
        _ => return Outcome::Lost,
    };
    let body = ErrorBody::read(answer.status, &answer.body);
    let mut messages: Vec<_> = body.details.iter().map(|detail| reword(&detail.detail)).collect();
    messages.retain(|message| !message.is_empty());
    if messages.is_empty() {
        messages.push(body.summary());
    }
    if let (Some(last), Some(id)) = (messages.last_mut(), &answer.request_id) {
        last.push_str(&format!(" (tracking id {id})"));
    }
    let reason = |message| Reason { field: None, message, code: None };
    Outcome::Refused { kind, reasons: messages.into_iter().map(reason).collect() }
}

/// What became of a request that changes something and was not answered.
pub(super) fn unanswered(why: NoAnswer) -> Answered {
    match why {
        NoAnswer::NotSent(failure) => not_begun(failure),
        NoAnswer::Lost(failure) => no_answer(&failure),
    }
}

/// The reading before a write, or the token for it, failed: the write never left.
pub(super) fn not_begun(failure: Failure) -> Answered {
    match failure.kind {
        _ if failure.holds_up_one_base() => Outcome::NotSent { retry_after: None },
        FailureKind::SignedOut | FailureKind::AtGateway { .. } | FailureKind::HeadersTooLarge(_) => {
            Outcome::SessionExpired
        }
        FailureKind::NotFound => Outcome::Gone,
        FailureKind::Busy { retry_after } => Outcome::Pressure { retry_after },
        FailureKind::NotRenewed { next_try, .. } => Outcome::NotSent { retry_after: Some(until(next_try)) },
        FailureKind::NoToken(_) => refused(RefusalKind::Business, failure.advice()),
        FailureKind::Forbidden(message) => refused(RefusalKind::Role, message),
        FailureKind::Refused(status, body) if status < 500 => refused(RefusalKind::Business, body.summary()),
        FailureKind::Refused(..)
        | FailureKind::Unreachable
        | FailureKind::Blocked(_)
        | FailureKind::NotRouted
        | FailureKind::TooLong { .. }
        | FailureKind::AtProvider(_)
        | FailureKind::ClientRefused { .. }
        | FailureKind::NoTokenService(_)
        | FailureKind::Unreadable(_)
        | FailureKind::NotWhole(_) => Outcome::NotSent { retry_after: None },
    }
}
