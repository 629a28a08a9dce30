//! The grid on the screen: a pool of row elements that is rewritten as the list is scrolled, the
//! keyboard, the pointer, the clipboard and the one floating cell editor.
//!
//! Not here: what a row means (a screen implements [`GridSource`] and acts on [`GridCommand`]),
//! and anything that can be decided without a browser (`grid_model` does).

mod cell_field;
mod command;
mod controller;
mod handle;
mod painter;
mod source;
mod view;

use crate::ui::kept_choice::{forget_choice, keep_choice, kept_choice};
use leptos::prelude::*;

pub use command::{GridCommand, Missing};
pub use handle::GridHandle;
pub use source::{CellEditor, CheckText, EchoText, EditorKind, GridSource, ONE_VALUE, RowLinks, SoughtRow};
pub use view::GridView;

/// How tall a person likes rows, in every grid; kept in this browser.
#[derive(Clone, Copy)]
pub struct RowDensity(RwSignal<Density>);

const KEPT: &str = "usage-desk.density";

impl RowDensity {
    pub fn kept() -> Self {
        Self(RwSignal::new(Density::named(&kept_choice(KEPT).unwrap_or_default())))
    }

    /// The page's own, or a handle of one's own where there is no page yet.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(Self::kept)
    }

    pub fn signal(self) -> Signal<Density> {
        self.0.into()
    }

    pub fn choose(self, density: Density) {
        self.0.set(density);
        match density {
            Density::Compact => forget_choice(KEPT),
            Density::Comfortable => {
                keep_choice(KEPT, density.name());
            }
        }
    }
}

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

    /// The one of this name; the usual one for any other.
    pub fn named(name: &str) -> Self {
        if name == Density::Comfortable.name() { Density::Comfortable } else { Density::default() }
    }

    /// The value of `data-density`, by which the style sheet sets `--row-height` to the same.
    pub fn name(self) -> &'static str {
        match self {
            Density::Compact => "compact",
            Density::Comfortable => "comfortable",
        }
    }
}
