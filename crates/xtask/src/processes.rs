//! Other programs, run so that none outlives this one: each in a process group of its own, which is
//! ended and waited for when the work is done, when it fails, and on Ctrl-C.

use crate::Outcome;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long a program may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// How long one may take that first answers what it was asked.
const LONGEST_END: Duration = Duration::from_secs(20);

/// So many lines of a log are shown where its program failed.
const SHOWN_OF_A_LOG: usize = 40;

/// The programs started in the background, and the ear for Ctrl-C.
pub(crate) struct Processes {
    interrupted: Arc<AtomicBool>,
    background: Vec<Running>,
}

struct Running {
    name: String,
    child: Child,
}

impl Processes {
    /// From here on Ctrl-C, SIGTERM and SIGHUP are heard and no longer end this program at once.
    pub(crate) fn listening() -> Outcome<Self> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&interrupted);
        ctrlc::set_handler(move || told.store(true, Ordering::Relaxed))
            .map_err(|reason| format!("cannot listen for Ctrl-C: {reason}"))?;
        Ok(Self { interrupted, background: Vec::new() })
    }

    /// Others, started by another thread, that an interrupt ends as well.
    pub(crate) fn beside(&self) -> Self {
        Self { interrupted: Arc::clone(&self.interrupted), background: Vec::new() }
    }

    /// Ends what runs here and beside, as Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    /// Runs a program to its end.
    pub(crate) fn run(&mut self, command: &mut Command) -> Outcome<ExitStatus> {
        let name = name_of(command);
        let mut running = Running::start(command)?;
        loop {
            if let Some(status) = running.ended()? {
                return Ok(status);
            }
            if let Err(stopped) = self.rest(LOOK_EVERY) {
                running.end();
                return Err(format!("{stopped} {name}"));
            }
        }
    }

    /// Runs a program that must succeed.
    pub(crate) fn run_well(&mut self, command: &mut Command) -> Outcome {
        let name = name_of(command);
        let status = self.run(command)?;
        if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
    }

    /// The same of a program whose lines nobody reads unless it fails: they go into a file, of which a failure
    /// shows the end.
    pub(crate) fn run_well_into(&mut self, command: &mut Command, log: &Path) -> Outcome {
        let name = name_of(command);
        let told = |reason: std::io::Error| format!("{}: {reason}", log.display());
        let file = log.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| File::create(log));
        let file = file.map_err(told)?;
        command.stdout(file.try_clone().map_err(told)?).stderr(file);
        let status = self.run(command)?;
        if status.success() {
            return Ok(());
        }
        let lines = fs::read(log).map_err(told)?;
        let lines = String::from_utf8_lossy(&lines);
        let lines: Vec<&str> = lines.lines().collect();
        let end = lines.iter().skip(lines.len().saturating_sub(SHOWN_OF_A_LOG));
        let end: String = end.map(|line| format!("    {line}\n")).collect();
        Err(format!("{name} failed ({status}); {} says at its end:\n{end}", log.display()))
    }

    /// Starts a program that goes on beside this one.
    pub(crate) fn start(&mut self, command: &mut Command) -> Outcome {
        self.start_known(command).map(|_| ())
    }

    /// The same of one that can be ended before the others, by its number.
    pub(crate) fn start_known(&mut self, command: &mut Command) -> Outcome<u32> {
        let running = Running::start(command)?;
        let number = running.child.id();
        self.background.push(running);
        Ok(number)
    }

    /// Asks a program in the background to end, which it has to do by itself, and well.
    pub(crate) fn end_well(&mut self, number: u32) -> Outcome {
        let place = self.background.iter().position(|running| running.child.id() == number);
        let mut running = self.background.remove(place.ok_or(format!("no program {number} was started"))?);
        running.signal_group(Ending::Asked);
        let asked_at = Instant::now();
        while asked_at.elapsed() < LONGEST_END {
            match running.ended()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("{} ended with {status}", running.name)),
                None => std::thread::sleep(LOOK_EVERY),
            }
        }
        let name = running.name.clone();
        running.end();
        Err(format!("{name} was asked to end and did not within {} seconds", LONGEST_END.as_secs()))
    }

    /// Waits until `ready` is true, as long as every program in the background lives.
    pub(crate) fn wait_until(&mut self, mut ready: impl FnMut() -> bool) -> Outcome {
        loop {
            self.all_alive()?;
            if ready() {
                return Ok(());
            }
            self.rest(LOOK_EVERY * 4)?;
        }
    }

    /// Waits for Ctrl-C, which is the good end, or for a program in the background to end, which
    /// is not.
    pub(crate) fn wait_for_interrupt(&mut self) -> Outcome {
        while self.rest(LOOK_EVERY * 4).is_ok() {
            self.all_alive()?;
        }
        Ok(())
    }

    /// Ends every program in the background.
    pub(crate) fn end_background(&mut self) {
        // The last started depends on the others.
        while let Some(running) = self.background.pop() {
            running.end();
        }
    }

    fn all_alive(&mut self) -> Outcome {
        for running in &mut self.background {
            if let Some(status) = running.ended()? {
                return Err(format!("{} ended by itself ({status}); see its lines above", running.name));
            }
        }
        Ok(())
    }

    fn rest(&self, time: Duration) -> Outcome {
        std::thread::sleep(time);
        if self.interrupted.load(Ordering::Relaxed) { Err("interrupted:".to_owned()) } else { Ok(()) }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.end_background();
    }
}

impl Running {
    fn start(command: &mut Command) -> Outcome<Self> {
        let name = name_of(command);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn().map_err(|reason| format!("cannot start {name}: {reason}"))?;
        Ok(Self { name, child })
    }

    fn ended(&mut self) -> Outcome<Option<ExitStatus>> {
        self.child.try_wait().map_err(|reason| format!("cannot watch {}: {reason}", self.name))
    }

    /// Asks the whole group to end, and makes sure of it.
    fn end(mut self) {
        self.signal_group(Ending::Asked);
        let asked_at = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && asked_at.elapsed() < GRACE {
            std::thread::sleep(LOOK_EVERY);
        }
        // Its own children may still be there when it is gone.
        self.signal_group(Ending::Forced);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    #[cfg(unix)]
    fn signal_group(&self, ending: Ending) {
        use nix::sys::signal::{Signal, killpg};
        use nix::unistd::Pid;
        let signal = match ending {
            Ending::Asked => Signal::SIGTERM,
            Ending::Forced => Signal::SIGKILL,
        };
        if let Ok(group) = i32::try_from(self.child.id()) {
            // It fails only where nobody of the group is left.
            let _ = killpg(Pid::from_raw(group), signal);
        }
    }

    #[cfg(not(unix))]
    fn signal_group(&self, _: Ending) {}
}

#[derive(Clone, Copy)]
enum Ending {
    Asked,
    Forced,
}

fn name_of(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    let words = command.get_args().take(3).map(|word| word.to_string_lossy());
    let words: Vec<_> = std::iter::once(program.to_string_lossy()).chain(words).collect();
    words.join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_shown_only_where_its_program_fails() {
        let mut processes = Processes { interrupted: Arc::default(), background: Vec::new() };
        let folder = std::env::temp_dir().join(format!("xtask-log-{}", std::process::id()));
        let log = folder.join("one.log");
        let mut shell = |script: &str| {
            let mut command = Command::new("sh");
            processes.run_well_into(command.args(["-c", script]), &log)
        };
        assert_eq!(shell("echo fine"), Ok(()));
        assert_eq!(fs::read_to_string(&log).ok().as_deref(), Some("fine\n"));
        let failed = shell("seq 1 100; echo wrong >&2; exit 3").unwrap_err();
        assert!(failed.contains("one.log") && failed.ends_with("    100\n    wrong\n"), "{failed}");
        assert!(!failed.contains("    50\n"), "{failed}");
        let _ = fs::remove_dir_all(folder);
    }
}
