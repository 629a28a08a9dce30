//! Workbooks are read by a part of their own: most files are texts.

use super::reading::Unread;
use crate::next_task::TaskTime;
use crate::ui::part::Part;
use import_files::{Said, SheetTable, Table};
use std::future::Future;
use std::pin::Pin;

#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod apart_of_import {
    use super::{Reading, read_in_steps};
    use crate::apart::apart;
    use import_files::Said;

    apart! {
        workbooks: (bytes: Vec<u8>, said: Said) -> Reading { Box::pin(read_in_steps(bytes, said)) }
    }
}

type Reading = Pin<Box<dyn Future<Output = Result<Table, Unread>>>>;

/// What reads workbooks.
pub static WORKBOOKS: Part = Part::new(apart_of_import::loading);

pub(super) async fn read(bytes: Vec<u8>, said: Said) -> Result<Table, Unread> {
    WORKBOOKS.load().await.map_err(|_| Unread::NotLoaded)?;
    apart_of_import::made(bytes, said).await.map_err(|_| Unread::NotLoaded)?.await
}

async fn read_in_steps(bytes: Vec<u8>, said: Said) -> Result<Table, Unread> {
    let mut table = SheetTable::open(bytes.into(), &said)?;
    let mut task = TaskTime::begin();
    while table.read_on()? {
        task.give_way().await;
    }
    Ok(table.finish(&said)?)
}
