//! All batches as a table. It loads with the first list that is long enough.

use super::columns::BATCH_COLUMNS;
use super::source::{BatchList, Batches};
use crate::api::{Failure, FailureKind, RecordKey, RestClient, System};
use crate::data::session::Session;
use crate::features::list::Page;
use crate::features::whole_list::{
    Asked, TableSpec, WholeList, WholeSpec, cell_of, column_kind, question_of,
};
use crate::ui::key_input::composed;
use grid_table::{Amount, Question, Row as TableRow, Table, Value as Cell};
use leptos::prelude::*;
use rest_contract::oracle::BATCH;
use rest_contract::{Record, Value};
use std::rc::Rc;

const ID: &str = "UsageBatchId";

#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod work {
    use super::{BatchList, WholeList};
    use crate::apart::apart;
    use leptos::prelude::*;
    use std::rc::Rc;

    apart! {
        whole_list: (list: StoredValue<Rc<BatchList>, LocalStorage>, most: usize) -> () {
            if let Some(list) = list.try_get_value() {
                WholeList::begin(list, most);
            }
        }
    }
}

/// Reads all batches, unless there are more than `most`.
pub(super) async fn read_whole(list: StoredValue<Rc<BatchList>, LocalStorage>, most: usize) {
    // A part that cannot be had is told of where it matters; the list stays as it is.
    if work::loading().await.is_ok() {
        let _ = work::made(list, most).await;
    }
}

impl TableSpec for Batches {
    fn table() -> Table {
        let columns: Vec<_> = BATCH_COLUMNS.fields().map(column_kind).collect();
        Table::composing(&columns, |text| composed(text).into_owned())
    }

    fn column(field: &str) -> Option<usize> {
        BATCH_COLUMNS.fields().position(|known| known.name == field)
    }

    fn values<'row>(batch: &'row Record, _: &'row [Amount]) -> Vec<Cell<'row>> {
        BATCH_COLUMNS.fields().map(|field| batch.get(field.name).map_or(Cell::Blank, cell_of)).collect()
    }

    fn row_of_key(table: &Table, key: &str) -> Option<TableRow> {
        table.row_with_text(Self::column(BATCH.key)?, key)
    }

    fn question(&self) -> Question {
        let query = self.query.borrow();
        question_of::<Self>(&query.find, BATCH_COLUMNS.searched, &query.filters, &query.sort)
    }
}

impl WholeSpec for Batches {
    fn session(&self) -> Session {
        self.session
    }

    async fn records(&self, client: RestClient, asked: Asked<'_>) -> Result<Page<(i64, Record)>, Failure> {
        let (q, order_by, limit) = asked.by_id(ID);
        let Page { rows, total, has_more } = client.batch_page(&q, &order_by, 0, limit).await?.into();
        if let Asked::InSight(_) = asked {
            rows.iter().for_each(|batch| self.seen.see(batch));
        }
        let with_id = |batch: Record| Some((Self::id(&batch)?, batch));
        let rows = rows.into_iter().map(|batch| with_id(batch).ok_or_else(unknown));
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, total, has_more })
    }

    fn id(batch: &Record) -> Option<i64> {
        batch.get(ID).and_then(Value::as_integer).filter(|_| batch.key().is_some())
    }

    fn renewed(&self, _: &mut Record, _: &RecordKey) -> bool {
        false
    }
}

fn unknown() -> Failure {
    let words = "A batch came without its number or its identifier.".to_owned();
    Failure::new(System::Oracle, FailureKind::Unreadable(words))
}
