//! A list that comes here as a whole, while its first rows are looked at: from then on orders, filters and sums
//! are answered from memory. What is in sight is read once more where it stays there, and what others change is
//! looked for; what is *done* to records goes by the server, as everywhere.
//!
//! Not here: what the records are (each list's [`WholeSpec`]), the table (`grid_table`), and what its
//! surroundings ask of such a list (`features/list/whole_rows.rs`). This is a part that loads when a list is long
//! enough.

mod answering;
mod finding;
mod kept_rows;
mod news;
mod reading;
mod sight;
mod whole_spec;

pub use whole_spec::{Asked, WholeSpec};

use crate::api::RecordKey;
use crate::features::list::{
    FindText, GroupSum, LoadCommand, MOST_GROUPS, PagedList, WholeProgress, WholeRows,
};
use chrono::{DateTime, Utc};
use grid_model::Column;
use grid_table::{Edit, GroupColumn, OwnedValue, Row as TableRow, Table, Value, View};
use kept_rows::KeptRows;
use leptos::prelude::*;
use reading::Incoming;
use rest_contract::ExactSum;
use rest_contract::oracle::charged_amounts::Amounts;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

pub struct WholeList<Spec: WholeSpec> {
    list: Rc<PagedList<Spec>>,
    here: RefCell<Here<Spec::Row>>,
    incoming: RefCell<Option<Incoming<Spec::Row>>>,
    /// Readings are numbered: what an earlier one brings is dropped.
    run: Cell<u64>,
    /// Goes up with every request. What left later is newer.
    stamp: Cell<i64>,
    /// Steps towards an answer are under way.
    is_answering: Cell<bool>,
    sight: RefCell<sight::Sight>,
    news: RefCell<news::Noted>,
    most: Cell<usize>,
    /// The column whose values are wanted.
    listed: Cell<Option<usize>>,
    /// The columns by which groups are wanted.
    grouped: RefCell<Vec<GroupColumn>>,
}

/// The rows that are here, and those of them that are shown.
struct Here<Row> {
    rows: Rows<Row>,
    /// Rows of a later reading, of which is being found out which are shown. They take the place of `rows`.
    next: Option<Rows<Row>>,
    /// As they stand on the screen: what changes meanwhile moves none of them.
    shown: Vec<TableRow>,
    /// They stand as the view has them.
    is_current: bool,
    /// They answer what the list was asked last.
    is_answered: bool,
    as_of: Option<DateTime<Utc>>,
}

/// All rows of a list.
struct Rows<Row> {
    table: Table,
    view: View,
    kept: KeptRows<Row>,
    /// How many decimals the amounts of a unit have at most.
    places: BTreeMap<String, u32>,
    told: finding::Told,
}

impl<Row: Clone> Rows<Row> {
    fn new<Spec: WholeSpec<Row = Row>>() -> Self {
        let mut view = View::new();
        let (groups, amount) = Spec::summed();
        view.group_by(groups, &[amount]);
        Self {
            table: Spec::table(),
            view,
            kept: KeptRows::default(),
            places: BTreeMap::new(),
            told: finding::Told::default(),
        }
    }

    /// Takes over rows that a request of this stamp brought.
    fn put<Spec: WholeSpec<Row = Row>>(&mut self, rows: &[(i64, Row)], stamp: i64) {
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
    fn groups<Spec: WholeSpec<Row = Row>>(
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
            for line in groups.subtotals(table, place..place + 1, Spec::summed().1) {
                let places = places.get(line.unit).copied().unwrap_or_default();
                let unread = u32::try_from(line.unread).unwrap_or(u32::MAX);
                amounts.insert(line.unit.to_owned(), ExactSum::of(&line.sum.text(places), unread));
            }
            GroupSum {
                values: columns
                    .iter()
                    .zip(group.values)
                    .map(|(column, value)| Spec::group_text(column, value))
                    .collect(),
                rows: group.rows,
                amounts,
            }
        };
        Some(Ok((0..groups.len()).map(of_place).collect()))
    }

    /// A row of the table, as it was read last.
    fn row<Spec: WholeSpec<Row = Row>>(&mut self, at: TableRow) -> Rc<Row> {
        let Self { table, kept, .. } = self;
        kept.row(at, |at| Spec::made(table, at))
    }
}

impl<Spec: WholeSpec> WholeList<Spec> {
    /// Reads all rows of the list, unless there are more than `most`.
    pub fn begin(list: Rc<PagedList<Spec>>, most: usize) {
        let here = Here {
            rows: Rows::new::<Spec>(),
            next: None,
            shown: Vec::new(),
            is_current: true,
            is_answered: true,
            as_of: None,
        };
        let whole = Rc::new(Self {
            list: Rc::clone(&list),
            here: RefCell::new(here),
            incoming: RefCell::default(),
            run: Cell::new(0),
            stamp: Cell::new(0),
            is_answering: Cell::new(false),
            sight: RefCell::default(),
            news: RefCell::default(),
            most: Cell::new(most),
            listed: Cell::new(None),
            grouped: RefCell::default(),
        });
        list.pages.begin_whole(Rc::new(Handle(Rc::clone(&whole))));
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

    /// Takes over rows that a request of this stamp brought, of records that are here or new ones.
    fn put(&self, rows: &[(i64, Spec::Row)], stamp: i64) {
        let mut here = self.here.borrow_mut();
        here.rows.put::<Spec>(rows, stamp);
        if let Some(next) = &mut here.next {
            next.put::<Spec>(rows, stamp);
        }
        here.is_current = false;
    }
}

/// What the list's pages hold.
struct Handle<Spec: WholeSpec>(Rc<WholeList<Spec>>);

impl<Spec: WholeSpec> WholeRows<Spec::Row> for Handle<Spec> {
    fn count(&self) -> usize {
        self.0.here.borrow().shown.len()
    }

    fn with_row(&self, row: usize, look: &mut dyn FnMut(&Spec::Row)) {
        let found = {
            let mut here = self.0.here.borrow_mut();
            here.shown.get(row).copied().map(|at| here.rows.row::<Spec>(at))
        };
        if let Some(row) = found {
            look(&row);
        }
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        let here = self.0.here.borrow();
        let row = Spec::row_of_key(&here.rows.table, key)?;
        if here.is_current {
            return here.rows.view.place(&here.rows.table, row);
        }
        here.shown.iter().position(|at| *at == row)
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

    fn in_sight(&self, rows: Range<usize>) {
        self.0.look_at(rows);
    }

    fn sums(&self) -> Option<Vec<GroupSum>> {
        let columns: Vec<_> = Spec::summed().0.iter().copied().map(GroupColumn::from).collect();
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

fn columns_of<Spec: WholeSpec>(levels: &[String]) -> Vec<GroupColumn> {
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
