//! Many events made by one request.

use crate::api::call::Call;
use crate::api::failure::{Failure, FailureKind};
use crate::api::record_key::EVENTS;
use crate::api::system::framework_version;
use crate::api::{RestClient, System};
use gloo_net::http::Method;
use rest_contract::oracle::BASE_PATH;
use rest_contract::oracle::batch_request::{BATCH_REQUEST, PartAnswer, creations, read_parts};
use rest_contract::{ReadError, Record};

impl RestClient {
    /// Asks for the events to be made, all or none of them, and answers what the server says of each by its place. A
    /// failure may have come after they were made: whoever asked has to look for them by their numbers.
    pub async fn create_events(&self, events: &[&Record]) -> Result<Vec<(usize, PartAnswer)>, Failure> {
        let unwritten = |reason: serde_json::Error| {
            Failure::new(System::Oracle, FailureKind::Unreadable(reason.to_string()))
        };
        let body = Some(creations(EVENTS, events).map_err(unwritten)?);
        let headers = [framework_version(), ("Content-Type", BATCH_REQUEST)];
        let call = Call { method: Method::POST, path: BASE_PATH, headers: &headers, body };
        let answer = self.send(System::Oracle, call).await?;
        if let Some(parts) = read_parts(answer.status, &answer.body).filter(|parts| !parts.is_empty()) {
            return Ok(parts);
        }
        let answer = answer.succeeded()?;
        let reason = ReadError::Malformed("It does not say what became of the events".to_owned());
        Err(Failure::unreadable(&answer, &reason))
    }
}
