//! Access tokens that an identity provider gave out: JSON Web Tokens as RFC 9068 describes them, signed with a key of
//! the provider, whose public half stands in a file here. It is trusted as Oracle Fusion trusts an issuer by its
//! certificate: by what stands here, and nothing is fetched.
//!
//! Not here: tokens that this service gives out itself (`access_tokens`).

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

use crate::access_tokens::TokenFault;
use crate::accounts::Principal;

/// Signatures by a key whose public half proves them. By a shared secret (HS256), whoever can check a token could
/// make one.
const ALGORITHMS: [Algorithm; 4] = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];

/// How far the clocks of a provider and of this service may be apart, in seconds.
const LEEWAY: u64 = 60;

/// An identity provider whose access tokens are taken.
#[derive(Clone, Debug)]
pub struct TrustedProvider {
    issuer: String,
    audience: String,
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Claims {
    /// One text. A list that holds the issuer among others says nothing about who made the token.
    #[serde(rename = "iss")]
    _issuer: String,
    sub: String,
    preferred_username: Option<String>,
    #[serde(default)]
    scope: Scope,
}

/// RFC 9068 has a text with blanks; the Cloud Foundry UAA writes a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scope {
    Text(String),
    List(Vec<String>),
}

impl Default for Scope {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Scope {
    fn words(self) -> Vec<String> {
        match self {
            Self::Text(text) => text.split_ascii_whitespace().map(str::to_owned).collect(),
            Self::List(words) => words,
        }
    }
}

impl TrustedProvider {
    /// A provider by its issuer, the JSON Web Key Set with its public keys, and what its tokens for this service name
    /// as their audience.
    ///
    /// # Errors
    /// What is wrong with the keys, in words.
    pub fn new(issuer: &str, keys: &[u8], audience: &str) -> Result<Self, String> {
        let set: JwkSet = serde_json::from_slice(keys)
            .map_err(|reason| format!("the keys are no JSON Web Key Set: {reason}"))?;
        if set.keys.iter().any(|key| matches!(key.algorithm, AlgorithmParameters::OctetKey(_))) {
            return Err("the keys hold a shared secret; only public keys prove who signed a token".to_owned());
        }
        let keys: Vec<Jwk> = set.keys.into_iter().filter(signs).collect();
        if keys.is_empty() {
            return Err("the keys hold none for RS256, PS256, ES256 or EdDSA".to_owned());
        }
        Ok(Self { issuer: issuer.to_owned(), audience: audience.to_owned(), keys })
    }

    /// Whose token this is, if this provider gave it out for this service and it is good now. What its scopes name may
    /// be done.
    pub fn check(&self, token: &str) -> Result<Principal, TokenFault> {
        let header = decode_header(token).map_err(|_| TokenFault::Invalid)?;
        if !header.typ.as_deref().is_some_and(is_token_type) || !ALGORITHMS.contains(&header.alg) {
            return Err(TokenFault::Invalid);
        }
        let key = self.key(header.kid.as_deref(), header.alg).ok_or(TokenFault::Invalid)?;
        let key = DecodingKey::from_jwk(key).map_err(|_| TokenFault::Invalid)?;
        let mut expected = Validation::new(header.alg);
        expected.leeway = LEEWAY;
        expected.validate_nbf = true;
        expected.set_issuer(&[&self.issuer]);
        expected.set_audience(&[&self.audience]);
        expected.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = decode::<Claims>(token, &key, &expected)
            .map_err(|reason| match reason.kind() {
                ErrorKind::ExpiredSignature => TokenFault::Expired,
                _ => TokenFault::Invalid,
            })?
            .claims;
        let name = claims.preferred_username.filter(|name| !name.is_empty()).unwrap_or(claims.sub);
        if name.is_empty() || name.contains('\0') {
            return Err(TokenFault::Invalid);
        }
        Ok(Principal { user_name: name.clone(), display_name: name, scopes: claims.scope.words() })
    }

    /// The key that a token names. One that names none is taken where only one key can be meant.
    fn key(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&Jwk> {
        let mut fitting = self.keys.iter().filter(|key| {
            let named = id.is_none_or(|id| key.common.key_id.as_deref() == Some(id));
            named && key.common.key_algorithm.is_none_or(|one| one == algorithm.into())
        });
        let first = fitting.next();
        first.filter(|_| fitting.next().is_none())
    }
}

/// Whose token this is, by the first of the providers that knows it as its own.
pub(crate) fn check(providers: &[TrustedProvider], token: &str) -> Result<Principal, TokenFault> {
    let mut fault = TokenFault::Invalid;
    for provider in providers {
        match provider.check(token) {
            Ok(principal) => return Ok(principal),
            Err(TokenFault::Expired) => fault = TokenFault::Expired,
            Err(TokenFault::Invalid) => {}
        }
    }
    Err(fault)
}

/// Whether signatures can be checked with it; a set may hold keys for encryption, too.
fn signs(key: &Jwk) -> bool {
    let is_for_signatures = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    is_for_signatures && DecodingKey::from_jwk(key).is_ok()
}

/// RFC 9068 has its own type, so that an ID token is never taken for an access token; many providers write "JWT" still,
/// and then the audience alone tells them apart.
fn is_token_type(text: &str) -> bool {
    ["at+jwt", "application/at+jwt", "JWT"].iter().any(|one| text.eq_ignore_ascii_case(one))
}
