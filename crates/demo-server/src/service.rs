//! What every request can reach.

use crate::access_tokens::{self, Audience, TokenFault};
use crate::accounts::Principal;
use crate::app_files::AppFiles;
use crate::database::Database;
use crate::faults::FaultSwitches;
use crate::policy::Policy;
use crate::provider_tokens::{self, TrustedProvider};
use crate::rating;
use chrono::Utc;
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct Service {
    pub database: Database,
    /// How long an access token is good for.
    pub token_seconds: i64,
    /// Identity providers whose access tokens are taken beside this service's own.
    pub providers: Vec<TrustedProvider>,
    /// The built console, where it is served from here.
    pub app_files: Option<AppFiles>,
    /// The `connections.json` that the console reads, where it is not the demo's own.
    pub connections_file: Option<PathBuf>,
    /// Fault switches, where tests may set them.
    pub faults: Option<FaultSwitches>,
    pub policy: Policy,
    /// Wakes the rating job when something was submitted.
    pub rating: rating::Bell,
}

impl Service {
    /// Whose token this is: one that was given out here for this API, or an identity provider's. LogiSense takes its own
    /// alone.
    pub(crate) async fn bearer(
        &self,
        token: &str,
        audience: Audience,
    ) -> Result<Result<Principal, TokenFault>, sqlx::Error> {
        let own = access_tokens::check(&self.database, token, audience, Utc::now()).await?;
        Ok(match (own, audience) {
            (Err(TokenFault::Invalid), Audience::Platform) => provider_tokens::check(&self.providers, token),
            (own, _) => own,
        })
    }
}
