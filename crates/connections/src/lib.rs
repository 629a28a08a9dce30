//! `connections.json`, which stands beside the page: which systems the console is connected to, where each is,
//! how it knows people, and what the environment is called. Another system needs no other build.
//!
//! ```json
//! {
//!   "environment": { "name": "TEST", "colour": "amber" },
//!   "oracle": { "base": "/fusion", "signIn": ["token-service"], "clientId": "desk" },
//!   "cloudFoundry": { "base": "https://api.cf.example.com", "tokenService": "https://uaa.cf.example.com" }
//! }
//! ```
//!
//! A system that is not named does not exist for the console. Not here: asking for the file, and what is said to
//! a system.

mod address;
mod fault;
mod limits;
mod oauth_text;
pub mod page_headers;
mod parser_words;
mod reading;
mod tenants;

pub use address::{Origin, endpoint_fault, origin_of};
pub use fault::Fault;
pub use limits::Limits;
use serde::{Deserialize, Serialize};
pub use tenants::{has_place_for_tenant, issuer_of_tenant};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connections {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Whether the server is a demo, whose people the sign-in form may offer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub demo: bool,
    /// The IANA zone by whose clock days and months begin and end where a person chose none; the browser's own where it
    /// does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_zone: Option<String>,
    #[serde(skip_serializing_if = "is_usual")]
    pub limits: Limits,
    /// Oracle Fusion Subscription Management.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oracle: Option<Connection>,
    /// LogiSense Billing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logi_sense: Option<Connection>,
    /// Cloud Foundry, API version 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_foundry: Option<Connection>,
}

fn is_usual(limits: &Limits) -> bool {
    *limits == Limits::default()
}

/// What people are to see at a glance, so that nobody takes the test system for the real one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// At most [`LONGEST_NAME`] letters, none of which turns the writing's direction.
    pub name: String,
    pub colour: Colour,
}

/// Letters of an environment's name.
pub const LONGEST_NAME: usize = 16;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    #[default]
    Grey,
    Blue,
    Green,
    Amber,
    Red,
}

impl Colour {
    pub const ALL: [Self; 5] = [Self::Grey, Self::Blue, Self::Green, Self::Amber, Self::Red];

    pub fn name(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Blue => "blue",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// Where a system is, and how it knows people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// What stands before the vendor's own paths (`/crmRestApi/…`, `/ResourceServer/…`, `/v3/…`): nothing where they
    /// are at the page's own origin, a path of it, or an https origin, with a path or without.
    pub base: String,
    /// What stands before `/oauth/token`, where that is somewhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_service: Option<String>,
    /// How people may sign in, the usual way first. Where it does not say: at the provider, where it names one, else in
    /// every other way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sign_in: Vec<SignInMethod>,
    /// By what the token service knows this console. It has no secret: every browser reads this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The provider that knows the people, where they sign in by OpenID Connect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_id_connect: Option<OpenIdConnect>,
    /// Of Oracle's REST framework, from 1 to 9; 4 where it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework_version: Option<u8>,
    /// Whether cookies and other credentials of the browser go along. Where it does not say, the system is asked once,
    /// as nobody: one that asks by Basic gets none, for they would bring the browser's own dialog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<BrowserCredentials>,
}

/// An OpenID provider, as OpenID Connect Discovery 1.0 describes itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenIdConnect {
    /// As the provider writes it, letter by letter: what it says of itself, and whom its tokens name, must be the same.
    pub issuer: String,
    /// By which the provider knows this console: a public client, which has no secret.
    pub client_id: String,
    /// What is asked for; `openid` is among them.
    pub scopes: Vec<String>,
    /// The API that the tokens are to be for (RFC 8707), where the provider wants it named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The tenants whose people are let in, by their ids (`tid`), where the provider speaks for many under one address:
    /// `issuer` is then that address, such as `https://login.microsoftonline.com/organizations/v2.0`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tenants: Vec<String>,
}

/// What stands behind an issuer where it describes itself (OpenID Connect Discovery 1.0, 4.).
const DISCOVERY: &str = "/.well-known/openid-configuration";

impl OpenIdConnect {
    /// Where the provider describes itself.
    pub fn discovery(&self) -> String {
        self.issuer.strip_suffix('/').unwrap_or(&self.issuer).to_owned() + DISCOVERY
    }

    /// The provider's host, by which people know it.
    pub fn host(&self) -> &str {
        host_of(&self.issuer)
    }
}

/// The host of a whole address, with its port if it names one.
pub fn host_of(address: &str) -> &str {
    let behind = address.split_once("://").map_or(address, |(_, behind)| behind);
    behind.split('/').next().unwrap_or(behind)
}

/// How a system knows a person.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInMethod {
    /// User and password are exchanged for a token that expires (OAuth 2.0 password grant, as the Cloud Foundry UAA
    /// serves it at `/oauth/token`).
    TokenService,
    /// User and password go with every call (HTTP Basic).
    Basic,
    /// The person pastes an access token in the password's place.
    AccessToken,
    /// The person signs in at a provider's own page (OpenID Connect, authorization code with PKCE).
    #[serde(rename = "openid-connect")]
    OpenIdConnect,
}

impl SignInMethod {
    pub const ALL: [Self; 4] = [Self::TokenService, Self::Basic, Self::AccessToken, Self::OpenIdConnect];
    /// The ways that need no further word.
    const WITHOUT_PROVIDER: [Self; 3] = [Self::TokenService, Self::Basic, Self::AccessToken];

    pub fn name(self) -> &'static str {
        match self {
            Self::TokenService => "token-service",
            Self::Basic => "basic",
            Self::AccessToken => "access-token",
            Self::OpenIdConnect => "openid-connect",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BrowserCredentials {
    /// To the page's own origin, as a gateway before the systems wants it.
    SameOrigin,
    Omit,
}

impl BrowserCredentials {
    pub const ALL: [Self; 2] = [Self::SameOrigin, Self::Omit];

    pub fn name(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::Omit => "omit",
        }
    }
}

impl Connections {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, in words, and where.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        reading::read(bytes)
    }

    /// All three systems at the page's own origin.
    pub fn at_own_origin() -> Self {
        let all = || Some(Connection::default());
        Self { oracle: all(), logi_sense: all(), cloud_foundry: all(), ..Self::default() }
    }

    /// What tells these connections from others: what was written for one must not be sent to another. Nothing where all
    /// is at the page's own origin, and has no name.
    pub fn identity(&self) -> String {
        let of = |connection: &Option<Connection>| {
            let at = |connection: &Connection| {
                let service = connection.token_service.iter().map(|service| format!(" by {service}"));
                let provider = connection.open_id_connect.iter();
                let provider =
                    provider.map(|provider| format!(" of {} as {}", provider.issuer, provider.client_id));
                [connection.base.clone()].into_iter().chain(service).chain(provider).collect::<String>()
            };
            // One that does not exist is none at the page's own origin either.
            connection.as_ref().map_or("none".to_owned(), at)
        };
        let name = self.environment.as_ref().map_or("", |environment| environment.name.as_str());
        let parts = [name.to_owned(), of(&self.oracle), of(&self.logi_sense), of(&self.cloud_foundry)];
        if parts.iter().all(String::is_empty) { String::new() } else { parts.join("\n") }
    }
}

impl Connection {
    /// The address of a path of the vendor's.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The address of a path of whoever gives tokens.
    pub fn token_address(&self, path: &str) -> String {
        format!("{}{path}", self.token_service.as_ref().unwrap_or(&self.base))
    }

    /// Whether what a person shows one of them may be shown to the other: both are the same server's.
    pub fn shares_credentials_with(&self, other: &Self) -> bool {
        self.base == other.base
            && self.token_service == other.token_service
            && self.open_id_connect == other.open_id_connect
    }

    /// How people may sign in, the usual way first.
    pub fn methods(&self) -> &[SignInMethod] {
        match (&self.sign_in[..], &self.open_id_connect) {
            ([], None) => &SignInMethod::WITHOUT_PROVIDER,
            ([], Some(_)) => &[SignInMethod::OpenIdConnect],
            (said, _) => said,
        }
    }
}

#[cfg(test)]
mod tests;
