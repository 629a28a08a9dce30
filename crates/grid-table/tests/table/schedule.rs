//! One schedule: records come, change and go, questions are asked, steps are taken, and after each of them
//! what the view says is held against the plain account.

use std::ops::Bound;

use grid_model::SortDirection::{Ascending, Descending};
use grid_table::{
    Amount, Blanks, Edit, Filter, OrderKey, OwnedValue, Question, QuickFilter, Step, Table, Test, Ties,
    Value, View,
};

use crate::dice::Dice;
use crate::naive::Naive;
use crate::{COLUMNS, SUMMED};

const ACTIONS: usize = 24;

/// How often what is worth seeing was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) repaired: usize,
    pub(crate) narrowed: usize,
    pub(crate) empty: usize,
    pub(crate) wide: usize,
    pub(crate) passed_over: usize,
    pub(crate) halfway: usize,
    pub(crate) places: usize,
    pub(crate) grouped: usize,
    pub(crate) listed: usize,
}

impl Seen {
    pub(crate) fn assert_everything_happened(&self) {
        let Seen { repaired, narrowed, empty, wide, passed_over, halfway, places, grouped, listed } = self;
        for times in [repaired, narrowed, empty, wide, passed_over, halfway, places, grouped, listed] {
            assert!(*times > 100, "{self:?}");
        }
    }
}

pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) table: Table,
    pub(crate) view: View,
    pub(crate) naive: Naive,
    /// Keys are chosen from so many.
    keys: usize,
    /// All that is wanted has just been worked out.
    pub(crate) is_done: bool,
    /// Of the question that the rows are of.
    pub(crate) answered: Question,
    /// The columns of all groups that are wanted.
    pub(crate) grouped: Vec<Vec<usize>>,
}

pub(crate) fn play(seed: u64, seen: &mut Seen) -> Result<(), String> {
    let table = Table::composing(&COLUMNS, |text| text.replace("e\u{301}", "é"));
    let mut world = World {
        dice: Dice(seed),
        table,
        view: View::new(),
        naive: Naive::default(),
        keys: 25,
        is_done: false,
        answered: Question::default(),
        grouped: Vec::new(),
    };
    SUMMED.iter().for_each(|column| world.view.add_up(*column));
    // Now and then more rows than flags have room for in one word, or in a few.
    if world.dice.below(16) == 0 {
        world.keys = 300;
        world.edit(400, seen);
    } else if world.dice.below(4) > 0 {
        world.edit(30, seen);
    }
    world.view.finish(&mut world.table);
    let mut history = Vec::new();
    for _ in 0..ACTIONS {
        history.push(world.act(seen));
        world.check(seen).map_err(|broken| format!("{broken}\nafter {history:#?}"))?;
    }
    Ok(())
}

impl World {
    fn act(&mut self, seen: &mut Seen) -> String {
        self.is_done = false;
        match self.dice.below(9) {
            8 => self.group(),
            0..=3 => {
                let most = self.dice.pick(&[1, 1, 2, 8, 40]);
                self.edit(most, seen)
            }
            4 | 5 => {
                let question = self.question(seen);
                self.view.ask(question.clone());
                format!("ask {question:?}")
            }
            6 => {
                let budget = self.dice.below(60);
                let step = self.view.step(&mut self.table, budget);
                if step != Step::Rows {
                    self.answered = self.view.question().clone();
                }
                seen.halfway += usize::from(step != Step::Done);
                self.is_done = step == Step::Done;
                format!("step {budget}: {step:?}")
            }
            _ => {
                self.view.finish(&mut self.table);
                self.answered = self.view.question().clone();
                self.is_done = true;
                "finish".to_owned()
            }
        }
    }

    fn group(&mut self) -> String {
        let column = self.dice.below(COLUMNS.len());
        match self.dice.below(3) {
            0 => self.view.drop_values(column),
            1 => self.view.list_values(column),
            _ => {
                if self.grouped.len() > self.dice.below(3) {
                    let dropped = self.grouped.swap_remove(self.dice.below(self.grouped.len()));
                    self.view.drop_groups(&dropped);
                }
                let columns: Vec<_> =
                    (0..self.dice.below(4)).map(|_| self.dice.below(COLUMNS.len())).collect();
                self.view.group_by(&columns, &SUMMED);
                if !columns.is_empty() && !self.grouped.contains(&columns) {
                    self.grouped.push(columns);
                }
            }
        }
        format!("group by {:?}, or values of {column}", self.grouped)
    }

    fn edit(&mut self, most: usize, seen: &mut Seen) -> String {
        let rows: Vec<Vec<OwnedValue>> = (0..=self.dice.below(most))
            .map(|_| (0..COLUMNS.len()).map(|column| self.value(column)).collect())
            .collect();
        let rows: Vec<Vec<Value<'_>>> =
            rows.iter().map(|row| row.iter().map(OwnedValue::borrowed).collect()).collect();
        let edits: Vec<Edit<'_>> = rows.iter().map(|values| self.one_edit(values)).collect();
        let edited = self.view.edit(&mut self.table, &edits).expect("values of their columns' kinds");
        self.naive.edit(&edits);
        seen.repaired += edited.changed + edited.inserted + edited.removed;
        seen.passed_over += edited.passed_over;
        format!("{edits:?}")
    }

    fn one_edit<'a>(&mut self, values: &'a [Value<'a>]) -> Edit<'a> {
        let (keys, dice) = (self.keys, &mut self.dice);
        let key = dice.below(keys) as i64 - 5;
        let version = dice.below(6) as i64;
        match dice.below(10) {
            0..=5 => Edit::Put { key, version, values },
            6..=8 => {
                let column = dice.below(COLUMNS.len());
                Edit::Set { key, version: dice.pick(&[None, Some(version)]), column, value: values[column] }
            }
            _ => Edit::Remove { key, last: dice.pick(&[None, Some(version)]) },
        }
    }

    fn value(&mut self, column: usize) -> OwnedValue {
        let dice = &mut self.dice;
        let text = |dice: &mut Dice, from: &[&str]| match dice.pick(from) {
            "" => OwnedValue::Blank,
            text => OwnedValue::Text(text.to_owned()),
        };
        match column {
            0 => text(
                dice,
                &[
                    "",
                    "Zürich",
                    "zurich",
                    "ZÜRICH",
                    "usd-vm",
                    "USD-VM",
                    "a_b",
                    "axb",
                    "50%",
                    "a*b",
                    "ab",
                    "abc",
                    "cafe\u{301}",
                    "café",
                    "ce",
                ],
            ),
            1 => text(dice, &["EUR", "USD", "GBP", "JPY", "", "c", "bc"]),
            2 => OwnedValue::Text(format!("EV-{:04}", dice.below(60))),
            3 => dice.pick(&[OwnedValue::Blank, OwnedValue::Flag(true), OwnedValue::Flag(false)]),
            4 => match dice.below(8) {
                0 => OwnedValue::Blank,
                1 => OwnedValue::Instant(dice.pick(&[i64::MAX, i64::MIN + 1, -1])),
                _ => OwnedValue::Instant(dice.below(12) as i64 * 1_000_000),
            },
            5 if dice.below(12) == 0 => {
                let units = ["EUR", "", "USD", "only here"];
                let part = |dice: &mut Dice| Amount {
                    unit: dice.pick(&units).to_owned(),
                    value: dice.pick(&["2.00", "3", "", "4.40"]).parse().ok(),
                };
                OwnedValue::Amounts((0..=dice.below(3)).map(|_| part(dice)).collect())
            }
            5 => decimal(
                dice,
                &["1.10", "2.20", "4.40", "-4.40", "0.5", "0.50", "1000", "", "0", "12.345"],
                40,
            ),
            _ => decimal(dice, &["1", "0.000000000001", "7", "", "-3.5"], 8),
        }
    }

    fn question(&mut self, seen: &mut Seen) -> Question {
        let mut question = self.view.question().clone();
        let dice = &mut self.dice;
        match dice.below(6) {
            0 => {
                question.order = (0..dice.below(4))
                    .map(|_| OrderKey {
                        column: dice.below(COLUMNS.len()),
                        direction: dice.pick(&[Ascending, Descending]),
                        blanks: dice.pick(&[Blanks::Last, Blanks::Last, Blanks::First]),
                    })
                    .collect();
                question.ties = dice.pick(&[Ties::Load, Ties::Load, Ties::KeyRising, Ties::KeyFalling]);
            }
            1 => question.filters.clear(),
            2 => {
                let longer = dice.pick(&["b", "c", "0", "é", "X"]);
                let last = question.filters.last_mut().map(|filter| &mut filter.test);
                if let Some(Test::Contains(text)) = last {
                    text.push_str(longer);
                    seen.narrowed += 1;
                } else if question.quick.text.len() < 2 {
                    question.quick.text.push_str(longer);
                }
            }
            3 => {
                let text = dice.pick(&["", "", "e", "R", "u", "É", "%"]).to_owned();
                question.quick = QuickFilter { text, columns: dice.pick(&[vec![], vec![0], vec![0, 2]]) };
            }
            _ => {
                let column = dice.below(COLUMNS.len());
                let test = self.test(column);
                if question.filters.len() > 2 {
                    question.filters.remove(0);
                }
                question.filters.push(Filter { column, test });
            }
        }
        question
    }

    fn test(&mut self, column: usize) -> Test {
        let values = (0..=self.dice.below(4)).map(|_| match self.value(column) {
            OwnedValue::Amounts(_) => OwnedValue::Blank,
            value => value,
        });
        let values: Vec<OwnedValue> = values.collect();
        let mut bound = || {
            let value = self.value(column);
            // These are no end of anything.
            match self.dice.below(3) {
                _ if matches!(value, OwnedValue::Blank | OwnedValue::Amounts(_)) => Bound::Unbounded,
                0 => Bound::Unbounded,
                1 => Bound::Included(value),
                _ => Bound::Excluded(value),
            }
        };
        let (from, to) = (bound(), bound());
        match self.dice.below(9) {
            0..=2 => Test::Contains(
                self.dice
                    .pick(&["z", "ü", "A", "_", "%", "*", "vm", "0", "é", "e\u{301}", "", "-4", "1.1"])
                    .to_owned(),
            ),
            3 => Test::OneOf(values),
            4 => Test::NoneOf(values),
            5 | 6 => Test::Between { from, to },
            7 => Test::equals(values[0].clone()),
            _ => self.dice.pick(&[Test::Blank, Test::NotBlank]),
        }
    }
}

/// One of these, and now and then one that does not fit beside them.
fn decimal(dice: &mut Dice, from: &[&str], rare: usize) -> OwnedValue {
    const ODD: [&str; 5] = [
        "9000000000000000000",
        "-9223372036854775808",
        "79228162514264337593543950335",
        "-79228162514264337593543950335",
        "0.0000000000000000000000000001",
    ];
    let text = if dice.below(rare * 6) == 0 { dice.pick(&ODD) } else { dice.pick(from) };
    text.parse().map_or(OwnedValue::Blank, OwnedValue::Decimal)
}
