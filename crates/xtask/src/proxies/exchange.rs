//! One request to a server on this machine, and all that comes back.

use crate::Outcome;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Answer {
    pub(super) status: u16,
    /// By names in small letters.
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Every value that a header has.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let name = name.to_ascii_lowercase();
        self.headers.iter().filter(|(known, _)| *known == name).map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn one(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }
}

pub(super) fn send(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Outcome<Answer> {
    send_by(&mut connect(port)?, port, method, path, headers, body)
}

/// The same on a connection that has brought an answer before, as a browser does it: on another one where the server has
/// said that it closes the first.
pub(super) fn send_after_another(port: u16, method: &str, path: &str, body: &str) -> Outcome<Answer> {
    let told = |reason: std::io::Error| format!("HEAD / on port {port}: {reason}");
    let mut stream = connect(port)?;
    let first = format!("HEAD / HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\n\r\n", here(port));
    stream.write_all(first.as_bytes()).map_err(told)?;
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).map_err(told)?;
        bytes.extend(byte);
    }
    let first = read(&bytes).ok_or(format!("HEAD / on port {port}: no answer of HTTP"))?;
    if first.one("connection").eq_ignore_ascii_case("close") {
        stream = connect(port)?;
    }
    send_by(&mut stream, port, method, path, &[], body)
}

fn here(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn connect(port: u16) -> Outcome<TcpStream> {
    let told = |reason: std::io::Error| format!("port {port}: {reason}");
    let stream = TcpStream::connect_timeout(&here(port), PATIENCE).map_err(told)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(told)?;
    Ok(stream)
}

fn send_by(
    stream: &mut TcpStream,
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Outcome<Answer> {
    let told = |reason: std::io::Error| format!("{method} {path} on port {port}: {reason}");
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", here(port));
    if !body.is_empty() || method != "GET" {
        text += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{text}\r\n{body}").as_bytes()).map_err(told)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(told)?;
    read(&bytes).ok_or(format!("{method} {path} on port {port}: no answer of HTTP"))
}

fn read(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let parted = lines.filter_map(|line| line.split_once(':'));
    let headers = parted.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Some(Answer { status, headers, body: bytes.get(end + 4..)?.to_vec() })
}
