//! Rate limits, which are off unless chosen.

use super::*;

#[tokio::test]
async fn nothing_is_limited_by_default() {
    let platform = Platform::new().await;
    let answer = platform.send_as(&[READ], Method::GET, EVENTS, "").await;
    assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (StatusCode::OK, ""));
}

#[tokio::test]
async fn one_too_many_is_told_when_to_come_again() {
    let platform = Platform::with(|service| service.policy.requests_per_hour = Some(40)).await;
    let begun = chrono::Utc::now().timestamp();
    let mut remaining = Vec::new();
    for _ in 0..40 {
        let answer = platform.send_as(&[GLOBAL_AUDITOR], Method::GET, EVENTS, "").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("x-ratelimit-limit"), "40");
        remaining.push(answer.header("x-ratelimit-remaining").parse::<u32>().unwrap());
    }
    assert_eq!((remaining[0], remaining[3], remaining[4], remaining[39]), (36, 36, 32, 0), "in tenths");
    let answer = platform.send_as(&[GLOBAL_AUDITOR], Method::GET, EVENTS, "").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(error(&answer), (10013, "CF-RateLimitExceeded".to_owned()));
    assert_eq!(answer.header("content-type"), "text/plain");
    let wait = answer.header("retry-after").parse::<i64>().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    let resets = answer.header("x-ratelimit-reset").parse::<i64>().unwrap();
    let now = chrono::Utc::now().timestamp();
    assert!((begun + 3600..=now + 3600).contains(&resets), "an hour after the first: {resets}");
    assert!((begun..=now).contains(&(resets - wait)), "{resets} in {wait} seconds");
    // Administrators have no limit, and strangers one of their own.
    for scopes in [&[ADMIN][..], &[ADMIN_READ_ONLY]] {
        let answer = platform.send_as(scopes, Method::GET, EVENTS, "").await;
        assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (StatusCode::OK, ""), "{scopes:?}");
    }
    let stranger = || platform.service.send(request(Method::GET, EVENTS, "", &[("authorization", "")], ""));
    assert_eq!(error(&stranger().await).0, 10002);
    assert_eq!(stranger().await.header("x-ratelimit-limit"), "2");
    assert_eq!(error(&stranger().await), (10014, "CF-IPBasedRateLimitExceeded".to_owned()));
    // Discovery is not counted.
    assert_eq!(platform.get("/v3").await.header("x-ratelimit-limit"), "");
}
