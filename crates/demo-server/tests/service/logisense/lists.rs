//! Units, usage buckets, and what detail rows refer to.

use super::*;

const BASE: &str = "/ResourceServer/api/v8";

#[tokio::test]
async fn the_lists_can_be_read_in_every_way() {
    let billing = Billing::to_read().await;
    for (list, members) in [
        ("Usage/Bucket/BaseUnit", &["identity", "isBaseBucketEligible", "name", "sortOrder", "visible"][..]),
        ("Usage/Bucket", &["identity", "name", "prorate", "usageBucketBaseIds", "usageBucketBaseUnitId"]),
        ("Usage/Class", &["identity", "name"]),
        ("GeoTree/Location", &["identity", "name"]),
        ("GeoTree/LocationGroup", &["identity", "name"]),
    ] {
        let all = billing.json(&format!("{BASE}/{list}")).await;
        let items = all["items"].as_array().unwrap();
        assert_eq!(all["totalCount"], items.len(), "{list}");
        for member in members {
            assert!(items.iter().all(|item| !item[*member].is_null()), "{list} {member}");
        }
        let page = billing.json(&format!("{BASE}/{list}/Paged?pageSize=2")).await;
        assert_eq!(page["pagedResults"]["items"].as_array().unwrap()[..], items[..2], "{list}");
        let one = billing.json(&format!("{BASE}/{list}/{}", items[1]["identity"])).await;
        assert_eq!(one["instance"], items[1], "{list}");
        assert_eq!(billing.get(&format!("{BASE}/{list}/999999")).await.status, StatusCode::NOT_FOUND);
        let posted = billing.send(Method::POST, &format!("{BASE}/{list}"), &json!({})).await;
        assert_eq!((posted.status, posted.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET"));
    }
}

#[tokio::test]
async fn the_demo_has_what_a_screen_is_to_show() {
    let billing = Billing::to_read().await;
    let buckets = billing.buckets().await;
    let retired = buckets.iter().filter(|bucket| bucket["retired"] == true).count();
    assert!(retired * 20 > buckets.len() && retired * 5 < buckets.len(), "{retired}");
    assert!(buckets.iter().all(|bucket| (bucket["retired"] == true) == bucket["end"].is_string()));
    let units = buckets.iter().map(|bucket| bucket["usageBucketBaseUnitName"].as_str().unwrap());
    assert_eq!(units.collect::<std::collections::BTreeSet<_>>(), ["Count", "Data", "Time"].into());
    let money = billing.json(&format!("{BASE}/Usage/Bucket/BaseUnit/4")).await;
    assert_eq!(money["instance"]["isBaseBucketEligible"], false);
}
