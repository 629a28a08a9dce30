//! The rows behind the batch grid. Batches are read here and edited nowhere yet, so the store does
//! not hold them.

use super::columns::{BATCH_COLUMNS, columns};
use super::whole_batches::read_whole;
use crate::api::{Failure, RestClient, version_of};
use crate::data::lookups::value_words;
use crate::data::session::Session;
use crate::features::batch_work::{SeenBatches, is_to_re_rate};
use crate::features::list::{ListPages, ListQuery, ListSpec, Page, PagedList, RowSpec, copied_value};
use crate::text::{class_of, count, unread_text};
use grid_model::{CellFace, CopiedCell, PageRequest, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::{Field, Record, Value};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

pub type BatchList = PagedList<Batches>;

pub struct Batches {
    pub(super) session: Session,
    pub(super) seen: SeenBatches,
    pub(super) query: RefCell<ListQuery>,
}

/// The list of all batches. Made within a component, whose end ends the reading of it.
pub fn batch_list(session: Session, query: ListQuery) -> Rc<BatchList> {
    let seen = expect_context::<SeenBatches>();
    let list = PagedList::new(session, columns(), Batches { session, seen, query: RefCell::new(query) });
    list.read_whole_once_long(|list, most| spawn_local(read_whole(list, most)));
    list
}

impl BatchList {
    /// Another filter or order; the same one changes nothing.
    pub fn ask(&self, query: ListQuery) {
        if self.spec.query.replace(query.clone()) != query {
            self.pages.restart();
        }
    }
}

impl ListSpec for Batches {
    async fn page(&self, client: RestClient, asked: PageRequest) -> Result<Page<Record>, Failure> {
        let (q, order) = {
            let query = self.query.borrow();
            (query.q(&BATCH_COLUMNS), query.order_by("UsageBatchId"))
        };
        Ok(client.batch_page(&q, &order, asked.offset, asked.limit).await?.into())
    }

    fn shown(&self, asked: PageRequest, pages: &ListPages<Record>) {
        for row in asked.offset..asked.offset + asked.limit {
            pages.with_row(row, |batch| self.seen.see(batch));
        }
    }
}

impl RowSpec for Batches {
    type Row = Record;
    type ColumnKind = &'static Field;
    const READ_ONLY: &'static str = "Batches are read here. Open one to work on its events.";

    fn key(&self, batch: &Record) -> Option<Arc<str>> {
        batch.key().map(Arc::from)
    }

    fn version(&self, batch: &Record) -> Arc<str> {
        version_of(batch).token.into()
    }

    fn value(&self, batch: &Record, field: &'static Field) -> Option<Value> {
        Some(batch.get(field.name).cloned().unwrap_or(Value::Null))
    }

    fn cell(&self, batch: &Record, field: &'static Field, text: &mut String) -> CellFace {
        let tone = match (field.name, batch.get(field.name)) {
            ("BatchNumber", _) if batch.key().is_none() => {
                text.push_str(&unread_text("without a number"));
                Tone::Plain
            }
            // What was rated is to be rated again, and is no longer done.
            ("CountOfEventsProcessed", Some(Value::Integer(number)))
                if *number > 0 && is_to_re_rate(batch) =>
            {
                text.push_str(&format!("{} to re-rate", count(*number)));
                Tone::Info
            }
            (name, Some(Value::Integer(number))) => {
                text.push_str(&count(*number));
                if name == "CountOfEventsErrored" && *number > 0 { Tone::Bad } else { Tone::Plain }
            }
            (name, value) => {
                text.push_str(&value_words(field, value, &self.session.lookups.tables.get_untracked()));
                let status = value.and_then(Value::as_text).filter(|_| name == "BatchStatus");
                status.map_or(Tone::Plain, |code| class_of(code).tone())
            }
        };
        CellFace { tone, ..CellFace::default() }
    }

    fn copied(&self, batch: &Record, field: &'static Field) -> Option<CopiedCell> {
        match batch.get(field.name)? {
            Value::Integer(number) => Some(CopiedCell::Number(number.to_string())),
            value => copied_value(field, Some(value)),
        }
    }
}
