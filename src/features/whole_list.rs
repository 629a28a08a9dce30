//! A list that comes here as a whole: orders, filters and sums are answered from memory, by its description
//! ([`TableSpec`]). Where the list is a server's, and long, it comes while its first rows are looked at
//! ([`WholeSpec`]); then what is in sight is read once more where it stays there, and what others change is looked
//! for. What is *done* to records goes by the server, as everywhere.
//!
//! Not here: what the records are (each list's own), the table (`grid_table`), and what its surroundings ask of such
//! a list (`features/list/whole_rows.rs`).

mod fields;
mod finding;
mod kept_rows;
mod news;
mod reading;
mod sight;
mod table_rows;
mod table_spec;
mod whole_spec;

pub use fields::{cell_of, column_kind, filtered_value, is_kept, owned_cell, question_of, value_of};
pub use table_rows::{TableRows, text_of};
pub use table_spec::TableSpec;
pub use whole_spec::{Asked, WholeSpec};

use crate::api::RecordKey;
use crate::features::list::{LoadCommand, PagedList, WholeProgress, WholeReader};
use leptos::prelude::*;
use reading::Incoming;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

pub struct WholeList<Spec: WholeSpec> {
    list: Rc<PagedList<Spec>>,
    rows: Rc<TableRows<Spec>>,
    incoming: RefCell<Option<Incoming<Spec::Row>>>,
    /// Readings are numbered: what an earlier one brings is dropped.
    run: Cell<u64>,
    /// Goes up with every request. What left later is newer.
    stamp: Cell<i64>,
    sight: RefCell<sight::Sight>,
    news: RefCell<news::Noted>,
    most: Cell<usize>,
}

impl<Spec: WholeSpec> WholeList<Spec> {
    /// Reads all rows of the list, unless there are more than `most`.
    pub fn begin(list: Rc<PagedList<Spec>>, most: usize) {
        let whole = Rc::new(Self {
            rows: TableRows::begin(Rc::clone(&list)),
            list: Rc::clone(&list),
            incoming: RefCell::default(),
            run: Cell::new(0),
            stamp: Cell::new(0),
            sight: RefCell::default(),
            news: RefCell::default(),
            most: Cell::new(most),
        });
        list.pages.begin_reading_whole(Rc::new(Handle(Rc::clone(&whole))));
        whole.read_all();
    }

    fn is_left(&self) -> bool {
        self.list.pages.status.is_disposed() || self.list.pages.reader().is_none()
    }

    fn next_stamp(&self) -> i64 {
        self.stamp.set(self.stamp.get() + 1);
        self.stamp.get()
    }

    fn tell(&self, progress: WholeProgress) {
        self.list.pages.progress.set(progress);
    }
}

/// What the list's pages hold.
struct Handle<Spec: WholeSpec>(Rc<WholeList<Spec>>);

impl<Spec: WholeSpec> WholeReader for Handle<Spec> {
    fn in_sight(&self, rows: Range<usize>) {
        self.0.look_at(rows);
    }

    fn shown(&self) {
        self.0.forget_news();
    }

    fn refresh(&self) {
        self.0.sight.borrow_mut().expire(self.0.stamp.get());
        self.0.read_all();
    }

    fn changed(&self, keys: &BTreeSet<RecordKey>) {
        self.0.take_over(keys);
    }

    fn command(&self, command: LoadCommand) {
        match command {
            LoadCommand::Stop => self.0.stop(),
            LoadCommand::GoOn => self.0.go_on(),
            LoadCommand::ShowNews => self.0.show_news(),
        }
    }
}
