//! `cargo xtask test`: everything CI runs, step by step, each announced and timed. Two lanes of steps
//! run side by side, for most steps leave a core idle for a while. The first step that fails ends
//! the run.

mod lanes;
mod steps;

use crate::Outcome;
use crate::options::StepChoice;
use crate::processes::Processes;
use crate::workspace::Workspace;
use lanes::Lanes;
use steps::{QUICK, STEPS, Step};
pub(crate) use steps::{
    bench_app, bench_import, demo_server, in_chromium, lighthouse, run_playwright, tests_of_the_app,
};

pub(crate) fn run(workspace: &Workspace, processes: &mut Processes, choice: &StepChoice) -> Outcome {
    let chosen = chosen(choice)?;
    if chosen.is_empty() {
        return Ok(());
    }
    let lanes = Lanes::new(workspace);
    let done = lanes.run(processes, &chosen);
    lanes.print_times(&chosen);
    done?;
    match choice {
        StepChoice::All => println!("every step passed"),
        _ => println!("passed: {}", names_of(&chosen)),
    }
    Ok(())
}

fn names_of(steps: &[&Step]) -> String {
    steps.iter().map(|step| step.name).collect::<Vec<_>>().join(", ")
}

fn chosen(choice: &StepChoice) -> Outcome<Vec<&'static Step>> {
    let place = |name: &str| {
        let names = || names_of(&STEPS.iter().collect::<Vec<_>>());
        STEPS
            .iter()
            .position(|step| step.name == name)
            .ok_or_else(|| format!("no such step: {name}; there are {}", names()))
    };
    let named = |names: &[&str]| -> Outcome<Vec<&'static Step>> {
        let places: Vec<usize> = names.iter().map(|name| place(name)).collect::<Result<_, _>>()?;
        Ok(STEPS.iter().enumerate().filter(|(at, _)| places.contains(at)).map(|(_, step)| step).collect())
    };
    match choice {
        StepChoice::All => Ok(STEPS.iter().collect()),
        StepChoice::From(name) => Ok(STEPS.iter().skip(place(name)?).collect()),
        StepChoice::Only(names) => named(&names.iter().map(String::as_str).collect::<Vec<_>>()),
        StepChoice::Quick => named(&QUICK),
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
        assert_eq!(names(&StepChoice::From("browser".to_owned())), ["browser", "e2e", "firefox"]);
        assert_eq!(names(&StepChoice::All).len(), STEPS.len());
        assert_eq!(names(&StepChoice::Quick), QUICK);
        assert!(chosen(&StepChoice::From("nothing".to_owned())).is_err());
    }
}
