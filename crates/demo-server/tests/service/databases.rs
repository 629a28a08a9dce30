//! Opening databases, and what both kinds of them must agree on.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use chrono::Utc;
use demo_server::access_tokens::Audience;
use demo_server::database::{
    Database, Longest, OpenError, Parameter, Statement, Transaction, query, query_scalar, took_too_long,
};
use demo_server::{access_tokens, accounts, command_line};

use crate::test_database::{TestDatabase, postgres_server};
use crate::test_service::*;

async fn run(database: &Database, sql: &str) {
    let mut transaction = database.begin_write().await.unwrap();
    query(sql).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

/// What opening says, which must be a refusal.
async fn refusal(database: &TestDatabase) -> String {
    match Database::open(&database.url()).await {
        Ok(_) => panic!("the database was opened"),
        Err(OpenError::Migration(reason)) => panic!("found out too late: {reason}"),
        Err(refused) => refused.to_string(),
    }
}

#[tokio::test]
async fn an_empty_database_is_made_ready_and_opened_again() {
    let home = TestDatabase::empty().await;
    for _ in 0..2 {
        let database = home.open().await;
        let lookups: i64 =
            query_scalar("SELECT COUNT(*) FROM lookup_codes").fetch_one(&database.readers).await.unwrap();
        assert!(lookups > 20);
        database.close().await;
    }
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let home = TestDatabase::empty().await;
    let database = home.open().await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
               SELECT 9999, 'from the future', success, checksum, execution_time FROM _sqlx_migrations \
               WHERE version = 1";
    run(&database, sql).await;
    database.close().await;
    let said = refusal(&home).await;
    assert!(said.contains("version 9999") && said.contains("nothing was changed"), "{said}");
}

#[tokio::test]
async fn a_foreign_database_is_refused() {
    // Of a program that keeps no such notes, and of one that does.
    for changes in [
        &["CREATE TABLE invoices (id INTEGER)", "DROP TABLE _sqlx_migrations"][..],
        &["UPDATE _sqlx_migrations SET description = 'create invoices' WHERE version = 1"],
    ] {
        let home = TestDatabase::empty().await;
        let database = home.open().await;
        for change in changes {
            run(&database, change).await;
        }
        database.close().await;
        let said = refusal(&home).await;
        assert!(said.contains("another program") && said.contains("nothing was changed"), "{said}");
    }
}

#[tokio::test]
async fn addresses_that_name_no_database_are_refused_without_their_password() {
    for (url, part) in [
        ("mysql://me:secret@host/x", "mysql://"),
        ("postgres://me:secret@127.0.0.1:1/x", "cannot be opened"),
        ("postgres://me:secret@:x", "cannot be opened"),
    ] {
        let said = command_line::open(url).await.err().map(|reason| reason.to_string()).unwrap_or_default();
        assert!(said.contains(part) && !said.contains("secret"), "{said}");
    }
}

#[tokio::test]
async fn decimals_keep_their_digits_and_their_order() {
    let service = TestService::new().await;
    let database = &service.service.database;
    let ascending = [
        "-79228162514264337593543950335",
        "-10.0",
        "-9.95",
        "-0.0000000000000000000000000001",
        "0.00",
        "0.0000008000",
        "9",
        "10.01",
        "12345678901234567.890100",
        "79228162514264337593543950335",
    ];
    let mut transaction = database.begin_write().await.unwrap();
    for (number, digits) in ascending.iter().rev().enumerate() {
        let mut sql = Statement::new("UPDATE usage_events SET usage_quantity = ");
        sql.bind(Parameter::Decimal((*digits).to_owned()));
        sql.push(" WHERE event_id = (SELECT event_id FROM usage_events ORDER BY event_id LIMIT 1 OFFSET ");
        sql.bind(Parameter::Integer(i64::try_from(number).unwrap())).push(")");
        assert_eq!(sql.execute(&mut transaction).await.unwrap(), 1);
    }
    let mut none = Statement::new("UPDATE usage_events SET usage_quantity = ");
    none.bind(Parameter::Null).push(" WHERE event_id > (SELECT MIN(event_id) FROM usage_events) + ");
    none.bind(Parameter::Integer(i64::try_from(ascending.len()).unwrap() - 1));
    none.execute(&mut transaction).await.unwrap();
    transaction.commit().await.unwrap();

    // With its table's name before it, or PostgreSQL orders by the text that is selected.
    let sql = "SELECT CAST(e.usage_quantity AS TEXT) FROM usage_events e WHERE e.usage_quantity IS NOT NULL \
               ORDER BY e.usage_quantity";
    let stored: Vec<String> = query_scalar(sql).fetch_all(&database.readers).await.unwrap();
    assert_eq!(stored, ascending);
    // The same through the API: digits on the wire, and comparison by value.
    let zero = service.get(EVENTS, &[("q", "UsageQuantity = 0"), ("fields", "UsageQuantity")]).await;
    assert!(zero.text.contains(r#""UsageQuantity":0.00"#), "{}", zero.text);
    let above = service.items(EVENTS, &[("q", "UsageQuantity >= 10.010")]).await;
    assert_eq!(above.len(), 3);
}

/// A question without an end.
const ENDLESS: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
const A_MOMENT: Duration = Duration::from_millis(200);

/// Whether a connection answers, which on a machine that is busy elsewhere may take a moment, too.
async fn is_as_good_as_before(database: &Database) {
    loop {
        match query_scalar::<i64>("SELECT COUNT(*) FROM currencies").fetch_one(&database.readers).await {
            Ok(count) => return assert!(count > 10),
            Err(reason) => assert!(took_too_long(&reason), "{reason}"),
        }
    }
}

#[tokio::test]
async fn reading_that_never_ends_is_ended() {
    let home = TestDatabase::copy().await;
    let longest = Longest { read: A_MOMENT, ..Longest::default() };
    let database = Database::open_bounded(&home.url(), longest).await.unwrap();
    for _ in 0..2 {
        let alone = query_scalar::<i64>(ENDLESS).fetch_one(&database.readers).await.unwrap_err();
        assert!(took_too_long(&alone), "{alone}");
        let mut snapshot = database.readers.begin().await.unwrap();
        let within = query_scalar::<i64>(ENDLESS).fetch_one(&mut *snapshot).await.unwrap_err();
        assert!(took_too_long(&within), "{within}");
        drop(snapshot);
        is_as_good_as_before(&database).await;
    }
}

/// A database on which writing is bounded: long enough to be opened in on a busy machine.
async fn with_bounded_writing(home: &TestDatabase) -> Database {
    let longest = Longest { write: Duration::from_secs(2), ..Longest::default() };
    Database::open_bounded(&home.url(), longest).await.unwrap()
}

/// A transaction that has changed something; tried again where the machine is too busy for the bound.
async fn changed(database: &Database) -> Transaction {
    loop {
        let begun = async {
            let mut transaction = database.begin_write().await?;
            query("UPDATE currencies SET name = 'Doubloon'").execute(&mut *transaction).await?;
            Ok::<_, sqlx::Error>(transaction)
        };
        match begun.await {
            Ok(transaction) => return transaction,
            Err(reason) => assert!(took_too_long(&reason), "{reason}"),
        }
    }
}

#[tokio::test]
async fn writing_that_never_ends_is_ended_and_undone() {
    let home = TestDatabase::copy().await;
    let database = with_bounded_writing(&home).await;
    let mut transaction = changed(&database).await;
    let reason = query_scalar::<i64>(ENDLESS).fetch_one(&mut *transaction).await.unwrap_err();
    assert!(took_too_long(&reason), "{reason}");
    drop(transaction);
    let names = "SELECT COUNT(*) FROM currencies WHERE name = 'Doubloon'";
    let left: i64 = query_scalar(names).fetch_one(&database.readers).await.unwrap();
    assert_eq!(left, 0, "what went before it is undone");
    // The connection is as good as before. And another one's writing is not waited for without an end, be it
    // in this process or in another.
    let elsewhere = with_bounded_writing(&home).await;
    let held = changed(&database).await;
    for waiting in [&database, &elsewhere] {
        let reason = waiting.begin_write().await.unwrap_err();
        assert!(took_too_long(&reason), "{reason}");
    }
    drop(held);
    // Whoever waited in vain can write as soon as the turn is free.
    for database in [&database, &elsewhere] {
        changed(database).await.commit().await.unwrap();
    }
}

/// What requests are told whose turn to write does not come, in each API's own words.
#[tokio::test]
async fn a_turn_that_does_not_come_is_told() {
    let home = TestDatabase::copy().await;
    let database = with_bounded_writing(&home).await;
    let service = TestService::with(|service| service.database = database.clone()).await;
    let draft = event_path(&service.event("EventStatus = 'ORA_DRAFT'").await);
    let before = service.get(&draft, &[]).await.header("etag").to_owned();
    // Signing a token changes nothing, so it needs no turn.
    let admin = accounts::find(&database, "admin").await.unwrap().unwrap();
    let token = async |audience| {
        let issued = access_tokens::issue(&database, &admin, audience, Utc::now(), 3600, None).await;
        format!("Bearer {}", issued.unwrap().0)
    };
    let (platform, billing) = (token(Audience::Platform).await, token(Audience::LogiSense).await);
    let held = changed(&database).await;
    let send = |method, path: &str, body: &str| {
        let bearer = if path.starts_with("/ResourceServer") { &billing } else { &platform };
        service.send(request(method, path, "", &[("authorization", bearer)], body))
    };
    let purge = "/v3/service_usage_events/actions/destructively_purge_all_and_reseed";
    let answers = tokio::join!(
        send(Method::PATCH, &draft, r#"{"ServiceId":"late"}"#),
        send(Method::POST, purge, ""),
        send(Method::PUT, "/ResourceServer/api/v8/Usage/Bucket/Base/1", r#"{"name":"late"}"#),
    );
    for answer in [answers.0, answers.1, answers.2] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
        assert!(answer.text.contains("nothing was done"), "{}", answer.text);
    }
    drop(held);
    assert_eq!(service.get(&draft, &[]).await.header("etag"), before);
}

/// With no time at all every question that costs something takes too long; on PostgreSQL the least
/// bound is a millisecond, which tells nothing.
#[tokio::test]
async fn a_question_that_costs_too_much_is_told_so() {
    let home = TestDatabase::copy().await;
    if matches!(home, TestDatabase::Named(_)) {
        return;
    }
    let longest = Longest { read: Duration::ZERO, ..Longest::default() };
    let database = Database::open_bounded(&home.url(), longest).await.unwrap();
    let service = TestService::with(|service| service.database = database).await;
    let query = [("q", "ServiceId like '%a%b%c%' or ServiceId like '%d%e%f%'"), ("totalResults", "true")];
    let answer = service.get(EVENTS, &query).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert!(answer.text.contains("took too long"), "{}", answer.text);
}

/// A client that goes away while its reading begins leaves no transaction open on a connection that goes
/// back to the others.
#[tokio::test]
async fn readers_that_go_away_leave_no_transaction_open() {
    if postgres_server().is_none() {
        return;
    }
    let home = TestDatabase::copy().await;
    let database = home.open().await;
    for microseconds in 0..400 {
        let begun = tokio::time::timeout(Duration::from_micros(microseconds), database.readers.begin()).await;
        drop(begun);
    }
    let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
               AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()";
    let watched = async {
        while query_scalar::<i64>(sql).fetch_one(&database.readers).await.unwrap() > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), watched).await.expect("every transaction has ended");
    // All of them can be begun anew, and show what is there now.
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(database.readers.begin().await.unwrap());
    }
}

#[tokio::test]
async fn a_server_that_is_stopped_in_the_middle_of_writing_does_not_keep_the_others_waiting() {
    if postgres_server().is_none() {
        return;
    }
    let home = TestDatabase::copy().await;
    let open = async |longest| Database::open_bounded(&home.url(), longest).await.unwrap();
    let stopped = open(Longest { idle: A_MOMENT, ..Longest::default() }).await;
    let other = open(Longest::default()).await;
    let held = changed(&stopped).await;
    let turn = tokio::time::timeout(Duration::from_secs(20), other.begin_write()).await;
    turn.expect("its turn comes").unwrap().commit().await.unwrap();
    // Going on, it is not taken for done.
    assert!(held.commit().await.is_err());
    let names = "SELECT COUNT(*) FROM currencies WHERE name = 'Doubloon'";
    assert_eq!(query_scalar::<i64>(names).fetch_one(&other.readers).await.unwrap(), 0);
}

#[tokio::test]
async fn whoever_waits_for_an_empty_database_to_be_filled_is_told_by_whom() {
    if postgres_server().is_none() {
        return;
    }
    let home = TestDatabase::copy().await;
    let one = home.open().await;
    let longest = Longest { filling: A_MOMENT, ..Longest::default() };
    let other = Database::open_bounded(&home.url(), longest).await.unwrap();
    let held = one.filling_lock().await.unwrap();
    let refused = demo_server::demo_data::fill_if_empty(&other, 10).await.unwrap_err().to_string();
    let by = format!("filled by demo-server {} at 127.0.0.1", std::process::id());
    assert!(refused.contains(&by), "{refused}");
    drop(held);
    demo_server::demo_data::fill_if_empty(&other, 10).await.unwrap();
}
