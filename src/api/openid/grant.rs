//! What a provider or a token service gave beside the access token: by what it is renewed, and whose it is.

use crate::api::sign_in::Credential;
use crate::api::token_service::TOKEN_SERVICE;
use crate::api::{RestClient, System};
use serde::{Deserialize, Serialize};

#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Grant {
    /// Where it is renewed: the provider's address, or nothing for the system's own token service.
    pub(super) endpoint: Option<String>,
    pub(super) end_session_endpoint: Option<String>,
    /// Where a refresh token is taken back.
    pub(super) revocation_endpoint: Option<String>,
    /// Empty where none was named.
    pub(super) client_id: String,
    /// Of a token service's client that a person named.
    pub(super) client_secret: String,
    pub(super) resource: Option<String>,
    pub(super) issuer: String,
    /// Whom the provider knows by this; empty at a token service.
    pub(super) subject: String,
    /// Good for one use. It is taken out before it is sent.
    pub(super) refresh: Option<String>,
    /// Whether a renewal brought another one.
    pub(super) is_rotated: Option<bool>,
}

impl Grant {
    pub(super) fn read(text: &str) -> Option<Self> {
        of_token_service(text).or_else(|| serde_json::from_str(text).ok())
    }

    /// Of this system, if it has one.
    pub(super) fn of(client: RestClient, system: System) -> Option<Self> {
        client.grant_at(system).and_then(|text| Self::read(&text))
    }

    /// The system is shown this from now on, and it is renewed by this grant.
    pub(super) fn keep(&self, client: RestClient, system: System, shown: Credential) {
        // Without it the person signs in again.
        let grant = serde_json::to_string(self).ok();
        client.show(system, Credential { grant, ..shown });
    }

    /// Whom the provider knows by it: nobody is called the same at two of them.
    pub(super) fn whose(&self) -> Option<String> {
        (!self.subject.is_empty()).then(|| format!("{}\n{}", self.issuer, self.subject))
    }

    /// Whose renewals follow one another: of one client at one place nobody renews beside another.
    pub(super) fn lock(&self, system: System) -> String {
        let place = self.endpoint.clone().unwrap_or_else(|| system.address(crate::api::system::TOKEN_PATH));
        format!("usage-desk-renewal {place} {}", self.client_id)
    }
}

/// What a token service gave, by its lines.
fn of_token_service(text: &str) -> Option<Grant> {
    let mut lines = text.strip_prefix(TOKEN_SERVICE)?.strip_prefix('\n')?.split('\n').map(str::to_owned);
    Some(Grant {
        endpoint: None,
        end_session_endpoint: None,
        revocation_endpoint: None,
        client_id: lines.next()?,
        client_secret: lines.next()?,
        resource: None,
        issuer: String::new(),
        subject: String::new(),
        refresh: lines.next(),
        is_rotated: None,
    })
}
