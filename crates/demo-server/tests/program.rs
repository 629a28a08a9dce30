//! The program as a person starts and stops it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "everything here is a test: a surprise should end it")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demo-server"));
    command.current_dir(folder);
    command
}

fn serve(folder: &Path, listen: &str) -> Child {
    let arguments = ["--listen", listen, "--events", "50"];
    program(folder).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn it_serves_until_it_is_told_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["-TERM", "-INT"] {
        let mut server = serve(folder.path(), "127.0.0.1:0");
        let mut out = BufReader::new(server.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("demo-server: listening on http://").unwrap().to_owned();

        let mut connection = TcpStream::connect(&address).unwrap();
        connection.write_all(b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
        let mut answer = [0; 15];
        connection.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK");

        // The connection stays open and idle: that does not keep the program from ending.
        let status = Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap();
        assert!(status.success());
        assert!(server.wait().unwrap().success(), "{signal}");
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "demo-server: stopped\n");
    }
    assert!(
        folder.path().join(".demo/usage-desk.db").is_file(),
        "the default database is in the current folder"
    );
}

#[test]
fn a_busy_port_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let Output { status, stderr, .. } =
        serve(folder.path(), &address.to_string()).wait_with_output().unwrap();
    assert!(!status.success());
    let said = text(&stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(&format!("{address} is in use")) && said.contains("--listen"), "{said}");
}

#[test]
fn an_unknown_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = program(folder.path()).args(["--database", "oracle://somewhere"]).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("oracle:// is not known"), "{}", text(&output.stderr));
}

#[test]
fn a_database_that_wants_tls_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    for mode in ["require", "verify-full"] {
        let url = format!("postgres://desk@127.0.0.1:1/desk?sslmode={mode}");
        let refused = program(folder.path()).args(["--database", &url]).output().unwrap();
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("speaks with PostgreSQL without it"), "{said}");
    }
}

#[test]
fn an_endpoint_without_a_host_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = program(folder.path()).args(["--openid-endpoint", "tokens"]).output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("https://id.example.com/token is due"), "{said}");
}

#[test]
fn an_identity_provider_is_named_with_its_keys_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let started = |arguments: &[&str]| {
        let output =
            program(folder.path()).args(["--listen", "127.0.0.1:0"]).args(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        text(&output.stderr)
    };
    std::fs::write(folder.path().join("secret.json"), r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#).unwrap();
    let (issuer, keys) = ("https://id.example.com", "secret.json");
    for (arguments, part) in [
        (&["--openid-issuer", issuer][..], "--openid-keys"),
        (&["--openid-keys", keys], "--openid-issuer"),
        (
            &[
                "--openid-issuer",
                issuer,
                "--openid-keys",
                keys,
                "--openid-issuer",
                "https://other.example.com",
            ],
            "2 of --openid-issuer and 1 of --openid-keys",
        ),
        (&["--openid-issuer", issuer, "--openid-keys", "nowhere.json"], "nowhere.json cannot be read"),
        (&["--openid-issuer", issuer, "--openid-keys", keys], "secret.json: the keys hold a shared secret"),
    ] {
        let told = started(arguments);
        assert!(told.contains(part), "{arguments:?}: {told}");
    }
}

#[test]
fn a_database_file_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let check = || program(folder.path()).args(["--database", "x.db", "check"]).output().unwrap();
    let output = check();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "demo-server: the database is sound\n");
    // A page in the middle of the file that was overwritten.
    let file = folder.path().join("x.db");
    // All of it is in the file: nothing waits in the log beside it.
    let log = std::fs::metadata(folder.path().join("x.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 2048].fill(0xAA);
    std::fs::write(&file, bytes).unwrap();
    let output = check();
    assert!(!output.status.success(), "{}", text(&output.stdout));
}

#[test]
fn a_loaded_file_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let header = "Id,BilledCost,BillingCurrency,ChargeCategory,ChargeDescription,ChargePeriodEnd,ChargePeriodStart,\
                  ConsumedQuantity,ConsumedUnit,ListCost,PricingQuantity,PricingUnit,ResourceId,SkuId,SkuPriceId";
    let row = |id: &str, cost: &str, unit: &str| {
        format!(
            "{id},{cost},EUR,Usage,Storage,2026-10-02 00:00:00,2026-10-01 00:00:00,1.5,{unit},2,1.5,{unit},r,sku,price"
        )
    };
    let rows = [row("1", "0.10", "GB"), row("2", "0.200", "Furlongs"), row("3", "-0.05", "Hours")];
    std::fs::write(folder.path().join("focus.csv"), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let output =
        program(folder.path()).args(["load", "focus.csv", "--refused", "refused.csv"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.ends_with("loaded 2\nrefused 1\nbilled EUR 0.05\nrefused EUR 0.200\n"), "{said}");
    let refused = std::fs::read_to_string(folder.path().join("refused.csv")).unwrap();
    let expected = format!("{},\"line 3: there is no unit code for the unit \"\"Furlongs\"\"\"\n", rows[1]);
    assert_eq!(refused, format!("{header},Why it was not imported\n{expected}"));

    let again = program(folder.path()).args(["load", "focus.csv"]).output().unwrap();
    assert!(text(&again.stdout).starts_with("no batch: no row could be loaded\n"), "{}", text(&again.stdout));
    assert!(
        text(&again.stderr).contains("line 2: the event \"1\" is loaded already"),
        "{}",
        text(&again.stderr)
    );
    let forged = ["\"X\nbilled EUR 999\"", "EUR\u{200b}", "without-currency", "\"\""];
    let forged = forged.map(|currency| row("4", "5.00", "GB").replace("EUR", currency));
    std::fs::write(folder.path().join("forged.csv"), format!("{header}\n{}\n", forged.join("\n"))).unwrap();
    let forged = program(folder.path()).args(["load", "forged.csv"]).output().unwrap();
    let said = text(&forged.stdout);
    let lines = "refused without-currency 5.00\nrefused \"EUR\\u{200b}\" 5.00\nrefused \"X\\nbilled EUR 999\" 5.00\n\
                 refused \"without-currency\" 5.00\n";
    assert!(said.ends_with(&format!("loaded 0\nrefused 4\n{lines}")), "{said}");
    let missing = program(folder.path()).args(["load", "nope.csv"]).output().unwrap();
    assert!(!missing.status.success() && text(&missing.stderr).contains("cannot be read"));
}
