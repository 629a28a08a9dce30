//! The command line of the demo server: `demo-server` serves.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;
use demo_server::command_line::CommandLine;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

#[tokio::main]
async fn main() -> ExitCode {
    let wanted = std::env::var("RUST_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    let usual =
        || Targets::new().with_default(LevelFilter::WARN).with_target("demo_server", LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    tracing_subscriber::registry().with(lines).with(wanted.unwrap_or_else(usual)).init();
    match CommandLine::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("demo-server: {reason}");
            ExitCode::FAILURE
        }
    }
}
