//! What can go wrong with a call, in words for a person.

use super::System;
use super::call::Answer;
use super::connections_file::connections;
use rest_contract::{ErrorBody, ReadError};
use std::time::Duration;

/// A call that did not bring what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Whose it is.
    pub system: System,
    pub kind: FailureKind,
    /// By which the server's own log knows the call.
    pub request_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FailureKind {
    /// No answer, or only part of one.
    Unreachable,
    /// The system's session is over, or there was none.
    SignedOut,
    /// What stands before the systems no longer knows the person: it sent a page to sign in at, or led
    /// to one. `was_sent` is false of a call that was not even tried since.
    AtGateway {
        was_sent: bool,
    },
    /// The web server answered with this console: the path leads to no system.
    NotRouted,
    /// What stands before the systems takes no request with so many headers: cookies have piled up.
    HeadersTooLarge,
    /// The question takes more bytes than an address may have; without their number, a server on the way said so.
    TooLong {
        bytes: Option<usize>,
    },
    /// What signs in or renews a session could not be done, in words; the call itself was not sent.
    AtProvider(String),
    /// The token service does not know the console, by this name among its clients.
    ClientRefused(String),
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
    /// The pages of a list do not make up what they announce; why, in words.
    NotWhole(String),
}

/// What helps where the browser's cookies are too many for a server on the way.
pub const TOO_MANY_COOKIES: &str = "The cookies of this site have piled up. Sign out at the gateway, or delete the cookies of this site in the browser\u{2019}s settings.";

impl Failure {
    pub fn new(system: System, kind: FailureKind) -> Self {
        Self { system, kind, request_id: None }
    }

    /// Whether the call certainly never reached the system.
    pub(super) fn is_unsent(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::SignedOut
                | FailureKind::AtGateway { was_sent: false }
                | FailureKind::HeadersTooLarge
                | FailureKind::NotRouted
                | FailureKind::AtProvider(_)
        )
    }

    /// Headers that are too large for one server alone: only what is asked there waits, and nothing stands over the page
    /// that would hold up the rest.
    pub(super) fn holds_up_one_base(&self) -> bool {
        self.kind == FailureKind::HeadersTooLarge && !self.system.is_at_the_main_base()
    }

    pub(super) fn of(answer: &Answer) -> Self {
        let body = || ErrorBody::read(answer.status, &answer.body);
        let kind = match answer.status {
            401 => FailureKind::SignedOut,
            403 => FailureKind::Forbidden(body().summary()),
            404 | 410 => FailureKind::NotFound,
            414 => FailureKind::TooLong { bytes: None },
            429 | 503 => FailureKind::Busy { retry_after: answer.retry_after },
            status => FailureKind::Refused(status, body()),
        };
        Self { system: answer.system, kind, request_id: answer.request_id.clone() }
    }

    pub(super) fn unreadable(answer: &Answer, error: &ReadError) -> Self {
        // A page that a proxy put in the answer's place is not worth a parser's complaint.
        let body = ErrorBody::read(answer.status, &answer.body);
        let is_page = body.title.starts_with("A web page");
        let reason = if is_page { format!("{}. {}", body.title, body.summary()) } else { error.to_string() };
        Self {
            system: answer.system,
            kind: FailureKind::Unreadable(reason),
            request_id: answer.request_id.clone(),
        }
    }

    /// What happened.
    pub fn title(&self) -> String {
        match &self.kind {
            FailureKind::Unreachable => "The server did not answer".to_owned(),
            FailureKind::SignedOut if self.system == System::main() => "Your session has ended".to_owned(),
            FailureKind::SignedOut => format!("Your session at {} has ended", self.system.name()),
            FailureKind::AtGateway { .. } => "You are no longer signed in at the gateway".to_owned(),
            FailureKind::HeadersTooLarge => "The request headers are too large".to_owned(),
            FailureKind::TooLong { .. } => "The question is too long".to_owned(),
            FailureKind::NotRouted => format!("This address does not lead to {}", self.system.name()),
            FailureKind::AtProvider(_) => "Could not sign in or renew the session".to_owned(),
            FailureKind::ClientRefused(_) => "The token service refused this console".to_owned(),
            FailureKind::Forbidden(_) => "Your role does not allow this".to_owned(),
            FailureKind::NotFound => "This does not exist".to_owned(),
            FailureKind::Busy { .. } => "The server is busy".to_owned(),
            FailureKind::Refused(status, _) => format!("The server refused the request ({status})"),
            FailureKind::Unreadable(_) => "The answer could not be read".to_owned(),
            FailureKind::NotWhole(reason) => reason.clone(),
        }
    }

    /// What it means and what to do.
    pub fn advice(&self) -> String {
        match &self.kind {
            FailureKind::Unreachable => "It may be stopped, or the connection is down. Nothing you typed is lost.".to_owned(),
            FailureKind::SignedOut => "Sign in again to go on where you were.".to_owned(),
            FailureKind::AtGateway { .. } => {
                "Sign in there in another tab. Nothing you typed is lost, and work goes on here by itself.".to_owned()
            }
            FailureKind::HeadersTooLarge => TOO_MANY_COOKIES.to_owned(),
            FailureKind::TooLong { bytes } => {
                let most = connections().limits.address_bytes;
                let begin = match bytes {
                    Some(bytes) => format!("It takes an address of {bytes} bytes, and {most} is the most."),
                    None => format!("A server on the way takes no address of this length, though it is below {most} bytes."),
                };
                format!("{begin} Ask for fewer values at once.")
            }
            FailureKind::NotRouted => {
                "The web server answered with this console. Whoever runs it has to route the path to the system.".to_owned()
            }
            FailureKind::AtProvider(words) => words.clone(),
            FailureKind::ClientRefused(client) if client.is_empty() => {
                "It wants a client of its own, and did not look at user and password. Name the client below.".to_owned()
            }
            FailureKind::ClientRefused(client) => format!(
                "It does not accept the client \u{201c}{client}\u{201d}, and did not look at user and password. Name another client below."
            ),
            FailureKind::Forbidden(reason) => reason.clone(),
            FailureKind::NotFound => "It may have been deleted, or the address is mistyped.".to_owned(),
            FailureKind::Busy { retry_after: Some(pause) } => {
                format!("Try again in {}.", pause_words(*pause))
            }
            FailureKind::Busy { retry_after: None } => "Try again in a moment.".to_owned(),
            FailureKind::Refused(406, body) if body.details.is_empty() => {
                "It cannot answer in the form that this console asks for (REST framework version 4). It gave no reason.".to_owned()
            }
            FailureKind::Refused(_, body) => body.summary(),
            FailureKind::Unreadable(_) => format!(
                "It is not what {} is to send here, and nothing was taken from it. Try again. If it stays so, hand the details to whoever runs the system.",
                self.system.name()
            ),
            FailureKind::NotWhole(_) => {
                "The list did not come whole. Try again. If it stays so, hand this to whoever runs the system.".to_owned()
            }
        }
    }

    /// By which those who run the system find what happened; empty where there is nothing.
    pub fn detail(&self) -> String {
        let request = self.request_id.as_ref().map(|id| match self.system {
            System::LogiSense => format!("Tracking id {id}"),
            _ => format!("Request {id}"),
        });
        let technical = match &self.kind {
            FailureKind::Unreadable(reason) => Some(reason.clone()),
            _ => None,
        };
        [request, technical].into_iter().flatten().collect::<Vec<_>>().join(". ")
    }
}

fn pause_words(pause: Duration) -> String {
    match pause.as_secs() {
        1 => "1 second".to_owned(),
        seconds @ 0..120 => format!("{seconds} seconds"),
        seconds @ 120..7200 => format!("{} minutes", seconds / 60),
        _ => "hours".to_owned(),
    }
}
