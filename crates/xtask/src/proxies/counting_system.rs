//! A system that counts what reaches it, and answers by the address that it is asked: nothing (`cut`), that it is not
//! at work (`fails`), else a record with its version.

use crate::Outcome;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

pub(super) struct CountingSystem {
    pub(super) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    /// `X-Forwarded-Host` of the last request.
    forwarded_host: Arc<Mutex<String>>,
}

impl CountingSystem {
    /// It goes on until this program ends.
    pub(super) fn start() -> Outcome<Self> {
        let told = |reason: std::io::Error| format!("no port is free: {reason}");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(told)?;
        let port = listener.local_addr().map_err(told)?.port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let forwarded_host = Arc::new(Mutex::new(String::new()));
        let (noted, noted_host) = (Arc::clone(&asked), Arc::clone(&forwarded_host));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Whoever goes away in the middle has asked nothing.
                let _ = answer(&stream, &noted, &noted_host);
            }
        });
        Ok(Self { port, asked, forwarded_host })
    }

    /// What was asked since this was last called, as `METHOD path`.
    pub(super) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where the page is, as the web server last told it.
    pub(super) fn forwarded_host(&self) -> String {
        self.forwarded_host.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(
    mut stream: &TcpStream,
    asked: &Mutex<Vec<String>>,
    forwarded_host: &Mutex<String>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    let mut host = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "x-forwarded-host" => value.trim().clone_into(&mut host),
            _ => {}
        }
    }
    *forwarded_host.lock().unwrap_or_else(PoisonError::into_inner) = host;
    reader.take(length).read_to_end(&mut Vec::new())?;
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{method} {path}"));
    if path.contains("cut") {
        return Ok(());
    }
    let (status, body) = if path.contains("fails") {
        ("503 Service Unavailable", "{\"title\": \"Not at work\"}".to_owned())
    } else {
        // Long enough to be worth packing.
        ("200 OK", format!("{{\"name\": \"{}\"}}", "a".repeat(4000)))
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nETag: \"5\"\r\nCache-Control: private\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: origin\r\nStrict-Transport-Security: max-age=5\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}
