//! Many schedules at once, on every core, and what they showed.

use crate::coverage::Coverage;
use crate::mutants::{Kind, mutants};
use crate::world::run;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A mutant that survives this many schedules is not caught.
const MUTANT_SCHEDULES: u64 = 20_000;

/// Schedules that a thread takes at one time.
const SHARE: u64 = 50;

/// The schedules of `count` seeds from `first` on.
#[derive(Clone, Copy)]
pub(crate) struct Runs {
    pub(crate) first: u64,
    pub(crate) count: u64,
    /// Say every second how far it has come.
    pub(crate) tells: bool,
}

/// A seed whose schedule broke a promise.
pub(crate) struct Broken {
    pub(crate) seed: u64,
    pub(crate) how: String,
}

/// What breaks in the schedule of one seed; a panic is a broken promise as well.
fn broken(seed: u64, kind: Kind, seen: &mut Coverage) -> Option<Broken> {
    let played = std::panic::catch_unwind(|| match run(seed, kind, false) {
        Ok(world) => Ok(world.coverage),
        Err(failure) => Err(failure.broken),
    });
    match played {
        Ok(Ok(coverage)) => {
            seen.join(&coverage);
            None
        }
        Ok(Err(how)) => Some(Broken { seed, how }),
        Err(_) => Some(Broken { seed, how: "a panic".to_owned() }),
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Runs {
    /// Plays every schedule, or as many as it takes to break a promise.
    pub(crate) fn play(self) -> Result<Coverage, Broken> {
        let (next, done, is_over) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
        let work = || -> Result<Coverage, Broken> {
            let mut seen = Coverage::default();
            while !is_over.load(Ordering::Relaxed) {
                let from = next.fetch_add(SHARE, Ordering::Relaxed);
                if from >= self.count {
                    break;
                }
                for at in from..self.count.min(from + SHARE) {
                    if let Some(broken) = broken(self.first + at, Kind::FAITHFUL, &mut seen) {
                        is_over.store(true, Ordering::Relaxed);
                        return Err(broken);
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
            Ok(seen)
        };
        let begin = Instant::now();
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads()).map(|_| scope.spawn(work)).collect();
            while self.tells && running.iter().any(|thread| !thread.is_finished()) {
                std::thread::park_timeout(Duration::from_millis(1_000));
                self.tell(done.load(Ordering::Relaxed), begin);
            }
            let mut seen = Coverage::default();
            let mut broken: Option<Broken> = None;
            for thread in running {
                match thread.join().expect("promises that break are no panic") {
                    Ok(part) => seen.join(&part),
                    Err(other) if broken.as_ref().is_none_or(|known| other.seed < known.seed) => {
                        broken = Some(other);
                    }
                    Err(_) => {}
                }
            }
            let played = done.load(Ordering::Relaxed);
            let took = begin.elapsed().as_millis().max(1);
            let (cores, speed) = (threads(), u128::from(played) * 1_000 / took);
            println!("{played} schedules in {took} ms on {cores} cores: {speed} a second");
            broken.map_or(Ok(seen), Err)
        })
    }

    fn tell(self, done: u64, begin: Instant) {
        let seconds = begin.elapsed().as_secs();
        let speed = done / seconds.max(1);
        let left = (self.count - done.min(self.count)) / speed.max(1);
        let line =
            format!("{done} of {} schedules in {seconds} s, {speed} a second, {left} s to go", self.count);
        // On a terminal one line is written over and over; a file gets one every ten seconds.
        if std::io::stderr().is_terminal() {
            eprint!("\r{line}  ");
            let _ = std::io::stderr().flush();
        } else if seconds.is_multiple_of(10) {
            eprintln!("{line}");
        }
    }
}

/// Plays schedules with every mutant until a promise notices it, and prints how soon that was.
/// Gives back the names of those that nothing noticed.
pub(crate) fn survivors() -> Vec<&'static str> {
    let all = mutants();
    let next = AtomicU64::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some((name, kind)) = all.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
            let mut nothing = Coverage::default();
            let caught = (0..MUTANT_SCHEDULES).find_map(|seed| broken(seed, *kind, &mut nothing));
            found.push((*name, caught));
        }
        found
    };
    let found: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads()).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    println!("{:56} {:>9}  caught by", "mutant", "schedules");
    let mut survivors = Vec::new();
    for (name, _) in &all {
        match found.iter().find(|(other, _)| other == name).and_then(|(_, caught)| caught.as_ref()) {
            Some(Broken { seed, how }) => println!("{name:56} {:>9}  {how}", seed + 1),
            None => {
                println!("{name:56} {:>9}", "survived");
                survivors.push(*name);
            }
        }
    }
    survivors
}
