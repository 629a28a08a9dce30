use super::*;

fn compare(field: &str, operator: Operator, value: &str) -> Comparison {
    Comparison { field: field.to_owned(), operator, value: value.to_owned() }
}

fn rule(groups: Vec<(bool, bool, Vec<Comparison>)>) -> SelectionRule {
    let groups = groups.into_iter().map(|(excludes, any, comparisons)| Group { excludes, any, comparisons });
    SelectionRule { name: String::new(), groups: groups.collect() }
}

#[track_caller]
fn check(comparison: Comparison, q: &str) {
    assert_eq!(rule(vec![(false, false, vec![comparison])]).q().as_deref(), Ok(q));
}

#[test]
fn each_kind_of_field_is_said_in_its_own_way() {
    check(compare("EventType", Operator::Is, "ORA_VOICE"), "EventType = 'ORA_VOICE'");
    check(compare("ServiceId", Operator::Contains, "o'b"), "UPPER(ServiceId) like '%O''B%'");
    check(compare("ServiceId", Operator::StartsWith, "+49"), "UPPER(ServiceId) like '+49%'");
    check(compare("UsageQuantity", Operator::AtLeast, "1.50"), "UsageQuantity >= 1.50");
    check(compare("EventId", Operator::OneOf, "9007199254740993, 7"), "EventId in (9007199254740993,7)");
    check(compare("CurrencyCode", Operator::OneOf, "EUR,USD"), "CurrencyCode in ('EUR','USD')");
    check(compare("ServiceId", Operator::OneOf, r#""I1 a,b""#), "ServiceId in ('I1 a,b')");
    check(compare("ServiceId", Operator::OneOf, "o'b, \"c\"\"d\""), "ServiceId in ('o''b','c\"d')");
    check(
        compare("EventStartTime", Operator::Below, "2026-11-01"),
        "EventStartTime < '2026-11-01T00:00:00+00:00'",
    );
    check(
        compare("EventStartTime", Operator::AtLeast, "2026-11-01 14:05"),
        "EventStartTime >= '2026-11-01T14:05:00+00:00'",
    );
    check(compare("CurrencyCode", Operator::IsNot, "GBP"), "(CurrencyCode <> 'GBP' or CurrencyCode is null)");
    check(compare("UsageQuantity", Operator::IsNot, "0"), "(UsageQuantity <> 0 or UsageQuantity is null)");
    check(compare("Error", Operator::IsEmpty, ""), "Error is null");
    check(compare("ReverseFlag", Operator::Is, "true"), "ReverseFlag = true");
}

#[test]
fn groups_are_joined_and_left_out() {
    let built = rule(vec![
        (
            false,
            false,
            vec![
                compare("CurrencyCode", Operator::Is, "EUR"),
                compare("UsageQuantity", Operator::Above, "0"),
            ],
        ),
        (false, true, vec![compare("EventType", Operator::Is, "A"), compare("EventType", Operator::Is, "B")]),
        (true, false, vec![compare("Error", Operator::IsNotEmpty, "")]),
    ]);
    assert_eq!(
        built.q().as_deref(),
        Ok(
            "((CurrencyCode = 'EUR' and UsageQuantity > 0) or (EventType = 'A' or EventType = 'B')) and not (Error is not null)"
        )
    );
    let conditions = built.conditions().expect("can be said");
    assert!(
        conditions.contains(r#""ConditionGroupType":"EXCLUDE","ConditionRestQParam":"Error is not null""#),
        "{conditions}"
    );
}

#[test]
fn an_event_without_a_value_is_not_left_out_by_it() {
    let in_one = |comparison| {
        rule(vec![
            (false, false, vec![compare("EventType", Operator::Is, "A")]),
            (true, false, vec![comparison]),
        ])
    };
    let pounds = in_one(compare("CurrencyCode", Operator::Is, "GBP"));
    assert_eq!(
        pounds.q().as_deref(),
        Ok("EventType = 'A' and not ((CurrencyCode is not null and CurrencyCode = 'GBP'))")
    );
    let conditions = pounds.conditions().expect("can be said");
    assert!(conditions.contains(r#""ConditionRestQParam":"CurrencyCode = 'GBP'""#), "{conditions}");
}

#[test]
fn what_cannot_be_said_is_told_where_it_stands() {
    let fault = |built: SelectionRule| built.q().expect_err("a fault");
    let two = rule(vec![(
        false,
        false,
        vec![compare("EventType", Operator::Is, "A"), compare("UsageQuantity", Operator::Is, "1,5")],
    )]);
    assert_eq!((fault(two.clone()).group, fault(two).comparison), (0, Some(1)));
    assert_eq!(fault(rule(vec![(false, false, vec![])])).comparison, None);
    let only_leaves = rule(vec![(true, false, vec![compare("EventType", Operator::Is, "A")])]);
    assert_eq!(fault(only_leaves).text, "Say which events the rule takes in.");
    let blank = rule(vec![(false, false, vec![compare("EventType", Operator::Is, "  ")])]);
    assert_eq!(fault(blank).text, "Type a value to compare with.");
    let odd = rule(vec![(false, false, vec![compare("EventStartTime", Operator::Is, "soon")])]);
    assert!(fault(odd).text.contains("soon"));
}

#[test]
fn a_group_is_read_by_a_person() {
    let group = Group {
        excludes: false,
        any: true,
        comparisons: vec![
            compare("EventStatus", Operator::OneOf, "ORA_ERROR, ORA_DRAFT"),
            compare("EventStartTime", Operator::AtLeast, "2026-11-01"),
            compare("Error", Operator::IsEmpty, ""),
        ],
    };
    let meaning = |field: &Field, value: &str| match field.name {
        "EventStatus" => value.replace("ORA_", "").to_lowercase(),
        _ => value.to_owned(),
    };
    let named = Group {
        comparisons: vec![
            compare("ServiceId", Operator::OneOf, r#""I1 a,b", c"#),
            compare("ServiceId", Operator::Is, "a,b"),
        ],
        ..Group::default()
    };
    let said = named.words(|_, value| format!("<{value}>"));
    assert_eq!(said, "Service is one of <I1 a,b>, <c> and Service is <a,b>");
    let words = "Status is one of error, draft or Start (UTC) is at or after 2026-11-01 or Error is empty";
    assert_eq!(group.words(meaning), words);
}

#[test]
fn a_rule_is_kept_and_read_back() {
    let built = rule(vec![(true, true, vec![compare("EventType", Operator::StartsWith, "A")])]);
    let text = serde_json::to_string(&built).expect("json");
    assert_eq!(serde_json::from_str::<SelectionRule>(&text).expect("a rule"), built);
    for operator in Operator::ALL {
        assert_eq!(Operator::named(operator.name()), Some(operator));
    }
}

#[test]
fn a_day_is_all_of_it() {
    let (first, next) = ("'2026-10-31T00:00:00+00:00'", "'2026-11-01T00:00:00+00:00'");
    let said = [
        (Operator::Is, format!("(EventStartTime >= {first} and EventStartTime < {next})")),
        (
            Operator::IsNot,
            format!("(EventStartTime < {first} or EventStartTime >= {next} or EventStartTime is null)"),
        ),
        (Operator::Below, format!("EventStartTime < {first}")),
        (Operator::AtMost, format!("EventStartTime < {next}")),
        (Operator::Above, format!("EventStartTime >= {next}")),
        (Operator::AtLeast, format!("EventStartTime >= {first}")),
    ];
    for (operator, q) in said {
        check(compare("EventStartTime", operator, "2026-10-31"), &q);
    }
    check(
        compare("EventEndTime", Operator::AtMost, "2026-10-31 23:59:59"),
        "EventEndTime < '2026-11-01T00:00:00+00:00'",
    );
}

#[test]
fn what_is_understood_is_told_while_typing() {
    let german = Notation { decimal: ',', group: Some('.'), ..Notation::ENGLISH };
    let echo = |field: &str, operator, value: &str| compare(field, operator, value).echo(&german);
    let told = |words: &str| Some(words.to_owned());
    assert_eq!(echo("UsageQuantity", Operator::OneOf, "1,5; 1.234,5"), told("= 1,5; 1.234,5"));
    assert_eq!(echo("UsageQuantity", Operator::Above, "-1234.5"), told("= \u{2212}1.234,5"));
    assert_eq!(echo("UsageQuantity", Operator::Above, "1.234"), None);
    // What was typed for another operator is not compared with; nothing typed says nothing.
    assert_eq!(echo("UsageQuantity", Operator::IsEmpty, "5"), None);
    assert_eq!(echo("EventType", Operator::IsNot, " "), None);
    assert_eq!(
        echo("EventStartTime", Operator::Is, "2026-10-31"),
        told("from 2026-10-31 00:00 UTC to before 2026-11-01 00:00 UTC")
    );
    assert_eq!(echo("EventStartTime", Operator::AtMost, "2026-10-31"), told("before 2026-11-01 00:00 UTC"));
    assert_eq!(echo("EventStartTime", Operator::Below, "2026-10-31"), told("before 2026-10-31 00:00 UTC"));
    assert_eq!(echo("EventStartTime", Operator::Above, "2026-10-31"), told("from 2026-11-01 00:00 UTC on"));
    assert_eq!(echo("EventStartTime", Operator::AtLeast, "2026-10-31"), told("from 2026-10-31 00:00 UTC on"));
    assert_eq!(
        echo("EventStartTime", Operator::IsNot, "2026-10-31"),
        told("before 2026-10-31 00:00 UTC, or from 2026-11-01 00:00 UTC on, or Start is empty")
    );
    assert_eq!(echo("CurrencyCode", Operator::IsNot, "GBP"), told("or Currency is empty"));
    assert_eq!(echo("CurrencyCode", Operator::Is, "GBP"), None);
    assert_eq!(echo("Error", Operator::IsEmpty, "x"), None);
    assert_eq!(echo("ServiceId", Operator::OneOf, "I1 a,b"), told(r#"= 2 values: "I1 a", "b""#));
    assert_eq!(echo("ServiceId", Operator::OneOf, r#""I1 a,b""#), told(r#"= 1 value: "I1 a,b""#));
    assert_eq!(echo("ServiceId", Operator::OneOf, r#""I1 a,b"#), None);
    assert_eq!(echo("EventStartTime", Operator::Is, "2026-10-31 14:05:00.1234567"), None);
}

#[test]
fn a_rule_is_typed_by_one_reader_and_used_by_another() {
    let german = Notation { decimal: ',', group: Some('.'), ..Notation::ENGLISH };
    let typed = rule(vec![(
        false,
        false,
        vec![
            compare("UsageQuantity", Operator::OneOf, "1,5; 1.234.567,25"),
            compare("UsageQuantity", Operator::AtMost, "2.500,75"),
            compare("EventId", Operator::OneOf, "9007199254740993,7"),
            compare("ServiceId", Operator::OneOf, "1,5"),
            compare("UsageQuantity", Operator::IsEmpty, "typed before"),
        ],
    )]);
    let kept = typed.understood(&german).expect("understood");
    let values = |rule: &SelectionRule| {
        rule.groups[0].comparisons.iter().map(|one| one.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(values(&kept), ["1.5,1234567.25", "2500.75", "9007199254740993,7", "1,5", "typed before"]);
    assert_eq!(
        values(&kept.to_type(&Notation::ENGLISH))[..3],
        ["1.5; 1234567.25", "2500.75", "9007199254740993; 7"]
    );
    assert_eq!(kept.to_type(&german).understood(&german), Ok(kept.clone()));
    assert!(kept.q().expect("can be said").contains("UsageQuantity in (1.5,1234567.25)"));
    let doubtful = rule(vec![(false, false, vec![compare("UsageQuantity", Operator::Is, "1.234")])]);
    let fault = doubtful.understood(&german).expect_err("two readings");
    assert_eq!(
        (fault.group, fault.comparison, fault.text.as_str()),
        (0, Some(0), "Quantity can be read in two ways; type 1234 or 1,234.")
    );
}

#[test]
fn blanks_are_among_what_something_is_not() {
    let group = |comparison| Group { excludes: false, any: false, comparisons: vec![comparison] };
    let words = |comparison| group(comparison).words(|_, value| value.to_owned());
    assert_eq!(words(compare("CurrencyCode", Operator::IsNot, "GBP")), "Currency is not GBP (or is empty)");
    let out = rule(vec![
        (false, false, vec![compare("EventType", Operator::Is, "A")]),
        (true, false, vec![compare("CurrencyCode", Operator::IsNot, "GBP")]),
    ]);
    assert_eq!(
        out.q().as_deref(),
        Ok("EventType = 'A' and not ((CurrencyCode <> 'GBP' or CurrencyCode is null))")
    );
}

#[test]
fn each_kind_of_field_has_its_own_operators_in_its_own_words() {
    let said = |kind| Operator::for_kind(kind).map(|one| one.words(kind)).collect::<Vec<_>>().join(", ");
    assert_eq!(said(Kind::Text), "is, is not, is one of, contains, starts with, is empty, is not empty");
    assert_eq!(
        said(Kind::Decimal),
        "is, is not, is one of, is below, is at most, is above, is at least, is empty, is not empty"
    );
    assert_eq!(said(Kind::Int32), said(Kind::Int64));
    assert_eq!(said(Kind::Int64), said(Kind::Decimal));
    assert_eq!(
        said(Kind::DateTime),
        "is, is not, is before, is at or before, is after, is at or after, is empty, is not empty"
    );
    assert_eq!(said(Kind::Date), said(Kind::DateTime));
    assert_eq!(said(Kind::Boolean), "is, is not, is empty, is not empty");
}

#[test]
fn only_a_day_that_exists_is_one() {
    let day = |text: &str| literal(Kind::Date, text);
    assert_eq!(day("2026-11-30"), Ok("'2026-11-30'".to_owned()));
    for text in ["soon", "2026-11-31", "", "30.11.2026"] {
        assert_eq!(day(text), Err(format!("Type a day as 2026-11-30, not {text:?}.")));
    }
    assert_eq!(literal(Kind::Boolean, "yes"), Err("\"yes\" is not a true or false.".to_owned()));
}
