//! `cargo xtask serve`: from a bare checkout to the product in a browser, with one command.

use crate::Outcome;
use crate::http_probe::{answers, must_be_free};
use crate::options::{API_PORT, ServeOptions};
use crate::processes::Processes;
use crate::tools;
use crate::workspace::Workspace;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

const DATABASE: &str = ".demo/usage-desk.db";

/// Trunk looks for its configuration beside the sources, so a changed one must stand there too.
const OTHER_PORT_CONFIGURATION: &str = ".demo-trunk.toml";

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, options: &ServeOptions) -> Outcome {
    let mut times = Times(Vec::new());
    must_be_free(options.port, "--port")?;
    must_be_free(options.api_port, "--api-port")?;
    times.step("tools at hand", || {
        tools::for_the_app(workspace, processes)?;
        tools::fetch_crates(workspace, processes)
    })?;
    times.step("demo server built", || {
        processes
            .run_well_into(&mut build_server(workspace, options), &tools::log_of(workspace, "demo-server"))
    })?;
    times.step("demo server answers", || {
        fs::create_dir_all(workspace.path(".demo"))
            .map_err(|reason| format!("cannot make the folder .demo: {reason}"))?;
        processes.start(&mut serve_api(workspace, options))?;
        processes.wait_until(|| answers(options.api_port, "/healthz"))
    })?;
    let configuration = Configuration::for_port(workspace, options.api_port)?;
    times.step("app compiled", || {
        processes.run_well_into(&mut compile_app(workspace, options), &tools::log_of(workspace, "app"))
    })?;
    times.step("page answers", || {
        processes.start(&mut serve_app(workspace, options, &configuration))?;
        processes.wait_until(|| answers(options.port, "/"))
    })?;
    println!("\n{}", times.table());
    println!("Usage Desk is at http://127.0.0.1:{}", options.port);
    println!("sign in as viewer/viewer, editor/editor or admin/admin; Ctrl-C ends it\n");
    processes.wait_for_interrupt()?;
    println!("\nending");
    Ok(())
}

fn profile(options: &ServeOptions) -> &'static str {
    if options.release { "release" } else { "debug" }
}

fn build_server(workspace: &Workspace, options: &ServeOptions) -> Command {
    let mut command = workspace.cargo(&["build", "--package", "demo-server"]);
    if options.release {
        command.arg("--release");
    }
    command
}

/// Trunk compiles the app as well, and finds it done: its own lines stay those of what is changed later.
fn compile_app(workspace: &Workspace, options: &ServeOptions) -> Command {
    let mut command = workspace.cargo(&["build", "--target", tools::WASM_TARGET]);
    if options.release {
        command.arg("--release");
    }
    command
}

fn serve_api(workspace: &Workspace, options: &ServeOptions) -> Command {
    let program = workspace.target_dir().join(profile(options)).join("demo-server");
    let mut command = Command::new(program.with_extension(std::env::consts::EXE_EXTENSION));
    command
        .current_dir(&workspace.root)
        .args(["--listen", &format!("127.0.0.1:{}", options.api_port)])
        .args(["--database", &format!("sqlite://{DATABASE}")]);
    command
}

fn serve_app(workspace: &Workspace, options: &ServeOptions, configuration: &Configuration) -> Command {
    let mut command = workspace.command("trunk");
    command
        .args(["serve", "--offline", "--address", "127.0.0.1", "--port", &options.port.to_string()])
        .arg("--config")
        .arg(&configuration.path)
        // Trunk takes NO_COLOR for an option of its own and stumbles over the value 1.
        .env_remove("NO_COLOR");
    if options.release {
        command.arg("--release");
    }
    command
}

/// Trunk.toml, or a copy of it whose proxies lead to another port and which goes when we go.
struct Configuration {
    path: PathBuf,
    is_copy: bool,
}

impl Configuration {
    fn for_port(workspace: &Workspace, api_port: u16) -> Outcome<Self> {
        if api_port == API_PORT {
            return Ok(Self { path: workspace.path("Trunk.toml"), is_copy: false });
        }
        let text = workspace.read("Trunk.toml")?;
        let path = workspace.path(OTHER_PORT_CONFIGURATION);
        fs::write(&path, with_api_port(&text, api_port))
            .map_err(|reason| format!("cannot write {OTHER_PORT_CONFIGURATION}: {reason}"))?;
        Ok(Self { path, is_copy: true })
    }
}

impl Drop for Configuration {
    fn drop(&mut self) {
        if self.is_copy {
            // A copy left behind harms nobody: the next run writes it anew.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn with_api_port(configuration: &str, api_port: u16) -> String {
    configuration.replace(&format!("127.0.0.1:{API_PORT}"), &format!("127.0.0.1:{api_port}"))
}

/// What took how long.
struct Times(Vec<(&'static str, Duration)>);

impl Times {
    fn step(&mut self, name: &'static str, step: impl FnOnce() -> Outcome) -> Outcome {
        let begin = Instant::now();
        println!("{name} ...");
        step()?;
        self.0.push((name, begin.elapsed()));
        Ok(())
    }

    fn table(&self) -> String {
        let rows = self.0.iter().map(|(name, time)| format!("{name:26} {:>6.1} s\n", time.as_secs_f64()));
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_follow_the_port_of_the_demo_server() {
        let text = "[serve]\nport = 8080\n[[proxy]]\nbackend = \"http://127.0.0.1:8787/v3\"\n";
        let changed = with_api_port(text, 9001);
        assert!(changed.contains("\"http://127.0.0.1:9001/v3\""), "{changed}");
        assert!(changed.contains("port = 8080"), "{changed}");
    }
}
