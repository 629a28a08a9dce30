//! What every request can reach.

use crate::app_files::AppFiles;
use crate::database::Database;
use crate::faults::FaultSwitches;
use crate::policy::Policy;
use crate::rating;
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct Service {
    pub database: Database,
    /// How long an access token is good for.
    pub token_seconds: i64,
    /// The built console, where it is served from here.
    pub app_files: Option<AppFiles>,
    /// The `connections.json` that the console reads, where it is not the demo's own.
    pub connections_file: Option<PathBuf>,
    /// Fault switches, where tests may set them.
    pub faults: Option<FaultSwitches>,
    pub policy: Policy,
    /// Wakes the rating job when something was submitted.
    pub rating: rating::Bell,
}
