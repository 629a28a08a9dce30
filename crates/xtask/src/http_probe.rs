//! Asks a server on this machine one thing: does it answer yet?

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::Outcome;

const PATIENCE: Duration = Duration::from_secs(2);

/// Whether `GET path` on this port is answered with 200.
pub(crate) fn answers(port: u16, path: &str) -> bool {
    status_line(port, path).is_some_and(|line| line.split(' ').nth(1) == Some("200"))
}

fn status_line(port: u16, path: &str) -> Option<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut start = [0; 64];
    let length = stream.read(&mut start).ok()?;
    let text = String::from_utf8_lossy(start.get(..length)?).into_owned();
    text.lines().next().map(str::to_owned)
}

/// What a server answers with 200 to a form.
pub(crate) fn post_form(port: u16, path: &str, form: &str) -> Option<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        form.len()
    );
    stream.write_all(format!("{head}{form}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    (head.split(' ').nth(1) == Some("200")).then(|| body.to_owned())
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|reason| format!("no port is free: {reason}"))
}

/// Says so, with the way out, if somebody else listens on a port.
pub(crate) fn must_be_free(port: u16, option: &str) -> Outcome {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(reason) => Err(format!(
            "port {port} cannot be used ({reason}); end the program that listens there, or choose another \
             with {option} {}",
            port.wrapping_add(1)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that answers one request with this status line.
    fn one_answer(status: &'static str) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 512];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).unwrap();
        });
        port
    }

    #[test]
    fn only_200_counts_as_an_answer() {
        assert!(answers(one_answer("200 OK"), "/healthz"));
        assert!(!answers(one_answer("503 Service Unavailable"), "/healthz"));
    }

    #[test]
    fn a_taken_port_is_named_with_the_way_out() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let told = must_be_free(port, "--port").unwrap_err();
        assert!(told.contains(&format!("port {port} ")) && told.contains("--port"), "{told}");
        drop(taken);
        assert_eq!(must_be_free(port, "--port"), Ok(()));
        assert!(!answers(port, "/"));
    }
}
