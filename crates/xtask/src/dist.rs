//! `cargo xtask dist`: the app as it is put into use, in `dist`. The module is split into a first part
//! and parts that load when they are needed; every file of a build stands in a folder that its hash
//! names, so that no two builds share an address; each file is there packed by brotli and gzip too; and
//! `parts.json` says which build it is and what its parts weigh. `trunk serve` and `trunk build` know
//! nothing of parts.
//!
//! Not here: what is a part (`part!` in the app), and what the parts may weigh (`sizes`).

mod page;
pub(crate) mod parts;
mod styles;
mod wasm_sections;

use crate::Outcome;
use crate::processes::Processes;
use crate::tools::{self, WASM_TARGET};
use crate::workspace::Workspace;
use page::Loaded;
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

/// What the page cannot do without, of the files in the folder of a build.
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
    let loaded = Loaded { build: &build, folder: &format!("/{folder}") };
    write(&dist.join(PAGE), page::built(&page, &loaded)?)?;
    copy(&workspace.path(START_CHECK), &dist.join("start_check.js"))?;
    let sizes = pack(workspace, &dist, &folder)?;
    let manifest = manifest(&build, &folder, &parts, &sizes)?;
    write(&dist.join(MANIFEST), format!("{manifest:#}"))?;
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
    let (gathered, slices) = parts::gather(&script, &files);
    for (file, bytes) in gathered {
        write(&app.join(file), bytes)?;
    }
    for slice in &slices {
        let path = app.join(&slice.file);
        told(&path, fs::remove_file(&path))?;
    }
    let script = parts::with_gathered(&script, &slices);
    let parts = parts::parts_of(&script);
    if parts.is_empty() {
        return Err(format!("{LOADER} names no part: the splitter writes it in another way than before"));
    }
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

fn manifest(
    build: &str,
    folder: &str,
    parts: &[parts::Part],
    sizes: &[(String, [u64; 3])],
) -> Outcome<serde_json::Value> {
    let size = |file: &str| -> Outcome<serde_json::Value> {
        let found = sizes.iter().find(|(name, _)| name == file);
        let (_, [bytes, brotli, gzip]) =
            found.ok_or(format!("{file} belongs to the build and is not there"))?;
        Ok(serde_json::json!({ "file": file, "bytes": bytes, "brotli": brotli, "gzip": gzip }))
    };
    let own = |file: &str| size(&format!("{folder}/{file}"));
    let first = FIRST.iter().map(|file| own(file)).chain([size(PAGE), size("start_check.js")]);
    let first = first.collect::<Outcome<Vec<_>>>()?;
    let parts = parts.iter().map(|part| {
        let files = part.files.iter().map(|file| own(file)).collect::<Outcome<Vec<_>>>()?;
        Ok(serde_json::json!({ "name": part.name, "files": files }))
    });
    Ok(serde_json::json!({ "build": build, "first": first, "parts": parts.collect::<Outcome<Vec<_>>>()? }))
}

/// Packs every file. Gives each by its name below `dist`, with its bytes plain, by brotli and by gzip.
fn pack(workspace: &Workspace, dist: &Path, folder: &str) -> Outcome<Vec<(String, [u64; 3])>> {
    let own = files_in(&dist.join(folder))?.into_iter().map(|file| format!("{folder}/{file}"));
    let names: Vec<String> = own.chain([PAGE.to_owned(), "start_check.js".to_owned()]).collect();
    let said = packer(workspace, "pack", dist, &names)?;
    let sizes = |line: &str| {
        let mut numbers = line.split(' ').map(str::parse);
        Some([numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?])
    };
    let sizes: Option<Vec<_>> = said.lines().map(sizes).collect();
    let sizes = sizes.filter(|sizes| sizes.len() == names.len()).ok_or("Node packed not every file")?;
    Ok(names.into_iter().zip(sizes).collect())
}

fn hashes(workspace: &Workspace, folder: &Path, files: &[String]) -> Outcome<Vec<String>> {
    let said = packer(workspace, "hash", folder, files)?;
    let hashes: Vec<String> = said.lines().map(str::to_owned).collect();
    if hashes.len() == files.len() { Ok(hashes) } else { Err("Node hashed not every file".to_owned()) }
}

fn packer(workspace: &Workspace, what: &str, folder: &Path, files: &[String]) -> Outcome<String> {
    let paths: Vec<_> = files.iter().map(|file| folder.join(file).to_string_lossy().into_owned()).collect();
    let mut words = vec![PACKER, what];
    words.extend(paths.iter().map(String::as_str));
    workspace
        .output_of("node", &words)
        .ok_or("Node is needed to pack the app (https://nodejs.org)".to_owned())
}

/// The names of the files in a folder, in order.
fn files_in(folder: &Path) -> Outcome<Vec<String>> {
    let entries = told(folder, fs::read_dir(folder))?;
    let files = entries.filter_map(Result::ok).filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

fn remove(folder: &Path) -> Outcome {
    if folder.exists() { told(folder, fs::remove_dir_all(folder)) } else { Ok(()) }
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Outcome {
    told(path, fs::write(path, bytes))
}

fn copy(from: &Path, to: &Path) -> Outcome {
    told(from, fs::copy(from, to)).map(|_| ())
}

fn told<T>(path: &Path, done: std::io::Result<T>) -> Outcome<T> {
    done.map_err(|reason| format!("{}: {reason}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_size_is_no_file_of_nothing() {
        let names = FIRST.map(|file| format!("app-0f/{file}"));
        let names = names.into_iter().chain([PAGE.to_owned(), "start_check.js".to_owned()]);
        let mut sizes: Vec<_> = names.map(|name| (name, [3, 2, 1])).collect();
        let part = parts::Part { name: "changes".to_owned(), files: vec!["c.wasm".to_owned()] };
        let missing = manifest("0f", "app-0f", &[part], &sizes).unwrap_err();
        assert!(missing.contains("app-0f/c.wasm"), "{missing}");
        sizes.push(("app-0f/c.wasm".to_owned(), [6, 5, 4]));
        let part = parts::Part { name: "changes".to_owned(), files: vec!["c.wasm".to_owned()] };
        let whole = manifest("0f", "app-0f", &[part], &sizes).unwrap();
        assert_eq!(whole["parts"][0]["files"][0]["brotli"], 5);
        assert_eq!(whole["first"].as_array().map(Vec::len), Some(6));
    }
}
