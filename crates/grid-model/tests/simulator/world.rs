//! The server's list, the pages that are here, the screen, and one schedule of what happens.

use std::ops::Range;

use grid_model::{PageRequest, Picked, Rows, WindowCache};

use crate::hands::Hand;
use crate::person::Person;

const PAGE: usize = 5;
const IN_SIGHT: usize = 6;
const STEPS: usize = 60;

/// A linear congruential generator: one seed, one schedule.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

#[derive(Clone, Copy, Debug)]
struct Event {
    id: u32,
    version: u32,
    class: usize,
}

/// Filter and order.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Question {
    class: Option<usize>,
    is_reversed: bool,
}

struct Server {
    events: Vec<Event>,
    next: u32,
}

impl Server {
    fn found(&self, question: Question) -> Vec<Picked> {
        let mut found: Vec<&Event> = self
            .events
            .iter()
            .filter(|event| question.class.is_none_or(|class| event.class == class))
            .collect();
        if question.is_reversed {
            found.reverse();
        }
        found.into_iter().map(picked).collect()
    }
}

fn picked(event: &Event) -> Picked {
    Picked { key: format!("e{}", event.id).into(), version: event.version.to_string().into() }
}

/// What is loaded.
struct Loaded<'a>(&'a WindowCache<Picked>);

impl Rows for Loaded<'_> {
    fn at(&self, row: usize) -> Option<Picked> {
        self.0.row(row).cloned()
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.0.loaded().find(|(_, picked)| &*picked.key == key).map(|(row, _)| row)
    }
}

/// What is painted; beyond it, what is loaded.
struct Screen<'a> {
    painted: &'a [(usize, Option<Picked>)],
    loaded: Loaded<'a>,
}

impl Rows for Screen<'_> {
    fn at(&self, row: usize) -> Option<Picked> {
        match self.painted.iter().find(|(painted, _)| *painted == row) {
            Some((_, Some(picked))) => Some(picked.clone()),
            _ => self.loaded.at(row),
        }
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.loaded.place(key)
    }
}

pub struct Broken {
    pub how: String,
    pub history: Vec<String>,
}

/// What the schedules met with: a simulator in which nothing happens proves nothing.
#[derive(Debug, Default)]
pub struct Seen {
    ranges_with_gaps: u64,
    chosen_has_moved: u64,
    chosen_has_left: u64,
    chosen_has_changed: u64,
    taken_out_of_all: u64,
    painted_is_old: u64,
}

impl Seen {
    pub fn assert_everything_happened(&self) {
        let all = [
            self.ranges_with_gaps,
            self.chosen_has_moved,
            self.chosen_has_left,
            self.chosen_has_changed,
            self.taken_out_of_all,
            self.painted_is_old,
        ];
        assert!(all.iter().all(|times| *times > 10), "{self:?}");
    }
}

/// Plays one schedule with a hand.
pub fn play(seed: u64, mut hand: Box<dyn Hand>, seen: &mut Seen) -> Result<(), Broken> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1));
    let mut server = Server { events: Vec::new(), next: 0 };
    for _ in 0..15 + dice.below(15) {
        add(&mut server, &mut dice);
    }
    let mut question = Question { class: None, is_reversed: false };
    let mut cache: WindowCache<Picked> = WindowCache::new(PAGE, 4);
    let mut asked: Vec<PageRequest> = Vec::new();
    let mut in_sight: Range<usize> = 0..IN_SIGHT;
    let mut painted: Vec<(usize, Option<Picked>)> = Vec::new();
    let (mut cursor, mut person) = (None::<usize>, Person::default());
    let mut history = Vec::new();
    for _ in 0..STEPS {
        let screen = Screen { painted: &painted, loaded: Loaded(&cache) };
        let row = in_sight.start + dice.below(IN_SIGHT);
        let is_old = screen.at(row) != screen.loaded.at(row) && screen.at(row).is_some();
        let what = match dice.below(16) {
            0 => {
                hand.press();
                person.let_go();
                cursor = Some(row);
                format!("press {row}")
            }
            1 | 2 => {
                seen.painted_is_old += u64::from(is_old);
                hand.toggle(row, &screen, &screen.loaded);
                if let Some(picked) = screen.at(row) {
                    person.toggle(picked);
                }
                cursor = Some(row);
                format!("toggle {row}")
            }
            3 | 4 => {
                let from = cursor.unwrap_or(in_sight.start);
                let has_gap = (from.min(row)..=from.max(row)).any(|row| screen.at(row).is_none());
                seen.ranges_with_gaps += u64::from(has_gap);
                seen.painted_is_old += u64::from(is_old);
                hand.extend(from, row, &screen, &screen.loaded);
                person.extend(from, row, &screen);
                cursor = Some(row);
                format!("extend {from} to {row}")
            }
            5 if dice.below(3) == 0 => {
                hand.all();
                person.all();
                "all".to_owned()
            }
            5 | 6 => {
                in_sight.start = dice.below(20);
                in_sight.end = in_sight.start + IN_SIGHT;
                format!("scroll to {}", in_sight.start)
            }
            7 => {
                question = Question {
                    class: (dice.below(2) == 0).then(|| dice.below(3)),
                    is_reversed: dice.below(2) == 0,
                };
                cache.restart();
                asked.clear();
                painted.clear();
                in_sight = 0..IN_SIGHT;
                cursor = None;
                hand.another_question();
                person.let_go();
                format!("ask {question:?}")
            }
            8 => {
                cache.refresh();
                "refresh".to_owned()
            }
            9 => {
                add(&mut server, &mut dice);
                "somebody adds".to_owned()
            }
            10 => {
                let at = dice.below(server.events.len());
                let gone = (server.events.len() > 8).then(|| server.events.remove(at));
                format!("somebody removes {gone:?}")
            }
            11 => {
                let (at, class) = (dice.below(server.events.len()), dice.below(3));
                if let Some(event) = server.events.get_mut(at) {
                    event.version += 1;
                    event.class = class;
                }
                format!("somebody changes {:?}", server.events.get(at))
            }
            _ => {
                let answered = (!asked.is_empty()).then(|| asked.swap_remove(dice.below(asked.len())));
                if let Some(request) = answered {
                    let found = server.found(question);
                    if dice.below(8) == 0 {
                        cache.fail(request, "lost");
                    } else {
                        let end = (request.offset + request.limit).min(found.len());
                        let page = found.get(request.offset..end).unwrap_or_default().to_vec();
                        cache.accept(request, page, Some(found.len()), end < found.len());
                    }
                }
                format!("answer {answered:?}")
            }
        };
        history.push(what);
        // Not every step reaches the screen before the next one.
        if dice.below(3) > 0 {
            let loaded = Loaded(&cache);
            hand.rows_came(cursor, &loaded);
            if let Some(cursor) = cursor {
                person.rows_came(cursor, &loaded);
            }
            painted = in_sight.clone().map(|row| (row, loaded.at(row))).collect();
            asked.extend(cache.plan(in_sight.clone()).ask);
            cache.retry();
        }
        let (holds, meant) = (hand.meant(&Loaded(&cache)), person.meant());
        if holds != meant {
            return Err(Broken { how: format!("it means {holds:?} and not {meant:?}"), history });
        }
        note(seen, &meant, &server, &cache);
    }
    Ok(())
}

fn add(server: &mut Server, dice: &mut Dice) {
    let (at, class) = (dice.below(server.events.len() + 1), dice.below(3));
    server.events.insert(at, Event { id: server.next, version: 1, class });
    server.next += 1;
}

fn note(seen: &mut Seen, meant: &crate::hands::Meant, server: &Server, cache: &WindowCache<Picked>) {
    use crate::hands::Meant;
    match meant {
        Meant::AllBut(without) => seen.taken_out_of_all += u64::from(!without.is_empty()),
        Meant::These(chosen) => {
            for (place, (key, version)) in chosen.iter().enumerate() {
                let event = server.events.iter().find(|event| format!("e{}", event.id) == *key);
                seen.chosen_has_left += u64::from(event.is_none());
                seen.chosen_has_changed +=
                    u64::from(event.is_some_and(|event| event.version.to_string() != *version));
                seen.chosen_has_moved += u64::from(Loaded(cache).place(key).is_some_and(|now| now != place));
            }
        }
    }
}
