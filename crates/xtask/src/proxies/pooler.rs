//! PgBouncer before the database, lending connections for a transaction each: the demo server says at its start that
//! this will not do, whether the pooler refuses the settings of a connection or drops them.

use crate::dist::{told, write};
use crate::postgres::TestServer;
use crate::processes::Processes;
use crate::workspace::Workspace;
use crate::{Outcome, debian, http_probe};
use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

const POOLER: &str = "/usr/sbin/pgbouncer";
const DROPS_SETTINGS: &str = "ignore_startup_parameters = options, extra_float_digits\n";

pub(super) fn run(
    workspace: &Workspace,
    processes: &mut Processes,
    database: &TestServer,
    demo_server: &Path,
    folder: &Path,
) -> Outcome {
    let place =
        || workspace.which("pgbouncer").or_else(|| Some(PathBuf::from(POOLER)).filter(|path| path.is_file()));
    if place().is_none() && debian::can_install(workspace) {
        debian::install(workspace, processes, &["pgbouncer"], "seconds, once")?;
    }
    let Some(program) = place() else {
        println!("SKIPPED: PgBouncer is not here and cannot be installed by this account");
        return Ok(());
    };
    let (_, server) = database.url.split_once('@').ok_or("the database's address has no account")?;
    let (server, _) = server.split_once('/').ok_or("the database's address has no name")?;
    let (host, database_port) = server.split_once(':').ok_or("the database's address has no port")?;
    let folder = folder.join("pooler");
    told(&folder, fs::create_dir_all(&folder))?;
    let users = folder.join("users");
    write(&users, "\"desk\" \"\"\n")?;
    for settings in ["", DROPS_SETTINGS] {
        let port = http_probe::free_port()?;
        let config = folder.join(format!("{port}.ini"));
        write(
            &config,
            format!(
                "[databases]\n* = host={host} port={database_port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
                 unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = transaction\n{settings}",
                users.display()
            ),
        )?;
        let mut pooler = Command::new(&program);
        // It refuses to be root.
        if debian::is_root(workspace) {
            pooler.args(["-u", "nobody"]);
        }
        processes.start(pooler.arg("-q").arg(&config).current_dir("/"))?;
        processes.wait_until(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok())?;
        let address = format!("postgres://desk@127.0.0.1:{port}/postgres");
        let mut check = workspace.command(&demo_server.to_string_lossy());
        let said = check.args(["check", "--database", &address]).output();
        let said = said.map_err(|reason| format!("the demo server cannot be started: {reason}"))?;
        let words = String::from_utf8_lossy(&said.stderr).into_owned();
        if said.status.success() || !words.contains("reached through a pooler") || words.lines().count() != 1
        {
            return Err(format!("behind PgBouncer ({settings:?}) the demo server says: {words}"));
        }
    }
    println!("a pooler that lends connections for a transaction each is refused in words");
    Ok(())
}
