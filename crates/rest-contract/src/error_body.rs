//! Error bodies of Oracle REST services, framework version 4, and whatever else comes instead.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// An error answer in one shape, whatever shape it had on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    pub title: String,
    /// The HTTP status, as a text: that is how the vendor writes it.
    pub status: String,
    #[serde(rename = "o:errorDetails", default)]
    pub details: Vec<ErrorDetail>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    pub detail: String,
    /// A number as text, without the framework's `JBO-` prefix.
    #[serde(rename = "o:errorCode", skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `/Attribute` where one field is to blame.
    #[serde(rename = "o:errorPath", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl ErrorDetail {
    /// The field that the path names, if it names one.
    pub fn field(&self) -> Option<&str> {
        let path = self.path.as_deref()?.trim_start_matches('/');
        path.rsplit('/').next().filter(|name| !name.is_empty())
    }
}

/// Titles of bodies in no form that the systems use.
const A_PAGE: &str = "A web page came back instead of data";
const NO_REASON: &str = "The server gave no reason";
const REFUSED: &str = "The server refused the request";
/// More of an unexpected body than this helps nobody on a screen.
const LONGEST_TEXT: usize = 300;

impl ErrorBody {
    pub fn new(status: u16, title: &str, details: Vec<ErrorDetail>) -> Self {
        Self { title: title.to_owned(), status: status.to_string(), details }
    }

    /// Reads any error answer; there is no body that it cannot make a message of. Structured errors
    /// keep their details, whether the code is called `o:errorCode` or `code` and with or without
    /// its prefix; a plain text is one detail; an HTML page (a proxy's or a sign-in's) and an empty
    /// body are said to be that, and other marks (a part of a page, XML) are no reason for a person.
    pub fn read(status: u16, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim();
        let json = serde_json::from_str::<Json>(text).ok();
        if let Some(Json::Object(object)) = &json {
            let title =
                ["title", "error_description", "error"].iter().find_map(|name| object.get(*name)?.as_str());
            let details: Vec<_> = object
                .get("o:errorDetails")
                // Cloud Foundry V3 API, "Errors".
                .or_else(|| object.get("errors"))
                .and_then(Json::as_array)
                .map(|details| details.iter().map(read_detail).collect())
                .unwrap_or_default();
            let detail = object.get("detail").or(object.get("message")).and_then(Json::as_str);
            let details = match (details.is_empty(), detail) {
                (true, Some(detail)) => {
                    vec![ErrorDetail { detail: shorten(detail), ..ErrorDetail::default() }]
                }
                _ => details,
            };
            if title.is_some() || !details.is_empty() {
                return Self::new(status, title.unwrap_or(REFUSED), details);
            }
        }
        let (title, detail) = if looks_like_html(text) {
            (A_PAGE, "Something between this page and the system answered in its place: a proxy, a firewall or a sign-in page.".to_owned())
        } else if text.is_empty() || text.starts_with('<') {
            (NO_REASON, String::new())
        } else {
            (REFUSED, shorten(text))
        };
        let details = if detail.is_empty() {
            Vec::new()
        } else {
            vec![ErrorDetail { detail, ..ErrorDetail::default() }]
        };
        Self::new(status, title, details)
    }

    /// Whether a system says it in a form of its own, and not whatever answered in its place.
    pub fn is_a_systems(&self) -> bool {
        ![A_PAGE, NO_REASON, REFUSED].contains(&self.title.as_str())
    }

    /// The reasons in one line: details where there are any, else the title.
    pub fn summary(&self) -> String {
        let details: Vec<_> = self
            .details
            .iter()
            .map(|detail| detail.detail.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        if details.is_empty() { self.title.clone() } else { details.join(" ") }
    }

    /// Whether a detail carries that code.
    pub fn has_code(&self, code: &str) -> bool {
        self.details.iter().any(|detail| detail.code.as_deref() == Some(code))
    }
}

/// Whether a body is a web page rather than data.
fn looks_like_html(text: &str) -> bool {
    let start: String = text.chars().take(200).flat_map(char::to_lowercase).collect();
    start.starts_with("<!doctype") || start.contains("<html") || start.starts_with("<head")
}

fn read_detail(json: &Json) -> ErrorDetail {
    let text = |names: &[&str]| {
        names.iter().find_map(|name| match json.get(*name)? {
            Json::String(text) if !text.is_empty() => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        })
    };
    ErrorDetail {
        detail: text(&["detail", "message"]).map(|text| shorten(&text)).unwrap_or_default(),
        code: text(&["o:errorCode", "code"]).map(|code| code.trim_start_matches("JBO-").to_owned()),
        path: text(&["o:errorPath", "path"]),
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, title: &str, details: &[(&str, Option<&str>, Option<&str>)]) {
        let found = ErrorBody::read(status, body.as_bytes());
        let found_details: Vec<_> =
            found.details.iter().map(|d| (d.detail.as_str(), d.code.as_deref(), d.field())).collect();
        assert_eq!((found.title.as_str(), found_details.as_slice()), (title, details), "{body}");
    }

    #[test]
    fn every_shape_of_error_becomes_one() {
        check(
            400,
            r#"{"title":"Bad Request","status":"400","o:errorDetails":[{"detail":"Too long","o:errorCode":"27040","o:errorPath":"/ServiceId"},{"detail":"Stale","code":"JBO-25014","o:errorPath":""}]}"#,
            "Bad Request",
            &[("Too long", Some("27040"), Some("ServiceId")), ("Stale", Some("25014"), None)],
        );
        check(401, r#"{"error":"invalid_token","error_description":"expired"}"#, "expired", &[]);
        check(
            400,
            "JBO-27014: Attribute is required",
            "The server refused the request",
            &[("JBO-27014: Attribute is required", None, None)],
        );
        check(
            422,
            r#"{"errors":[{"code":10008,"title":"CF-UnprocessableEntity","detail":"Unknown guid"}]}"#,
            "The server refused the request",
            &[("Unknown guid", Some("10008"), None)],
        );
        check(409, r#"{"title":"Conflict","detail":"why"}"#, "Conflict", &[("why", None, None)]);
        check(409, r#"{"message":"why"}"#, "The server refused the request", &[("why", None, None)]);
        check(
            422,
            r#"{"title":"Bad","errors":[{"detail":"","message":"said otherwise"}],"detail":"not this"}"#,
            "Bad",
            &[("said otherwise", None, None)],
        );
        for none in ["", "<h1>Forbidden</h1>", " <soap:Envelope><soap:Fault/></soap:Envelope>"] {
            check(406, none, "The server gave no reason", &[]);
        }
        check(502, "{}", "The server refused the request", &[("{}", None, None)]);
        let page = ErrorBody::read(502, b"\n<HTML><body>Bad gateway</body></HTML>");
        assert_eq!(page.title, "A web page came back instead of data");
        assert!(!page.summary().contains('<'));
    }

    #[test]
    fn the_summary_is_the_details_or_else_the_title() {
        let summary = |body: &str| ErrorBody::read(400, body.as_bytes()).summary();
        assert_eq!(summary(r#"{"title":"Bad","errors":[{"detail":"a"},{"code":7},{"detail":"b"}]}"#), "a b");
        assert_eq!(summary(r#"{"title":"Bad","errors":[{"code":7}]}"#), "Bad");
    }

    #[test]
    fn a_code_is_known_among_several() {
        let body = ErrorBody::read(409, br#"{"errors":[{"code":"JBO-27040"},{"code":25014}]}"#);
        assert!(body.has_code("25014") && body.has_code("27040") && !body.has_code("2501"));
    }
}
