//! A try of one connection: whether the system that connections.json names answers there.

use super::call::{Answer, Call};
use super::failure::{Failure, FailureKind};
use super::page_policy::blocked_origin;
use super::system::{TOKEN_PATH, framework_version};
use super::{RestClient, SignInMethod, System};
use crate::next_task::within;
use gloo_net::http::{Method, RequestBuilder};
use rest_contract::logisense::LOGIN_PATH;
use rest_contract::{AnswerShape, TokenAnswer, TokenRefusal, Vendor, shape_of};
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestRedirect, ResponseType};

/// Of the whole try, in milliseconds.
const TIME_LIMIT: u32 = 15_000;

/// What keeps a connection from being what connections.json says.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionFault {
    /// The system could not be asked, or did not give what it was asked for.
    System(Failure),
    /// It answers; whoever gives tokens for it does not.
    TokenService(Failure),
    /// It answers; something else answers where tokens are given for it, by this status.
    TokenStranger { status: u16, shape: AnswerShape },
    /// The address leads to another one.
    LeadsElsewhere,
    /// Something else answers there, by this status.
    Stranger { status: u16, shape: AnswerShape },
}

impl From<Failure> for ConnectionFault {
    fn from(failure: Failure) -> Self {
        Self::System(failure)
    }
}

impl RestClient {
    /// Asks a system for the first of what the console reads there, as who is signed in, if anybody is; then whoever
    /// gives tokens for it, where that is somewhere else.
    ///
    /// # Errors
    /// Whatever keeps its screens from being filled.
    pub async fn try_connection(&self, system: System) -> Result<(), ConnectionFault> {
        // It asks several things one after the other, each of which may hang.
        let tried = within(TIME_LIMIT.cast_signed(), self.ask_all(system)).await;
        tried.unwrap_or_else(|| Err(Failure::new(system, FailureKind::Unreachable).into()))
    }

    async fn ask_all(&self, system: System) -> Result<(), ConnectionFault> {
        let Some(connection) = system.connection() else { return Ok(()) };
        if connection.open_id_connect.is_some() {
            let endpoints = self.provider_endpoints(system).await?;
            must_be_let_ask(system, &endpoints.token).await?;
        }
        // What stood in the way at an earlier test may have gone.
        self.look_at_gateway().await;
        let judged = match self.first_read(system).await {
            Ok(answer) => judge(&answer),
            // A page as well as a redirect counts as a gateway's in any other call.
            Err(failure) if matches!(failure.kind, FailureKind::AtGateway { .. }) => {
                seen_at(system, failure).await
            }
            Err(failure) => Err(failure.into()),
        };
        let is_there = match &judged {
            Ok(()) => true,
            Err(ConnectionFault::System(failure)) => failure.kind == FailureKind::SignedOut,
            Err(_) => false,
        };
        let is_asked =
            system == System::LogiSense || connection.methods().contains(&SignInMethod::TokenService);
        if is_there && connection.token_service.is_some() && is_asked {
            let path = if system == System::LogiSense { LOGIN_PATH } else { TOKEN_PATH };
            // Asked as in a sign-in, but for nobody: what it says of that shows whether it gives tokens.
            let headers = &[("Content-Type", "application/x-www-form-urlencoded")];
            let body = Some("grant_type=password".to_owned());
            let call = Call { method: Method::POST, path, headers, body };
            let answer = self.send_as_nobody(system, None, call).await;
            judge_token_service(&answer.map_err(ConnectionFault::TokenService)?)?;
        }
        judged
    }

    async fn first_read(&self, system: System) -> Result<Answer, Failure> {
        let version = [framework_version()];
        let headers: &[_] = if system == System::Oracle { &version } else { &[] };
        let call = Call { headers, ..Call::get(system.first_path()) };
        if self.has_ended(system) {
            return self.send_as(system, None, call).await;
        }
        match system {
            System::LogiSense => {
                let authorization = match self.billing_token(None).await {
                    Ok(token) => Some(format!("Bearer {token}")),
                    // It may be another system altogether, which is told better than that nobody is signed in.
                    Err(failure) if failure.kind == FailureKind::SignedOut => None,
                    Err(failure) => return Err(failure),
                };
                self.send_as(system, authorization, call).await
            }
            System::Oracle | System::CloudFoundry => self.send(system, call).await,
        }
    }
}

/// Whether the page's own policy lets a sign-in be completed at this token endpoint. What that answers here is of no
/// account.
async fn must_be_let_ask(system: System, address: &str) -> Result<(), Failure> {
    let request = RequestBuilder::new(address)
        .method(Method::HEAD)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)));
    if request.send().await.is_ok() {
        return Ok(());
    }
    match blocked_origin(address).await {
        Some(origin) => Err(Failure::new(system, FailureKind::Blocked(origin))),
        None => Ok(()),
    }
}

/// What an answer says of the system that was asked.
fn judge(answer: &Answer) -> Result<(), ConnectionFault> {
    let (status, shape) = (answer.status, shape_of(&answer.body));
    // A web server before a system, or its own, may word a challenge as a page.
    let is_challenge = status == 401 && shape == AnswerShape::Page && answer.asks_by_basic;
    match (is_challenge || is_of(answer.system, status, shape), status) {
        (false, _) => Err(ConnectionFault::Stranger { status, shape }),
        (true, 200..300) => Ok(()),
        (true, _) => Err(Failure::of(answer).into()),
    }
}

/// Whether an answer is of the system that was asked. One that refuses who asks need not say so in a form of its own.
fn is_of(system: System, status: u16, shape: AnswerShape) -> bool {
    let vendor = match system {
        System::Oracle => Vendor::Oracle,
        System::LogiSense => Vendor::LogiSense,
        System::CloudFoundry => Vendor::CloudFoundry,
    };
    match status {
        200..300 => shape == AnswerShape::Records(vendor),
        401 | 403 => {
            matches!(shape, AnswerShape::Empty | AnswerShape::Text) || shape == AnswerShape::Refusal(vendor)
        }
        404 | 410 => shape == AnswerShape::Refusal(vendor),
        _ => true,
    }
}

/// Whether an answer to a request without a user is that of something that gives tokens.
fn judge_token_service(answer: &Answer) -> Result<(), ConnectionFault> {
    let (status, shape) = (answer.status, shape_of(&answer.body));
    let refuses = || match shape {
        AnswerShape::Refusal(vendor) => vendor == Vendor::LogiSense,
        AnswerShape::OtherJson => TokenRefusal::read(&answer.body).is_some(),
        // It wants to know its client before it says a word.
        AnswerShape::Empty | AnswerShape::Text => answer.asks_by_basic,
        AnswerShape::Page | AnswerShape::Records(_) => false,
    };
    match status {
        400 | 401 | 403 if refuses() => Ok(()),
        200..300 if TokenAnswer::read(&answer.body).is_ok() => Ok(()),
        429 | 500.. => Err(ConnectionFault::TokenService(Failure::of(answer))),
        _ => Err(ConnectionFault::TokenStranger { status, shape }),
    }
}

/// What answers where a gateway's answer was met, or is still in the way.
async fn seen_at(system: System, met: Failure) -> Result<(), ConnectionFault> {
    let request = RequestBuilder::new(&system.address(system.first_path()))
        .cache(RequestCache::NoStore)
        .redirect(RequestRedirect::Manual)
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)));
    let Ok(response) = request.send().await else { return Err(met.into()) };
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(ConnectionFault::LeadsElsewhere);
    }
    let Ok(body) = response.binary().await else { return Err(met.into()) };
    judge_seen(system, response.status(), &body, met)
}

/// What says nothing of who gave it is the gateway's that was met.
fn judge_seen(system: System, status: u16, body: &[u8], met: Failure) -> Result<(), ConnectionFault> {
    let shape = shape_of(body);
    match (status, shape) {
        (401 | 403, AnswerShape::Empty | AnswerShape::Text) => Err(met.into()),
        (200..300 | 401 | 403 | 404 | 410, _) if !is_of(system, status, shape) => {
            Err(ConnectionFault::Stranger { status, shape })
        }
        (200..300, _) => Ok(()),
        (401, _) => Err(Failure::new(system, FailureKind::SignedOut).into()),
        _ => Err(met.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rest_contract::RefusedBy;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn answer(system: System, status: u16, body: &str) -> Answer {
        Answer {
            system,
            status,
            etag: None,
            retry_after: None,
            request_id: None,
            asks_by_basic: false,
            refused_by: RefusedBy::System,
            date: None,
            body: body.into(),
        }
    }

    #[wasm_bindgen_test]
    fn only_what_refuses_as_a_token_service_is_taken_for_one() {
        let judged = |status, body: &str| judge_token_service(&answer(System::Oracle, status, body));
        for (status, body) in [
            (400, r#"{"error":"invalid_request"}"#),
            (401, r#"{"error":"unauthorized","error_description":"Bad credentials"}"#),
            (400, r#"{"trackingId":"5f","errors":[{"message":"No user"}]}"#),
            (200, r#"{"access_token":"a"}"#),
        ] {
            assert_eq!(judged(status, body), Ok(()), "{status} {body}");
        }
        for (status, body, shape) in [
            (405, "", AnswerShape::Empty),
            (404, "<html>", AnswerShape::Page),
            (404, r#"{"error":"Not Found"}"#, AnswerShape::OtherJson),
            (401, "<html>", AnswerShape::Page),
            (401, "", AnswerShape::Empty),
            (400, "{}", AnswerShape::OtherJson),
            (200, r#"{"status":"UP"}"#, AnswerShape::OtherJson),
            (
                401,
                r#"{"errors":[{"code":10002,"title":"CF-NotAuthenticated"}]}"#,
                AnswerShape::Refusal(Vendor::CloudFoundry),
            ),
        ] {
            let stranger = Err(ConnectionFault::TokenStranger { status, shape });
            assert_eq!(judged(status, body), stranger, "{status} {body}");
        }
        let asks = Answer { asks_by_basic: true, ..answer(System::Oracle, 401, "") };
        assert_eq!(judge_token_service(&asks), Ok(()));
        assert!(matches!(judged(503, "<html>"), Err(ConnectionFault::TokenService(_))));
    }

    #[wasm_bindgen_test]
    fn what_answers_behind_a_gateway_is_judged_as_any_answer() {
        let met = || Failure::new(System::Oracle, FailureKind::AtGateway { was_sent: true });
        let seen = |status, body: &str| judge_seen(System::Oracle, status, body.as_bytes(), met());
        let refusal = r#"{"title":"Unauthorized","status":"401","o:errorDetails":[]}"#;
        let signed_out = Failure::new(System::Oracle, FailureKind::SignedOut);
        assert_eq!(seen(401, refusal), Err(ConnectionFault::System(signed_out)));
        assert_eq!(seen(200, r#"{"items":[],"hasMore":false}"#), Ok(()));
        assert_eq!(seen(401, "Unauthorized"), Err(ConnectionFault::System(met())));
        assert_eq!(seen(503, "<html>"), Err(ConnectionFault::System(met())));
        let page = ConnectionFault::Stranger { status: 200, shape: AnswerShape::Page };
        assert_eq!(seen(200, "<html>"), Err(page));
    }

    #[wasm_bindgen_test]
    fn only_the_system_that_was_asked_is_taken_for_it() {
        let judged = |system, status, body: &str| judge(&answer(system, status, body));
        let stranger = |status, shape| Err(ConnectionFault::Stranger { status, shape });
        let failed = |system, kind| Err(ConnectionFault::System(Failure::new(system, kind)));
        let oracle = r#"{"items":[],"count":0,"hasMore":false}"#;
        let platform = r#"{"pagination":{"total_results":0},"resources":[]}"#;
        assert_eq!(judged(System::Oracle, 200, oracle), Ok(()));
        assert_eq!(judged(System::CloudFoundry, 200, platform), Ok(()));
        assert_eq!(judged(System::LogiSense, 200, r#"{"trackingId":"1","items":[]}"#), Ok(()));
        let swapped = stranger(200, AnswerShape::Records(Vendor::CloudFoundry));
        assert_eq!(judged(System::Oracle, 200, platform), swapped);
        assert_eq!(judged(System::Oracle, 200, "{}"), stranger(200, AnswerShape::OtherJson));
        assert_eq!(judged(System::Oracle, 200, ""), stranger(200, AnswerShape::Empty));
        assert_eq!(judged(System::Oracle, 204, ""), stranger(204, AnswerShape::Empty));
        assert_eq!(judged(System::Oracle, 404, "<html>"), stranger(404, AnswerShape::Page));
        assert_eq!(judged(System::Oracle, 401, "<html>"), stranger(401, AnswerShape::Page));
        assert_eq!(judged(System::Oracle, 401, "{}"), stranger(401, AnswerShape::OtherJson));
        assert_eq!(judged(System::Oracle, 401, ""), failed(System::Oracle, FailureKind::SignedOut));
        let challenge = Answer { asks_by_basic: true, ..answer(System::Oracle, 401, "<html>") };
        assert_eq!(judge(&challenge), failed(System::Oracle, FailureKind::SignedOut));
        let refusal = r#"{"errors":[{"code":10010,"title":"CF-ResourceNotFound"}]}"#;
        assert_eq!(
            judged(System::CloudFoundry, 404, refusal),
            failed(System::CloudFoundry, FailureKind::NotFound)
        );
        assert!(matches!(
            judged(System::Oracle, 502, "<html>"),
            Err(ConnectionFault::System(Failure { kind: FailureKind::Refused(502, _), .. }))
        ));
    }
}
