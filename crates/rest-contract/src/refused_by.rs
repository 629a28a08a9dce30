//! Who gives an answer of 401 or 403: the system that was asked, or what stands before it.
//!
//! A gateway that no longer knows a person answers a call for data by no redirect: oauth2-proxy sends 401 with JSON that
//! says nothing, others a page, a text or nothing. What a system says of itself tells the two apart, where anything does.

use serde_json::Value as Json;

/// Whose answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedBy {
    System,
    /// No system answers so.
    Gateway,
    /// It says nothing of who gave it.
    Either,
}

impl RefusedBy {
    /// Of an answer of this status, with the values of `Content-Type` and `WWW-Authenticate`. Where a browser keeps the
    /// headers of another origin back, nobody can tell more than [`RefusedBy::Either`]: say `is_readable` then.
    pub fn of(
        status: u16,
        content_type: Option<&str>,
        challenge: Option<&str>,
        is_readable: bool,
        body: &[u8],
    ) -> Self {
        let is_page = is_page(content_type, body);
        match status {
            // A firewall sends a page to whom the gateway knows well; some gateways send a text, JSON or nothing.
            403 if is_page || challenge.is_none() && !names_an_error(content_type, body) => Self::Either,
            401 if is_page && challenge.is_none() && is_readable => Self::Gateway,
            401 if is_page || challenge.is_some_and(leads_elsewhere) => Self::Either,
            // The challenge is a system's, which names how it knows people (RFC 9110, 11.6.1).
            401 if challenge.is_some() || names_an_error(content_type, body) => Self::System,
            401 if is_readable && is_empty_json(content_type, body) => Self::Gateway,
            401 => Self::Either,
            _ => Self::System,
        }
    }
}

fn is_of_kind(content_type: Option<&str>, kinds: &[&str]) -> bool {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    kinds.iter().any(|each| kind.eq_ignore_ascii_case(each))
}

fn is_page(content_type: Option<&str>, body: &[u8]) -> bool {
    let is_marked = || body.trim_ascii_start().starts_with(b"<");
    is_of_kind(content_type, &["text/html", "application/xhtml+xml"])
        || content_type.is_none_or(|kind| kind.starts_with("text/")) && is_marked()
}

/// A challenge that names where one signs in is a gateway's, such as that of Azure App Service.
fn leads_elsewhere(challenge: &str) -> bool {
    challenge.to_ascii_lowercase().contains("authorization_uri")
}

/// An error as one of the systems writes it: Oracle's `o:errorCode` and `title`, the `errors` of Cloud Foundry and
/// LogiSense, the `error` of whoever follows OAuth (RFC 6749, 5.2; RFC 6750, 3.1).
fn names_an_error(content_type: Option<&str>, body: &[u8]) -> bool {
    if is_of_kind(content_type, &["application/vnd.oracle.adf.error+json"]) {
        return true;
    }
    let Ok(Json::Object(said)) = serde_json::from_slice(body) else { return false };
    let is_text = |name: &str| said.get(name).and_then(Json::as_str).is_some_and(|text| !text.is_empty());
    let errors = said.get("errors").and_then(Json::as_array);
    let is_error =
        |error: &Json| ["code", "title", "detail", "message"].iter().any(|name| error.get(name).is_some());
    is_text("error")
        || said.contains_key("o:errorCode")
        || said.contains_key("o:errorDetails")
        || is_text("title") && said.contains_key("status")
        || errors.is_some_and(|errors| errors.iter().any(is_error))
}

/// Said to be JSON, and says nothing: oauth2-proxy sends `{}`, its older versions no byte.
fn is_empty_json(content_type: Option<&str>, body: &[u8]) -> bool {
    let body: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    is_of_kind(content_type, &["application/json"]) && (body.is_empty() || body == b"{}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use RefusedBy::{Either, Gateway, System};

    const JSON: Option<&str> = Some("application/json");
    const HTML: Option<&str> = Some("text/html; charset=utf-8");
    const TEXT: Option<&str> = Some("text/plain; charset=utf-8");
    const PAGE: &str = "<html><head><title>401 Authorization Required</title></head></html>";

    #[test]
    fn an_answer_is_told_by_what_it_says() {
        for (what, status, content_type, challenge, body, by) in [
            ("oauth2-proxy", 401, JSON, None, "{}", Gateway),
            ("oauth2-proxy", 401, Some("Application/JSON; charset=utf-8"), None, " {}\n", Gateway),
            ("oauth2-proxy before 7.5", 401, JSON, None, "", Gateway),
            ("nginx", 401, HTML, None, PAGE, Gateway),
            ("Authelia", 401, HTML, None, "<a href=\"https://auth.example/\">401 Unauthorized</a>", Gateway),
            ("a page without a name", 401, None, None, PAGE, Gateway),
            ("Fusion by Basic", 401, HTML, Some("Basic realm=\"owsm\""), PAGE, Either),
            (
                "Azure App Service",
                401,
                None,
                Some("Bearer realm=\"x\" authorization_uri=\"https://l\""),
                "",
                Either,
            ),
            ("Traefik with oauth2-proxy", 401, TEXT, None, "Unauthorized\n", Either),
            ("nobody knows", 401, None, None, "", Either),
            ("an API gateway", 401, JSON, None, r#"{"message":"Unauthorized"}"#, Either),
            ("half an answer", 401, JSON, None, r#"{"errors":["#, Either),
            ("no error in it", 401, JSON, None, r#"{"errors":[],"error":""}"#, Either),
            ("a list", 401, JSON, None, "[]", Either),
            ("RFC 6750", 401, None, Some("Bearer error=\"invalid_token\""), "", System),
            ("any system", 401, JSON, Some("Basic realm=\"x\""), "{}", System),
            ("Oracle", 401, Some("application/vnd.oracle.adf.error+json"), None, "", System),
            (
                "Oracle",
                401,
                JSON,
                None,
                r#"{"title":"Unauthorized","status":"401","o:errorDetails":[]}"#,
                System,
            ),
            ("Oracle before version 4", 401, JSON, None, r#"{"o:errorCode":"1"}"#, System),
            (
                "Cloud Foundry",
                401,
                JSON,
                None,
                r#"{"errors":[{"code":10002,"title":"CF-NotAuthenticated","detail":"x"}]}"#,
                System,
            ),
            ("UAA", 401, JSON, None, r#"{"error":"unauthorized","error_description":"Bad"}"#, System),
            ("LogiSense", 401, JSON, None, r#"{"trackingId":"a","errors":[{"message":"expired"}]}"#, System),
            ("a firewall, or a gateway", 403, HTML, None, PAGE, Either),
            ("a role", 403, JSON, None, r#"{"title":"Forbidden","status":"403"}"#, System),
            ("a scope", 403, None, Some("Bearer error=\"insufficient_scope\""), "", System),
            ("a gateway, or a role", 403, JSON, None, "{}", Either),
            ("a gateway, or a role", 403, JSON, None, r#"{"message":"Forbidden"}"#, Either),
            ("a gateway, or a role", 403, TEXT, None, "Forbidden", Either),
            ("a gateway, or a role", 403, None, None, "", Either),
            ("another status", 400, HTML, None, PAGE, System),
        ] {
            let found = RefusedBy::of(status, content_type, challenge, true, body.as_bytes());
            assert_eq!(found, by, "{what}: {status} {body}");
            if by == Gateway {
                let found = RefusedBy::of(status, content_type, challenge, false, body.as_bytes());
                assert_eq!(found, Either, "{what} at another origin");
            }
        }
    }
}
