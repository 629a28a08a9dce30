//! Databases for tests: copies of a small filled one. They are SQLite files, or databases of the
//! PostgreSQL server that the variable `DEMO_SERVER_TEST_DATABASE` names
//! (`postgres://user@host:port/database`), under which every test is run a second time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use demo_server::command_line;
use demo_server::database::{Database, query};
use demo_server::demo_data;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// How many events the small database holds.
pub(crate) const EVENT_COUNT: u64 = 1200;

pub(crate) enum TestDatabase {
    File(TempDir),
    Named(String),
    /// One for all tests that change nothing.
    Shared(&'static Self),
}

/// The server's address up to the name of a database, if tests are to run on it.
pub(crate) fn postgres_server() -> Option<String> {
    let url = std::env::var("DEMO_SERVER_TEST_DATABASE").ok()?;
    let (server, _) = url.rsplit_once('/').unwrap_or_else(|| panic!("{url} names no database"));
    Some(server.to_owned())
}

impl TestDatabase {
    /// An empty one.
    pub(crate) async fn empty() -> Self {
        match postgres_server() {
            None => Self::File(TempDir::new().unwrap()),
            Some(server) => Self::named(&server, "template0").await,
        }
    }

    /// One with the demo data; they are made once.
    pub(crate) async fn copy() -> Self {
        static TEMPLATE: OnceCell<TestDatabase> = OnceCell::const_new();
        let template = TEMPLATE
            .get_or_init(|| async {
                let template = Self::empty().await;
                let database = template.open().await;
                demo_data::fill_if_empty(&database, EVENT_COUNT).await.unwrap();
                if let Self::File(folder) = &template {
                    // A file that nobody has ever had open: what is copied is whole.
                    let whole = folder.path().join("whole.db");
                    let sql = format!("VACUUM INTO '{}'", whole.display());
                    query(&sql).execute(&database.readers).await.unwrap();
                }
                // PostgreSQL copies only what nobody is connected to.
                database.close().await;
                template
            })
            .await;
        match (template, postgres_server()) {
            (Self::Named(template), Some(server)) => Self::named(&server, template).await,
            (Self::File(template), _) => {
                let folder = TempDir::new().unwrap();
                std::fs::copy(template.path().join("whole.db"), folder.path().join("test.db")).unwrap();
                Self::File(folder)
            }
            (Self::Named(_), None) => unreachable!("the server cannot go away during the tests"),
            (Self::Shared(_), _) => unreachable!("the template is nobody's but its own"),
        }
    }

    /// One with the demo data that nobody may change.
    pub(crate) async fn shared() -> Self {
        static SHARED: OnceCell<TestDatabase> = OnceCell::const_new();
        Self::Shared(SHARED.get_or_init(Self::copy).await)
    }

    async fn named(server: &str, template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("desk_{}_{number}", std::process::id());
        let mut connection = PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
        // What ended tests have left behind.
        let ended = std::mem::take(&mut *LEFT.lock().unwrap());
        for left in ended {
            connection.execute(format!("DROP DATABASE {left} WITH (FORCE)").as_str()).await.unwrap();
        }
        let create = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG");
        connection.execute(create.as_str()).await.unwrap();
        connection.close().await.unwrap();
        Self::Named(name)
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::File(folder) => folder.path().join("test.db").to_str().unwrap().to_owned(),
            Self::Named(name) => format!("{}/{name}", postgres_server().unwrap()),
            Self::Shared(one) => one.url(),
        }
    }

    pub(crate) async fn open(&self) -> Database {
        command_line::open(&self.url()).await.unwrap()
    }
}

/// Databases whose tests have ended. They cannot be dropped where that is noticed, for there is no
/// waiting in `drop`.
static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Self::Named(name) = self {
            LEFT.lock().unwrap().push(name.clone());
        }
    }
}
