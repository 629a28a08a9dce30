//! What the cells of a column say of the form that it is written in: found from all of them, never from one.

use std::marker::PhantomData;

use crate::number_form::is_nothing;

/// One of two ways to write the values of a column.
pub(crate) trait Form: Copy {
    /// A column whose cells tell nothing apart is read in the first.
    const BOTH: [Self; 2];

    /// The value, written alike in both; nothing for a text that is none in this form.
    fn read(self, text: &str) -> Option<String>;
}

/// The cells of a column, counted.
#[derive(Clone, Debug)]
pub(crate) struct Evidence<F> {
    /// Cells that are a value in one of the forms only.
    pub only_first: u64,
    pub only_second: u64,
    /// One of the cells that are another value in each.
    pub either: Option<String>,
    has_same: bool,
    form: PhantomData<F>,
}

/// The form of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict<F> {
    Known(F),
    /// A person has to say: both are possible, or cells speak for each.
    Asked,
    /// No cell is a value.
    NoValues,
}

impl<F: Form> Evidence<F> {
    pub fn new() -> Self {
        Self { only_first: 0, only_second: 0, either: None, has_same: false, form: PhantomData }
    }

    pub fn add(&mut self, text: &str) {
        if is_nothing(text) {
            return;
        }
        match F::BOTH.map(|form| form.read(text)) {
            [Some(one), Some(other)] if one == other => self.has_same = true,
            [Some(_), Some(_)] => {
                self.either.get_or_insert_with(|| text.to_owned());
            }
            [Some(_), None] => self.only_first += 1,
            [None, Some(_)] => self.only_second += 1,
            [None, None] => {}
        }
    }

    pub fn verdict(&self) -> Verdict<F> {
        let [first, second] = F::BOTH;
        match (self.only_first, self.only_second) {
            (0, 0) if self.either.is_some() => Verdict::Asked,
            (0, 0) if self.has_same => Verdict::Known(first),
            (0, 0) => Verdict::NoValues,
            (_, 0) => Verdict::Known(first),
            (0, _) => Verdict::Known(second),
            _ => Verdict::Asked,
        }
    }

    /// The form, unless a person has to say it, and whether cells speak for it alone.
    pub fn found(&self) -> (Option<F>, bool) {
        match self.verdict() {
            Verdict::Known(form) => (Some(form), self.only_first + self.only_second > 0),
            Verdict::NoValues => (Some(F::BOTH[0]), false),
            Verdict::Asked => (None, false),
        }
    }

    /// A cell to ask by, where none speaks for one form alone.
    pub fn example(&self) -> Option<String> {
        self.either.clone().filter(|_| self.only_first + self.only_second == 0)
    }
}
