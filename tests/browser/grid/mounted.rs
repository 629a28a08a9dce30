use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::ui::grid::{Density, GridCommand, GridSource, GridView};
use grid_model::{Column, Picked, Selection, SortKey};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{
    ClipboardEvent, ClipboardEventInit, DataTransfer, Element, Event, EventInit, HtmlElement,
    HtmlInputElement, KeyboardEvent, KeyboardEventInit, MouseEvent, MouseEventInit, PointerEvent,
    PointerEventInit,
};

use super::list::{TestList, columns};
use crate::browser_tests::waiting::{frame, until};

/// An event of the clipboard, which has one of its own: Firefox takes none that is given to it.
pub fn clipboard_event(kind: &str) -> ClipboardEvent {
    let init = ClipboardEventInit::new();
    init.set_clipboard_data(Some(&DataTransfer::new().unwrap()));
    init.set_bubbles(true);
    init.set_cancelable(true);
    ClipboardEvent::new_with_event_init_dict(kind, &init).unwrap()
}

/// A grid of 1200 by 600 pixels on the page. Commits are taken over into the list, resizing and
/// sorting into the grid's inputs, as a screen would. It goes when this is dropped.
pub struct Mounted {
    pub list: Rc<TestList>,
    pub commands: Rc<RefCell<Vec<GridCommand>>>,
    pub columns: RwSignal<Arc<[Column]>>,
    pub sort: RwSignal<Vec<SortKey>>,
    pub query: RwSignal<u64>,
    pub density: RwSignal<Density>,
    pub selection: RwSignal<Selection>,
    pub active: RwSignal<Option<Picked>>,
    host: HtmlElement,
    _mount: Box<dyn Any>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.host.remove();
    }
}

impl Mounted {
    /// Mounts the list and waits for its first rows.
    pub async fn with(list: Rc<TestList>) -> Mounted {
        let mounted = Mounted::loading(list);
        until("the first row stands", || mounted.text(0, 0) == "E-0").await;
        mounted
    }

    pub fn loading(list: Rc<TestList>) -> Mounted {
        let document = web_sys::window().unwrap().document().unwrap();
        if document.get_element_by_id("grid-style").is_none() {
            let style = document.create_element("style").unwrap();
            style.set_id("grid-style");
            style.set_text_content(Some(concat!(
                include_str!("../../../style/tokens.css"),
                include_str!("../../../style/base.css"),
                include_str!("../../../style/grid.css"),
            )));
            document.head().unwrap().append_child(&style).unwrap();
        }
        let host: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        for (name, value) in
            [("position", "fixed"), ("inset", "0 auto auto 0"), ("width", "1200px"), ("height", "600px")]
        {
            host.style().set_property(name, value).unwrap();
        }
        document.body().unwrap().append_child(&host).unwrap();

        let columns = RwSignal::new(Arc::from(columns()));
        let sort = RwSignal::new(Vec::new());
        let query = RwSignal::new(0);
        let density = RwSignal::new(Density::Compact);
        let selection = RwSignal::new(Selection::None);
        let active = RwSignal::new(None);
        let commands = Rc::new(RefCell::new(Vec::new()));
        let heard = StoredValue::new_local((Rc::clone(&commands), Rc::clone(&list)));
        let on_command = Callback::new(move |command: GridCommand| {
            let (commands, list) = heard.get_value();
            obey(&command, &list, columns, sort);
            commands.borrow_mut().push(command);
        });
        let source: Rc<dyn GridSource> = Rc::clone(&list) as Rc<dyn GridSource>;
        let revision = list.revision;
        let links = |key: Arc<str>| Some(format!("#{key}"));
        let mount = mount_to(host.clone(), move || {
            view! {
                <GridView
                    source
                    columns
                    revision
                    sort
                    query
                    density
                    selection
                    active
                    links
                    label="Usage events"
                    on_command
                />
            }
        });
        Mounted {
            list,
            commands,
            columns,
            sort,
            query,
            density,
            selection,
            active,
            host,
            _mount: Box::new(mount),
        }
    }

    pub fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.host.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    pub fn count(&self, selector: &str) -> u32 {
        self.host.query_selector_all(selector).unwrap().length()
    }

    pub fn root(&self) -> HtmlElement {
        self.find("[role=grid]").unwrap()
    }

    /// Pixels of the body in sight.
    pub fn body_height(&self) -> i32 {
        self.root().client_height() - self.find(".grid-header").unwrap().offset_height()
    }

    /// Gives the grid another height.
    pub fn set_height(&self, pixels: i32) {
        self.host.style().set_property("height", &format!("{pixels}px")).unwrap();
    }

    pub fn row(&self, row: usize) -> Option<HtmlElement> {
        self.find(&format!("[role=row][aria-rowindex='{}']", row + 2))
    }

    pub fn cell(&self, row: usize, column: usize) -> Option<HtmlElement> {
        let cell =
            self.row(row)?.query_selector(&format!(".grid-cell[aria-colindex='{}']", column + 1)).unwrap();
        cell.map(JsCast::unchecked_into)
    }

    pub fn head(&self, column: usize) -> HtmlElement {
        self.find(&format!(".grid-head[aria-colindex='{}']", column + 1)).unwrap()
    }

    /// What a cell shows; empty while it is not painted.
    pub fn text(&self, row: usize, column: usize) -> String {
        self.cell(row, column).and_then(|cell| cell.text_content()).unwrap_or_default()
    }

    /// Whether a row lies wholly in the part of the body that can be seen.
    pub fn is_in_sight(&self, row: usize) -> bool {
        let Some(row) = self.row(row) else { return false };
        let (row, root) = (row.get_bounding_client_rect(), self.root().get_bounding_client_rect());
        let header = self.find(".grid-header").unwrap().get_bounding_client_rect();
        let bottom = root.top() + f64::from(self.root().client_height());
        row.top() >= header.bottom() - 0.5 && row.bottom() <= bottom + 0.5
    }

    pub async fn scroll_to(&self, top: i32) {
        self.root().set_scroll_top(top);
        // The event comes before the next frame's painting, the fetched rows in the one after.
        for _ in 0..3 {
            frame().await;
        }
    }

    /// Row and column of the cell that a screen reader is told is active.
    pub fn active(&self) -> Option<(String, String)> {
        let id = self.root().get_attribute("aria-activedescendant")?;
        let cell = web_sys::window().unwrap().document().unwrap().get_element_by_id(&id)?;
        let row = cell.closest("[role=row]").unwrap()?.get_attribute("aria-rowindex")?;
        Some((row, cell.get_attribute("aria-colindex")?))
    }

    /// Waits until the cell is active; the header is row `None`.
    pub async fn until_active(&self, row: Option<usize>, column: usize) {
        let row = row.map_or(1, |row| row + 2);
        let wanted = Some((row.to_string(), (column + 1).to_string()));
        until(&format!("{wanted:?} is active"), || self.active() == wanted).await;
    }

    pub fn is_focused(&self) -> bool {
        focused() == Some(self.root().into())
    }

    pub fn field(&self) -> Option<HtmlInputElement> {
        self.find(".grid-field input").map(JsCast::unchecked_into)
    }

    /// Waits for the open field to have the focus, and gives it.
    pub async fn opened_field(&self) -> HtmlInputElement {
        until("the field is open", || {
            self.field().is_some_and(|field| focused().is_some_and(|element| element == **field))
        })
        .await;
        self.field().unwrap()
    }

    pub async fn until_closed(&self) {
        until("the field is closed", || self.find(".grid-field").is_none()).await;
    }

    pub fn spoken(&self) -> String {
        self.find("[role=status]").unwrap().text_content().unwrap_or_default()
    }

    /// The keys that are selected, whole or in part, in the order of their names.
    pub fn selected(&self) -> Vec<String> {
        self.selection.with_untracked(|selection| {
            selection.records().map(|records| records.keys().map(str::to_owned).collect()).unwrap_or_default()
        })
    }

    /// The columns of the range of cells.
    pub fn columns_selected(&self) -> Option<std::ops::RangeInclusive<usize>> {
        self.selection.with_untracked(|selection| match selection {
            Selection::Cells(range) => Some(range.columns.clone()),
            _ => None,
        })
    }

    /// The record that the cursor was put on.
    pub fn held(&self) -> Option<String> {
        self.active.get_untracked().map(|picked| picked.key.to_string())
    }

    /// Commands since the last call.
    pub fn heard(&self) -> Vec<GridCommand> {
        self.commands.take()
    }
}

fn obey(
    command: &GridCommand,
    list: &TestList,
    columns: RwSignal<Arc<[Column]>>,
    sort: RwSignal<Vec<SortKey>>,
) {
    match command {
        GridCommand::Commit { key, column, text, .. } => {
            list.edits.borrow_mut().insert((key.to_string(), *column), text.clone());
            list.changed();
        }
        GridCommand::ResizeColumn { column, width } => columns.update(|columns| {
            let mut changed = columns.to_vec();
            changed[*column].width = *width;
            *columns = Arc::from(changed);
        }),
        GridCommand::Sort { column, additive } => {
            let id = columns.with_untracked(|columns| columns[*column].id.clone());
            sort.update(|sort| *sort = grid_model::next_sort(sort, &id, *additive));
        }
        GridCommand::Retry { .. } => {
            list.cache.borrow_mut().retry();
            list.changed();
        }
        _ => (),
    }
}

pub fn focused() -> Option<Element> {
    web_sys::window().unwrap().document().unwrap().active_element()
}

/// Presses a key, written as `Ctrl+Shift+End`, where the focus is.
pub fn press(text: &str) {
    let (mods, key) = match text.rfind('+').filter(|at| *at > 0) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => ("", text),
    };
    let init = KeyboardEventInit::new();
    init.set_key(if key == "Space" { " " } else { key });
    init.set_ctrl_key(mods.contains("Ctrl"));
    init.set_shift_key(mods.contains("Shift"));
    init.set_alt_key(mods.contains("Alt"));
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    focused().unwrap().dispatch_event(&event).unwrap();
}

/// Presses a key as a browser tells of it, and says whether the page took it.
pub fn press_raw(key: &str, code: &str, change: impl Fn(&KeyboardEventInit)) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_code(code);
    init.set_bubbles(true);
    init.set_cancelable(true);
    change(&init);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    !focused().unwrap().dispatch_event(&event).unwrap()
}

/// Sends a pointer event of a finger at the middle of an element.
pub fn touch(kind: &str, element: &HtmlElement) {
    let place = element.get_bounding_client_rect();
    let init = PointerEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_pointer_type("touch");
    init.set_client_x((place.left() + place.width() / 2.0) as i32);
    init.set_client_y((place.top() + place.height() / 2.0) as i32);
    let event = PointerEvent::new_with_event_init_dict(kind, &init).unwrap();
    element.dispatch_event(&event).unwrap();
}

/// Replaces the field's text as typing does.
pub fn type_into(field: &HtmlInputElement, text: &str) {
    field.set_value(text);
    let init = EventInit::new();
    init.set_bubbles(true);
    field.dispatch_event(&Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
}

/// Sends a pointer event at the middle of an element, moved sideways by `dx`.
pub fn point(kind: &str, element: &HtmlElement, dx: i32, shift: bool) {
    let place = element.get_bounding_client_rect();
    let init = PointerEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_shift_key(shift);
    init.set_buttons(if kind == "pointerup" { 0 } else { 1 });
    init.set_client_x((place.left() + place.width() / 2.0) as i32 + dx);
    init.set_client_y((place.top() + place.height() / 2.0) as i32);
    let event = PointerEvent::new_with_event_init_dict(kind, &init).unwrap();
    element.dispatch_event(&event).unwrap();
}

/// A press and release of the main button, with the events that a browser makes of it.
pub fn click(element: &HtmlElement, shift: bool) {
    point("pointerdown", element, 0, shift);
    point("pointerup", element, 0, shift);
    mouse("click", element, shift);
}

pub fn mouse(kind: &str, element: &HtmlElement, shift: bool) {
    let init = MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_shift_key(shift);
    element.dispatch_event(&MouseEvent::new_with_mouse_event_init_dict(kind, &init).unwrap()).unwrap();
}
