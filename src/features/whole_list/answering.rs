//! From a question to the rows that are shown: in steps, so that no frame is late.

use super::{Here, Rows, WholeList, WholeSpec};
use grid_table::Step;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// Rows looked at in one step: some milliseconds.
const AT_ONCE: usize = 150_000;

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
            let Rows { table, view, .. } = here.newest();
            if let Some(column) = self.listed.get() {
                view.list_values(column);
            }
            view.group_by(&self.grouped.borrow(), &[Spec::summed().1]);
            let step = view.step(table, AT_ONCE);
            let is_answer = step != Step::Rows && !here.is_answered;
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
            set_timeout(move || whole.step(), Duration::ZERO);
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
