//! Closing a period and opening it again (`usageClosedPeriods`, the demo server's own: a system without it has no
//! periods to close).

use super::{BASE_PATH, RestClient, System, encoded, framework_version, version_in};
use crate::api::call::Call;
use crate::api::failure::Failure;
use chrono::{DateTime, SecondsFormat, Utc};
use gloo_net::http::Method;
use rest_contract::Record;
use rest_contract::oracle::closed_period::CLOSED_PERIOD;
use serde::Serialize;
use std::ops::Range;

/// The body that closes a period.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewPeriod<'a> {
    period_name: &'a str,
    start_time: String,
    end_time: String,
    time_zone: &'a str,
}

impl RestClient {
    /// Closes a period. Whether it is closed after a failure only the list tells: closing twice is refused.
    pub async fn close_period(
        &self,
        name: &str,
        span: &Range<DateTime<Utc>>,
        zone: &str,
    ) -> Result<(), Failure> {
        let instant = |at: &DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let period = NewPeriod {
            period_name: name,
            start_time: instant(&span.start),
            end_time: instant(&span.end),
            time_zone: zone,
        };
        let body = serde_json::to_string(&period).unwrap_or_default();
        let headers = [framework_version(), ("Content-Type", "application/json")];
        let path = format!("{BASE_PATH}/{}", CLOSED_PERIOD.resource);
        let call = Call { method: Method::POST, path: &path, headers: &headers, body: Some(body) };
        self.send(System::Oracle, call).await?.succeeded()?;
        Ok(())
    }

    /// Opens a closed period again, as it is now.
    pub async fn open_period(&self, name: &str) -> Result<(), Failure> {
        let path = format!("{BASE_PATH}/{}/{}", CLOSED_PERIOD.resource, encoded(name));
        let answer = self.get(&path).await?;
        let record = Record::read(&CLOSED_PERIOD, &answer.body);
        let version = version_in(&answer, &record.map_err(|error| Failure::unreadable(&answer, &error))?);
        let headers = [framework_version(), ("If-Match", version.token.as_str())];
        let call = Call { method: Method::DELETE, path: &path, headers: &headers, body: None };
        self.send(System::Oracle, call).await?.succeeded()?;
        Ok(())
    }
}
