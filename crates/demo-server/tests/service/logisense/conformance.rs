//! Each endpoint of the vendor's page "Usage / Bucket / Base", with the page's own request where it
//! shows one. The answer must have the members of the page's sample, no more and no fewer, each of
//! the sample's type; what the sample shows may be null only where the resource can leave it out.

use super::*;

const BUCKET: &str = r#"{"identity": 1, "ownerId": 25, "ownerName": "Sample Text Data", "name": "Data Bucket for Western Europe",
    "start": "2021-04-26T15:25:27.587Z", "end": "2021-04-26T15:25:27.587Z", "retired": true,
    "usageBucketBaseUnitId": 12, "usageBucketBaseUnitName": "Sample Text Data"}"#;
const DETAIL: &str = r#"{"identity": 71, "usageBucketBaseId": 16, "usageBucketBaseName": "Sample Text Data",
    "usageClassId": 53, "usageClassName": "Sample Text Data", "geoTreeLocationId": 96,
    "geoTreeLocationName": "Sample Text Data", "exclude": true, "geoTreeLocationGroupId": 75,
    "geoTreeLocationGroupName": "Sample Text Data"}"#;
const PAGINATION: &str = r#"{"pageNumber": 1, "pageSize": 20, "excludeTotalCount": false}"#;

const MAY_BE_NULL: [&str; 8] = [
    "start",
    "end",
    "usageClassId",
    "usageClassName",
    "geoTreeLocationId",
    "geoTreeLocationName",
    "geoTreeLocationGroupId",
    "geoTreeLocationGroupName",
];

fn bucket_with_details() -> String {
    format!("{}, \"details\": {DETAIL}}}", BUCKET.trim_end_matches('}'))
}

/// Compares member by member; an item of an array must be like one of the sample's items.
fn same_shape(found: &Json, sample: &Json, at: &str) -> Result<(), String> {
    match (found, sample) {
        (Json::Object(found), Json::Object(sample)) => {
            let names = |object: &serde_json::Map<String, Json>| object.keys().cloned().collect::<Vec<_>>();
            if names(found) != names(sample) {
                return Err(format!("{at}: {:?} instead of {:?}", names(found), names(sample)));
            }
            for (name, value) in found {
                let nothing = value.is_null() && MAY_BE_NULL.contains(&name.as_str());
                if !nothing {
                    same_shape(value, &sample[name], &format!("{at}.{name}"))?;
                }
            }
            Ok(())
        }
        (Json::Array(found), Json::Array(sample)) => found.iter().try_for_each(|item| {
            let tried = sample.iter().map(|one| same_shape(item, one, at)).collect::<Vec<_>>();
            if tried.iter().any(Result::is_ok) { Ok(()) } else { Err(format!("{tried:?}")) }
        }),
        (Json::Number(_), Json::Number(_)) | (Json::Bool(_), Json::Bool(_)) => Ok(()),
        (Json::String(found), Json::String(sample)) => {
            let like_instant = |text: &str| text.len() == 24 && text.ends_with('Z');
            let like = like_instant(found) == like_instant(sample);
            if like { Ok(()) } else { Err(format!("{at}: {found:?} is not like {sample:?}")) }
        }
        _ => Err(format!("{at}: {found} instead of {sample}")),
    }
}

fn check(answer: &Answer, sample: &str) -> Json {
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    let found = ok(answer);
    let sample = serde_json::from_str(sample).unwrap_or_else(|reason| panic!("{reason}: {sample}"));
    if let Err(difference) = same_shape(&found, &sample, "answer") {
        panic!("{difference}\n{}", answer.text);
    }
    assert_ne!(found["trackingId"], Json::Null);
    found
}

fn results(kind: &str, items: &str) -> String {
    format!(
        r#"{{"trackingId": "d2ae5304-2355-44eb-a328-272f02935f8b", "type": "{kind}", "results": {{"totalCount": 4, "items": [{items}]}}}}"#
    )
}

#[tokio::test]
async fn delete_usage_bucket_base_id() {
    let billing = Billing::new().await;
    // One whose usage buckets have all ended, and that has a detail row.
    let id = billing
        .picked(
            "SELECT l.base_bucket_id FROM usage_bucket_bases l \
             JOIN usage_buckets u ON u.usage_bucket_id = l.usage_bucket_id \
             JOIN base_bucket_details d ON d.base_bucket_id = l.base_bucket_id \
             LEFT JOIN share_plan_bases s ON s.base_bucket_id = l.base_bucket_id \
             WHERE s.base_bucket_id IS NULL GROUP BY l.base_bucket_id \
             HAVING SUM(CASE WHEN u.ended_at IS NULL THEN 1 ELSE 0 END) = 0 ORDER BY 1 LIMIT 1",
        )
        .await;
    let answer = billing.send_with(Method::DELETE, &format!("{BUCKETS}/{id}"), &[], "").await;
    let sample = results(
        "delete",
        r#"{"identity": 1, "action": "deleted", "dtoTypeKey": "usageBucketBase"},
           {"lhsId": 2, "rhsId": 2, "action": "detached", "dtoTypeKey": "sampleObjectConnector"},
           {"foreignKeyIdentity": 2, "action": "deleted", "dtoTypeKey": "sampleObject"}"#,
    );
    let found = check(&answer, &sample);
    assert_eq!(found["type"], "delete");
    let items = found["results"]["items"].as_array().unwrap();
    assert_eq!((&items[0]["identity"], &items[0]["dtoTypeKey"]), (&id.into(), &"usageBucketBase".into()));
    for kind in ["lhsId", "foreignKeyIdentity"] {
        assert!(items.iter().any(|item| item[kind].is_i64()), "no item with {kind}: {items:?}");
    }
}

#[tokio::test]
async fn get_usage_bucket_base() {
    let billing = Billing::new().await;
    let sample = format!(r#"{{"trackingId": "d2ae", "totalCount": 1, "items": [{BUCKET}]}}"#);
    for path in [BUCKETS, "/ResourceServer/api/v8/Usage/Bucket/Base/"] {
        let found = check(&billing.get(path).await, &sample);
        let count = found["items"].as_array().unwrap().len();
        assert_eq!(found["totalCount"], count);
        assert!((200..400).contains(&count), "{count}");
    }
}

#[tokio::test]
async fn get_usage_bucket_base_paged() {
    let billing = Billing::new().await;
    let sample = format!(
        r#"{{"trackingId": "d2ae", "pagination": {PAGINATION}, "pagedResults": {{"totalCount": 1, "items": [{BUCKET}]}}}}"#
    );
    let found = check(&billing.get(&format!("{BUCKETS}/Paged")).await, &sample);
    assert_eq!(found["pagination"], serde_json::from_str::<Json>(PAGINATION).unwrap());
    assert_eq!(found["pagedResults"]["items"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn get_usage_bucket_base_paged_detail() {
    let billing = Billing::new().await;
    // The details are an object where there is one row, an array of several, null where there is none.
    let one = bucket_with_details();
    let several = one.replace(DETAIL, &format!("[{DETAIL}]"));
    let none = one.replace(DETAIL, "null");
    let sample = format!(
        r#"{{"trackingId": "d2ae", "pagination": {PAGINATION}, "pagedResults": {{"totalCount": 1, "items": [{one}, {several}, {none}]}}}}"#
    );
    let headers = [("pagination", r#"{"pageNumber":1,"pageSize":1000}"#)];
    let answer = billing.send_with(Method::GET, &format!("{BUCKETS}/Paged/Detail"), &headers, "").await;
    // A null that the sample shows as null is compared by hand.
    let mut body = ok(&answer);
    let mut shapes = [0; 3];
    for item in body["pagedResults"]["items"].as_array_mut().unwrap() {
        let place = match &item["details"] {
            Json::Null => 0,
            Json::Array(_) => 1,
            _ => 2,
        };
        shapes[place] += 1;
    }
    assert!(shapes.iter().all(|count| *count > 0), "{shapes:?}");
    body["pagedResults"]["items"].as_array_mut().unwrap().retain(|item| !item["details"].is_null());
    let sample = serde_json::from_str(&sample).unwrap();
    assert_eq!(same_shape(&body, &sample, "answer"), Ok(()));
}

#[tokio::test]
async fn get_usage_bucket_base_id() {
    let billing = Billing::new().await;
    let sample = format!(r#"{{"trackingId": "d2ae", "instance": {BUCKET}}}"#);
    let found = check(&billing.get(&format!("{BUCKETS}/1")).await, &sample);
    assert_eq!(found["instance"]["identity"], 1);
}

#[tokio::test]
async fn get_usage_bucket_base_id_detail() {
    let billing = Billing::new().await;
    let sample = format!(r#"{{"trackingId": "d2ae", "instance": {}}}"#, bucket_with_details());
    let found = check(&billing.get(&format!("{BUCKETS}/1/Detail")).await, &sample);
    let instance = &found["instance"];
    assert_eq!(instance["details"]["usageBucketBaseId"], 1);
    assert_eq!(instance["details"]["usageBucketBaseName"], instance["name"]);
}

#[tokio::test]
async fn patch_usage_bucket_base_id() {
    let billing = Billing::new().await;
    // The page's request but for the unit, which is 0 there: a placeholder.
    let body = format!(
        r#"{{"details": {{}}, "usageBucketBases": {{"items": [{{"patchType": "create", "patchClientId": 1,
            "name": "Data Bucket for Western Europe", "start": "2021-04-26T15:25:27.587Z",
            "end": "2021-04-26T15:25:27.587Z", "retired": true, "usageBucketBaseUnitId": {DATA}}}]}}}}"#
    );
    let answer = billing.send_with(Method::PATCH, &format!("{BUCKETS}/1"), &[], &body).await;
    // `patchClientId` is this service's own.
    let sample = results(
        "patch",
        &format!(
            r#"{{"identity": 1, "action": "created", "dtoTypeKey": "usageBucketBase", "patchClientId": 1, "instance": {BUCKET}}}"#
        ),
    );
    let found = check(&answer, &sample);
    let item = &found["results"]["items"][0];
    assert_eq!((&found["type"], &item["action"]), (&"patch".into(), &"created".into()));
    assert_eq!(item["instance"]["identity"], item["identity"]);
    assert_eq!(item["instance"]["end"], "2021-04-26T15:25:27.587Z");
}

#[tokio::test]
async fn post_usage_bucket_base() {
    let billing = Billing::new().await;
    let body = r#"{"name": "Data Bucket for Western Europe", "start": "2021-04-26T15:25:27.587Z",
                   "end": "2021-04-26T15:25:27.587Z", "retired": true, "usageBucketBaseUnitId": 19}"#;
    let answer = billing.send_with(Method::POST, &format!("{BUCKETS}/"), &[], body).await;
    let found = check(&answer, &results("create", BUCKET));
    assert_eq!(found["type"], "create");
    let made = &found["results"]["items"][0];
    for (name, value) in serde_json::from_str::<serde_json::Map<String, Json>>(body).unwrap() {
        assert_eq!(made[&name], value, "{name}");
    }
    assert_eq!(made["usageBucketBaseUnitName"], "Time");
    let read = billing.json(&format!("{BUCKETS}/{}", made["identity"])).await;
    assert_eq!(&read["instance"], made);
}

#[tokio::test]
async fn put_usage_bucket_base_id() {
    let billing = Billing::new().await;
    let body = r#"{"identity": 1, "name": "Data Bucket for Western Europe", "start": "2021-04-26T15:25:27.587Z",
                   "end": "2021-04-26T15:25:27.587Z", "retired": true, "usageBucketBaseUnitId": 8}"#;
    let answer = billing.send_with(Method::PUT, &format!("{BUCKETS}/1"), &[], body).await;
    let found = check(&answer, &results("update", BUCKET));
    assert_eq!(found["type"], "update");
    let stored = &found["results"]["items"][0];
    for (name, value) in serde_json::from_str::<serde_json::Map<String, Json>>(body).unwrap() {
        assert_eq!(stored[&name], value, "{name}");
    }
    assert_eq!(&billing.free_bucket().await, stored);
}
