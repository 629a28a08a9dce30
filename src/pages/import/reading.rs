//! Reads a chosen file portion by portion, beside the work of the page.

use super::workbook;
use crate::next_task::TaskTime;
use import_files::{RowPack, Said, Table, TableFault, TextTable, xlsx::Workbook};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Bytes taken at once: what they become is a few milliseconds' work.
const PORTION: u32 = 128 << 10;

/// What was chosen.
#[derive(Clone, Debug)]
pub enum Source {
    File(File),
    Pasted(String),
}

impl Source {
    pub fn name(&self) -> String {
        match self {
            Self::File(file) => file.name(),
            Self::Pasted(_) => "Pasted rows".to_owned(),
        }
    }
}

/// Why there is no table.
#[derive(Clone, Debug, PartialEq)]
pub enum Unread {
    /// The browser does not give the file, as it is gone or has changed since.
    NotGiven,
    /// What reads workbooks could not be fetched.
    NotLoaded,
    Fault(TableFault),
}

impl From<TableFault> for Unread {
    fn from(fault: TableFault) -> Self {
        Self::Fault(fault)
    }
}

/// Reads it, as far as `goes_on` says; nothing once that has said no.
pub async fn read(source: &Source, said: Said, goes_on: impl Fn() -> bool) -> Result<Option<Table>, Unread> {
    let (mut reader, mut rows, mut task) =
        (TextTable::new(said.encoding), RowPack::default(), TaskTime::begin());
    match source {
        Source::Pasted(text) => {
            for portion in text.as_bytes().chunks(PORTION as usize) {
                reader.push(portion, &mut rows)?;
                task.give_way().await;
            }
        }
        Source::File(file) => {
            // exact-in-double: a file's size, which the browser gives and takes as a double.
            let (size, mut at) = (file.size(), 0_f64);
            while at < size {
                // exact-in-double: the same.
                let end = (at + f64::from(PORTION)).min(size);
                let bytes = bytes_of(file, at, end).await?;
                if at == 0.0 && Workbook::is_one(&bytes) {
                    let whole = bytes_of(file, 0.0, size).await?;
                    return workbook::read(whole, said).await.map(Some);
                }
                reader.push(&bytes, &mut rows)?;
                at = end;
                if !goes_on() {
                    return Ok(None);
                }
                task.give_way().await;
            }
        }
    }
    Ok(Some(reader.finish(rows)?))
}

// exact-in-double: places in a file.
async fn bytes_of(file: &File, from: f64, to: f64) -> Result<Vec<u8>, Unread> {
    let piece = file.slice_with_f64_and_f64(from, to).map_err(|_| Unread::NotGiven)?;
    let buffer = JsFuture::from(piece.array_buffer()).await.map_err(|_| Unread::NotGiven)?;
    Ok(Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()).to_vec())
}
