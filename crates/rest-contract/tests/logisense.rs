//! LogiSense's samples, and the shapes that its pages leave open, are read and written back.

use rest_contract::logisense::{
    BASE_BUCKET, BASE_UNITS, BaseBucket, BaseBucketChange, ErrorBody, ItemList, PagedItems, ResultItem,
    Single, Written,
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
fn what_was_done_is_told_with_or_without_the_object() {
    let answer = |instance: &str| {
        format!(
            r#"{{"trackingId":"d2ae","type":"update","results":{{"totalCount":1,"items":[{{"identity":1,"action":"updated","dtoTypeKey":"usageBucketBase"{instance}}}]}}}}"#
        )
    };
    let with_bucket = answer(&format!(r#","instance":{BUCKET}"#));
    round_trip::<Written<ResultItem<BaseBucket>>>(&with_bucket);
    let read = |text: &str| {
        let written: Written<ResultItem<BaseBucket>> = serde_json::from_str(text).expect(text);
        written
            .results
            .items
            .into_iter()
            .map(|item| item.instance.map(|bucket| bucket.identity))
            .collect::<Vec<_>>()
    };
    assert_eq!(read(&with_bucket), [Some(1)]);
    assert_eq!(read(&answer(r#","instance":{"identity":"x"}"#)), [None]);
    assert_eq!(read(&answer("")), [None]);
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
fn what_the_vendor_leaves_out_is_read_all_the_same() {
    let bucket: BaseBucket =
        serde_json::from_str(r#"{"identity":7,"name":null,"end":"2021-04-26T17:25:27+02:00","start":"2021-04-26T15:25:27","more":1}"#)
            .expect("a bucket");
    assert_eq!((bucket.name.as_str(), bucket.retired, bucket.end), ("", false, bucket.start));
    assert!(serde_json::from_str::<BaseBucket>(r#"{"identity":7,"end":"soon"}"#).is_err());
    assert!(serde_json::from_str::<BaseBucket>(r#"{"identity":9.5}"#).is_err());
}

#[test]
fn what_is_chosen_from_a_list_says_from_which() {
    let lookup = |field: &str| BASE_BUCKET.field(field).and_then(|field| field.lookup);
    assert_eq!(lookup("usageBucketBaseUnitId"), Some(BASE_UNITS));
    assert_eq!(lookup("name"), None);
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
