//! What the server answers about approvals: the records of `usageApprovals`, and what an act comes to before it is done
//! (`usageApprovals/action/weigh`).

use super::{Act, ApprovalState, Difference, Need};
use crate::{Record, Value};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What an act would be approved for now, and whether it needs to be: the `result` of `weigh`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weighed {
    pub action_code: String,
    /// The batch; nothing for a purge.
    pub batch_number: Option<String>,
    pub content_digest: String,
    /// Why the asking person needs a second one; nothing where they need none.
    pub needs: Vec<Need>,
    pub event_count: u64,
    pub not_known: u64,
    pub amounts: Vec<WeighedAmount>,
    /// The newest approval of the same act that was neither used nor withdrawn.
    pub standing: Option<Standing>,
}

/// The approvals that wait for the asking person: the `result` of `waiting`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    pub approval_numbers: Vec<String>,
}

/// Digits of a currency; of none where charges have none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WeighedAmount {
    pub currency_code: Option<String>,
    pub amount: String,
}

/// An approval as it bears upon the act now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    pub approval_number: String,
    pub state: String,
    pub asked_by: String,
    pub decided_by: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Whether the asking person may do the act by it: it is approved, for this content, by somebody else.
    pub can_be_used: bool,
    /// What has changed since it was asked for.
    pub differences: Vec<Difference>,
    /// Who made the last change, and when, where the content has changed.
    pub changed_by: Option<String>,
    pub changed_at: Option<String>,
}

impl Weighed {
    pub fn act(&self) -> Option<Act> {
        Act::of(&self.action_code)
    }

    /// Whether the act can be done now.
    pub fn is_free(&self) -> bool {
        self.needs.is_empty() || self.standing.as_ref().is_some_and(|standing| standing.can_be_used)
    }
}

impl Standing {
    pub fn state(&self) -> Option<ApprovalState> {
        ApprovalState::of(&self.state)
    }
}

/// An approval of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub number: String,
    pub act: Act,
    pub batch: Option<String>,
    pub state: ApprovalState,
    pub digest: String,
    pub event_count: i64,
    pub note: Option<String>,
    pub asked_by: String,
    pub asked_by_account: String,
    pub asked_at: Option<DateTime<Utc>>,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    pub acted_by: Option<String>,
    pub acted_at: Option<DateTime<Utc>>,
}

impl Approval {
    /// Nothing where a value that says what is approved is missing or not known.
    pub fn of(record: &Record) -> Option<Self> {
        let words = |name| record.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let instant = |name| record.get(name).and_then(Value::as_date_time);
        Some(Self {
            number: words("ApprovalNumber")?,
            act: Act::of(record.text("ActionCode")?)?,
            batch: words("BatchNumber"),
            state: ApprovalState::of(record.text("State")?)?,
            digest: words("ContentDigest")?,
            event_count: record.get("EventCount").and_then(Value::as_integer).unwrap_or_default(),
            note: words("Note"),
            asked_by: words("CreatedBy").unwrap_or_default(),
            asked_by_account: words("AskedByAccount").unwrap_or_default(),
            asked_at: instant("CreationDate"),
            decided_by: words("DecidedBy"),
            decided_at: instant("DecidedDate"),
            reason: words("DecisionReason"),
            acted_by: words("ActedBy"),
            acted_at: instant("ActedDate"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::approval::APPROVAL;

    #[test]
    fn an_approval_of_which_it_is_not_known_what_it_is_for_is_none() {
        let body = r#"{"ApprovalNumber":"AP-1","ActionCode":"REVERSE","BatchNumber":"UB-3","State":"REQUESTED",
            "ContentDigest":"ab","EventCount":25,"CreatedBy":"Edith Okafor","AskedByAccount":"editor",
            "CreationDate":"2026-11-02T10:00:00+00:00"}"#;
        let read = |body: &str| Approval::of(&Record::read(&APPROVAL, body.as_bytes()).expect("a record"));
        let approval = read(body).expect("an approval");
        assert_eq!((approval.act, approval.state), (Act::Reverse, ApprovalState::Requested));
        assert_eq!((approval.batch.as_deref(), approval.event_count), (Some("UB-3"), 25));
        for name in ["ApprovalNumber", "ActionCode", "State", "ContentDigest"] {
            assert_eq!(read(&body.replace(name, "Other")), None, "{name}");
        }
        assert_eq!(read(&body.replace("REVERSE", "FORGET")), None);
    }

    #[test]
    fn what_is_weighed_is_written_as_it_is_read() {
        let body = r#"{"actionCode":"SUBMIT","batchNumber":"B","contentDigest":"ab","needs":[{"kind":"amount",
            "currency":"EUR","amount":"5000.01","earlier":"0","limit":"5000"},{"kind":"notKnown","events":1},
            {"kind":"reversals","count":25,"earlier":0,"limit":20},{"kind":"purge"}],"eventCount":1,"notKnown":1,
            "amounts":[{"currencyCode":null,"amount":"1"}],"standing":{"approvalNumber":"AP-1","state":"STALE",
            "askedBy":"Edith Okafor","decidedBy":null,"reason":null,"canBeUsed":false,"differences":[{"kind":"changed",
            "number":"UE-1"},{"kind":"rules"}],"changedBy":"Emil Brandt","changedAt":null}}"#;
        let weighed: Weighed = serde_json::from_str(body).expect("an answer");
        assert!(!weighed.is_free());
        assert_eq!(weighed.standing.as_ref().and_then(Standing::state), Some(ApprovalState::Stale));
        let written = serde_json::to_string(&weighed).expect("a text");
        assert_eq!(serde_json::from_str::<Weighed>(&written).expect("an answer"), weighed);
        assert!(Weighed { needs: Vec::new(), ..weighed }.is_free());
    }
}
