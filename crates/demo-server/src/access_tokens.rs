//! Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256 and a key that is kept in the
//! database, so that every process on it accepts them. Refresh tokens are random texts of which the
//! database keeps a hash.
//!
//! Not here: the endpoint that gives them out (`sign_in`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Error;

use crate::accounts::{self, Account, Principal};
use crate::database::{Database, query, query_scalar};

/// Whose API a token is for. One that is shown to another is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Oracle's and Cloud Foundry's, which share a sign-in here.
    Platform,
    LogiSense,
}

impl Audience {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Platform => "usage-desk-platform",
            Self::LogiSense => "logisense-billing",
        }
    }
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    jti: String,
    aud: String,
    sub: String,
    user_name: String,
    name: String,
    scope: Vec<String>,
    iat: i64,
    exp: i64,
    /// What one system's tokens say beyond that.
    #[serde(flatten)]
    more: Option<serde_json::Value>,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// Not a token for this API, or altered.
    Invalid,
    Expired,
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
/// So long after signing in with a password, people sign in again, however often they renewed.
const LONGEST_SESSION_SECONDS: i64 = 12 * 3600;

/// What begins with a sign-in: the refresh tokens that follow one another.
pub struct Family {
    id: Vec<u8>,
    ends_at: i64,
}

impl Family {
    /// A new one.
    pub fn begin(now: DateTime<Utc>) -> Result<Self, Error> {
        Ok(Self { id: random_bytes::<16>()?.to_vec(), ends_at: now.timestamp() + LONGEST_SESSION_SECONDS })
    }
}

/// Makes the signing key of a database that has none.
pub async fn add_signing_key(database: &Database) -> Result<(), Error> {
    let secret = random_bytes::<32>()?;
    let mut transaction = database.begin_write().await?;
    query("INSERT INTO signing_keys VALUES (1, $1) ON CONFLICT (key_id) DO NOTHING")
        .bind(secret.as_slice())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

/// A signed token for the account, good for `seconds`, and its identifier. `more` is an object of
/// further claims.
pub async fn issue(
    database: &Database,
    account: &Account,
    audience: Audience,
    now: DateTime<Utc>,
    seconds: i64,
    more: Option<serde_json::Value>,
) -> Result<(String, String), Error> {
    let jti = hex(&random_bytes::<16>()?);
    let claims = Claims {
        jti: jti.clone(),
        aud: audience.name().to_owned(),
        sub: account.user_name.clone(),
        user_name: account.user_name.clone(),
        name: account.display_name.clone(),
        scope: account.role.scopes().iter().map(|&scope| scope.to_owned()).collect(),
        iat: now.timestamp(),
        exp: now.timestamp() + seconds,
        more,
    };
    let claims = serde_json::to_vec(&claims).map_err(|reason| Error::Encode(reason.into()))?;
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
    let signature = signature(database, &signed).await?.finalize().into_bytes();
    Ok((format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)), jti))
}

/// Whose token this is, if it is one for this API and has not expired.
pub async fn check(
    database: &Database,
    token: &str,
    audience: Audience,
    now: DateTime<Utc>,
) -> Result<Result<Principal, TokenFault>, Error> {
    let Some((signed, mark)) = token.rsplit_once('.') else { return Ok(Err(TokenFault::Invalid)) };
    let genuine = match URL_SAFE_NO_PAD.decode(mark) {
        Ok(mark) => signature(database, signed).await?.verify_slice(&mark).is_ok(),
        Err(_) => false,
    };
    let claims = Some(signed)
        .filter(|_| genuine)
        .and_then(|signed| signed.split_once('.'))
        .and_then(|(_, claims)| URL_SAFE_NO_PAD.decode(claims).ok())
        .and_then(|claims| serde_json::from_slice::<Claims>(&claims).ok());
    Ok(match claims {
        None => Err(TokenFault::Invalid),
        Some(claims) if claims.aud != audience.name() => Err(TokenFault::Invalid),
        Some(claims) if claims.exp <= now.timestamp() => Err(TokenFault::Expired),
        Some(claims) => {
            Ok(Principal { user_name: claims.user_name, display_name: claims.name, scopes: claims.scope })
        }
    })
}

/// A new refresh token for the account, good once and no longer than its family.
pub async fn issue_refresh_token(
    database: &Database,
    account: &Account,
    family: &Family,
    audience: Audience,
    now: DateTime<Utc>,
) -> Result<String, Error> {
    let token = format!("{}-r", hex(&random_bytes::<24>()?));
    let mut transaction = database.begin_write().await?;
    query("DELETE FROM refresh_tokens WHERE expires_at <= $1")
        .bind(now.timestamp())
        .execute(&mut *transaction)
        .await?;
    query("INSERT INTO refresh_tokens (token_hash, user_name, expires_at, family) VALUES ($1, $2, $3, $4)")
        .bind(hash(&token, audience).as_slice())
        .bind(&account.user_name)
        .bind(family.ends_at)
        .bind(family.id.as_slice())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(token)
}

/// The account that a refresh token was given to, while it is good, and its family. It is used up by that. One that comes
/// again was read by somebody else, or that other one came first: nobody can tell, so its whole family ends.
pub async fn use_refresh_token(
    database: &Database,
    token: &str,
    audience: Audience,
    now: DateTime<Utc>,
) -> Result<Option<(Account, Family)>, Error> {
    let hash = hash(token, audience);
    let mut transaction = database.begin_write().await?;
    // A server that is about to be replaced by this one knows no families.
    let used = query(
        "UPDATE refresh_tokens SET is_used = TRUE \
         WHERE token_hash = $1 AND expires_at > $2 AND is_used = FALSE \
         RETURNING user_name, COALESCE(family, token_hash) AS family, expires_at",
    )
    .bind(hash.as_slice())
    .bind(now.timestamp())
    .fetch_optional(&mut *transaction)
    .await?;
    if used.is_none() {
        query(
            "DELETE FROM refresh_tokens \
             WHERE family IN (SELECT family FROM refresh_tokens WHERE token_hash = $1)",
        )
        .bind(hash.as_slice())
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    let Some(used) = used else { return Ok(None) };
    let name: String = used.try_get("user_name")?;
    let family = Family { id: used.try_get("family")?, ends_at: used.try_get("expires_at")? };
    Ok(accounts::find(database, &name).await?.map(|account| (account, family)))
}

/// A refresh token as it is kept. The audience is part of it, so that a token of another one is not found.
fn hash(token: &str, audience: Audience) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(audience.name());
    hash.update([0]);
    hash.update(token);
    hash.finalize().to_vec()
}

async fn signature(database: &Database, signed: &str) -> Result<Hmac<Sha256>, Error> {
    let secret: Vec<u8> =
        query_scalar("SELECT secret FROM signing_keys WHERE key_id = 1").fetch_one(&database.readers).await?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).map_err(|reason| Error::Decode(reason.into()))?;
    mac.update(signed.as_bytes());
    Ok(mac)
}

fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|reason| Error::Protocol(reason.to_string()))?;
    Ok(bytes)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
