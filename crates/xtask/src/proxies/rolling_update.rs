//! A server is replaced by a newer one in README's order, behind nginx and on one PostgreSQL, while people write all the
//! time: no request fails, and nothing is lost or done twice. The older one is this very program on the tables of an
//! earlier version; nothing that is asked of it here needs later ones.

use super::exchange::{Answer, send};
use super::unpacked::Unpacked;
use super::web_server::{self, WebServer};
use crate::dist::{told, write};
use crate::postgres::TestServer;
use crate::processes::Processes;
use crate::workspace::Workspace;
use crate::{Outcome, http_probe};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const CONNECTIONS: &str = r#"{ "oracle": {} }"#;
const EVENTS: &str = "/crmRestApi/resources/11.13.18.05/subscriptionUsageEvents";
const BATCHES: &str = "/crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches";
const EARLIER: &str = "crates/demo-server/tests/version_15.sql";
const EARLIER_VERSION: usize = 15;

/// `editor:editor`, with every request: a token would be noted in tables that the newer version changes.
const EDITOR: &str = "Basic ZWRpdG9yOmVkaXRvcg==";

const WRITERS: usize = 4;
/// How often each writer comes round before the next thing happens: what was under way when the last one happened is over.
const ROUNDS: usize = 3;

pub(super) fn run(
    workspace: &Workspace,
    processes: &mut Processes,
    database: &TestServer,
    demo_server: &Path,
    folder: &Path,
) -> Outcome {
    let Some(nginx) = WebServer::Nginx.place(workspace) else { return Ok(()) };
    let home = folder.join("rolling-update");
    told(&home, fs::create_dir_all(&home))?;
    let database = Tables::make(database)?;
    let start = |processes: &mut Processes, port: u16| {
        let mut server = workspace.command(&demo_server.to_string_lossy());
        server.args(["--events", "400", "--instances", "40", "--listen", &format!("127.0.0.1:{port}")]);
        server.args(["--database", &database.address]).env("RUST_LOG", "error");
        let number = processes.start_known(&mut server)?;
        processes.wait_until(|| http_probe::answers(port, "/healthz"))?;
        Ok::<_, String>(number)
    };
    let (older_port, newer_port, front) =
        (http_probe::free_port()?, http_probe::free_port()?, http_probe::free_port()?);
    let config = home.join("main.conf");
    let lead_to = |processes: &mut Processes, port: u16| {
        let backends = [("oracle", format!("http://127.0.0.1:{port}"))];
        let site = Unpacked::make(workspace, processes, &home, CONNECTIONS, front, &backends)?;
        let snippet = site.snippet(WebServer::Nginx)?;
        write(&config, web_server::nginx_around(workspace, &home.to_string_lossy(), &snippet))
    };
    let told_nginx = || {
        let mut command = Command::new(&nginx);
        command.arg("-c").arg(&config).arg("-e").arg(home.join("error.log"));
        command
    };

    let older = start(processes, older_port)?;
    database.run(&["-f", &workspace.path(EARLIER).to_string_lossy()])?;
    lead_to(processes, older_port)?;
    let front_server = processes.start_known(&mut told_nginx())?;
    processes.wait_until(|| http_probe::answers(front, "/"))?;
    let work = Work::begin(front)?;
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                scope.spawn({
                    let work = &work;
                    move || work.write(number)
                })
            })
            .collect();
        let updated = work.come_round(processes).and_then(|()| {
            // It brings the tables up to date. The older one goes on.
            let newer = start(processes, newer_port)?;
            work.come_round(processes)?;
            lead_to(processes, newer_port)?;
            processes.run_well(told_nginx().args(["-s", "reload"]))?;
            work.come_round(processes)?;
            processes.end_well(older)?;
            work.come_round(processes).map(|()| newer)
        });
        work.is_over.store(true, Ordering::Relaxed);
        let mut batches = 0;
        for writer in writers {
            let written = writer.join().map_err(|_| "a writer's thread failed".to_owned())?;
            // Its reason is the better one.
            let written = written.map_err(|fault| format!("while a server was replaced: {fault}"))?;
            written.stands(&database)?;
            batches += written.batches;
        }
        let newer = updated?;
        let kept = database
            .number("SELECT COUNT(*) FROM usage_event_batches WHERE batch_number LIKE 'ROLLING-%'")?;
        if kept != batches {
            return Err(format!("{kept} batches are there, of {batches} that were made and not deleted"));
        }
        let version = database.number("SELECT MAX(version) FROM _sqlx_migrations")?;
        if version <= EARLIER_VERSION {
            return Err(format!("the newer server left the tables at version {version}"));
        }
        processes.end_well(front_server)?;
        processes.end_well(newer)
    })?;
    println!("a server is replaced by a newer one, and no request fails");
    Ok(())
}

/// A database of its own, and PostgreSQL's program for looking into it.
struct Tables {
    address: String,
    psql: PathBuf,
}

impl Tables {
    fn make(server: &TestServer) -> Outcome<Self> {
        let (address, _) = server.url.rsplit_once('/').ok_or("the database's address has no name")?;
        let psql = server.psql.clone();
        let first = Self { address: server.url.clone(), psql: psql.clone() };
        first.run(&["-c", "CREATE DATABASE rolling_update"])?;
        Ok(Self { address: format!("{address}/rolling_update"), psql })
    }

    fn run(&self, words: &[&str]) -> Outcome<String> {
        let mut asked = Command::new(&self.psql);
        asked.arg(&self.address).args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]).args(words);
        let said = asked.output().map_err(|reason| format!("psql cannot be started: {reason}"))?;
        if said.status.success() {
            Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
        } else {
            Err(format!("psql {}: {}", words.join(" "), String::from_utf8_lossy(&said.stderr)))
        }
    }

    fn number(&self, sql: &str) -> Outcome<usize> {
        let told = self.run(&["-c", sql])?;
        told.parse().map_err(|_| format!("{sql}: {told} is no number"))
    }
}

/// What people do all the time, each with an event of their own.
struct Work {
    front: u16,
    events: Vec<String>,
    rounds: [AtomicUsize; WRITERS],
    is_over: AtomicBool,
}

impl Work {
    fn begin(front: u16) -> Outcome<Self> {
        let mut work =
            Self { front, events: Vec::new(), rounds: Default::default(), is_over: AtomicBool::new(false) };
        let drafts =
            format!("{EVENTS}?limit={WRITERS}&fields=EventNumber&q=EventStatus%20%3D%20%27ORA_DRAFT%27");
        let drafts = read(&work.ask("GET", &drafts, None, "", 200)?.body)?;
        let numbers = drafts["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|event| event["EventNumber"].as_str());
        work.events = numbers.map(str::to_owned).collect();
        if work.events.len() == WRITERS { Ok(work) } else { Err(format!("too few drafts: {drafts}")) }
    }

    fn ask(&self, method: &str, path: &str, based_on: Option<&str>, body: &str, due: u16) -> Outcome<Answer> {
        let mut headers = vec![("Authorization", EDITOR), ("REST-Framework-Version", "4")];
        headers.extend(based_on.map(|tag| ("If-Match", tag)));
        let answer = send(self.front, method, path, &headers, body)?;
        if answer.status == due {
            Ok(answer)
        } else {
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            Err(format!("{method} {path}: {} in place of {due}: {said}", answer.status))
        }
    }

    /// Waits until every writer has come round, and is in the middle of another one.
    fn come_round(&self, processes: &mut Processes) -> Outcome {
        let counted = || self.rounds.each_ref().map(|rounds| rounds.load(Ordering::Relaxed));
        let before = counted();
        processes.wait_until(|| {
            let mut both = counted().into_iter().zip(before);
            // One that met a fault comes round no more, and has said so.
            self.is_over.load(Ordering::Relaxed) || both.all(|(now, before)| now >= before + ROUNDS)
        })
    }

    /// Writes until the work is over, each time on what the last answer said; a fault ends everybody's work.
    fn write(&self, writer: usize) -> Outcome<Written> {
        let mut written = Written::default();
        let done = self.write_on(writer, &mut written);
        if done.is_err() {
            self.is_over.store(true, Ordering::Relaxed);
        }
        done.map(|()| written)
    }

    fn write_on(&self, writer: usize, written: &mut Written) -> Outcome {
        let number = &self.events[writer];
        let event = format!("{EVENTS}/{number}");
        let mut tag = self.ask("GET", &event, None, "", 200)?.one("etag").to_owned();
        written.event = number.clone();
        while !self.is_over.load(Ordering::Relaxed) {
            let round = self.rounds[writer].load(Ordering::Relaxed);
            let value = format!("{writer}-{round}");
            let change = json!({ "ServiceId": value }).to_string();
            let answer = self.ask("PATCH", &event, Some(&tag), &change, 200)?;
            answer.one("etag").clone_into(&mut tag);
            written.values.push(value);
            let batch = format!("ROLLING-{writer}-{round}");
            let made = json!({ "BatchNumber": batch, "UsageType": "ORA_RERATE" }).to_string();
            self.ask("POST", BATCHES, None, &made, 201)?;
            written.batches += 1;
            if round % 2 == 1 {
                self.ask("DELETE", &format!("{BATCHES}/{batch}"), None, "", 204)?;
                written.batches -= 1;
            }
            self.ask("GET", &format!("{EVENTS}?limit=25&expand=all"), None, "", 200)?;
            self.rounds[writer].fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// What a writer was told is done.
#[derive(Default)]
struct Written {
    event: String,
    /// That its event was given, one after the other.
    values: Vec<String>,
    /// How many batches it made and did not delete.
    batches: usize,
}

impl Written {
    /// Whether each change is there once, in its order, and no other one.
    fn stands(&self, database: &Tables) -> Outcome {
        let sql = format!(
            "SELECT value_after FROM change_history WHERE field_name = 'ServiceId' AND record_key = '{}' \
             ORDER BY change_id",
            self.event
        );
        let kept = database.run(&["-c", &sql])?;
        if kept.lines().eq(self.values.iter()) {
            Ok(())
        } else {
            Err(format!("of event {} there is {kept:?}, and {:?} was written", self.event, self.values))
        }
    }
}

fn read(bytes: &[u8]) -> Outcome<Json> {
    serde_json::from_slice(bytes).map_err(|reason| format!("an answer is no JSON: {reason}"))
}
