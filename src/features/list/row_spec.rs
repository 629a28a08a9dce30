//! What a list's rows show, wherever they come from.

use crate::ui::grid::CellEditor;
use grid_model::{CellFace, CopiedCell};
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::{Field, Value};
use std::sync::Arc;

pub trait RowSpec: Sized + 'static {
    type Row: 'static;
    /// What a column shows.
    type ColumnKind: Clone + 'static;
    /// Why no cell can be edited, where that is so of all.
    const READ_ONLY: &'static str = "";

    fn key(&self, row: &Self::Row) -> Option<Arc<str>>;

    /// Empty where records never change.
    fn version(&self, _row: &Self::Row) -> Arc<str> {
        "".into()
    }

    fn cell(&self, row: &Self::Row, kind: Self::ColumnKind, text: &mut String) -> CellFace;

    /// What the filter of a field's column looks at: no value is `Null`. Nothing where it cannot be told.
    fn value(&self, _row: &Self::Row, _field: &'static Field) -> Option<Value> {
        None
    }

    /// The address of what a cell names, in a column that leads there.
    fn address(&self, _row: &Self::Row, _kind: Self::ColumnKind) -> Option<String> {
        None
    }

    /// What the text of a cell is short for, where its face says that it is.
    fn whole_text(&self, _row: &Self::Row, _kind: Self::ColumnKind) -> Option<String> {
        None
    }

    /// What a copy of the cell carries, where that is not the text it shows.
    fn copied(&self, _row: &Self::Row, _kind: Self::ColumnKind) -> Option<CopiedCell> {
        None
    }

    /// What a file has of the cell, where that is not what a copy carries.
    fn in_file(&self, _row: &Self::Row, _kind: Self::ColumnKind) -> Option<CopiedCell> {
        None
    }

    /// What a row adds to the total of each currency.
    fn totalled(&self, _row: &Self::Row) -> Amounts {
        Amounts::new()
    }

    /// The editor of a cell, or why it has none.
    fn editor(&self, _row: &Self::Row, _kind: Self::ColumnKind) -> Result<CellEditor, String> {
        Err(Self::READ_ONLY.to_owned())
    }
}
