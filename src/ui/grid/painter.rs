//! How the grid's state becomes DOM. A fixed pool of row elements is rewritten: row `n` is shown
//! by the element `n` modulo the pool's length, so scrolling by a few rows rewrites a few
//! elements. Everything written is remembered, and only what differs is written again.
//!
//! Not here: when to paint (`controller` does that) and what a cell says (the source does).

mod header;
mod row_pool;
mod written;

use std::sync::Arc;

use grid_model::{
    Alignment, Column, Cursor, ELEMENT_HEIGHT_LIMIT, Picked, Place, RowCount, Selection, SortKey, Viewport,
    left_edges, total_width,
};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use super::{GridSource, RowLinks};
use header::Header;
use row_pool::RowPool;
use written::Written;

/// Rows are placed from a base row that changes this seldom, so that their offsets stay small
/// numbers, which the browser places exactly, however far down the list they are.
const BASE_STEP: usize = 4_096;

/// So many rows above and below those that are painted have a say in how wide a column is made for them.
const FITTED: usize = 250;

/// Everything that one painting shows.
pub(super) struct Scene<'a> {
    pub source: &'a dyn GridSource,
    pub links: Option<RowLinks>,
    pub columns: &'a Arc<[Column]>,
    pub sort: &'a [SortKey],
    /// By column, whether the rows are filtered by it.
    pub filtered: &'a [bool],
    pub viewport: &'a Viewport,
    pub row_count: RowCount,
    /// `None` until someone has come to the grid.
    pub cursor: Option<Cursor>,
    pub selection: &'a Selection,
    pub revision: u64,
}

/// The elements that the grid's component has made.
#[derive(Clone)]
pub(super) struct Elements {
    /// Scrolls, has the focus and the role.
    pub root: HtmlElement,
    pub header: HtmlElement,
    /// As tall as the list, or as tall as an element may be.
    pub body: HtmlElement,
    /// Holds the pool; moved along so that rows stand in their places.
    pub layer: HtmlElement,
}

pub(super) struct Painter {
    elements: Elements,
    id: u32,
    columns: Arc<[Column]>,
    header: Header,
    pool: RowPool,
    row_count: Written<i64>,
    body_height: Written<i64>,
    layer_top: Written<i64>,
    scroll_top: i64,
    active: Option<Active>,
}

/// The cell that carries the focus ring and the id that `aria-activedescendant` names. The id says
/// row and column, not which element of the pool: a screen reader speaks when the id changes, and
/// one page down may well land on the same element.
struct Active {
    element: HtmlElement,
    cursor: Cursor,
}

impl Painter {
    /// `id` tells several grids of one page apart.
    pub(super) fn new(elements: Elements, id: u32) -> Painter {
        Painter {
            header: Header::new(&elements.header),
            pool: RowPool::new(&elements.layer),
            elements,
            id,
            columns: Arc::new([]),
            row_count: Written::default(),
            body_height: Written::default(),
            layer_top: Written::default(),
            scroll_top: 0,
            active: None,
        }
    }

    /// Whether all is painted; what is not is out of sight. An error is a DOM call that the browser refused; the
    /// next painting tries again.
    pub(super) fn paint(&mut self, scene: &Scene<'_>) -> Result<bool, JsValue> {
        self.lay_out_columns(scene)?;
        self.header.paint(scene)?;
        let rows = scene.viewport.painted();
        let base = rows.start / BASE_STEP * BASE_STEP;
        let style = self.elements.body.style();
        if let Some(height) = self.body_height.changed(scene.viewport.element_height()) {
            style.set_property("height", &format!("{height}px"))?;
        }
        let layer_top = scene.viewport.row_top(base) + scene.viewport.drift();
        if let Some(top) = self.layer_top.changed(layer_top) {
            self.elements.layer.style().set_property("transform", &format!("translateY({top}px)"))?;
        }
        let is_all = self.pool.paint(scene, rows, base)?;
        let aria_rows = scene.row_count.exact().and_then(|rows| i64::try_from(rows + 1).ok()).unwrap_or(-1);
        if let Some(rows) = self.row_count.changed(aria_rows) {
            self.elements.root.set_attribute("aria-rowcount", &rows.to_string())?;
        }
        self.mark_active(scene)?;
        self.scroll(scene.viewport.scroll_top());
        Ok(is_all)
    }

    /// How tall an element the browser lays out here, in pixels: it depends on the browser, the screen and
    /// the zoom, so it is asked with one that nobody sees.
    pub(super) fn tallest_element(&self) -> i64 {
        // Some browsers cut off an element that is too tall, Firefox gives it no height at all. What has none when it is
        // short is not on the screen.
        let tries = [1, 2, 4, 8, 16].map(|part| ELEMENT_HEIGHT_LIMIT / part);
        let laid_out = tries.into_iter().find_map(|wanted| match self.try_height(wanted) {
            Ok(height @ 1..) => Some(height.min(wanted)),
            Ok(_) | Err(_) => None,
        });
        match laid_out {
            // A little less: some browsers lay an element out and scroll not quite to its end.
            Some(height @ ..ELEMENT_HEIGHT_LIMIT) => height / 10 * 9,
            Some(_) | None => ELEMENT_HEIGHT_LIMIT,
        }
    }

    fn try_height(&self, wanted: i64) -> Result<i64, JsValue> {
        let document = self.elements.body.owner_document().ok_or("no document")?;
        let probe = header::element(&document, "div", "grid-probe")?;
        probe.style().set_property("height", &format!("{wanted}px"))?;
        self.elements.body.append_child(&probe)?;
        let height = i64::from(probe.offset_height());
        probe.remove();
        Ok(height)
    }

    /// The record that is on the screen in a row.
    pub(super) fn picked(&self, row: usize) -> Option<Picked> {
        self.pool.picked(row).cloned()
    }

    /// Takes note of where the browser has scrolled to; false when that is where it stood.
    pub(super) fn is_scrolled_by_browser(&mut self, scroll_top: i64) -> bool {
        std::mem::replace(&mut self.scroll_top, scroll_top) != scroll_top
    }

    fn scroll(&mut self, scroll_top: i64) {
        if self.scroll_top != scroll_top {
            self.scroll_top = scroll_top;
            self.elements.root.set_scroll_top(i32::try_from(scroll_top).unwrap_or(i32::MAX));
        }
    }

    fn lay_out_columns(&mut self, scene: &Scene<'_>) -> Result<(), JsValue> {
        if Arc::ptr_eq(&self.columns, scene.columns) {
            return Ok(());
        }
        let is_same_but_widths = self.columns.len() == scene.columns.len()
            && self.columns.iter().zip(scene.columns.iter()).all(|(old, new)| {
                *new == Column { width: new.width, min_width: new.min_width, ..old.clone() }
            });
        self.columns = Arc::clone(scene.columns);
        if !is_same_but_widths {
            self.active = None;
            self.header.rebuild(scene.columns)?;
            self.pool.rebuild(scene.columns)?;
            self.elements.root.set_attribute("aria-colcount", &scene.columns.len().to_string())?;
        }
        self.pool.refit();
        let widths: Vec<u32> = scene.columns.iter().map(|column| column.width).collect();
        self.set_widths(&widths)
    }

    /// Gives the columns these widths, in pixels. A width is one property of the root that every
    /// cell of the column refers to, so a drag writes this and touches no cell.
    pub(super) fn set_widths(&self, widths: &[u32]) -> Result<(), JsValue> {
        let style = self.elements.root.style();
        for (column, (width, left)) in widths.iter().zip(left_edges(widths)).enumerate() {
            style.set_property(&format!("--w{column}"), &format!("{width}px"))?;
            style.set_property(&format!("--x{column}"), &format!("{left}px"))?;
        }
        style.set_property("--grid-width", &format!("{}px", total_width(widths)))
    }

    /// How wide a column would have to be for its head and for the rows that are here, not far from those in sight.
    pub(super) fn natural_width(
        &mut self,
        source: &dyn GridSource,
        columns: &[Column],
        viewport: &Viewport,
        column: usize,
    ) -> u32 {
        let painted = viewport.painted();
        let rows = painted.start.saturating_sub(FITTED)..(painted.end + FITTED).min(viewport.rows());
        let is_number = columns.get(column).is_some_and(|column| column.alignment == Alignment::End);
        self.header.natural_width(column).max(self.pool.natural_width(source, rows, column, is_number))
    }

    fn mark_active(&mut self, scene: &Scene<'_>) -> Result<(), JsValue> {
        let found = scene.cursor.and_then(|cursor| {
            let element = match cursor.place {
                Place::Header => self.header.cell(cursor.column),
                Place::Row(row) => self.pool.cell(row, cursor.column),
            };
            element.map(|element| Active { element: element.clone(), cursor })
        });
        let is_same = match (&self.active, &found) {
            (Some(old), Some(new)) => old.cursor == new.cursor && old.element == new.element,
            (old, new) => old.is_none() && new.is_none(),
        };
        if is_same {
            return Ok(());
        }
        if let Some(old) = &self.active {
            old.element.class_list().remove_1("is-active")?;
            old.element.remove_attribute("id")?;
        }
        match &found {
            Some(new) => {
                let row = new.cursor.row().map_or("h".to_owned(), |row| row.to_string());
                let id = format!("grid{}-{row}-{}", self.id, new.cursor.column);
                new.element.class_list().add_1("is-active")?;
                new.element.set_id(&id);
                self.elements.root.set_attribute("aria-activedescendant", &id)?;
            }
            None => self.elements.root.remove_attribute("aria-activedescendant")?,
        }
        self.active = found;
        Ok(())
    }
}
