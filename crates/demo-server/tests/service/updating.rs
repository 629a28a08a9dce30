//! A server that is newer than the tables, beside others at work on them; and what is told of whoever keeps others
//! waiting. A whole update through a web server is `crates/xtask/src/proxies/rolling_update.rs`.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use demo_server::database::{Database, Longest, query};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::time::timeout;

use crate::test_database::{TestDatabase, postgres_server};

const LONG: Duration = Duration::from_secs(60);
const A_MOMENT: Duration = Duration::from_millis(200);

/// With tables of an earlier version, and a connection of somebody who is at work on them.
async fn older() -> Option<(TestDatabase, PgConnection)> {
    postgres_server()?;
    let home = TestDatabase::copy().await;
    let mut connection = PgConnection::connect(&home.url()).await.unwrap();
    connection.execute(include_str!("../version_15.sql")).await.unwrap();
    Some((home, connection))
}

async fn version(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(connection).await.unwrap()
}

/// Lines of the log, of this test's thread alone.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Whether words name this process, its process of the database and the time.
fn tells_of_this_process(words: &str) -> bool {
    let name = format!("demo-server {} at 127.0.0.1 (process ", std::process::id());
    let rest = words.split_once(&name).map(|(_, rest)| rest).unwrap_or_default();
    let parts = rest.split_once(" of the database, at work since ");
    parts.is_some_and(|(process, since)| {
        let (time, state) = since.split_once(" UTC, ").unwrap_or_default();
        process.parse::<u32>().is_ok()
            && time.len() == "12:34:56".len()
            && state.starts_with("idle in transaction for ")
    })
}

#[tokio::test]
async fn the_log_says_who_has_the_turn_to_write_and_since_when() {
    if postgres_server().is_none() {
        return;
    }
    let home = TestDatabase::copy().await;
    let one = home.open().await;
    let longest = Longest { write: A_MOMENT, ..Longest::default() };
    let other = Database::open_bounded(&home.url(), longest).await.unwrap();
    let log = Log::default();
    let lines = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || lines.clone()).finish();
    let _heard = tracing::subscriber::set_default(subscriber);
    let mut held = one.begin_write().await.unwrap();
    query("UPDATE currencies SET name = 'Doubloon'").execute(&mut *held).await.unwrap();
    other.begin_write().await.unwrap_err();
    let text = log.text();
    let line = text.lines().find(|line| line.contains("a turn to write did not come: ")).unwrap_or(&text);
    assert!(line.contains("WARN") && line.ends_with(" has it") && tells_of_this_process(line), "{text}");
}

#[tokio::test]
async fn tables_are_not_changed_between_two_statements_of_a_writer() {
    let Some((home, mut writer)) = older().await else { return };
    let name = format!("SET application_name = 'demo-server {}'", std::process::id());
    writer.execute(name.as_str()).await.unwrap();
    writer.execute("BEGIN; SELECT pg_advisory_xact_lock(8787)").await.unwrap();
    // Long enough to find out that it is held, however busy the machine.
    let longest = Longest { write: Duration::from_secs(1), ..Longest::default() };
    let refused = Database::open_bounded(&home.url(), longest).await.unwrap_err().to_string();
    assert!(refused.contains("has the turn to write") && tells_of_this_process(&refused), "{refused}");
    assert_eq!(version(&mut writer).await, 15);
    let url = home.url();
    let (opened, ()) = tokio::join!(timeout(LONG, Database::open(&url)), async {
        writer.execute("UPDATE currencies SET name = 'Doubloon'; COMMIT").await.unwrap();
    });
    opened.expect("its turn comes").unwrap().close().await;
    assert!(version(&mut writer).await > 15);
}

/// Whoever changes a table waits for those who read it, and all who come then wait behind: nobody does so for long.
#[tokio::test]
async fn a_long_reading_keeps_the_tables_as_they_are_and_no_other_reading_waits_for_it() {
    let Some((home, mut long)) = older().await else { return };
    let read = "SELECT COUNT(*) FROM refresh_tokens";
    long.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.unwrap();
    long.execute(read).await.unwrap();
    let mut beside = PgConnection::connect(&home.url()).await.unwrap();
    let waits = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'refresh_tokens'::regclass";
    let others = async {
        // Twice, so that it is seen to begin again.
        for _ in 0..2 {
            while sqlx::query_scalar::<_, i64>(waits).fetch_one(&mut beside).await.unwrap() == 0 {
                tokio::task::yield_now().await;
            }
            // Behind it, and answered when it has let go.
            beside.execute(read).await.unwrap();
        }
        assert_eq!(version(&mut beside).await, 15);
        long.execute("COMMIT").await.unwrap();
    };
    let url = home.url();
    let (opened, others) = tokio::join!(timeout(LONG, Database::open(&url)), timeout(LONG, others));
    others.expect("other readings are answered");
    opened.expect("its turn comes").unwrap();
    assert!(version(&mut long).await > 15);
}
