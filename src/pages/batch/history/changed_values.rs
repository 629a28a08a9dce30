//! Every value that was changed in a batch and in what is in it: who changed which field, when, from what to
//! what.

use super::NO_HISTORY;
use super::step_words::rule_value;
use crate::api::{Failure, FailureKind, HistoryOf, RestClient};
use crate::data::session::Session;
use crate::features::kept_history::{
    NamedEvents, field_words, record_words, related_events, value_in_words, value_of,
};
use crate::features::list::{
    ColumnSet, ListFoot, ListGrid, ListSpec, ListStatus, Page, PagedList, RowSpec, copied_value, when_moved,
};
use crate::routes;
use crate::ui::controls::{IconName, State, way_to};
use grid_model::{CellFace, CopiedCell, PageRequest, RowCount};
use leptos::prelude::*;
use rest_contract::oracle::CHANGE_HISTORY;
use rest_contract::{Field, Record};
use std::cell::RefCell;
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
    /// Of events that changes name by their identifiers.
    named: RefCell<NamedEvents>,
}

impl ListSpec for History {
    async fn page(&self, client: RestClient, asked: PageRequest) -> Result<Page<Record>, Failure> {
        let of = HistoryOf::Batch(&self.batch);
        let page = client.change_history_page(of, asked.offset, asked.limit).await?;
        let named = related_events(client, &page.items).await?;
        self.named.borrow_mut().extend(named);
        Ok(page.into())
    }
}

impl RowSpec for History {
    type Row = Record;
    type ColumnKind = &'static Field;
    const READ_ONLY: &'static str = "History cannot be edited. Open the event to change it again.";

    fn key(&self, change: &Record) -> Option<Arc<str>> {
        change.key().map(Arc::from)
    }

    fn cell(&self, change: &Record, kind: &'static Field, text: &mut String) -> CellFace {
        text.push_str(&match kind.name {
            "RecordKey" => record_words(change),
            "FieldName" => field_words(change).to_owned(),
            name => {
                let tables = self.session.lookups.tables.get_untracked();
                rule_value(change, name, &tables)
                    .unwrap_or_else(|| value_in_words(change, kind, &tables, &self.named.borrow()))
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
pub fn ChangedValues(session: Session, batch: String, home: String, changed: Signal<u64>) -> impl IntoView {
    let columns = ColumnSet::of_fields(&CHANGE_HISTORY, COLUMNS, |column, field| match field.name {
        "ChangedAt" => column.frozen(),
        "RecordKey" => column.opening(),
        _ => column,
    });
    let list = PagedList::new(session, columns, History { session, batch, named: RefCell::default() });
    let status = list.pages.status;
    let handle = StoredValue::new_local(list.clone());
    let refresh = Callback::new(move |()| handle.with_value(|list| list.pages.refresh()));
    when_moved(changed, refresh);
    let to_events = StoredValue::new(home.clone());
    let address = move |key: Arc<str>| {
        let event = |change: &Record| change.text("EventNumber").map(str::to_owned);
        Some(routes::event_over(&home, &handle.with_value(|list| list.with_record(&key, event))??))
    };
    let instead = move |status: ListStatus| {
        let (title, text) = match (status.failure.map(|failure| failure.kind), status.count) {
            (Some(FailureKind::NotFound), _) => (NO_HISTORY, "The console found none to read."),
            (None, RowCount::Exactly(0)) => (
                "No changed values",
                "This list shows every value that a person or a process changed in this batch. How an event was created and charged is in its own timeline.",
            ),
            _ => return None,
        };
        let way = way_to("Show the events of this batch", to_events.get_value());
        Some(view! { <State icon=IconName::Changes title=title text=text>{way}</State> }.into_any())
    };
    view! {
        <ListGrid session=session list=Rc::new(list) label="Changed values of the batch" address=address instead=instead />
        <ListFoot status=status one="change" several="changes">
            <button class="button" data-kind="quiet" on:click=move |_| refresh.run(())>"Refresh"</button>
            <a href=routes::CHANGES>"What this browser changed"</a>
            <span>"The newest change is first. Press a record's name, or Enter, to open its event."</span>
        </ListFoot>
    }
}
