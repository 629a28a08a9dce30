//! Where a request was sent to, as its sender wrote it.

use axum::http::HeaderMap;
use axum::http::uri::Authority;

/// The scheme and host that the client used, so that links lead back through the same proxy. What a header
/// says counts where it can be a scheme or a host and nothing else: a client sends passwords to where a link
/// leads. Of several proxies the first one is named first.
pub(crate) fn origin(headers: &HeaderMap) -> String {
    let text = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        value.split(',').next().map(str::trim)
    };
    let host = |name: &str| text(name).filter(|text| is_host(text));
    let scheme = text("x-forwarded-proto").unwrap_or_default();
    let scheme = if scheme.eq_ignore_ascii_case("https") { "https" } else { "http" };
    let host = host("x-forwarded-host").or_else(|| host("host")).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

fn is_host(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".-_:[]".contains(letter);
    let parsed = text.parse::<Authority>().ok().filter(|_| text.chars().all(is_plain));
    parsed.is_some_and(|host| {
        let port = host.as_str().strip_prefix(host.host()).unwrap_or_default();
        !host.host().is_empty() && (port.is_empty() || host.port_u16().is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn of(headers: &[(&'static str, &str)]) -> String {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        });
        origin(&pairs.collect())
    }

    #[test]
    fn links_lead_to_where_the_request_was_sent() {
        assert_eq!(of(&[]), "http://localhost");
        for host in ["desk.example.com", "desk.example.com:8443", "127.0.0.1:80", "[::1]:8787", "a_b"] {
            assert_eq!(of(&[("host", host)]), format!("http://{host}"));
            let headers = [("host", "inner"), ("x-forwarded-host", host), ("x-forwarded-proto", "https")];
            assert_eq!(of(&headers), format!("https://{host}"));
        }
        let chain = [("x-forwarded-host", "outer.example, inner"), ("x-forwarded-proto", "HTTPS, http")];
        assert_eq!(of(&chain), "https://outer.example");
    }

    #[test]
    fn what_is_no_host_or_scheme_leads_nowhere_else() {
        for made_up in [
            "",
            " ",
            "user@evil.example",
            "user:word@evil.example",
            "evil.example/path",
            "evil.example?",
            "evil.example#",
            "evil example",
            "evil.example\\",
            "\"evil.example",
            "evil.example:port",
            "evil.example:99999",
            ":80",
            "[::1",
            "\u{e9}vil.example",
            "%65vil.example",
        ] {
            let headers = [("host", "desk.example.com"), ("x-forwarded-host", made_up)];
            assert_eq!(of(&headers), "http://desk.example.com", "{made_up}");
            assert_eq!(of(&[("host", made_up)]), "http://localhost", "{made_up}");
        }
        for made_up in ["javascript", "ftp", "https://evil.example/?", "https:", ""] {
            let headers = [("host", "desk.example.com"), ("x-forwarded-proto", made_up)];
            assert_eq!(of(&headers), "http://desk.example.com", "{made_up}");
        }
    }
}
