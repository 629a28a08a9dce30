//! A request whose sender, target and parameters are known.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::Service;
use crate::accounts::Principal;
use crate::oracle::protocol::framework_version::FrameworkVersion;
use crate::oracle::protocol::parameters::Parameters;
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::records::history::Stamp;
use crate::oracle::schema::path::{Facet, Target};

pub(in crate::oracle) struct Exchange {
    pub(in crate::oracle) service: Service,
    pub(in crate::oracle) principal: Principal,
    pub(in crate::oracle) version: FrameworkVersion,
    pub(in crate::oracle) target: Target,
    pub(in crate::oracle) parameters: Parameters,
    pub(in crate::oracle) headers: HeaderMap,
    pub(in crate::oracle) request_id: String,
    /// `http://host/crmRestApi/resources/{version}`
    pub(in crate::oracle) base: String,
}

impl Exchange {
    pub(in crate::oracle) fn requires(&self, scope: &str) -> Result<(), Refusal> {
        if self.principal.may(scope) {
            return Ok(());
        }
        let detail = format!(
            "{} ({}) lacks the permission {scope}, which this request needs.",
            self.principal.display_name, self.principal.user_name
        );
        Err(Refusal::new(StatusCode::FORBIDDEN, detail))
    }

    /// Who changes something by this request, from now on.
    pub(in crate::oracle) fn stamp(&self) -> Stamp {
        Stamp::now(&self.principal.display_name, &self.request_id).of_account(&self.principal.user_name)
    }

    /// Whether the sender takes an answer of this kind.
    pub(in crate::oracle) fn accepts(&self, wanted: &str) -> bool {
        let Some(accept) = self.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) else {
            return true;
        };
        accept.split(',').any(|range| {
            let media_type = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            matches!(media_type.as_str(), "*/*" | "application/*") || media_type == wanted
        })
    }

    /// The vendor's framework answers JSON, the raw text of an enclosure, or nothing.
    pub(in crate::oracle) fn accepts_an_answer(&self) -> Result<(), Refusal> {
        let kinds = ["resourceitem", "resourcecollection", "actionresult", "description", "batch"];
        let fits = matches!(self.target.facet, Facet::Enclosure(_))
            || self.accepts("application/json")
            || kinds.iter().any(|kind| self.accepts(&format!("application/vnd.oracle.adf.{kind}+json")));
        if fits {
            Ok(())
        } else {
            let detail = "This resource can be had as application/json only.";
            Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, detail))
        }
    }
}

pub(in crate::oracle) fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
