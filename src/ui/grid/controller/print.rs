//! The rows on paper: a plain table of those that are here, for a pool of row elements holds only what is in sight.

use super::GridController;
use crate::text::count;
use grid_model::{Alignment, Column, RowState};
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// So many rows are some eighty sheets; whoever wants more takes them as a file.
const MOST: usize = 1_000;
/// Of more columns the words do not stay whole across a sheet.
const MOST_WHOLE: usize = 18;

impl GridController {
    /// Puts the table beside the grid; what stood there of an earlier printing goes.
    pub(in crate::ui::grid) fn begin_print(&self) {
        self.end_print();
        let Some(frame) = self.frame_element() else { return };
        let columns = self.view.borrow().inputs.columns.clone();
        let rows = self.rows_to_print();
        let made = || -> Option<Element> {
            let sheet = element("div", "grid-print", "")?;
            if columns.len() > MOST_WHOLE {
                sheet.set_attribute("data-wide", "").ok()?;
            }
            let said = element("p", "grid-print-said", &self.print_words(&rows))?;
            let table = element("table", "", "")?;
            let head = element("thead", "", "")?;
            let line = element("tr", "", "")?;
            for column in columns.iter() {
                let cell = cell_of("th", column, &column.title)?;
                line.append_child(&cell).ok()?;
            }
            head.append_child(&line).ok()?;
            let body = element("tbody", "", "")?;
            for row in rows.clone() {
                let line = element("tr", "", "")?;
                for (place, column) in columns.iter().enumerate() {
                    let mut text = String::new();
                    self.source.cell(row, place, &mut text);
                    let cell = cell_of("td", column, &text)?;
                    line.append_child(&cell).ok()?;
                }
                body.append_child(&line).ok()?;
            }
            for part in [head, body] {
                table.append_child(&part).ok()?;
            }
            for part in [said, table] {
                sheet.append_child(&part).ok()?;
            }
            Some(sheet)
        };
        if let Some(sheet) = made() {
            // Beside the grid, where the style sheet shows it on paper alone.
            let _ = frame.append_child(&sheet);
        }
    }

    pub(in crate::ui::grid) fn end_print(&self) {
        let sheet =
            self.frame_element().and_then(|frame| frame.query_selector(":scope > .grid-print").ok()?);
        if let Some(sheet) = sheet {
            sheet.remove();
        }
    }

    fn frame_element(&self) -> Option<HtmlElement> {
        self.elements.root.parent_element()?.dyn_into().ok()
    }

    /// The rows that are here without a gap, around the first one in sight.
    fn rows_to_print(&self) -> Range<usize> {
        let all = self.source.row_count().known();
        let is_here = |row: &usize| self.source.row_state(*row) == RowState::Loaded;
        let first = self.view.borrow().viewport.visible().start.min(all.saturating_sub(1));
        let back = (0..first).rev().take(MOST - 1).take_while(is_here).count();
        let begin = first - back;
        let several = (begin..all).take(MOST).take_while(is_here).count();
        begin..begin + several
    }

    fn print_words(&self, rows: &Range<usize>) -> String {
        let known = self.source.row_count();
        if rows.is_empty() {
            return if known.exact() == Some(0) { "No rows." } else { "No rows are loaded yet." }.to_owned();
        }
        let all = match known.exact() {
            Some(all) => number(all),
            None => format!("at least {}", number(known.known())),
        };
        if known.exact() == Some(rows.len()) {
            return format!("All {all} rows.");
        }
        format!(
            "Rows {} to {} of {all}. This is not the whole list: export it to have all rows.",
            number(rows.start + 1),
            number(rows.end),
        )
    }
}

fn number(rows: usize) -> String {
    count(rows as u64)
}

/// Nothing of it is read as HTML.
fn element(name: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(name).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    Some(element)
}

fn cell_of(name: &str, column: &Column, text: &str) -> Option<Element> {
    element(name, if column.alignment == Alignment::End { "number" } else { "" }, text)
}
