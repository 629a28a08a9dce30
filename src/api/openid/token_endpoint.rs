//! The call by which a code or a refresh token becomes tokens.

use crate::api::page_policy::{blocked_origin, blocked_words};
use crate::api::request_log::note_provider_request;
use chrono::Utc;
use gloo_net::http::{Method, RequestBuilder, Response};
use rest_contract::{TokenFault, TokenRefusal, read_retry_after};
use std::time::Duration;
use web_sys::{AbortSignal, RequestCredentials, RequestRedirect};

/// In milliseconds.
pub(super) const TIME_LIMIT: u32 = 20_000;

/// What came. The life of the access token is not asked: it is renewed when a system no longer takes it.
pub(super) use rest_contract::TokenAnswer as Given;

/// Why nothing came.
#[derive(Clone)]
pub(super) enum NotGiven {
    /// The provider said no, in a form that can be read (RFC 6749, 5.2).
    Refused(TokenRefusal),
    /// It answered, but cannot say now: nothing was used up.
    NotNow { status: u16, retry_after: Option<Duration> },
    /// No answer, or part of one: whether it was done nobody knows.
    Lost,
    /// The page's own policy lets nothing be asked at this origin: nothing has left.
    Blocked(String),
    /// An answer came that gives none that is of use.
    Unreadable(TokenFault),
}

impl NotGiven {
    /// Whether it is something else than the end of what was given once.
    pub(super) fn is_odd(&self) -> bool {
        match self {
            Self::Refused(refusal) => !refusal.is_of_the_grant(),
            Self::Unreadable(_) | Self::Blocked(_) => true,
            Self::NotNow { .. } | Self::Lost => false,
        }
    }
}

/// What an answer of a token endpoint says, by its status and its bytes.
pub(super) fn read(status: u16, body: &[u8], retry_after: Option<Duration>) -> Result<Given, NotGiven> {
    match status {
        // A page that something on the way put in its place.
        200 if body.trim_ascii_start().starts_with(b"<") => Err(NotGiven::NotNow { status, retry_after }),
        200 => Given::read(body).map_err(NotGiven::Unreadable),
        400 | 401 | 403 => Err(match TokenRefusal::read(body) {
            Some(refusal) if !refusal.is_for_now() => NotGiven::Refused(refusal),
            Some(_) | None => NotGiven::NotNow { status, retry_after },
        }),
        // There is nothing to wait for: the person signs in again, and what waits stays.
        404 | 405 | 410 => {
            let said = format!("there is nothing at its address, it answers {status}");
            Err(NotGiven::Refused(TokenRefusal { error: String::new(), said }))
        }
        _ => Err(NotGiven::NotNow { status, retry_after }),
    }
}

pub(super) async fn ask(address: &str, form: String) -> Result<Given, NotGiven> {
    let Some(response) = post(address, form, TIME_LIMIT).await else {
        return Err(blocked_origin(address).await.map_or(NotGiven::Lost, NotGiven::Blocked));
    };
    let retry_after = response.headers().get("Retry-After");
    let retry_after = retry_after.and_then(|text| read_retry_after(&text, Utc::now()));
    let body = response.binary().await.map_err(|_| NotGiven::Lost)?;
    read(response.status(), &body, retry_after)
}

/// The answer to a form, if one comes within the limit, in milliseconds.
pub(super) async fn post(address: &str, form: String, limit: u32) -> Option<Response> {
    let request = RequestBuilder::new(address)
        .method(Method::POST)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(limit)))
        .header("Accept", "application/json")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form)
        .ok()?;
    let sent_at = Utc::now();
    let response = request.send().await.ok();
    note_provider_request(&Method::POST, address, sent_at, response.as_ref().map(Response::status));
    response
}

/// For the person, of a sign-in.
pub(super) fn words(host: &str, not_given: NotGiven) -> String {
    match not_given {
        NotGiven::Refused(refusal) => format!("{host} does not give a token: {}.", refusal.words()),
        NotGiven::NotNow { status, .. } => {
            format!("{host} cannot give a token now: {}. Try again.", cause(status))
        }
        NotGiven::Lost => format!("{host} did not answer when it was to give a token. Try again."),
        NotGiven::Blocked(origin) => blocked_words(&origin),
        NotGiven::Unreadable(fault) => {
            format!("What {host} gave cannot be used: {}. Hand this to whoever runs it.", fault.words())
        }
    }
}

fn cause(status: u16) -> String {
    match status {
        200 => "a web page came in place of a token".to_owned(),
        300..400 => "something on the way leads to another page".to_owned(),
        _ => format!("it answers {status}"),
    }
}

/// That a renewal has to wait, for the person.
pub(super) fn not_now(host: &str, status: u16) -> String {
    format!(
        "{host} cannot renew your session now: {}. Nothing is lost, and the console asks again by itself.",
        cause(status)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn only_a_refusal_that_can_be_read_is_one() {
        let outcome = |status: u16, body: &str| match read(status, body.as_bytes(), None) {
            Ok(given) => given.access_token,
            Err(NotGiven::Refused(refusal)) => format!("refused: {}", refusal.words()),
            Err(NotGiven::NotNow { status, .. }) => format!("not now: {status}"),
            Err(NotGiven::Lost | NotGiven::Blocked(_)) => "lost".to_owned(),
            Err(NotGiven::Unreadable(_)) => "unreadable".to_owned(),
        };
        for (status, body, expected) in [
            (200, r#"{"access_token":"a.b","token_type":"bearer","expires_in":"300"}"#, "a.b"),
            (200, r#"{"access_token":"a.b","expires_in":-1,"scope":null}"#, "a.b"),
            (200, r#"{"access_token":"a\r\nCookie: b","token_type":"Bearer"}"#, "unreadable"),
            (200, r#"{"access_token":"a","token_type":"DPoP"}"#, "unreadable"),
            (200, r#"{"access_token":""}"#, "unreadable"),
            (200, "\n<!doctype html>", "not now: 200"),
            (200, "yes", "unreadable"),
            (404, "", "refused: there is nothing at its address, it answers 404"),
            (400, r#"{"error":"invalid_grant"}"#, "refused: invalid_grant"),
            (
                401,
                r#"{"error":"invalid_client","error_description":" Unknown client "}"#,
                "refused: Unknown client (invalid_client)",
            ),
            (400, "<html>Bad Request", "not now: 400"),
            (503, r#"{"error":"temporarily_unavailable"}"#, "not now: 503"),
            (429, "", "not now: 429"),
            (400, r#"{"error":"temporarily_unavailable"}"#, "not now: 400"),
            (400, r#"{"error":"server_error","error_description":"Try later"}"#, "not now: 400"),
        ] {
            assert_eq!(outcome(status, body), expected, "{status} {body}");
        }
    }
}
