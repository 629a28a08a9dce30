//! The command line of the demo server: `demo-server` serves.

use std::process::ExitCode;

use clap::Parser as _;
use demo_server::command_line::CommandLine;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,demo_server=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match CommandLine::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("demo-server: {reason}");
            ExitCode::FAILURE
        }
    }
}
