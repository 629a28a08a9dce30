//! What a provider's answer must be for anybody to be signed in by it.

use super::grant::Grant;
use super::pending::Pending;
use super::request::form;
use super::token_endpoint::{self, Given};
use crate::api::failure::{Failure, FailureKind};
use crate::api::sign_in::{ShownText, read_claims};
use crate::api::system::System;
use connections::{host_of, issuer_of_tenant};
use serde::Deserialize;
use serde_json::{Number, Value};
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

pub(super) fn at_provider(system: System, words: String) -> Failure {
    Failure::new(system, FailureKind::AtProvider(words))
}

/// How a provider led back: the path, and the query's values.
pub(super) struct Answered {
    path: String,
    values: UrlSearchParams,
}

impl Answered {
    pub(super) fn read(answer: &str) -> Option<Self> {
        let (path, query) = answer.split_once('?').unwrap_or((answer, ""));
        Some(Self { path: path.to_owned(), values: UrlSearchParams::new_with_str(query).ok()? })
    }

    /// A value that is there once; that it is there twice is an error, for two readers could take two of them.
    fn one(&self, name: &str) -> Result<Option<String>, String> {
        let all = self.values.get_all(name);
        match all.length() {
            0 => Ok(None),
            1 => Ok(all.get(0).as_string()),
            _ => Err(format!(
                "The provider\u{2019}s answer holds \u{201c}{name}\u{201d} twice, so it is not taken."
            )),
        }
    }

    pub(super) fn state(&self) -> Option<String> {
        self.one("state").ok().flatten()
    }

    /// The code that it brings, after it was held against what was asked.
    pub(super) fn code(&self, asked: &Pending) -> Result<String, String> {
        if !asked.redirect.ends_with(&self.path) {
            return Err(
                "The answer came by the way back of another provider. Nothing was sent to either.".to_owned()
            );
        }
        if asked.is_too_old() {
            return Err("That sign-in was begun more than an hour ago, so its answer is not taken. Nothing was sent. Sign in here.".to_owned());
        }
        match self.one("iss")? {
            Some(issuer) if !asked.is_of(&issuer) => {
                return Err(format!(
                    "The answer is of \u{201c}{issuer}\u{201d}, and \u{201c}{}\u{201d} was asked. Nothing was sent to either.",
                    asked.issuer
                ));
            }
            None if asked.is_named_in_answers => {
                return Err(format!(
                    "The answer does not say whose it is, as \u{201c}{}\u{201d} says that its answers do. Nothing was sent.",
                    asked.issuer
                ));
            }
            Some(_) | None => {}
        }
        if let Some(error) = self.one("error")? {
            let description = self.one("error_description")?.filter(|words| !words.trim().is_empty());
            let words = description.map_or(error.clone(), |words| format!("{} ({error})", words.trim()));
            return Err(match error.as_str() {
                "access_denied" => format!("The provider did not let you in, or you refused: {words}."),
                _ => format!("The provider could not sign you in: {words}."),
            });
        }
        self.one("code")?
            .filter(|code| !code.is_empty())
            .ok_or_else(|| "The provider\u{2019}s answer brings no code.".to_owned())
    }
}

/// Who signed in, and what they were given.
pub(super) struct SignedIn {
    pub(super) system: System,
    pub(super) authorization: String,
    pub(super) grant: Grant,
    pub(super) user: String,
    pub(super) name: Option<String>,
}

/// Exchanges the code for tokens, and looks whom they name.
pub(super) async fn exchange(asked: Pending, answered: &Answered) -> Result<SignedIn, String> {
    let code = answered.code(&asked)?;
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &asked.redirect),
        ("client_id", &asked.client_id),
        ("code_verifier", &asked.verifier),
    ];
    if let Some(resource) = &asked.resource {
        fields.push(("resource", resource));
    }
    let host = host_of(&asked.issuer);
    let given = token_endpoint::ask(&asked.token_endpoint, form(&fields)).await;
    let given = given.map_err(|not_given| token_endpoint::words(host, not_given))?;
    let identity = Identity::of(&given)
        .ok_or_else(|| format!("{host} does not say who you are: it gave no ID token that can be read."))?;
    let issuer = identity.issuer(&asked, answered.one("iss")?.as_deref());
    let checked = issuer
        .and_then(|issuer| identity.check(&issuer, &asked.client_id, Some(&asked.nonce)).map(|()| issuer));
    let issuer = checked.map_err(|fault| {
        format!("What {host} says of who you are is not for this sign-in: {fault}. It is not taken.")
    })?;
    let name = identity.name.0.clone().filter(|name| !name.trim().is_empty());
    Ok(SignedIn {
        system: asked.system,
        authorization: format!("Bearer {}", given.access_token),
        user: identity.user(),
        name,
        grant: Grant {
            endpoint: Some(asked.token_endpoint),
            end_session_endpoint: asked.end_session_endpoint,
            revocation_endpoint: asked.revocation_endpoint,
            client_id: asked.client_id,
            client_secret: String::new(),
            resource: asked.resource,
            issuer,
            subject: identity.sub,
            refresh: given.refresh_token,
            is_rotated: None,
        },
    })
}

/// Whom an ID token names. It came from the provider itself over TLS, which stands for its signature (OpenID Connect
/// Core 1.0, 3.1.3.7, 6.). Its times are held against each other alone: this machine's clock may be an hour off.
#[derive(Deserialize)]
pub(super) struct Identity {
    iss: String,
    /// The tenant, of a provider that speaks for many.
    #[serde(default)]
    tid: ShownText,
    pub(super) sub: String,
    aud: Value,
    azp: Option<String>,
    nonce: Option<String>,
    /// In seconds, with a fraction or without one (RFC 7519, 2.).
    exp: Number,
    iat: Number,
    #[serde(default)]
    preferred_username: ShownText,
    #[serde(default)]
    user_name: ShownText,
    #[serde(default)]
    name: ShownText,
}

impl Identity {
    pub(super) fn of(given: &Given) -> Option<Self> {
        read_claims(given.id_token.as_deref()?)
    }

    /// Whose it has to be: whom was asked, of many tenants the one that it names, and no other than the answer named
    /// before (RFC 9207).
    fn issuer(&self, asked: &Pending, answered: Option<&str>) -> Result<String, String> {
        let issuer = match (&asked.tenants[..], &self.tid.0) {
            ([], _) => asked.issuer.clone(),
            (_, None) => return Err("it does not name its tenant (tid)".to_owned()),
            (tenants, Some(tenant)) if !tenants.contains(tenant) => {
                return Err(format!(
                    "it is of the tenant \u{201c}{tenant}\u{201d}, which connections.json does not name"
                ));
            }
            (_, Some(tenant)) => issuer_of_tenant(&asked.issuer, tenant),
        };
        match answered {
            Some(answered) if answered != issuer => Err(format!(
                "it is of \u{201c}{issuer}\u{201d}, and the answer before it of \u{201c}{answered}\u{201d}"
            )),
            _ => Ok(issuer),
        }
    }

    /// What of it is not as it must be, in words.
    pub(super) fn check(&self, issuer: &str, client: &str, nonce: Option<&str>) -> Result<(), String> {
        let audiences: Vec<&str> = match &self.aud {
            Value::String(one) => vec![one],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if self.iss != issuer {
            Err(format!("it is of \u{201c}{}\u{201d}, not of \u{201c}{issuer}\u{201d}", self.iss))
        } else if !audiences.contains(&client) {
            Err(format!("it is for {}, not for \u{201c}{client}\u{201d}", audiences.join(", ")))
        } else if audiences.len() > 1 && self.azp.is_none() {
            Err(format!(
                "it is for {}, and does not say to whom of these it was given (azp)",
                audiences.join(", ")
            ))
        } else if self.azp.as_deref().is_some_and(|party| party != client) {
            Err(format!("it was given to another client than \u{201c}{client}\u{201d}"))
        } else if nonce.is_some() && self.nonce.as_deref() != nonce {
            Err("it answers another question".to_owned())
        } else if self.sub.is_empty() {
            Err("it names nobody".to_owned())
        } else if self.exp.as_f64() <= self.iat.as_f64() {
            Err("it ended before it began".to_owned())
        } else {
            Ok(())
        }
    }

    fn user(&self) -> String {
        let names = [&self.preferred_username.0, &self.user_name.0].into_iter().flatten();
        names.into_iter().find(|name| !name.trim().is_empty()).unwrap_or(&self.sub).clone()
    }
}

/// What a value of JavaScript says, where it is a text.
pub(super) fn text_of(value: &JsValue, member: &str) -> Option<String> {
    js_sys::Reflect::get(value, &member.into()).ok()?.as_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::openid::pending;
    use leptos::prelude::window;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn asked() -> Pending {
        let text = |text: &str| text.to_owned();
        Pending {
            state: text("s"),
            nonce: text("n"),
            verifier: text("v"),
            system: System::Oracle,
            issuer: text("https://id.example"),
            tenants: Vec::new(),
            client_id: text("desk"),
            resource: None,
            token_endpoint: text("https://id.example/token"),
            end_session_endpoint: None,
            revocation_endpoint: None,
            is_named_in_answers: true,
            redirect: text("https://desk.example/callback"),
            way_back: text("/"),
            begun_at: pending::now(),
        }
    }

    fn identity(claims: &str) -> Option<Identity> {
        let payload = window().btoa(claims).unwrap().replace('+', "-").replace('/', "_");
        read_claims(&format!("e30.{}.", payload.trim_end_matches('=')))
    }

    #[wasm_bindgen_test]
    fn an_answer_is_of_whom_was_asked_and_says_everything_once() {
        let mut asked = asked();
        let code =
            |query: &str, asked: &Pending| Answered::read(&format!("/callback{query}")).unwrap().code(asked);
        let own = "iss=https%3A%2F%2Fid.example";
        assert_eq!(code(&format!("?code=x&{own}"), &asked), Ok("x".to_owned()));
        for (query, words) in [
            ("?code=x", "does not say whose it is"),
            ("?code=x&iss=https%3A%2F%2Fid.example%2F", "\u{201c}https://id.example/\u{201d}"),
            (&format!("?code=x&{own}&{own}"), "\u{201c}iss\u{201d} twice"),
            (&format!("?code=x&code=y&{own}"), "\u{201c}code\u{201d} twice"),
            (&format!("?{own}"), "brings no code"),
            (
                &format!("?error=access_denied&error_description=+&{own}"),
                "did not let you in, or you refused: access_denied.",
            ),
            (&format!("?error=server_error&error_description=Away&{own}"), "Away (server_error)"),
            (&format!("?error=x&code=y&{own}"), "could not sign you in"),
        ] {
            let fault = code(query, &asked).expect_err(query);
            assert!(fault.contains(words), "{fault}");
        }
        asked.is_named_in_answers = false;
        assert_eq!(code("?code=x", &asked), Ok("x".to_owned()));
        asked.begun_at -= 3_500_000;
        assert_eq!(code("?code=x", &asked), Ok("x".to_owned()));
        asked.begun_at -= 200_000;
        assert!(code("?code=x", &asked).is_err_and(|words| words.contains("more than an hour ago")));
        // A clock that was set back makes nothing old.
        asked.begun_at = u64::MAX;
        asked.redirect += "/oracle";
        assert!(code("?code=x", &asked).is_err_and(|words| words.contains("of another provider")));
    }

    #[wasm_bindgen_test]
    fn an_identity_is_of_this_provider_for_this_client_and_this_question() {
        let check = |claims: &str| {
            let claims = format!(
                "{{\"iss\":\"https://id.example\",\"sub\":\"7\",\"exp\":9,\"iat\":1,\"nonce\":\"n\",{claims}}}"
            );
            let identity = identity(&claims).expect("claims");
            identity.check("https://id.example", "desk", Some("n")).err().unwrap_or_default()
        };
        assert_eq!(check("\"aud\":\"desk\""), "");
        assert_eq!(check("\"aud\":[\"desk\",\"other\"],\"azp\":\"desk\""), "");
        assert!(
            check("\"aud\":[\"desk\",\"other\"]").contains("it is for desk, other, and does not say to whom")
        );
        assert!(check("\"aud\":\"desk\",\"azp\":\"other\"").contains("another client"));
        assert!(check("\"aud\":\"other\"").contains("it is for other"));
        assert!(check("\"aud\":7").contains("it is for "));
        for (claims, words) in [
            (r#"{"iss":"https://id.example/","sub":"7","aud":"desk","exp":9,"iat":1,"nonce":"n"}"#, "not of"),
            (
                r#"{"iss":"https://id.example","sub":"","aud":"desk","exp":9,"iat":1,"nonce":"n"}"#,
                "names nobody",
            ),
            (
                r#"{"iss":"https://id.example","sub":"7","aud":"desk","exp":1,"iat":1,"nonce":"n"}"#,
                "ended before",
            ),
            (r#"{"iss":"https://id.example","sub":"7","aud":"desk","exp":9,"iat":1}"#, "another question"),
        ] {
            let fault = identity(claims).expect(claims).check("https://id.example", "desk", Some("n"));
            assert!(fault.as_ref().is_err_and(|fault| fault.contains(words)), "{claims} {fault:?}");
        }
        for times in
            [r#""exp":9.5,"iat":1.25,"nbf":1.125"#, r#""exp":1.7e9,"iat":1.6e9"#, r#""exp":1.5,"iat":1.25"#]
        {
            let claims =
                format!(r#"{{"iss":"https://id.example","sub":"7","aud":"desk","nonce":"n",{times}}}"#);
            let identity = identity(&claims).expect(times);
            assert_eq!(identity.check("https://id.example", "desk", Some("n")), Ok(()), "{times}");
        }
        for times in [r#""exp":1.25,"iat":1.25"#, r#""exp":1.25,"iat":1.5"#] {
            let claims =
                format!(r#"{{"iss":"https://id.example","sub":"7","aud":"desk","nonce":"n",{times}}}"#);
            let fault = identity(&claims).expect(times).check("https://id.example", "desk", Some("n"));
            assert!(fault.is_err_and(|fault| fault.contains("ended before")), "{times}");
        }
        for times in [r#""exp":"9","iat":1"#, r#""exp":9"#, r#""exp":null,"iat":1"#] {
            let claims = format!(r#"{{"iss":"https://id.example","sub":"7","aud":"desk",{times}}}"#);
            assert!(identity(&claims).is_none(), "{times}");
        }
        for (names, user, name) in [
            (
                r#""preferred_username":"z\u00fc \ud83d\ude00\u0000","name":"\u202eN""#,
                "z\u{fc} \u{1f600}\0",
                Some("\u{202e}N"),
            ),
            (r#""preferred_username":"half \ud83d","name":"\udc00""#, "half \u{fffd}", Some("\u{fffd}")),
            (r#""preferred_username":null,"name":7"#, "7s", None),
            (r#""preferred_username":{"a":1},"user_name":"u","name":["N"]"#, "u", None),
        ] {
            let claims =
                format!(r#"{{"iss":"https://id.example","sub":"7s","aud":"desk","exp":9,"iat":1,{names}}}"#);
            let identity = identity(&claims).expect(names);
            assert_eq!((identity.user().as_str(), identity.name.0.as_deref()), (user, name), "{names}");
        }
        assert!(read_claims::<Identity>("no token").is_none());
        assert!(identity("[]").is_none());
    }

    #[wasm_bindgen_test]
    fn of_many_tenants_only_those_are_taken_that_the_file_names() {
        let template = "https://id.example/{tenantid}/v2.0";
        let tenants = vec!["a-1".to_owned(), "b".to_owned()];
        let asked = Pending { issuer: template.to_owned(), tenants, ..asked() };
        let of = |iss: &str, tid: &str| {
            identity(&format!(
                r#"{{"iss":"{iss}","sub":"7","aud":"desk","exp":9,"iat":1,"nonce":"n","tid":{tid}}}"#
            ))
        };
        let judged = |iss: &str, tid: &str, answered: Option<&str>| {
            let identity = of(iss, tid).expect("claims");
            let issuer = identity.issuer(&asked, answered)?;
            identity.check(&issuer, "desk", Some("n")).map(|()| issuer)
        };
        let own = "https://id.example/a-1/v2.0";
        assert_eq!(judged(own, r#""a-1""#, None), Ok(own.to_owned()));
        assert_eq!(judged(own, r#""a-1""#, Some(own)), Ok(own.to_owned()));
        for (iss, tid, answered, words) in [
            (own, "null", None, "does not name its tenant"),
            (own, "7", None, "does not name its tenant"),
            (
                own,
                r#""A-1""#,
                None,
                "of the tenant \u{201c}A-1\u{201d}, which connections.json does not name",
            ),
            (own, r#""c""#, None, "which connections.json does not name"),
            (own, r#""b""#, None, "it is of \u{201c}https://id.example/a-1/v2.0\u{201d}, not of"),
            (template, r#""b""#, None, "not of \u{201c}https://id.example/b/v2.0\u{201d}"),
            (own, r#""a-1""#, Some("https://id.example/b/v2.0"), "and the answer before it of"),
        ] {
            let fault = judged(iss, tid, answered).expect_err(tid);
            assert!(fault.contains(words), "{fault}");
        }
        let is_taken = |iss: &str| {
            let iss = String::from(js_sys::encode_uri_component(iss));
            Answered::read(&format!("/callback?code=x&iss={iss}")).unwrap().code(&asked).is_ok()
        };
        assert!(is_taken(own) && is_taken("https://id.example/b/v2.0"));
        assert!(!is_taken(template) && !is_taken("https://id.example/c/v2.0"));
    }
}
