//! The browser and Node that tests run in: found, or on a bare Debian installed, or named as
//! missing in one line.

use crate::Outcome;
use crate::debian;
use crate::processes::Processes;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const HEADLESS: &str = "chromium-headless-shell";
const FIREFOX: &[&str] = &["firefox-esr", "firefox"];
const USUAL_PLACES: &[&str] = &["/usr/bin", "/usr/lib/chromium", "/snap/bin", "/opt/google/chrome"];
const OLDEST_NODE: u32 = 20;

pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
}

/// Chromium and its driver.
pub(crate) fn find_or_install(workspace: &Workspace, processes: &mut Processes) -> Outcome<Browser> {
    if let Some(browser) = find(workspace) {
        return Ok(browser);
    }
    if debian::can_install(workspace) {
        let packages = ["chromium", "chromium-driver"];
        debian::install(workspace, processes, &packages, "1 to 3 minutes, once")?;
    }
    find(workspace).ok_or_else(|| {
        "Chromium and chromedriver are missing; install both (Debian: apt-get install chromium \
         chromium-driver), or name them in the variables CHROMIUM and CHROMEDRIVER"
            .to_owned()
    })
}

/// The browser of the journeys: Chromium without its own windows (Debian packs it by itself), which draws and
/// runs a page as Chromium does for a fifth less of the processor's time; else Chromium.
pub(crate) fn for_journeys(workspace: &Workspace, processes: &mut Processes) -> Outcome<PathBuf> {
    if let Some(named) = named("CHROMIUM") {
        return Ok(named);
    }
    if place(workspace, HEADLESS).is_none()
        && debian::can_install(workspace)
        && let Err(reason) = debian::install(workspace, processes, &[HEADLESS], "a minute, once")
    {
        println!("the journeys run in Chromium with its windows: {reason}");
    }
    match place(workspace, HEADLESS) {
        Some(headless) => Ok(headless),
        None => Ok(find_or_install(workspace, processes)?.chromium),
    }
}

/// Firefox as its makers give it, for the journeys that run in a second engine.
pub(crate) fn firefox(workspace: &Workspace, processes: &mut Processes) -> Outcome<Option<PathBuf>> {
    let find = || named("FIREFOX").or_else(|| FIREFOX.iter().find_map(|name| place(workspace, name)));
    if find().is_none() && debian::can_install(workspace) {
        debian::install(workspace, processes, &FIREFOX[..1], "1 to 2 minutes, once")?;
    }
    Ok(find())
}

fn find(workspace: &Workspace) -> Option<Browser> {
    Some(Browser {
        chromium: named("CHROMIUM").or_else(|| CHROMIUM.iter().find_map(|name| place(workspace, name)))?,
        chromedriver: named("CHROMEDRIVER").or_else(|| place(workspace, "chromedriver"))?,
    })
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

fn place(workspace: &Workspace, program: &str) -> Option<PathBuf> {
    let usual = USUAL_PLACES.iter().map(|folder| PathBuf::from(folder).join(program));
    workspace.which(program).or_else(|| usual.into_iter().find(|path| path.is_file()))
}

/// Node with npm, new enough for the end-to-end tests.
pub(crate) fn must_have_node(workspace: &Workspace) -> Outcome {
    let version = workspace.output_of("node", &["--version"]);
    let major = version.as_deref().and_then(node_major);
    let wanted = format!("Node {OLDEST_NODE} or newer with npm is needed for tests in a browser");
    match (major, workspace.which("npm")) {
        (Some(major), Some(_)) if major >= OLDEST_NODE => Ok(()),
        (Some(_), Some(_)) => Err(format!("{wanted}; here is {}", version.unwrap_or_default())),
        _ => Err(format!("{wanted}; none was found (https://nodejs.org)")),
    }
}

/// The packages that a folder's lock file names, in the folder.
pub(crate) fn node_packages(workspace: &Workspace, processes: &mut Processes, folder: &Path) -> Outcome {
    if !is_older(&folder.join("node_modules/.package-lock.json"), &folder.join("package-lock.json")) {
        return Ok(());
    }
    let mut install = workspace.command("npm");
    install.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    processes.run_well(install.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

/// Whether a file is missing or was written before another one.
fn is_older(file: &Path, other: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    match (written(file), written(other)) {
        (Some(file), Some(other)) => file < other,
        _ => true,
    }
}

/// The number in `v20.19.1`.
fn node_major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_of_node() {
        assert_eq!(node_major("v20.19.1"), Some(20));
        assert_eq!(node_major("v9.0.0"), Some(9));
        assert_eq!(node_major("20"), None);
    }
}
