//! A text that is looked for in rows that are all here: in a column of texts each different text is looked at once.

use super::table_rows::{Rows, TableRows};
use super::table_spec::TableSpec;
use crate::features::list::FindText;
use grid_model::Column;
use std::collections::HashMap;
use std::ops::Range;

/// Rows looked at in one step: some milliseconds.
const AT_ONCE: usize = 4_000;

/// What was told of texts, by the column in the table and the code of the text.
#[derive(Default)]
pub(super) struct Told {
    wanted: FindText,
    by_code: HashMap<usize, Vec<Option<bool>>>,
}

impl<Spec: TableSpec> TableRows<Spec> {
    /// Tells the cells of the first of these rows that hold the text, by the row and bits for its columns. Gives how
    /// many rows it has looked at.
    pub(super) fn find(
        &self,
        rows: Range<usize>,
        columns: &[Column],
        wanted: &FindText,
        found: &mut dyn FnMut(usize, u64),
    ) -> usize {
        let mut here = self.here.borrow_mut();
        let shown = here.shown.get(rows.clone()).unwrap_or_default();
        let at_once: Vec<_> = shown.iter().copied().take(AT_ONCE).collect();
        let Rows { table, told, kept, .. } = &mut here.rows;
        if told.wanted != *wanted {
            *told = Told { wanted: wanted.clone(), by_code: HashMap::new() };
        }
        let spec = &self.list.spec;
        let columns: Vec<_> = (0..columns.len().min(64))
            .filter_map(|place| {
                let kind = self.list.columns.kind(place)?;
                Some((1_u64 << place, kind, Spec::column(&columns[place].id)))
            })
            .collect();
        let mut text = String::new();
        for (at, row) in rows.zip(&at_once) {
            let mut bits = 0;
            for (bit, kind, column) in &columns {
                let kind = kind.clone();
                text.clear();
                let holds = if let Some(exact) = kept.exact(*row) {
                    spec.cell(exact, kind, &mut text);
                    wanted.is_in(&text)
                } else {
                    let is_wanted = || {
                        spec.write(table, *row, kind, &mut text);
                        wanted.is_in(&text)
                    };
                    let code =
                        column.and_then(|column| Some((column, table.text_code(*row, column)? as usize)));
                    match code {
                        None => is_wanted(),
                        Some((column, code)) => {
                            let told = told.by_code.entry(column).or_default();
                            if told.len() <= code {
                                told.resize(code + 1, None);
                            }
                            *told[code].get_or_insert_with(is_wanted)
                        }
                    }
                };
                if holds {
                    bits |= *bit;
                }
            }
            if bits != 0 {
                found(at, bits);
            }
        }
        at_once.len()
    }
}
