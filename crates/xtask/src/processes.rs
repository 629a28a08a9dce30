//! Other programs, run so that none outlives this one: each in a process group of its own, which is
//! ended and waited for when the work is done, when it fails, and on Ctrl-C.

use crate::Outcome;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long a program may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// The programs started in the background, and the ear for Ctrl-C.
pub(crate) struct Processes {
    interrupts: Receiver<()>,
    background: Vec<Running>,
}

struct Running {
    name: String,
    child: Child,
}

impl Processes {
    /// From here on Ctrl-C, SIGTERM and SIGHUP are heard and no longer end this program at once.
    pub(crate) fn listening() -> Outcome<Self> {
        let (told, interrupts) = channel();
        ctrlc::set_handler(move || {
            // Nobody listens only when the program is ending anyway.
            let _ = told.send(());
        })
        .map_err(|reason| format!("cannot listen for Ctrl-C: {reason}"))?;
        Ok(Self { interrupts, background: Vec::new() })
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

    /// Starts a program that goes on beside this one.
    pub(crate) fn start(&mut self, command: &mut Command) -> Outcome {
        self.background.push(Running::start(command)?);
        Ok(())
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
        match self.interrupts.recv_timeout(time) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Ok(()) | Err(RecvTimeoutError::Disconnected) => Err("interrupted:".to_owned()),
        }
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
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(command.get_program());
    let words = command.get_args().take(3).map(|word| word.to_string_lossy());
    let words: Vec<_> = std::iter::once(program.to_string_lossy()).chain(words).collect();
    words.join(" ")
}
