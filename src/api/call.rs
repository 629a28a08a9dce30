//! One HTTP call: bytes out, bytes in.

use super::cut_by_leaving::until_stayed;
use super::failure::{Failure, FailureKind};
use super::gateway::is_page_kept_back;
use super::page_policy::unanswered;
use super::request_log::note_request;
use super::{Barrier, LargeHeaders, RestClient, System};
use chrono::Utc;
use connections::BrowserCredentials;
use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::Reflect;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use rest_contract::{RefusedBy, read_http_date, read_retry_after};
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{
    AbortController, AbortSignal, RequestCache, RequestCredentials, RequestRedirect, ResponseType,
};

/// After this long without an answer a call counts as lost: the person must not wait for ever, and
/// a write that is lost is looked up, never forgotten.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// What stands in the console's own page, and in no page of a gateway.
const OWN_PAGE: &[u8] = b"Loading Usage Desk";

#[derive(Clone)]
pub(super) struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: Option<String>,
}

impl<'a> Call<'a> {
    pub(super) fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, headers: &[], body: None }
    }
}

/// What makes up the size of a call: a shorter one might get through where it does not.
#[derive(Clone, Default)]
pub(super) struct LargeCall {
    path: Option<String>,
    authorization: Option<String>,
    headers: Vec<(String, String)>,
}

impl LargeCall {
    fn of(authorization: Option<String>, call: &Call<'_>) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            path: Some(call.path.to_owned()),
            authorization,
            headers: call.headers.iter().map(owned).collect(),
        }
    }
}

/// An answer of any status.
pub(super) struct Answer {
    pub system: System,
    pub status: u16,
    pub etag: Option<String>,
    pub retry_after: Option<Duration>,
    pub request_id: Option<String>,
    /// Whose answer it is, where it turns the person away. It is none of the page's own gateway.
    pub refused_by: RefusedBy,
    /// It asks for a user and a password by the browser's own dialog.
    pub asks_by_basic: bool,
    /// The server's clock when it answered, in seconds since 1970.
    pub date: Option<i64>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The answer where it is a success, what went wrong where it is not.
    pub(super) fn succeeded(self) -> Result<Self, Failure> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(Failure::of(&self)) }
    }
}

/// What ends a call: its time, or whoever made it.
fn time_limit(abort: Option<AbortController>) -> (AbortSignal, Limit) {
    match abort {
        Some(controller) => {
            let signal = controller.signal();
            let timer = set_timeout_with_handle(move || controller.abort(), TIME_LIMIT);
            (signal, Limit(timer.ok()))
        }
        None => {
            let limit = u32::try_from(TIME_LIMIT.as_millis()).unwrap_or(u32::MAX);
            (AbortSignal::timeout_with_u32(limit), Limit(None))
        }
    }
}

/// Ends the wait for the time limit with the call.
struct Limit(Option<TimeoutHandle>);

impl Drop for Limit {
    fn drop(&mut self) {
        if let Some(timer) = self.0.take() {
            timer.clear();
        }
    }
}

impl RestClient {
    /// Sends a call with what the person signed in with, and waits for the whole body. An error here
    /// means that no (whole) answer of the system came; whether the call took effect is known only where
    /// the failure says so.
    pub(super) async fn send(&self, system: System, call: Call<'_>) -> Result<Answer, Failure> {
        if self.has_ended(system) {
            return Err(Failure::new(system, FailureKind::SignedOut));
        }
        let mut authorization = self.authorization_at(system);
        let mut is_last = !self.is_renewable(system);
        loop {
            let answer = self.send_as(system, authorization.clone(), call.clone()).await?;
            if is_last || answer.status != 401 {
                return Ok(answer);
            }
            // What is answered so was not done. It is sent once more, if there is something newer to show.
            let Some((renewed, is_fresh)) = self.renewed(system, authorization).await? else {
                return Ok(answer);
            };
            authorization = Some(renewed);
            is_last = is_fresh;
        }
    }

    /// The same for a call that goes with another token, or with none.
    pub(super) async fn send_as(
        &self,
        system: System,
        authorization: Option<String>,
        call: Call<'_>,
    ) -> Result<Answer, Failure> {
        if !system.exists() {
            return Err(Failure::new(system, FailureKind::NotRouted));
        }
        match self.gateway.get_untracked() {
            Some((_, Barrier::SignIn)) => {
                return Err(Failure::new(system, FailureKind::AtGateway { was_sent: false }));
            }
            Some((_, Barrier::Headers(by))) => {
                return Err(Failure::new(system, FailureKind::HeadersTooLarge(by)));
            }
            None => {}
        }
        if !system.takes(call.path) {
            return Err(system.too_long(call.path));
        }
        let credentials = self.credentials_for(system).await;
        let sent_at = Utc::now().timestamp();
        let abort = self.abort.and_then(|abort| abort.try_get_value());
        let mut result = fetch_until(system, authorization.clone(), call.clone(), credentials, abort).await;
        if let Err(Failure { kind: FailureKind::HeadersTooLarge(by), .. }) = &mut result {
            *by = Box::pin(blame(system, call.path, authorization.as_deref(), credentials)).await;
        }
        if let Ok(Answer { date: Some(date), .. }) = &result {
            self.note_clock(system, *date, &(sent_at..=Utc::now().timestamp()));
        }
        match &result {
            Err(Failure { kind: FailureKind::AtGateway { .. }, .. }) => {
                Box::pin(self.meet_gateway(system, call.path, Barrier::SignIn)).await;
            }
            Err(Failure { kind: FailureKind::HeadersTooLarge(by), .. }) => {
                self.meet_large_headers(system, authorization, &call, *by).await;
            }
            // A system that asks so gets no credentials of the browser's any more: they bring its dialog.
            Ok(answer) if answer.asks_by_basic => self.remember(system, RequestCredentials::Omit),
            _ => {}
        }
        if result.is_ok() && self.too_large_at.get_untracked().is_some_and(|(at, _)| at == system) {
            self.too_large_at.set(None);
        }
        if let Ok(answer) = &result {
            self.note_who_refused(answer, call.path);
        }
        result
    }

    /// Keeps in mind whether the last word of a system may have been its gateway's.
    fn note_who_refused(&self, answer: &Answer, path: &str) {
        let system = answer.system;
        let is_unclear = answer.status == 401
            && answer.refused_by == RefusedBy::Either
            && system.is_at_the_pages_origin(path);
        let is_noted = self.perhaps_gateway.get_untracked() == Some(system);
        if is_unclear != is_noted {
            self.perhaps_gateway.set(is_unclear.then_some(system));
        }
    }

    /// Whether the browser's own credentials go along. A gateway knows people by its cookies, so they
    /// do; but where a system asks by Basic they would bring the browser's dialog, so there they do not.
    /// Each system is asked once, as nobody, what it asks by; all who want to know wait for that.
    async fn credentials_for(&self, system: System) -> RequestCredentials {
        let said = system.connection().and_then(|connection| connection.credentials);
        let said = said.map(|said| match said {
            BrowserCredentials::SameOrigin => RequestCredentials::SameOrigin,
            BrowserCredentials::Omit => RequestCredentials::Omit,
        });
        if let Some(known) = said.or_else(|| self.known_credentials(system)) {
            return known;
        }
        let asked = self.asked.with_value(|asked| asked.get(&system).cloned()).unwrap_or_else(|| {
            let client = *self;
            let asked = future_to_promise(async move {
                let call = Call::get(system.first_path());
                match fetch(system, None, call, RequestCredentials::Omit).await {
                    Ok(answer) if answer.asks_by_basic => client.remember(system, RequestCredentials::Omit),
                    // Not to be told yet.
                    Err(failure) if failure.kind == FailureKind::Unreachable => {}
                    Ok(_) | Err(_) => client.remember(system, RequestCredentials::SameOrigin),
                }
                client.asked.update_value(|asked| {
                    asked.remove(&system);
                });
                Ok(JsValue::UNDEFINED)
            });
            self.asked.update_value(|all| {
                all.insert(system, asked.clone());
            });
            asked
        });
        // What it brought is remembered.
        let _ = JsFuture::from(asked).await;
        self.known_credentials(system).unwrap_or(RequestCredentials::Omit)
    }

    fn known_credentials(&self, system: System) -> Option<RequestCredentials> {
        self.credentials.with_value(|known| known.get(&system).copied())
    }

    fn remember(&self, system: System, credentials: RequestCredentials) {
        self.credentials.update_value(|known| {
            known.insert(system, credentials);
        });
    }

    pub(super) async fn meet_large_headers(
        &self,
        system: System,
        authorization: Option<String>,
        call: &Call<'_>,
        by: LargeHeaders,
    ) {
        self.too_large.set_value(LargeCall::of(authorization, call));
        Box::pin(self.meet_gateway(system, call.path, Barrier::Headers(by))).await;
    }

    /// Looks whether the gateway lets calls through again. Where headers were too large, the look is as large as what
    /// was refused.
    pub(super) async fn is_let_through(&self, system: System, barrier: Barrier) -> bool {
        let credentials = self.credentials_for(system).await;
        let refused = match barrier {
            // What only its token service is there for tells nothing.
            Barrier::SignIn if !system.is_at_the_pages_origin(system.first_path()) => {
                return !is_page_kept_back().await;
            }
            Barrier::SignIn => LargeCall::default(),
            Barrier::Headers(_) => self.too_large.get_value(),
        };
        let headers: Vec<_> =
            refused.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let path = refused.path.as_deref().unwrap_or(system.first_path());
        let call = Call { headers: &headers, ..Call::get(path) };
        let gets_through = fetch(system, refused.authorization, call, credentials).await.is_ok();
        if gets_through {
            self.too_large.set_value(LargeCall::default());
        }
        gets_through
    }
}

/// A token of fewer bytes is not what fills the headers: servers take 8,000 at least.
const LARGE_TOKEN: usize = 4_000;

/// A shorter address is not what a server finds too large.
const LONG_ADDRESS: usize = 2_000;

/// What makes the headers of a call to this path too large, told by a call that goes without what the person shows the
/// system.
pub(super) async fn blame(
    system: System,
    path: &str,
    authorization: Option<&str>,
    credentials: RequestCredentials,
) -> LargeHeaders {
    let token = authorization.and_then(|shown| shown.strip_prefix("Bearer "));
    let bytes = token.map_or(0, str::len);
    if bytes < LARGE_TOKEN {
        return without_large_token(system.address(path).len());
    }
    let without = fetch(system, None, Call::get(system.first_path()), credentials).await;
    match without {
        Err(Failure { kind: FailureKind::HeadersTooLarge(_), .. }) => LargeHeaders::Cookies,
        Ok(_) | Err(_) => LargeHeaders::Token(bytes),
    }
}

/// Of cookies a page sees only those that are not kept from scripts.
fn without_large_token(address: usize) -> LargeHeaders {
    let cookies = Reflect::get(&document(), &"cookie".into()).ok().and_then(|cookies| cookies.as_string());
    if cookies.is_some_and(|cookies| !cookies.is_empty()) {
        return LargeHeaders::Cookies;
    }
    LargeHeaders::Unclear { address: (address >= LONG_ADDRESS).then_some(address) }
}

pub(super) async fn fetch(
    system: System,
    authorization: Option<String>,
    call: Call<'_>,
    credentials: RequestCredentials,
) -> Result<Answer, Failure> {
    fetch_until(system, authorization, call, credentials, None).await
}

async fn fetch_until(
    system: System,
    authorization: Option<String>,
    call: Call<'_>,
    credentials: RequestCredentials,
    abort: Option<AbortController>,
) -> Result<Answer, Failure> {
    let (method, path, sent_at) = (call.method.clone(), call.path, Utc::now());
    let result = answered(system, authorization, call, credentials, abort).await;
    if let Err(Failure { kind: FailureKind::Unreachable, .. }) = result {
        until_stayed().await;
    }
    note_request(system, &method, path, sent_at, &result);
    result
}

async fn answered(
    system: System,
    authorization: Option<String>,
    call: Call<'_>,
    credentials: RequestCredentials,
    abort: Option<AbortController>,
) -> Result<Answer, Failure> {
    if !system.holds(call.path) {
        return Err(Failure::new(system, FailureKind::NotRouted));
    }
    let values = call.headers.iter().map(|(_, value)| *value).chain(authorization.as_deref());
    if values.into_iter().any(|value| !can_stand_in_a_header(value)) {
        let words =
            "What is to be sent with the request holds a line break or another sign that no header takes.";
        return Err(Failure::new(system, FailureKind::AtProvider(words.to_owned())));
    }
    let is_here = system.is_at_the_pages_origin(call.path);
    let (signal, _limit) = time_limit(abort);
    let address = system.address(call.path);
    let mut request = RequestBuilder::new(&address)
        .method(call.method)
        // What a browser kept is no reading, whatever a server or a gateway lets it keep: not of a record, nor of a redirect.
        .cache(RequestCache::NoStore)
        .abort_signal(Some(&signal))
        .credentials(credentials)
        .redirect(RequestRedirect::Manual)
        .header("Accept", "application/json, application/vnd.oracle.adf.error+json");
    if let Some(authorization) = authorization {
        request = request.header("Authorization", &authorization);
    }
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    let request = match call.body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let lost = |_| Failure::new(system, FailureKind::Unreachable);
    let Ok(response) = request.map_err(lost)?.send().await else {
        return Err(unanswered(system, &address).await);
    };
    // No API of these leads elsewhere: what does, leads to where one signs in.
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(Failure::new(system, FailureKind::AtGateway { was_sent: true }));
    }
    let (content_type, challenge) =
        (header(&response, "Content-Type"), header(&response, "WWW-Authenticate"));
    let date = header(&response, "Date").and_then(|text| read_http_date(&text, Utc::now()));
    let mut answer = Answer {
        system,
        status: response.status(),
        etag: header(&response, "ETag"),
        // By the server's own clock where it tells it.
        retry_after: header(&response, "Retry-After")
            .and_then(|text| read_retry_after(&text, date.unwrap_or_else(Utc::now))),
        date: date.map(|date| date.timestamp()),
        request_id: header(&response, "X-VCAP-Request-ID").or_else(|| header(&response, "X-Request-Id")),
        asks_by_basic: response.status() == 401 && challenge.as_deref().is_some_and(names_basic),
        refused_by: RefusedBy::System,
        body: without_mark(response.binary().await.map_err(lost)?),
    };
    let is_page = content_type.as_deref().is_some_and(names_page);
    if matches!(answer.status, 431 | 494) || (answer.status == 400 && is_page && names_headers(&answer.body))
    {
        return Err(Failure::new(system, FailureKind::HeadersTooLarge(LargeHeaders::Cookies)));
    }
    if (200..300).contains(&answer.status) && is_page {
        let is_own = is_own_page(&answer.body);
        let kind = if is_own { FailureKind::NotRouted } else { FailureKind::AtGateway { was_sent: true } };
        return Err(Failure { request_id: answer.request_id, ..Failure::new(system, kind) });
    }
    let by =
        RefusedBy::of(answer.status, content_type.as_deref(), challenge.as_deref(), is_here, &answer.body);
    // The gateway that turns a call away keeps the page's own files back too.
    if by == RefusedBy::Gateway || by == RefusedBy::Either && is_here && Box::pin(is_page_kept_back()).await {
        let kind = FailureKind::AtGateway { was_sent: false };
        return Err(Failure { request_id: answer.request_id, ..Failure::new(system, kind) });
    }
    // What is no page, and no gateway's, tells of the role.
    let is_page = is_page || answer.body.trim_ascii_start().starts_with(b"<");
    answer.refused_by = if answer.status == 403 && !is_page { RefusedBy::System } else { by };
    Ok(answer)
}

/// Whether this is the console's own page.
pub(super) fn is_own_page(body: &[u8]) -> bool {
    body.windows(OWN_PAGE.len()).any(|part| part == OWN_PAGE)
}

/// Whether a browser takes a text as a header's value: it throws over what it does not take.
pub(super) fn can_stand_in_a_header(value: &str) -> bool {
    value.chars().all(|sign| u32::from(sign) < 256 && !matches!(sign, '\0' | '\r' | '\n'))
}

/// The bytes without a byte order mark before them, which some servers and gateways send and no JSON has.
fn without_mark(mut body: Vec<u8>) -> Vec<u8> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if body.starts_with(MARK) {
        body.drain(..MARK.len());
    }
    body
}

/// Whether a page says that the headers of the request are too large, as nginx, Apache and IIS do.
fn names_headers(page: &[u8]) -> bool {
    let page = String::from_utf8_lossy(page).to_ascii_lowercase();
    ["header or cookie too large", "header field exceeds", "request headers is too long"]
        .iter()
        .any(|words| page.contains(words))
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name)
}

fn names_page(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "text/html" | "application/xhtml+xml")
}

/// Whether one of the challenges is Basic: they may come in one header, in any order.
fn names_basic(challenges: &str) -> bool {
    let mut words = challenges.split([',', ' ']).map(str::trim);
    words.any(|word| word.eq_ignore_ascii_case("basic"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_makes_headers_too_large_is_told_as_far_as_it_can_be_seen() {
        assert_eq!(without_large_token(1_999), LargeHeaders::Unclear { address: None });
        let long = without_large_token(5_000);
        assert_eq!(long, LargeHeaders::Unclear { address: Some(5_000) });
        assert!(long.words().starts_with("The address of 5000 bytes may be too long, the cookies"));
        let set = |cookie: &str| Reflect::set(&document(), &"cookie".into(), &JsValue::from(cookie));
        assert_eq!(set("gateway=x"), Ok(true));
        assert_eq!(without_large_token(5_000), LargeHeaders::Cookies);
        assert_eq!(set("gateway=; max-age=0"), Ok(true));
    }

    #[wasm_bindgen_test]
    fn one_mark_before_an_answer_is_no_part_of_it() {
        for (body, read) in [
            ("\u{feff}{}", "{}"),
            ("{}", "{}"),
            ("\u{feff}\u{feff}{}", "\u{feff}{}"),
            ("{\"a\":\"\u{feff}\"}", "{\"a\":\"\u{feff}\"}"),
            ("\u{feff}", ""),
            ("", ""),
        ] {
            assert_eq!(without_mark(body.into()), read.as_bytes(), "{body:?}");
        }
    }
}
