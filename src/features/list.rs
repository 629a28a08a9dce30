//! What every list of records is made of: its description, what it is asked, its columns, its rows (pages that are
//! read as they come into sight, or all of them here), and the grid with what stands around it.
//!
//! Not here: what a list is of, what it alone can be asked, and what a cell shows (each list's own `source`).

mod cell_menu;
mod cell_text;
mod column_filter;
mod column_menu;
mod columns;
mod conditions;
mod export;
mod failure_state;
mod file_rows;
mod find;
mod list_columns;
mod list_filter_bar;
mod list_grid;
mod list_query;
mod list_source;
mod local_list;
mod next_try;
mod not_shown;
mod opened_row;
mod paged_list;
mod pages;
mod row_spec;
mod whole_line;
mod whole_rows;

pub use cell_menu::cell_menu_part;
pub use cell_text::{copied_value, push_text};
pub use column_filter::{ColumnFilters, column_chips_part, column_filter_part, told};
pub use column_menu::column_menu_part;
pub use columns::ColumnSet;
pub use conditions::{Conditions, condition_text, conditions_of, terms_of};
pub use export::{ListExport, export_part};
pub use failure_state::{FailureLine, FailureState, FetchedState};
pub use find::{FindText, find_part};
pub use list_columns::ListColumns;
pub use list_filter_bar::{ListFilterBar, LongLink, NotUnderstood, names_of, why_more};
pub use list_grid::{
    Commit, ListFoot, ListGrid, PastedCells, UnsavedCell, list_grid_part, query_number, when_all_is_done,
    when_moved, when_renewed,
};
pub use list_query::{ListQuery, use_list_query};
pub use list_source::EventsAsked;
pub use local_list::LocalList;
pub use next_try::{FailuresShown, NextTry, advice};
pub use not_shown::NotShown;
pub use opened_row::OpenedRow;
pub use paged_list::{ListSpec, PagedList};
pub use pages::{ListPages, ListStatus, Page, order_by};
pub use row_spec::RowSpec;
pub use whole_line::whole_line_part;
pub use whole_rows::{
    FEWEST_KEPT, GroupSum, LoadCommand, MOST_GROUPS, News, WholeAnswers, WholeProgress, WholeReader,
    WholeRows, most_kept,
};
