//! What can go wrong with a call, in words for a person.

use super::billing_session::elapsed;
use super::call::Answer;
use super::connections_file::connections;
use super::page_policy::blocked_words;
use super::system::TOKEN_PATH;
use super::{LargeHeaders, System};
use rest_contract::{ErrorBody, ReadError, RefusedBy, RefusedFor, TokenRefusal};
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
    /// The page's own policy lets nothing be asked at this origin: no call has left.
    Blocked(String),
    /// The system's session is over, or there was none.
    SignedOut,
    /// What stands before the systems no longer knows the person: it sent a page to sign in at, led to one, or turned
    /// the call away. `was_sent` is false of a call that reached no system: turned away, or not even tried since.
    AtGateway {
        was_sent: bool,
    },
    /// The web server answered with this console: the path leads to no system.
    NotRouted,
    /// What stands before the systems takes no request with headers of this size.
    HeadersTooLarge(LargeHeaders),
    /// The question takes more bytes than an address may have; without their number, a server on the way said so.
    TooLong {
        bytes: Option<usize>,
    },
    /// What signs in or renews a session could not be done, in words; the call itself was not sent.
    AtProvider(String),
    /// A session could not be renewed now, in words; it is tried again by itself when [`elapsed`] tells this, and the
    /// call itself was not sent.
    NotRenewed {
        words: String,
        next_try: u64,
    },
    /// The token service does not know the console, by this name among its clients; or, where it does not say which, it
    /// does not know the person.
    ClientRefused {
        client: String,
        perhaps_person: bool,
    },
    /// The token service gave no token, for any other reason.
    NoToken(TokenRefusal),
    /// A token was asked for, and what came says neither yes nor why not: by this status.
    NoTokenService(u16),
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
                | FailureKind::HeadersTooLarge(_)
                | FailureKind::NotRouted
                | FailureKind::Blocked(_)
                | FailureKind::AtProvider(_)
                | FailureKind::NotRenewed { .. }
        )
    }

    /// Headers that are too large for one server alone: only what is asked there waits, and nothing stands over the page
    /// that would hold up the rest.
    pub(super) fn holds_up_one_base(&self) -> bool {
        matches!(self.kind, FailureKind::HeadersTooLarge(_)) && !self.system.is_at_the_main_base()
    }

    /// A gateway at which nobody can sign in from here: it stands before a server of its own.
    fn is_at_another_gateway(&self) -> bool {
        !self.system.is_at_the_pages_origin(self.system.first_path())
    }

    pub(super) fn of(answer: &Answer) -> Self {
        let body = || ErrorBody::read(answer.status, &answer.body);
        let kind = match answer.status {
            401 => FailureKind::SignedOut,
            // A page that a firewall or a gateway put in the answer's place says nothing of the role.
            403 if answer.refused_by == RefusedBy::Either => FailureKind::Refused(403, body()),
            403 => FailureKind::Forbidden(body().summary()),
            404 | 410 => FailureKind::NotFound,
            414 => FailureKind::TooLong { bytes: None },
            425 | 429 | 503 => FailureKind::Busy { retry_after: answer.retry_after },
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

    /// How long it is until that is tried again by itself, if it is.
    pub fn next_try(&self) -> Option<Duration> {
        match self.kind {
            FailureKind::Busy { retry_after } => retry_after,
            FailureKind::NotRenewed { next_try, .. } => Some(until(next_try)),
            _ => None,
        }
    }

    /// What happened.
    pub fn title(&self) -> String {
        match &self.kind {
            FailureKind::Unreachable => "The server did not answer".to_owned(),
            FailureKind::Blocked(_) => "Blocked by this page\u{2019}s Content-Security-Policy".to_owned(),
            FailureKind::SignedOut if self.system == System::main() => "Your session has ended".to_owned(),
            FailureKind::SignedOut => format!("Your session at {} has ended", self.system.name()),
            FailureKind::AtGateway { .. } if self.is_at_another_gateway() => {
                format!("Something before {} answers in its place", self.system.name())
            }
            FailureKind::AtGateway { .. } => "You are no longer signed in at the gateway".to_owned(),
            FailureKind::HeadersTooLarge(_) => "The request headers are too large".to_owned(),
            FailureKind::TooLong { .. } => "The question is too long".to_owned(),
            FailureKind::NotRouted => format!("This address does not lead to {}", self.system.name()),
            FailureKind::AtProvider(_) => "Could not sign in or renew the session".to_owned(),
            FailureKind::NotRenewed { .. } => "Your session could not be renewed".to_owned(),
            FailureKind::ClientRefused { perhaps_person: true, .. } => {
                "The token service gave no token".to_owned()
            }
            FailureKind::ClientRefused { .. } => "The token service refused this console".to_owned(),
            FailureKind::NoToken(_) | FailureKind::NoTokenService(_) => {
                format!("{} gave no token", self.system.name())
            }
            FailureKind::Forbidden(_) => "Your role does not allow this".to_owned(),
            FailureKind::NotFound => "This does not exist".to_owned(),
            FailureKind::Busy { .. } => "The server is busy".to_owned(),
            FailureKind::Refused(status @ (408 | 499 | 502 | 504), _) => {
                format!("{} did not answer the server before it ({status})", self.system.name())
            }
            FailureKind::Refused(511, _) => "The network asks you to sign in (511)".to_owned(),
            FailureKind::Refused(status, _) => format!("The server refused the request ({status})"),
            FailureKind::Unreadable(_) => "The answer could not be read".to_owned(),
            FailureKind::NotWhole(reason) => reason.clone(),
        }
    }

    /// What it means and what to do.
    pub fn advice(&self) -> String {
        match &self.kind {
            FailureKind::Unreachable => "It may be stopped, or the connection is down. Nothing you typed is lost.".to_owned(),
            FailureKind::Blocked(origin) => blocked_words(origin),
            FailureKind::SignedOut => "Sign in again to go on where you were.".to_owned(),
            FailureKind::AtGateway { .. } if self.is_at_another_gateway() => {
                "It leads to a page to sign in at, or sends one. It stands at an address of its own, where this page shows no cookies, so signing in there does not help. Whoever set up this connection can let this page\u{2019}s calls through, or put the system behind this page\u{2019}s own address. Nothing you typed is lost.".to_owned()
            }
            FailureKind::AtGateway { .. } => {
                "Sign in there in another tab. Nothing you typed is lost, and work goes on here by itself.".to_owned()
            }
            FailureKind::HeadersTooLarge(by) => by.words(),
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
            FailureKind::AtProvider(words) | FailureKind::NotRenewed { words, .. } => words.clone(),
            FailureKind::NoToken(refusal) => match refusal.cause() {
                // Nobody typed anything for it: it was shown what the main system was.
                RefusedFor::Credentials | RefusedFor::Account | RefusedFor::Locked => format!(
                    "{} does not accept the user and the password that you signed in with. {}",
                    self.system.name(),
                    sentence(refusal.words())
                ),
                _ => token_words(refusal),
            },
            FailureKind::NoTokenService(status) => no_token_service_words(self.system, *status),
            FailureKind::ClientRefused { client, perhaps_person: true } => format!(
                "User and password may not match, or it does not accept the client \u{201c}{client}\u{201d}: its answer does not say which. Try again, or name another client below."
            ),
            FailureKind::ClientRefused { client, .. } => format!(
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
            FailureKind::Refused(status @ (408 | 499 | 502 | 504), body) => between_servers_words(self.system, *status, body),
            FailureKind::Refused(511, _) => {
                "Open another web page: the network leads to where you sign in.".to_owned()
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

    /// The same for a person who has just typed a user and a password.
    pub fn advice_at_sign_in(&self) -> String {
        match &self.kind {
            FailureKind::NoToken(refusal) => token_words(refusal),
            _ => self.advice(),
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

/// From now until [`elapsed`] tells this.
pub(super) fn until(due: u64) -> Duration {
    Duration::from_millis(due.saturating_sub(elapsed()))
}

/// Why a token service gives no token, and what to do.
fn token_words(refusal: &TokenRefusal) -> String {
    const ASK: &str = "Ask whoever set up this connection.";
    let (begin, end) = match refusal.cause() {
        RefusedFor::Credentials => {
            return "User and password do not match. Nothing was changed; try again.".to_owned();
        }
        RefusedFor::Locked => ("This account is locked", "Wait, or ask whoever runs the token service."),
        RefusedFor::Account => {
            ("The token service does not accept this user and password", "Nothing was changed.")
        }
        RefusedFor::Client => ("The token service does not accept this console as its client", ASK),
        RefusedFor::ClientsRight => {
            ("The token service does not let this console sign people in by a password", ASK)
        }
        RefusedFor::Kind => ("The token service gives no tokens for a password", ASK),
        RefusedFor::Scope => ("The token service does not give the rights that were asked for", ASK),
        RefusedFor::Request => ("The token service did not understand the request", ASK),
        RefusedFor::Other => ("The token service refused the request", ""),
    };
    [begin, ": ", &sentence(refusal.words()), " ", end].concat().trim_end().to_owned()
}

/// Another's words, ended as a sentence.
fn sentence(mut words: String) -> String {
    if !words.ends_with(['.', '!', '?', '\u{2026}']) {
        words.push('.');
    }
    words
}

fn no_token_service_words(system: System, status: u16) -> String {
    let address = system.address(TOKEN_PATH);
    match status {
        400 | 401 | 403 => format!(
            "What stands at {address} answers {status} and does not say why: user and password may not match, or a gateway before it does not know you. Try again, or open {address} in another tab, where a gateway would ask you to sign in."
        ),
        _ => format!(
            "There is no token service at {address}: what stands there answers {status}, without a token. tokenService in connections.json may be wrong, or {} knows people in another way.",
            system.name()
        ),
    }
}

/// Of an answer that a web server gave in a system's place. What it wrote itself tells a person nothing.
fn between_servers_words(system: System, status: u16, body: &ErrorBody) -> String {
    let name = system.name();
    let cause = match status {
        408 | 499 | 504 => {
            format!("It may be busy or stopped: {name} gave the web server no answer in time.")
        }
        _ => format!(
            "It may be stopped, or the web server cannot reach {name} or does not trust its certificate."
        ),
    };
    let said = if body.is_a_systems() { format!(" {}", body.summary()) } else { String::new() };
    format!("{cause} If it stays so, hand this to whoever runs the web server.{said}")
}

fn pause_words(pause: Duration) -> String {
    match pause.as_secs() {
        1 => "1 second".to_owned(),
        seconds @ 0..120 => format!("{seconds} seconds"),
        seconds @ 120..7200 => format!("{} minutes", seconds / 60),
        seconds @ 7200..172_800 => format!("{} hours", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
