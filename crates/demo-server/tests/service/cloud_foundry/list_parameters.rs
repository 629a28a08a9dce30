//! Which queries of the list are refused, and how.

use super::*;

#[tokio::test]
async fn a_bad_parameter_is_422_for_every_reader() {
    let platform = Platform::to_read().await;
    let some = guid(&platform.events(&[("per_page", "1")]).await[0]).to_owned();
    let twice = format!("{some},{some}");
    for (query, part) in [
        (&[("page", "0")][..], "page must be"),
        (&[("page", "-1")], "page must be"),
        (&[("page", "two")], "page must be"),
        (&[("page", "")], "page must be"),
        (&[("per_page", "0")], "per_page must be"),
        (&[("per_page", "5001")], "5000 or less"),
        (&[("per_page", "x")], "per_page must be"),
        (&[("order_by", "updated_at")], "order_by"),
        (&[("order_by", " created_at")], "order_by"),
        (&[("order_by", "--created_at")], "order_by"),
        (&[("after_guid", &twice)], "exactly one"),
        (&[("after_guid", "")], "exactly one"),
        (&[("created_ats", "2026-11-01")], "YYYY-MM-DDThh:mm:ssZ"),
        (&[("created_ats", "2026-11-01T00:00:00Z,yesterday")], "YYYY-MM-DDThh:mm:ssZ"),
        (&[("created_ats[lt]", "2026-11-01T00:00:00.5Z")], "YYYY-MM-DDThh:mm:ssZ"),
        (&[("created_ats[lt]", "2026-11-01T00:00:00Z,2026-11-02T00:00:00Z")], "exactly one"),
        (&[("created_ats[eq]", "2026-11-01T00:00:00Z")], "no operator"),
        (&[("created_ats", "2026-11-01T00:00:00Z"), ("created_ats[lt]", "2026-11-01T00:00:00Z")], "not both"),
        (&[("updated_ats", "2026-11-01T00:00:00Z")], "\"updated_ats\" is unknown"),
        (&[("include", "space")], "\"include\" is unknown"),
        (&[("page", "0"), ("per_page", "0")], "page must be a whole number, 1 or more, per_page"),
    ] {
        for scope in [ADMIN, ADMIN_READ_ONLY, GLOBAL_AUDITOR, READ] {
            let answer = platform.send_as(&[scope], Method::GET, &address(EVENTS, query), "").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query:?}: {}", answer.text);
            assert_eq!(error(&answer), (10008, "CF-UnprocessableEntity".to_owned()), "{query:?}");
            let detail = answer.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(part), "{query:?}: {detail}");
        }
    }
}

#[tokio::test]
async fn an_unknown_parameter_is_told_the_known_ones() {
    let platform = Platform::to_read().await;
    let answer = platform.get(&address(EVENTS, &[("label_selector", "a")])).await;
    let detail = answer.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
    for name in [
        "page",
        "per_page",
        "order_by",
        "created_ats",
        "guids",
        "after_guid",
        "service_instance_types",
        "service_offering_guids",
    ] {
        assert!(detail.contains(name), "{name}: {detail}");
    }
}

#[tokio::test]
async fn an_unknown_cursor_matters_only_to_whom_sees_events() {
    let platform = Platform::to_read().await;
    let address = address(EVENTS, &[("after_guid", "no-such-event")]);
    for (scope, status) in [
        (ADMIN, StatusCode::UNPROCESSABLE_ENTITY),
        (ADMIN_READ_ONLY, StatusCode::UNPROCESSABLE_ENTITY),
        (GLOBAL_AUDITOR, StatusCode::UNPROCESSABLE_ENTITY),
        (READ, StatusCode::OK),
    ] {
        let answer = platform.send_as(&[scope], Method::GET, &address, "").await;
        assert_eq!(answer.status, status, "{scope}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_bounds_of_a_page_are_allowed() {
    let platform = Platform::to_read().await;
    let most = i64::MAX.to_string();
    for (query, some) in [
        (&[("per_page", "1")][..], true),
        (&[("per_page", "5000")], true),
        (&[("order_by", "+created_at")], true),
        (&[("page", &most), ("per_page", "5000")], false),
    ] {
        assert_eq!(!platform.events(query).await.is_empty(), some, "{query:?}");
    }
}
