//! Which answers to a purge say for certain that the request did nothing.

use crate::ErrorBody;

/// Codes of the demo server's own refusals, both with the status 409: another purge is at work, and a second person is
/// needed.
pub const PURGE_IN_PROGRESS: u32 = 990_001;
pub const APPROVAL_NEEDED: u32 = 990_002;

/// Which refusals come before any work is the platform's order: credentials, role, route, rate, request. A conflict
/// alone says nothing; one that is known by its code does.
pub fn refuses_purge(status: u16, body: &[u8]) -> bool {
    match status {
        400 | 401 | 403 | 404 | 405 | 422 | 425 | 429 => true,
        409 => {
            let body = ErrorBody::read(status, body);
            [PURGE_IN_PROGRESS, APPROVAL_NEEDED].iter().any(|code| body.has_code(&code.to_string()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_a_refusal_where_its_code_is_known_and_else_says_nothing() {
        let body = |code: u32| format!(r#"{{"errors":[{{"code":{code},"title":"T","detail":"Why."}}]}}"#);
        for code in [PURGE_IN_PROGRESS, APPROVAL_NEEDED] {
            assert!(refuses_purge(409, body(code).as_bytes()), "{code}");
            assert!(!refuses_purge(500, body(code).as_bytes()), "{code}");
        }
        for other in [body(10_008), String::new(), "<html></html>".to_owned()] {
            assert!(!refuses_purge(409, other.as_bytes()), "{other}");
            assert!(refuses_purge(403, other.as_bytes()), "{other}");
            assert!(!refuses_purge(502, other.as_bytes()), "{other}");
        }
    }
}
