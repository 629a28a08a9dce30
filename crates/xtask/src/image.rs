//! The image of the demo server, built by its own Containerfile from what is built already, and run as a container runs it.
//! No registry is asked: buildah takes the finished build in place of the stage that makes it, and a base of this machine's
//! own packages under the name of Debian's image.

mod container;

use crate::dist::{files_in, remove, told};
use crate::processes::Processes;
use crate::test_run::demo_server;
use crate::workspace::Workspace;
use crate::{Outcome, debian};
use container::Container;
use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};

const CONTAINERFILE: &str = "crates/demo-server/Containerfile";

/// All of Debian that the program may need: both are in every image of it.
const OF_DEBIAN: [&str; 2] = ["libc6", "libgcc-s1"];

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    if let Some(reason) = what_is_missing(workspace, processes)? {
        println!("SKIPPED: {reason}");
        return Ok(());
    }
    if !workspace.path("dist/parts.json").is_file() {
        return Err("there is no dist in parts to put into an image; run `cargo xtask dist` first".to_owned());
    }
    let program = demo_server(workspace, processes)?;
    let folder = workspace.target_dir().join(format!("image-{}", std::process::id()));
    let builder = Builder { workspace, folder: folder.clone() };
    let done = builder.build(&program).and_then(|container| container.try_out(workspace, processes));
    processes.end_background();
    // What cannot be taken away is in nobody's way.
    let _ = fs::remove_dir_all(&folder);
    done
}

fn what_is_missing(workspace: &Workspace, processes: &mut Processes) -> Outcome<Option<&'static str>> {
    if !container::may_be_run(workspace) {
        return Ok(Some("this account may mount nothing, and so run no container"));
    }
    if workspace.output_of("dpkg", &["-L", OF_DEBIAN[0]]).is_none() {
        return Ok(Some("this is no Debian, whose packages are the image's base"));
    }
    if workspace.which("buildah").is_none() && debian::can_install(workspace) {
        debian::install(workspace, processes, &["buildah"], "seconds, once")?;
    }
    let is_here = workspace.which("buildah").is_some();
    Ok((!is_here).then_some("buildah is not here and cannot be installed by this account"))
}

/// buildah with a store of its own in a folder.
struct Builder<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
}

impl Builder<'_> {
    fn build(&self, program: &Path) -> Outcome<Container> {
        remove(&self.folder)?;
        let base = self.folder.join("base");
        self.lay_base(&base)?;
        let bare = self.buildah(&["from", "scratch"])?;
        self.buildah(&["copy", &bare, &base.to_string_lossy(), "/"])?;
        self.buildah(&["commit", &bare, &format!("docker.io/library/{}", self.base_name()?)])?;
        let built = self.folder.join("built");
        self.lay_built(&built, program)?;
        self.buildah(&[
            "build",
            "--isolation=chroot",
            "--pull=never",
            // That of OCI has no health check.
            "--format=docker",
            &format!("--build-context=build={}", built.display()),
            &format!("--file={}", self.workspace.path(CONTAINERFILE).display()),
            "--tag=usage-desk",
            &self.workspace.root.to_string_lossy(),
        ])?;
        let told = self.buildah(&["inspect", "--type=image", "usage-desk"])?;
        let told: Json =
            serde_json::from_str(&told).map_err(|reason| format!("buildah inspect: {reason}"))?;
        let container = self.buildah(&["from", "--pull=never", "usage-desk"])?;
        let root = PathBuf::from(self.buildah(&["mount", &container])?);
        Container::read(root, self.folder.join("volume"), &told["Docker"]["config"])
    }

    /// The name of the image that the last stage begins with.
    fn base_name(&self) -> Outcome<String> {
        let text = self.workspace.read(CONTAINERFILE)?;
        let last = text.lines().filter_map(|line| line.strip_prefix("FROM ")).next_back();
        last.map(|name| name.trim().to_owned()).ok_or(format!("{CONTAINERFILE} begins with no image"))
    }

    /// Debian's libraries, each where Debian has it.
    fn lay_base(&self, base: &Path) -> Outcome {
        let mut words = vec!["-L"];
        words.extend(OF_DEBIAN);
        let listed = self.workspace.output_of("dpkg", &words).ok_or("dpkg does not list its files")?;
        let is_library = |file: &&str| file.starts_with("/lib") || file.starts_with("/usr/lib");
        let files = listed.lines().filter(is_library).filter(|file| !Path::new(file).is_dir());
        told(base, fs::create_dir_all(base))?;
        // A folder that is a link to another one here (`/lib`) is a folder there.
        let archive = self.folder.join("base.tar");
        let (archive, base) = (archive.to_string_lossy(), base.to_string_lossy());
        let mut words = vec!["-cf", &archive, "-C", "/"];
        words.extend(files.map(|file| file.trim_start_matches('/')));
        self.run("tar", &words)?;
        self.run("tar", &["-xf", &archive, "-C", &base]).map(|_| ())
    }

    /// What the building stage leaves, under the names that it has there.
    fn lay_built(&self, built: &Path, program: &Path) -> Outcome {
        let put = |from: &Path, name: &str| {
            let to = built.join(name);
            told(&to, to.parent().map_or(Ok(()), fs::create_dir_all))?;
            told(&to, fs::copy(from, &to)).map(|_| ())
        };
        put(program, "source/target/release/demo-server")?;
        let dist = self.workspace.path("dist");
        for file in files_in(&dist)? {
            put(&dist.join(&file), &format!("source/dist/{file}"))?;
        }
        let data = built.join("data");
        told(&data, fs::create_dir_all(&data))
    }

    fn buildah(&self, words: &[&str]) -> Outcome<String> {
        let (store, state) = (self.folder.join("store"), self.folder.join("state"));
        let (store, state) = (store.to_string_lossy(), state.to_string_lossy());
        let own = ["--storage-driver", "vfs", "--root", &store, "--runroot", &state];
        self.run("buildah", &[&own, words].concat())
    }

    fn run(&self, program: &str, words: &[&str]) -> Outcome<String> {
        let said = self.workspace.command(program).args(words).output();
        let said = said.map_err(|reason| format!("{program} cannot be started: {reason}"))?;
        if said.status.success() {
            return Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned());
        }
        let (told, failed) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
        Err(format!(
            "{program} {}: {told}{failed}",
            words.iter().take(6).copied().collect::<Vec<_>>().join(" ")
        ))
    }
}
