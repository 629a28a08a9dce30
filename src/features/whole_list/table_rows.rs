//! Rows that are all here, as a table: from a question to the rows that are shown, in steps, so that no frame is
//! late.

use super::finding::Told;
use super::kept_rows::KeptRows;
use super::table_spec::TableSpec;
use crate::features::list::{FindText, GroupSum, MOST_GROUPS, PagedList, WholeAnswers, WholeRows};
use crate::next_task::{TaskTime, in_next_task};
use chrono::{DateTime, Utc};
use grid_model::Column;
use grid_table::{Edit, GroupColumn, OwnedValue, Question, Row as TableRow, Step, Table, Value, View};
use leptos::prelude::*;
use rest_contract::ExactSum;
use rest_contract::oracle::charged_amounts::Amounts;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::slice;

pub struct TableRows<Spec: TableSpec> {
    pub list: Rc<PagedList<Spec>>,
    pub(super) here: RefCell<Here<Spec::Row>>,
    /// Steps towards an answer are under way.
    is_answering: Cell<bool>,
    /// The column whose values are wanted.
    listed: Cell<Option<usize>>,
    /// The columns by which groups are wanted.
    grouped: RefCell<Vec<GroupColumn>>,
}

/// Rows looked at before the clock is: a millisecond or two.
const AT_ONCE: usize = 50_000;

/// The rows that are here, and those of them that are shown.
pub(super) struct Here<Row> {
    pub(super) rows: Rows<Row>,
    /// Rows of a later reading, of which is being found out which are shown. They take the place of `rows`.
    pub(super) next: Option<Rows<Row>>,
    /// As they stand on the screen: what changes meanwhile moves none of them.
    pub(super) shown: Vec<TableRow>,
    places: Places,
    /// They stand as the view has them.
    pub(super) is_current: bool,
    /// They answer what the list was asked last.
    is_answered: bool,
    /// Goes up when other rows are shown, or in another order.
    turn: u64,
    pub(super) as_of: Option<DateTime<Utc>>,
}

/// All rows of a list.
pub(super) struct Rows<Row> {
    pub(super) table: Table,
    view: View,
    pub(super) kept: KeptRows<Row>,
    /// How many decimals the amounts of a unit have at most.
    places: BTreeMap<String, u32>,
    pub(super) told: Told,
}

impl<Row: Clone> Rows<Row> {
    pub(super) fn new<Spec: TableSpec<Row = Row>>() -> Self {
        let mut view = View::new();
        if let Some((groups, amount)) = Spec::summed() {
            view.group_by(groups, &[amount]);
        }
        Self {
            table: Spec::table(),
            view,
            kept: KeptRows::default(),
            places: BTreeMap::new(),
            told: Told::default(),
        }
    }

    /// Takes over rows that a request of this stamp brought.
    pub(super) fn put<Spec: TableSpec<Row = Row>>(&mut self, rows: &[(i64, Row)], stamp: i64) {
        let Self { table, view, kept, places, .. } = self;
        let amounts: Vec<_> = rows.iter().map(|(_, row)| Spec::amounts(row)).collect();
        for amount in amounts.iter().flatten() {
            let most = places.entry(amount.unit.clone()).or_default();
            *most = (*most).max(amount.value.map_or(0, |value| value.scale()));
        }
        let values: Vec<Vec<Value<'_>>> =
            rows.iter().zip(&amounts).map(|((_, row), amounts)| Spec::values(row, amounts)).collect();
        let keys = rows.iter().map(|(id, _)| *id);
        let edits: Vec<Edit<'_>> =
            keys.zip(&values).map(|(key, values)| Edit::Put { key, version: stamp, values }).collect();
        // A row fits the table that its own list describes, and the counts tell of rows that are missing.
        if let Err(refused) = view.edit(table, &edits) {
            leptos::logging::error!("Rows could not be kept: {refused}");
        }
        for (id, row) in rows {
            if let Some(at) = table.row(*id) {
                kept.set_exact(at, (!Spec::fits(row)).then(|| row.clone()));
            }
        }
    }

    /// What the rows that are shown come to by these columns, or how many groups there are where these are more
    /// than `most`.
    fn groups<Spec: TableSpec<Row = Row>>(
        &self,
        columns: &[GroupColumn],
        most: usize,
    ) -> Option<Result<Vec<GroupSum>, usize>> {
        let Self { table, view, places, .. } = self;
        let groups = view.groups(columns)?;
        if groups.len() > most {
            return Some(Err(groups.len()));
        }
        let of_place = |place: usize| {
            let group = groups.group(table, place);
            let mut amounts = Amounts::new();
            if let Some((_, amount)) = Spec::summed() {
                for line in groups.subtotals(table, place..place + 1, amount) {
                    let places = places.get(line.unit).copied().unwrap_or_default();
                    let unread = u32::try_from(line.unread).unwrap_or(u32::MAX);
                    amounts.insert(line.unit.to_owned(), ExactSum::of(&line.sum.text(places), unread));
                }
            }
            let values = columns.iter().zip(group.values);
            let values = values.map(|(column, value)| Spec::group_text(column, value)).collect();
            GroupSum { values, rows: group.rows, amounts }
        };
        Some(Ok((0..groups.len()).map(of_place).collect()))
    }

    /// A row of the table, as it was read last.
    pub(super) fn row<Spec: TableSpec<Row = Row>>(&mut self, at: TableRow) -> Option<Rc<Row>> {
        let Self { table, kept, .. } = self;
        kept.row(at, |at| Spec::made(table, at))
    }
}

impl<Spec: TableSpec> TableRows<Spec> {
    /// The rows of a list, of which none are here yet.
    pub(super) fn begin(list: Rc<PagedList<Spec>>) -> Rc<Self> {
        let here = Here {
            rows: Rows::new::<Spec>(),
            next: None,
            shown: Vec::new(),
            places: Places::default(),
            is_current: true,
            is_answered: true,
            as_of: None,
            turn: 0,
        };
        let rows = Rc::new(Self {
            list: Rc::clone(&list),
            here: RefCell::new(here),
            is_answering: Cell::new(false),
            listed: Cell::new(None),
            grouped: RefCell::default(),
        });
        list.pages.begin_whole(Rc::new(Handle(Rc::clone(&rows))));
        rows
    }

    /// The rows of a list that come all at once, by [`TableRows::take`]. Made within a component, whose end lets go
    /// of them.
    pub fn of(list: Rc<PagedList<Spec>>) -> Rc<Self> {
        let handle = StoredValue::new_local(Rc::clone(&list));
        on_cleanup(move || {
            if let Some(list) = handle.try_get_value() {
                list.pages.end_whole();
            }
        });
        Self::begin(list)
    }

    /// Shows these, which are all, in the place of those that were here.
    pub fn take(self: &Rc<Self>, rows: &[(i64, Spec::Row)]) {
        let mut next = Rows::new::<Spec>();
        next.put::<Spec>(rows, 0);
        self.here.borrow_mut().next = Some(next);
        self.answer();
    }

    pub fn spec(&self) -> &Spec {
        &self.list.spec
    }

    /// Lets go of the rows that have this key and those behind it, without a gap between.
    pub fn remove_from(&self, key: i64) {
        let mut here = self.here.borrow_mut();
        // A row's number is not given out again: where all go, the table is made anew.
        if here.rows.table.row(key) == Some(0) {
            here.rows = Rows::new::<Spec>();
            here.shown.clear();
            here.places = Places::default();
            here.turn += 1;
        }
        let Here { rows: Rows { table, view, .. }, is_current, .. } = &mut *here;
        let keys = (key..).take_while(|key| table.row(*key).is_some());
        let edits: Vec<_> = keys.map(|key| Edit::Remove { key, last: None }).collect();
        if view.edit(table, &edits).is_ok() {
            *is_current = false;
        }
    }

    /// The keys of the rows that answer another question.
    pub fn keys_of(&self, question: Question) -> Vec<i64> {
        let table = &mut self.here.borrow_mut().rows.table;
        let mut view = View::new();
        view.ask(question);
        view.finish(table);
        view.rows().iter().map(|row| table.key(*row)).collect()
    }

    /// Takes over rows that a request of this stamp brought, of records that are here or new ones.
    pub fn put(&self, rows: &[(i64, Spec::Row)], stamp: i64) {
        let mut here = self.here.borrow_mut();
        here.rows.put::<Spec>(rows, stamp);
        if let Some(next) = &mut here.next {
            next.put::<Spec>(rows, stamp);
        }
        here.is_current = false;
    }

    pub fn is_left(&self) -> bool {
        self.list.pages.status.is_disposed()
    }

    /// Shows the rows that answer what the list is asked now. Those of before stand until these are here.
    pub fn answer(self: &Rc<Self>) {
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
            view.group_by(
                &self.grouped.borrow(),
                Spec::summed().as_ref().map_or(&[], |(_, amount)| slice::from_ref(amount)),
            );
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
            self.list.pages.reader().inspect(|reader| reader.shown());
            self.list.pages.tell_whole();
        }
        if step == Step::Done {
            self.is_answering.set(false);
            self.list.pages.touch();
        } else {
            let rows = Rc::clone(self);
            in_next_task(move || rows.step());
        }
    }
}

impl<Row> Here<Row> {
    fn newest(&mut self) -> &mut Rows<Row> {
        self.next.as_mut().unwrap_or(&mut self.rows)
    }

    /// Where a row stands on the screen.
    fn place(&mut self, row: TableRow) -> Option<usize> {
        if self.is_current {
            return self.rows.view.place(&self.rows.table, row);
        }
        self.places.of(row, &self.shown)
    }

    /// Shows the rows as the view has them.
    fn show(&mut self) {
        if let Some(next) = self.next.take() {
            self.rows = next;
        }
        self.shown.clear();
        self.shown.extend_from_slice(self.rows.view.rows());
        self.places = Places::default();
        (self.is_current, self.is_answered) = (true, true);
        self.turn += 1;
    }
}

/// By row, where it stands on the screen; worked out when it is asked for while the view has the rows otherwise.
#[derive(Default)]
struct Places(Option<Vec<Option<u32>>>);

impl Places {
    fn of(&mut self, row: TableRow, shown: &[TableRow]) -> Option<usize> {
        let places = self.0.get_or_insert_with(|| {
            let rows = shown.iter().max().map_or(0, |last| *last as usize + 1);
            let mut places = vec![None; rows];
            for (row, place) in shown.iter().zip(0..) {
                places[*row as usize] = Some(place);
            }
            places
        });
        places.get(row as usize)?.map(|place| place as usize)
    }
}

/// What the list's pages hold.
struct Handle<Spec: TableSpec>(Rc<TableRows<Spec>>);

impl<Spec: TableSpec> WholeRows<Spec::Row> for Handle<Spec> {
    fn with_row(&self, row: usize, look: &mut dyn FnMut(&Spec::Row)) {
        let found = {
            let mut here = self.0.here.borrow_mut();
            here.shown.get(row).copied().and_then(|at| here.rows.row::<Spec>(at))
        };
        if let Some(row) = found {
            look(&row);
        }
    }
}

impl<Spec: TableSpec> WholeAnswers for Handle<Spec> {
    fn count(&self) -> usize {
        self.0.here.borrow().shown.len()
    }

    fn turn(&self) -> Option<u64> {
        let here = self.0.here.borrow();
        here.is_answered.then_some(here.turn)
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        let mut here = self.0.here.borrow_mut();
        let row = Spec::row_of_key(&here.rows.table, key)?;
        here.place(row)
    }

    fn row_near(&self, key: &str) -> Option<usize> {
        let here = self.0.here.borrow();
        let row = Spec::row_of_key(&here.rows.table, key)?;
        let next = here.rows.view.place_or_next(&here.rows.table, row).filter(|_| here.is_current)?;
        next.min(here.shown.len().checked_sub(1)?).into()
    }

    fn next_with(
        &self,
        from: usize,
        is_forward: bool,
        column: &str,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Option<usize> {
        let here = self.0.here.borrow();
        let column = Spec::column(column)?;
        let holds = |place: &usize| match here.rows.table.value(here.shown[*place], column) {
            Value::Text(text) => is_wanted(text),
            _ => is_wanted(""),
        };
        let rows = here.shown.len();
        if is_forward { (from..rows).find(holds) } else { (0..rows.min(from + 1)).rev().find(holds) }
    }

    fn find(
        &self,
        rows: Range<usize>,
        columns: &[Column],
        wanted: &FindText,
        found: &mut dyn FnMut(usize, u64),
    ) -> usize {
        self.0.find(rows, columns, wanted, found)
    }

    fn sums(&self) -> Option<Vec<GroupSum>> {
        let columns: Vec<_> = Spec::summed()?.0.iter().copied().map(GroupColumn::from).collect();
        self.0.here.borrow().rows.groups::<Spec>(&columns, usize::MAX)?.ok()
    }

    fn group_by(&self, levels: &[String]) {
        let columns = columns_of::<Spec>(levels);
        let before = self.0.grouped.replace(columns);
        if before != *self.0.grouped.borrow() {
            self.0.here.borrow_mut().rows.view.drop_groups(&before);
            self.0.go_on_answering();
        }
    }

    fn groups(&self, levels: &[String]) -> Option<Result<Vec<GroupSum>, usize>> {
        self.0.here.borrow().rows.groups::<Spec>(&columns_of::<Spec>(levels), MOST_GROUPS)
    }

    fn list_values(&self, column: Option<&str>) {
        let wanted = column.and_then(Spec::column);
        if let Some(before) = self.0.listed.replace(wanted).filter(|before| Some(*before) != wanted) {
            self.0.here.borrow_mut().rows.view.drop_values(before);
        }
        self.0.go_on_answering();
    }

    fn each_value(&self, look: &mut dyn FnMut(&str, usize)) -> bool {
        let here = self.0.here.borrow();
        let Rows { table, view, .. } = &here.rows;
        let Some(values) = self.0.listed.get().and_then(|column| view.values(column)) else { return false };
        for place in 0..values.len() {
            let group = values.group(table, place);
            match group.values.first() {
                Some(Value::Text(text)) => look(text, group.rows),
                _ => look("", group.rows),
            }
        }
        true
    }

    fn ask(&self) {
        self.0.answer();
    }
}

fn columns_of<Spec: TableSpec>(levels: &[String]) -> Vec<GroupColumn> {
    levels.iter().filter_map(|level| Spec::group_column(level)).collect()
}

/// A value as what tells a group from others; an empty text stands for none.
pub fn text_of(value: Value<'_>) -> String {
    match value.owned() {
        OwnedValue::Text(text) => text,
        OwnedValue::Flag(true) => "true".to_owned(),
        _ => String::new(),
    }
}
