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
    let Err(ReadError::Fields(faults)) = Record::read_strictly(&EVENT, body.as_bytes()) else {
        panic!("it must be refused")
    };
    let said: Vec<_> = faults.iter().map(|fault| format!("{} {}", fault.field, fault.problem)).collect();
    assert_eq!(
        said,
        [
            "UsageQuantity has more digits than can be kept exactly",
            "EventId must be a number",
            "ReverseFlag must be true or false",
            "EventStartTime must be a date and time with an offset, like 2026-10-01T08:00:00+00:00",
            "LeEventStartDate must be a date that exists, like 2026-10-01",
            "usageCharges/SequenceNumber has more digits than can be kept exactly",
            "UsageUnitOfMeasure is 6 characters long; at most 3 are allowed",
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
}

/// What a list answer holds of one odd field, and what is said about it.
fn odd(member: &str) -> (Option<String>, Vec<String>) {
    let body = format!(r#"{{"items":[{{"EventNumber":"E-1"}},{{"EventNumber":"E-2",{member}}}]}}"#);
    let page = Collection::read(&EVENT, body.as_bytes()).expect(member);
    assert_eq!(page.items.len(), 2, "{member}");
    let item = &page.items[1];
    assert_eq!(item.key().as_deref(), Some("E-2"), "{member}");
    let unread = item.present().find(|(_, value)| value.is_unread()).map(|(_, value)| value.to_string());
    let said = item.faults().iter().map(|fault| format!("{} {}", fault.field, fault.problem)).collect();
    assert_eq!(unread.is_some(), serde_json::to_string(item).is_err(), "{member} must not be written");
    (unread, said)
}

#[test]
fn one_odd_field_takes_nothing_else_away() {
    for (member, token, said) in [
        (
            r#""UsageQuantity":0.333333333333333333333333333333333333"#,
            Some("0.333333333333333333333333333333333333"),
            "UsageQuantity has more digits than can be kept exactly",
        ),
        (r#""UsageQuantity":"1,5""#, Some(r#""1,5""#), "UsageQuantity must be a number"),
        (r#""UsageQuantity":{"value":1}"#, Some(r#"{"value":1}"#), "UsageQuantity must be a number"),
        (r#""ServiceId":17"#, Some("17"), "ServiceId must be a text"),
        (r#""ServiceId":"\ud800""#, Some(r#""\ud800""#), "ServiceId must be a text"),
        (r#""ServiceId":"a\u0000b""#, Some(r#""a\u0000b""#), "ServiceId must be a text"),
        (r#""UsageQuantity":"12""#, Some(r#""12""#), "UsageQuantity must be a number"),
        (r#""EventId":"12""#, Some(r#""12""#), "EventId must be a number"),
        (r#""ReverseFlag":"true""#, Some(r#""true""#), "ReverseFlag must be true or false"),
        (r#""ReverseFlag":"Y""#, Some(r#""Y""#), "ReverseFlag must be true or false"),
        (r#""UsageQuantity":1,"UsageQuantity":2"#, Some("2"), "UsageQuantity is given more than once"),
        (r#""usageCharges":"none""#, None, "usageCharges must be a list of records"),
        (r#""usageCharges":[3]"#, None, "usageCharges/ must be a record with fields"),
    ] {
        assert_eq!(odd(member), (token.map(str::to_owned), vec![said.to_owned()]), "{member}");
    }
    // What is longer than may be written is read whole.
    let long = "x".repeat(329);
    assert_eq!(odd(&format!(r#""Error":"{long}","UsageUnitOfMeasure":"HRS4""#)), (None, Vec::new()));
    assert_eq!(odd(r#""links":[{"rel":7},{"rel":"self","href":"x"}]"#), (None, Vec::new()));
}

#[test]
fn an_item_that_is_no_record_keeps_its_place_and_has_no_number() {
    let page =
        Collection::read(&EVENT, br#"{"items":[7,null,{"EventNumber":{"a":1}},{"EventNumber":"E-4"}]}"#);
    let page = page.expect("a page");
    let keys: Vec<_> = page.items.iter().map(Record::key).collect();
    assert_eq!(keys, [None, None, None, Some("E-4".to_owned())]);
    assert!(page.items.iter().take(3).all(|item| !item.faults().is_empty()));
}

#[test]
fn a_page_stands_whatever_it_says_of_itself() {
    for members in [
        r#""totalResults":"many","hasMore":"no","limit":-1,"offset":1.5,"links":7"#,
        r#""totalResults":1e400,"hasMore":null,"limit":null,"offset":null,"links":null"#,
    ] {
        let body = format!(r#"{{"items":[{{"EventNumber":"E-1"}}],{members}}}"#);
        let page = Collection::read(&EVENT, body.as_bytes()).expect(members);
        assert_eq!((page.items.len(), page.total_results, page.offset), (1, None, 0), "{members}");
        assert!(page.has_more, "{members}: the next page tells");
    }
    let last = Collection::read(&EVENT, br#"{"items":[],"hasMore":"no"}"#).expect("an empty page");
    assert!(!last.has_more, "nothing came, so nothing follows");
    assert!(Collection::read(&EVENT, br#"{"items":[],"hasMore":false}"#).is_ok());
    assert!(Collection::read(&EVENT, br#"{"items":[],"hasMore":true}"#).is_err());
    for body in ["[]", "7", r#"{"items":7}"#, r#"{"items":null}"#, r#"{"count":0}"#] {
        assert!(Collection::read(&EVENT, body.as_bytes()).is_err(), "{body} is no list");
    }
    let page = Collection::read(&EVENT, b"{\"items\":[{\"EventNumber\":\"E-1\",\"ServiceId\":\"a\xffb\"}]}");
    assert_eq!(page.expect("a page").items[0].text("ServiceId"), Some("a\u{fffd}b"));
}

#[test]
fn members_that_the_schema_does_not_name_are_told_as_they_came() {
    let event = Record::read(&EVENT, br#"{"x":1.50,"EventNumber":"E-1","y":null}"#).expect("an event");
    let unknown: Vec<_> = event.unknown().map(|(name, raw)| (name, raw.get())).collect();
    assert_eq!(unknown, [("x", "1.50"), ("y", "null")]);
}

#[test]
fn a_record_with_a_fault_keeps_its_json() {
    let read = |body: &str| Record::read(&EVENT, body.as_bytes()).expect(body);
    let odd = r#"{"EventNumber":"E-1","UsageQuantity":"many"}"#;
    assert_eq!(read(odd).as_it_came(), Some(odd));
    assert_eq!(read(r#"{"EventNumber":"E-1"}"#).as_it_came(), None);
}

#[test]
fn the_version_stands_in_the_link_to_the_record_itself() {
    let with_links = |links: &str| {
        let body = format!(r#"{{"EventNumber":"E-1","links":{links}}}"#);
        let event = Record::read(&EVENT, body.as_bytes()).expect(links);
        event.change_indicator().map(str::to_owned)
    };
    let links = r#"[{"rel":"parent","href":"p","properties":{"changeIndicator":"AC"}},{"rel":"self","href":"x","properties":{"changeIndicator":"ED"}}]"#;
    assert_eq!(with_links(links).as_deref(), Some("ED"));
    assert_eq!(with_links(r#"[{"rel":"self","href":"x"}]"#), None);
    assert_eq!(with_links("[]"), None);
}

#[test]
fn a_record_without_a_number_has_no_key() {
    for key in [r#""""#, "null", "7"] {
        let body = format!(r#"{{"EventNumber":{key}}}"#);
        assert_eq!(Record::read(&EVENT, body.as_bytes()).expect(key).key(), None, "{key}");
    }
}

#[test]
fn faults_are_told_one_after_the_other() {
    let body = br#"{"UsageQuantity":"a","ReverseFlag":"b","EventId":"c"}"#;
    let refused = Record::read_strictly(&EVENT, body).expect_err("three faults").to_string();
    let said = "UsageQuantity must be a number; ReverseFlag must be true or false; EventId must be a number";
    assert_eq!(refused, said);
}

#[test]
fn what_is_no_object_is_told_from_what_was_due() {
    for (body, due) in [("[]", "expected a JSON object"), ("{7:1}", "key must be a string")] {
        let refused = Record::read(&EVENT, body.as_bytes()).expect_err(body).to_string();
        assert!(refused.contains(due), "{body}: {refused}");
    }
}

#[test]
fn what_is_written_names_no_field_twice() {
    for body in [
        r#"{"UsageQuantity":1,"UsageQuantity":2}"#,
        r#"{"x":1,"x":1}"#,
        r#"{"usageCharges":[],"usageCharges":[]}"#,
        r#"{"usageCharges":[{"BilledAmount":1,"BilledAmount":1}]}"#,
    ] {
        let refused = Record::read_strictly(&EVENT, body.as_bytes()).expect_err(body).to_string();
        assert!(refused.contains("is given more than once"), "{body}: {refused}");
    }
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

#[test]
fn a_number_of_blanks_is_none() {
    for (schema, body, key) in [
        (&EVENT, r#"{"EventNumber":" \u00a0\t"}"#, None),
        (&EVENT, r#"{"EventNumber":"\u200b\ufeff"}"#, None),
        (&EVENT, r#"{"EventNumber":""}"#, None),
        (&EVENT, r#"{"EventNumber":" E 1 "}"#, Some(" E 1 ")),
        (&BATCH, r#"{"BatchNumber":"  "}"#, None),
    ] {
        let record = Record::read(schema, body.as_bytes()).expect(body);
        assert_eq!(record.key().as_deref(), key, "{body}");
    }
}
