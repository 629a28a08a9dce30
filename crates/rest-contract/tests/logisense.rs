//! LogiSense's samples, and the shapes that its pages leave open, are read and written back.

use rest_contract::logisense::{
    BASE_BUCKET, BaseBucket, BaseBucketChange, ErrorBody, ItemList, PagedItems, ResultItem, Single, Written,
    WrittenItem,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

const BUCKET: &str = r#"{"identity":1,"ownerId":25,"ownerName":"Sample Text Data","name":"Data Bucket for Western Europe","start":"2021-04-26T15:25:27.587Z","end":null,"retired":true,"usageBucketBaseUnitId":12,"usageBucketBaseUnitName":"Sample Text Data"}"#;
const DETAIL: &str = r#"{"identity":71,"usageBucketBaseId":16,"usageBucketBaseName":"x","usageClassId":53,"usageClassName":"y","geoTreeLocationId":null,"geoTreeLocationName":null,"exclude":true,"geoTreeLocationGroupId":75,"geoTreeLocationGroupName":"z"}"#;

fn round_trip<T: DeserializeOwned + Serialize>(text: &str) {
    let value: T = serde_json::from_str(text).unwrap_or_else(|reason| panic!("{reason}: {text}"));
    assert_eq!(serde_json::to_string(&value).expect("it is JSON"), text);
}

fn with_details(details: &str) -> String {
    format!(r#"{},"details":{details}}}"#, &BUCKET[..BUCKET.len() - 1])
}

#[test]
fn envelopes_survive_a_round_trip() {
    round_trip::<ItemList<BaseBucket>>(&format!(
        r#"{{"trackingId":"d2ae","totalCount":1,"items":[{BUCKET}]}}"#
    ));
    for total in [r#""totalCount":1,"#, ""] {
        round_trip::<PagedItems<BaseBucket>>(&format!(
            r#"{{"trackingId":"d2ae","pagination":{{"pageNumber":1,"pageSize":20,"excludeTotalCount":false}},"pagedResults":{{{total}"items":[{BUCKET}]}}}}"#
        ));
    }
    round_trip::<Single<BaseBucket>>(&format!(r#"{{"trackingId":"d2ae","instance":{BUCKET}}}"#));
    round_trip::<Written<ResultItem<BaseBucket>>>(
        r#"{"trackingId":"d2ae","type":"delete","results":{"totalCount":4,"items":[{"identity":1,"action":"deleted","dtoTypeKey":"usageBucketBase"},{"lhsId":2,"rhsId":2,"action":"detached","dtoTypeKey":"sampleObjectConnector"},{"foreignKeyIdentity":2,"action":"deleted","dtoTypeKey":"sampleObject"}]}}"#,
    );
    round_trip::<ErrorBody>(
        r#"{"trackingId":"d2ae","type":"create","errors":[{"code":10400000,"message":"m"}]}"#,
    );
}

#[test]
fn details_come_in_three_shapes() {
    for (details, count) in [("null", 0), (DETAIL, 1), (&format!("[{DETAIL},{DETAIL}]"), 2)] {
        let text = with_details(details);
        round_trip::<BaseBucket>(&text);
        let bucket: BaseBucket = serde_json::from_str(&text).expect("a bucket");
        assert_eq!(bucket.details.map(|details| details.0.len()), Some(count), "{details}");
    }
    let bucket: BaseBucket = serde_json::from_str(BUCKET).expect("a bucket");
    assert_eq!(bucket.details, None);
}

#[test]
fn written_items_are_bare_or_wrapped() {
    let bucket: BaseBucket = serde_json::from_str(BUCKET).expect("a bucket");
    let wrapped =
        format!(r#"{{"identity":1,"action":"created","dtoTypeKey":"usageBucketBase","instance":{BUCKET}}}"#);
    for text in [BUCKET, &wrapped] {
        let item: WrittenItem<BaseBucket> = serde_json::from_str(text).expect("an item");
        assert_eq!(item.into_instance(), Some(bucket.clone()), "{text}");
    }
}

#[test]
fn what_the_vendor_leaves_out_is_read_all_the_same() {
    let bucket: BaseBucket =
        serde_json::from_str(r#"{"identity":7,"name":null,"end":"2021-04-26T17:25:27+02:00","start":"2021-04-26T15:25:27","more":1}"#)
            .expect("a bucket");
    assert_eq!((bucket.name.as_str(), bucket.retired, bucket.end), ("", false, bucket.start));
    assert!(serde_json::from_str::<BaseBucket>(r#"{"identity":7,"end":"soon"}"#).is_err());
    assert!(serde_json::from_str::<BaseBucket>(r#"{"identity":9.5}"#).is_err());
}

#[test]
fn a_change_says_what_it_means() {
    let mut change = BaseBucketChange::default();
    assert_eq!(serde_json::to_string(&change).expect("JSON"), "{}");
    change.end = Some(None);
    change.name = Some("a".to_owned());
    assert_eq!(serde_json::to_string(&change).expect("JSON"), r#"{"name":"a","end":null}"#);
    assert!(BASE_BUCKET.fields.is_sorted_by_key(|field| field.name));
}
