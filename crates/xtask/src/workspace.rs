//! Where things are in this repository, and commands that see the project's own tools first.

use crate::Outcome;
use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    search_path: OsString,
}

impl Workspace {
    /// The workspace that cargo runs this program from.
    pub(crate) fn find() -> Outcome<Self> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR");
        let here = here.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.ancestors().nth(2).ok_or("crates/xtask has no workspace above it")?;
        let mut folders = vec![root.join(".tools").join("bin")];
        folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let search_path =
            std::env::join_paths(folders).map_err(|reason| format!("PATH cannot be read: {reason}"))?;
        Ok(Self { root: root.to_owned(), search_path })
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub(crate) fn read(&self, relative: &str) -> Outcome<String> {
        let path = self.path(relative);
        std::fs::read_to_string(path).map_err(|reason| format!("cannot read {relative}: {reason}"))
    }

    /// A program started in the root, with `.tools/bin` before everything else on the PATH.
    pub(crate) fn command(&self, program: &str) -> Command {
        let program = self.which(program).unwrap_or_else(|| PathBuf::from(program));
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.search_path);
        command
    }

    pub(crate) fn cargo(&self, words: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(words);
        command
    }

    /// Where a program is, the project's own tools first.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        let suffix = std::env::consts::EXE_SUFFIX;
        std::env::split_paths(&self.search_path)
            .map(|folder| folder.join(format!("{program}{suffix}")))
            .find(|path| path.is_file())
    }

    /// What a program prints, if it is there and ends well.
    pub(crate) fn output_of(&self, program: &str, words: &[&str]) -> Option<String> {
        let output = self.command(program).args(words).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Waits until no other step of the project's commands does the same work, until it is dropped.
    pub(crate) fn lock(&self, work: &str) -> Outcome<File> {
        let path = self.path(".tools").join(format!("{work}.lock"));
        std::fs::create_dir_all(self.path(".tools"))
            .and_then(|()| File::create(&path))
            .and_then(|file| file.lock().map(|()| file))
            .map_err(|reason| format!("cannot lock {}: {reason}", path.display()))
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target_dir(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.path("target"),
        }
    }
}
