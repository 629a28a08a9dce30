//! Which events a list holds, in which order, on which page.

use std::collections::BTreeSet;

use demo_server::database::query;
use serde_json::Value as Json;

use super::*;

#[tokio::test]
async fn a_page_tells_where_the_others_are() {
    let platform = Platform::to_read().await;
    let total = platform.all_events().await.len() as u64;
    assert!(total > 1000, "{total}");
    let pages = total.div_ceil(50);
    for (query, previous, next) in [
        (&[][..], None, Some(2)),
        (&[("page", "2")], Some(1), Some(3)),
        (&[("page", &pages.to_string())], Some(pages - 1), None),
        (&[("page", "9999")], Some(9998), None),
    ] {
        let pagination = platform.json(&address(EVENTS, query)).await["pagination"].clone();
        assert_eq!(pagination["total_results"], total, "{query:?}");
        assert_eq!(pagination["total_pages"], pages, "{query:?}");
        let expect = |name: &str, page: Option<u64>| {
            let href = page.map(|page| format!("http://localhost{EVENTS}?page={page}&per_page=50"));
            assert_eq!(pagination[name]["href"].as_str(), href.as_deref(), "{query:?} {name}");
            assert_eq!(pagination[name].is_null(), page.is_none(), "{query:?} {name}");
        };
        expect("first", Some(1));
        expect("last", Some(pages));
        expect("previous", previous);
        expect("next", next);
    }
}

#[tokio::test]
async fn following_next_walks_over_every_event_once() {
    let platform = Platform::to_read().await;
    let all = platform.all_events().await;
    let first = address(
        EVENTS,
        &[
            ("service_instance_types", "user_provided_service_instance"),
            ("order_by", "-created_at"),
            ("per_page", "70"),
        ],
    );
    let mut next = first;
    let mut walked = Vec::<Json>::new();
    loop {
        let page = platform.json(&next).await;
        walked.extend(page["resources"].as_array().unwrap().clone());
        if page["pagination"]["next"].is_null() {
            break;
        }
        next = path_of(&page["pagination"]["next"]["href"]).to_owned();
        assert!(next.contains("order_by=-created_at&page="), "{next}");
    }
    let provided =
        all.iter().filter(|event| event["service_instance"]["type"] == "user_provided_service_instance");
    let mut expected = provided.collect::<Vec<_>>();
    expected.sort_by_key(|event| (event["created_at"].as_str().unwrap(), guid(event)));
    expected.reverse();
    assert!(expected.len() > 140, "several pages: {}", expected.len());
    assert_eq!(guids(&walked), expected.iter().map(|event| guid(event)).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_address_repeats_filters_so_that_they_mean_the_same() {
    let platform = Platform::to_read().await;
    // A comma within a value is encoded twice.
    let query = "created_ats[gte]=2026-09-01T00:00:00Z&guids=a%252Cb,%20c&order_by=%2Bcreated_at&per_page=3";
    let page = platform.json(&format!("{EVENTS}?{query}")).await;
    let first = path_of(&page["pagination"]["first"]["href"]).to_owned();
    assert_eq!(
        first,
        format!(
            "{EVENTS}?created_ats%5Bgte%5D=2026-09-01T00%3A00%3A00Z&guids=a%252Cb%2C%20c\
             &order_by=%2Bcreated_at&page=1&per_page=3"
        )
    );
    assert_eq!(platform.json(&first).await["pagination"], page["pagination"]);
    assert_eq!(
        (&page["pagination"]["total_results"], &page["pagination"]["total_pages"]),
        (&0.into(), &1.into())
    );
}

#[tokio::test]
async fn a_cursor_reads_on_after_its_event() {
    let platform = Platform::to_read().await;
    let all = platform.all_events().await;
    let mut read = Vec::<Json>::new();
    loop {
        let cursor = read.last().map(|event| guid(event).to_owned());
        let mut query = vec![("per_page", "700")];
        query.extend(cursor.as_deref().map(|cursor| ("after_guid", cursor)));
        let more = platform.events(&query).await;
        if more.is_empty() {
            break;
        }
        read.extend(more);
    }
    assert_eq!(guids(&read), guids(&all));
}

#[tokio::test]
async fn filters_take_exactly_what_they_name() {
    let platform = Platform::to_read().await;
    let all = platform.all_events().await;
    let offerings = all.iter().filter_map(|event| event["service_offering"]["guid"].as_str());
    let offerings = offerings.collect::<BTreeSet<_>>().into_iter().take(2).collect::<Vec<_>>();
    let two_offerings = offerings.join(", ");
    let three = guids(&all[5..8]).join(",");
    let check = async |query: &[(&str, &str)], fits: &dyn Fn(&Json) -> bool| {
        let mut query = query.to_vec();
        query.push(("per_page", "5000"));
        let expected = all.iter().filter(|event| fits(event)).map(guid).collect::<Vec<_>>();
        assert_eq!(guids(&platform.events(&query).await), expected, "{query:?}");
        expected.len()
    };
    let kind = |event: &Json, kind: &str| event["service_instance"]["type"] == kind;
    assert_eq!(check(&[("guids", &three)], &|event| three.contains(guid(event))).await, 3);
    assert_eq!(check(&[("guids", "unknown")], &|_| false).await, 0);
    assert_eq!(check(&[("guids", "")], &|_| false).await, 0);
    assert_eq!(check(&[("service_instance_types", "no_such_type")], &|_| false).await, 0);
    let managed = |event: &Json| kind(event, "managed_service_instance");
    assert!(check(&[("service_instance_types", "managed_service_instance")], &managed).await > 1000);
    let both = "managed_service_instance,user_provided_service_instance";
    assert_eq!(check(&[("service_instance_types", both)], &|_| true).await, all.len());
    let of_offerings = |event: &Json| {
        event["service_offering"]["guid"].as_str().is_some_and(|guid| offerings.contains(&guid))
    };
    assert!(check(&[("service_offering_guids", &two_offerings)], &of_offerings).await > 100);
    let together = [("guids", three.as_str()), ("service_instance_types", "user_provided_service_instance")];
    check(&together, &|event| three.contains(guid(event)) && kind(event, "user_provided_service_instance"))
        .await;
}

#[tokio::test]
async fn times_of_creation_count_in_whole_seconds() {
    let platform = Platform::new().await;
    let database = &platform.service.service.database;
    let mut transaction = database.begin_write().await.unwrap();
    // Within the second: the middle of it.
    query("UPDATE service_usage_events SET created_at = created_at + 500000")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let all = platform.all_events().await;
    let at = |index: usize| all[index]["created_at"].as_str().unwrap();
    let (early, late) = (at(all.len() / 3), at(all.len() / 2));
    assert!(early < late, "{early} {late}");
    let list = format!("{late},{early}");
    type Fits<'a> = &'a dyn Fn(&str) -> bool;
    for (query, fits) in [
        (&[("created_ats", early)][..], &(|time: &str| time == early) as Fits<'_>),
        (&[("created_ats", &list)], &|time| time == early || time == late),
        (&[("created_ats[lt]", early)], &|time| time < early),
        (&[("created_ats[lte]", early)], &|time| time <= early),
        (&[("created_ats[gt]", early)], &|time| time > early),
        (&[("created_ats[gte]", early)], &|time| time >= early),
        (&[("created_ats[gt]", early), ("created_ats[lte]", late)], &|time| time > early && time <= late),
    ] {
        let mut asked = query.to_vec();
        asked.push(("per_page", "5000"));
        let expected = all.iter().filter(|event| fits(event["created_at"].as_str().unwrap()));
        let expected = expected.map(guid).collect::<Vec<_>>();
        assert!(!expected.is_empty(), "{query:?}");
        assert_eq!(guids(&platform.events(&asked).await), expected, "{query:?}");
    }
}
