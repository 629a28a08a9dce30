use grid_model::{Alignment, Column, SortDirection};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement};

use super::Scene;

/// The header row: one cell per column, each with whether it is filtered, its place in the order and a
/// resize handle.
/// Pixels, as the style sheet has them: beside a head, between its signs, and the sign of an order.
const PADDING: i32 = 8;
const GAP: i32 = 4;
const SORT_SIGN: i32 = 8;

pub(super) struct Header {
    group: HtmlElement,
    cells: Vec<HeadCell>,
}

struct HeadCell {
    element: HtmlElement,
    title: HtmlElement,
    is_sortable: bool,
    place: HtmlElement,
    /// Says that the column is filtered.
    filter: HtmlElement,
    /// Direction and place in the order, as last written.
    sort: Option<(SortDirection, Option<usize>)>,
    is_filtered: bool,
}

impl Header {
    pub(super) fn new(group: &HtmlElement) -> Header {
        Header { group: group.clone(), cells: Vec::new() }
    }

    pub(super) fn cell(&self, column: usize) -> Option<&HtmlElement> {
        self.cells.get(column).map(|cell| &cell.element)
    }

    /// How wide a column's head would have to be, whatever it is sorted and filtered by.
    pub(super) fn natural_width(&self, column: usize) -> u32 {
        let Some(cell) = self.cells.get(column) else { return 0 };
        let title = cell.title.scroll_width();
        let filter = if cell.is_filtered { cell.filter.offset_width() + GAP } else { 0 };
        let sort = if cell.is_sortable { cell.place.offset_width().max(SORT_SIGN) + GAP } else { 0 };
        u32::try_from(title + filter + sort + 2 * PADDING).unwrap_or(0)
    }

    pub(super) fn rebuild(&mut self, columns: &[Column]) -> Result<(), JsValue> {
        let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
        let row = element(&document, "div", "grid-row")?;
        row.set_attribute("role", "row")?;
        row.set_attribute("aria-rowindex", "1")?;
        self.cells.clear();
        for (index, column) in columns.iter().enumerate() {
            let cell = cell_element(&document, columns, index, "grid-head")?;
            cell.set_attribute("role", "columnheader")?;
            let title = element(&document, "span", "grid-title")?;
            title.set_text_content(Some(&column.title));
            let place = element(&document, "span", "grid-sort")?;
            place.set_attribute("aria-hidden", "true")?;
            let filter = element(&document, "span", "grid-filter")?;
            filter.set_attribute("role", "img")?;
            filter.set_attribute("aria-label", "filtered")?;
            filter.set_hidden(true);
            let handle = element(&document, "span", "grid-resize")?;
            handle.set_attribute("aria-hidden", "true")?;
            cell.set_title(&column.title);
            if column.sortable {
                cell.set_attribute("aria-sort", "none")?;
            }
            for part in [&title, &filter, &place, &handle] {
                cell.append_child(part)?;
            }
            row.append_child(&cell)?;
            self.cells.push(HeadCell {
                element: cell,
                title,
                is_sortable: column.sortable,
                place,
                filter,
                sort: None,
                is_filtered: false,
            });
        }
        self.group.replace_children_with_node_1(&row);
        Ok(())
    }

    pub(super) fn paint(&mut self, scene: &Scene<'_>) -> Result<(), JsValue> {
        for (index, (cell, column)) in self.cells.iter_mut().zip(scene.columns.iter()).enumerate() {
            let is_filtered = scene.filtered.get(index) == Some(&true);
            if std::mem::replace(&mut cell.is_filtered, is_filtered) != is_filtered {
                cell.filter.set_hidden(!is_filtered);
            }
            let place = scene.sort.iter().position(|key| key.column == column.id);
            let wanted = place.and_then(|place| {
                let shown = (scene.sort.len() > 1).then_some(place + 1);
                scene.sort.get(place).map(|key| (key.direction, shown))
            });
            if cell.sort == wanted {
                continue;
            }
            cell.sort = wanted;
            let word = match wanted {
                Some((SortDirection::Ascending, _)) => "ascending",
                Some((SortDirection::Descending, _)) => "descending",
                None => "none",
            };
            cell.element.set_attribute("aria-sort", word)?;
            let place = wanted.and_then(|(_, place)| place).map(|place| place.to_string());
            cell.place.set_text_content(Some(place.as_deref().unwrap_or_default()));
        }
        Ok(())
    }
}

/// A cell of the header or of the body with what all cells of a column share. Its width and, when
/// frozen, its left edge refer to the root's properties.
pub(super) fn cell_element(
    document: &Document,
    columns: &[Column],
    index: usize,
    class: &str,
) -> Result<HtmlElement, JsValue> {
    let cell = element(document, "div", class)?;
    let Some(column) = columns.get(index) else { return Ok(cell) };
    cell.set_attribute("aria-colindex", &(index + 1).to_string())?;
    let style = cell.style();
    style.set_property("width", &format!("var(--w{index})"))?;
    if column.frozen {
        style.set_property("left", &format!("var(--x{index})"))?;
        cell.class_list().add_1("is-frozen")?;
        if columns.get(index + 1).is_none_or(|next| !next.frozen) {
            cell.class_list().add_1("is-frozen-edge")?;
        }
    }
    if column.alignment == Alignment::End {
        cell.class_list().add_1("is-number")?;
    }
    if column.sortable {
        cell.class_list().add_1("is-sortable")?;
    }
    Ok(cell)
}

pub(super) fn element(document: &Document, tag: &str, class: &str) -> Result<HtmlElement, JsValue> {
    let element: HtmlElement = document.create_element(tag)?.unchecked_into();
    element.set_class_name(class);
    Ok(element)
}
