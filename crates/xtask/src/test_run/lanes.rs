//! Steps side by side. Those of the first lane run in this program and print as they go. Each of the
//! second lane runs in a program of its own, whose lines are kept in a file and printed together when
//! it has ended and no step of the first lane is in the middle of its own.

use super::names_of;
use super::steps::{Lane, Step};
use crate::Outcome;
use crate::processes::Processes;
use crate::workspace::Workspace;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

pub(super) struct Lanes<'a> {
    workspace: &'a Workspace,
    times: Mutex<Vec<(&'static str, Duration)>>,
    /// What steps of the second lane printed, and is not shown yet.
    unseen: Mutex<Vec<PathBuf>>,
    /// The first failure: what fails after it was only ended by it.
    failure: OnceLock<String>,
}

impl<'a> Lanes<'a> {
    pub(super) fn new(workspace: &'a Workspace) -> Self {
        let (times, unseen) = (Mutex::default(), Mutex::default());
        Self { workspace, times, unseen, failure: OnceLock::new() }
    }

    pub(super) fn run(&self, processes: &mut Processes, chosen: &[&'static Step]) -> Outcome {
        let of = |lane| chosen.iter().copied().filter(|step| step.lane == lane).collect::<Vec<_>>();
        let (first, second, last) = (of(Lane::First), of(Lane::Second), of(Lane::Last));
        if first.is_empty() || second.is_empty() {
            return self.one_lane(processes, chosen);
        }
        println!("beside: {}; what they print is shown when they have ended", names_of(&second));
        let mut beside = processes.beside();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| self.second_lane(&mut beside, &second));
            // What it comes to is in `failure`.
            let _ = self.one_lane(processes, &first);
            while !second.is_finished() {
                std::thread::sleep(Duration::from_millis(200));
                self.show_ended();
            }
        });
        self.show_ended();
        self.failure.get().map_or(Ok(()), |failure| Err(failure.clone()))?;
        self.one_lane(processes, &last)
    }

    /// Each step's time, in the order of the steps.
    pub(super) fn print_times(&self, chosen: &[&Step]) {
        let times = locked(&self.times);
        println!();
        for step in chosen {
            if let Some((name, time)) = times.iter().find(|(name, _)| *name == step.name) {
                println!("{name:14} {:>7.1} s", time.as_secs_f64());
            }
        }
    }

    fn one_lane(&self, processes: &mut Processes, steps: &[&'static Step]) -> Outcome {
        for step in steps {
            println!("\n=== {}: {} ===", step.name, step.says);
            let done = self.timed(step, processes, |processes| (step.run)(self.workspace, processes));
            self.show_ended();
            done?;
        }
        Ok(())
    }

    fn second_lane(&self, processes: &mut Processes, steps: &[&'static Step]) {
        for step in steps {
            let log = self.workspace.target_dir().join("test-run").join(format!("{}.log", step.name));
            let done =
                self.timed(step, processes, |processes| processes.run_well(&mut by_itself(step, &log)?));
            locked(&self.unseen).push(log);
            if done.is_err() {
                return;
            }
        }
    }

    /// Runs a step; one that fails ends what runs beside it.
    fn timed(
        &self,
        step: &'static Step,
        processes: &mut Processes,
        run: impl FnOnce(&mut Processes) -> Outcome,
    ) -> Outcome {
        let begin = Instant::now();
        let done = run(processes).map_err(|reason| format!("step {} failed: {reason}", step.name));
        locked(&self.times).push((step.name, begin.elapsed()));
        if let Err(reason) = &done {
            let _ = self.failure.set(reason.clone());
            processes.interrupt();
        }
        done
    }

    fn show_ended(&self) {
        for log in locked(&self.unseen).drain(..) {
            match fs::read(&log) {
                Ok(lines) => println!("{}", String::from_utf8_lossy(&lines)),
                Err(reason) => println!("cannot read {}: {reason}", log.display()),
            }
        }
    }
}

/// This program, to run one step and print into a file.
fn by_itself(step: &Step, log: &PathBuf) -> Outcome<Command> {
    let told = |reason: std::io::Error| format!("cannot run {} beside: {reason}", step.name);
    fs::create_dir_all(log.parent().unwrap_or(log)).map_err(told)?;
    let lines = fs::File::create(log).map_err(told)?;
    let mut command = Command::new(std::env::current_exe().map_err(told)?);
    command.args(["test", "--only", step.name]);
    command.stdout(lines.try_clone().map_err(told)?).stderr(lines);
    Ok(command)
}

fn locked<T>(what: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const PATIENT: Step = Step {
        name: "patient",
        says: "would take a minute",
        run: |_, processes| processes.run_well(Command::new("sleep").arg("60")),
        lane: Lane::First,
    };
    /// What the program of these tests says of a step's words: that it does not know them.
    const FAILING: Step = Step { name: "failing", says: "fails", run: |_, _| Ok(()), lane: Lane::Second };
    const LAST: Step = Step { name: "last", says: "is never begun", run: |_, _| Ok(()), lane: Lane::Last };

    #[test]
    fn a_failure_beside_ends_the_run_and_is_its_reason() {
        let workspace = Workspace::find().unwrap();
        let mut processes = Processes::listening().unwrap();
        let lanes = Lanes::new(&workspace);
        let begin = Instant::now();
        let failure = lanes.run(&mut processes, &[&PATIENT, &FAILING, &LAST]).unwrap_err();
        assert!(failure.starts_with("step failing failed"), "{failure}");
        assert!(begin.elapsed() < Duration::from_secs(30));
        let mut timed: Vec<_> = locked(&lanes.times).iter().map(|(name, _)| *name).collect();
        timed.sort_unstable();
        assert_eq!(timed, ["failing", "patient"]);
        let log = workspace.target_dir().join("test-run/failing.log");
        assert!(fs::read_to_string(log).unwrap().contains("only"));
    }
}
