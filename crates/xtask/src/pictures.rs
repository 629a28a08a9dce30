//! A picture of every screen, to be looked at: those that the journey over all screens reaches.

use crate::Outcome;
use crate::dist::{files_in, remove, told, write};
use crate::processes::Processes;
use crate::test_run::in_chromium;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes) -> Outcome {
    let folder = workspace.target_dir().join("pictures");
    remove(&folder)?;
    told(&folder, fs::create_dir_all(&folder))?;
    let taken = in_chromium(
        workspace,
        processes,
        false,
        &["screens_are_accessible"],
        &[("USAGE_DESK_PICTURES", &folder)],
    );
    // What was taken before a screen failed is worth looking at too.
    let mut files = files_in(&folder)?;
    files.retain(|name| name.ends_with(".png"));
    let page = folder.join("index.html");
    write(&page, page_of(&files))?;
    println!("{}", page.display());
    taken
}

/// A page with a heading for each screen. The names of files are those of screens, a size and a theme, with a
/// dot between them.
fn page_of(files: &[String]) -> String {
    let mut screens = BTreeMap::<&str, Vec<&str>>::new();
    for file in files {
        screens.entry(file.split('.').next().unwrap_or(file)).or_default().push(file);
    }
    let mut page =
        String::from("<!doctype html><meta charset=\"utf-8\"><title>Screens of Usage Desk</title>\n");
    page.push_str(
        "<style>body{font:14px sans-serif}img{max-width:720px;margin:4px;border:1px solid #999}</style>\n",
    );
    for (screen, files) in screens {
        let _ = writeln!(page, "<h2>{}</h2>", screen.replace('-', " "));
        for file in files {
            let _ = writeln!(page, "<img src=\"{file}\" alt=\"{file}\" loading=\"lazy\">");
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
}
