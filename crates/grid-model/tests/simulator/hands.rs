//! What holds the selection: the true one, and wrong ones.

use std::collections::{BTreeMap, BTreeSet};

use grid_model::{Cursor, Picked, Rows, Selection};

/// What a selection means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Key and version.
    These(BTreeMap<String, String>),
    AllBut(BTreeSet<String>),
}

/// `screen` is what is painted, `loaded` what the list knows by now.
pub trait Hand {
    fn press(&mut self);
    fn toggle(&mut self, row: usize, screen: &dyn Rows, loaded: &dyn Rows);
    fn extend(&mut self, from: usize, to: usize, screen: &dyn Rows, loaded: &dyn Rows);
    fn all(&mut self);
    fn another_question(&mut self);
    fn rows_came(&mut self, cursor: Option<usize>, loaded: &dyn Rows);
    fn meant(&self, loaded: &dyn Rows) -> Meant;
}

/// The selection as the grid uses it, with a place for each mistake.
#[derive(Default)]
struct Faithful {
    selection: Selection,
    mistakes: Mistakes,
}

#[derive(Clone, Copy, Default)]
struct Mistakes {
    keeps_over_a_question: bool,
    takes_what_has_come_since: bool,
    forgets_what_was_taken_out: bool,
    chooses_anew_as_it_is_now: bool,
    completes_whatever_came: bool,
    toggles_the_row_below: bool,
}

fn meaning(selection: &Selection) -> Meant {
    match (selection, selection.records()) {
        (Selection::All(all), _) => Meant::AllBut(all.without.iter().map(|key| key.to_string()).collect()),
        (_, Some(records)) => {
            Meant::These(records.iter().map(|one| (one.key.to_string(), one.version.to_string())).collect())
        }
        (_, None) => Meant::These(BTreeMap::new()),
    }
}

impl Hand for Faithful {
    fn press(&mut self) {
        self.selection = Selection::None;
    }

    fn toggle(&mut self, row: usize, screen: &dyn Rows, loaded: &dyn Rows) {
        let rows = if self.mistakes.takes_what_has_come_since { loaded } else { screen };
        let row = row + usize::from(self.mistakes.toggles_the_row_below);
        let Some(picked) = rows.at(row) else { return };
        self.selection = match std::mem::take(&mut self.selection) {
            Selection::All(mut all) if self.mistakes.forgets_what_was_taken_out => {
                all.without.clear();
                Selection::All(all).toggled(picked)
            }
            selection => selection.toggled(picked),
        };
    }

    fn extend(&mut self, from: usize, to: usize, screen: &dyn Rows, loaded: &dyn Rows) {
        let rows = if self.mistakes.takes_what_has_come_since { loaded } else { screen };
        let before = std::mem::take(&mut self.selection);
        self.selection = before.extended(Cursor::at(from, 0), Cursor::at(to, 0), rows);
        if self.mistakes.chooses_anew_as_it_is_now {
            let held: Vec<Picked> =
                self.selection.records().map(|records| records.iter().collect()).unwrap_or_default();
            for one in held {
                let now = rows.place(&one.key).and_then(|place| rows.at(place));
                if let Some(now) = now {
                    self.selection.carry(&one.key, &now.version);
                }
            }
        }
    }

    fn all(&mut self) {
        self.selection = Selection::all(None);
    }

    fn another_question(&mut self) {
        if !self.mistakes.keeps_over_a_question {
            self.selection = Selection::None;
        }
    }

    fn rows_came(&mut self, cursor: Option<usize>, loaded: &dyn Rows) {
        let Some(cursor) = cursor else { return };
        if self.mistakes.completes_whatever_came && self.selection.is_of_cells() {
            let before = std::mem::take(&mut self.selection);
            self.selection = before.extended(Cursor::at(cursor, 0), Cursor::at(cursor, 0), loaded);
        } else if let Some(completed) = self.selection.completed(cursor, loaded) {
            self.selection = completed;
        }
    }

    fn meant(&self, _loaded: &dyn Rows) -> Meant {
        meaning(&self.selection)
    }
}

/// The oldest mistake: rows are kept by their place and looked up when something is done.
#[derive(Default)]
struct ByPlace {
    rows: BTreeSet<usize>,
    inner: Faithful,
}

impl Hand for ByPlace {
    fn press(&mut self) {
        self.rows.clear();
        self.inner.press();
    }

    fn toggle(&mut self, row: usize, screen: &dyn Rows, loaded: &dyn Rows) {
        self.inner.toggle(row, screen, loaded);
        self.keep(loaded);
    }

    fn extend(&mut self, from: usize, to: usize, screen: &dyn Rows, loaded: &dyn Rows) {
        self.inner.extend(from, to, screen, loaded);
        self.keep(loaded);
    }

    fn all(&mut self) {
        self.inner.all();
    }

    fn another_question(&mut self) {
        self.press();
    }

    fn rows_came(&mut self, _cursor: Option<usize>, _loaded: &dyn Rows) {}

    fn meant(&self, loaded: &dyn Rows) -> Meant {
        match self.inner.meant(loaded) {
            all @ Meant::AllBut(_) => all,
            Meant::These(_) => {
                let rows = self.rows.iter().filter_map(|row| loaded.at(*row));
                Meant::These(rows.map(|one| (one.key.to_string(), one.version.to_string())).collect())
            }
        }
    }
}

impl ByPlace {
    fn keep(&mut self, loaded: &dyn Rows) {
        if let Meant::These(records) = self.inner.meant(loaded) {
            self.rows = records.keys().filter_map(|key| loaded.place(key)).collect();
        }
    }
}

pub fn faithful() -> Box<dyn Hand> {
    Box::new(Faithful::default())
}

macro_rules! mistaken {
    ($mistake:ident) => {
        || {
            let mistakes = Mistakes { $mistake: true, ..Mistakes::default() };
            Box::new(Faithful { mistakes, ..Faithful::default() })
        }
    };
}

type Make = fn() -> Box<dyn Hand>;

/// Every wrong hand, with what it does.
pub const MUTANTS: [(&str, Make); 7] = [
    ("keeps rows by their place", || Box::new(ByPlace::default())),
    ("keeps its records over another question", mistaken!(keeps_over_a_question)),
    ("takes what has come since it was painted", mistaken!(takes_what_has_come_since)),
    ("forgets what was taken out of all", mistaken!(forgets_what_was_taken_out)),
    ("chooses records anew as they are now", mistaken!(chooses_anew_as_it_is_now)),
    ("completes a range with whatever came between", mistaken!(completes_whatever_came)),
    ("takes the row below", mistaken!(toggles_the_row_below)),
];
