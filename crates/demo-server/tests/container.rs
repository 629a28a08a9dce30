//! The Containerfile tells the truth of the program: its words are understood, its port and its volume are those that the
//! program uses, nothing is written elsewhere, and its question after health is answered.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "everything here is a test: a surprise should end it")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

const CONTAINERFILE: &str = include_str!("../Containerfile");
const PROGRAM: &str = env!("CARGO_BIN_EXE_demo-server");

/// The lines of the image itself, by what they begin with.
fn line(begin: &str) -> &'static str {
    let image = CONTAINERFILE.rsplit("\nFROM ").next().unwrap();
    let found: Vec<&str> = image.lines().filter_map(|line| line.strip_prefix(begin)).collect();
    assert_eq!(found.len(), 1, "{begin}: {found:?}");
    found[0].trim()
}

fn words(begin: &str) -> Vec<String> {
    let line = line(begin);
    serde_json::from_str(&line[line.find('[').unwrap()..]).unwrap()
}

#[test]
fn the_image_serves_and_says_so_and_writes_to_its_volume_alone() {
    let (home, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (data, dist) = (home.path().join("data"), home.path().join("dist"));
    fs::create_dir(&data).unwrap();
    fs::create_dir(&dist).unwrap();
    fs::write(dist.join("index.html"), "<!doctype html>").unwrap();
    let volume = words("VOLUME").remove(0);
    let port = line("EXPOSE");
    let copied = CONTAINERFILE.lines().find_map(|line| line.strip_prefix("COPY --from=build /source/dist "));
    // In the places of the image's own.
    let here_of = |word: String| {
        word.replace(&format!("0.0.0.0:{port}"), "127.0.0.1:0")
            .replace(&volume, data.to_str().unwrap())
            .replace(copied.unwrap(), dist.to_str().unwrap())
    };
    let entry = words("ENTRYPOINT");
    assert_eq!(entry[0], "/usr/local/bin/demo-server");
    assert!(CONTAINERFILE.contains("/source/target/release/demo-server /usr/local/bin/demo-server\n"));
    let always: Vec<String> = entry.into_iter().skip(1).map(here_of).collect();
    // Whoever names another database writes words in place of CMD's, and loses no more than the volume's file.
    for kept in ["127.0.0.1:0", dist.to_str().unwrap()] {
        assert!(always.iter().any(|word| word == kept), "{kept} is not in {always:?}");
    }
    let usual = words("CMD");
    assert_eq!((usual.len(), usual[0].as_str()), (2, "--database"));
    let arguments: Vec<String> = always.into_iter().chain(usual.into_iter().map(here_of)).collect();
    let (name, value) = line("ENV").split_once('=').unwrap();
    let mut server = Command::new(PROGRAM)
        .args(&arguments)
        .args(["--events", "50", "--instances", "10"])
        .env_clear()
        .env(name, here_of(value.to_owned()))
        .current_dir(&here)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut told).unwrap();
    let address = told.trim().strip_prefix("demo-server: listening on http://").unwrap().to_owned();
    let question = words("HEALTHCHECK");
    assert_eq!(question[0], "/usr/local/bin/demo-server");
    let ask = || {
        let asked = question[1..].iter().map(|word| word.replace(&format!("127.0.0.1:{port}"), &address));
        Command::new(PROGRAM).args(asked).current_dir(&here).env_clear().output().unwrap()
    };
    let well = ask();
    assert!(well.status.success(), "{well:?}");
    server.kill().unwrap();
    server.wait().unwrap();
    let gone = ask();
    let said = String::from_utf8_lossy(&gone.stderr).into_owned();
    assert!(!gone.status.success() && said.lines().count() == 1 && said.contains(&address), "{gone:?}");
    let written = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(written(here.path()), 0);
    assert!(data.join("usage-desk.db").is_file());
}

#[test]
fn nobody_is_root_in_the_image() {
    let (user, group) = line("USER").split_once(':').unwrap();
    assert!(user.parse::<u32>().unwrap() > 0 && group.parse::<u32>().unwrap() > 0);
    let owner = format!("--chown={user}:{group} ");
    assert!(
        CONTAINERFILE.contains(&format!("COPY --from=build {owner}/data /data\n")),
        "the volume is its own"
    );
}
