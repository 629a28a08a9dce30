//! `cargo xtask dist`: the app as it is put into use, in `dist`. The module is split into a first part
//! and parts that load when they are needed; every file of a build stands in a folder that its hash
//! names, so that no two builds share an address; each file is there packed by brotli and gzip too; and
//! `parts.json` says which build it is and what its parts weigh. `trunk serve` and `trunk build` know
//! nothing of parts.
//!
//! Not here: what is a part (`part!` in the app), and what the parts may weigh (`sizes`).

mod page;
pub(crate) mod parts;
pub(crate) mod styles;
pub(crate) mod wasm_sections;

use crate::Outcome;
use crate::processes::Processes;
use crate::tools::{self, WASM_TARGET};
use crate::workspace::Workspace;
use page::Loaded;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

const PAGE: &str = "index.html";
/// What the page loads before all else, from beside it.
const START_CHECK: &str = "src/start_check.js";
const ICON: &str = "style/icon.svg";
const NAME: &str = "usage-desk";
/// The splitter's script, which fetches the parts.
const LOADER: &str = "__wasm_split.js";
const PACKER: &str = "crates/xtask/src/dist/pack.mjs";
pub(crate) const MANIFEST: &str = "parts.json";

/// What no build is without, of the files in its folder.
const FIRST: [&str; 4] = ["usage-desk_bg.wasm", "usage-desk.js", LOADER, "style.css"];

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    tools::for_dist(workspace, processes)?;
    let work = workspace.target_dir().join("dist");
    let app = work.join("app");
    remove(&work)?;
    told(&work, fs::create_dir_all(&app))?;
    let module = compile(workspace, processes)?;
    split(workspace, processes, &module, &work, &app)?;
    let page = workspace.read(PAGE)?;
    let styles =
        page::styles(&page).into_iter().map(|file| workspace.read(file)).collect::<Outcome<String>>()?;
    write(&app.join("style.css"), styles::packed(&styles))?;
    copy(&workspace.path(ICON), &app.join("icon.svg"))?;
    let parts = vouch(workspace, &app)?;
    let build = build_of(workspace, &app, &page)?;

    let dist = workspace.path("dist");
    remove(&dist)?;
    told(&dist, fs::create_dir_all(&dist))?;
    let folder = format!("app-{build}");
    told(&app, fs::rename(&app, dist.join(&folder)))?;
    let modules = files_in(&dist.join(&folder))?.into_iter().filter(|file| file.ends_with(".js")).collect();
    let loaded = Loaded { build: &build, folder: &format!("/{folder}"), modules };
    write(&dist.join(PAGE), page::built(&page, &loaded)?)?;
    copy(&workspace.path(START_CHECK), &dist.join("start_check.js"))?;
    let served = pack(workspace, &dist, files_in(&dist)?)?;
    let manifest = manifest(&build, &folder, &parts, &served)?;
    write(&dist.join(MANIFEST), format!("{manifest:#}"))?;
    pack(workspace, &dist, vec![MANIFEST.to_owned()])?;
    println!("dist holds build {build}");
    Ok(())
}

/// The module as the compiler gives it, with what the splitter reads in it.
fn compile(workspace: &Workspace, processes: &mut Processes) -> Outcome<PathBuf> {
    let mut build = workspace.cargo(&["rustc", "--release", "--target", WASM_TARGET, "--package", NAME]);
    build.args(["--bin", NAME, "--features", "parts", "--", "-Clink-args=--emit-relocs"]);
    // The splitter needs the names. They go afterwards.
    processes.run_well(build.env("CARGO_PROFILE_RELEASE_STRIP", "none"))?;
    Ok(workspace.target_dir().join(WASM_TARGET).join("release").join(format!("{NAME}.wasm")))
}

/// The module in parts, with the script that ties it to the browser, in `app`.
fn split(
    workspace: &Workspace,
    processes: &mut Processes,
    module: &Path,
    work: &Path,
    app: &Path,
) -> Outcome {
    let raw = work.join("split");
    let mut split = workspace.command("wasm-split-cli");
    processes.run_well(split.args(["--target", "web", "--out-name", NAME]).arg(module).arg(&raw))?;
    let mut bind = workspace.command("wasm-bindgen");
    bind.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--remove-name-section"]);
    bind.args(["--remove-producers-section", "--out-name", NAME, "--out-dir"]).arg(app);
    processes.run_well(bind.arg(raw.join(format!("{NAME}.wasm"))))?;
    // wasm-bindgen may have copied the script already; the splitter's own is what counts.
    copy(&raw.join(LOADER), &app.join(LOADER))?;
    for file in files_in(&raw)?.iter().filter(|file| file.ends_with(".wasm") && !file.starts_with(NAME)) {
        let path = raw.join(file);
        let module = told(&path, fs::read(&path))?;
        let bare = wasm_sections::without_custom(&module).ok_or(format!("{file} is no module"))?;
        write(&app.join(file), bare)?;
    }
    let main = app.join(format!("{NAME}_bg.wasm"));
    let module = told(&main, fs::read(&main))?;
    write(&main, wasm_sections::without_custom(&module).ok_or("the first part is no module")?)
}

/// Puts together what parts share, and has the loader vouch for the bytes of every file. Gives the parts.
fn vouch(workspace: &Workspace, app: &Path) -> Outcome<Vec<parts::Part>> {
    let path = app.join(LOADER);
    let script = told(&path, fs::read_to_string(&path))?;
    let read = |file: String| told(app, fs::read(app.join(&file))).map(|bytes| (file, bytes));
    let files = files_in(app)?.into_iter().map(read).collect::<Outcome<Vec<_>>>()?;
    let none = "there are more parts than signs for them";
    let (gathered, slices) = parts::gather(&script, &files).ok_or(none)?;
    for (file, bytes) in gathered {
        write(&app.join(file), bytes)?;
    }
    for slice in &slices {
        let path = app.join(&slice.file);
        told(&path, fs::remove_file(&path))?;
    }
    let parts = parts::parts_of(&script, &slices);
    if parts.is_empty() {
        return Err(format!("{LOADER} names no part: the splitter writes it in another way than before"));
    }
    let script = parts::with_gathered(&script, &slices).ok_or(none)?;
    let files = files_in(app)?;
    let hashes = hashes(workspace, app, &files)?;
    let hash_of = |file: &str| Some(hashes[files.iter().position(|other| other == file)?].clone());
    let script =
        parts::with_integrity(&script, hash_of).ok_or(format!("{LOADER} fetches what is not there"))?;
    write(&path, script)?;
    Ok(parts)
}

/// What names the build: sixteen digits that follow from all that it serves.
fn build_of(workspace: &Workspace, app: &Path, page: &str) -> Outcome<String> {
    let files = files_in(app)?;
    let mut all = page.to_owned() + &workspace.read(START_CHECK)?;
    for (file, hash) in files.iter().zip(hashes(workspace, app, &files)?) {
        all += &format!("{file} {hash}\n");
    }
    let sum = app.with_file_name("contents");
    write(&sum, all)?;
    let hash = hashes(workspace, app, &["../contents".to_owned()])?;
    let hash = hash.first().ok_or("the build has no hash")?;
    // Its digits are of base64, and a name is better without their case and their signs.
    Ok(hash.bytes().take(8).map(|byte| format!("{byte:02x}")).collect())
}

/// What is loaded first, and the files of each part. First comes all that no part names: what the glue
/// imports is nobody's part and is loaded with it.
fn manifest(
    build: &str,
    folder: &str,
    parts: &[parts::Part],
    served: &[Served],
) -> Outcome<serde_json::Value> {
    let find = |name: &str| {
        served
            .iter()
            .find(|file| file.name == name)
            .ok_or(format!("{name} belongs to the build and is not there"))
    };
    for name in FIRST {
        find(&format!("{folder}/{name}"))?;
    }
    find(PAGE)?;
    let mut of_parts = BTreeSet::new();
    let mut told = Vec::new();
    for part in parts {
        let files =
            part.files.iter().map(|file| find(&format!("{folder}/{file}"))).collect::<Outcome<Vec<_>>>()?;
        of_parts.extend(files.iter().map(|file| file.name.as_str()));
        let files: Vec<_> = files.into_iter().map(Served::told).collect();
        told.push(serde_json::json!({ "name": part.name, "files": files }));
    }
    let first = served.iter().filter(|file| !of_parts.contains(file.name.as_str()));
    let first: Vec<_> = first.map(Served::told).collect();
    Ok(serde_json::json!({ "build": build, "first": first, "parts": told }))
}

/// A file as it is served: its name below `dist`, its bytes plain and packed, and its SHA-256 in base64.
struct Served {
    name: String,
    bytes: u64,
    brotli: u64,
    gzip: u64,
    sha256: String,
}

impl Served {
    /// By what Node says of it.
    fn read(name: String, line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut number = || words.next()?.parse().ok();
        let (bytes, brotli, gzip) = (number()?, number()?, number()?);
        Some(Self { name, bytes, brotli, gzip, sha256: words.next()?.to_owned() })
    }

    fn told(&self) -> serde_json::Value {
        let Self { name, bytes, brotli, gzip, sha256 } = self;
        serde_json::json!({ "file": name, "bytes": bytes, "brotli": brotli, "gzip": gzip, "sha256": sha256 })
    }
}

/// Packs files below `dist`.
fn pack(workspace: &Workspace, dist: &Path, names: Vec<String>) -> Outcome<Vec<Served>> {
    let said = packer(workspace, "pack", dist, &names)?;
    let mut lines = said.lines();
    let served = names.into_iter().map(|name| Served::read(name, lines.next()?));
    served.collect::<Option<_>>().ok_or("Node packed not every file".to_owned())
}

fn hashes(workspace: &Workspace, folder: &Path, files: &[String]) -> Outcome<Vec<String>> {
    let said = packer(workspace, "hash", folder, files)?;
    let hashes: Vec<String> = said.lines().map(str::to_owned).collect();
    if hashes.len() == files.len() { Ok(hashes) } else { Err("Node hashed not every file".to_owned()) }
}

pub(crate) fn packer(workspace: &Workspace, what: &str, folder: &Path, files: &[String]) -> Outcome<String> {
    let paths: Vec<_> = files.iter().map(|file| folder.join(file).to_string_lossy().into_owned()).collect();
    let mut words = vec![PACKER, what];
    words.extend(paths.iter().map(String::as_str));
    workspace
        .output_of("node", &words)
        .ok_or("Node is needed to pack the app (https://nodejs.org)".to_owned())
}

/// The names of all files below a folder, in order, with `/` between folders.
pub(crate) fn files_in(folder: &Path) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for entry in told(folder, fs::read_dir(folder))? {
        let path = told(folder, entry)?.path();
        let name = path.file_name().and_then(OsStr::to_str);
        let name = name.ok_or(format!("{}: its name is no text", path.display()))?;
        if path.is_dir() {
            names.extend(files_in(&path)?.into_iter().map(|file| format!("{name}/{file}")));
        } else {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

pub(crate) fn remove(folder: &Path) -> Outcome {
    if folder.exists() { told(folder, fs::remove_dir_all(folder)) } else { Ok(()) }
}

pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Outcome {
    told(path, fs::write(path, bytes))
}

fn copy(from: &Path, to: &Path) -> Outcome {
    told(from, fs::copy(from, to)).map(|_| ())
}

pub(crate) fn told<T>(path: &Path, done: std::io::Result<T>) -> Outcome<T> {
    done.map_err(|reason| format!("{}: {reason}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(name: &str) -> Served {
        Served::read(name.to_owned(), "6 5 4 hash=").unwrap()
    }

    #[test]
    fn a_file_without_a_size_is_no_file_of_nothing() {
        let mut files: Vec<_> = FIRST.iter().map(|file| served(&format!("app-0f/{file}"))).collect();
        files.push(served(PAGE));
        let parts = [parts::Part { name: "changes".to_owned(), files: vec!["c.wasm".to_owned()] }];
        let missing = manifest("0f", "app-0f", &parts, &files).unwrap_err();
        assert!(missing.contains("app-0f/c.wasm"), "{missing}");
        files.push(served("app-0f/c.wasm"));
        let whole = manifest("0f", "app-0f", &parts, &files).unwrap();
        assert_eq!(whole["parts"][0]["files"][0]["brotli"], 5);
        assert_eq!(whole["parts"][0]["files"][0]["sha256"], "hash=");
        files.retain(|file| !file.name.ends_with("style.css"));
        assert!(manifest("0f", "app-0f", &parts, &files).is_err());
    }

    #[test]
    fn what_no_part_names_is_loaded_first() {
        let mut files: Vec<_> = FIRST.iter().map(|file| served(&format!("app-0f/{file}"))).collect();
        files.extend([PAGE, "app-0f/c.wasm", "app-0f/snippets/a/journal.js"].map(served));
        let parts = [parts::Part { name: "changes".to_owned(), files: vec!["c.wasm".to_owned()] }];
        let whole = manifest("0f", "app-0f", &parts, &files).unwrap();
        let first: Vec<_> = whole["first"].as_array().unwrap().iter().map(|file| &file["file"]).collect();
        assert_eq!(first.len(), FIRST.len() + 2);
        assert!(first.contains(&&serde_json::json!("app-0f/snippets/a/journal.js")), "{first:?}");
    }

    #[test]
    fn a_build_is_another_where_any_file_of_it_is_in_whatever_folder() {
        let workspace = Workspace::find().unwrap();
        let folder = std::env::temp_dir().join(format!("xtask-dist-{}", std::process::id()));
        let snippet = folder.join("app/snippets/a/journal.js");
        fs::create_dir_all(snippet.parent().unwrap()).unwrap();
        fs::write(folder.join("app/usage-desk.js"), "import './snippets/a/journal.js'").unwrap();
        let build = |text: &str| {
            fs::write(&snippet, text).unwrap();
            build_of(&workspace, &folder.join("app"), "<html>").unwrap()
        };
        let (one, other, again) = (build("1"), build("2"), build("1"));
        assert_ne!(one, other);
        assert_eq!(one, again);
        assert_eq!(one.len(), 16);
        let packed = pack(
            &workspace,
            &folder,
            files_in(&folder.join("app")).unwrap().into_iter().map(|file| format!("app/{file}")).collect(),
        )
        .unwrap();
        assert_eq!(packed.len(), 2);
        assert!(folder.join("app/snippets/a/journal.js.br").is_file());
        let _ = fs::remove_dir_all(folder);
    }
}
