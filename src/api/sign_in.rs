//! Signing in: a password against the token service, a password sent with every call, or a token
//! that the person already has.

use super::call::{Call, fetch};
use super::connections_file::connections;
use super::failure::{Failure, FailureKind};
use super::system::{USER_PATH, framework_version};
use super::{RestClient, SignInMethod, System, TokenClient};
use leptos::prelude::*;
use rest_contract::cloud_foundry::PlatformRole;
use rest_contract::is_token;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use web_sys::RequestCredentials;

/// What a person may do. Read from the token where it can be; where it cannot, everything is
/// offered and the server's 403 decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Viewer,
    Editor,
    Administrator,
    Unknown,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::Editor => "Editor",
            Self::Administrator => "Administrator",
            Self::Unknown => "Role decided by the server",
        }
    }

    /// Why the person may not change anything, if that is so.
    pub fn blocked_from_editing(self) -> Option<&'static str> {
        match self {
            Self::Viewer => Some("Your role is read-only. Ask an administrator for the role Editor."),
            Self::Editor | Self::Administrator | Self::Unknown => None,
        }
    }

    /// Why the person may not change base buckets, if that is so.
    pub fn blocked_from_buckets(self) -> Option<&'static str> {
        match self {
            Self::Viewer => Some("Your role is read-only. Ask an administrator for the role Editor."),
            Self::Editor | Self::Administrator | Self::Unknown => None,
        }
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// Empty where the system does not tell whose token it is.
    pub user: String,
    /// The issuer and the person's number there, where a provider knows them by it: names are given anew.
    pub subject: Option<String>,
    /// As people call them, where the token tells it.
    pub name: Option<String>,
    pub role: Role,
    /// The part on the platform whose service usage is shown.
    pub platform: PlatformRole,
    pub method: SignInMethod,
}

impl Access {
    /// Whether it is known who this is.
    pub fn is_named(&self) -> bool {
        !self.user.is_empty()
    }

    /// The person's name with that of the account, for what is kept as evidence.
    pub fn name_and_account(&self) -> String {
        match &self.name {
            Some(name) if self.is_named() => format!("{name} ({})", self.user),
            _ => self.shown_name().to_owned(),
        }
    }

    /// The person's name as a screen shows it.
    pub fn shown_name(&self) -> &str {
        match &self.name {
            Some(name) => name,
            None if self.is_named() => &self.user,
            None => "Whoever this token belongs to",
        }
    }
}

/// What a system is shown.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
pub(super) struct Credential {
    /// The `Authorization` header's value.
    pub(super) authorization: String,
    /// By what it is renewed, as `openid` reads it.
    pub(super) grant: Option<String>,
    /// Whose it is; empty where nobody tells.
    pub(super) whose: String,
    /// When it was given, by the clock of this computer, which all tabs have in common: of two that are the same
    /// person's the later one counts. In milliseconds.
    pub(super) since: u64,
}

impl Credential {
    fn of_token(token: &str, grant: Option<String>) -> Self {
        Self::given(format!("Bearer {token}"), grant)
    }

    pub(super) fn given(authorization: String, grant: Option<String>) -> Self {
        Self { authorization, grant, whose: String::new(), since: js_sys::Date::now().max(0.0) as u64 }
    }

    /// The token in it.
    fn token(&self) -> Option<&str> {
        self.authorization.strip_prefix("Bearer ")
    }
}

/// A person of the demo, whose password is their name. Only the demo server lists them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoPerson {
    pub user_name: String,
    pub display_name: String,
    pub role: String,
}

/// A text of a token that people are shown. Whatever else stands in its place is none, and half a character (which JSON
/// can write and no text can hold) is one that nobody knows: a token is no worse for it.
#[derive(Default)]
pub(super) struct ShownText(pub(super) Option<String>);

impl<'de> Deserialize<'de> for ShownText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(js_sys::JSON::parse(written.get()).ok().and_then(|read| read.as_string())))
    }
}

/// What of a token's claims is of use here. The signature is the server's business.
#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    user_name: ShownText,
    #[serde(default)]
    name: ShownText,
    scope: Option<Box<RawValue>>,
}

impl Claims {
    /// The scopes, which stand in a list or in one text with blanks between them (RFC 9068).
    fn scopes(&self) -> impl Iterator<Item = &str> + Clone {
        let told = self.scope.as_ref().map_or("", |scope| scope.get());
        told.split(|sign: char| sign.is_whitespace() || matches!(sign, '[' | ']' | ',' | '"'))
            .filter(|word| !word.is_empty())
    }
}

impl RestClient {
    /// Signs in, and proves by a first read that the system takes what it is shown. On failure the
    /// credentials in use before are left as they were.
    pub async fn sign_in(
        &self,
        method: SignInMethod,
        client: &TokenClient,
        user: &str,
        password: &str,
    ) -> Result<Access, Failure> {
        let main = System::main();
        if method == SignInMethod::AccessToken {
            can_be_sent(main, password)?;
        }
        if main == System::LogiSense {
            self.renew_billing(method, user, password).await?;
            let is_token = method == SignInMethod::AccessToken;
            if is_token {
                // By it the person is known, for nobody tells whose it is.
                self.show(main, Credential::of_token(password.trim(), None));
            }
            self.ended.update_value(|ended| {
                ended.remove(&main);
            });
            let user = if is_token { "" } else { user };
            return Ok(self.access_of(user.to_owned(), method));
        }
        let credential = self.credential(main, method, client, (user, password)).await?;
        match self.prove(main, &credential.authorization).await {
            // The token service knows the person: what else keeps the system from answering, its screens tell.
            Err(failure)
                if method == SignInMethod::TokenService && failure.kind != FailureKind::SignedOut => {}
            proved => proved?,
        }
        let named = credential.token().and_then(read_claims::<Claims>).and_then(|claims| claims.user_name.0);
        let user = match (named, method) {
            (Some(named), _) => named,
            (None, SignInMethod::AccessToken) => {
                self.whose_token(&credential.authorization).await.unwrap_or_default()
            }
            (None, _) => user.to_owned(),
        };
        self.forget_what_is_shared();
        self.show(main, Credential { whose: user.clone(), ..credential });
        let access = self.access_of(user, method);
        // What one server is told, no other one is.
        if System::LogiSense.shares_credentials_with_main() {
            match method {
                SignInMethod::AccessToken => self.begin_billing_with(password.trim()),
                SignInMethod::TokenService | SignInMethod::Basic => {
                    self.begin_billing(&access.user, password);
                }
                SignInMethod::OpenIdConnect => {}
            }
        }
        Ok(access)
    }

    /// What the person may do, as the token tells that the main system is shown.
    pub(super) fn access_of(&self, user: String, method: SignInMethod) -> Access {
        let authorization = self.authorization_at(System::main());
        let claims = authorization
            .as_deref()
            .and_then(|it| it.strip_prefix("Bearer "))
            .and_then(read_claims::<Claims>);
        Access {
            user,
            subject: None,
            name: claims.as_ref().and_then(|claims| claims.name.0.clone()).filter(|name| !name.is_empty()),
            role: claims.as_ref().map_or(Role::Unknown, role_of),
            // Another server's token says nothing of the platform.
            platform: claims
                .as_ref()
                .filter(|_| System::CloudFoundry.shares_credentials_with_main())
                .map_or(PlatformRole::Unknown, |claims| PlatformRole::of_scopes(claims.scopes())),
            method,
        }
    }

    /// Signs in at one system alone; the others are left as they are.
    pub async fn sign_in_at(
        &self,
        system: System,
        method: SignInMethod,
        client: &TokenClient,
        user: &str,
        password: &str,
    ) -> Result<(), Failure> {
        if method == SignInMethod::AccessToken {
            can_be_sent(system, password)?;
        }
        if system == System::LogiSense {
            self.renew_billing(method, user, password).await?;
        } else {
            let credential = self.credential(system, method, client, (user, password)).await?;
            self.prove(system, &credential.authorization).await?;
            self.show(system, Credential { whose: user.to_owned(), ..credential });
        }
        self.ended.update_value(|ended| {
            ended.remove(&system);
        });
        Ok(())
    }

    /// What the person is known by in this browser: their name, or where nobody tells it the token
    /// itself, which nobody else has; and what the console is connected to.
    pub fn person(&self, access: &Access) -> String {
        let name = if let Some(subject) = &access.subject {
            subject.clone()
        } else if access.is_named() {
            access.user.clone()
        } else {
            format!("token:{}", self.authorization_at(System::main()).unwrap_or_default())
        };
        // What was written for other connections is not this person's here.
        match connections().identity() {
            none if none.is_empty() => name,
            identity => format!("{name}\n{identity}"),
        }
    }

    /// The demo's people; nobody where the server is no demo.
    pub async fn demo_people(&self) -> Vec<DemoPerson> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Health {
            demo_people: Vec<DemoPerson>,
        }
        if !connections().demo {
            return Vec::new();
        }
        let answer = fetch(System::main(), None, Call::get("/healthz"), RequestCredentials::Omit).await;
        answer
            .ok()
            .and_then(|answer| serde_json::from_slice(&answer.body).ok())
            .map_or_else(Vec::new, |health: Health| health.demo_people)
    }

    async fn credential(
        &self,
        system: System,
        method: SignInMethod,
        client: &TokenClient,
        (user, password): (&str, &str),
    ) -> Result<Credential, Failure> {
        Ok(match method {
            SignInMethod::TokenService => {
                let token = self.fetch_token(system, client, (user, password)).await?;
                Credential::of_token(&token.access, token.grant)
            }
            SignInMethod::AccessToken => Credential::of_token(password.trim(), None),
            // A provider knows no password of this page's.
            SignInMethod::Basic | SignInMethod::OpenIdConnect => {
                Credential::given(format!("Basic {}", base64(&format!("{user}:{password}"))), None)
            }
        })
    }

    /// The system is shown this from now on.
    pub(super) fn show(&self, system: System, credential: Credential) {
        self.shown.update_value(|shown| {
            shown.insert(system, credential);
        });
        self.forget_why_not_renewed(system);
    }

    pub(super) fn forget_why_not_renewed(&self, system: System) {
        if self.not_renewed.with_untracked(|why| why.as_ref().is_some_and(|(at, _)| *at == system)) {
            self.not_renewed.set(None);
        }
    }

    /// A first read, which the system answers only to whom it knows.
    pub(super) async fn prove(&self, system: System, authorization: &str) -> Result<(), Failure> {
        let version = [framework_version()];
        let headers: &[_] = if system == System::Oracle { &version } else { &[] };
        let call = Call { headers, ..Call::get(system.first_path()) };
        self.send_as(system, Some(authorization.to_owned()), call).await?.succeeded().map(drop)
    }

    /// Whose token this is, where there is somebody to ask (OpenID Connect, "UserInfo"; the UAA has it).
    async fn whose_token(&self, authorization: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct Person {
            user_name: Option<String>,
            preferred_username: Option<String>,
            sub: Option<String>,
        }
        let authorization = Some(authorization.to_owned());
        let answer =
            fetch(System::main(), authorization, Call::get(USER_PATH), RequestCredentials::Omit).await;
        let person: Person = serde_json::from_slice(&answer.ok()?.succeeded().ok()?.body).ok()?;
        let name = person.user_name.or(person.preferred_username).or(person.sub)?;
        (!name.is_empty()).then_some(name)
    }
}

/// Whether what a person pasted can be shown as a token at all.
fn can_be_sent(system: System, pasted: &str) -> Result<(), Failure> {
    if is_token(pasted.trim()) {
        return Ok(());
    }
    let words = "This cannot be an access token: it holds a blank, a line break or another sign that no token has. Paste the token alone.";
    Err(Failure::new(system, FailureKind::AtProvider(words.to_owned())))
}

fn role_of(claims: &Claims) -> Role {
    let has = |wanted: &str| claims.scopes().any(|scope| scope == wanted);
    if has("subscription_usage.admin") {
        Role::Administrator
    } else if has("subscription_usage.write") {
        Role::Editor
    } else if has("subscription_usage.read") {
        Role::Viewer
    } else {
        Role::Unknown
    }
}

/// What a token (JSON Web Token) says of itself. Whether that is true is the business of whoever takes the token.
pub(super) fn read_claims<T: DeserializeOwned>(token: &str) -> Option<T> {
    let payload = token.split('.').nth(1)?.replace('-', "+").replace('_', "/");
    let bytes: Vec<u8> =
        window().atob(&payload).ok()?.chars().map(|byte| u8::try_from(byte).ok()).collect::<Option<_>>()?;
    serde_json::from_slice(&bytes).ok()
}

/// Base64 of the text's UTF-8 bytes.
pub(super) fn base64(text: &str) -> String {
    let bytes: String = text.bytes().map(char::from).collect();
    window().btoa(&bytes).unwrap_or_default()
}
