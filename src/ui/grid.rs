//! The grid on the screen: a pool of row elements that is rewritten as the list is scrolled, the
//! keyboard, the pointer, the clipboard and the one floating cell editor.
//!
//! Not here: what a row means (a screen implements [`GridSource`] and acts on [`GridCommand`]),
//! and anything that can be decided without a browser (`grid_model` does).

mod cell_field;
mod command;
mod controller;
mod painter;
mod source;
mod view;

pub use command::{GridCommand, Missing};
pub use source::{CellEditor, CheckText, EchoText, EditorKind, GridSource, ONE_VALUE, RowLinks, SoughtRow};
pub use view::GridView;

/// How tall rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    #[default]
    Compact,
    Comfortable,
}

impl Density {
    /// In pixels.
    pub fn row_height(self) -> u32 {
        match self {
            Density::Compact => 28,
            Density::Comfortable => 36,
        }
    }

    /// The value of `data-density`, by which the style sheet sets `--row-height` to the same.
    fn name(self) -> &'static str {
        match self {
            Density::Compact => "compact",
            Density::Comfortable => "comfortable",
        }
    }
}
