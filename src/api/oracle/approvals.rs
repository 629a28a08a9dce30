//! Approvals by a second person (`usageApprovals`, the demo server's own: a system without them asks for none).

use super::{BASE_PATH, RestClient, System, encoded, framework_version, version_in};
use crate::api::call::{Answer, Call};
use crate::api::failure::Failure;
use gloo_net::http::Method;
use rest_contract::oracle::approval::{APPROVAL, Act, Step, Waiting, Weighed};
use rest_contract::{ReadError, Record};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What of an approval the list shows; the content is read where it is looked at.
const SHOWN: &str = "ActedBy,ActedDate,ActionCode,ApprovalNumber,AskedByAccount,BatchNumber,ContentDigest,CreatedBy,\
                     CreationDate,DecidedBy,DecidedDate,DecisionReason,EventCount,Note,State";

/// So many of the newest are listed.
pub const MOST_APPROVALS: usize = 100;

#[derive(Deserialize)]
struct Told<T> {
    result: T,
}

/// The body that asks for an approval.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewApproval<'a> {
    action_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_number: Option<&'a str>,
    content_digest: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

impl RestClient {
    /// The newest approvals.
    pub async fn approvals(&self) -> Result<Vec<Record>, Failure> {
        let path = format!(
            "{BASE_PATH}/{}?fields={SHOWN}&onlyData=true&orderBy=ApprovalId:desc&limit={MOST_APPROVALS}",
            APPROVAL.resource
        );
        Ok(self.read_collection(&APPROVAL, &path).await?.items)
    }

    /// One approval.
    pub async fn approval(&self, number: &str) -> Result<Record, Failure> {
        let path =
            format!("{BASE_PATH}/{}/{}?fields={SHOWN}&onlyData=true", APPROVAL.resource, encoded(number));
        let answer = self.get(&path).await?;
        Record::read(&APPROVAL, &answer.body).map_err(|error| Failure::unreadable(&answer, &error))
    }

    /// The canonical text of what an approval is for.
    pub async fn approval_content(&self, number: &str) -> Result<String, Failure> {
        let path = format!("{BASE_PATH}/{}/{}/enclosure/Content", APPROVAL.resource, encoded(number));
        let headers = [framework_version(), ("Accept", "*/*")];
        let call = Call { method: Method::GET, path: &path, headers: &headers, body: None };
        let answer = self.send(System::Oracle, call).await?.succeeded()?;
        let text = String::from_utf8(answer.body.clone());
        text.map_err(|error| Failure::unreadable(&answer, &ReadError::Malformed(error.to_string())))
    }

    /// What an act comes to now, and whether the person needs a second one for it: of a batch that is to be submitted, or
    /// of the purge of the service usage events.
    pub async fn weigh(&self, batch: Option<&str>) -> Result<Weighed, Failure> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Of<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            batch_number: Option<&'a str>,
        }
        let body = serde_json::to_string(&Of { batch_number: batch }).unwrap_or_default();
        self.told("action/weigh", body).await
    }

    /// The approvals that wait for the person.
    pub async fn waiting_approvals(&self) -> Result<Waiting, Failure> {
        self.told("action/waiting", "{}".to_owned()).await
    }

    /// Asks for an approval of what was weighed. Whether it was asked for after a failure `weigh` tells: asking twice is
    /// refused.
    pub async fn ask_approval(&self, weighed: &Weighed, note: &str) -> Result<(), Failure> {
        let approval = NewApproval {
            action_code: weighed.act().map_or(&weighed.action_code, |act: Act| act.code()),
            batch_number: weighed.batch_number.as_deref(),
            content_digest: &weighed.content_digest,
            note: (!note.trim().is_empty()).then_some(note),
        };
        let body = serde_json::to_string(&approval).unwrap_or_default();
        let headers = [framework_version(), ("Content-Type", "application/json")];
        let path = format!("{BASE_PATH}/{}", APPROVAL.resource);
        let call = Call { method: Method::POST, path: &path, headers: &headers, body: Some(body) };
        self.send(System::Oracle, call).await?.succeeded()?;
        Ok(())
    }

    /// Approves what has this digest, refuses for this reason, or withdraws: as the approval is now. Whether it was done
    /// after a failure the list tells: nothing is decided twice.
    pub async fn decide(&self, number: &str, step: Step, given: &str) -> Result<(), Failure> {
        let path = format!("{}/{}", APPROVAL.resource, encoded(number));
        let seen = self.get(&format!("{BASE_PATH}/{path}?fields=ApprovalNumber,ObjectVersionNumber")).await?;
        let record =
            Record::read(&APPROVAL, &seen.body).map_err(|error| Failure::unreadable(&seen, &error))?;
        let version = version_in(&seen, &record);
        let name = match step {
            Step::Approve => Some("contentDigest"),
            Step::Refuse => Some("reason"),
            Step::Withdraw => None,
        };
        let body: serde_json::Map<String, serde_json::Value> =
            name.map(|name| (name.to_owned(), given.into())).into_iter().collect();
        let body = serde_json::to_string(&body).unwrap_or_default();
        let headers = [
            framework_version(),
            ("Content-Type", "application/vnd.oracle.adf.action+json"),
            ("If-Match", version.token.as_str()),
        ];
        let path = format!("{BASE_PATH}/{path}/action/{}", step.name());
        let call = Call { method: Method::POST, path: &path, headers: &headers, body: Some(body) };
        self.send(System::Oracle, call).await?.succeeded()?;
        Ok(())
    }

    /// The result of an action that tells something and changes nothing.
    async fn told<T: DeserializeOwned>(&self, action: &str, body: String) -> Result<T, Failure> {
        let path = format!("{BASE_PATH}/{}/{action}", APPROVAL.resource);
        let headers = [framework_version(), ("Content-Type", "application/vnd.oracle.adf.action+json")];
        let call = Call { method: Method::POST, path: &path, headers: &headers, body: Some(body) };
        let answer: Answer = self.send(System::Oracle, call).await?.succeeded()?;
        let told: Result<Told<T>, _> = serde_json::from_slice(&answer.body);
        told.map(|told| told.result)
            .map_err(|error| Failure::unreadable(&answer, &ReadError::Malformed(error.to_string())))
    }
}
