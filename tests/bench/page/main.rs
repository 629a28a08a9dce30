//! The page on which the product's grid is measured beside others: `ui::grid` over a table of columns, with
//! fourteen columns of usage events. `adapter.js`, which stands in the page itself, makes `window.bench` of
//! what is exported here, cuts the work into tasks and reads the rows off the page.

mod bench_list;
mod columns;
mod event_table;
mod json_rows;
mod row_count;
mod time_shape;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use grid_model::{Column, SortDirection, next_sort};
use grid_table::OrderKey;
use js_sys::Uint8Array;
use leptos::prelude::*;
use usage_desk::ui::grid::{GridCommand, GridSource, GridView};
use wasm_bindgen::prelude::*;

use bench_list::BenchList;
use columns::{AMOUNT, COLUMNS, NUMBER};
use json_rows::JsonRows;
use row_count::RowCount;

fn main() {
    console_error_panic_hook::set_once();
}

/// The one grid of the page.
#[wasm_bindgen]
pub struct BenchPage {
    list: Rc<BenchList>,
    reading: RefCell<JsonRows>,
    counting: RefCell<(RowCount, Vec<u8>)>,
}

#[wasm_bindgen]
impl BenchPage {
    /// Puts an empty grid on the page.
    pub fn mount() -> BenchPage {
        let list = BenchList::new();
        let shown = Rc::clone(&list);
        mount_to_body(move || grid(shown));
        BenchPage { list, reading: RefCell::default(), counting: RefCell::default() }
    }

    /// Takes everything away: another load begins.
    pub fn begin(&self) {
        self.list.clear();
        self.reading.take();
        self.counting.take();
    }

    /// Counts the rows of the next bytes of a load, before [`BenchPage::take`] reads them: the list is as long as it
    /// will be, and its first rows are in sight, while the others are still read.
    pub fn count(&self, bytes: &Uint8Array) {
        let (counting, room) = &mut *self.counting.borrow_mut();
        room.resize(bytes.length() as usize, 0);
        bytes.copy_to(room);
        counting.look_at(room);
        self.list.expect_rows(counting.rows());
    }

    /// Shows what has come of a load so far.
    pub fn show(&self) {
        self.list.repaint();
    }

    /// The next bytes of a load.
    pub fn take(&self, bytes: &Uint8Array) -> Result<(), JsError> {
        let mut reading = self.reading.borrow_mut();
        bytes.copy_to(reading.room(bytes.length() as usize));
        let mut events = self.list.events.borrow_mut();
        let mut unfit = None;
        let read = reading.read(|cells| {
            if unfit.is_none() {
                unfit = events.append(cells).err();
            }
        });
        read.map_err(|wrong| JsError::new(&format!("byte {} belongs to no row", wrong.at)))?;
        unfit.map_or(Ok(()), |reason| Err(JsError::new(&reason)))
    }

    /// The load has ended. [`BenchPage::step`] shows it.
    pub fn end(&self) -> Result<(), JsError> {
        let ended = self.reading.take().end();
        ended.map_err(|wrong| JsError::new(&format!("the text ends too early, after byte {}", wrong.at)))?;
        self.counting.take();
        let (promised, read) = (self.list.expected(), self.list.events.borrow().len() as usize);
        match promised.filter(|promised| *promised != read) {
            Some(promised) => Err(JsError::new(&format!("{promised} rows were counted, and {read} read"))),
            None => Ok(()),
        }
    }

    /// Orders by a column, or as the rows came.
    pub fn sort(&self, column: Option<String>, descends: bool) -> Result<(), JsError> {
        let direction = if descends { SortDirection::Descending } else { SortDirection::Ascending };
        let column = column.map(|name| place_of(&name)).transpose()?;
        self.list.order_by(column.map(|column| OrderKey::new(column, direction)));
        Ok(())
    }

    /// Shows the rows that hold a text in a column, in any case, or as a whole; without a column all of them.
    pub fn filter(&self, column: Option<String>, is_whole: bool, text: &str) -> Result<(), JsError> {
        let column = column.map(|name| place_of(&name)).transpose()?;
        let filter = column.map(|column| {
            let events = self.list.events.borrow();
            if is_whole { events.equals(column, text) } else { events.contains(column, text) }
        });
        self.list.filter_by(filter);
        Ok(())
    }

    /// Goes on with what was asked, and looks at so many rows. Whether the rows in sight are the answer.
    pub fn step(&self, rows: usize) -> bool {
        self.list.step(rows)
    }

    /// Writes one cell. `row` is the row's place in the order of the load.
    pub fn edit(&self, row: usize, id: &str, column: &str, text: &str) -> Result<(), JsError> {
        let column = place_of(column)?;
        self.must_be(row, id)?;
        self.write(column, std::iter::once((row, text)))
    }

    /// Writes amounts, one a line.
    #[wasm_bindgen(js_name = writeAmounts)]
    pub fn write_amounts(&self, rows: &[u32], amounts: &str) -> Result<(), JsError> {
        self.write(AMOUNT, rows.iter().map(|row| *row as usize).zip(amounts.split('\n')))
    }

    /// What a cell holds, as a text.
    pub fn value(&self, row: usize, id: &str, column: &str) -> Result<String, JsError> {
        let column = place_of(column)?;
        let row = self.must_be(row, id)?;
        let mut text = String::new();
        self.list.events.borrow().push_text(row, column, &mut text);
        Ok(text)
    }

    /// How many rows there are after filtering; while they are read, how many there will be.
    #[wasm_bindgen(js_name = rowCount)]
    pub fn row_count(&self) -> usize {
        self.list.rows()
    }
}

impl BenchPage {
    fn must_be(&self, row: usize, id: &str) -> Result<u32, JsError> {
        let event = self.list.events.borrow().event(row, NUMBER, id);
        event.ok_or_else(|| JsError::new(&format!("row {row} is not event {id}")))
    }

    fn write<'a>(
        &self,
        column: usize,
        values: impl Iterator<Item = (usize, &'a str)>,
    ) -> Result<(), JsError> {
        let written = self.list.events.borrow_mut().write(column, values);
        written.map_err(|reason| JsError::new(&reason))?;
        self.list.repaint();
        Ok(())
    }
}

fn place_of(column: &str) -> Result<usize, JsError> {
    columns::named(column).ok_or_else(|| JsError::new(&format!("there is no column {column}")))
}

fn grid(list: Rc<BenchList>) -> impl IntoView {
    let (revision, query, sort) = (list.revision, list.query, list.sort);
    let source: Rc<dyn GridSource> = Rc::clone(&list) as Rc<dyn GridSource>;
    let columns: Arc<[Column]> = columns::of_the_grid().into();
    let list = StoredValue::new_local(list);
    let on_command = Callback::new(move |command: GridCommand| {
        if let GridCommand::Sort { column, .. } = command
            && let Some((name, ..)) = COLUMNS.get(column)
        {
            let keys = next_sort(&sort.get_untracked(), name, false);
            list.with_value(|list| list.sort_at_once(&keys));
        }
    });
    view! {
        <GridView
            source=source
            columns=Signal::stored(columns)
            revision=revision
            query=query
            sort=sort
            label="Usage events"
            on_command=on_command
        />
    }
}
