//! What organizations are called.

use std::collections::BTreeSet;

use super::*;

const ORGANIZATIONS: &str = "/v3/organizations";

#[tokio::test]
async fn the_organization_of_every_event_has_a_name() {
    let platform = Platform::to_read().await;
    let guids: BTreeSet<_> =
        platform.all_events().await.iter().map(|event| text_of(&event["organization"]["guid"])).collect();
    let joined = guids.iter().cloned().collect::<Vec<_>>().join(",");
    let page = platform.json(&address(ORGANIZATIONS, &[("guids", &joined)])).await;
    let named: BTreeSet<_> =
        page["resources"].as_array().unwrap().iter().map(|one| text_of(&one["guid"])).collect();
    assert_eq!(named, guids);
    let names: BTreeSet<_> =
        page["resources"].as_array().unwrap().iter().map(|one| text_of(&one["name"])).collect();
    assert_eq!(names.len(), guids.len());
    assert_eq!(page["pagination"]["total_results"], guids.len());
    let one =
        platform.json(&address(ORGANIZATIONS, &[("guids", &joined), ("per_page", "1"), ("page", "2")])).await;
    assert_eq!(one["resources"], json!([page["resources"][1]]));
    let none = platform.json(&address(ORGANIZATIONS, &[("guids", "no-such-guid")])).await;
    assert_eq!(none["resources"], json!([]));
}

#[tokio::test]
async fn whoever_reads_no_events_is_told_of_no_organization() {
    let platform = Platform::to_read().await;
    let answer = platform.send_as(&[READ], Method::GET, ORGANIZATIONS, "").await;
    assert_eq!((answer.status, answer.json()["resources"].clone()), (StatusCode::OK, json!([])));
    assert_eq!(platform.send_as(&[], Method::GET, ORGANIZATIONS, "").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_query_that_is_not_of_this_list_is_a_bad_one() {
    let platform = Platform::to_read().await;
    for query in ["per_page=0", "per_page=5001", "after_guid=x", "order_by=created_at", "colour=red"] {
        let answer = platform.get(&format!("{ORGANIZATIONS}?{query}")).await;
        let code = answer.json()["errors"][0]["code"].clone();
        assert_eq!((answer.status, code), (StatusCode::BAD_REQUEST, json!(10005)), "{query}");
    }
}

fn text_of(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}
