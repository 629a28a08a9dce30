//! What can be asked of the program, and doing it: open the database, fill it, serve until told to
//! stop.

mod answer_options;
mod health_question;
mod load_report;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

use crate::access_tokens::Audience;
use crate::app_files::AppFiles;
use crate::connection::{self, Bounds};
use crate::database::Database;
use crate::faults::FaultSwitches;
use crate::policy::Policy;
use crate::provider_tokens::TrustedProvider;
use crate::{Service, access_tokens, accounts, demo_data, load_file, rating, router};

use answer_options::AnswerOptions;

/// Serves the usage-billing REST APIs that the console speaks to, from a real database.
#[derive(Debug, Parser)]
#[command(name = "demo-server", version)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,

    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: SocketAddr,

    /// The database: a file path or sqlite:// URL, made where it is absent, or a postgres:// URL.
    #[arg(long, default_value = "sqlite://.demo/usage-desk.db", global = true)]
    database: String,

    /// How many usage events an empty database is filled with.
    #[arg(long, default_value_t = 20_000)]
    events: u64,

    /// How many service instances the usage events of a fresh database tell of; each has about six.
    #[arg(long, default_value_t = demo_data::service_usage::INSTANCES)]
    instances: u64,

    /// The folder with the built console, to be served beside the APIs.
    #[arg(long)]
    dist: Option<PathBuf>,

    /// The connections.json that the console reads; without it, one that names the three APIs served here.
    #[arg(long)]
    connections_file: Option<PathBuf>,

    /// An address that a provider named in that file gives as its own, where it has another origin than the provider: the
    /// page may ask there for tokens. May be repeated.
    #[arg(long, value_parser = with_an_origin)]
    openid_endpoint: Vec<String>,

    /// Lets tests set fault switches under /faults.
    #[arg(long)]
    faults: bool,

    /// How long an access token is good for.
    #[arg(long, default_value_t = 3600)]
    token_seconds: i64,

    /// An identity provider whose access tokens are taken, exactly as it names itself (`iss`); may be repeated.
    #[arg(long, requires = "openid_keys")]
    openid_issuer: Vec<String>,

    /// The file with that provider's public keys (a JSON Web Key Set); one for each issuer, in their order.
    #[arg(long, requires = "openid_issuer")]
    openid_keys: Vec<PathBuf>,

    /// What the providers' access tokens for this service name as their audience.
    #[arg(long, default_value = Audience::Platform.name())]
    openid_audience: String,

    /// An origin whose pages may call the APIs, such as https://desk.example.com; may be repeated.
    #[arg(long)]
    allow_origin: Vec<String>,

    /// Refuses changes by Oracle's API that lack the header X-Requested-By.
    #[arg(long)]
    require_requested_by: bool,

    /// How many requests per hour a user of Cloud Foundry's API has.
    #[arg(long)]
    requests_per_hour: Option<u32>,

    /// How many connections may be open at once; whoever comes then waits.
    #[arg(long, default_value_t = Bounds::default().connections)]
    connections: usize,

    /// Refuses a purge with 409 while another one is at work, instead of letting it wait.
    #[arg(long)]
    refuse_second_purge: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Loads a file of usage into a new batch: a FOCUS cost-and-usage file (1.0 to 1.3), or a CSV file or workbook
    /// whose columns are known by their names.
    Load {
        file: PathBuf,

        /// Where the refused rows go, with the line and the reason; without it, to standard error.
        #[arg(long)]
        refused: Option<PathBuf>,

        #[command(flatten)]
        answers: AnswerOptions,
    },
    /// Checks the database file: its structure, and that no row refers to one that is not there. Plain
    /// `sqlite3` cannot, for the file orders decimals by a collation of this program's.
    Check,
    /// Asks the server at an address whether it is well, and ends with 0 where it is.
    Healthy { address: SocketAddr },
}

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

impl CommandLine {
    pub async fn run(self) -> Result<(), Failure> {
        if let Some(Command::Healthy { address }) = self.command {
            return health_question::ask(address).await;
        }
        let database = open(&self.database).await?;
        match &self.command {
            None | Some(Command::Healthy { .. }) => self.serve(database).await,
            Some(Command::Check) => {
                let faults = database.check().await?;
                database.close().await;
                if faults.is_empty() {
                    println!("demo-server: the database is sound");
                    return Ok(());
                }
                Err(faults.join("\n").into())
            }
            Some(Command::Load { file, refused, answers }) => {
                let report = load_file::load(&database, file, &answers.answers()).await?;
                database.close().await;
                load_report::print(&report, refused.as_deref())
            }
        }
    }

    async fn serve(self, database: Database) -> Result<(), Failure> {
        let providers = self.trusted_providers()?;
        // The port first: filling a large database only to find the port taken would be a pity.
        let listener = TcpListener::bind(self.listen).await.map_err(|reason| self.busy(&reason))?;
        demo_data::service_usage::fill_once(&database, self.instances).await?;
        demo_data::fill_if_empty(&database, self.events).await?;
        if let Some(folder) = self.dist.as_deref().filter(|folder| !folder.join("index.html").is_file()) {
            tracing::warn!(
                "{} holds no index.html yet; it is looked for with every request",
                folder.display()
            );
        }
        let service = Service {
            database: database.clone(),
            token_seconds: self.token_seconds,
            providers,
            app_files: self.dist.map(|folder| AppFiles::new(folder).with_endpoints(self.openid_endpoint)),
            connections_file: self.connections_file,
            faults: self.faults.then(FaultSwitches::default),
            policy: Policy {
                allowed_origins: self.allow_origin,
                requests_per_hour: self.requests_per_hour,
                requires_requested_by: self.require_requested_by,
                refuses_second_purge: self.refuse_second_purge,
                ..Policy::default()
            },
            rating: rating::Bell::default(),
        };
        let rating_job = tokio::spawn(rating::Job::new(database.clone()).run(service.rating.clone()));
        println!("demo-server: listening on http://{}", listener.local_addr()?);
        let bounds = Bounds { connections: self.connections, ..Bounds::default() };
        let serving = connection::serve(listener, router(service), bounds, told_to_stop());
        // A client that never finishes its request does not keep the service from ending.
        let overdue = async {
            told_to_stop().await;
            tokio::time::sleep(LONGEST_FAREWELL).await;
        };
        tokio::select! {
            () = serving => {}
            () = overdue => tracing::warn!("requests were still at work and are cut off"),
        }
        // A step that is cut off never was.
        rating_job.abort();
        let _ = rating_job.await;
        database.close().await;
        println!("demo-server: stopped");
        Ok(())
    }

    fn trusted_providers(&self) -> Result<Vec<TrustedProvider>, Failure> {
        let (issuers, files) = (&self.openid_issuer, &self.openid_keys);
        if issuers.len() != files.len() {
            let (issuers, files) = (issuers.len(), files.len());
            return Err(format!("there are {issuers} of --openid-issuer and {files} of --openid-keys").into());
        }
        let mut providers = Vec::new();
        for (issuer, file) in issuers.iter().zip(files) {
            let place = file.display();
            let keys = std::fs::read(file).map_err(|reason| format!("{place} cannot be read: {reason}"))?;
            let provider = TrustedProvider::new(issuer, &keys, &self.openid_audience);
            providers.push(provider.map_err(|reason| format!("{place}: {reason}"))?);
        }
        Ok(providers)
    }

    fn busy(&self, reason: &std::io::Error) -> String {
        let address = self.listen;
        if reason.kind() == std::io::ErrorKind::AddrInUse {
            format!(
                "{address} is in use; stop the program that listens there, or choose another with \
                 --listen {}:{}",
                address.ip(),
                address.port().saturating_add(1)
            )
        } else {
            format!("cannot listen on {address}: {reason}")
        }
    }
}

/// An address whose origin can stand in a policy.
fn with_an_origin(address: &str) -> Result<String, String> {
    match connections::origin_of(address) {
        Some(_) => Ok(address.to_owned()),
        None => Err("an address such as https://id.example.com/token is due".to_owned()),
    }
}

/// How long requests may take to end once the service was told to stop.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// Opens a database and adds what every one needs: set-up lists, accounts, the signing key.
pub async fn open(url: &str) -> Result<Database, Failure> {
    let database = Database::open(url).await?;
    demo_data::add_setup(&database).await?;
    accounts::add_demo_accounts(&database).await?;
    access_tokens::add_signing_key(&database).await?;
    Ok(database)
}

/// Ends on SIGINT (Ctrl+C) or SIGTERM.
async fn told_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
