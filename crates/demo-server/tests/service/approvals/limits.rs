//! Rules, and what is above them.

use demo_server::database::query;
use rest_contract::read_decimal;
use rust_decimal::Decimal;

use super::*;

#[tokio::test]
async fn without_a_rule_nothing_needs_a_second_person() {
    let service = TestService::filled(0).await;
    let path = locked(&service, "B", "EUR", "900000").await;
    assert!(weigh(&service, "editor", Some("B")).await.needs.is_empty());
    let body = json!({ "BatchNumber": "B" });
    let asked = ask(&service, "editor", Method::POST, APPROVALS, &body).await;
    assert_eq!(asked.status, StatusCode::BAD_REQUEST);
    assert!(asked.text.contains("This needs no approval"), "{}", asked.text);
    done(&service, &path, "submit", "{}").await;
}

#[tokio::test]
async fn only_an_administrator_makes_and_lifts_rules_that_can_be_followed_and_it_is_in_the_history() {
    let service = TestService::filled(0).await;
    let good = json!({ "RuleName": "EUR", "RuleKind": "AMOUNT", "CurrencyCode": "EUR", "AmountLimit": 5000 });
    for user in ["viewer", "editor"] {
        let answer = ask(&service, user, Method::POST, RULES, &good).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{user}: {}", answer.text);
    }
    for (body, fault) in [
        (json!({ "RuleName": "x", "RuleKind": "SOMETIMES" }), "27024 /RuleKind"),
        (json!({ "RuleName": "x" }), "27024 /RuleKind"),
        (json!({ "RuleKind": "PURGE" }), "27014 /RuleName"),
        (json!({ "RuleName": "x", "RuleKind": "AMOUNT", "CurrencyCode": "EUR" }), "27014 /AmountLimit"),
        (json!({ "RuleName": "x", "RuleKind": "AMOUNT", "AmountLimit": 1 }), "27014 /CurrencyCode"),
        (json!({ "RuleName": "x", "RuleKind": "REVERSALS" }), "27014 /CountLimit"),
        (json!({ "RuleName": "x", "RuleKind": "REVERSALS", "CountLimit": -1 }), "27024 /CountLimit"),
        (json!({ "RuleName": "x", "RuleKind": "PURGE", "CountLimit": 1 }), "27024 /CountLimit"),
        (
            json!({ "RuleName": "x", "RuleKind": "AMOUNT", "CurrencyCode": "EUR", "AmountLimit": -1 }),
            "27024 /AmountLimit",
        ),
        (
            json!({ "RuleName": "x", "RuleKind": "AMOUNT", "CurrencyCode": "XYZ", "AmountLimit": 1 }),
            "27024 /CurrencyCode",
        ),
    ] {
        let answer = ask(&service, "admin", Method::POST, RULES, &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}: {}", answer.text);
        assert_eq!(answer.faults(), [fault], "{body}");
    }
    limit(&service, "EUR", 5000).await;
    let again = ask(&service, "admin", Method::POST, RULES, &good).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "{}", again.text);
    let path = format!("{RULES}/EUR");
    for (user, expected) in [("editor", StatusCode::FORBIDDEN), ("admin", StatusCode::OK)] {
        let answer = ask(&service, user, Method::DELETE, &path, &Json::Null).await;
        assert_eq!(answer.status, expected, "{user}: {}", answer.text);
    }
    let history = "/crmRestApi/resources/11.13.18.05/changeHistory";
    let steps = service.items(history, &[("q", "ResourceName = 'usageApprovalRules'")]).await;
    let told =
        steps.iter().map(|step| (step["FieldName"].as_str().unwrap(), step["ValueAfter"].as_str().unwrap()));
    let told = told.collect::<Vec<_>>();
    assert!(told.contains(&("RuleKind", "AMOUNT")) && told.contains(&("AmountLimit", "5000")), "{told:?}");
    let lifted = service.get(&path, &[]).await.json();
    assert!(told.contains(&("EndDate", lifted["EndDate"].as_str().unwrap())), "{told:?} {lifted}");
}

#[tokio::test]
async fn a_rule_that_was_lifted_is_in_force_for_a_day_more_for_everybody() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    let path = locked(&service, "B", "EUR", "6000").await;
    let asked = requested(&service, "editor", Some("B")).await;
    let rule_path = format!("{RULES}/EUR");
    let before = chrono::Utc::now();
    let answer = ask(&service, "admin", Method::DELETE, &rule_path, &Json::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let end = rest_contract::read_date_time(answer.json()["EndDate"].as_str().unwrap()).unwrap();
    let hours = end - before;
    assert!(hours >= chrono::TimeDelta::hours(24) && hours < chrono::TimeDelta::hours(25), "{}", answer.text);
    let words = "EUR 6000 is above the limit of EUR 5000.";
    for user in ["admin", "editor2"] {
        held(user, &act(&service, user, &path, "submit", &json!({})).await, words);
    }
    // What is asked for now is good for the act, as it is with a rule that stands.
    assert_eq!(state(&service, &asked).await, "STALE");
    let asked = requested(&service, "editor", Some("B")).await;
    approved(&service, "editor2", &asked).await;
    held(
        "lifted twice",
        &ask(&service, "admin", Method::DELETE, &rule_path, &Json::Null).await,
        "lifted already",
    );
    let same = json!({ "RuleName": "EUR", "RuleKind": "AMOUNT", "CurrencyCode": "EUR", "AmountLimit": 9000 });
    let again = ask(&service, "admin", Method::POST, RULES, &same).await;
    assert_eq!(again.faults(), ["25013 /RuleName"], "{}", again.text);
    done(&service, &path, "submit", "{}").await;
}

#[tokio::test]
async fn the_end_of_a_rule_frees_the_act_and_its_name() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    let path = locked(&service, "B", "EUR", "6000").await;
    let answer = ask(&service, "admin", Method::DELETE, &format!("{RULES}/EUR"), &Json::Null).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let mut transaction = service.service.database.begin_write().await.unwrap();
    let past = "UPDATE approval_rules SET end_date = end_date - 86400000000";
    query(past).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    assert!(weigh(&service, "editor", Some("B")).await.needs.is_empty());
    limit(&service, "EUR", 7000).await;
    done(&service, &path, "submit", "{}").await;
}

#[tokio::test]
async fn no_batch_request_makes_or_lifts_a_rule() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    batch(&service, "DRAFT", "ORA_RATING").await;
    priced(&service, "DRAFT", "E-DRAFT", "EUR", &["6000"]).await;
    let rule = json!({ "RuleName": "EUR", "RuleKind": "AMOUNT", "CurrencyCode": "EUR", "AmountLimit": 5000 });
    let lift = json!({ "id": "1", "path": "/usageApprovalRules/EUR", "operation": "delete" });
    let submit = json!({ "id": "2", "path": "/subscriptionUsageEventBatches/DRAFT", "operation": "update",
        "payload": { "BatchStatus": "ORA_IN_PROCESS" } });
    let make = |operation: &str| json!({ "id": "3", "path": "/usageApprovalRules", "operation": operation, "payload": rule });
    let media_type = ("content-type", "application/vnd.oracle.adf.batch+json");
    for parts in
        [vec![lift.clone(), submit, make("create")], vec![lift], vec![make("create")], vec![make("upsert")]]
    {
        let body = json!({ "parts": parts }).to_string();
        let answer = service.send(request(Method::POST, BASE, "admin", &[media_type], &body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert!(answer.text.contains("in a request of its own"), "{}", answer.text);
    }
    assert_eq!(status(&service, "DRAFT").await, "ORA_DRAFT");
    let rules = service.items(RULES, &[]).await;
    assert!(rules.len() == 1 && rules[0]["EndDate"].is_null(), "{rules:?}");
}

#[tokio::test]
async fn above_a_limit_means_above_and_sizes_count_not_what_is_left_of_them() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    for (name, currency, amounts, expected) in [
        ("AT", "EUR", &["5000.00"][..], None),
        ("ABOVE", "EUR", &["5000.01"], Some("EUR 5000.01 is above the limit of EUR 5000.")),
        ("NET", "EUR", &["10000.00", "-9500.00"], Some("EUR 19500 is above the limit of EUR 5000.")),
        ("JPY", "JPY", &["900000"], Some("JPY 900000 has no limit of its currency")),
        ("NONE", "EUR", &[], Some("The amount of 1 event is not known yet.")),
    ] {
        let path = batch(&service, name, "ORA_RATING").await;
        priced(&service, name, &format!("E-{name}"), currency, amounts).await;
        done(&service, &path, "lockForReview", "{}").await;
        let needs = weigh(&service, "editor2", Some(name)).await.needs;
        let told = needs.iter().map(ToString::to_string).collect::<Vec<_>>();
        match expected {
            None => assert!(told.is_empty(), "{name}: {told:?}"),
            Some(words) => {
                assert!(told.iter().any(|one| one.starts_with(words)), "{name}: {told:?}");
                held(name, &act(&service, "editor2", &path, "submit", &json!({})).await, words);
                assert_eq!(status(&service, name).await, "ORA_LOCKED");
            }
        }
    }
    let free = act(&service, "editor2", &format!("{BATCHES}/AT"), "submit", &json!({})).await;
    assert_eq!(free.status, StatusCode::OK, "{}", free.text);
}

#[tokio::test]
async fn what_is_to_be_rated_counts_as_the_job_would_rate_it() {
    let service = TestService::new().await;
    limit(&service, "EUR", 1).await;
    let path = batch(&service, "B", "ORA_RATING").await;
    made(
        &service,
        EVENTS,
        &call(
            "E-1",
            "24000",
            json!({ "BatchNumber": "B", "SubscriptionProductPuid": null, "ServiceId": "s" }),
        ),
    )
    .await;
    let odd = json!({ "BatchNumber": "B", "ReportedUsageUnitOfMeasure": "GB" });
    made(&service, EVENTS, &call("E-2", "1", odd)).await;
    let seen = weigh(&service, "editor", Some("B")).await;
    assert_eq!((seen.event_count, seen.not_known), (2, 1), "{seen:?}");
    let expected = seen.amounts[0].clone();
    assert_eq!(expected.currency_code.as_deref(), Some("EUR"));
    let approval = requested(&service, "editor", Some("B")).await;
    approved(&service, "editor2", &approval).await;
    let by_hand = service.patch(&path, &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await;
    assert_eq!(by_hand.status, StatusCode::OK, "{}", by_hand.text);
    let job = demo_server::rating::Job::new(service.service.database.clone());
    job.work_off().await.unwrap();
    let charges = service.items(&format!("{EVENTS}/E-1/child/usageCharges"), &[]).await;
    let billed = charges.iter().map(|charge| read_decimal(&charge["BilledAmount"].to_string()).unwrap());
    assert_eq!(billed.sum::<Decimal>(), read_decimal(&expected.amount).unwrap());
}

/// Each alone would fit into what is left of the allowance; together they do not.
#[tokio::test]
async fn batches_that_share_an_allowance_are_weighed_as_they_will_be_rated_one_after_the_other() {
    let service = TestService::new().await;
    for (name, number) in [("ONE", "E-1"), ("TWO", "E-2")] {
        let path = batch(&service, name, "ORA_RATING").await;
        made(&service, EVENTS, &call(number, "18000", json!({ "BatchNumber": name }))).await;
        done(&service, &path, "lockForReview", "{}").await;
    }
    let alone = weigh(&service, "editor", Some("TWO")).await.amounts;
    limit(&service, "EUR", 0).await;
    let before = weigh(&service, "editor", Some("TWO")).await;
    assert_eq!((&before.amounts, before.needs.len()), (&alone, 0), "{before:?}");
    done(&service, &format!("{BATCHES}/ONE"), "submit", "{}").await;
    let path = format!("{BATCHES}/TWO");
    let needs = weigh(&service, "editor2", Some("TWO")).await.needs;
    held("the second", &service.act(&path, "submit", "{}").await, &needs[0].to_string());
    let asked = requested(&service, "editor", Some("TWO")).await;
    approved(&service, "editor2", &asked).await;
    // It stays what was approved when the first has been rated, and comes to that.
    let job = demo_server::rating::Job::new(service.service.database.clone());
    job.work_off().await.unwrap();
    let expected = weigh(&service, "editor", Some("TWO")).await.amounts[0].amount.clone();
    done(&service, &path, "submit", "{}").await;
    job.work_off().await.unwrap();
    let charges = service.items(&format!("{EVENTS}/E-2/child/usageCharges"), &[]).await;
    let billed = charges.iter().map(|charge| read_decimal(&charge["BilledAmount"].to_string()).unwrap());
    let billed = billed.sum::<Decimal>();
    assert!(billed > Decimal::ZERO && billed == read_decimal(&expected).unwrap(), "{charges:?} {expected}");
}

#[tokio::test]
async fn several_small_acts_of_one_person_add_up_and_those_of_another_do_not() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    for name in ["ONE", "TWO", "THREE"] {
        locked(&service, name, "EUR", "2000").await;
    }
    let submit = async |user: &str, name: &str| {
        act(&service, user, &format!("{BATCHES}/{name}"), "submit", &json!({})).await
    };
    for name in ["ONE", "TWO"] {
        let answer = submit("editor", name).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text);
    }
    let third = submit("editor", "THREE").await;
    held(
        "the third",
        &third,
        "EUR 2000, with EUR 4000 that you submitted within 24 hours without an approval, is above",
    );
    let other = submit("editor2", "THREE").await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.text);
}

#[tokio::test]
async fn the_content_is_the_documented_text_and_its_digest_is_over_it() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    locked(&service, "B", "EUR", "6000.50").await;
    let approval = requested(&service, "editor", Some("B")).await;
    let text = service.get(&format!("{}/enclosure/Content", path_of(&approval)), &[]).await.text;
    let content = Content::read(&text).unwrap();
    assert_eq!(content.digest(), approval["ContentDigest"]);
    assert_eq!((content.act, content.subject.as_str(), content.count), (Act::Submit, "B", 1));
    let records = content.records.keys().map(|(_, number)| number.as_str()).collect::<Vec<_>>();
    assert_eq!(records, ["B", "E-B"]);
    assert!(
        text.contains("amount 6000.5 \"EUR\"\n") && text.contains("rule amount 5000 \"EUR\"\n"),
        "{text}"
    );
    // It is read only.
    for method in [Method::PUT, Method::DELETE] {
        let path = format!("{}/enclosure/Content", path_of(&approval));
        assert_eq!(
            ask(&service, "admin", method, &path, &Json::Null).await.status,
            StatusCode::METHOD_NOT_ALLOWED
        );
    }
    for method in [Method::PATCH, Method::DELETE] {
        let answer =
            ask(&service, "admin", method, &path_of(&approval), &json!({ "State": "APPROVED" })).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{}", answer.text);
    }
}
