//! Who decides, about what, and what makes an approval fall away.

use demo_server::database::query;

use super::*;
use crate::provider_tokens;

#[tokio::test]
async fn nobody_approves_what_they_asked_for_or_changed_administrators_included() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    let path = locked(&service, "B", "EUR", "6000").await;
    let asked = requested(&service, "admin", Some("B")).await;
    for (user, expected) in [("editor2", 1), ("editor", 0), ("admin", 0), ("viewer", 0)] {
        let waiting = act(&service, user, APPROVALS, "waiting", &json!({})).await.json();
        let numbers = waiting["result"]["approvalNumbers"].as_array().unwrap();
        assert_eq!(numbers.len(), expected, "{user}: {waiting}");
    }
    let refused = async |user: &str, words: &str| {
        let answer = approve(&service, user, &asked).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{user}: {}", answer.text);
        assert!(answer.text.contains(words), "{user}: {}", answer.text);
    };
    refused("admin", "You asked for this approval").await;
    refused("editor", "You made or changed a record of the content").await;
    assert_eq!(approve(&service, "viewer", &asked).await.status, StatusCode::FORBIDDEN);
    approved(&service, "editor2", &asked).await;
    let twice = approve(&service, "editor2", &asked).await;
    held("twice", &twice, "It has been approved already.");
    // Whoever approved does not do it as well.
    held("the second person", &act(&service, "editor2", &path, "submit", &json!({})).await, "You approved");
    let answer = act(&service, "admin", &path, "submit", &json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn who_deleted_something_or_changed_a_charge_changed_the_content() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    batch(&service, "B", "ORA_RATING").await;
    priced(&service, "B", "E-1", "EUR", &["6000"]).await;
    priced(&service, "B", "E-2", "EUR", &["6000"]).await;
    let deleted = ask(&service, "editor2", Method::DELETE, &format!("{EVENTS}/E-2"), &Json::Null).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{}", deleted.text);
    let charge = format!("{EVENTS}/E-1/child/usageCharges/E-1-0");
    let raised = ask(&service, "admin", Method::PATCH, &charge, &json!({ "BilledAmount": 7000 })).await;
    assert_eq!(raised.status, StatusCode::OK, "{}", raised.text);
    let asked = requested(&service, "editor", Some("B")).await;
    for user in ["editor2", "admin"] {
        let answer = approve(&service, user, &asked).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{user}: {}", answer.text);
        assert!(answer.text.contains("You made or changed"), "{user}: {}", answer.text);
    }
    // Where it is not known who changed something, nobody is known to be a second person.
    let mut transaction = service.service.database.begin_write().await.unwrap();
    query("UPDATE usage_events SET created_by = ' '").execute(&mut *transaction).await.unwrap();
    query("INSERT INTO accounts SELECT 'third', 'Third Person', role, password_salt, password_hash FROM accounts WHERE user_name = 'editor'")
        .execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let third = [("authorization", "Basic dGhpcmQ6ZWRpdG9y"), ACTION];
    let body = json!({ "contentDigest": asked["ContentDigest"] }).to_string();
    let path = format!("{}/action/approve", path_of(&asked));
    let answer = service.send(request(Method::POST, &path, "", &third, &body)).await;
    assert!(answer.text.contains("It is not known who made or changed"), "{} {}", answer.status, answer.text);
}

#[tokio::test]
async fn another_sign_in_of_the_same_person_is_the_same_person() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    locked(&service, "B", "EUR", "6000").await;
    let asked = requested(&service, "editor", Some("B")).await;
    // As an identity provider would name them: by the account, without the name that is shown.
    let mut transaction = service.service.database.begin_write().await.unwrap();
    query("INSERT INTO accounts SELECT 'EDITOR', 'EDITOR', role, password_salt, password_hash FROM accounts WHERE user_name = 'editor'")
        .execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let same = [("authorization", "Basic RURJVE9SOmVkaXRvcg=="), ACTION];
    let body = json!({ "contentDigest": asked["ContentDigest"] }).to_string();
    let path = format!("{}/action/approve", path_of(&asked));
    let answer = service.send(request(Method::POST, &path, "", &same, &body)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert!(answer.text.contains("You asked for this approval"), "{}", answer.text);
}

/// Nothing tells that somebody with an account and somebody whom a provider knows are two people.
#[tokio::test]
async fn who_comes_by_an_identity_provider_is_no_second_person_to_an_account_nor_the_other_way_round() {
    let service = provider_tokens::service().await;
    limit(&service, "EUR", 5000).await;
    let path = locked(&service, "B", "EUR", "6000").await;
    let asked = requested(&service, "editor", Some("B")).await;
    let bearer = provider_tokens::bearer("edith.okafor@example.com");
    let other = provider_tokens::bearer("somebody@example.com");
    let by = async |bearer: &str, path: &str, action: &str, body: &Json| {
        let headers = [("authorization", bearer), ACTION];
        let path = format!("{path}/action/{action}");
        service.send(request(Method::POST, &path, "", &headers, &body.to_string())).await
    };
    let digest = json!({ "contentDigest": asked["ContentDigest"] });
    let answer = by(&bearer, &path_of(&asked), "approve", &digest).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert!(answer.text.contains("You signed in another way"), "{}", answer.text);
    let waiting = by(&bearer, APPROVALS, "waiting", &json!({})).await.json();
    assert_eq!(waiting["result"]["approvalNumbers"], json!([]));
    approved(&service, "editor2", &asked).await;
    done(&service, &path, "submit", "{}").await;

    // All by the provider's people: they are told apart by their names.
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let post = async |path: &str, body: &Json| {
        let answer = service.send(request(Method::POST, path, "", &headers, &body.to_string())).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()
    };
    post(BATCHES, &json!({ "BatchNumber": "P", "UsageType": "ORA_RATING" })).await;
    let event = json!({ "EventRatingType": "ORA_PRE_RATED", "BatchNumber": "P",
        "usageCharges": [{ "UsageChargePuid": "P-1", "ChargeCurrency": "EUR", "BilledAmount": 6000 }] });
    let event: Json = serde_json::from_str(&call("E-P", "60", event)).unwrap();
    post(EVENTS, &event).await;
    let asked = post(APPROVALS, &json!({ "BatchNumber": "P" })).await;
    let digest = json!({ "contentDigest": asked["ContentDigest"] });
    let answer = approve(&service, "editor2", &asked).await;
    assert!(answer.text.contains("You signed in another way"), "{}", answer.text);
    let answer = by(&bearer, &path_of(&asked), "approve", &digest).await;
    assert!(answer.text.contains("You asked for this approval"), "{}", answer.text);
    let answer = by(&other, &path_of(&asked), "approve", &digest).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn whatever_changes_the_content_makes_it_out_of_date_and_is_told() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    let event = format!("{EVENTS}/E-B");
    let charge = format!("{event}/child/usageCharges/E-B-0");
    let path = batch(&service, "B", "ORA_RATING").await;
    priced(&service, "B", "E-B", "EUR", &["6000"]).await;
    for (case, told) in [
        ("an event", "E-B was changed."),
        ("a charge", "It came to EUR 6000, and comes to EUR 6001 now."),
        ("one more", "E-MORE was added."),
        ("one less", "E-MORE is not in it any more."),
        ("the batch", "B was changed."),
        ("a rule", "The rules of approvals were changed."),
    ] {
        let asked = requested(&service, "editor", Some("B")).await;
        approved(&service, "admin", &asked).await;
        match case {
            "an event" => service.patch(&event, &[], r#"{"ServiceId":"another"}"#).await.status.is_success(),
            "a charge" => service.patch(&charge, &[], r#"{"BilledAmount":6001}"#).await.status.is_success(),
            "one more" => {
                priced(&service, "B", "E-MORE", "EUR", &["1"]).await;
                true
            }
            "one less" => service.delete(&format!("{EVENTS}/E-MORE"), &[]).await.status.is_success(),
            "the batch" => {
                service.patch(&path, &[], r#"{"BatchDescription":"another"}"#).await.status.is_success()
            }
            _ => {
                limit(&service, "JPY", 1).await;
                true
            }
        };
        assert_eq!(state(&service, &asked).await, "STALE", "{case}");
        let listed = service.items(APPROVALS, &[("q", "State = 'STALE'")]).await;
        assert!(listed.iter().any(|one| one["ApprovalNumber"] == asked["ApprovalNumber"]), "{case}");
        let answer = service.patch(&path, &[], r#"{"BatchStatus":"ORA_IN_PROCESS"}"#).await;
        held(case, &answer, told);
        let seen = weigh(&service, "editor", Some("B")).await;
        let standing = seen.standing.unwrap();
        assert!(!standing.can_be_used && !standing.differences.is_empty(), "{case}: {standing:?}");
        let by = if case == "a rule" { "Ada Moreau" } else { "Edith Okafor" };
        assert_eq!(standing.changed_by.as_deref(), Some(by), "{case}");
        let late = approve(&service, "editor2", &asked).await;
        held(case, &late, "The content has changed since the approval was asked for.");
    }
}

#[tokio::test]
async fn what_the_list_shows_as_out_of_date_is_no_good_and_can_be_asked_for_again() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    let path = locked(&service, "B", "EUR", "6000").await;
    let asked = requested(&service, "editor", Some("B")).await;
    approved(&service, "editor2", &asked).await;
    // A rule that is put back after its end makes the same content of another mark.
    let lifted = ask(&service, "admin", Method::DELETE, &format!("{RULES}/EUR"), &Json::Null).await;
    assert_eq!(lifted.status, StatusCode::OK, "{}", lifted.text);
    let mut transaction = service.service.database.begin_write().await.unwrap();
    query("UPDATE approval_rules SET end_date = 0").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    limit(&service, "EUR", 5000).await;
    assert_eq!(weigh(&service, "editor", Some("B")).await.content_digest, asked["ContentDigest"]);

    assert_eq!(state(&service, &asked).await, "STALE");
    held("out of date", &service.act(&path, "submit", "{}").await, "is out of date");
    let again = requested(&service, "editor", Some("B")).await;
    approved(&service, "editor2", &again).await;
    done(&service, &path, "submit", "{}").await;
    assert_eq!(
        (state(&service, &asked).await, state(&service, &again).await),
        ("STALE".into(), "SPENT".into())
    );
}

#[tokio::test]
async fn who_made_it_out_of_date_is_named_and_nobody_where_nobody_did() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    batch(&service, "B", "ORA_RATING").await;
    priced(&service, "B", "E-1", "EUR", &["6000"]).await;
    priced(&service, "B", "E-2", "EUR", &["6000"]).await;
    let standing = async || weigh(&service, "editor", Some("B")).await.standing.unwrap();
    requested(&service, "editor", Some("B")).await;
    // What goes leaves no stamp of its own.
    let deleted = ask(&service, "editor2", Method::DELETE, &format!("{EVENTS}/E-2"), &Json::Null).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{}", deleted.text);
    let after = standing().await;
    assert_eq!(
        (after.state.as_str(), after.changed_by.as_deref()),
        ("STALE", Some("Emil Brandt")),
        "{after:?}"
    );

    requested(&service, "editor", Some("B")).await;
    let mut transaction = service.service.database.begin_write().await.unwrap();
    query("UPDATE usage_charges SET billed_amount = '6001'").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let after = standing().await;
    assert_eq!((after.state.as_str(), after.changed_by, after.changed_at), ("STALE", None, None));
}

#[tokio::test]
async fn what_was_seen_is_what_is_approved() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    locked(&service, "B", "EUR", "6000").await;
    let stale = json!({ "BatchNumber": "B", "ContentDigest": "00" });
    let answer = ask(&service, "editor", Method::POST, APPROVALS, &stale).await;
    assert_eq!(answer.faults(), ["27024 /ContentDigest"]);
    let asked = requested(&service, "editor", Some("B")).await;
    let body = json!({ "contentDigest": "00" });
    let answer = act(&service, "editor2", &path_of(&asked), "approve", &body).await;
    held("another digest", &answer, "What you saw is not what the approval is for.");
    let answer = act(&service, "editor2", &path_of(&asked), "approve", &json!({})).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert_eq!(state(&service, &asked).await, "REQUESTED");
    let twice = ask(&service, "editor2", Method::POST, APPROVALS, &json!({ "BatchNumber": "B" })).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    assert!(twice.text.contains("Edith Okafor has asked for the same already"), "{}", twice.text);
    let other = json!({ "BatchNumber": "B", "ActionCode": "PURGE" });
    let other = ask(&service, "editor2", Method::POST, APPROVALS, &other).await;
    assert!(other.faults().contains(&"27024 /ActionCode".to_owned()), "{}", other.text);
    let next: i64 = number(&asked).strip_prefix("AP-").unwrap().parse().unwrap();
    for given in [json!({ "ApprovalNumber": format!("AP-{}", next + 1) }), json!({ "ApprovalId": next + 1 })]
    {
        let mut body = json!({ "BatchNumber": "B" });
        body.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
        let given = ask(&service, "editor2", Method::POST, APPROVALS, &body).await;
        assert!(given.text.contains("is given by the service."), "{}", given.text);
    }
    let nothing = ask(&service, "editor2", Method::POST, APPROVALS, &json!({ "BatchNumber": "NONE" })).await;
    assert_eq!(nothing.faults(), ["27024 /BatchNumber"]);
}

#[tokio::test]
async fn a_refusal_has_a_reason_and_only_the_asker_withdraws() {
    let service = TestService::filled(0).await;
    limit(&service, "EUR", 5000).await;
    let path = locked(&service, "B", "EUR", "6000").await;
    let asked = requested(&service, "editor", Some("B")).await;
    for reason in ["", "  ", &"x".repeat(1001)] {
        let answer = act(&service, "editor2", &path_of(&asked), "refuse", &json!({ "reason": reason })).await;
        assert_eq!(answer.faults(), ["27024 /reason"], "{reason}");
    }
    let body = json!({ "reason": "The rate is wrong" });
    let own = act(&service, "editor", &path_of(&asked), "refuse", &body).await;
    assert_eq!(own.status, StatusCode::BAD_REQUEST, "{}", own.text);
    let refused = act(&service, "editor2", &path_of(&asked), "refuse", &body).await;
    assert_eq!(refused.status, StatusCode::OK, "{}", refused.text);
    held("approve after all", &approve(&service, "editor2", &asked).await, "It has been refused already.");
    held("submit", &service.act(&path, "submit", "{}").await, "was refused by Emil Brandt");
    let standing = weigh(&service, "editor", Some("B")).await.standing.unwrap();
    assert_eq!((standing.state.as_str(), standing.reason.as_deref()), ("REFUSED", Some("The rate is wrong")));

    let again = requested(&service, "editor", Some("B")).await;
    approved(&service, "editor2", &again).await;
    let other = act(&service, "admin", &path_of(&again), "withdraw", &json!({})).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST, "{}", other.text);
    let own = act(&service, "editor", &path_of(&again), "withdraw", &json!({})).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.text);
    held("after it was withdrawn", &service.act(&path, "submit", "{}").await, "above the limit");
    assert_eq!(state(&service, &again).await, "WITHDRAWN");
}
