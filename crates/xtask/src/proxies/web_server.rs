//! nginx, Caddy and Apache as ordinary programs: each over a folder of its own, with a snippet of the package and no more
//! around it than it cannot do without.

use crate::processes::Processes;
use crate::workspace::Workspace;
use crate::{Outcome, debian};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WebServer {
    Nginx,
    Caddy,
    Apache,
}

/// Where Debian keeps Apache's modules.
const APACHE_MODULES: &str = "/usr/lib/apache2/modules";

/// Those that the snippet names, and those that Apache does not begin without.
const MODULES: &str = "mpm_event authz_core headers rewrite mime dir deflate filter proxy proxy_http proxy_balancer \
                       lbmethod_byrequests slotmem_shm";

impl WebServer {
    pub(super) const ALL: [Self; 3] = [Self::Nginx, Self::Caddy, Self::Apache];

    fn program(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Apache => "apache2",
        }
    }

    /// What Debian calls it; of Apache the program without the service.
    fn package(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Apache => "apache2-bin",
        }
    }

    pub(super) fn place(self, workspace: &Workspace) -> Option<PathBuf> {
        let usual = Path::new("/usr/sbin").join(self.program());
        workspace.which(self.program()).or_else(|| Some(usual).filter(|path| path.is_file()))
    }

    /// Where it writes down what it was asked, in the folder that it is started over.
    pub(super) fn log(self) -> &'static str {
        match self {
            Self::Nginx | Self::Caddy => "access.log",
            Self::Apache => "usage-desk.log",
        }
    }

    /// Starts it over a folder that is there.
    pub(super) fn start(
        self,
        workspace: &Workspace,
        processes: &mut Processes,
        folder: &Path,
        snippet: &str,
    ) -> Outcome {
        let program = self.place(workspace).ok_or(format!("{} is not there", self.program()))?;
        let told = |reason: std::io::Error| format!("{}: {reason}", folder.display());
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).map_err(told).map(|()| path.to_string_lossy().into_owned())
        };
        let home = folder.to_string_lossy();
        let is_root = debian::is_root(workspace);
        let mut command = Command::new(program);
        command.current_dir("/");
        match self {
            Self::Nginx => {
                let main = write("main.conf", &nginx_around(workspace, &home, snippet))?;
                command.args(["-c", &main, "-e", &format!("{home}/error.log")]);
            }
            Self::Caddy => {
                // As a person adds it who wants a log.
                let log = format!("\tlog {{\n\t\toutput file {home}/access.log\n\t}}\n\troot * ");
                let named = write("Caddyfile", &snippet.replace("\troot * ", &log))?;
                let main = write(
                    "main",
                    &format!("{{\n\tadmin off\n\tlog {{\n\t\tlevel ERROR\n\t}}\n}}\nimport {named}\n"),
                )?;
                command.args(["run", "--adapter", "caddyfile", "--config", &main]);
                command.env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
            }
            Self::Apache => {
                let named = write("usage-desk.conf", snippet)?;
                let main = write("main.conf", &apache_main(&home, &named, is_root))?;
                command.args(["-f", &main, "-D", "FOREGROUND"]).env("APACHE_LOG_DIR", folder);
            }
        }
        processes.start(&mut command)
    }
}

/// Those that are here by now: what is missing is installed where that may be.
pub(super) fn find_or_install(workspace: &Workspace, processes: &mut Processes) -> Outcome<Vec<WebServer>> {
    let missing = |server: &WebServer| server.place(workspace).is_none();
    let packages: Vec<&str> = WebServer::ALL.into_iter().filter(missing).map(WebServer::package).collect();
    if !packages.is_empty() && debian::can_install(workspace) {
        debian::install(workspace, processes, &packages, "a minute, once")?;
    }
    Ok(WebServer::ALL.into_iter().filter(|server| !missing(server)).collect())
}

/// A whole configuration of nginx, over a folder, with a snippet in it.
pub(super) fn nginx_around(workspace: &Workspace, home: &str, snippet: &str) -> String {
    // Its workers are to read what this program may read.
    let user = if debian::is_root(workspace) { "user root;\n" } else { "" };
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary: String =
        temporary.iter().map(|kind| format!("    {kind}_temp_path {home}/{kind};\n")).collect();
    format!(
        "daemon off;\n{user}pid {home}/pid;\nworker_processes 1;\nevents {{\n    worker_connections 512;\n}}\nhttp {{\n    \
         include /etc/nginx/mime.types;\n    access_log {home}/access.log;\n{temporary}{snippet}}}\n"
    )
}

fn apache_main(home: &str, snippet: &str, is_root: bool) -> String {
    // It refuses to serve as root.
    let user = if is_root { "User nobody\nGroup nogroup\n" } else { "" };
    let modules: String = MODULES
        .split_whitespace()
        .map(|name| format!("LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n"))
        .collect();
    format!(
        "ServerRoot \"{home}\"\nServerName 127.0.0.1\nPidFile {home}/pid\nDefaultRuntimeDir {home}\nMutex file:{home}\n\
         ErrorLog {home}/error.log\nLogLevel error\n{modules}\
         LogFormat \"%h %t \\\"%r\\\" %>s\" combined\n{user}TypesConfig /dev/null\nInclude {snippet}\n"
    )
}
