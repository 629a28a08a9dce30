//! What was changed in a batch and in its events: who changed which field, when, from what to what. The server
//! keeps it; nothing of it can be changed.

use crate::api::{Failure, FailureKind, HistoryOf, RecordKey, RestClient};
use crate::data::lookups::value_words;
use crate::data::session::Session;
use crate::features::kept_history::{field_words, record_words, value_of};
use crate::features::list::{
    ColumnSet, ListFoot, ListGrid, ListSpec, ListStatus, Page, PagedList, RowSpec, copied_value, when_moved,
};
use crate::routes;
use crate::text::second_utc;
use crate::ui::controls::{IconName, State};
use grid_model::{CellFace, CopiedCell, PageRequest, RowCount};
use leptos::prelude::*;
use rest_contract::oracle::CHANGE_HISTORY;
use rest_contract::{Field, Record, Value};
use std::rc::Rc;
use std::sync::Arc;

/// Field, head, width in pixels.
const COLUMNS: &[(&str, &str, u32)] = &[
    ("ChangedAt", "When (UTC)", 156),
    ("ChangedBy", "Who", 132),
    ("RecordKey", "Record", 200),
    ("FieldName", "Field", 130),
    ("ValueBefore", "Before", 165),
    ("ValueAfter", "After", 165),
];

struct History {
    session: Session,
    batch: String,
}

impl ListSpec for History {
    async fn page(&self, client: RestClient, asked: PageRequest) -> Result<Page<Record>, Failure> {
        Ok(client.change_history_page(HistoryOf::Batch(&self.batch), asked.offset, asked.limit).await?.into())
    }
}

impl RowSpec for History {
    type Row = Record;
    type ColumnKind = &'static Field;
    const READ_ONLY: &'static str = "What happened is not edited. Open the event to change it again.";

    fn key(&self, change: &Record) -> Option<Arc<str>> {
        change.key().map(Arc::from)
    }

    fn cell(&self, change: &Record, kind: &'static Field, text: &mut String) -> CellFace {
        text.push_str(&match kind.name {
            "RecordKey" => record_words(change),
            "FieldName" => field_words(change).to_owned(),
            _ => {
                let (field, value) = value_of(change, kind);
                value_words(field, value.as_ref(), &self.session.lookups.tables.get_untracked())
            }
        });
        CellFace::default()
    }

    fn copied(&self, change: &Record, kind: &'static Field) -> Option<CopiedCell> {
        let (field, value) = value_of(change, kind);
        copied_value(field, value.as_ref()).filter(|_| kind.name.starts_with("Value"))
    }
}

/// `changed` goes up when the history should be read again. A row opens its event over the batch at `home`.
#[component]
pub fn BatchHistory(session: Session, batch: String, home: String, changed: Signal<u64>) -> impl IntoView {
    let columns = ColumnSet::of_fields(&CHANGE_HISTORY, COLUMNS, |column, field| match field.name {
        "ChangedAt" => column.frozen(),
        "RecordKey" => column.opening(),
        _ => column,
    });
    let key = RecordKey::batch(&batch);
    let made = move || {
        session.sync.revision.track();
        session.sync.with_view(&key, |view| {
            let view = view?;
            let at = view.confirmed(&"CreationDate").and_then(Value::as_date_time)?;
            let who = view.confirmed(&"CreatedBy").and_then(Value::as_text).unwrap_or_default();
            Some(format!("Made {} UTC by {who}.", second_utc(&at)))
        })
    };
    let list = PagedList::new(session, columns, History { session, batch });
    let status = list.pages.status;
    let handle = StoredValue::new_local(list.clone());
    let refresh = Callback::new(move |()| handle.with_value(|list| list.pages.refresh()));
    when_moved(changed, refresh);
    let address = move |key: Arc<str>| {
        let event = |change: &Record| change.text("EventNumber").map(str::to_owned);
        Some(routes::event_over(&home, &handle.with_value(|list| list.with_record(&key, event))??))
    };
    let instead = |status: ListStatus| {
        let (title, text) = match (status.failure.map(|failure| failure.kind), status.count) {
            (Some(FailureKind::NotFound), _) => {
                ("This system gives no history", "It has no list of changes that the console can read.")
            }
            (None, RowCount::Exactly(0)) => (
                "No changed value is listed",
                "This list has each value that a person or a process changed in a record of this batch. How an event was made and charged, its timeline tells.",
            ),
            _ => return None,
        };
        Some(view! { <State icon=IconName::Changes title=title text=text /> }.into_any())
    };
    view! {
        <section class="page-main" aria-label="History">
            <ListGrid session=session list=Rc::new(list) label="History of the batch" address=address instead=instead />
            <ListFoot status=status one="change" several="changes">
                <button class="button" data-kind="quiet" on:click=move |_| refresh.run(())>"Refresh"</button>
                {made}
                <a href=routes::CHANGES>"What this browser changed"</a>
                <span>"The newest change is first. Press a record's name, or Enter, to open its event."</span>
            </ListFoot>
        </section>
    }
}
