//! `cargo xtask bench grid`: the product's grid measured beside others, on the same rows in one Chromium.
//!
//! Not here: what is measured and how (`tests/bench`).

use crate::dist::{files_in, packer, remove, styles, told, wasm_sections, write};
use crate::options::GridBench;
use crate::processes::Processes;
use crate::tools::{self, WASM_TARGET};
use crate::workspace::Workspace;
use crate::{Outcome, browser};
use std::fs;
use std::path::Path;

const NAME: &str = "bench-page";
const HARNESS: &str = "tests/bench";
const SOURCE: &str = "tests/bench/page";
/// What the grid's looks are made of.
const STYLES: [&str; 3] = ["style/tokens.css", "style/base.css", "style/grid.css"];
/// In kB (1000 bytes) after brotli, all files of the page together.
const BUDGET: u64 = 130;

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, what: &GridBench) -> Outcome {
    let page = workspace.target_dir().join(NAME);
    build(workspace, processes, &page)?;
    weigh(workspace, &page)?;
    if what.only_builds { Ok(()) } else { measure(workspace, processes, &page, &what.rows) }
}

/// Measures the page and its peers, whose figures go into `target/bench-grid`.
fn measure(workspace: &Workspace, processes: &mut Processes, page: &Path, rows: &[u64]) -> Outcome {
    browser::must_have_node(workspace)?;
    let browser = browser::find_or_install(workspace, processes)?;
    browser::node_packages(workspace, processes, &workspace.path(HARNESS))?;
    let rows: Vec<String> = rows.iter().map(u64::to_string).collect();
    let out = workspace.target_dir().join("bench-grid");
    let mut harness = workspace.command("node");
    harness.current_dir(workspace.path(HARNESS)).arg("harness/run.mjs").arg(page).arg(&out);
    processes.run_well(harness.arg(rows.join(",")).env("CHROMIUM", &browser.chromium))?;
    println!("the figures are in {}", out.display());
    Ok(())
}

/// The page of the product's grid, whose addresses are relative to where it is served.
fn build(workspace: &Workspace, processes: &mut Processes, page: &Path) -> Outcome {
    tools::wasm_target(workspace, processes)?;
    tools::wasm_bindgen(workspace, processes)?;
    let mut build = workspace.cargo(&["build", "--release", "--target", WASM_TARGET]);
    build.args(["--package", NAME]);
    // As `dist` compiles, so that neither compiles again what the other has.
    processes.run_well(build.env("CARGO_PROFILE_RELEASE_STRIP", "none"))?;
    let module = workspace.target_dir().join(WASM_TARGET).join("release").join(format!("{NAME}.wasm"));
    remove(page)?;
    told(page, fs::create_dir_all(page))?;
    let mut bind = workspace.command("wasm-bindgen");
    bind.args(["--target", "web", "--no-typescript", "--remove-name-section", "--remove-producers-section"]);
    processes.run_well(bind.args(["--out-name", NAME, "--out-dir"]).arg(page).arg(module))?;
    let module = page.join(format!("{NAME}_bg.wasm"));
    let bytes = told(&module, fs::read(&module))?;
    write(&module, wasm_sections::without_custom(&bytes).ok_or("the page's module is no module")?)?;
    let scripts = scripts(page)?;
    let styles = STYLES.into_iter().map(|file| workspace.read(file)).collect::<Outcome<String>>()?;
    let adapter = workspace.read(&format!("{SOURCE}/adapter.js"))?;
    let html = workspace.read(&format!("{SOURCE}/index.html"))?;
    write(&page.join("index.html"), html_of(&html, &scripts, &adapter, &styles::packed(&styles))?)
}

/// The scripts of the page. Those that only the app's other code would use are left out.
fn scripts(page: &Path) -> Outcome<Vec<String>> {
    let glue = format!("{NAME}.js");
    let text = told(page, fs::read_to_string(page.join(&glue)))?;
    let (used, idle): (Vec<_>, Vec<_>) = files_in(page)?
        .into_iter()
        .filter(|file| file.ends_with(".js"))
        .partition(|file| *file == glue || text.contains(file.as_str()));
    idle.iter().try_for_each(|file| told(page, fs::remove_file(page.join(file))))?;
    Ok(used)
}

/// The page with what belongs into it in place of its marks.
fn html_of(html: &str, scripts: &[String], adapter: &str, styles: &str) -> Outcome<String> {
    let module = format!("<link rel=\"preload\" href=\"{NAME}_bg.wasm\" as=\"fetch\" crossorigin />");
    let modules =
        scripts.iter().map(|script| format!("\n    <link rel=\"modulepreload\" href=\"{script}\" />"));
    let modules = module + &modules.collect::<String>();
    let parts =
        [("modules", modules.as_str()), ("adapter", adapter.trim_end()), ("styles", styles.trim_end())];
    parts.into_iter().try_fold(html.to_owned(), |html, (mark, part)| {
        let mark = format!("<!-- {mark} -->");
        if html.contains(&mark) {
            Ok(html.replace(&mark, part))
        } else {
            Err(format!("{SOURCE}/index.html has no {mark}"))
        }
    })
}

/// Prints what the page weighs on the wire.
fn weigh(workspace: &Workspace, page: &Path) -> Outcome {
    let files = files_in(page)?;
    let said = packer(workspace, "weigh", page, &files)?;
    let mut sum = 0;
    for (file, line) in files.iter().zip(said.lines()) {
        let brotli: u64 = line
            .split(' ')
            .nth(1)
            .and_then(|bytes| bytes.parse().ok())
            .ok_or_else(|| format!("{file} was not weighed: {line}"))?;
        println!("{:>8.1} kB brotli  {file}", kilobytes(brotli));
        sum += brotli;
    }
    println!("{:>8.1} kB brotli  all of the page, of {BUDGET} kB", kilobytes(sum));
    Ok(())
}

fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_of_the_page_stand_in_it() {
        let scripts = ["bench-page.js".to_owned(), "snippets/a/text.js".to_owned()];
        let html = "<!-- modules -->|<!-- adapter -->|<!-- styles -->";
        let whole = html_of(html, &scripts, "let a;\n", "b {}\n").unwrap();
        assert!(whole.ends_with("|let a;|b {}"), "{whole}");
        for script in scripts {
            assert!(whole.contains(&format!("rel=\"modulepreload\" href=\"{script}\"")), "{whole}");
        }
        assert!(html_of("<!-- modules --><!-- styles -->", &[], "", "").is_err());
    }
}
