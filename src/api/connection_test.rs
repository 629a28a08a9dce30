//! A try of one connection.

use super::call::Call;
use super::failure::{Failure, FailureKind};
use super::system::framework_version;
use super::{RestClient, System};
use rest_contract::ReadError;
use serde::de::IgnoredAny;

impl RestClient {
    /// Asks a system for the first of what the console reads there, as who is signed in.
    ///
    /// # Errors
    /// Whatever keeps its screens from being filled.
    pub async fn try_connection(&self, system: System) -> Result<(), Failure> {
        if system.connection().is_some_and(|connection| connection.open_id_connect.is_some()) {
            self.provider_endpoints(system).await?;
        }
        let version = [framework_version()];
        let headers: &[_] = if system == System::Oracle { &version } else { &[] };
        let call = Call { headers, ..Call::get(system.first_path()) };
        let answer = match system {
            System::LogiSense => {
                let authorization = match self.billing_token(None).await {
                    Ok(token) => Some(format!("Bearer {token}")),
                    // It may be another system altogether, which is told better than that nobody is signed in.
                    Err(failure) if failure.kind == FailureKind::SignedOut => None,
                    Err(failure) => return Err(failure),
                };
                self.send_as(system, authorization, call).await
            }
            System::Oracle | System::CloudFoundry => self.send(system, call).await,
        };
        let answer = answer?.succeeded()?;
        match serde_json::from_slice::<IgnoredAny>(&answer.body) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::unreadable(&answer, &ReadError::Malformed(error.to_string()))),
        }
    }
}
