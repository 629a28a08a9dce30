//! Which rows pass one filter, or the quick filter.

use super::Table;
use super::bits::Bits;
use super::column_data::ColumnData;
use super::filter::{Filter, QuickFilter, Test};
use super::sieve_way::Way;
use super::verdicts::Verdicts;

#[derive(Clone, Debug)]
pub(super) struct Sieve {
    /// A row passes if its value in any of these does.
    columns: Vec<(usize, Verdicts)>,
    /// As it was asked.
    asked: Test,
    /// Prepared.
    test: Test,
    bits: Bits,
    /// Words of the bits that are worked out.
    filled: usize,
    is_quick: bool,
    /// Rows outside of these need not be looked at.
    wider: Option<Bits>,
}

impl Sieve {
    pub(super) fn of_filter(filter: &Filter, table: &Table) -> Self {
        Self::new(vec![filter.column], filter.test.clone(), false, table)
    }

    pub(super) fn of_quick_filter(quick: &QuickFilter, table: &Table) -> Self {
        let is_text = |column: &usize| table.text(*column).is_some();
        let columns = match quick.columns.as_slice() {
            [] => (0..table.columns.len()).filter(is_text).collect(),
            columns => columns.iter().copied().filter(is_text).collect(),
        };
        Self::new(columns, Test::Contains(quick.text.clone()), true, table)
    }

    fn new(columns: Vec<usize>, asked: Test, is_quick: bool, table: &Table) -> Self {
        Self {
            columns: columns.into_iter().map(|column| (column, Verdicts::default())).collect(),
            test: asked.prepared(table.composed),
            asked,
            bits: Bits::default(),
            filled: 0,
            is_quick,
            wider: None,
        }
    }

    /// Takes over what another one has worked out, as far as it is about the same.
    pub(super) fn learn_from(&mut self, other: &Sieve) {
        if !self.columns.iter().map(|(column, _)| column).eq(other.columns.iter().map(|(column, _)| column)) {
            return;
        }
        if self.asked == other.asked {
            *self = Self { is_quick: self.is_quick, ..other.clone() };
            return;
        }
        if let (Test::Contains(longer), Test::Contains(shorter)) = (&self.test, &other.test)
            && longer.contains(shorter.as_str())
        {
            for ((_, verdicts), (_, wider)) in self.columns.iter_mut().zip(&other.columns) {
                *verdicts = Verdicts::narrowing(wider);
            }
            self.wider = Some(other.bits.clone());
        }
    }

    /// Whether this is the filter of a column, and not the quick filter.
    pub(super) fn is_filter_of(&self, column: usize) -> bool {
        !self.is_quick && self.looks_at(column)
    }

    pub(super) fn looks_at(&self, column: usize) -> bool {
        self.columns.iter().any(|(of, _)| *of == column)
    }

    pub(super) fn bits(&self) -> &Bits {
        &self.bits
    }

    /// Goes on until the budget is used up. Whether all rows are judged.
    pub(super) fn step(&mut self, table: &Table, budget: &mut usize) -> bool {
        if !self.judge_texts(table, budget) {
            return false;
        }
        self.bits.grow(table.keys.len(), false);
        let end = self.bits.word_count().min(self.filled.saturating_add(budget.div_ceil(64)));
        *budget = budget.saturating_sub((end - self.filled) * 64);
        let rows = self.bits.len();
        for (column, verdicts) in &self.columns {
            let data = &table.columns[*column];
            let way = Way::of(&self.test, data, verdicts);
            if way.passes_none() {
                continue;
            }
            for word in self.filled..end {
                let here = self.bits.word(word);
                if here != u64::MAX && self.wider.as_ref().is_none_or(|wider| wider.word(word) != 0) {
                    let passes = way.word(data, word * 64..rows.min(word * 64 + 64));
                    self.bits.set_word(word, here | passes);
                }
            }
            for row in data.rows_of_several(self.filled * 64..end * 64) {
                self.bits.set(row, self.test.passes(data.get(row)));
            }
        }
        self.filled = end;
        let is_done = end == self.bits.word_count();
        if is_done {
            self.wider = None;
        }
        is_done
    }

    /// Judges rows that changed or are new.
    pub(super) fn update(&mut self, table: &Table, rows: &[super::Row]) {
        self.judge_texts(table, &mut { usize::MAX });
        self.bits.grow(table.keys.len(), false);
        self.filled = self.bits.word_count();
        for row in rows.iter().map(|row| *row as usize) {
            let passes = self.columns.iter().any(|(column, verdicts)| match &table.columns[*column] {
                ColumnData::Text(text) => verdicts.get(text.codes.get(row)),
                data => self.test.passes(data.get(row)),
            });
            self.bits.set(row, passes);
        }
    }

    fn judge_texts(&mut self, table: &Table, budget: &mut usize) -> bool {
        let test = &self.test;
        self.columns.iter_mut().all(|(column, verdicts)| {
            table.text(*column).is_none_or(|text| verdicts.step(test, &text.dictionary, budget))
        })
    }
}
