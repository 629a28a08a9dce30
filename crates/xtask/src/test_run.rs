//! `cargo xtask test`: everything CI runs, step by step, each announced and timed. The first step
//! that fails ends the run.

mod steps;

use crate::Outcome;
use crate::options::StepChoice;
use crate::processes::Processes;
use crate::workspace::Workspace;
use std::time::{Duration, Instant};
use steps::{STEPS, Step};
pub(crate) use steps::{bench_app, demo_server};

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, choice: &StepChoice) -> Outcome {
    let chosen = chosen(choice)?;
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for step in chosen {
        println!("\n=== {}: {} ===", step.name, step.says);
        let begin = Instant::now();
        let done = (step.run)(workspace, processes);
        times.push((step.name, begin.elapsed()));
        if let Err(reason) = done {
            print_times(&times);
            return Err(format!("step {} failed: {reason}", step.name));
        }
    }
    print_times(&times);
    println!("every step passed");
    Ok(())
}

fn print_times(times: &[(&str, Duration)]) {
    println!();
    for (name, time) in times {
        println!("{name:14} {:>7.1} s", time.as_secs_f64());
    }
}

fn chosen(choice: &StepChoice) -> Outcome<Vec<&'static Step>> {
    let place = |name: &str| {
        let names = || STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ");
        STEPS
            .iter()
            .position(|step| step.name == name)
            .ok_or_else(|| format!("no such step: {name}; there are {}", names()))
    };
    match choice {
        StepChoice::All => Ok(STEPS.iter().collect()),
        StepChoice::From(name) => Ok(STEPS.iter().skip(place(name)?).collect()),
        StepChoice::Only(names) => {
            let places: Vec<usize> = names.iter().map(|name| place(name)).collect::<Result<_, _>>()?;
            Ok(STEPS.iter().enumerate().filter(|(at, _)| places.contains(at)).map(|(_, step)| step).collect())
        }
        StepChoice::List => {
            for step in STEPS {
                println!("{:14} {}", step.name, step.says);
            }
            Ok(Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(choice: &StepChoice) -> Vec<&'static str> {
        chosen(choice).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_keep_their_order_whatever_is_chosen() {
        let only = StepChoice::Only(vec!["tidy".to_owned(), "fmt".to_owned()]);
        assert_eq!(names(&only), ["fmt", "tidy"]);
        assert_eq!(names(&StepChoice::From("dist".to_owned())), ["dist", "e2e"]);
        assert_eq!(names(&StepChoice::All).len(), STEPS.len());
        assert!(chosen(&StepChoice::From("nothing".to_owned())).is_err());
    }
}
