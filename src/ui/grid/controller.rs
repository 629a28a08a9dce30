//! One mounted grid: what it was given, where it stands, and when it paints. Commands that come
//! from keys, the pointer and the clipboard are in the files beneath, one each.
//!
//! Invariant: no borrow of `view` or `painter` is held while the source or the screen is called
//! with something that may call back (commands, `viewport`, `editor`); painting borrows both and
//! calls only what answers from memory.

mod asking;
mod copy;
mod cursor_record;
mod edit;
mod frame;
mod keys;
mod paste;
mod pointer;
mod print;
mod text_input;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use grid_model::{Column, Cursor, Extent, Picked, Selection, SortKey, Viewport, scroll_left_to_show};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{FocusOptions, HtmlElement, ResizeObserver};

use super::painter::{Elements, Painter, Scene};
use super::{Density, GridCommand, GridSource, RowLinks, SoughtRow};
use crate::ui::kept_keys::KeptKeys;
use asking::{Ask, Asking};
use cursor_record::CursorRecord;
pub(super) use edit::{Editing, FieldPlace};
use frame::Frame;

/// Rows painted above and below those in sight.
const OVERSCAN: usize = 4;

/// What the component's properties say now.
#[derive(Clone, PartialEq)]
pub(super) struct Inputs {
    pub columns: Arc<[Column]>,
    pub sort: Vec<SortKey>,
    /// By column, whether the rows are filtered by it.
    pub filtered: Vec<bool>,
    pub revision: u64,
    pub query: u64,
    pub density: Density,
}

/// Signals that the controller writes and the component shows.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub selection: RwSignal<Selection>,
    /// The record that the cursor was put on.
    pub active: RwSignal<Option<Picked>>,
    pub editing: RwSignal<Option<Editing>, LocalStorage>,
    /// Why the active cell cannot be edited; empty when nobody asked.
    pub hint: RwSignal<String>,
    /// What the polite live region says.
    pub spoken: RwSignal<String>,
}

pub(super) struct GridController {
    source: Rc<dyn GridSource>,
    links: Option<RowLinks>,
    on_command: Callback<GridCommand>,
    /// The keys of the page around it; a grid alone has all keys for itself.
    keys: Option<KeptKeys>,
    elements: Elements,
    view: RefCell<View>,
    painter: RefCell<Painter>,
    shown: Shown,
    frame: Frame,
    drag: Cell<Option<pointer::Drag>>,
    /// Where a finger or a pen was put down, as long as it may become a press.
    tapped: Cell<Option<Cursor>>,
    /// The pixels of the screen to one of the page when the browser was asked how tall an element may be.
    density_asked: Cell<Option<u64>>,
    /// Text that comes without a key while the grid has the focus.
    text: RefCell<Option<text_input::TextInput>>,
    asking: RefCell<Asking>,
    field: RefCell<Option<HtmlElement>>,
    /// The revision at which the open field last looked for its record.
    followed: Cell<u64>,
    /// The revision at which a range last looked for rows that it runs over.
    completed: Cell<u64>,
    hint: RefCell<Option<HtmlElement>>,
    resizes: RefCell<Option<SizeWatch>>,
}

struct View {
    inputs: Inputs,
    viewport: Viewport,
    /// Width of the part in sight, in pixels.
    width: u32,
    cursor: Cursor,
    /// Which record the person put the cursor on.
    cursor_record: CursorRecord,
    /// Whether a press alone put it there, with which a press with Ctrl goes on.
    is_pressed: bool,
    /// Whether anyone has been here; until then no cell looks active.
    is_visited: bool,
}

/// Repaints when the grid's own size changes.
struct SizeWatch {
    observer: ResizeObserver,
    _react: Closure<dyn FnMut()>,
}

static NEXT_ID: AtomicU32 = AtomicU32::new(1);

impl GridController {
    pub(super) fn new(
        source: Rc<dyn GridSource>,
        links: Option<RowLinks>,
        on_command: Callback<GridCommand>,
        keys: Option<KeptKeys>,
        elements: Elements,
        shown: Shown,
        inputs: Inputs,
    ) -> Rc<GridController> {
        let painter = Painter::new(elements.clone(), NEXT_ID.fetch_add(1, Ordering::Relaxed));
        let viewport = Viewport::new(inputs.density.row_height(), OVERSCAN);
        let controller = Rc::new_cyclic(|controller: &std::rc::Weak<GridController>| GridController {
            source,
            links,
            on_command,
            keys,
            elements,
            view: RefCell::new(View {
                inputs,
                viewport,
                width: 0,
                cursor: Cursor::at(0, 0),
                cursor_record: CursorRecord::Nobody,
                is_pressed: false,
                is_visited: false,
            }),
            painter: RefCell::new(painter),
            shown,
            frame: Frame::new(controller.clone()),
            drag: Cell::new(None),
            tapped: Cell::new(None),
            density_asked: Cell::new(None),
            text: RefCell::new(None),
            asking: RefCell::default(),
            field: RefCell::new(None),
            followed: Cell::new(0),
            completed: Cell::new(0),
            hint: RefCell::new(None),
            resizes: RefCell::new(None),
        });
        controller.watch_size();
        controller.listen_for_text();
        controller.mark_dirty();
        controller
    }

    /// Takes the properties as they are now.
    pub(super) fn apply(&self, inputs: Inputs) {
        let (is_other_list, has_other_columns) = {
            let mut view = self.view.borrow_mut();
            let is_other = (inputs.query, &inputs.sort) != (view.inputs.query, &view.inputs.sort);
            let ids = |columns: &[Column]| columns.iter().map(|column| column.id.clone()).collect::<Vec<_>>();
            let has_other_columns = ids(&inputs.columns) != ids(&view.inputs.columns);
            view.inputs = inputs;
            if is_other {
                view.cursor_record = self.step_aside(&view);
                view.viewport.show_at_top(0);
                if view.cursor.row().is_some() {
                    view.cursor = Cursor::at(0, view.cursor.column);
                }
            }
            (is_other, has_other_columns)
        };
        let selection = self.shown.selection.get_untracked();
        // Columns of a range are meant by their place.
        if has_other_columns && selection.is_of_cells() {
            self.select(Selection::None);
        } else if is_other_list {
            self.select(selection.under_another_query());
            // What was said was about other rows.
            self.shown.spoken.set(String::new());
        }
        self.tell_active();
        self.mark_dirty();
    }

    /// Something may look different: the next frame paints.
    pub(super) fn mark_dirty(&self) {
        self.frame.arm();
    }

    /// Takes what is being typed, stops frames and observers; the elements are about to go.
    pub(super) fn close(&self) {
        self.commit_at_the_end();
        self.frame.cancel();
        self.text.take();
        if let Some(watch) = self.resizes.take() {
            watch.observer.disconnect();
        }
    }

    fn watch_size(self: &Rc<Self>) {
        let controller = Rc::downgrade(self);
        let react = Closure::<dyn FnMut()>::new(move || {
            if let Some(controller) = controller.upgrade() {
                controller.mark_dirty();
            }
        });
        // Without an observer (no browser lacks it today) the size is read at every painting.
        if let Ok(observer) = ResizeObserver::new(react.as_ref().unchecked_ref()) {
            observer.observe(&self.elements.root);
            self.resizes.replace(Some(SizeWatch { observer, _react: react }));
        }
    }

    fn paint(&self) {
        let row_count = self.source.row_count();
        let (rows, revision) = {
            let mut view = self.view.borrow_mut();
            self.measure(&mut view, row_count);
            self.follow_cursor(&mut view);
            view.cursor = view.cursor_in_list();
            (view.viewport.painted(), view.inputs.revision)
        };
        self.tell_active();
        self.complete_range(revision);
        let selection = self.shown.selection.get_untracked();
        let painted = {
            let view = self.view.borrow();
            let scene = Scene {
                source: &*self.source,
                links: self.links,
                columns: &view.inputs.columns,
                sort: &view.inputs.sort,
                filtered: &view.inputs.filtered,
                viewport: &view.viewport,
                row_count,
                cursor: (view.is_visited && (view.cursor_record.is_put() || self.has_focus()))
                    .then_some(view.cursor),
                selection: &selection,
                revision,
            };
            self.painter.borrow_mut().paint(&scene)
        };
        match painted {
            Ok(true) => (),
            Ok(false) => self.mark_dirty(),
            Err(refused) => leptos::logging::error!("The grid could not be painted: {refused:?}"),
        }
        self.place_field(revision);
        let next = self.asking.borrow_mut().next(&rows, revision);
        match next {
            Ask::Now => self.source.viewport(rows),
            Ask::Wait => self.mark_dirty(),
            Ask::Nothing => (),
        }
    }

    fn measure(&self, view: &mut View, row_count: grid_model::RowCount) {
        let density = window().device_pixel_ratio().to_bits();
        if self.density_asked.replace(Some(density)) != Some(density) {
            view.viewport.limit_to(self.painter.borrow().tallest_element());
        }
        let root = &self.elements.root;
        let height = i64::from(root.client_height() - self.elements.header.offset_height());
        view.width = u32::try_from(root.client_width()).unwrap_or(0);
        let row_height = view.inputs.density.row_height();
        // While the end is not known, loading rows fill what is in sight and no more.
        let beyond = usize::try_from(height / i64::from(row_height)).unwrap_or(0).max(1);
        let shown = view.cursor_in_list().row().filter(|row| view.is_visited && view.viewport.shows(*row));
        let is_lower = (i64::from(row_height)..view.viewport.height()).contains(&height);
        view.viewport.resize(row_count.laid_out(beyond), row_height, height);
        // What comes in around the grid does not cover the row that somebody is at.
        if let Some(row) = shown.filter(|_| is_lower) {
            view.viewport.reveal(row);
        }
    }

    pub(super) fn scrolled(&self) {
        let scroll_top = i64::from(self.elements.root.scroll_top());
        // The event of the grid's own writing, or of scrolling sideways, tells nothing new; and a
        // key may meanwhile have moved the viewport, to be written by the frame to come.
        if self.painter.borrow_mut().is_scrolled_by_browser(scroll_top) {
            self.view.borrow_mut().viewport.scrolled(scroll_top);
        }
        self.mark_dirty();
    }

    /// Scrolling has come to rest.
    pub(super) fn settled(&self) {
        if self.view.borrow_mut().viewport.settle().is_some() {
            self.mark_dirty();
        }
    }

    /// The grid got the focus. A browser tells what is copied and pasted to where the caret of the page is, which
    /// stays behind where the focus comes by itself, as from a dialog that has closed.
    pub(super) fn visited(&self) {
        self.view.borrow_mut().is_visited = true;
        if let Ok(Some(caret)) = window().get_selection() {
            // Where it cannot be put there, the next press of the pointer does it.
            let _ = caret.collapse(Some(&self.elements.root));
        }
        self.mark_dirty();
    }

    pub(super) fn focus(&self) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        if let Err(refused) = self.elements.root.focus_with_options(&options) {
            leptos::logging::warn!("The grid could not take the focus: {refused:?}");
        }
    }

    pub(super) fn cursor(&self) -> Cursor {
        self.view.borrow().cursor_in_list()
    }

    /// Makes a cell active and brings it into sight.
    pub(super) fn go(&self, cursor: Cursor) {
        let scroll_left = u32::try_from(self.elements.root.scroll_left()).unwrap_or(0);
        let wanted = {
            let mut view = self.view.borrow_mut();
            if let Some(row) = cursor.row() {
                view.viewport.reveal(row);
            }
            scroll_left_to_show(&view.inputs.columns, cursor.column, scroll_left, view.width)
        };
        if wanted != scroll_left {
            self.elements.root.set_scroll_left(i32::try_from(wanted).unwrap_or(i32::MAX));
        }
        self.activate(cursor);
    }

    /// Makes the row of a record active and brings it into sight, wherever the keyboard is.
    pub(super) fn seek(&self, sought: SoughtRow) {
        // As with a step of the cursor, a cell range ends and chosen rows stay chosen.
        if self.shown.selection.with_untracked(|selection| selection.is_of_cells()) {
            self.select(Selection::None);
        }
        let mut view = self.view.borrow_mut();
        view.is_visited = true;
        view.is_pressed = false;
        view.cursor_record = CursorRecord::Sought { sought, is_in_sight: false };
        drop(view);
        self.mark_dirty();
    }

    /// Makes a cell active where it is. A pressed cell must not move away from under the pointer,
    /// or the second click of a double click meets another one.
    fn activate(&self, cursor: Cursor) {
        let before = self.cursor();
        {
            let mut view = self.view.borrow_mut();
            view.is_visited = true;
            view.is_pressed = false;
            view.cursor = cursor;
            view.cursor_record = match cursor.row() {
                Some(row) => self.at_row(row).map_or(CursorRecord::Coming, CursorRecord::On),
                None => CursorRecord::Nobody,
            };
        }
        if before != cursor {
            self.shown.hint.set(String::new());
            if let Some(row) = cursor.row() {
                self.speak_state(row);
            }
        }
        self.tell_active();
        self.mark_dirty();
    }

    /// Cells of rows that are not here are empty, so the state is said aloud.
    fn speak_state(&self, row: usize) {
        match self.source.row_state(row) {
            grid_model::RowState::Loaded => (),
            grid_model::RowState::Loading => self.speak("Loading."),
            grid_model::RowState::Failed => {
                self.speak(&format!("{} Press Enter to try again.", self.source.failure(row)));
            }
        }
    }

    fn select(&self, selection: Selection) {
        if self.shown.selection.with_untracked(|now| *now != selection) {
            self.shown.selection.set(selection.clone());
            self.on_command.run(GridCommand::Select(selection));
            self.mark_dirty();
        }
    }

    /// Says something in the live region. The same words twice would not be a change and stay
    /// unsaid, so every other time they end in a no-break space.
    pub(super) fn speak(&self, words: &str) {
        let is_repeated = self.shown.spoken.with_untracked(|said| said == words);
        self.shown.spoken.set(if is_repeated { format!("{words}\u{a0}") } else { words.to_owned() });
    }

    fn column(&self, column: usize) -> Option<Column> {
        self.view.borrow().inputs.columns.get(column).cloned()
    }
}

impl View {
    fn extent(&self) -> Extent {
        Extent {
            rows: self.viewport.rows(),
            columns: self.inputs.columns.len(),
            page: self.viewport.page_step(),
        }
    }

    fn cursor_in_list(&self) -> Cursor {
        self.cursor.within(self.extent())
    }
}
