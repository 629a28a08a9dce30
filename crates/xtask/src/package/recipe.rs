//! README's lines that put a package in place behind nginx, as a shell takes them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../../../README.md");

/// The lines under README's third step, with places of its own.
fn lines(folder: &Path) -> String {
    let (_, step) = README.split_once("\n3. Bring the archive").unwrap();
    let block = step.split("   ```\n").nth(1).unwrap();
    let places = [("/etc/nginx", "/nginx"), ("/srv/usage-desk", "/srv")];
    places.iter().fold(block.replace("BUILD", "0f"), |lines, (there, here)| {
        assert!(lines.contains(there), "{lines}");
        lines.replace(there, &format!("{}{here}", folder.display()))
    })
}

/// Whether the lines succeed, what is in place afterwards of the web server's file and of the site, and what nginx was
/// asked: it says no to `refused`.
fn put_in_place(refused: &str) -> (bool, [bool; 2], String) {
    let folder = std::env::temp_dir().join(format!("usage-desk-recipe-{}{refused}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    for made in ["usage-desk-0f/site", "nginx/sites-enabled", "programs"] {
        fs::create_dir_all(folder.join(made)).unwrap();
    }
    for file in ["usage-desk-0f/nginx.conf", "usage-desk-0f/site/index.html"] {
        fs::write(folder.join(file), file).unwrap();
    }
    let nginx = folder.join("programs/nginx");
    fs::write(&nginx, format!("#!/bin/sh\necho \"$1\" >> asked\ntest \"$1\" != '{refused}'\n")).unwrap();
    fs::set_permissions(&nginx, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.join("programs").display(), std::env::var("PATH").unwrap());
    let run = |lines: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", lines]).current_dir(&folder).env("PATH", &path).status().unwrap().success()
    };
    assert!(run("tar -czf usage-desk-0f.tar.gz usage-desk-0f && rm -r usage-desk-0f"));
    let is_done = run(&lines(&folder));
    let there =
        ["nginx/sites-enabled/usage-desk.conf", "srv/index.html"].map(|file| folder.join(file).is_file());
    let asked = fs::read_to_string(folder.join("asked")).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    (is_done, there, asked)
}

#[test]
fn a_file_that_nginx_refuses_is_not_put_in_place_and_neither_is_the_site() {
    assert_eq!(put_in_place(""), (true, [true, true], "-t\n-s\n".to_owned()));
    assert_eq!(put_in_place("-t"), (false, [false, false], "-t\n".to_owned()));
    // It stands beside other sites, and clashes with one.
    assert_eq!(put_in_place("-s"), (false, [true, false], "-t\n-s\n".to_owned()));
}
