//! A picture of every screen: in four sizes to be looked at, in target/pictures, and in one size for the page beside
//! the README. They are taken where journeys reach the screens.

use crate::Outcome;
use crate::dist::{files_in, remove, told, write};
use crate::processes::Processes;
use crate::test_run::in_chromium;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

/// The journeys that reach screens.
const JOURNEYS: [&str; 3] = ["screens_are_accessible", "explains_its_terms", "tour"];
/// Beside the README, and its pictures in the folder of that name.
const PAGE: &str = ".readme/screens.md";
const FOLDER: &str = ".readme/screens";
/// What the pictures of the page may weigh together, in bytes: everybody who fetches the repository has them.
const MOST_BYTES: u64 = 3_000_000;

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let folder = workspace.target_dir().join("pictures");
    remove(&folder)?;
    told(&folder, fs::create_dir_all(&folder))?;
    let taken = in_chromium(workspace, processes, false, &JOURNEYS, &[("USAGE_DESK_PICTURES", &folder)]);
    // What was taken before a screen failed is worth looking at too.
    let files = files_in(&folder)?;
    let (small, large): (Vec<_>, Vec<_>) = files.into_iter().partition(|name| name.ends_with(".webp"));
    let page = folder.join("index.html");
    write(&page, page_of(&large))?;
    println!("{}", page.display());
    taken?;

    let kept = workspace.path(FOLDER);
    remove(&kept)?;
    told(&kept, fs::create_dir_all(&kept))?;
    let mut bytes = 0;
    for name in &small {
        let to = kept.join(name);
        bytes += told(&to, fs::copy(folder.join(name), &to))?;
    }
    write(&workspace.path(PAGE), screens_of(&small))?;
    println!("{}: {} pictures, {} kB", workspace.path(PAGE).display(), small.len(), bytes / 1000);
    if bytes > MOST_BYTES {
        return Err(format!("the pictures weigh {bytes} bytes, more than {MOST_BYTES}"));
    }
    Ok(())
}

/// The files of each screen. Their names are those of screens, a size or a theme, and so on, with a dot between them.
fn by_screen(files: &[String]) -> BTreeMap<&str, Vec<&str>> {
    let mut screens = BTreeMap::<&str, Vec<&str>>::new();
    for file in files {
        screens.entry(file.split('.').next().unwrap_or(file)).or_default().push(file);
    }
    screens
}

/// A page with a heading for each screen, and all its pictures.
fn page_of(files: &[String]) -> String {
    let mut page =
        String::from("<!doctype html><meta charset=\"utf-8\"><title>Screens of Usage Desk</title>\n");
    page.push_str(
        "<style>body{font:14px sans-serif}img{max-width:720px;margin:4px;border:1px solid #999}</style>\n",
    );
    for (screen, files) in by_screen(files) {
        let _ = writeln!(page, "<h2>{}</h2>", screen.replace('-', " "));
        for file in files {
            let _ = writeln!(page, "<img src=\"{file}\" alt=\"{file}\" loading=\"lazy\">");
        }
    }
    page
}

/// The page beside the README: each screen in light and dark.
fn screens_of(files: &[String]) -> String {
    let mut page = String::from(
        "# Screens of Usage Desk\n\nEvery screen in light and dark, on the demo's data. `cargo xtask dist`, then `cargo xtask pictures`, makes this page anew.\n",
    );
    for (screen, files) in by_screen(files) {
        let name = screen.replace('-', " ");
        let (first, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
        let _ = writeln!(page, "\n## {}{rest}\n", first.to_uppercase());
        let mut themes: Vec<_> =
            files.iter().map(|file| (file.split('.').nth(1).unwrap_or_default(), file)).collect();
        themes.sort_by_key(|(theme, _)| *theme != "light");
        for (theme, file) in themes {
            let _ = writeln!(page, "![{name}, {theme}](screens/{file})");
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_has_its_pictures_under_one_heading() {
        let files =
            ["a-b.390x844.dark.png", "a-b.390x844.light.png", "c.390x844.dark.png"].map(str::to_owned);
        let page = page_of(&files);
        let found: Vec<&str> = page
            .split(['<', '>'])
            .filter(|part| {
                files.iter().any(|file| part.contains(file.as_str())) || *part == "a b" || *part == "c"
            })
            .collect();
        assert_eq!(found.len(), 5, "{page}");
        assert_eq!((found[0], found[3]), ("a b", "c"));
    }

    #[test]
    fn the_page_beside_the_readme_shows_light_before_dark() {
        let page = screens_of(&["a-b.dark.webp", "a-b.light.webp"].map(str::to_owned));
        let lines: Vec<&str> = page.lines().filter(|line| line.starts_with(['!', '#'])).skip(1).collect();
        assert_eq!(
            lines,
            ["## A b", "![a b, light](screens/a-b.light.webp)", "![a b, dark](screens/a-b.dark.webp)"]
        );
    }
}
