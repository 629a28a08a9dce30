//! The rows behind the event grid: pages that were fetched, overlaid with what the store knows.

use super::columns::{ColumnKind, columns};
use super::list_query::ListQuery;
use super::rows::EventRow;
use super::whole_events::read_whole;
use crate::api::{EventPageQuery, Failure, RecordKey, Resource, RestClient};
use crate::data::session::Session;
use crate::data::sync::View;
use crate::features::batch_work::is_to_re_rate;
use crate::features::field_form::{EditContext, FieldForm};
use crate::features::list::{
    EventsAsked, ListPages, ListSpec, Page, PagedList, RowSpec, copied_value, push_text,
};
use crate::features::record_panel::{BEFORE_CORRECTION, cell_mark};
use crate::features::selection::{original_of, originals_of};
use crate::routes;
use crate::text::{StatusClass, class_of, sum_in_line, unread_text};
use crate::ui::controls::UnreadRecord;
use crate::ui::grid::CellEditor;
use grid_model::{CellFace, CellMark, CopiedCell, PageRequest, Picked, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use record_store::{Mark, Stamp};
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::compared_amounts::{expected_of_reversal, pending_reversal};
use rest_contract::oracle::eligibility::is_reversal;
use rest_contract::oracle::{EVENT, one_of};
use rest_contract::{Field, Record, Value, is_blank};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// Decimals for which room is kept so that points stand in line.
const AMOUNT_PLACES: usize = 4;

/// Behind the status of an event that is to be rated again.
pub const TO_RE_RATE: &str = ", to be re-rated";

/// Behind the status of an event of which a reversal waits to be processed.
pub const REVERSAL_PENDING: &str = ", reversal pending";

/// What of an original is asked for beside the page.
const ORIGINAL_SHAPE: &str = "fields=EventNumber,EventId,UsageQuantity;usageCharges:BilledAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

/// Whether an event may be a reversal that is still to be processed.
pub fn waits_and_names_another<'event>(field: impl Fn(&'static str) -> Option<&'event Value>) -> bool {
    let is_related = field("RelatedEventId").and_then(Value::as_integer).is_some();
    let class = field("EventStatus").and_then(Value::as_text).map(class_of);
    is_related
        && !matches!(class, None | Some(StatusClass::Done | StatusClass::Reversed | StatusClass::Unknown))
}

pub type EventList = PagedList<Events>;

pub struct Events {
    pub session: Session,
    pub batch: Option<String>,
    /// Processed events are to be rated again.
    re_rates: Signal<bool>,
    /// Where the rows of events and charges were put last, by the path of the record.
    indices: RefCell<HashMap<Arc<str>, usize>>,
    query: RefCell<ListQuery>,
    /// The row whose cell is being edited, as it was when that began.
    begun: RefCell<Option<(EventRow, FieldForm)>>,
    /// What rows show of batches: a few, so they are looked through.
    batches: RefCell<Vec<KnownBatch>>,
    /// Goes up when what is known of batches may be out of date.
    reading: Cell<u64>,
    /// Rows that came without a number that could be read, by their indices.
    pub unread: RwSignal<BTreeMap<usize, UnreadRecord>>,
    /// Goes up when all is to be read again.
    pub refreshed: RwSignal<u64>,
}

/// What rows show of a batch.
struct KnownBatch {
    number: String,
    /// `UsageBatchId`, where it was told.
    id: Option<i64>,
    /// Whether its processed events are to be rated again, as the reading of this number told.
    re_rates: bool,
    reading: u64,
}

/// A list of events, of one batch or of all. Made within a component, whose end ends its listening.
pub fn event_list(
    session: Session,
    batch: Option<String>,
    re_rates: Signal<bool>,
    query: ListQuery,
) -> Rc<EventList> {
    let events = Events {
        session,
        batch,
        re_rates,
        indices: RefCell::default(),
        query: RefCell::new(query),
        begun: RefCell::default(),
        batches: RefCell::default(),
        reading: Cell::new(1),
        unread: RwSignal::default(),
        refreshed: RwSignal::new(0),
    };
    let list = PagedList::new(session, columns(events.batch.is_some()), events);
    let painted = list.clone();
    Effect::new(move || {
        re_rates.track();
        painted.pages.touch();
    });
    let changed = list.clone();
    session.sync.on_changed(move |keys| {
        if let Some(reader) = changed.pages.reader().filter(|_| changed.pages.whole().is_some()) {
            reader.changed(keys);
            return;
        }
        for key in keys {
            let Some(index) = changed.spec.index_of_part(&key.path, &changed.pages) else { continue };
            changed.pages.change_row(index, |row| {
                if let Ok(row) = row {
                    row.refresh(&session.sync);
                }
            });
        }
    });
    list.read_whole_once_long(|list, most| spawn_local(read_whole(list, most)));
    list
}

impl EventList {
    /// Another filter or order.
    pub fn ask(&self, query: ListQuery) {
        if self.spec.query.replace(query.clone()) != query {
            self.spec.begin_reading();
            self.spec.indices.borrow_mut().clear();
            self.spec.unread.set(BTreeMap::new());
            self.pages.restart();
        }
    }

    pub fn query(&self) -> ListQuery {
        self.spec.query()
    }

    /// Reads everything in sight again, keeping what is shown until its successor arrives.
    pub fn refresh(&self) {
        self.spec.unread.set(BTreeMap::new());
        self.spec.begin_reading();
        self.spec.refreshed.update(|times| *times += 1);
        self.pages.refresh();
    }

    /// Whether processed events of a batch are to be rated again, as far as is known; where nothing is, it is
    /// asked for.
    pub fn re_rates(self: &Rc<Self>, batch: &str) -> bool {
        let (re_rates, is_current) = self.spec.re_rates(batch);
        if !is_current {
            let (list, batch) = (Rc::clone(self), batch.to_owned());
            self.spec.keep_batch(&batch, None, re_rates, self.spec.reading.get());
            spawn_local(async move {
                list.spec.learn_batches(list.spec.session.client, &[], &[batch]).await;
                if !list.pages.status.is_disposed() {
                    list.pages.touch();
                }
            });
        }
        re_rates
    }

    pub fn index_of_event(&self, key: &str) -> Option<usize> {
        self.spec.index_of(key, &self.pages)
    }

    /// Where the event of a number stands, if it is loaded.
    pub fn index_of_number(&self, number: &str) -> Option<usize> {
        self.index_of_event(&RecordKey::event(number).path)
    }

    pub fn with_event<T>(&self, index: usize, look: impl FnOnce(&EventRow) -> T) -> Option<T> {
        self.pages.with_row(index, |row| row.as_ref().ok().map(look)).flatten()
    }

    /// The event of a row by its number, as it stands on the screen; nothing for a row that is not here.
    pub fn picked(&self, row: usize) -> Option<Picked> {
        self.with_event(row, |event| Picked {
            key: event.number().into(),
            version: event.version.token.as_str().into(),
        })
    }

    /// The number of the event in a row.
    pub fn event_number(&self, index: usize) -> Option<String> {
        self.with_event(index, EventRow::number)
    }

    /// The number of an event that the grid knows by this key.
    pub fn number_of(&self, key: &str) -> String {
        let loaded = self.with_record(key, |row| row.as_ref().ok().map(EventRow::number));
        loaded.flatten().unwrap_or_else(|| RecordKey { resource: Resource::Event, path: key.into() }.name())
    }

    /// Proposes what was typed into a cell. `Err` tells the person why nothing was changed.
    pub fn commit(&self, key: &str, column: usize, text: &str) -> Result<(), String> {
        let Some(ColumnKind::Field(field)) = self.columns.kind(column) else { return Ok(()) };
        // The event as it was when typing began: it may have left the list meanwhile, and what was typed
        // is about it all the same.
        let begun = self.spec.begun.borrow_mut().take().filter(|(row, _)| *row.key.path == *key);
        let as_it_is = || {
            let row = self.with_record(key, |row| row.clone().ok())??;
            let form = self.spec.form(&row, field);
            Some((row, form))
        };
        let (row, form) =
            begun.or_else(as_it_is).ok_or("The row left the list. Open the event to change it.")?;
        if let Some(reason) = self.spec.why_not_editable(&row, field) {
            return Err(reason);
        }
        let value = form.read(text)?;
        let over = row.confirmed();
        let changes = form.proposed(field.name, (text, value), &over);
        self.spec.session.sync.propose(row.key, over, changes);
        Ok(())
    }
}

/// A row that came without a number is nothing that can be opened, and keeps its place.
pub type Row = Result<EventRow, UnreadRecord>;

impl Events {
    /// The row of the event that this is, or that it is a charge of.
    fn index_of_part(&self, path: &str, pages: &ListPages<Row>) -> Option<usize> {
        let index = self.indices.borrow().get(path).copied()?;
        let holds = |row: &Row| row.as_ref().is_ok_and(|row| row.holds(path));
        if pages.with_row(index, holds) == Some(true) {
            return Some(index);
        }
        // It was put there and has moved on, or its page was let go.
        let found = pages.index_of(holds);
        let mut indices = self.indices.borrow_mut();
        match found {
            Some(index) => indices.insert(path.into(), index),
            None => indices.remove(path),
        };
        found
    }

    /// A field's value as shown, and how sure it is.
    fn look<T>(&self, row: &EventRow, field: &Field, look: impl FnOnce(Option<&Value>, CellMark) -> T) -> T {
        let sync = &self.session.sync;
        sync.with_view(&row.key, |view| match view.filter(|view| view.version().is_some()) {
            Some(view) => {
                let saved = || sync.was_just_saved(&row.key, field.name);
                look(view.shown(&field.name), cell_mark(view.mark(&field.name), saved))
            }
            None => look(row.fields.get(field.name), CellMark::Plain),
        })
    }

    /// Why a field of a row cannot be edited, if so.
    fn why_not_editable(&self, row: &EventRow, field: &Field) -> Option<String> {
        let tables = self.session.lookups.tables.get_untracked();
        self.session.with_access(|access| {
            self.session.sync.with_view(&row.key, |view| {
                let view = view.as_ref();
                if view.is_some_and(|view| view.mark(&field.name) == Mark::Conflict) {
                    return Some("Someone else changed this too. Open the event to decide.".to_owned());
                }
                let context = EditContext {
                    access,
                    resource: Resource::Event,
                    event_status: [
                        row.fields.get("EventStatus"),
                        view.and_then(|view| view.shown(&"EventStatus")),
                    ],
                    event_start: view
                        .and_then(|view| view.confirmed(&"EventStartTime"))
                        .or_else(|| row.fields.get("EventStartTime")),
                    is_reversal: is_reversal(
                        row.fields.get("RelatedEventId"),
                        row.fields.get("UsageQuantity"),
                    ),
                    version: Some(view.and_then(View::version).unwrap_or(&row.version)),
                    is_gone: view.is_some_and(View::is_gone),
                    is_retired: false,
                };
                context.why_not_editable(field, row.fields.get(field.name), &tables)
            })
        })
    }

    pub fn query(&self) -> ListQuery {
        self.query.borrow().clone()
    }

    pub fn row_of(item: &Record) -> Row {
        EventRow::read(item).ok_or_else(|| UnreadRecord::of(item))
    }

    /// The rows of events that a request brought which left at `stamp`, with all that they show.
    pub async fn rows_of(&self, client: RestClient, stamp: Stamp, items: &[Record]) -> Vec<Row> {
        let mut rows: Vec<Row> = items.iter().map(Self::row_of).collect();
        self.read_around(client, items, &mut rows).await;
        let (sync, known) = (&self.session.sync, rows.iter().flatten());
        sync.list_read(stamp, known.map(|row| (row.key.clone(), row.version.clone(), row.fields.clone())));
        rows.iter_mut().flatten().for_each(|row| row.refresh(sync));
        rows
    }

    /// What rows show of other records: the amounts of the originals that reversals in wait take back, and
    /// the numbers of the batches that such reversals wait in. Without an answer a row shows its own alone.
    async fn read_around(&self, client: RestClient, items: &[Record], rows: &mut [Row]) {
        let waiting: Vec<Record> =
            items.iter().filter(|event| waits_and_names_another(|name| event.get(name))).cloned().collect();
        if let Ok(originals) = originals_of(client, &waiting, ORIGINAL_SHAPE).await {
            for (item, row) in items.iter().zip(rows.iter_mut()) {
                if let (Ok(row), Some(original)) = (row, original_of(item, &originals)) {
                    row.expected = expected_of_reversal(item, original);
                }
            }
        }
        let waiting = items.iter().filter_map(|event| pending_reversal(|name| event.get(name)));
        let mut ids = Vec::new();
        for (_, id) in waiting {
            if !ids.contains(&id) && self.number_of_batch(id).is_none() {
                ids.push(id);
            }
        }
        let mut numbers = Vec::new();
        for event in
            items.iter().filter(|event| event.text("EventStatus").map(class_of) == Some(StatusClass::Done))
        {
            let number = event.text("BatchNumber").unwrap_or_default();
            if !numbers.iter().any(|known| known == number) && !self.re_rates(number).1 {
                numbers.push(number.to_owned());
            }
        }
        self.learn_batches(client, &ids, &numbers).await;
    }

    /// Asks what rows show of batches: the numbers of those with these identifiers, and whether those with these
    /// numbers are to rate their processed events again.
    async fn learn_batches(&self, client: RestClient, ids: &[i64], numbers: &[String]) {
        let reading = self.reading.get();
        // One question for both, unless it is too long: one of either kind of name can be asked in portions.
        let mut terms = Vec::new();
        if !ids.is_empty() {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            terms.push(format!("UsageBatchId in ({})", ids.join(",")));
        }
        if !numbers.is_empty() {
            terms.push(one_of("BatchNumber", numbers));
        }
        if terms.iter().map(String::len).sum::<usize>() < SHORT_QUESTION {
            terms = vec![terms.join(" or ")];
        }
        for q in terms.iter().filter(|q| !q.is_empty()) {
            let Ok(page) = client.batch_page(q, "UsageBatchId:asc", 0, ids.len() + numbers.len()).await
            else {
                return;
            };
            for batch in &page.items {
                let Some(number) = batch.key() else { continue };
                let id = batch.get("UsageBatchId").and_then(Value::as_integer);
                self.keep_batch(&number, id, is_to_re_rate(batch), reading);
            }
        }
    }

    fn keep_batch(&self, number: &str, id: Option<i64>, re_rates: bool, reading: u64) {
        let mut batches = self.batches.borrow_mut();
        match batches.iter_mut().find(|batch| batch.number == number) {
            Some(batch) => {
                (batch.id, batch.re_rates, batch.reading) = (id.or(batch.id), re_rates, reading);
            }
            None => batches.push(KnownBatch { number: number.to_owned(), id, re_rates, reading }),
        }
    }

    fn number_of_batch(&self, id: i64) -> Option<String> {
        self.batches.borrow().iter().find(|batch| batch.id == Some(id)).map(|batch| batch.number.clone())
    }

    fn begin_reading(&self) {
        self.reading.set(self.reading.get() + 1);
    }

    /// Whether processed events of a batch are to be rated again, as far as is known, and whether that was asked
    /// in this reading: what was known before stands until its successor arrives.
    fn re_rates(&self, batch: &str) -> (bool, bool) {
        if self.batch.is_some() {
            // The page may have been left while its rows were read.
            return (self.re_rates.try_get_untracked().unwrap_or_default(), true);
        }
        let batches = self.batches.borrow();
        let known = batches.iter().find(|known| known.number == batch);
        known.map_or((false, false), |known| (known.re_rates, known.reading == self.reading.get()))
    }

    /// The batch that a reversal of the event waits in: its number, empty where it is not known.
    pub fn reversal_batch(&self, row: &EventRow) -> Option<String> {
        let batch = row.reversed_by_batch(&self.session.sync)?;
        Some(self.number_of_batch(batch).unwrap_or_default())
    }

    fn class(&self, row: &EventRow) -> Option<StatusClass> {
        let status = EVENT.field("EventStatus")?;
        self.look(row, status, |value, _| value.and_then(Value::as_text).map(class_of))
    }

    /// The event's own currency; empty where it has none.
    fn currency(&self, row: &EventRow) -> String {
        let field = EVENT.field("CurrencyCode");
        let code = field.and_then(|field| {
            self.look(row, field, |value, _| value.and_then(Value::as_text).map(str::to_owned))
        });
        code.unwrap_or_default()
    }

    fn is_in_error(&self, row: &EventRow) -> bool {
        self.class(row) == Some(StatusClass::Error)
    }

    fn is_to_re_rate(&self, row: &EventRow) -> bool {
        let batch = || row.fields.get("BatchNumber").and_then(Value::as_text).unwrap_or_default();
        self.class(row) == Some(StatusClass::Done) && self.re_rates(batch()).0
    }

    fn form(&self, row: &EventRow, field: &'static Field) -> FieldForm {
        let tables = self.session.lookups.tables.get_untracked();
        let event_zone = EVENT.field("EventTimeZone");
        let text = |value: Option<&Value>| value.and_then(Value::as_text).unwrap_or_default().to_owned();
        let zone = event_zone.map(|zone| self.look(row, zone, |value, _| text(value))).unwrap_or_default();
        let zone = zone.as_str();
        // What was typed and refused is what a correction begins from.
        let typed = self.session.sync.with_view(&row.key, |view| {
            view.and_then(|view| crate::data::sync::typed_value(&view, field.name).cloned())
        });
        match typed {
            Some(typed) => FieldForm::new(field, Some(&typed), zone, &tables),
            None => self.look(row, field, |value, _| FieldForm::new(field, value, zone, &tables)),
        }
    }
}

/// Letters of a question that is short in any address, also where each of them takes three bytes.
const SHORT_QUESTION: usize = 500;

impl ListSpec for Events {
    /// 20,000 rows, some tens of megabytes.
    const MOST_PAGES: usize = 200;

    async fn page(&self, client: RestClient, asked: PageRequest) -> Result<Page<Row>, Failure> {
        let stamp = self.session.sync.stamp();
        let (q, order_by) = {
            let query = self.query.borrow();
            (query.q(), query.order_by())
        };
        let query = EventPageQuery {
            batch: self.batch.as_deref(),
            q: &q,
            order_by: &order_by,
            shape: "expand=usageCharges",
            offset: asked.offset,
            limit: asked.limit,
        };
        let Page { rows: items, total, has_more } = Page::from(client.event_page(&query).await?);
        let rows = self.rows_of(client, stamp, &items).await;
        Ok(Page { rows, total, has_more })
    }

    fn without_filter(&self, field: &'static Field) -> Option<EventsAsked> {
        Some(EventsAsked { batch: self.batch.clone(), q: self.query().with_filter(field, None).q() })
    }

    fn why_not_pasted(&self) -> Option<String> {
        self.session.blocked_from_editing().map(str::to_owned)
    }

    fn shown(&self, asked: PageRequest, pages: &ListPages<Row>) {
        let range = asked.offset..asked.offset + asked.limit;
        let mut unread = Vec::new();
        if pages.whole().is_some() {
            return;
        }
        for index in range.clone() {
            pages.with_row(index, |row| match row {
                Ok(row) => self.indices.borrow_mut().extend(row.parts().map(|path| (path, index))),
                Err(record) => unread.push((index, record.clone())),
            });
        }
        self.unread.update(|known| {
            known.retain(|index, _| !range.contains(index));
            known.extend(unread);
        });
    }

    fn index_of(&self, key: &str, pages: &ListPages<Row>) -> Option<usize> {
        if let Some(whole) = pages.whole() {
            return whole.row_of_key(key);
        }
        let index = self.index_of_part(key, pages)?;
        let is_event = |row: &Row| row.as_ref().is_ok_and(|row| *row.key.path == *key);
        pages.with_row(index, is_event)?.then_some(index)
    }
}

impl RowSpec for Events {
    type Row = Row;
    type ColumnKind = ColumnKind;

    fn key(&self, row: &Row) -> Option<Arc<str>> {
        row.as_ref().ok().map(|row| Arc::clone(&row.key.path))
    }

    fn version(&self, row: &Row) -> Arc<str> {
        row.as_ref().map_or("", |row| row.version.token.as_str()).into()
    }

    fn value(&self, row: &Row, field: &'static Field) -> Option<Value> {
        let row = row.as_ref().ok()?;
        Some(self.look(row, field, |value, _| value.cloned().unwrap_or(Value::Null)))
    }

    fn cell(&self, row: &Row, kind: ColumnKind, text: &mut String) -> CellFace {
        let Ok(row) = row else {
            if matches!(kind, ColumnKind::Field(field) if field.name == EVENT.key) {
                text.push_str(&unread_text("could not be read"));
            }
            return CellFace::default();
        };
        match kind {
            ColumnKind::Billed => {
                let charged = row.billed(&self.session.sync);
                let expected = row.expected.as_ref().filter(|_| charged.is_empty());
                let is_expected = expected.is_some_and(|expected| !expected.is_empty());
                if is_expected {
                    text.push_str("expected ");
                } else if row.is_covered(&self.session.sync) {
                    text.push_str("covered ");
                }
                let sums = expected.unwrap_or(&charged);
                match sums.iter().next() {
                    Some((currency, sum)) if sums.len() == 1 => {
                        text.push_str(&sum_in_line(sum, currency, AMOUNT_PLACES));
                    }
                    Some(_) => text.push_str("several currencies"),
                    None => (),
                }
                let tone = if is_expected { Tone::Quiet } else { Tone::Plain };
                CellFace { tone, ..CellFace::default() }
            }
            ColumnKind::Field(field) => {
                let tables = self.session.lookups.tables.get_untracked();
                let begin = text.len();
                let mut face = self.look(row, field, |value, mark| {
                    let tone = push_text(field, value, &tables, text);
                    CellFace { mark, tone, ..CellFace::default() }
                });
                match field.name {
                    "EventStatus" if self.reversal_batch(row).is_some() => {
                        text.push_str(REVERSAL_PENDING);
                        face = CellFace { tone: Tone::Warn, says_more: true, ..face };
                    }
                    "EventStatus" if self.is_to_re_rate(row) => {
                        text.push_str(TO_RE_RATE);
                        face.tone = Tone::Info;
                    }
                    "Error" if text.len() > begin && !self.is_in_error(row) => {
                        text.insert_str(begin, BEFORE_CORRECTION);
                        face.tone = Tone::Quiet;
                    }
                    _ => (),
                }
                CellFace { editable: self.why_not_editable(row, field).is_none(), ..face }
            }
        }
    }

    fn address(&self, row: &Row, _kind: ColumnKind) -> Option<String> {
        let number = row.as_ref().ok()?.fields.get("BatchNumber")?.as_text()?;
        (!is_blank(number)).then(|| routes::batch(number))
    }

    fn whole_text(&self, row: &Row, _kind: ColumnKind) -> Option<String> {
        let row = row.as_ref().ok()?;
        let batch = self.reversal_batch(row).filter(|number| !number.is_empty())?;
        let status = EVENT.field("EventStatus")?;
        let tables = self.session.lookups.tables.get_untracked();
        let mut text = String::new();
        self.look(row, status, |value, _| push_text(status, value, &tables, &mut text));
        Some(format!("{text}{REVERSAL_PENDING} in {batch}"))
    }

    fn copied(&self, row: &Row, kind: ColumnKind) -> Option<CopiedCell> {
        let Ok(event) = row else { return Some(CopiedCell::Text(String::new())) };
        match kind {
            ColumnKind::Billed => event.amount_copied(&self.session.sync, &self.currency(event)),
            // As the system says it, whenever that was.
            ColumnKind::Field(field) if field.name == "Error" => {
                let tables = self.session.lookups.tables.get_untracked();
                let mut text = String::new();
                self.look(event, field, |value, _| push_text(field, value, &tables, &mut text));
                Some(CopiedCell::Text(text))
            }
            ColumnKind::Field(field) => self.look(event, field, |value, _| copied_value(field, value)),
        }
    }

    fn in_file(&self, row: &Row, kind: ColumnKind) -> Option<CopiedCell> {
        let event = row.as_ref().ok()?;
        match kind {
            ColumnKind::Billed => Some(event.amount_in_file(&self.session.sync, &self.currency(event))),
            // Without what the grid says of the batch beside it.
            ColumnKind::Field(field) if field.name == "EventStatus" => {
                let tables = self.session.lookups.tables.get_untracked();
                let mut text = String::new();
                self.look(event, field, |value, _| push_text(field, value, &tables, &mut text));
                Some(CopiedCell::Text(text))
            }
            ColumnKind::Field(_) => None,
        }
    }

    fn totalled(&self, row: &Row) -> Amounts {
        row.as_ref().map(|event| event.billed(&self.session.sync)).unwrap_or_default()
    }

    fn editor(&self, row: &Row, kind: ColumnKind) -> Result<CellEditor, String> {
        let row = row.as_ref().map_err(|_| "This event came without a number, so it cannot be changed.")?;
        match kind {
            ColumnKind::Field(field) => {
                if let Some(reason) = self.why_not_editable(row, field) {
                    return Err(reason);
                }
                let form = self.form(row, field);
                let (check, echo) = (form.check(), form.echo());
                *self.begun.borrow_mut() = Some((row.clone(), form.clone()));
                Ok(CellEditor { initial: form.initial, kind: form.kind, note: form.note, check, echo })
            }
            ColumnKind::Billed => {
                Err("The amount is the sum of the event's charges. Open the event to change one.".to_owned())
            }
        }
    }
}
