//! The package as a person makes it and puts it in place: by the whole command, and by README's lines on the web server's
//! machine.

use super::web_server::WebServer;
use crate::Outcome;
use crate::dist::{files_in, told, write};
use crate::processes::Processes;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Unpacks a file that stands packed beside another one and holds both against each other.
const TWINS: &str = "crates/xtask/src/proxies/packed_twins.mjs";

pub(super) struct Unpacked {
    /// Sixteen digits, which stand in the name of the folder that is kept for good.
    pub(super) build: String,
    /// As the command tells it.
    pub(super) policy: String,
    /// The site's folder, as the web server is told it.
    pub(super) root: PathBuf,
    /// `nginx.conf`, `Caddyfile`, `apache.conf` and `site`, as they were in the archive.
    folder: PathBuf,
}

impl Unpacked {
    /// Makes a package of the app in `dist` for a page on this machine, and puts its site in `root`, in a `folder` that is
    /// made where it is not there.
    pub(super) fn make(
        workspace: &Workspace,
        processes: &mut Processes,
        folder: &Path,
        connections: &str,
        port: u16,
        backends: &[(&str, String)],
    ) -> Outcome<Self> {
        let root = folder.join("site");
        told(&root, fs::create_dir_all(&root))?;
        let file = folder.join("connections.json");
        write(&file, connections)?;
        let here =
            std::env::current_exe().map_err(|reason| format!("this program is not found: {reason}"))?;
        let mut package = workspace.command(&here.to_string_lossy());
        package.args(["package", "--built", "--connections"]).arg(&file).arg("--root").arg(&root);
        package.args(["--address", &format!("http://127.0.0.1:{port}")]);
        package.args(
            backends
                .iter()
                .flat_map(|(name, addresses)| ["--backend".to_owned(), format!("{name}={addresses}")]),
        );
        let said =
            package.output().map_err(|reason| format!("cargo xtask package cannot be started: {reason}"))?;
        let words = String::from_utf8_lossy(&said.stdout).into_owned();
        if !said.status.success() {
            return Err(format!("cargo xtask package: {}", String::from_utf8_lossy(&said.stderr)));
        }
        let line = |begin: &str| words.lines().find_map(|line| line.strip_prefix(begin).map(str::to_owned));
        let archive = words.lines().find_map(|line| line.split_once(".tar.gz holds ")).map(|(path, _)| path);
        let archive = archive.ok_or(format!("cargo xtask package names no archive: {words}"))?;
        let name = Path::new(archive).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let build =
            name.strip_prefix("usage-desk-").ok_or(format!("the archive is called {name}"))?.to_owned();
        let policy = line("Content-Security-Policy: ").ok_or(format!("no policy is told: {words}"))?;
        // As README has it.
        let mut unpack = |words: &[&str]| {
            let mut tar = Command::new("tar");
            tar.arg("-xzf").arg(format!("{archive}.tar.gz")).args(words).current_dir(folder);
            processes.run_well(&mut tar)
        };
        unpack(&[])?;
        unpack(&["-C", &root.to_string_lossy(), "--strip-components", "2", "--wildcards", "*/site"])?;
        let unpacked = Self { build, policy, root, folder: folder.join(&name) };
        unpacked.holds_what_it_promises(workspace)?;
        Ok(unpacked)
    }

    /// What a web server is to be told.
    pub(super) fn snippet(&self, server: WebServer) -> Outcome<String> {
        let path = self.folder.join(match server {
            WebServer::Nginx => "nginx.conf",
            WebServer::Caddy => "Caddyfile",
            WebServer::Apache => "apache.conf",
        });
        told(&path, fs::read_to_string(&path))
    }

    fn holds_what_it_promises(&self, workspace: &Workspace) -> Outcome {
        let mut due = files_in(&workspace.path("dist"))?;
        due.push("connections.json".to_owned());
        due.sort();
        let site = files_in(&self.root)?;
        if site != due {
            return Err(format!("the archive's site holds {site:?}, not {due:?}"));
        }
        let mut beside = files_in(&self.folder)?;
        beside.retain(|file| !file.starts_with("site/"));
        if beside != ["Caddyfile", "apache.conf", "nginx.conf"] {
            return Err(format!("beside the site the archive holds {beside:?}"));
        }
        let compared = workspace.command("node").arg(workspace.path(TWINS)).arg(&self.root).output();
        let compared = compared.map_err(|reason| format!("Node is needed to unpack files: {reason}"))?;
        if compared.status.success() {
            return Ok(());
        }
        Err(format!("packed files: {}", String::from_utf8_lossy(&compared.stderr)))
    }
}
