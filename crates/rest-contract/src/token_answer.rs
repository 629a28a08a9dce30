//! Answers of token services and of providers' token endpoints (RFC 6749, 5): the tokens, or why there are none.

use serde_json::Value as Json;

/// What was given.
#[derive(Clone, PartialEq)]
pub struct TokenAnswer {
    /// Stands in a header as it is.
    pub access_token: String,
    pub refresh_token: Option<String>,
    /// Who the person is (OpenID Connect), not looked at here.
    pub id_token: Option<String>,
    /// In seconds.
    pub expires_in: Option<u64>,
}

/// Why an answer of success gives no token that is of use. Nothing of the token stands in the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// It is no JSON object with an `access_token`.
    NoToken,
    /// It is empty.
    Empty,
    /// It holds a sign that no header takes.
    OddSign,
    /// It is of a type that only who holds a key can show, such as DPoP.
    OtherType(String),
}

impl TokenFault {
    /// As the end of a sentence.
    pub fn words(&self) -> String {
        let words = match self {
            Self::NoToken => "there is no access token in its answer",
            Self::Empty => "the access token in its answer is empty",
            Self::OddSign => "the access token in its answer holds a blank, a line break or another odd sign",
            Self::OtherType(kind) => {
                return [
                    "only the type Bearer can be used here, and its access token is of the type \u{201c}",
                    kind,
                    "\u{201d}",
                ]
                .concat();
            }
        };
        words.to_owned()
    }
}

impl TokenAnswer {
    /// Reads the body of an answer of success. What is odd beside the access token counts as absent.
    pub fn read(body: &[u8]) -> Result<Self, TokenFault> {
        let Ok(Json::Object(said)) = serde_json::from_slice(body) else { return Err(TokenFault::NoToken) };
        let text = |name: &str| said.get(name).and_then(Json::as_str);
        let kept = |name: &str| text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let access = text("access_token").ok_or(TokenFault::NoToken)?;
        let kind = said.get("token_type").filter(|kind| !kind.is_null());
        if let Some(kind) =
            kind.filter(|kind| !kind.as_str().is_some_and(|it| it.eq_ignore_ascii_case("bearer")))
        {
            let kind = kind.as_str().map_or_else(|| kind.to_string(), str::to_owned);
            return Err(TokenFault::OtherType(shortened(&kind, 40)));
        }
        match access {
            "" => Err(TokenFault::Empty),
            _ if !is_token(access) => Err(TokenFault::OddSign),
            _ => Ok(Self {
                access_token: access.to_owned(),
                refresh_token: kept("refresh_token"),
                id_token: kept("id_token"),
                expires_in: said.get("expires_in").and_then(life),
            }),
        }
    }
}

/// Whether a text can be shown as a token: visible signs alone, as the `b64token` of RFC 6750, 2.1 and what some
/// services give beyond it.
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Seconds as a number or, by some services, as a text; nothing where it is neither.
fn life(told: &Json) -> Option<u64> {
    let number = match told {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    // What a text has behind an `e` is not looked at: `1.8e3` is not one second.
    let whole = number.split('.').next().filter(|_| !number.contains(['e', 'E']))?;
    match whole.parse() {
        Ok(seconds) => Some(seconds),
        Err(_) if whole.strip_prefix('-').is_some_and(|rest| rest.parse::<u64>().is_ok()) => Some(0),
        Err(_) => None,
    }
}

/// A refusal that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRefusal {
    /// The service's own code.
    pub error: String,
    /// Its own words, cut to what a person reads; empty where there are none.
    pub said: String,
}

/// What was refused, as a person can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedFor {
    /// User and password do not match.
    Credentials,
    /// They are not accepted for a reason that the service's own words tell.
    Account,
    /// Too many passwords were tried.
    Locked,
    /// The service does not know the console.
    Client,
    /// It knows it, and does not let it ask so.
    ClientsRight,
    /// It gives no tokens for what was shown.
    Kind,
    Scope,
    Request,
    Other,
}

impl TokenRefusal {
    /// Reads the body of an answer of 400 or 401; nothing where that is no refusal of a token service's (RFC 6749, 5.2),
    /// nor a list of errors as LogiSense has it.
    pub fn read(body: &[u8]) -> Option<Self> {
        let Ok(Json::Object(said)) = serde_json::from_slice(body) else { return None };
        let text =
            |name: &str| said.get(name).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
        let first = || {
            let errors = said.get("errors").and_then(Json::as_array)?;
            errors.first().map(|error| error.get("message").and_then(Json::as_str).unwrap_or_default())
        };
        let words = text("error_description").or_else(first);
        let error = text("error").or(words.map(|_| ""))?;
        Some(Self { error: shortened(error, 80), said: shortened(words.unwrap_or_default(), 200) })
    }

    pub fn cause(&self) -> RefusedFor {
        let said = self.said.to_ascii_lowercase();
        let speaks_of = |words: &[&str]| words.iter().any(|word| said.contains(word));
        match self.error.as_str() {
            "" | "invalid_grant" | "unauthorized" | "access_denied" if speaks_of(&["locked"]) => {
                RefusedFor::Locked
            }
            "" | "invalid_grant" | "unauthorized"
                if said.is_empty()
                    || !speaks_of(&["expired"])
                        && speaks_of(&["credential", "password", "secret", "user name", "username"]) =>
            {
                RefusedFor::Credentials
            }
            "" | "invalid_grant" | "unauthorized" | "access_denied" => RefusedFor::Account,
            "invalid_client" => RefusedFor::Client,
            "unauthorized_client" => RefusedFor::ClientsRight,
            "unsupported_grant_type" => RefusedFor::Kind,
            "invalid_scope" | "invalid_target" => RefusedFor::Scope,
            "invalid_request" => RefusedFor::Request,
            _ => RefusedFor::Other,
        }
    }

    /// Whether it says that it cannot tell now: what was shown to it is as good as before.
    pub fn is_for_now(&self) -> bool {
        matches!(self.error.as_str(), "temporarily_unavailable" | "server_error")
    }

    /// Whether what was shown to it is good no more, which is the usual end of a session.
    pub fn is_of_the_grant(&self) -> bool {
        matches!(self.error.as_str(), "invalid_grant" | "invalid_token")
    }

    /// Its own words with its code.
    pub fn words(&self) -> String {
        match (self.said.as_str(), self.error.as_str()) {
            ("", error) => error.to_owned(),
            (said, "") => said.to_owned(),
            (said, error) => format!("{said} ({error})"),
        }
    }
}

/// On one line, with nothing that moves or hides what stands beside it, and of this many signs at most.
fn shortened(text: &str, most: usize) -> String {
    let hides = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let text: String = text.chars().map(|sign| if hides(sign) { ' ' } else { sign }).collect();
    let text = text.trim();
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_cannot_be_sent_is_none() {
        let outcome = |body: &str| match TokenAnswer::read(body.as_bytes()) {
            Ok(given) => given.access_token,
            Err(fault) => format!("{fault:?}"),
        };
        for (body, expected) in [
            (r#"{"access_token":"a.b-c_d~e+f/g==","token_type":"bearer"}"#, "a.b-c_d~e+f/g=="),
            (
                r#"{"access_token":"a","token_type":"BEARER","expires_in":{},"scope":null,"refresh_token":7}"#,
                "a",
            ),
            (r#"{"access_token":"a","token_type":null}"#, "a"),
            (r#"{"access_token":""}"#, "Empty"),
            (r#"{"access_token":"a\r\nCookie: b"}"#, "OddSign"),
            (r#"{"access_token":"a b"}"#, "OddSign"),
            (r#"{"access_token":"ü"}"#, "OddSign"),
            (r#"{"access_token":"a\u0000"}"#, "OddSign"),
            (r#"{"access_token":"a","token_type":"DPoP"}"#, "OtherType(\"DPoP\")"),
            (r#"{"access_token":"a","token_type":"mac"}"#, "OtherType(\"mac\")"),
            (r#"{"access_token":"a","token_type":""}"#, "OtherType(\"\")"),
            (r#"{"access_token":"a","token_type":7}"#, "OtherType(\"7\")"),
            (r#"{"access_token":7}"#, "NoToken"),
            (r#"{"access_token":null}"#, "NoToken"),
            ("{}", "NoToken"),
            (r#""a""#, "NoToken"),
            ("", "NoToken"),
        ] {
            assert_eq!(outcome(body), expected, "{body}");
        }
    }

    #[test]
    fn the_life_of_a_token_is_read_however_it_is_told() {
        for (told, seconds) in [
            ("300", Some(300)),
            ("\"300\"", Some(300)),
            ("\" 300 \"", Some(300)),
            ("0", Some(0)),
            ("-1", Some(0)),
            ("-1.5", Some(0)),
            ("2147483648", Some(2_147_483_648)),
            ("3599.5", Some(3599)),
            ("1.8e3", Some(1800)),
            ("\"1.8e3\"", None),
            ("\"36E2\"", None),
            ("null", None),
            ("\"soon\"", None),
            ("\"-soon\"", None),
            ("{}", None),
            ("99999999999999999999999999", None),
        ] {
            let body = format!(r#"{{"access_token":"a","expires_in":{told}}}"#);
            let given = TokenAnswer::read(body.as_bytes()).expect("a token");
            assert_eq!(given.expires_in, seconds, "{told}");
        }
    }

    #[test]
    fn what_is_refused_is_told_by_its_cause() {
        for (body, cause) in [
            (r#"{"error":"invalid_grant"}"#, RefusedFor::Credentials),
            (r#"{"error":"unauthorized","error_description":"Bad credentials"}"#, RefusedFor::Credentials),
            (
                r#"{"error":"invalid_grant","error_description":"Invalid username or password"}"#,
                RefusedFor::Credentials,
            ),
            (r#"{"errors":[{"message":"Invalid user name or password"}]}"#, RefusedFor::Credentials),
            (
                r#"{"error":"unauthorized","error_description":"Your account has been Locked"}"#,
                RefusedFor::Locked,
            ),
            (r#"{"errors":[{"message":"The account is locked"}]}"#, RefusedFor::Locked),
            (r#"{"error":"invalid_grant","error_description":"Account disabled"}"#, RefusedFor::Account),
            (r#"{"error":"access_denied"}"#, RefusedFor::Account),
            (
                r#"{"error":"invalid_grant","error_description":"AADSTS50055: The password is expired."}"#,
                RefusedFor::Account,
            ),
            (r#"{"error":"invalid_client"}"#, RefusedFor::Client),
            (r#"{"error":"unauthorized_client"}"#, RefusedFor::ClientsRight),
            (r#"{"error":"unsupported_grant_type"}"#, RefusedFor::Kind),
            (r#"{"error":"invalid_scope"}"#, RefusedFor::Scope),
            (r#"{"error":"invalid_target"}"#, RefusedFor::Scope),
            (r#"{"error":"invalid_request"}"#, RefusedFor::Request),
            (r#"{"error":"mfa_required","error_description":"Give the password again"}"#, RefusedFor::Other),
        ] {
            assert_eq!(TokenRefusal::read(body.as_bytes()).expect("a refusal").cause(), cause, "{body}");
        }
        for (error, is_for_now) in
            [("temporarily_unavailable", true), ("server_error", true), ("invalid_grant", false)]
        {
            let body = serde_json::json!({ "error": error }).to_string();
            let refusal = TokenRefusal::read(body.as_bytes()).expect("a refusal");
            assert_eq!(refusal.is_for_now(), is_for_now, "{error}");
        }
        for none in ["{}", "", "<html>", r#"{"error":""}"#, r#"{"errors":[]}"#, r#"{"error":7}"#, "[]"] {
            assert_eq!(TokenRefusal::read(none.as_bytes()), None, "{none}");
        }
    }

    #[test]
    fn a_services_words_are_text_of_a_decent_length() {
        let words = |said: &str| {
            let body = serde_json::json!({ "error": "odd", "error_description": said }).to_string();
            TokenRefusal::read(body.as_bytes()).expect("a refusal").words()
        };
        assert_eq!(words(" Unknown\r\nclient "), "Unknown  client (odd)");
        assert_eq!(words("\u{202e}evil"), "evil (odd)");
        assert_eq!(words(&"ü".repeat(500)), format!("{}\u{2026} (odd)", "ü".repeat(200)));
        assert_eq!(words(""), "odd");
    }
}
