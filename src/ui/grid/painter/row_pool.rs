use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use grid_model::{
    Alignment, CellFace, CellMark, Column, NumberFit, Picked, RowState, Selection, TextPack, Tone,
    number_fit, visible,
};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement, Node};

use leptos::callback::Callable;

use super::header::{cell_element, element};
use super::written::Written;
use super::{GridSource, Scene};

#[wasm_bindgen(module = "/src/ui/grid/painter/text_nodes.js")]
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
    /// How wide characters of numbers are, in parts of a pixel, as far as they were measured.
    widths: HashMap<char, u32>,
}

struct Slot {
    element: HtmlElement,
    cells: Vec<HtmlElement>,
    /// Row and revision that `content` was read at.
    read: Written<(usize, u64)>,
    row: Written<usize>,
    /// The record that the content is of.
    picked: Option<Picked>,
    top: Written<i64>,
    state: Written<RowState>,
    tone: Written<Tone>,
    is_selected: Written<bool>,
    selected_cells: Vec<bool>,
    links: Vec<Link>,
    /// What cells are short for, by column.
    whole: Vec<Option<Whole>>,
    content: Content,
    notice: Option<HtmlElement>,
}

/// A cell that is a link: to the row's record, where its column opens it, or to what the cell names.
struct Link {
    column: usize,
    element: HtmlElement,
    address: String,
}

/// What a cell is short for.
enum Whole {
    /// A number that its column has no room for.
    Number(String),
    Text(String),
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

    /// Where the text of the cell that is being written begins.
    fn start(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// What cannot be seen in the text that was just written is shown as signs.
    fn make_visible(&mut self) {
        let start = self.start();
        if let Some(Cow::Owned(shown)) = self.text.get(start..).map(visible) {
            self.text.truncate(start);
            self.text.push_str(&shown);
        }
    }

    /// Fits the number that was just written; gives it where there is no room for it.
    fn fit_number(&mut self, room: u32, mut width_of: impl FnMut(char) -> u32) -> Option<String> {
        let start = self.start();
        let text = self.text.get(start..).unwrap_or_default();
        match number_fit(text, room, &mut width_of) {
            NumberFit::InLine => None,
            NumberFit::Digits(digits) => {
                let end = start + digits.len();
                self.text.truncate(end);
                None
            }
            NumberFit::TooWide(digits) => {
                let digits = digits.to_owned();
                self.text.truncate(start);
                let signs = (room / width_of('#').max(1)).clamp(1, MOST_SIGNS);
                self.text.extend(std::iter::repeat_n('#', usize::try_from(signs).unwrap_or(1)));
                Some(digits)
            }
        }
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
            widths: HashMap::new(),
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

    /// Columns have other widths: numbers are fitted anew.
    pub(super) fn refit(&mut self) {
        for slot in &mut self.slots {
            slot.read = Written::default();
        }
    }

    /// How wide a column would have to be for these rows, as far as they are here.
    pub(super) fn natural_width(
        &mut self,
        source: &dyn GridSource,
        rows: Range<usize>,
        column: usize,
        is_number: bool,
    ) -> u32 {
        // Letters are a little narrower or wider together than they are alone, so the widest texts are measured.
        let mut widest: Vec<(u32, u32, String)> = Vec::new();
        let mut text = String::new();
        for row in rows.filter(|row| source.row_state(*row) == RowState::Loaded) {
            text.clear();
            let face = source.cell(row, column, &mut text);
            let shown = if is_number { Cow::Borrowed(text.as_str()) } else { visible(&text) };
            let letters = shown.chars().map(|letter| width_of(letter, &self.layer, &mut self.widths));
            let shape = if matches!(face.tone, Tone::Plain | Tone::Quiet) { 0 } else { SHAPE };
            let beside = shape + taken_beside(face.mark);
            let about = letters.sum::<u32>() / PARTS + beside;
            if widest.len() < MEASURED {
                widest.push((about, beside, shown.into_owned()));
            } else if let Some(narrowest) =
                widest.iter_mut().min_by_key(|one| one.0).filter(|one| one.0 < about)
            {
                *narrowest = (about, beside, shown.into_owned());
            }
        }
        let measured =
            widest.iter().map(|(_, beside, text)| beside + text_width(text, &self.layer) + ROUNDED);
        measured.max().unwrap_or(0)
    }

    fn empty(&mut self) {
        self.slots.clear();
        self.nodes = TextNodes::new();
        self.layer.replace_children_with_node_0();
    }

    /// The record that is on the screen in a row, where the row is painted.
    pub(super) fn picked(&self, row: usize) -> Option<&Picked> {
        self.slot(row)?.picked.as_ref()
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> Option<&HtmlElement> {
        self.slot(row)?.cells.get(column)
    }

    /// The element that shows a row.
    fn slot(&self, row: usize) -> Option<&Slot> {
        self.slots.get(row.checked_rem(self.slots.len())?).filter(|slot| slot.row.is(row))
    }

    /// Whether all of the rows are painted. After a jump those out of sight are left to another painting: while
    /// a list is swept through, nobody would ever see them.
    pub(super) fn paint(
        &mut self,
        scene: &Scene<'_>,
        rows: Range<usize>,
        base: usize,
    ) -> Result<bool, JsValue> {
        if self.slots.len() != rows.len() {
            self.resize(&rows)?;
        }
        let in_sight = scene.viewport.visible();
        let jumps = in_sight.clone().filter(|row| self.slot(*row).is_none()).count() > JUMP;
        for row in rows {
            let index = row % self.slots.len().max(1);
            if jumps && !in_sight.contains(&row) {
                self.slots.get_mut(index).filter(|slot| slot.row.value().is_some()).map(Slot::put_away);
                continue;
            }
            self.paint_content(scene, index, row)?;
            let Some(slot) = self.slots.get_mut(index) else { continue };
            slot.place(scene, row, base)?;
            slot.select(scene)?;
            let is_failed = slot.state.is(RowState::Failed);
            let begins =
                row == in_sight.start || row == 0 || scene.source.row_state(row - 1) != RowState::Failed;
            slot.notice(is_failed && begins, || scene.source.failure(row), self.columns)?;
        }
        if !self.pack.is_empty() {
            let written = self.nodes.write(self.pack.bytes(), self.pack.ends(), self.pack.targets());
            self.pack.clear();
            written?;
        }
        Ok(!jumps)
    }

    /// The length decides where in the pool a row stands. A row that stays keeps its element: a press may have begun
    /// on it, and would come to nothing if it ended on another.
    fn resize(&mut self, rows: &Range<usize>) -> Result<(), JsValue> {
        let Some(template) = &self.template else { return Ok(()) };
        let mut kept: Vec<Option<Slot>> = rows.clone().map(|_| None).collect();
        for slot in self.slots.drain(..) {
            let row = slot.row.value().filter(|row| rows.contains(row) && slot.notice.is_none());
            match row.and_then(|row| kept.get_mut(row.checked_rem(rows.len())?)) {
                Some(place) => *place = Some(slot),
                None => slot.element.remove(),
            }
        }
        self.nodes = TextNodes::new();
        for slot in kept {
            let slot = match slot {
                Some(slot) => slot,
                None => {
                    let element: HtmlElement = template.clone_node_with_deep(true)?.unchecked_into();
                    self.layer.append_child(&element)?;
                    Slot::new(element, self.columns)
                }
            };
            self.nodes.add_row(&slot.element);
            self.slots.push(slot);
        }
        Ok(())
    }

    fn paint_content(&mut self, scene: &Scene<'_>, index: usize, row: usize) -> Result<(), JsValue> {
        let Some(slot) = self.slots.get_mut(index) else { return Ok(()) };
        if slot.read.changed((row, scene.revision)).is_none() {
            return Ok(());
        }
        let state = scene.source.row_state(row);
        slot.picked = if state == RowState::Loaded { scene.source.picked(row) } else { None };
        slot.lead(scene, row)?;
        self.next.clear();
        let mut whole_now = Vec::with_capacity(self.columns);
        for column in 0..self.columns {
            let face = match state {
                RowState::Loaded => scene.source.cell(row, column, &mut self.next.text),
                RowState::Loading | RowState::Failed => CellFace::default(),
            };
            let number = scene.columns.get(column).filter(|column| column.alignment == Alignment::End);
            let whole = match number {
                Some(column) => {
                    let room = room_of(column.width, face.mark);
                    let (layer, widths) = (&self.layer, &mut self.widths);
                    let too_wide = self.next.fit_number(room, |letter| width_of(letter, layer, widths));
                    too_wide.map(Whole::Number)
                }
                None => {
                    self.next.make_visible();
                    let whole = face.says_more.then(|| scene.source.whole_text(row, column)).flatten();
                    whole.map(|text| Whole::Text(visible(&text).into_owned()))
                }
            };
            self.next.ends.push(self.next.text.len());
            self.next.faces.push(face);
            whole_now.push(whole);
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
        for (column, is) in whole_now.into_iter().enumerate() {
            let (Some(cell), Some(was)) = (slot.cells.get(column), slot.whole.get_mut(column)) else {
                continue;
            };
            if is.is_none() && was.is_none() {
                continue;
            }
            // What a sign stands for is said to whoever points at it, and to a screen reader.
            let (number, text) = match &is {
                Some(Whole::Number(number)) => (number.as_str(), number.as_str()),
                Some(Whole::Text(text)) => ("", text.as_str()),
                None => ("", ""),
            };
            let mark = self.next.face(column).mark;
            let words = if mark == CellMark::Plain { "" } else { mark.words() };
            set_or_remove(cell, "aria-label", number)?;
            set_or_remove(cell, "title", format!("{text} {words}").trim())?;
            *was = is;
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
        let mut cells: Vec<HtmlElement> = Vec::with_capacity(columns);
        let mut next = element.first_element_child();
        while let Some(cell) = next {
            next = cell.next_element_sibling();
            cells.push(cell.unchecked_into());
        }
        let link = |(column, cell): (usize, &HtmlElement)| {
            let element = cell.first_element_child()?.unchecked_into();
            Some(Link { column, element, address: String::new() })
        };
        Slot {
            links: cells.iter().enumerate().filter_map(link).collect(),
            element,
            selected_cells: vec![false; cells.len()],
            whole: std::iter::repeat_with(|| None).take(cells.len()).collect(),
            cells,
            read: Written::default(),
            row: Written::default(),
            picked: None,
            top: Written::default(),
            state: Written::default(),
            tone: Written::default(),
            is_selected: Written::default(),
            content: Content::default(),
            notice: None,
        }
    }

    fn lead(&mut self, scene: &Scene<'_>, row: usize) -> Result<(), JsValue> {
        for Link { column, element, address } in &mut self.links {
            let opens = scene.columns.get(*column).is_some_and(|column| column.opens);
            let now = self.picked.as_ref().and_then(|picked| {
                if !opens {
                    return scene.source.address(row, *column);
                }
                // Nothing is answered by a screen that has gone.
                scene.links?.try_run(Arc::clone(&picked.key)).flatten()
            });
            let now = now.unwrap_or_default();
            if *address != now {
                set_or_remove(element, "href", &now)?;
                *address = now;
            }
        }
        Ok(())
    }

    /// Shows no row.
    fn put_away(&mut self) {
        (self.row, self.read) = (Written::default(), Written::default());
        self.element.set_hidden(true);
    }

    fn place(&mut self, scene: &Scene<'_>, row: usize, base: usize) -> Result<(), JsValue> {
        if self.row.value().is_none() {
            self.element.set_hidden(false);
        }
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

    fn select(&mut self, scene: &Scene<'_>) -> Result<(), JsValue> {
        let is_selected = match (&self.picked, scene.selection) {
            (Some(picked), selection) => selection.holds(&picked.key),
            // A row that is still coming is among all of them.
            (None, selection) => matches!(selection, Selection::All(_)),
        };
        if let Some(is_selected) = self.is_selected.changed(is_selected) {
            self.element.set_attribute("aria-selected", if is_selected { "true" } else { "false" })?;
        }
        let columns = self.picked.as_ref().and_then(|picked| scene.selection.cells_of(&picked.key));
        for (column, (cell, was)) in self.cells.iter().zip(&mut self.selected_cells).enumerate() {
            let is = columns.is_some_and(|columns| columns.contains(&column));
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
    row.set_hidden(true);
    row.set_attribute("role", "row")?;
    for index in 0..columns.len() {
        let cell = cell_element(document, columns, index, "grid-cell")?;
        cell.set_attribute("role", "gridcell")?;
        cell.set_attribute("aria-readonly", "true")?;
        let text = document.create_text_node("");
        if columns.get(index).is_some_and(|column| column.opens || column.leads) {
            let link = element(document, "a", "grid-link")?;
            // The grid is one stop of the Tab key, and a drag selects cells.
            link.set_tab_index(-1);
            link.set_attribute("draggable", "false")?;
            // The grid takes text (`text_input`), and a link in what can be edited opens no tab.
            link.set_attribute("contenteditable", "false")?;
            link.append_child(&text)?;
            cell.append_child(&link)?;
        } else {
            cell.append_child(&text)?;
        }
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

/// So many rows in sight that were not painted before are a jump, not a step.
const JUMP: usize = 12;

/// Padding of a cell, and the room of a mark beside a number, in pixels; the style sheet says the same.
const PADDING: u32 = 8;
const MARK: u32 = 16;

/// The shape of a tone before a text, with the room behind it, in pixels; the style sheet says the same.
const SHAPE: u32 = 15;

/// Widths are told in whole pixels, and the edge of a column takes one.
const ROUNDED: u32 = 2;

/// So many of the widest texts of a column are measured.
const MEASURED: usize = 8;

/// A sign for a number that is too wide says that something is missing; more of them say no more.
const MOST_SIGNS: u32 = 40;

/// Parts of a pixel that widths are counted in, as browsers do.
const PARTS: u32 = 64;

fn room_of(width: u32, mark: CellMark) -> u32 {
    // Widths of characters are rounded up, and a text is a little narrower than they are together.
    width.saturating_sub(taken_beside(mark)) * PARTS + PARTS / 4
}

fn taken_beside(mark: CellMark) -> u32 {
    2 * PADDING + if mark == CellMark::Plain { 0 } else { MARK }
}

/// How wide a character of a number is drawn here, measured once, in parts of a pixel.
fn width_of(letter: char, layer: &HtmlElement, widths: &mut HashMap<char, u32>) -> u32 {
    if let Some(width) = widths.get(&letter) {
        return *width;
    }
    // So many of them in pixels are one of them in parts.
    let width = text_width(&std::iter::repeat_n(letter, PARTS as usize).collect::<String>(), layer);
    // Before the grid is laid out nothing has a width; it is asked again.
    if width > 0 {
        widths.insert(letter, width);
    }
    width
}

/// How wide a text is drawn here, in pixels; nothing before the grid is laid out.
fn text_width(text: &str, layer: &HtmlElement) -> u32 {
    let measure = || -> Result<i32, JsValue> {
        let document = layer.owner_document().ok_or("no document")?;
        let probe = element(&document, "span", "grid-probe-text")?;
        probe.set_text_content(Some(text));
        layer.append_child(&probe)?;
        let width = probe.offset_width();
        probe.remove();
        Ok(width)
    };
    measure().ok().and_then(|width| u32::try_from(width).ok()).unwrap_or(0)
}

fn set_or_remove(element: &HtmlElement, name: &str, value: &str) -> Result<(), JsValue> {
    if value.is_empty() { element.remove_attribute(name) } else { element.set_attribute(name, value) }
}
