//! A real server in a process of its own, and plain HTTP to it: for what only a process can show, being
//! killed and having others beside it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;

use crate::test_database::TestDatabase;

pub(crate) const ACTION: (&str, &str) = ("content-type", "application/vnd.oracle.adf.action+json");

pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts one over the database, which is filled where it is empty, and waits until it listens.
    pub(crate) fn start(database: &TestDatabase) -> Self {
        let arguments = ["--listen", "127.0.0.1:0", "--events", "400", "--database", &database.url()];
        let mut process = Command::new(env!("CARGO_BIN_EXE_demo-server"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("demo-server: listening on http://").map(str::to_owned);
        let address = address.unwrap_or_else(|| {
            let mut said = String::new();
            let _ = process.stderr.take().unwrap().read_to_string(&mut said);
            panic!("the server did not start: {said}");
        });
        // Nobody reads on: what a server in trouble writes must not stop it.
        std::thread::spawn({
            let mut errors = process.stderr.take().unwrap();
            move || std::io::copy(&mut errors, &mut std::io::sink())
        });
        Self { process, address }
    }

    /// Status, ETag and body of one exchange; nothing where the connection breaks.
    pub(crate) fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<(u16, String, Json)> {
        exchange(&self.address, method, path, headers, body)
    }

    /// The bearer token of a demo user.
    pub(crate) fn token(&self, user: &str) -> String {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!("grant_type=password&username={user}&password={user}");
        let (_, _, answer) = self.exchange("POST", "/oauth/token", &form, &body).unwrap();
        format!("Bearer {}", answer["access_token"].as_str().unwrap())
    }
}

/// Killed, so that it cannot put anything in order first.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The same with whatever listens at an address by now.
pub(crate) fn exchange(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<(u16, String, Json)> {
    let mut text = format!(
        "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nREST-Framework-Version: 4\r\nContent-Length: {}\r\n",
        body.len()
    );
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        text.push_str("content-type: application/json\r\n");
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut connection = TcpStream::connect(address).ok()?;
    connection.write_all(format!("{text}\r\n{body}").as_bytes()).ok()?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let line = |name: &str| head.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
    // An answer that was cut off is none.
    let length: usize = line("content-length: ").and_then(|length| length.parse().ok()).unwrap_or(0);
    (body.len() >= length).then_some(())?;
    Some((status, line("etag: ").unwrap_or_default(), serde_json::from_str(body).unwrap_or(Json::Null)))
}
