//! `demo-server healthy`: asks a running server whether its database answers, where there is no other program to ask
//! with (`crates/demo-server/Containerfile`).

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Failure;

const LONGEST: Duration = Duration::from_secs(4);

pub(super) async fn ask(address: SocketAddr) -> Result<(), Failure> {
    let status = tokio::time::timeout(LONGEST, status(address)).await;
    let status =
        status.map_err(|_| format!("nothing answers at {address} within {} seconds", LONGEST.as_secs()))?;
    let status = status.map_err(|reason| format!("nothing answers at {address}: {reason}"))?;
    if status == "200" {
        println!("demo-server: it is well");
        return Ok(());
    }
    Err(format!("what answers at {address} is not well (status {status})").into())
}

async fn status(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Ok(answer.split(' ').nth(1).unwrap_or("none").to_owned())
}
