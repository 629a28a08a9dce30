//! Access tokens of an identity provider: which are taken, by which API, and what they let their people do.

use axum::http::{Method, StatusCode};
use chrono::Utc;
use demo_server::provider_tokens::TrustedProvider;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p256::pkcs8::EncodePrivateKey as _;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use serde_json::{Value as Json, json};
use std::sync::LazyLock;

use crate::test_service::*;

const ISSUER: &str = "https://id.example.com/tenant";
const AUDIENCE: &str = "usage-desk-platform";
const USAGE: &str = "/v3/service_usage_events";
const BUCKETS: &str = "/ResourceServer/api/v8/Usage/Bucket/Base/";

/// A key of the provider and what its tokens say of it.
struct SigningKey {
    id: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl SigningKey {
    fn new(algorithm: Algorithm, id: &'static str) -> Self {
        let key = match algorithm {
            Algorithm::ES256 => {
                let key = p256::SecretKey::from_slice(&rand::random::<[u8; 32]>()).unwrap();
                EncodingKey::from_ec_der(key.to_pkcs8_der().unwrap().as_bytes())
            }
            Algorithm::EdDSA => {
                let key = ed25519_dalek::pkcs8::KeypairBytes { secret_key: rand::random(), public_key: None };
                EncodingKey::from_ed_der(key.to_pkcs8_der().unwrap().as_bytes())
            }
            _ => {
                let key = rsa::PrivateKey::new(&mut rand::rng(), 2048).unwrap();
                EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes())
            }
        };
        Self { id, algorithm, key }
    }

    fn public(&self) -> Jwk {
        let mut key = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        key.common.key_id = Some(self.id.to_owned());
        key
    }

    fn header(&self) -> Header {
        let mut header = Header::new(self.algorithm);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.id.to_owned());
        header
    }

    fn sign(&self, claims: &Json) -> String {
        encode(&self.header(), claims, &self.key).unwrap()
    }
}

static KEYS: LazyLock<Vec<SigningKey>> = LazyLock::new(|| {
    let key = SigningKey::new;
    vec![
        key(Algorithm::ES256, "elliptic"),
        key(Algorithm::RS256, "rsa"),
        key(Algorithm::PS256, "rsa with salt"),
        key(Algorithm::EdDSA, "edwards"),
        key(Algorithm::ES256, "the next elliptic"),
    ]
});

fn elliptic() -> &'static SigningKey {
    &KEYS[0]
}

fn public_keys() -> Vec<u8> {
    serde_json::to_vec(&JwkSet { keys: KEYS.iter().map(SigningKey::public).collect() }).unwrap()
}

fn provider() -> TrustedProvider {
    TrustedProvider::new(ISSUER, &public_keys(), AUDIENCE).unwrap()
}

pub(crate) async fn service() -> TestService {
    TestService::with(|service| service.providers = vec![provider()]).await
}

/// What a good token of the editor says, with members changed, or taken out by null.
fn claims(changes: &Json) -> Json {
    let now = Utc::now().timestamp();
    let mut claims = json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "248289761001",
        "client_id": "usage-desk",
        "preferred_username": "edith",
        "scope": "openid subscription_usage.read subscription_usage.write cloud_controller.admin_read_only",
        "iat": now,
        "exp": now + 300,
        "jti": "1",
    });
    let members = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Json::Null => drop(members.remove(name)),
            value => drop(members.insert(name.clone(), value.clone())),
        }
    }
    claims
}

/// A good token of somebody of this name.
pub(crate) fn bearer(name: &str) -> String {
    format!("Bearer {}", elliptic().sign(&claims(&json!({ "preferred_username": name, "sub": name }))))
}

async fn send(service: &TestService, method: Method, path: &str, token: &str, body: &str) -> Answer {
    service.send(request(method, path, "", &[("authorization", &format!("Bearer {token}"))], body)).await
}

async fn read(service: &TestService, path: &str, token: &str) -> Answer {
    send(service, Method::GET, path, token, "").await
}

#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}: {}", answer.text);
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{what}: {challenge}");
}

#[tokio::test]
async fn a_token_by_any_of_its_keys_is_taken() {
    let service = service().await;
    for key in KEYS.iter() {
        for path in [EVENTS, USAGE] {
            let answer = read(&service, path, &key.sign(&claims(&json!({})))).await;
            assert_eq!(answer.status, StatusCode::OK, "{} at {path}: {}", key.id, answer.text);
        }
    }
    for typ in ["JWT", "AT+JWT", "application/at+jwt"] {
        let header = Header { typ: Some(typ.to_owned()), ..elliptic().header() };
        let token = encode(&header, &claims(&json!({})), &elliptic().key).unwrap();
        assert_eq!(read(&service, EVENTS, &token).await.status, StatusCode::OK, "{typ}");
    }
    // Which key it is goes without saying where there is one of its kind.
    let header = Header { kid: None, ..KEYS[1].header() };
    let token = encode(&header, &claims(&json!({})), &KEYS[1].key).unwrap();
    assert_eq!(read(&service, EVENTS, &token).await.status, StatusCode::OK);
    let several = claims(&json!({ "aud": ["another", AUDIENCE] }));
    assert_eq!(read(&service, EVENTS, &elliptic().sign(&several)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn its_scopes_decide_and_its_name_stands_at_the_change() {
    let service = service().await;
    let event = service.event("EventStatus = 'ORA_DRAFT'").await;
    let path = event_path(&event);
    let mut value = 0;
    let mut patch = async |changes: Json| {
        value += 1;
        let token = elliptic().sign(&claims(&changes));
        send(&service, Method::PATCH, &path, &token, &format!(r#"{{"ServiceId": "+49 {value}"}}"#)).await
    };
    let changed = patch(json!({})).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(changed.json()["LastUpdatedBy"], "edith");
    // Nobody is called "": the subject is always there.
    for nameless in [json!({ "preferred_username": null }), json!({ "preferred_username": "" })] {
        let changed = patch(nameless).await;
        assert_eq!(
            (changed.status, &changed.json()["LastUpdatedBy"]),
            (StatusCode::OK, &"248289761001".into())
        );
    }
    let listed = json!({ "scope": ["subscription_usage.read", "subscription_usage.write"] });
    assert_eq!(patch(listed).await.status, StatusCode::OK);
    for too_little in [
        json!({ "scope": "openid subscription_usage.read" }),
        json!({ "scope": ["subscription_usage.read"] }),
        json!({ "scope": "subscription_usage.read subscription_usage.writer" }),
        // A list is of words: this is one word.
        json!({ "scope": ["subscription_usage.read subscription_usage.write"] }),
        json!({ "scope": null }),
    ] {
        let refused = patch(too_little.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{too_little}: {}", refused.text);
    }
    let blind = elliptic().sign(&claims(&json!({ "scope": "subscription_usage.read" })));
    assert_eq!(read(&service, USAGE, &blind).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_of_another_time_issuer_or_audience_is_refused() {
    let service = service().await;
    let now = Utc::now().timestamp();
    for (what, changes) in [
        ("the clock is 30 s slow", json!({ "exp": now - 30 })),
        ("the clock is 30 s fast", json!({ "nbf": now + 30, "iat": now + 30 })),
    ] {
        let answer = read(&service, EVENTS, &elliptic().sign(&claims(&changes))).await;
        assert_eq!(answer.status, StatusCode::OK, "{what}: {}", answer.text);
    }
    for (what, changes) in [
        ("expired", json!({ "exp": now - 120 })),
        ("expires never", json!({ "exp": null })),
        ("expires in words", json!({ "exp": (now + 300).to_string() })),
        ("not yet good", json!({ "nbf": now + 120 })),
        ("not yet good, in words", json!({ "nbf": "0" })),
        ("a slash more", json!({ "iss": format!("{ISSUER}/") })),
        ("another letter case", json!({ "iss": ISSUER.to_uppercase() })),
        ("no issuer", json!({ "iss": null })),
        ("several issuers", json!({ "iss": [ISSUER, "https://evil.example.com"] })),
        ("another audience", json!({ "aud": "usage-desk" })),
        ("no audience", json!({ "aud": null })),
        ("an empty audience", json!({ "aud": [] })),
        ("nobody", json!({ "sub": null })),
        ("no name at all", json!({ "sub": "", "preferred_username": null })),
        ("a number for a subject", json!({ "sub": 248_289_761 })),
    ] {
        for path in [EVENTS, USAGE] {
            let answer = read(&service, path, &elliptic().sign(&claims(&changes))).await;
            assert_refused(&answer, what);
            let expired = answer.text.contains("expired");
            assert_eq!(expired, what == "expired", "{what}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_signature_counts_only_by_a_key_that_stands_there() {
    let service = service().await;
    let good = claims(&json!({}));
    let part = |value: &Json| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
    };
    let unsigned = |alg: &str| {
        format!("{}.{}.", part(&json!({ "alg": alg, "typ": "at+jwt", "kid": "rsa" })), part(&good))
    };
    // Whoever has the public key could make these, if the header said how a key is used.
    let by_secret = |secret: &[u8]| {
        let mut header = Header::new(Algorithm::HS256);
        (header.typ, header.kid) = (Some("at+jwt".to_owned()), Some("rsa".to_owned()));
        encode(&header, &good, &EncodingKey::from_secret(secret).unwrap()).unwrap()
    };
    let public = serde_json::to_vec(&KEYS[1].public()).unwrap();
    let stranger = SigningKey::new(Algorithm::ES256, "elliptic");
    let unknown = SigningKey::new(Algorithm::ES256, "unknown");
    let headed = |change: fn(&mut Header)| {
        let mut header = elliptic().header();
        change(&mut header);
        encode(&header, &good, &elliptic().key).unwrap()
    };
    let whole = elliptic().sign(&good);
    let (signed, signature) = whole.rsplit_once('.').unwrap();
    let raised = claims(&json!({ "scope": "subscription_usage.read subscription_usage.admin" }));
    for (what, token) in [
        ("none", unsigned("none")),
        ("None", unsigned("None")),
        ("RS256 without a signature", unsigned("RS256")),
        ("HS256 by the public key", by_secret(&public)),
        ("HS256 by all public keys", by_secret(&public_keys())),
        ("an unknown key", unknown.sign(&good)),
        ("a stranger's key under the same name", stranger.sign(&good)),
        ("which of the keys is not said", headed(|header| header.kid = None)),
        ("the key comes along", {
            let mut header = unknown.header();
            header.jwk = Some(unknown.public());
            encode(&header, &good, &unknown.key).unwrap()
        }),
        ("another key's algorithm", headed(|header| header.kid = Some("rsa".to_owned()))),
        ("an ID token by its type", headed(|header| header.typ = Some("id_token".to_owned()))),
        ("no type", headed(|header| header.typ = None)),
        ("something critical that is not known", headed(|header| header.crit = Some(vec!["b64".to_owned()]))),
        ("other claims", format!("{}.{}.{signature}", signed.split('.').next().unwrap(), part(&raised))),
        ("no signature", format!("{signed}.")),
        ("half", whole[..whole.len() / 2].to_owned()),
        ("five parts", format!("{whole}.a.b")),
        ("empty parts", "..".to_owned()),
    ] {
        for path in [EVENTS, USAGE] {
            assert_refused(&read(&service, path, &token).await, what);
        }
    }
    assert_eq!(read(&service, EVENTS, &whole).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_is_trusted_unless_told_and_several_may_be() {
    let token = elliptic().sign(&claims(&json!({})));
    assert_refused(&read(&TestService::to_read().await, EVENTS, &token).await, "no provider");

    let other_key = SigningKey::new(Algorithm::ES256, "elliptic");
    let others = serde_json::to_vec(&JwkSet { keys: vec![other_key.public()] }).unwrap();
    let other = TrustedProvider::new("https://other.example.com", &others, AUDIENCE).unwrap();
    let service = TestService::with(|service| service.providers = vec![other, provider()]).await;
    let of_other = claims(&json!({ "iss": "https://other.example.com" }));
    for (key, claims, status) in [
        (elliptic(), claims(&json!({})), StatusCode::OK),
        (&other_key, of_other.clone(), StatusCode::OK),
        // Each key speaks for its own issuer.
        (elliptic(), of_other, StatusCode::UNAUTHORIZED),
        (&other_key, claims(&json!({})), StatusCode::UNAUTHORIZED),
    ] {
        let answer = read(&service, EVENTS, &key.sign(&claims)).await;
        assert_eq!(answer.status, status, "{claims}: {}", answer.text);
    }
    // This service's own tokens stay good beside them.
    let own = service.token("viewer").await;
    let answer = service.send(request(Method::GET, EVENTS, "", &[("authorization", &own)], "")).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn logisense_takes_its_own_alone() {
    let service = service().await;
    let token = elliptic().sign(&claims(&json!({ "scope": "usage_bucket.read usage_bucket.write" })));
    assert_refused(&read(&service, BUCKETS, &token).await, "a provider's token");
    let own = service.billing_token("viewer").await;
    let answer = service.send(request(Method::GET, BUCKETS, "", &[("authorization", &own)], "")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[test]
fn keys_that_prove_nothing_are_refused_at_the_start() {
    let of = |keys: &Json| TrustedProvider::new(ISSUER, keys.to_string().as_bytes(), AUDIENCE).err();
    let secret = json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "1" });
    let for_encryption = {
        let mut key = serde_json::to_value(KEYS[1].public()).unwrap();
        key["use"] = "enc".into();
        key
    };
    for (keys, part) in [
        (json!([]), "no JSON Web Key Set"),
        (json!({ "keys": [] }), "hold none"),
        (json!({ "keys": [secret] }), "shared secret"),
        (json!({ "keys": [for_encryption] }), "hold none"),
    ] {
        let told = of(&keys).unwrap_or_else(|| panic!("taken: {keys}"));
        assert!(told.contains(part), "{keys}: {told}");
    }
}
