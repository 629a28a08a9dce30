//! Makes the pack: everything is read anew, events by their identifiers, so that none is missed or comes twice while
//! others change the batch, and counted against the server's own count.

use super::super::result::{SHAPE as ORIGINAL_SHAPE, Side, is_billed, lines_of, side_of, titles};
use super::tables::{push_amounts, push_head, push_lines, push_record};
use crate::api::{Access, Failure, FailureKind, HistoryOf, RecordKey, System, connections};
use crate::data::session::Session;
use crate::features::change_evidence::changes_as_csv;
use crate::features::selection::{EventPages, Selected, original_of, originals_of};
use crate::next_task::TaskTime;
use crate::text::machine_second_utc;
use chrono::{DateTime, Utc};
use export_files::{Archive, BYTE_ORDER_MARK, Cell, GUARD, PackedFile, push_csv_cells, safe_name};
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::{missing_charges, missing_messages};
use rest_contract::oracle::compared_amounts::{Compared, takes_back, totals};
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::{CHANGE_HISTORY, CHARGE, EVENT, MESSAGE};
use rest_contract::{Record, Value};
use std::collections::BTreeSet;
use web_sys::Blob;

/// How far the pack is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    /// So many events, or changes of the history, have been read.
    Reading {
        read: usize,
        /// As soon as that is known.
        of: Option<usize>,
    },
    /// So many bytes of a file have been packed.
    Packing { file: &'static str, packed: usize, of: usize },
}

impl Default for Progress {
    fn default() -> Self {
        Self::Reading { read: 0, of: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoOn {
    Yes,
    No,
}

pub struct EvidencePack {
    pub name: String,
    pub content: Blob,
    pub sha256: String,
    pub events: u64,
    /// Every event was read, with all of its charges.
    pub is_whole: bool,
}

const SHAPE: &str = "expand=usageCharges,usageMessages";
/// The most that the vendor's servers give at once.
const PAGE: usize = 499;
/// Bytes that are packed before the browser may have its turn.
const PIECE: usize = 64 << 10;
/// Where the batch changes while it is read, it is read once more.
const READINGS: usize = 2;

/// The files as they grow. Only that of the events is put aside as it comes.
struct Pack<'a> {
    archive: Archive,
    pieces: Array,
    files: Vec<PackedFile>,
    progress: &'a dyn Fn(Progress) -> GoOn,
    task: TaskTime,
}

/// Why there is no pack.
enum Ended {
    Stopped,
    Failed(Failure),
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What was read beside the events' own file.
#[derive(Default)]
struct Read {
    charges: String,
    messages: String,
    links: String,
    amounts: Vec<Compared>,
    numbers: BTreeSet<String>,
    events: u64,
    counted: Option<usize>,
    lacks_charges: usize,
    lacks_messages: usize,
    /// Events that others name and that did not come.
    lacks_others: usize,
    has_moved: bool,
}

/// None where it was stopped.
///
/// # Errors
/// What failed; there is no half a pack.
pub async fn make_pack(
    session: Session,
    number: &str,
    progress: &dyn Fn(Progress) -> GoOn,
) -> Result<Option<EvidencePack>, Failure> {
    match made(session, number, progress).await {
        Ok(pack) => Ok(Some(pack)),
        Err(Ended::Stopped) => Ok(None),
        Err(Ended::Failed(failure)) => Err(failure),
    }
}

async fn made(
    session: Session,
    number: &str,
    progress: &dyn Fn(Progress) -> GoOn,
) -> Result<EvidencePack, Ended> {
    let begun = session.client.now_at(System::Oracle);
    let batch = session.client.read_record(&RecordKey::batch(number)).await?;
    let side = side_of(&batch).ok_or_else(|| unreadable("The batch came without its identifier."))?;
    let mut made = None;
    for _ in 0..READINGS {
        let mut pack = Pack {
            archive: Archive::begin(begun.timestamp_micros()),
            pieces: Array::new(),
            files: Vec::new(),
            progress,
            task: TaskTime::begin(),
        };
        let mut head = String::from(BYTE_ORDER_MARK);
        push_lines(&mut head, &batch);
        pack.add("batch.csv", &head).await?;
        let read = read_events(session, number, side, &mut pack).await?;
        let is_whole = read.is_whole();
        made = Some((pack, read));
        if is_whole {
            break;
        }
    }
    let Some((mut pack, read)) = made else { return Err(Ended::Stopped) };
    pack.add("charges.csv", &read.charges).await?;
    pack.add("messages.csv", &read.messages).await?;
    pack.add("reversals and replacements.csv", &read.links).await?;
    let titles = match side {
        Side::BilledOnly => ["Before", "Billed", "Difference"],
        side => titles(side),
    };
    let by_event = pack.amounts_by_event(&read.amounts, side, titles).await?;
    pack.add("amounts by event.csv", &by_event).await?;
    pack.add("amounts by currency.csv", &amounts_by_currency(&read.amounts, side, titles)).await?;
    let history = read_history(session, number, progress).await?;
    if let History::Kept(text, _) = &history {
        pack.add("history of the server.csv", text).await?;
    }
    let is_of_batch = |key: &RecordKey| match key.event_name() {
        Some(event) => read.numbers.contains(&event),
        None => *key == RecordKey::batch(number),
    };
    let covers = format!("Changes to batch {number} and its events, proposed in this browser");
    let changes = changes_as_csv(&session, &covers, is_of_batch).text;
    pack.add("changes made in this browser.csv", &changes).await?;
    let question = format!(
        "GET subscriptionUsageEventBatches/{number}\r\n\
         GET subscriptionUsageEventBatches/{number}/child/usageEvents?{SHAPE}&orderBy=EventId:asc&q=EventId > (the last one before), {PAGE} at a time, until none is left\r\n\
         Events that these name by RelatedEventId: GET usageEvents?{ORIGINAL_SHAPE}&q=EventId in (these)\r\n\
         The change history of the batch, {PAGE} changes at a time, until none is left\r\n"
    );
    pack.add("question.txt", &question).await?;
    let ended = session.client.now_at(System::Oracle);
    let about = about(session, number, &batch, (begun, ended), &read, &history, &pack.files);
    pack.add("about this pack.csv", &about).await?;
    let sums: String = pack.files.iter().map(|file| format!("{}  {}\n", file.sha256, file.name)).collect();
    pack.add("SHA256SUMS", &sums).await?;
    let mark = if read.is_whole() { "" } else { "NOT COMPLETE " };
    let stamp = machine_second_utc(&ended).replace(['-', ':'], "").replace(' ', "T");
    let name = format!("{mark}evidence-{}-{stamp}Z.zip", safe_name(number, "batch"));
    let (rest, sha256) = pack.archive.finish().map_err(|_| not_held())?;
    let rest = blob_of(&rest)?;
    pack.pieces.push(&rest);
    let content = Blob::new_with_blob_sequence(&pack.pieces).map_err(|_| not_held())?;
    Ok(EvidencePack { name, content, sha256, events: read.events, is_whole: read.is_whole() })
}

impl Pack<'_> {
    async fn add(&mut self, name: &'static str, text: &str) -> Result<(), Ended> {
        self.begin(name)?;
        self.write(name, text).await?;
        Ok(self.end()?)
    }

    fn begin(&mut self, name: &str) -> Result<(), Failure> {
        self.archive.begin_file(name).map_err(|_| not_held())
    }

    /// Packs a text by and by, so that the browser paints and hears keys meanwhile.
    async fn write(&mut self, file: &'static str, text: &str) -> Result<(), Ended> {
        for (place, piece) in text.as_bytes().chunks(PIECE).enumerate() {
            self.archive.write(piece).map_err(|_| not_held())?;
            let packed = place * PIECE + piece.len();
            self.give_way(Progress::Packing { file, packed, of: text.len() }).await?;
        }
        let made = self.archive.take();
        if !made.is_empty() {
            let piece = blob_of(&made)?;
            self.pieces.push(&piece);
        }
        Ok(())
    }

    async fn give_way(&mut self, progress: Progress) -> Result<(), Ended> {
        if self.task.is_over() {
            self.task.give_way().await;
            go_on(self.progress, progress)?;
        }
        Ok(())
    }

    async fn amounts_by_event(
        &mut self,
        lines: &[Compared],
        side: Side,
        titles: [&str; 3],
    ) -> Result<String, Ended> {
        let mut out = String::from(BYTE_ORDER_MARK);
        let heads = ["Event", "Currency"].into_iter().chain(titles).map(Cell::Text);
        push_csv_cells(&mut out, &heads.collect::<Vec<_>>());
        for line in lines {
            push_amounts(&mut out, &[&line.event], line, side.relation());
            self.give_way(Progress::Packing { file: "amounts by event.csv", packed: 0, of: 1 }).await?;
        }
        Ok(out)
    }

    fn end(&mut self) -> Result<(), Failure> {
        self.files.extend(self.archive.end_file().map_err(|_| not_held())?);
        Ok(())
    }
}

impl Read {
    fn is_whole(&self) -> bool {
        let is_counted = self.counted.is_some_and(|counted| counted as u64 == self.events);
        let is_all_there = self.lacks_charges + self.lacks_messages + self.lacks_others == 0;
        is_counted && !self.has_moved && is_all_there
    }
}

async fn read_events(session: Session, number: &str, side: Side, pack: &mut Pack<'_>) -> Result<Read, Ended> {
    let client = session.client;
    let with_mark = || String::from(BYTE_ORDER_MARK);
    let mut read =
        Read { charges: with_mark(), messages: with_mark(), links: with_mark(), ..Read::default() };
    push_head(&mut read.charges, &["Event"], &CHARGE);
    push_head(&mut read.messages, &["Of event"], &MESSAGE);
    let heads = [
        "Event",
        "Batch",
        "Status",
        "Quantity",
        "Relation",
        "Other event",
        "Its batch",
        "Its status",
        "Its quantity",
    ];
    push_csv_cells(&mut read.links, &heads.map(Cell::Text));
    let mut lines = with_mark();
    push_head(&mut lines, &[], &EVENT);
    pack.begin("events.csv")?;
    let selected = Selected::all(Some(number.to_owned()), String::new(), EventAction::Change);
    let mut pages = EventPages::new(client, selected, SHAPE);
    while let Some(events) = pages.next().await? {
        let others = originals_of(client, &events, ORIGINAL_SHAPE).await?;
        for event in &events {
            let own = event.key().unwrap_or_default();
            push_record(&mut lines, &[], event);
            for charge in event.children("usageCharges").unwrap_or_default() {
                push_record(&mut read.charges, &[&own], charge);
            }
            for message in event.children("usageMessages").unwrap_or_default() {
                push_record(&mut read.messages, &[&own], message);
            }
            match (original_of(event, &others), event.get("RelatedEventId").and_then(Value::as_integer)) {
                (Some(other), _) => push_link(&mut read.links, event, other),
                (None, Some(related)) => {
                    push_missing_link(&mut read.links, event, related);
                    read.lacks_others += 1;
                }
                (None, None) => {}
            }
            read.lacks_charges += missing_charges(event);
            read.lacks_messages += missing_messages(event);
            // As the batch's result has it: what nobody is billed yet is told by the charges alone.
            if side != Side::BilledOnly || is_billed(event) {
                read.amounts.extend(lines_of(event, side, &others).into_iter().map(|line| line.amounts));
            }
            read.numbers.insert(own);
            read.events += 1;
        }
        pack.write("events.csv", &lines).await?;
        lines.clear();
        read.counted = pages.total;
        let read_now = usize::try_from(read.events).unwrap_or(usize::MAX);
        go_on(pack.progress, Progress::Reading { read: read_now, of: pages.total })?;
    }
    pack.write("events.csv", &lines).await?;
    pack.end()?;
    read.counted = pages.total.or(read.counted);
    read.has_moved = pages.differences().moved.is_some();
    Ok(read)
}

/// An event names another one that did not come.
fn push_missing_link(out: &mut String, event: &Record, related: i64) {
    let own = told(event);
    let other = format!("EventId {related}, which could not be read");
    let blank = Cell::Blank;
    let cells = [
        Cell::Text(&own[0]),
        Cell::Text(&own[1]),
        Cell::Text(&own[2]),
        Cell::Number(&own[3]),
        Cell::Text("is related to"),
        Cell::Text(&other),
        blank.clone(),
        blank.clone(),
        blank,
    ];
    push_csv_cells(out, &cells);
}

/// An event's number, batch, status and quantity.
fn told(record: &Record) -> [String; 4] {
    let text = |name: &str| record.text(name).unwrap_or_default().to_owned();
    let quantity = record.get("UsageQuantity").map(Value::to_string).unwrap_or_default();
    [record.key().unwrap_or_default(), text("BatchNumber"), text("EventStatus"), quantity]
}

/// Which of two events takes the other one back or replaces it: the later one does.
fn push_link(out: &mut String, event: &Record, other: &Record) {
    let id = |record: &Record| record.get("EventId").and_then(Value::as_integer);
    let relation = match (takes_back(event, other), id(event) > id(other)) {
        (true, true) => "takes back",
        (true, false) => "is taken back by",
        (false, true) => "replaces",
        (false, false) => "is replaced by",
    };
    let (own, its) = (told(event), told(other));
    let cells = [
        Cell::Text(&own[0]),
        Cell::Text(&own[1]),
        Cell::Text(&own[2]),
        Cell::Number(&own[3]),
        Cell::Text(relation),
        Cell::Text(&its[0]),
        Cell::Text(&its[1]),
        Cell::Text(&its[2]),
        Cell::Number(&its[3]),
    ];
    push_csv_cells(out, &cells);
}

fn amounts_by_currency(lines: &[Compared], side: Side, titles: [&str; 3]) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    let heads = std::iter::once("Currency").chain(titles).map(Cell::Text);
    push_csv_cells(&mut out, &heads.collect::<Vec<_>>());
    for total in totals(lines) {
        push_amounts(&mut out, &[], &total, side.relation());
    }
    out
}

enum History {
    /// So many changes.
    Kept(String, u64),
    /// The system keeps none.
    NotKept,
}

/// Every change that the server keeps of the batch and of what is in it, the newest first, each once.
async fn read_history(
    session: Session,
    number: &str,
    progress: &dyn Fn(Progress) -> GoOn,
) -> Result<History, Ended> {
    let mut text = String::from(BYTE_ORDER_MARK);
    push_head(&mut text, &[], &CHANGE_HISTORY);
    let (mut offset, mut known) = (0, BTreeSet::new());
    loop {
        let page = session.client.change_history_page(HistoryOf::Batch(number), offset, PAGE).await;
        let page = match page {
            Err(Failure { kind: FailureKind::NotFound, .. }) => return Ok(History::NotKept),
            page => page?,
        };
        // What is changed meanwhile moves older changes on by as many places: they come once more, and are none.
        for change in page.items.iter().filter(|change| change.key().is_some_and(|key| known.insert(key))) {
            push_record(&mut text, &[], change);
        }
        offset += page.items.len();
        if !page.has_more || page.items.is_empty() {
            return Ok(History::Kept(text, known.len() as u64));
        }
        go_on(progress, Progress::Reading { read: known.len(), of: None })?;
    }
}

fn about(
    session: Session,
    number: &str,
    batch: &Record,
    (begun, ended): (DateTime<Utc>, DateTime<Utc>),
    read: &Read,
    history: &History,
    files: &[PackedFile],
) -> String {
    let mut out = String::from(BYTE_ORDER_MARK);
    let mut line = |name: &str, value: Cell<'_>| push_csv_cells(&mut out, &[Cell::Text(name), value]);
    let completeness = match read.counted {
        _ if read.is_whole() => "Every event was read, with all of its charges".to_owned(),
        Some(counted) if counted as u64 != read.events => {
            format!("NOT COMPLETE: {} of {counted} events are in this pack", read.events)
        }
        _ if read.lacks_charges > 0 => {
            format!("NOT COMPLETE: {} charges did not come or could not be read", read.lacks_charges)
        }
        _ if read.lacks_messages > 0 => {
            format!("NOT COMPLETE: {} messages did not come or could not be read", read.lacks_messages)
        }
        _ if read.lacks_others > 0 => {
            format!("NOT COMPLETE: of {} events the related event could not be read", read.lacks_others)
        }
        _ => "NOT COMPLETE: the batch changed while it was read".to_owned(),
    };
    let user = session.with_access(|access| access.map(Access::name_and_account)).unwrap_or_default();
    let environment = connections().environment.as_ref().map_or("not named", |one| one.name.as_str());
    let own_count = batch.get("CountOfUsageEvents").map(Value::to_string).unwrap_or_default();
    line("Completeness", Cell::Text(&completeness));
    line("Batch", Cell::Text(number));
    line("Events in this pack", Cell::Number(&read.events.to_string()));
    line("Events by the batch's own count", Cell::Number(&own_count));
    line("System", Cell::Text(System::Oracle.name()));
    line("Environment", Cell::Text(environment));
    line("Address", Cell::Text(&window().location().href().unwrap_or_default()));
    line("User", Cell::Text(&user));
    line("Reading began (UTC)", Cell::Time(begun.timestamp_micros()));
    line("Reading ended (UTC)", Cell::Time(ended.timestamp_micros()));
    line("Time zone", Cell::Text("UTC"));
    let kept = match history {
        History::Kept(_, changes) => changes.to_string(),
        History::NotKept => "none that can be read".to_owned(),
    };
    line("Changes that the server keeps", Cell::Number(&kept));
    for file in files {
        line(&format!("{}, bytes", file.name), Cell::Number(&file.bytes.to_string()));
        line(&format!("{}, SHA-256", file.name), Cell::Text(&file.sha256));
    }
    line(
        "Note",
        Cell::Text(
            "Codes are those of the system. Fields that the server has and this console does not know are not in the files",
        ),
    );
    line("Note", Cell::Text(GUARD));
    line("Note", Cell::Text("The hashes of all files stand in SHA256SUMS, which sha256sum --check reads"));
    out
}

fn go_on(progress: &dyn Fn(Progress) -> GoOn, reached: Progress) -> Result<(), Ended> {
    if progress(reached) == GoOn::Yes { Ok(()) } else { Err(Ended::Stopped) }
}

fn blob_of(bytes: &[u8]) -> Result<Blob, Failure> {
    let bytes = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence(&bytes).map_err(|_| not_held())
}

fn not_held() -> Failure {
    unreadable("The browser could not hold the evidence, or it is longer than 4 GB.")
}

fn unreadable(words: &str) -> Failure {
    Failure::new(System::Oracle, FailureKind::Unreadable(words.to_owned()))
}
