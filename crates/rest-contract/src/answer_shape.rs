//! Whose an answer is, by its body: for whoever asks whether the right system answers at an address.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

/// Who makes a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    Oracle,
    LogiSense,
    CloudFoundry,
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerShape {
    /// No byte of it says anything.
    Empty,
    /// A web page.
    Page,
    /// Neither JSON nor a page.
    Text,
    /// Records, in the envelope of this vendor.
    Records(Vendor),
    /// What this vendor says of a request that it refused.
    Refusal(Vendor),
    /// JSON of none of these.
    OtherJson,
}

/// The members by which envelopes are told apart. Each vendor has one that the others have not.
#[derive(Deserialize)]
struct Envelope {
    /// Oracle and LogiSense.
    items: Option<Vec<IgnoredAny>>,
    #[serde(rename = "hasMore")]
    has_more: Option<bool>,
    #[serde(rename = "trackingId")]
    tracking_id: Option<Json>,
    /// Cloud Foundry.
    resources: Option<Vec<IgnoredAny>>,
    pagination: Option<Json>,
    /// LogiSense and Cloud Foundry.
    errors: Option<Vec<Json>>,
    #[serde(rename = "o:errorDetails")]
    details: Option<IgnoredAny>,
    #[serde(rename = "o:errorCode")]
    code: Option<IgnoredAny>,
}

/// What a body is, by the shapes in which the vendors answer.
pub fn shape_of(body: &[u8]) -> AnswerShape {
    let body = body.trim_ascii();
    if body.is_empty() {
        return AnswerShape::Empty;
    }
    if body.starts_with(b"<") {
        return AnswerShape::Page;
    }
    if serde_json::from_slice::<IgnoredAny>(body).is_err() {
        return AnswerShape::Text;
    }
    match serde_json::from_slice(body) {
        Ok(envelope) => shape_of_envelope(&envelope),
        Err(_) => AnswerShape::OtherJson,
    }
}

fn shape_of_envelope(envelope: &Envelope) -> AnswerShape {
    let Envelope { items, has_more, tracking_id, resources, pagination, errors, details, code } = envelope;
    let is_tracked = matches!(tracking_id, Some(Json::String(_) | Json::Number(_)));
    let has_code = |error: &Json| error.get("code").is_some_and(Json::is_number);
    let names = |error: &Json| error.get("title").is_some_and(Json::is_string);
    if is_tracked && errors.is_some() {
        AnswerShape::Refusal(Vendor::LogiSense)
    } else if is_tracked && items.is_some() {
        AnswerShape::Records(Vendor::LogiSense)
    } else if items.is_some() && has_more.is_some() {
        AnswerShape::Records(Vendor::Oracle)
    } else if details.is_some() || code.is_some() {
        AnswerShape::Refusal(Vendor::Oracle)
    } else if resources.is_some() && pagination.as_ref().is_some_and(|it| it.get("total_results").is_some()) {
        AnswerShape::Records(Vendor::CloudFoundry)
    } else if errors.as_ref().and_then(|errors| errors.first()).is_some_and(|it| has_code(it) && names(it)) {
        AnswerShape::Refusal(Vendor::CloudFoundry)
    } else {
        AnswerShape::OtherJson
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_of_whom_its_envelope_is() {
        use AnswerShape::{Empty, OtherJson, Page, Records, Refusal, Text};
        use Vendor::{CloudFoundry, LogiSense, Oracle};
        for (body, shape) in [
            (
                r#"{"items":[{"BatchNumber":"B"}],"count":1,"hasMore":true,"limit":1,"offset":0,"links":[]}"#,
                Records(Oracle),
            ),
            (r#" {"items":[],"count":0,"hasMore":false,"limit":1,"offset":0} "#, Records(Oracle)),
            (
                r#"{"title":"Unauthorized","status":"401","o:errorDetails":[{"detail":"No"}]}"#,
                Refusal(Oracle),
            ),
            (r#"{"type":"x","title":"Not Found","status":404,"o:errorCode":"1"}"#, Refusal(Oracle)),
            (r#"{"trackingId":"5f","totalCount":0,"items":[]}"#, Records(LogiSense)),
            (r#"{"trackingId":"5f","type":"read","errors":[{"code":1,"message":"No"}]}"#, Refusal(LogiSense)),
            (
                r#"{"pagination":{"total_results":0,"total_pages":1,"first":{"href":"x"},"next":null},"resources":[]}"#,
                Records(CloudFoundry),
            ),
            (
                r#"{"errors":[{"code":10002,"title":"CF-NotAuthenticated","detail":"No"}]}"#,
                Refusal(CloudFoundry),
            ),
            ("", Empty),
            (" \r\n", Empty),
            ("<!doctype html><title>Sign in</title>", Page),
            ("\n<html>", Page),
            ("<?xml version='1.0'?><error/>", Page),
            ("Unauthorized", Text),
            (r#"{"items":[],"#, Text),
            ("{}", OtherJson),
            ("[]", OtherJson),
            ("null", OtherJson),
            ("7", OtherJson),
            (r#""ok""#, OtherJson),
            (r#"{"items":[]}"#, OtherJson),
            (r#"{"items":{},"hasMore":true}"#, OtherJson),
            (r#"{"items":null,"hasMore":true}"#, OtherJson),
            (r#"{"resources":[]}"#, OtherJson),
            (r#"{"resources":[],"pagination":7}"#, OtherJson),
            (r#"{"errors":[]}"#, OtherJson),
            (r#"{"errors":[{"message":"GraphQL"}]}"#, OtherJson),
            (r#"{"error":"unauthorized"}"#, OtherJson),
            (r#"{"status":"UP"}"#, OtherJson),
        ] {
            assert_eq!(shape_of(body.as_bytes()), shape, "{body}");
        }
    }
}
