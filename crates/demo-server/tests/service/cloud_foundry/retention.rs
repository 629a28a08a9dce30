//! Pruning on demand: what is old goes, but never the newest event.

use demo_server::database::query;

use super::*;

/// Makes events older or younger: all of them, or the last ones.
async fn set_age(platform: &Platform, days: i64, last: usize) {
    let at = (chrono::Utc::now() - chrono::TimeDelta::days(days)).timestamp_micros();
    let mut transaction = platform.service.service.database.begin_write().await.unwrap();
    query(
        "UPDATE service_usage_events SET created_at = $1 WHERE service_usage_event_id IN \
         (SELECT service_usage_event_id FROM service_usage_events ORDER BY service_usage_event_id DESC LIMIT $2)",
    )
    .bind(at)
    .bind(i64::try_from(last).unwrap())
    .execute(&mut *transaction)
    .await
    .unwrap();
    transaction.commit().await.unwrap();
}

async fn prune(platform: &Platform) -> u64 {
    let answer = platform.as_admin(Method::POST, PRUNE, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["deleted"].as_u64().unwrap()
}

#[tokio::test]
async fn what_is_older_than_31_days_goes_when_asked() {
    let platform = Platform::new().await;
    let all = platform.all_events().await;
    set_age(&platform, 32, all.len()).await;
    set_age(&platform, 30, 7).await;
    assert_eq!(platform.all_events().await.len(), all.len(), "nothing goes by itself");
    assert_eq!(prune(&platform).await, all.len() as u64 - 7);
    assert_eq!(guids(&platform.all_events().await), guids(&all[all.len() - 7..]));
    let cursor = address(EVENTS, &[("after_guid", guid(&all[0]))]);
    assert_eq!(platform.get(&cursor).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(prune(&platform).await, 0);
}

#[tokio::test]
async fn the_newest_event_stays_however_old() {
    let platform = Platform::new().await;
    let all = platform.all_events().await;
    set_age(&platform, 400, all.len()).await;
    assert_eq!(prune(&platform).await, all.len() as u64 - 1);
    let newest = guid(all.last().unwrap());
    assert_eq!(guids(&platform.all_events().await), [newest]);
    assert!(platform.events(&[("after_guid", newest)]).await.is_empty(), "the cursor is still good");
}
