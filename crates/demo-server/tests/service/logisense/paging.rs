//! The `Pagination` header, and its twin in the query.

use super::*;

async fn page(billing: &Billing, header: &str, query: &str) -> Answer {
    let headers = if header.is_empty() { vec![] } else { vec![("pagination", header)] };
    billing.send_with(Method::GET, &format!("{BUCKETS}/Paged{query}"), &headers, "").await
}

#[tokio::test]
async fn pages_cut_the_list() {
    let billing = Billing::to_read().await;
    let all = billing.buckets().await;
    for (header, query, number, size) in [
        ("", "", 1, 20),
        (r#"{"pageNumber":2}"#, "", 2, 20),
        (r#"{"pageNumber":3,"pageSize":50,"excludeTotalCount":false}"#, "", 3, 50),
        ("", "?pageNumber=4&pageSize=33", 4, 33),
        (r#"{"pageNumber":9,"pageSize":9}"#, "?pageNumber=1", 1, 9),
        ("", "?pageNumber=900&pageSize=1000", 900, 1000),
        (r#"{"pageNumber":9223372036854775807,"pageSize":1000}"#, "", usize::MAX / 2, 1000),
    ] {
        let body = ok(&page(&billing, header, query).await);
        assert_eq!(body["pagination"]["pageNumber"].as_u64(), Some(number as u64), "{header} {query}");
        assert_eq!(
            (&body["pagination"]["pageSize"], &body["pagedResults"]["totalCount"]),
            (&size.into(), &all.len().into())
        );
        let expected =
            all.iter().skip((number - 1).saturating_mul(size)).take(size).cloned().collect::<Vec<_>>();
        assert_eq!(body["pagedResults"]["items"], Json::from(expected), "{header} {query}");
    }
}

#[tokio::test]
async fn the_total_can_be_left_out() {
    let billing = Billing::to_read().await;
    for (header, query) in [(r#"{"excludeTotalCount":true}"#, ""), ("", "?excludeTotalCount=true")] {
        let body = ok(&page(&billing, header, query).await);
        assert_eq!(body["pagination"]["excludeTotalCount"], true);
        assert!(body["pagedResults"].as_object().unwrap().keys().eq(["items"]), "{body}");
    }
}

#[tokio::test]
async fn pages_that_cannot_be_are_refused() {
    let billing = Billing::to_read().await;
    for (header, query, expected) in [
        (r#"{"pageNumber":0,"pageSize":0}"#, "", &["11900000 pageNumber", "11900000 pageSize"][..]),
        (r#"{"pageSize":1001}"#, "", &["11900000 pageSize"]),
        ("2", "", &["10400001 The Pagination header"]),
        ("[2, 5, true]", "", &["10400001"]),
        ("{}x", "", &["10400001"]),
        (r#"{"pageNumber":"2"}"#, "", &["10400001"]),
        ("", "?pageNumber=x&pageSize=-1", &["11900000 pageNumber", "11900000 pageSize"]),
        ("", "?excludeTotalCount=perhaps", &["11900000 excludeTotalCount"]),
    ] {
        refused_for(&page(&billing, header, query).await, "read", expected);
    }
}
