//! What can go wrong with a call, in words for a person.

use super::call::Answer;
use rest_contract::{ErrorBody, ReadError};
use std::time::Duration;

/// A call that did not bring what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    pub kind: FailureKind,
    /// By which the server's own log knows the call.
    pub request_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FailureKind {
    /// No answer, or only part of one.
    Unreachable,
    /// The session is over, or there was none.
    SignedOut,
    /// The role does not allow it.
    Forbidden(String),
    NotFound,
    /// The server asks for a pause.
    Busy {
        retry_after: Option<Duration>,
    },
    /// Any other refusal.
    Refused(u16, ErrorBody),
    /// An answer came and is not what was due.
    Unreadable(String),
}

impl From<FailureKind> for Failure {
    fn from(kind: FailureKind) -> Self {
        Self { kind, request_id: None }
    }
}

impl Failure {
    pub(super) fn of(answer: &Answer) -> Self {
        let body = || ErrorBody::read(answer.status, &answer.body);
        let kind = match answer.status {
            401 => FailureKind::SignedOut,
            403 => FailureKind::Forbidden(body().summary()),
            404 | 410 => FailureKind::NotFound,
            429 | 503 => FailureKind::Busy { retry_after: answer.retry_after },
            status => FailureKind::Refused(status, body()),
        };
        Self { kind, request_id: answer.request_id.clone() }
    }

    pub(super) fn unreadable(answer: &Answer, error: &ReadError) -> Self {
        // A page that a proxy put in the answer's place is not worth a parser's complaint.
        let body = ErrorBody::read(answer.status, &answer.body);
        let is_page = body.title.starts_with("A web page");
        let reason = if is_page { format!("{}. {}", body.title, body.summary()) } else { error.to_string() };
        Self { kind: FailureKind::Unreadable(reason), request_id: answer.request_id.clone() }
    }

    /// What happened.
    pub fn title(&self) -> String {
        match &self.kind {
            FailureKind::Unreachable => "The server did not answer".to_owned(),
            FailureKind::SignedOut => "Your session has ended".to_owned(),
            FailureKind::Forbidden(_) => "Your role does not allow this".to_owned(),
            FailureKind::NotFound => "This does not exist".to_owned(),
            FailureKind::Busy { .. } => "The server is busy".to_owned(),
            FailureKind::Refused(status, _) => format!("The server refused the request ({status})"),
            FailureKind::Unreadable(_) => "The answer could not be read".to_owned(),
        }
    }

    /// What it means and what to do.
    pub fn advice(&self) -> String {
        match &self.kind {
            FailureKind::Unreachable => "It may be stopped, or the connection is down. Nothing you typed is lost.".to_owned(),
            FailureKind::SignedOut => "Sign in again to go on where you were.".to_owned(),
            FailureKind::Forbidden(reason) => reason.clone(),
            FailureKind::NotFound => "It may have been deleted, or the address is mistyped.".to_owned(),
            FailureKind::Busy { retry_after: Some(pause) } => {
                format!("It asked for a pause of {} seconds.", pause.as_secs())
            }
            FailureKind::Busy { retry_after: None } => "It asked for a pause. Try again in a moment.".to_owned(),
            FailureKind::Refused(406, body) if body.details.is_empty() => {
                "It cannot answer in the form that this console asks for (REST framework version 4). It gave no reason.".to_owned()
            }
            FailureKind::Refused(_, body) => body.summary(),
            FailureKind::Unreadable(reason) => reason.clone(),
        }
    }
}
