//! From a question to the rows that are shown: in steps, so that no frame is late.

use super::{Here, Rows, WholeList, WholeSpec};
use crate::next_task::{TaskTime, in_next_task};
use grid_table::Step;
use std::rc::Rc;

/// Rows looked at before the clock is: a millisecond or two.
const AT_ONCE: usize = 50_000;

impl<Spec: WholeSpec> WholeList<Spec> {
    /// Shows the rows that answer what the list is asked now. Those of before stand until these are here.
    pub(super) fn answer(self: &Rc<Self>) {
        {
            let mut here = self.here.borrow_mut();
            here.newest().view.ask(self.list.spec.question());
            here.is_answered = false;
        }
        if !self.is_answering.replace(true) {
            self.step();
        }
    }

    /// Works out what is missing of sums, and of rows where another question was asked.
    pub(super) fn go_on_answering(self: &Rc<Self>) {
        if !self.is_answering.replace(true) {
            self.step();
        }
    }

    fn step(self: &Rc<Self>) {
        if self.is_left() {
            return;
        }
        let (step, is_answer) = {
            let mut here = self.here.borrow_mut();
            let is_answered = here.is_answered;
            let Rows { table, view, .. } = here.newest();
            if let Some(column) = self.listed.get() {
                view.list_values(column);
            }
            view.group_by(&self.grouped.borrow(), &[Spec::summed().1]);
            let task = TaskTime::begin();
            // The rows are shown before their sums are worked out.
            let step = loop {
                let step = view.step(table, AT_ONCE);
                let is_news = step == Step::Done || step == Step::Sums && !is_answered;
                if is_news || task.is_over() {
                    break step;
                }
            };
            let is_answer = step != Step::Rows && !is_answered;
            if is_answer {
                here.show();
            }
            (step, is_answer)
        };
        if is_answer {
            self.list.pages.become_whole();
            self.forget_news();
            self.list.pages.tell_whole();
        }
        if step == Step::Done {
            self.is_answering.set(false);
            self.list.pages.touch();
        } else {
            let whole = Rc::clone(self);
            in_next_task(move || whole.step());
        }
    }
}

impl<Row> Here<Row> {
    fn newest(&mut self) -> &mut Rows<Row> {
        self.next.as_mut().unwrap_or(&mut self.rows)
    }

    /// Shows the rows as the view has them.
    fn show(&mut self) {
        if let Some(next) = self.next.take() {
            self.rows = next;
        }
        self.shown.clear();
        self.shown.extend_from_slice(self.rows.view.rows());
        (self.is_current, self.is_answered) = (true, true);
    }
}
