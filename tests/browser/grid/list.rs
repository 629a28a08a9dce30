use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use crate::ui::grid::{CellEditor, EditorKind, GridSource};
use grid_model::{
    CellFace, CellMark, Column, CopiedCell, PageRequest, RowCount, RowState, Tone, WindowCache,
};
use leptos::prelude::*;

/// Rows of a server, fetched by pages of 100. Row `n` has the key `k<n>`; the rows may be moved
/// down by `shift`, as when others are inserted above.
pub struct TestList {
    pub revision: RwSignal<u64>,
    pub cache: RefCell<WindowCache<usize>>,
    pub rows: Cell<usize>,
    pub shift: Cell<usize>,
    /// While true, requests wait in `asked` until a test answers them.
    pub holds: Cell<bool>,
    pub asked: RefCell<Vec<PageRequest>>,
    pub edits: RefCell<HashMap<(String, usize), String>>,
    /// How often a cell's text was asked for.
    pub cells_read: Cell<usize>,
}

pub const STATUS: usize = 1;
pub const KIND: usize = 2;
pub const QUANTITY: usize = 3;
pub const CURRENCY: usize = 4;
pub const NOTE: usize = 5;

pub fn columns() -> Vec<Column> {
    vec![
        Column::new("number", "Event number", 120).frozen().sortable().opening(),
        Column::new("status", "Status", 110).sortable(),
        Column::new("kind", "Event type", 160).editable(),
        Column::new("quantity", "Usage quantity", 130).numeric().sortable().editable(),
        Column::new("currency", "Currency", 80).min_width(60).editable(),
        Column::new("note", "Note", 900),
    ]
}

impl TestList {
    pub fn of(rows: usize) -> Rc<TestList> {
        Rc::new(TestList {
            revision: RwSignal::new(0),
            cache: RefCell::new(WindowCache::new(100, 40)),
            rows: Cell::new(rows),
            shift: Cell::new(0),
            holds: Cell::new(false),
            asked: RefCell::default(),
            edits: RefCell::default(),
            cells_read: Cell::new(0),
        })
    }

    pub fn changed(&self) {
        self.revision.update(|revision| *revision += 1);
    }

    pub fn answer(&self, asked: PageRequest) -> bool {
        let rows = self.rows.get();
        let end = (asked.offset + asked.limit).min(rows);
        let page = (asked.offset..end).map(|row| row.wrapping_sub(self.shift.get())).collect();
        let taken = self.cache.borrow_mut().accept(asked, page, Some(rows), end < rows);
        self.changed();
        taken
    }

    /// Answers whatever waits.
    pub fn answer_all(&self) {
        for asked in self.asked.take() {
            self.answer(asked);
        }
    }

    pub fn fail_all(&self) {
        for asked in self.asked.take() {
            self.cache.borrow_mut().fail(asked, "The server is busy.");
        }
        self.changed();
    }
}

impl GridSource for TestList {
    fn row_count(&self) -> RowCount {
        self.cache.borrow().count()
    }

    fn row_state(&self, row: usize) -> RowState {
        self.cache.borrow().state(row)
    }

    fn row_key(&self, row: usize) -> Option<Arc<str>> {
        self.cache.borrow().row(row).map(|n| format!("k{n}").into())
    }

    fn row_of_key(&self, key: &str) -> Option<usize> {
        self.cache.borrow().loaded().find(|(_, n)| format!("k{n}") == key).map(|(row, _)| row)
    }

    fn cell(&self, row: usize, column: usize, text: &mut String) -> CellFace {
        self.cells_read.set(self.cells_read.get() + 1);
        let cache = self.cache.borrow();
        let Some(n) = cache.row(row).copied() else { return CellFace::default() };
        let edits = self.edits.borrow();
        let editable = matches!(column, KIND | QUANTITY | CURRENCY) && n != 3;
        if let Some(edit) = edits.get(&(format!("k{n}"), column)) {
            text.push_str(edit);
            return CellFace { mark: CellMark::Waiting, editable, ..CellFace::default() };
        }
        let mut face = CellFace { editable, ..CellFace::default() };
        match column {
            STATUS if n.is_multiple_of(7) => {
                text.push_str("Error");
                face.tone = Tone::Bad;
            }
            STATUS => {
                text.push_str("Processed");
                face.tone = Tone::Ok;
            }
            KIND if n == 11 => text.push_str("+49\u{202e}0001 51"),
            KIND => text.push_str("Größe 📦"),
            // One number that is too wide for its column but for its padding, one that is too wide as it is.
            QUANTITY if n == 8 => {
                text.push_str("12,345,678.5\u{2007}\u{2007}\u{2007}\u{2007}\u{2007}\u{2007}\u{2007}");
            }
            QUANTITY if n == 9 => text.push_str("123,456,789,012,345,678,901.5"),
            QUANTITY => text.push_str(&format!("{n}.25")),
            CURRENCY => {
                text.push_str("EUR");
                face.tone = Tone::Quiet;
            }
            NOTE => text.push_str("line one\nline \"two\""),
            _ => text.push_str(&format!("E-{n}")),
        }
        face
    }

    fn viewport(&self, rows: Range<usize>) {
        let plan = self.cache.borrow_mut().plan(rows);
        self.asked.borrow_mut().retain(|asked| !plan.abandon.contains(asked));
        self.asked.borrow_mut().extend(plan.ask);
        if !self.holds.get() {
            self.answer_all();
        }
    }

    fn copied(&self, row: usize, column: usize) -> CopiedCell {
        let mut text = String::new();
        self.cell(row, column, &mut text);
        if column == QUANTITY { CopiedCell::Number(text) } else { CopiedCell::Text(text) }
    }

    fn failure(&self, row: usize) -> String {
        self.cache.borrow().failure(row).unwrap_or_default().to_owned()
    }

    fn editor(&self, row: usize, column: usize) -> Result<CellEditor, String> {
        let mut initial = String::new();
        if !self.cell(row, column, &mut initial).editable {
            return Err("A processed event cannot be changed. Reverse it instead.".to_owned());
        }
        let kind = match column {
            QUANTITY => EditorKind::Number,
            CURRENCY => EditorKind::Choice(vec![
                ("EUR".to_owned(), "Euro".to_owned()),
                ("USD".to_owned(), "US dollar".to_owned()),
            ]),
            _ => EditorKind::Text,
        };
        let is_number = kind == EditorKind::Number;
        Ok(CellEditor {
            initial,
            kind,
            note: None,
            echo: None,
            check: Rc::new(move |text| {
                let is_right =
                    !is_number || text.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
                is_right.then_some(()).ok_or_else(|| "Type a number such as 12.5.".to_owned())
            }),
        })
    }
}
