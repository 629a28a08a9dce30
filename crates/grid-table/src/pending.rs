//! A question on its way to its rows.

use std::sync::Arc;

use super::bits::Bits;
use super::order::{RowOrder, Ties};
use super::order_job::OrderJob;
use super::question::Question;
use super::ranks::RankJob;
use super::row_list::Picking;
use super::sieve::Sieve;
use super::{ColumnData, Row, Table};

/// What the rows of a question come down to.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub question: Question,
    /// The table's revision that it is of; nothing before the first.
    pub revision: Option<u64>,
    /// All rows, in order.
    pub order: Arc<Vec<Row>>,
    /// By filter, and behind them the quick filter.
    pub sieves: Vec<Sieve>,
    /// Rows that pass all of them.
    pub passing: Bits,
    /// Those in order, where there is any sieve.
    pub shown: Vec<Row>,
}

#[derive(Clone, Debug)]
pub(super) struct Pending {
    answer: Answer,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    Ranks { column: usize, job: Option<RankJob> },
    BeginOrder,
    Order(OrderJob),
    Sieves { at: usize },
    Pick(Picking),
}

impl Answer {
    pub(super) fn rows(&self) -> &[Row] {
        if self.sieves.is_empty() { &self.order } else { &self.shown }
    }

    /// Rows that pass all filters but those of a column, of those that are alive.
    pub(super) fn passing_but(&self, column: usize, alive: &Bits) -> Bits {
        let mut passing = alive.clone();
        let others = self.sieves.iter().filter(|sieve| !sieve.is_filter_of(column));
        others.for_each(|sieve| passing.and(sieve.bits()));
        passing
    }

    pub(super) fn passes_but(&self, column: usize, table: &Table, row: Row) -> bool {
        let mut others = self.sieves.iter().filter(|sieve| !sieve.is_filter_of(column));
        table.alive.get(row as usize) && others.all(|sieve| sieve.bits().get(row as usize))
    }

    pub(super) fn row_order<'a>(&'a self, table: &'a Table) -> RowOrder<'a> {
        RowOrder { table, keys: &self.question.order, ties: self.question.ties }
    }
}

impl Pending {
    /// Begins with what the answer before has of it already.
    pub(super) fn new(question: Question, table: &Table, before: &Answer) -> Self {
        let mut sieves: Vec<Sieve> = question
            .filters
            .iter()
            .filter(|filter| !filter.test.is_open())
            .map(|filter| Sieve::of_filter(filter, table))
            .collect();
        if !question.quick.text.is_empty() {
            sieves.push(Sieve::of_quick_filter(&question.quick, table));
        }
        let is_of_this_table = before.revision == Some(table.revision);
        if is_of_this_table {
            for sieve in &mut sieves {
                before.sieves.iter().for_each(|known| sieve.learn_from(known));
            }
        }
        let has_order = is_of_this_table
            && (&question.order, question.ties) == (&before.question.order, before.question.ties);
        let mut order = Arc::default();
        let stage = if has_order {
            order = Arc::clone(&before.order);
            Stage::Sieves { at: 0 }
        } else {
            Stage::Ranks { column: 0, job: None }
        };
        let answer = Answer { question, revision: Some(table.revision), order, sieves, ..Answer::default() };
        Self { answer, stage }
    }

    pub(super) fn is_of(&self, table: &Table) -> bool {
        self.answer.revision == Some(table.revision)
    }

    /// Goes on until the budget is used up. Whether the answer is whole.
    pub(super) fn step(&mut self, table: &mut Table, budget: &mut usize) -> bool {
        loop {
            match &mut self.stage {
                Stage::Ranks { column, job } => {
                    if *column == table.columns.len() {
                        self.stage = Stage::BeginOrder;
                        continue;
                    }
                    if self.answer.row_order(table).needs_ranks_of(*column)
                        && !rank(table, *column, job, budget)
                    {
                        return false;
                    }
                    self.stage = Stage::Ranks { column: *column + 1, job: None };
                }
                Stage::BeginOrder => {
                    self.stage = Stage::Order(OrderJob::new(self.answer.row_order(table)));
                }
                Stage::Order(job) => {
                    if !job.step(budget, table) {
                        return false;
                    }
                    self.answer.order = Arc::new(std::mem::take(job).into_rows());
                    self.stage = Stage::Sieves { at: 0 };
                }
                Stage::Sieves { at } => match self.answer.sieves.get_mut(*at) {
                    Some(sieve) => {
                        if !sieve.step(table, budget) {
                            return false;
                        }
                        *at += 1;
                    }
                    None => {
                        self.answer.passing = table.alive.clone();
                        for sieve in &self.answer.sieves {
                            self.answer.passing.and(sieve.bits());
                        }
                        self.stage = Stage::Pick(Picking::default());
                    }
                },
                Stage::Pick(picking) => {
                    let Answer { question, order, passing, sieves, shown, .. } = &mut self.answer;
                    if !sieves.is_empty() {
                        let is_load_order = question.order.is_empty() && question.ties == Ties::Load;
                        let is_done = match is_load_order {
                            true => picking.step_in_load_order(passing, budget),
                            false => picking.step(order, passing, budget),
                        };
                        if !is_done {
                            return false;
                        }
                        *shown = std::mem::take(picking).done();
                    }
                    return true;
                }
            }
        }
    }

    pub(super) fn into_answer(self) -> Answer {
        self.answer
    }
}

/// Sees to the ranks of a column of text. Whether they are whole.
pub(super) fn rank(table: &mut Table, column: usize, job: &mut Option<RankJob>, budget: &mut usize) -> bool {
    let ColumnData::Text(text) = &mut table.columns[column] else { return true };
    if text.ranks.is_whole(&text.dictionary) {
        return true;
    }
    let running = job.get_or_insert_with(|| text.ranks.begin(&text.dictionary));
    if !running.step(budget, &text.dictionary) {
        return false;
    }
    if let Some(done) = job.take() {
        text.ranks.finish(done);
    }
    true
}
