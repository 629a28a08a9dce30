//! Journeys through nginx, before two demo servers on one PostgreSQL.

use super::web_server::WebServer;
use crate::Outcome;
use crate::processes::Processes;
use crate::workspace::Workspace;
use std::path::Path;

pub(super) fn run(
    _workspace: &Workspace,
    _processes: &mut Processes,
    _servers: &[WebServer],
    _demo_server: &Path,
    _folder: &Path,
) -> Outcome {
    Ok(())
}
