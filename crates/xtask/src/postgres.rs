//! A PostgreSQL server for tests: found, or on a bare Debian installed, started on a free port over
//! an empty folder, and ended with everything else. It keeps nothing safe: its data are thrown away.

use crate::processes::Processes;
use crate::workspace::Workspace;
use crate::{Outcome, debian, http_probe};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const PROGRAMS: [&str; 5] = ["initdb", "postgres", "pg_isready", "createdb", "psql"];

/// How long the server may take until it answers.
const LONGEST_START: Duration = Duration::from_secs(60);

/// The role that owns the test server.
const ROLE: &str = "desk";

pub(crate) struct TestServer {
    /// The address of its first database.
    pub(crate) url: String,
    /// The program that makes another one.
    pub(crate) createdb: PathBuf,
    /// The one that asks it by SQL.
    pub(crate) psql: PathBuf,
    folder: PathBuf,
}

impl TestServer {
    /// Ends what runs in the background and takes the data away.
    pub(crate) fn end(self, processes: &mut Processes) {
        processes.end_background();
        // What cannot be taken away is in nobody's way.
        let _ = fs::remove_dir_all(self.folder);
    }
}

/// Starts a server; none where PostgreSQL is neither here nor can be installed.
pub(crate) fn start(workspace: &Workspace, processes: &mut Processes) -> Outcome<Option<TestServer>> {
    let Some(programs) = find_or_install(workspace, processes)? else { return Ok(None) };
    let account = Account::to_run_as(workspace)?;
    let folder = account.data_folder(workspace)?;
    let mut initdb = account.command(&programs.join("initdb"));
    initdb.args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username", ROLE]);
    initdb.arg("--pgdata").arg(&folder).stdout(std::process::Stdio::null());
    processes.run_well(&mut initdb)?;
    let port = http_probe::free_port()?;
    let mut server = account.command(&programs.join("postgres"));
    server.arg("-D").arg(&folder).args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        // Each test has a small database of its own for a moment: nothing to tidy up or to compile for.
        "autovacuum=off",
        "jit=off",
        "max_connections=300",
        "log_min_messages=panic",
    ] {
        server.args(["-c", setting]);
    }
    processes.start(&mut server)?;
    let is_ready = programs.join("pg_isready");
    let began = Instant::now();
    let mut answers = false;
    processes.wait_until(|| {
        let mut asked = Command::new(&is_ready);
        asked.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
        answers = asked.status().is_ok_and(|status| status.success());
        answers || began.elapsed() > LONGEST_START
    })?;
    if !answers {
        return Err(format!("PostgreSQL does not answer on port {port}"));
    }
    Ok(Some(TestServer {
        url: format!("postgres://{ROLE}@127.0.0.1:{port}/postgres"),
        createdb: programs.join("createdb"),
        psql: programs.join("psql"),
        folder,
    }))
}

/// The folder of PostgreSQL's programs.
fn find_or_install(workspace: &Workspace, processes: &mut Processes) -> Outcome<Option<PathBuf>> {
    if let Some(programs) = find(workspace) {
        return Ok(Some(programs));
    }
    if debian::can_install(workspace) {
        debian::install(workspace, processes, &["postgresql"], "1 to 2 minutes, once")?;
    }
    Ok(find(workspace))
}

fn find(workspace: &Workspace) -> Option<PathBuf> {
    let has_all = |folder: &PathBuf| PROGRAMS.iter().all(|program| folder.join(program).is_file());
    let told = workspace.output_of("pg_config", &["--bindir"]).map(PathBuf::from);
    let on_path = workspace.which("postgres").and_then(|path| path.parent().map(Path::to_owned));
    // Debian keeps each version in a folder of its own; the newest is as good as any.
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    on_path.into_iter().chain(told).chain(debian.into_iter().rev()).find(has_all)
}

/// Who runs the server. PostgreSQL refuses to be run by root, so root hands it to another account.
struct Account {
    /// Of the user and the group; none where this program's own account will do.
    other: Option<(u32, u32)>,
}

impl Account {
    fn to_run_as(workspace: &Workspace) -> Outcome<Self> {
        if !debian::is_root(workspace) {
            return Ok(Self { other: None });
        }
        let number = |option: &str, name: &str| workspace.output_of("id", &[option, name])?.parse().ok();
        let found = ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Some((number("-u", name)?, number("-g", name)?)));
        let other = found.ok_or("there is neither an account postgres nor nobody to run PostgreSQL")?;
        Ok(Self { other: Some(other) })
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        #[cfg(unix)]
        if let Some((user, group)) = self.other {
            use std::os::unix::process::CommandExt as _;
            command.uid(user).gid(group);
        }
        // The account may not be allowed where this program runs.
        command.current_dir("/");
        command
    }

    /// An empty folder that the account can write to: beside what cargo builds, or, where the account
    /// cannot get there, among the system's temporary files.
    fn data_folder(&self, workspace: &Workspace) -> Outcome<PathBuf> {
        let mut refused = String::new();
        for parent in [workspace.target_dir(), std::env::temp_dir()] {
            let folder = parent.join(format!("postgres-for-tests-{}", std::process::id()));
            match self.make(&folder) {
                Ok(()) => return Ok(folder),
                Err(reason) => refused = format!("{}: {reason}", folder.display()),
            }
        }
        Err(format!("there is no place for PostgreSQL's data: {refused}"))
    }

    fn make(&self, folder: &Path) -> Result<(), String> {
        let told = |reason: std::io::Error| reason.to_string();
        fs::create_dir_all(folder).map_err(told)?;
        #[cfg(unix)]
        if let Some((user, group)) = self.other {
            std::os::unix::fs::chown(folder, Some(user), Some(group)).map_err(told)?;
        }
        let status = self.command(Path::new("test")).arg("-w").arg(folder).status().map_err(told)?;
        if status.success() { Ok(()) } else { Err("the account that runs it may not write there".to_owned()) }
    }
}
