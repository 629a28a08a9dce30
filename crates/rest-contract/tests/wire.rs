//! What comes over the wire goes back with the same digits, and what does not fit is named.

use rest_contract::oracle::{BATCH, CHARGE, EVENT, MESSAGE};
use rest_contract::{Access, Collection, Kind, ReadError, Record, Schema, Value};

const SCHEMAS: [&Schema; 4] = [&BATCH, &EVENT, &CHARGE, &MESSAGE];

#[test]
fn fields_are_in_order_so_that_search_finds_them() {
    for schema in SCHEMAS {
        assert!(schema.fields.is_sorted_by_key(|field| field.name), "{}", schema.resource);
        for field in schema.fields {
            assert_eq!(schema.field(field.name).map(|found| found.name), Some(field.name));
        }
        assert!(schema.field(schema.key).is_some(), "{} has its key", schema.resource);
    }
}

#[test]
fn the_event_is_as_the_vendor_lists_it() {
    let writable = EVENT.fields.iter().filter(|field| field.access == Access::Writable).count();
    // 37 response properties less the two nested collections and the links; 23 patchable ones less
    // the two nested collections.
    assert_eq!((EVENT.fields.len(), writable), (34, 21));
    let lengths: Vec<_> = ["Error", "EventTimeZone", "FileName", "UsageUnitOfMeasure"]
        .map(|name| EVENT.field(name).and_then(|field| field.max_length))
        .into();
    assert_eq!(lengths, [Some(255), Some(50), Some(300), Some(3)]);
    assert!(EVENT.field("ObjectVersionNumber").is_none());
    assert_eq!(CHARGE.field("ObjectVersionNumber").map(|field| field.access), Some(Access::Version));
}

fn round_trip(schema: &'static Schema, text: &str) {
    let record = Record::read(schema, text.as_bytes()).expect(text);
    assert_eq!(serde_json::to_string(&record).expect("a record is JSON"), text);
}

#[test]
fn digits_unknown_members_and_links_survive_a_round_trip() {
    round_trip(
        &EVENT,
        r#"{"CurrencyCode":null,"EventId":300000209351523999,"EventNumber":"E-1","EventStartTime":"2026-10-01T08:00:00+00:00","LeEventStartDate":"2026-10-01","ReverseFlag":true,"ServiceId":"naïve \"quoted\"","UsageQuantity":0.00000080000,"usageCharges":[{"BilledAmount":-12.3400,"ObjectVersionNumber":3}],"__FLEX_Context":{"a":[1.50,null]},"ExtnAttributeNumber001":1.10,"links":[{"rel":"self","href":"https://pod.example/x","properties":{"changeIndicator":"\"ACED\""}}]}"#,
    );
    round_trip(&MESSAGE, r#"{"MessageName":"X","UsageMessageId":9007199254740993}"#);
}

#[test]
fn a_nested_collection_is_read_in_both_of_its_shapes() {
    for children in [r#"[{"UsageChargePuid":"C-1"}]"#, r#"{"items":[{"UsageChargePuid":"C-1"}],"count":1}"#] {
        let body = format!(r#"{{"EventNumber":"E-1","usageCharges":{children}}}"#);
        let event = Record::read(&EVENT, body.as_bytes()).expect("an event");
        let charges = event.children("usageCharges").expect("its charges");
        assert_eq!(charges.iter().filter_map(Record::key).collect::<Vec<_>>(), ["C-1"]);
    }
}

#[test]
fn absent_null_and_a_value_are_told_apart() {
    let event = Record::read(&EVENT, br#"{"Error":null,"ServiceId":""}"#).expect("an event");
    assert_eq!(event.get("Error"), Some(&Value::Null));
    assert_eq!(event.get("ServiceId"), Some(&Value::Text(String::new())));
    assert_eq!(event.get("FileName"), None);
}

#[test]
fn every_bad_field_is_named() {
    let body = r#"{"UsageQuantity":1e99,"UsageUnitOfMeasure":"GALLON","EventId":"12","ReverseFlag":"Y","EventStartTime":"2026-02-30T00:00:00Z","LeEventStartDate":"30.02.2026","usageCharges":[{"SequenceNumber":3000000000}]}"#;
    let Err(ReadError::Fields(faults)) = Record::read(&EVENT, body.as_bytes()) else {
        panic!("it must be refused")
    };
    let said: Vec<_> = faults.iter().map(|fault| format!("{} {}", fault.field, fault.problem)).collect();
    assert_eq!(
        said,
        [
            "UsageQuantity has more digits than can be kept exactly",
            "UsageUnitOfMeasure is 6 characters long; at most 3 are allowed",
            "EventId must be a number",
            "ReverseFlag must be true or false",
            "EventStartTime must be a date and time with an offset, like 2026-10-01T08:00:00+00:00",
            "LeEventStartDate must be a date that exists, like 2026-10-01",
            "usageCharges/SequenceNumber has more digits than can be kept exactly",
        ]
    );
}

#[test]
fn what_is_not_json_says_where() {
    for body in ["", "[]", "{\"UsageQuantity\":1", "<html>", "null"] {
        assert!(matches!(Record::read(&EVENT, body.as_bytes()), Err(ReadError::Malformed(_))), "{body}");
    }
}

#[test]
fn a_page_says_what_it_is() {
    let body = br#"{"items":[{"EventNumber":"E-1"},{"EventNumber":"E-2"}],"totalResults":20000,"count":2,"hasMore":true,"limit":2,"offset":40,"links":[]}"#;
    let page = Collection::read(&EVENT, body).expect("a page");
    assert_eq!(
        (page.items.len(), page.total_results, page.has_more, page.limit, page.offset),
        (2, Some(20000), true, 2, 40)
    );

    let bad = Collection::read(&EVENT, br#"{"items":[{"EventNumber":"E-1"},{"UsageQuantity":"x"}]}"#);
    assert_eq!(
        bad.map_err(|error| error.to_string()).err().as_deref(),
        Some("item 1: UsageQuantity must be a number")
    );
}

#[test]
fn what_a_person_types_is_held_to_the_same_limits() {
    let read = |name: &str, typed: &str| {
        let field = EVENT.field(name).expect(name);
        field.read_text(typed).map(|value| value.to_string()).map_err(|problem| problem.to_string())
    };
    assert_eq!(read("UsageQuantity", " 12.340 "), Ok("12.340".into()));
    assert_eq!(read("UsageQuantity", ""), Ok(String::new()));
    assert_eq!(
        read("UsageQuantity", "1,234.5"),
        Err("is not a number; write it like 1234.50, without grouping".into())
    );
    assert_eq!(read("UsageUnitOfMeasure", "ÄÖÜ"), Ok("ÄÖÜ".into()));
    assert_eq!(read("UsageUnitOfMeasure", "GAL1"), Err("is 4 characters long; at most 3 are allowed".into()));
    assert!(EVENT.fields.iter().any(|field| field.kind == Kind::Date));
}
