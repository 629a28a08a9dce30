//! A container without a program for containers: the image's root as the whole file system, read only but for the volume;
//! the image's account, without any capability; the image's own words.

use crate::dist::told;
use crate::processes::Processes;
use crate::workspace::Workspace;
use crate::{Outcome, http_probe};
use serde_json::Value as Json;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// Whether this account may mount, as a container needs it.
pub(super) fn may_be_run(workspace: &Workspace) -> bool {
    const PROBE: &str = "mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp";
    workspace.output_of("unshare", &["--mount", "sh", "-c", PROBE]).is_some()
}

/// As long as the image gives the server itself.
const LONGEST_START: Duration = Duration::from_secs(120);

/// Of the root, the volume's folder, its place in the root, the user, the group, and the words to run.
const START: &str = r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && mount --bind "$2" "$1$3" || exit 1
root=$1 user=$4 group=$5
shift 5
exec unshare --root "$root" --setuid "$user" --setgid "$group" "$@""#;

pub(super) struct Container {
    root: PathBuf,
    /// Where what is written to the volume lies on this machine.
    volume: PathBuf,
    volume_name: String,
    user: String,
    group: String,
    /// Entry point and usual words.
    words: Vec<String>,
    health: Vec<String>,
    variables: Vec<(String, String)>,
    port: String,
}

impl Container {
    /// By what the image says of itself.
    pub(super) fn read(root: PathBuf, volume: PathBuf, config: &Json) -> Outcome<Self> {
        let texts = |value: &Json| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
        };
        let only = |name: &str| {
            let mut keys = config[name].as_object().into_iter().flat_map(|all| all.keys());
            match (keys.next(), keys.next()) {
                (Some(one), None) => Ok(one.clone()),
                _ => Err(format!("the image's {name} are {}", config[name])),
            }
        };
        let account = config["User"].as_str().and_then(|user| user.split_once(':'));
        let (user, group) = account.ok_or(format!("the image's User is {}", config["User"]))?;
        let variables = texts(&config["Env"]);
        let variables = variables.iter().filter_map(|variable| variable.split_once('='));
        let health = texts(&config["Healthcheck"]["Test"]);
        if health.first().is_none_or(|kind| kind != "CMD") {
            return Err(format!("the image's health check is {}", config["Healthcheck"]));
        }
        let words = [texts(&config["Entrypoint"]), texts(&config["Cmd"])].concat();
        Ok(Self {
            root,
            volume,
            volume_name: only("Volumes")?,
            user: user.to_owned(),
            group: group.to_owned(),
            words: words
                .into_iter()
                .chain(["--events", "200", "--instances", "40"].map(str::to_owned))
                .collect(),
            health: health.into_iter().skip(1).collect(),
            variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            port: only("ExposedPorts")?.trim_end_matches("/tcp").to_owned(),
        })
    }

    /// Runs it twice over one volume.
    pub(super) fn try_out(&self, workspace: &Workspace, processes: &mut Processes) -> Outcome {
        // A new volume is the image's folder with its owner.
        let mut volume = workspace.command("cp");
        volume
            .arg("--archive")
            .arg(self.root.join(self.volume_name.trim_start_matches('/')))
            .arg(&self.volume);
        processes.run_well(&mut volume)?;
        for _ in 0..2 {
            let port = http_probe::free_port()?;
            let number = processes.start_known(&mut self.starting(workspace, port))?;
            let began = Instant::now();
            let mut said = self.health(workspace, port)?;
            processes.wait_until(|| {
                said = self.health(workspace, port).unwrap_or(said.clone());
                said.status.success() || began.elapsed() > LONGEST_START
            })?;
            if !said.status.success() {
                return Err(format!("the container's health check says {said:?}"));
            }
            for path in ["/healthz", "/", "/parts.json"] {
                if !http_probe::answers(port, path) {
                    return Err(format!("the container does not answer {path}"));
                }
            }
            must_be_locked_up(number)?;
            processes.end_well(number)?;
            let gone = self.health(workspace, port)?;
            if gone.status.success() || gone.stderr.is_empty() {
                return Err(format!("of a server that has ended the health check says {gone:?}"));
            }
        }
        let written = told(&self.volume, fs::read_dir(&self.volume))?.count();
        if written != 1 {
            return Err(format!("the volume holds {written} files after the server has ended"));
        }
        println!(
            "the image runs with a read-only root, without capabilities, and keeps its data in {}",
            self.volume_name
        );
        Ok(())
    }

    /// On a port of this machine, which a container shares here.
    fn at(&self, words: &[String], port: u16) -> Vec<String> {
        let on = |host: &str, port: &str| format!("{host}:{port}");
        let (all, own, here) =
            (on("0.0.0.0", &self.port), on("127.0.0.1", &self.port), on("127.0.0.1", &port.to_string()));
        words.iter().map(|word| word.replace(&all, &here).replace(&own, &here)).collect()
    }

    fn starting(&self, workspace: &Workspace, port: u16) -> Command {
        let mut command = workspace.command("unshare");
        command.args(["--mount", "setpriv", "--no-new-privs", "--clear-groups", "sh", "-c", START, "sh"]);
        command.args([&self.root, &self.volume]).args([&self.volume_name, &self.user, &self.group]);
        command.args(self.at(&self.words, port));
        command.env_clear().envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("RUST_LOG", "error");
        command
    }

    fn health(&self, workspace: &Workspace, port: u16) -> Outcome<Output> {
        let mut command = workspace.command("chroot");
        command.arg(format!("--userspec={}:{}", self.user, self.group)).arg(&self.root);
        command.args(self.at(&self.health, port)).env_clear();
        command.output().map_err(|reason| format!("chroot cannot be started: {reason}"))
    }
}

/// By what the system says of the process.
fn must_be_locked_up(process: u32) -> Outcome {
    let read = |name: &str| {
        let path = PathBuf::from(format!("/proc/{process}/{name}"));
        told(&path, fs::read_to_string(&path))
    };
    let (status, mounts) = (read("status")?, read("mountinfo")?);
    let of = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
    let is_root = of("Uid:").split_whitespace().any(|user| user == "0");
    let capabilities = [of("CapInh:"), of("CapPrm:"), of("CapEff:"), of("CapAmb:")];
    let has_any = capabilities.iter().any(|held| held.is_empty() || held.chars().any(|digit| digit != '0'));
    let mut roots = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let root = roots.find(|words| words.get(4) == Some(&"/"));
    let is_read_only = root.and_then(|words| words.get(5).copied()).is_some_and(|how| how.starts_with("ro"));
    if is_root || has_any || of("NoNewPrivs:") != "1" || !is_read_only {
        return Err(format!("the container may do more than it should: {status}{mounts}"));
    }
    Ok(())
}
