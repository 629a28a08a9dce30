//! The grid of usage events: its columns, the rows of the window that is in sight, and what an edit
//! of a cell means. Used for one batch's events and for the events of all batches.
//!
//! Not here: the DOM side of a grid (`ui::grid`), the page around it (`pages::batch`), and the
//! event's drawer.

mod columns;
mod filter_bar;
mod group_items;
mod grouped_events;
mod list_query;
mod next_event;
mod rows;
mod screen;
mod selection_line;
mod source;
mod steps;
mod totals;
mod view_form;
mod whole_events;
mod why_none;

pub use screen::{EventGrid, OpenList};
pub use source::{REVERSAL_PENDING, TO_RE_RATE};
pub use view_form::view_form_part;
