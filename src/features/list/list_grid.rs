//! The grid of a list with its column menu, and what every list does alike: order, widths, opening a record,
//! the word of what is on the clipboard, what stands where there are no rows.

use super::cell_menu::{CellMenuOf, OpenCell, cell_menu_part};
use super::column_filter::{ColumnFilters, column_filter_part};
use super::column_menu::{ColumnItems, ColumnMenuOf, OpenColumn, column_menu_part};
use super::export::{ExportedGrid, ListExport, export_part};
use super::failure_state::{FailureLine, FailureState};
use super::find::{FindField, FindIn, find_part};
use super::list_source::List;
use super::opened_row::{OpenedRow, take_keyboard_back};
use super::pages::ListStatus;
use crate::data::session::Session;
use crate::data::sync::RecordSync;
use crate::routes::use_go;
use crate::ui::controls::MenuItem;
use crate::ui::grid::{GridCommand, GridHandle, GridSource, GridView, Missing, RowDensity, SoughtRow};
use crate::ui::kept_choice::{keep_choice, kept_choice};
use crate::ui::part::part;
use grid_model::{Column, ColumnLayout, FindStep, Picked, Selection, SortKey, Tone, next_sort};
use leptos::prelude::*;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// So long nothing more is asked before what was found is said.
const ASKING_PAUSE: Duration = Duration::from_millis(500);

/// A text that was accepted for a cell: the record's key, the column, the text.
pub type Commit = (Arc<str>, usize, String);

/// What a list offers in the menu of a cell beside what every list does, by the record's key and the column's id.
pub type CellItems = Callback<(Arc<str>, String), Vec<MenuItem>>;

/// Several cells that were pasted, or one for several.
pub struct PastedCells {
    /// What was selected for them.
    pub rows: Range<usize>,
    pub columns: Range<usize>,
    /// All columns as they stand on the screen.
    pub layout: Arc<[Column]>,
    pub text: String,
    pub html: Option<String>,
}

/// A text in a cell that cannot be saved, where the cell has gone.
pub struct UnsavedCell {
    pub key: Arc<str>,
    /// The title of its column.
    pub title: String,
    pub text: String,
    pub reason: String,
}

part! {
    /// What every list is made of: it is fetched as the page starts.
    pub mod list_grid_part in lists: (shown: ShownList) => list_grid(shown)
}

/// What a list's grid shows, and whom it tells.
#[derive(Clone)]
pub struct ShownList {
    session: Session,
    list: StoredValue<Rc<dyn List>, LocalStorage>,
    label: String,
    query: Signal<u64>,
    sort: Signal<Vec<SortKey>>,
    on_sort: Option<Callback<Vec<SortKey>>>,
    filters: Option<ColumnFilters>,
    address: Callback<Arc<str>, Option<String>>,
    instead: Callback<ListStatus, Option<AnyView>>,
    layout: RwSignal<ColumnLayout>,
    selection: RwSignal<Selection>,
    active: RwSignal<Option<Picked>>,
    sought: Signal<Option<SoughtRow>>,
    commit: Option<Callback<Commit, Result<(), String>>>,
    unsaved: Option<Callback<UnsavedCell>>,
    paste: Option<Callback<PastedCells>>,
    cell_items: Option<CellItems>,
    column_items: Option<ColumnItems>,
    export: Option<ListExport>,
    again: Option<Callback<()>>,
}

/// Whoever opened a record and comes back stands on its row again.
///
/// - `query`: goes up when another filter or order is asked for (see [`query_number`]).
/// - `filters`: what is asked of columns; those that are `filterable` have a form for it behind their heads.
/// - `address`: where the record of a key is shown.
/// - `instead`: what stands in the place of rows; without it, why none could be read.
/// - `layout`: how the columns stand, where whoever shows the list follows that or says it.
/// - `cell_items`, `column_items`: what is offered in the menus of cells and columns beside what every list offers.
/// - `export`: what a file of the list tells beside what is shown here; without it there is none.
/// - `again` reads the list again, where it knows a way of its own.
/// - `commit` proposes what was typed, or says why it cannot; then, and where the grid went with a text in
///   a cell, `unsaved` hears of it.
#[component]
pub fn ListGrid(
    session: Session,
    list: Rc<dyn List>,
    #[prop(into)] label: String,
    #[prop(optional, into)] query: Signal<u64>,
    #[prop(optional, into)] sort: Signal<Vec<SortKey>>,
    #[prop(optional, into)] on_sort: Option<Callback<Vec<SortKey>>>,
    #[prop(optional, into)] filters: Option<ColumnFilters>,
    #[prop(into)] address: Callback<Arc<str>, Option<String>>,
    #[prop(into)] instead: Callback<ListStatus, Option<AnyView>>,
    #[prop(optional)] layout: Option<RwSignal<ColumnLayout>>,
    #[prop(optional)] selection: Option<RwSignal<Selection>>,
    #[prop(optional)] active: Option<RwSignal<Option<Picked>>>,
    #[prop(optional, into)] sought: Signal<Option<SoughtRow>>,
    #[prop(optional, into)] commit: Option<Callback<Commit, Result<(), String>>>,
    #[prop(optional, into)] unsaved: Option<Callback<UnsavedCell>>,
    #[prop(optional, into)] paste: Option<Callback<PastedCells>>,
    #[prop(optional, into)] cell_items: Option<CellItems>,
    #[prop(optional, into)] column_items: Option<ColumnItems>,
    #[prop(optional, into)] export: Option<ListExport>,
    #[prop(optional, into)] again: Option<Callback<()>>,
) -> impl IntoView {
    list_grid_part::view(ShownList {
        session,
        list: StoredValue::new_local(list),
        label,
        query,
        sort,
        on_sort,
        filters,
        address,
        instead,
        layout: layout.unwrap_or_default(),
        selection: selection.unwrap_or_default(),
        active: active.unwrap_or_default(),
        sought,
        commit,
        unsaved,
        paste,
        cell_items,
        column_items,
        export,
        again,
    })
}

fn list_grid(shown: ShownList) -> impl IntoView {
    let ShownList { session, list, label, query, sort, on_sort, filters, address, .. } = shown;
    let ShownList {
        instead,
        layout,
        selection,
        active,
        sought,
        commit,
        unsaved,
        paste,
        cell_items,
        column_items,
        export,
        again,
        ..
    } = shown;
    let source = list.with_value(|list| Rc::clone(list) as Rc<dyn GridSource>);
    let (revision, status) = list.with_value(|list| (list.revision(), list.status()));
    let status = Memo::new(move |_| status.get());
    // The grid repaints when rows arrive, when the store changes anything, when meanings of codes arrive, and
    // when a new session may allow something else.
    let painted = Signal::derive(move || {
        revision.get() + session.sync.revision.get() + session.lookups.revision.get() + session.renewed.get()
    });
    let retry = Callback::new(move |()| list.with_value(|list| list.retry()));
    when_renewed(session, retry);
    let again = again.unwrap_or(retry);
    let on_sort = on_sort.unwrap_or_else(|| Callback::new(|_| ()));
    let (to_filter, is_filtering) = (RwSignal::new(String::new()), RwSignal::new(false));
    // A dialog stays once it was opened: it gives the focus back as it closes.
    let was_filtering =
        Memo::new(move |before: Option<&bool>| is_filtering.get() || before.is_some_and(|was| *was));
    let is_filtered =
        Callback::new(move |column: String| filters.is_some_and(|filters| filters.of(&column).is_some()));
    let on_filter = filters.map(|_| {
        Callback::new(move |column| {
            to_filter.set(column);
            is_filtering.set(true);
        })
    });
    let density = use_context::<RowDensity>().map(RowDensity::signal).unwrap_or_default();
    let go = use_go();
    let opened = OpenedRow::new(&label);
    let back_on = opened.come_back();
    let is_back = back_on.is_some();
    let led_to = RwSignal::new(back_on);
    Effect::new(move || {
        if let Some(sought) = sought.get() {
            opened.note(sought.clone());
            led_to.set(Some(sought));
        }
    });
    let note_opened = move |key: &Arc<str>| {
        if let Some(row) = list.with_value(|list| list.row_of_key(key)) {
            opened.note(SoughtRow { row, key: Arc::clone(key) });
        }
    };
    let open = Callback::new(move |key: Arc<str>| {
        note_opened(&key);
        if let Some(path) = address.run(key) {
            go.to(&path);
        }
    });
    keep_layout(layout, &label);
    let columns = Memo::new(move |_| list.with_value(|list| list.lay_out(&layout.get())));
    let grid = GridHandle::default();
    if let Some(filters) = filters {
        tell_how_many((query, sort), status.into(), (filters.one, filters.several), grid);
    }
    let was_exporting = Memo::new(move |before: Option<&bool>| {
        before.is_some_and(|was| *was) || export.is_some_and(|export| export.open.get())
    });
    let exported = ExportedGrid {
        session,
        list,
        label: StoredValue::new(label.clone()),
        columns,
        sort,
        filters,
        selection,
    };
    let menu = RwSignal::new(None::<OpenColumn>);
    let cell_menu = RwSignal::new(None::<OpenCell>);
    let is_finding = RwSignal::new(false);
    let (find_step, find_text) = (RwSignal::new(FindStep::Begin), RwSignal::new(String::new()));
    let column_id = move |column: usize| {
        columns.with_untracked(|columns| columns.get(column).map(|column| column.id.clone()))
    };
    let tell_unsaved = move |cell| {
        if let Some(unsaved) = unsaved {
            unsaved.run(cell);
        }
    };
    let on_command = Callback::new(move |command: GridCommand| match command {
        GridCommand::Open { key } => open.run(key),
        GridCommand::Followed { key } => note_opened(&key),
        // Whoever has signed out has left nothing behind for the next person.
        GridCommand::Commit { .. } | GridCommand::Unsaved { .. }
            if session.with_access(|access| access.is_none()) => {}
        GridCommand::Commit { key, column, text, .. } => {
            let refused =
                commit.and_then(|commit| commit.run((Arc::clone(&key), column, text.clone())).err());
            if let Some(reason) = refused {
                let title =
                    columns.with_untracked(|columns| columns.get(column).map(|column| column.title.clone()));
                tell_unsaved(UnsavedCell { key, title: title.unwrap_or_default(), text, reason });
            }
        }
        GridCommand::Unsaved { key, title, text, reason } => {
            tell_unsaved(UnsavedCell { key, title, text, reason });
        }
        GridCommand::Paste { rows, columns: selected, text, html } => {
            if let Some(paste) = paste {
                let layout = columns.get_untracked();
                paste.run(PastedCells { rows, columns: selected, layout, text, html });
            }
        }
        GridCommand::Sort { column, additive } => {
            if let Some(id) = column_id(column) {
                on_sort.run(sort.with_untracked(|sort| next_sort(sort, &id, additive)));
            }
        }
        GridCommand::ResizeColumn { column, width } => {
            if let Some(id) = column_id(column) {
                layout.update(|layout| layout.set_width(&id, width));
            }
        }
        GridCommand::Copied { rows, missing } => {
            let (tone, rest) = match missing {
                Missing::None => (Tone::Ok, String::new()),
                Missing::Rows(more) => {
                    (Tone::Warn, format!(" {more} more were selected and are not loaded."))
                }
                Missing::Unknown => (Tone::Warn, " More were selected and are not loaded.".to_owned()),
            };
            session.sync.notices.notify(tone, format!("{rows} rows are on the clipboard.{rest}"));
        }
        GridCommand::Retry { .. } => again.run(()),
        GridCommand::Menu { key: None, column, left, top } => {
            menu.set(column_id(column).map(|id| OpenColumn { id, left, top }));
        }
        GridCommand::Menu { key: Some(key), column, left, top } => {
            cell_menu.set(Some(OpenCell { key, column, left, top }));
        }
        GridCommand::Find(step) => {
            find_step.set(step);
            is_finding.set(true);
        }
        GridCommand::Select(_) => (),
    });
    let over = move || {
        let status = status.get();
        let failure = |failure| view! { <FailureState failure=failure again=again /> }.into_any();
        let over = instead.run(status.clone()).or_else(|| status.failure.map(failure));
        over.map(|over| view! { <div class="state-over">{over}</div> })
    };
    let not_again = Memo::new(move |_| status.with(|status| status.not_again.clone()));
    let as_it_was = move || {
        not_again.get().map(|failure| {
            view! { <div class="list-as-it-was"><FailureLine what="What is new in this list" failure=failure again=again /></div> }
        })
    };
    let room = NodeRef::new();
    Effect::new(move || {
        if is_back && room.get().is_some() {
            take_keyboard_back(room);
        }
    });
    view! {
        <div class="grid-room" node_ref=room>
            <Show when=move || is_finding.get()>
                <FindField open=is_finding asked=find_step text=find_text grid=grid>
                    {find_part::view(is_finding, find_step, find_text, FindIn { list, columns, query, grid })}
                </FindField>
            </Show>
            {as_it_was}
            <GridView
                source=source
                columns=columns
                revision=painted
                query=query
                density=density
                sort=sort
                is_filtered=is_filtered
                selection=selection
                active=active
                sought=led_to
                label=label
                links=address
                handle=grid
                on_command=on_command
            />
            {over}
            <Show when=move || menu.with(Option::is_some)>
                {column_menu_part::view(menu, ColumnMenuOf { columns, layout, sort, on_sort, on_filter, items: column_items, grid })}
            </Show>
            <Show when=move || cell_menu.with(Option::is_some)>
                {cell_menu_part::view(cell_menu, CellMenuOf { list, columns, selection, address, open, go, filters, items: cell_items, grid })}
            </Show>
            <Show when=move || was_filtering.get()>
                {filters.map(|filters| column_filter_part::view(filters, list, to_filter, is_filtering))}
            </Show>
            <Show when=move || was_exporting.get()>
                {export.map(|export| export_part::view(export, exported))}
            </Show>
        </div>
    }
}

/// Says how many rows a filter has found, once nothing more is asked for a while and they are here: never one sentence
/// for each key.
fn tell_how_many(
    (query, sort): (Signal<u64>, Signal<Vec<SortKey>>),
    status: Signal<ListStatus>,
    (one, several): (&'static str, &'static str),
    grid: GridHandle,
) {
    let is_due = RwSignal::new(false);
    let mut wait = debounce(ASKING_PAUSE, move |()| {
        // The list may have been left meanwhile.
        let _ = is_due.try_set(true);
    });
    Effect::new(move |before: Option<(u64, Vec<SortKey>)>| {
        let now = (query.get(), sort.get());
        // Another order finds no other rows.
        if before.is_some_and(|before| before.0 != now.0 && before.1 == now.1) {
            is_due.set(false);
            wait(());
        }
        now
    });
    Effect::new(move || {
        if is_due.get() && status.with(|status| !status.loading) {
            is_due.set(false);
            grid.say(&status.with_untracked(|status| status.counted(one, several)));
        }
    });
}

/// Columns stay as a person laid them out, in this browser, unless they came laid out.
fn keep_layout(layout: RwSignal<ColumnLayout>, list: &str) {
    let name = format!("usage-desk.columns.{list}");
    let kept = kept_choice(&name).map(|kept| ColumnLayout::read(&kept)).unwrap_or_default();
    if layout.with_untracked(|layout| *layout == ColumnLayout::default()) && kept != ColumnLayout::default() {
        layout.set(kept);
    }
    Effect::new(move |before: Option<()>| {
        let text = layout.with(ColumnLayout::text);
        if before.is_some() {
            keep_choice(&name, &text);
        }
    });
}

/// The bar under the grid: how many rows there are, by what one of them is called and several are.
#[component]
pub fn ListFoot(
    #[prop(into)] status: Signal<ListStatus>,
    one: &'static str,
    several: &'static str,
    children: Children,
) -> impl IntoView {
    let rows = Memo::new(move |_| status.with(|status| status.counted(one, several)));
    view! {
        <footer class="totals-bar" role="group" aria-label="Totals">
            <strong>{rows}</strong>
            {children()}
        </footer>
    }
}

/// Goes up with every other query.
pub fn query_number<ListQuery>(query: Memo<ListQuery>) -> Signal<u64>
where
    ListQuery: Clone + PartialEq + Send + Sync + 'static,
{
    let numbered = Memo::new(move |before: Option<&(ListQuery, u64)>| {
        let now = query.get();
        match before {
            Some((query, number)) if *query == now => (now, *number),
            Some((_, number)) => (now, number + 1),
            None => (now, 0),
        }
    });
    Signal::derive(move || numbered.with(|(_, number)| *number))
}

/// Goes up once all that a person asked the server to do is done, and not after each of many actions.
pub fn when_all_is_done(sync: RecordSync) -> Memo<u64> {
    Memo::new(move |before: Option<&u64>| {
        let is_settled = sync.summary.with(|summary| summary.unfinished() == 0);
        before.filter(|_| !is_settled).copied().unwrap_or_else(|| sync.actions_done.get())
    })
}

/// Reads again, after a new sign-in, what failed without one.
pub fn when_renewed(session: Session, again: Callback<()>) {
    when_moved(session.renewed.into(), again);
}

/// Does something each time that a number has become another one.
pub fn when_moved(number: Signal<u64>, then: Callback<()>) {
    Effect::new(move |before: Option<u64>| {
        let now = number.get();
        if before.is_some_and(|before| before != now) {
            untrack(|| then.run(()));
        }
        now
    });
}
