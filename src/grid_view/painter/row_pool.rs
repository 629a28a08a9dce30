use std::ops::Range;

use grid_model::{CellFace, CellMark, Column, RowState, TextPack, Tone};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement, Node};

use super::Scene;
use super::header::{cell_element, element};
use super::written::Written;

#[wasm_bindgen(module = "/src/grid_view/painter/text_nodes.js")]
extern "C" {
    type TextNodes;

    #[wasm_bindgen(constructor)]
    fn new() -> TextNodes;

    #[wasm_bindgen(method, js_name = addRow)]
    fn add_row(this: &TextNodes, row: &HtmlElement);

    #[wasm_bindgen(method, catch)]
    fn write(this: &TextNodes, bytes: &[u8], ends: &[u32], targets: &[u32]) -> Result<(), JsValue>;
}

/// The row elements, each with what it shows.
pub(super) struct RowPool {
    layer: HtmlElement,
    columns: usize,
    template: Option<HtmlElement>,
    slots: Vec<Slot>,
    nodes: TextNodes,
    /// Texts of this painting.
    pack: TextPack,
    /// The row being looked at; its room is kept from row to row.
    next: Content,
}

struct Slot {
    element: HtmlElement,
    cells: Vec<HtmlElement>,
    /// Row and revision that `content` was read at.
    read: Written<(usize, u64)>,
    row: Written<usize>,
    top: Written<i64>,
    state: Written<RowState>,
    tone: Written<Tone>,
    is_selected: Written<bool>,
    selected_cells: Vec<bool>,
    content: Content,
    notice: Option<HtmlElement>,
}

/// The texts of a row's cells, end to end, and how they look.
#[derive(Default)]
struct Content {
    text: String,
    ends: Vec<usize>,
    faces: Vec<CellFace>,
}

impl Content {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.faces.clear();
    }

    fn cell(&self, column: usize) -> &str {
        let start = column.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(column).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }

    fn face(&self, column: usize) -> CellFace {
        self.faces.get(column).copied().unwrap_or_default()
    }
}

impl RowPool {
    pub(super) fn new(layer: &HtmlElement) -> RowPool {
        RowPool {
            layer: layer.clone(),
            columns: 0,
            template: None,
            slots: Vec::new(),
            nodes: TextNodes::new(),
            pack: TextPack::default(),
            next: Content::default(),
        }
    }

    /// Other columns: every row element is made anew by the next painting.
    pub(super) fn rebuild(&mut self, columns: &[Column]) -> Result<(), JsValue> {
        let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
        self.template = Some(row_template(&document, columns)?);
        self.columns = columns.len();
        self.empty();
        Ok(())
    }

    fn empty(&mut self) {
        self.slots.clear();
        self.nodes = TextNodes::new();
        self.layer.replace_children_with_node_0();
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> Option<&HtmlElement> {
        let slot = self.slots.get(row.checked_rem(self.slots.len())?)?;
        slot.row.is(row).then(|| slot.cells.get(column))?
    }

    pub(super) fn paint(
        &mut self,
        scene: &Scene<'_>,
        rows: Range<usize>,
        base: usize,
    ) -> Result<(), JsValue> {
        if self.slots.len() != rows.len() {
            self.resize(rows.len())?;
        }
        let first_in_sight = scene.viewport.visible().start;
        for row in rows {
            let index = row % self.slots.len().max(1);
            self.paint_content(scene, index, row)?;
            let Some(slot) = self.slots.get_mut(index) else { continue };
            slot.place(scene, row, base)?;
            slot.select(scene, row)?;
            let is_failed = slot.state.is(RowState::Failed);
            let begins =
                row == first_in_sight || row == 0 || scene.source.row_state(row - 1) != RowState::Failed;
            slot.notice(is_failed && begins, || scene.source.failure(row), self.columns)?;
        }
        if !self.pack.is_empty() {
            let written = self.nodes.write(self.pack.bytes(), self.pack.ends(), self.pack.targets());
            self.pack.clear();
            written?;
        }
        Ok(())
    }

    /// The length decides which element shows which row, so all are made anew.
    fn resize(&mut self, len: usize) -> Result<(), JsValue> {
        self.empty();
        let Some(template) = &self.template else { return Ok(()) };
        for _ in 0..len {
            let element: HtmlElement = template.clone_node_with_deep(true)?.unchecked_into();
            self.nodes.add_row(&element);
            self.layer.append_child(&element)?;
            self.slots.push(Slot::new(element, self.columns));
        }
        Ok(())
    }

    fn paint_content(&mut self, scene: &Scene<'_>, index: usize, row: usize) -> Result<(), JsValue> {
        let Some(slot) = self.slots.get_mut(index) else { return Ok(()) };
        if slot.read.changed((row, scene.revision)).is_none() {
            return Ok(());
        }
        let state = scene.source.row_state(row);
        self.next.clear();
        for column in 0..self.columns {
            let face = match state {
                RowState::Loaded => scene.source.cell(row, column, &mut self.next.text),
                RowState::Loading | RowState::Failed => CellFace::default(),
            };
            self.next.ends.push(self.next.text.len());
            self.next.faces.push(face);
        }
        for (column, cell) in slot.cells.iter().enumerate() {
            let text = self.next.cell(column);
            if text != slot.content.cell(column) {
                // Pool and columns are both small; their product fits.
                let target = u32::try_from(index * self.columns + column).unwrap_or(u32::MAX);
                self.pack.push(target, text);
            }
            write_face(cell, slot.content.face(column), self.next.face(column))?;
        }
        std::mem::swap(&mut slot.content, &mut self.next);
        if let Some(state) = slot.state.changed(state) {
            match state {
                RowState::Loaded => slot.element.remove_attribute("data-state")?,
                RowState::Loading => slot.element.set_attribute("data-state", "loading")?,
                RowState::Failed => slot.element.set_attribute("data-state", "failed")?,
            }
        }
        let tone = if state == RowState::Loaded { scene.source.row_tone(row) } else { Tone::Plain };
        if let Some(tone) = slot.tone.changed(tone) {
            set_or_remove(&slot.element, "data-tone", tone.name())?;
        }
        Ok(())
    }
}

impl Slot {
    fn new(element: HtmlElement, columns: usize) -> Slot {
        let mut cells = Vec::with_capacity(columns);
        let mut next = element.first_element_child();
        while let Some(cell) = next {
            next = cell.next_element_sibling();
            cells.push(cell.unchecked_into());
        }
        Slot {
            element,
            selected_cells: vec![false; cells.len()],
            cells,
            read: Written::default(),
            row: Written::default(),
            top: Written::default(),
            state: Written::default(),
            tone: Written::default(),
            is_selected: Written::default(),
            content: Content::default(),
            notice: None,
        }
    }

    fn place(&mut self, scene: &Scene<'_>, row: usize, base: usize) -> Result<(), JsValue> {
        if let Some(row) = self.row.changed(row) {
            // ARIA counts from 1, and the header is row 1.
            self.element.set_attribute("aria-rowindex", &(row + 2).to_string())?;
        }
        let top = scene.viewport.row_top(row) - scene.viewport.row_top(base);
        if let Some(top) = self.top.changed(top) {
            self.element.style().set_property("transform", &format!("translateY({top}px)"))?;
        }
        Ok(())
    }

    fn select(&mut self, scene: &Scene<'_>, row: usize) -> Result<(), JsValue> {
        if let Some(is_selected) = self.is_selected.changed(scene.selection.holds_row(row)) {
            self.element.set_attribute("aria-selected", if is_selected { "true" } else { "false" })?;
        }
        let rectangle = scene.selection.rectangle().filter(|(rows, _)| rows.contains(&row));
        for (column, (cell, was)) in self.cells.iter().zip(&mut self.selected_cells).enumerate() {
            let is = rectangle.as_ref().is_some_and(|(_, columns)| columns.contains(&column));
            if std::mem::replace(was, is) != is {
                set_or_remove(cell, "aria-selected", if is { "true" } else { "" })?;
            }
        }
        Ok(())
    }

    /// A row that failed says so once per run of such rows, with a way to try again.
    fn notice(&mut self, wanted: bool, words: impl Fn() -> String, columns: usize) -> Result<(), JsValue> {
        if !wanted {
            if let Some(notice) = self.notice.take() {
                notice.remove();
            }
            return Ok(());
        }
        let words = words();
        if let Some(notice) = &self.notice {
            let text = notice.first_child();
            if text.as_ref().and_then(Node::text_content).as_deref() != Some(words.as_str()) {
                text.inspect(|text| text.set_text_content(Some(&words)));
            }
            return Ok(());
        }
        let document = self.element.owner_document().ok_or("no document")?;
        let notice = element(&document, "div", "grid-notice")?;
        notice.set_attribute("role", "gridcell")?;
        notice.set_attribute("aria-colindex", "1")?;
        notice.set_attribute("aria-colspan", &columns.to_string())?;
        let text = element(&document, "span", "grid-notice-text")?;
        text.set_text_content(Some(&words));
        let retry = element(&document, "button", "grid-retry")?;
        retry.set_attribute("type", "button")?;
        retry.set_tab_index(-1);
        retry.set_text_content(Some("Try again"));
        notice.append_child(&text)?;
        notice.append_child(&retry)?;
        self.element.append_child(&notice)?;
        self.notice = Some(notice);
        Ok(())
    }
}

fn row_template(document: &Document, columns: &[Column]) -> Result<HtmlElement, JsValue> {
    let row = element(document, "div", "grid-row")?;
    row.set_attribute("role", "row")?;
    for index in 0..columns.len() {
        let cell = cell_element(document, columns, index, "grid-cell")?;
        cell.set_attribute("role", "gridcell")?;
        cell.set_attribute("aria-readonly", "true")?;
        cell.append_child(&document.create_text_node(""))?;
        row.append_child(&cell)?;
    }
    Ok(row)
}

fn write_face(cell: &HtmlElement, old: CellFace, new: CellFace) -> Result<(), JsValue> {
    if old == new {
        return Ok(());
    }
    if old.tone != new.tone {
        set_or_remove(cell, "data-tone", new.tone.name())?;
    }
    if old.mark != new.mark {
        set_or_remove(cell, "data-mark", new.mark.name())?;
        // The tooltip is also the cell's description for a screen reader.
        set_or_remove(cell, "title", if new.mark == CellMark::Plain { "" } else { new.mark.words() })?;
    }
    if old.editable != new.editable {
        set_or_remove(cell, "aria-readonly", if new.editable { "" } else { "true" })?;
    }
    Ok(())
}

fn set_or_remove(element: &HtmlElement, name: &str, value: &str) -> Result<(), JsValue> {
    if value.is_empty() { element.remove_attribute(name) } else { element.set_attribute(name, value) }
}
