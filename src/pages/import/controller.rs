//! An import from the choice of a file to the last row's answer.
//!
//! What keeps an event from being made twice is its number, which a file gives or which follows from the row: the
//! server takes each number once. So nothing of an import is kept in the browser. After a reload, in another tab or
//! when the file is chosen once more, each row is looked for by its number before it is sent, and so is each row whose
//! answer was lost.

use super::clock::clock_of;
use super::corrections::ChangedRows;
use super::kept_columns::{keep_mapping, kept_mapping};
use super::reading::{self, Source, Unread};
use super::rows::{RowCounts, RowState, Rows, SameTime};
use crate::api::{EventPageQuery, Failure, FailureKind, System};
use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use crate::next_task::{TaskTime, after};
use crate::ui::finished_work::Work;
use import_files::{
    ColumnsMapping, EventRow, Mapping, Question, RowReader, Said, Survey, Table, differences,
    is_currency_code,
};
use leptos::prelude::*;
use rest_contract::oracle::batch_request::PartAnswer;
use rest_contract::oracle::one_of;
use rest_contract::{Lookup, Record, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows of one request, and numbers of one question.
const CHUNK: usize = 100;
/// So often a chunk is sent whose answers do not come, before a person is asked.
const MOST_TRIES: usize = 3;
/// Milliseconds that whoever pauses waits for the rows that are under way.
const PATIENCE: i32 = 800;
/// What the field of the file's name holds.
const LONGEST_FILE_NAME: usize = 300;

#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    Choose,
    Reading,
    Unread(Unread),
    /// The header is none that can be read, and why.
    BadHeader(String),
    Columns,
    Checking,
    CheckFailed(Failure),
    Checked,
    Sending,
    /// By a person, or by what went wrong.
    Stopped(Option<Failure>),
    Done,
}

/// A handle.
#[derive(Clone, Copy)]
pub struct Import {
    pub session: Session,
    latest: Latest,
    pub stage: RwSignal<Stage>,
    source: StoredValue<Option<Source>, LocalStorage>,
    said: StoredValue<Said>,
    pub table: RwSignal<Option<Arc<Table>>>,
    pub mapping: RwSignal<Mapping>,
    pub questions: RwSignal<Vec<Question>>,
    /// A time that names no offset, where the file has one: its zone is asked.
    pub time_of_a_clock: RwSignal<Option<String>>,
    /// Whether all cells were looked at since the columns were said to be something else.
    pub is_settled: RwSignal<bool>,
    /// The currencies that the rows are checked and read with ([`Self::active_currencies`]).
    currencies: StoredValue<Option<BTreeSet<String>>>,
    pub rows: StoredValue<Rows>,
    pub counts: RwSignal<RowCounts>,
    /// Rows that are through, of those of the file.
    pub progress: RwSignal<usize>,
    pub is_pausing: RwSignal<bool>,
    /// The batch that the events go into.
    pub batch: RwSignal<String>,
    /// Rows whose events say something else, while a person looks at what would change.
    pub reviewed: RwSignal<Option<ChangedRows>>,
    /// Whether events were corrected since the rows were checked.
    pub is_corrected: RwSignal<bool>,
}

type Chunk = Vec<(usize, EventRow)>;

impl Import {
    pub fn new(session: Session) -> Self {
        Self {
            session,
            latest: Latest::new(session),
            stage: RwSignal::new(Stage::Choose),
            source: StoredValue::new_local(None),
            said: StoredValue::default(),
            table: RwSignal::default(),
            mapping: RwSignal::new(Mapping::Focus),
            questions: RwSignal::default(),
            time_of_a_clock: RwSignal::default(),
            is_settled: RwSignal::default(),
            currencies: StoredValue::default(),
            rows: StoredValue::default(),
            counts: RwSignal::default(),
            progress: RwSignal::default(),
            is_pausing: RwSignal::default(),
            batch: RwSignal::default(),
            reviewed: RwSignal::new(None),
            is_corrected: RwSignal::default(),
        }
    }

    pub fn choose_another(self) {
        self.latest.stop();
        self.table.set(None);
        self.rows.set_value(Rows::default());
        self.stage.set(Stage::Choose);
    }

    pub fn take(self, source: Source) {
        self.source.set_value(Some(source));
        self.said.set_value(Said::default());
        self.read();
    }

    /// Reads the file again with what a person has said of it.
    pub fn say(self, say: impl FnOnce(&mut Said)) {
        self.said.update_value(say);
        self.read();
    }

    pub fn file_name(self) -> String {
        self.source.with_value(|source| source.as_ref().map(Source::name).unwrap_or_default())
    }

    fn read(self) {
        let Some(source) = self.source.get_value() else { return };
        let said = self.said.get_value();
        self.stage.set(Stage::Reading);
        self.latest.start(
            async move |run: Run| Ok(reading::read(&source, said, || run.is_current()).await),
            move |result| match result {
                Ok(Ok(Some(table))) => self.guess(table),
                Ok(Err(unread)) => self.stage.set(Stage::Unread(unread)),
                Ok(Ok(None)) | Err(_) => self.stage.set(Stage::Choose),
            },
        );
    }

    fn guess(self, table: Table) {
        match kept_mapping(&table.headers).map_or_else(|| Mapping::guess(&table.headers), Ok) {
            Ok(mapping) => {
                self.table.set(Some(Arc::new(table)));
                self.map(mapping);
            }
            Err(fault) => self.stage.set(Stage::BadHeader(fault.to_string())),
        }
    }

    /// Takes the columns for what the mapping says, and finds from all cells what it leaves open.
    pub fn map(self, mapping: Mapping) {
        let Some(table) = self.table.get_untracked() else { return };
        // A step that stands is not drawn anew, or the keyboard would lose its place.
        if self.stage.with_untracked(|stage| *stage != Stage::Columns) {
            self.stage.set(Stage::Columns);
        }
        self.is_settled.set(false);
        self.mapping.set(mapping);
        self.latest.start(
            async move |_| {
                let mut mapping = self.mapping.get_untracked();
                let (mut survey, mut task) = (Survey::of(&mapping), TaskTime::begin());
                for row in table.rows.iter() {
                    survey.add(&row);
                    task.give_way().await;
                }
                let questions = survey.settle(&mut mapping);
                Ok((mapping, questions, survey.time_of_a_clock().map(str::to_owned)))
            },
            move |result| {
                if let Ok((mapping, questions, time_of_a_clock)) = result {
                    self.time_of_a_clock.set(time_of_a_clock);
                    self.mapping.set(mapping);
                    self.questions.set(questions);
                    self.is_settled.set(true);
                }
            },
        );
    }

    /// Shows what would change in the events that say something else than their rows.
    pub fn review(self) {
        let (rows, all) = self.rows.with_value(|rows| {
            let is_changed = |place: &usize| matches!(rows.states.get(*place), Some(RowState::Changed(_)));
            let kept = rows.changed.iter().filter(|(place, _)| is_changed(place));
            (kept.map(|(_, row)| Arc::clone(row)).collect::<Vec<_>>(), rows.counts().changed)
        });
        let more = all.saturating_sub(rows.len());
        self.reviewed.set(Some(ChangedRows { rows, more }));
    }

    pub fn back_to_columns(self) {
        self.latest.stop();
        self.stage.set(Stage::Columns);
    }

    /// Reads every row, and looks for it on the server. Nothing is sent.
    pub fn check(self) {
        let Some(table) = self.table.get_untracked() else { return };
        self.mapping.with_untracked(keep_mapping);
        self.currencies.set_value(self.active_currencies());
        self.stage.set(Stage::Checking);
        self.progress.set(0);
        self.latest.start(
            async move |run: Run| self.check_all(run, &table).await,
            move |result| match result {
                Ok(rows) => {
                    self.counts.set(rows.counts());
                    self.rows.set_value(rows);
                    self.stage.set(Stage::Checked);
                }
                Err(failure) => self.stage.set(Stage::CheckFailed(failure)),
            },
        );
    }

    /// The active currencies; nothing where the list is not known, and the server judges.
    fn active_currencies(self) -> Option<BTreeSet<String>> {
        let tables = self.session.lookups.tables.get_untracked();
        let known: BTreeSet<String> =
            tables.list(Lookup::Currency).iter().map(|code| code.code.clone()).collect();
        (tables.is_whole(Lookup::Currency) && !known.is_empty()).then_some(known)
    }

    /// Whether a currency is active, by the list that the rows were checked with: a row that was refused then must be
    /// refused again, or it would change what the rows behind it are.
    fn currencies(self) -> impl Fn(&str) -> bool {
        let active = self.currencies.get_value();
        move |code| active.as_ref().map_or_else(|| is_currency_code(code), |active| active.contains(code))
    }

    fn reader(self, table: &Table) -> Result<RowReader, Failure> {
        // The header was read by this mapping before.
        let mapping = self.mapping.get_untracked();
        let reader =
            RowReader::new(&mapping, &table.headers).map_err(|fault| self.failed(fault.to_string()))?;
        Ok(match &mapping {
            Mapping::Columns(ColumnsMapping { zone: Some(zone), .. }) => reader.with_clock(clock_of(zone)),
            _ => reader,
        })
    }

    fn failed(self, reason: String) -> Failure {
        Failure { system: System::Oracle, kind: FailureKind::NotWhole(reason), request_id: None }
    }

    async fn check_all(self, run: Run, table: &Table) -> Result<Rows, Failure> {
        let mut reader = self.reader(table)?;
        let (knows, mut rows) = (self.currencies(), Rows::default());
        let (mut chunk, mut task) = (Chunk::new(), TaskTime::begin());
        for (place, row) in table.rows.iter().enumerate() {
            match reader.read(&row, &knows) {
                Ok(event) => {
                    rows.push(&event);
                    chunk.push((place, event));
                }
                Err(refused) => rows.push_refused(refused),
            }
            if chunk.len() == CHUNK {
                self.check_chunk(&mut chunk, &mut rows).await?;
                self.progress.try_set(place);
            }
            if !run.is_current() {
                break;
            }
            task.give_way().await;
        }
        self.check_chunk(&mut chunk, &mut rows).await?;
        // Where numbers follow from the rows, the same usage can be there under others.
        if !self.mapping.with_untracked(|mapping| mapping.has_numbers(&table.headers))
            && let Some(condition) = rows.span.condition()
        {
            rows.same_time = Some(SameTime(self.session.client.event_count(&condition).await?));
        }
        Ok(rows)
    }

    async fn check_chunk(self, chunk: &mut Chunk, rows: &mut Rows) -> Result<(), Failure> {
        for (place, event, state) in self.look_for(chunk, RowState::There).await? {
            rows.add_readable(&event);
            rows.settle(place, &event, state);
        }
        for (place, event) in chunk.drain(..) {
            match event.lacks.clone() {
                Some(reason) => rows.settle(place, &event, RowState::Failed(reason)),
                None => rows.add_readable(&event),
            }
        }
        Ok(())
    }

    /// Looks for the rows' events on the server. Those that are there leave the chunk, with what became of them: `same`
    /// where the event says what the row says.
    async fn look_for(
        self,
        chunk: &mut Chunk,
        same: RowState,
    ) -> Result<Vec<(usize, EventRow, RowState)>, Failure> {
        if chunk.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<&str> = chunk.iter().map(|(_, event)| event.number.as_str()).collect();
        let query = EventPageQuery {
            q: &one_of("EventNumber", &numbers),
            shape: "expand=usageCharges&onlyData=true",
            limit: CHUNK,
            ..EventPageQuery::default()
        };
        let page = self.session.client.event_page(&query).await?;
        let there: BTreeMap<String, Record> =
            page.items.into_iter().filter_map(|event| Some((event.key()?, event))).collect();
        let (known, unknown): (Chunk, Chunk) =
            std::mem::take(chunk).into_iter().partition(|(_, event)| there.contains_key(&event.number));
        *chunk = unknown;
        let settled = known.into_iter().filter_map(|(place, event)| {
            let others = differences(there.get(&event.number)?, &event);
            let told = others.iter().map(|other| {
                format!("{} is \"{}\" there, not \"{}\"", other.title, other.there, other.in_file)
            });
            let state = match told.collect::<Vec<_>>().join("; ") {
                told if told.is_empty() => same.clone(),
                told => RowState::Changed(format!("it is there already, with other values: {told}")),
            };
            Some((place, event, state))
        });
        Ok(settled.collect())
    }

    /// Sends what is to be sent, chunk by chunk, and goes on where it was stopped.
    pub fn send(self) {
        if self.stage.with_untracked(|stage| *stage == Stage::Sending) {
            return;
        }
        let Some(table) = self.table.get_untracked() else { return };
        self.stage.set(Stage::Sending);
        let work = Work::begin();
        // What is through already says nothing of how long the rest takes.
        let is_open = |state: &RowState| matches!(state, RowState::New | RowState::InDoubt);
        let through = self.rows.with_value(|rows| rows.states.iter().position(is_open));
        self.progress.set(through.unwrap_or_default());
        self.is_pausing.set(false);
        self.latest.start(
            async move |run: Run| Box::pin(self.send_all(run, &table)).await,
            move |result| {
                let counts = self.rows.with_value(Rows::counts);
                let is_through = counts.new == 0;
                self.counts.set(counts);
                work.end(if is_through && result.is_ok() { "Import finished" } else { "Import stopped" });
                self.stage.set(match result {
                    Err(failure) => Stage::Stopped(Some(failure)),
                    Ok(()) if is_through => Stage::Done,
                    Ok(()) => Stage::Stopped(None),
                });
            },
        );
    }

    /// Stops after the answer of the rows that are under way; where that takes long, without it: they stay in doubt.
    pub fn pause(self) {
        self.is_pausing.set(true);
        leptos::task::spawn_local(async move {
            after(PATIENCE).await;
            let is_waiting = self.stage.try_with_untracked(|stage| *stage == Stage::Sending) == Some(true);
            if is_waiting && self.is_pausing.try_get_untracked() == Some(true) {
                self.latest.stop();
                self.counts.set(self.rows.with_value(Rows::counts));
                self.stage.set(Stage::Stopped(None));
            }
        });
    }

    /// Whether this sending is to go no further.
    fn is_over(self, run: Run) -> bool {
        // Where the page is gone, so is whoever wanted it.
        !run.is_current() || self.is_pausing.try_get_untracked().unwrap_or(true)
    }

    async fn send_all(self, run: Run, table: &Table) -> Result<(), Failure> {
        let (mut reader, knows) = (self.reader(table)?, self.currencies());
        let batch = self.batch.get_untracked();
        let file: String = self.file_name().chars().take(LONGEST_FILE_NAME).collect();
        let (mut chunk, mut task) = (Chunk::new(), TaskTime::begin());
        for (place, row) in table.rows.iter().enumerate() {
            let is_to_send =
                self.state(place).is_some_and(|state| state == RowState::New || state == RowState::InDoubt);
            // Each row is read, for the rows before it decide its number.
            if let (Ok(mut event), true) = (reader.read(&row, &knows), is_to_send) {
                // The schema has both fields.
                let _ = event.event.set("BatchNumber", Value::Text(batch.clone()));
                let _ = event.event.set("FileName", Value::Text(file.clone()));
                event.keep_whole_texts();
                chunk.push((place, event));
            }
            if chunk.len() == CHUNK {
                self.send_chunk(run, std::mem::take(&mut chunk)).await?;
                if self.is_over(run) {
                    return Ok(());
                }
                self.progress.try_set(place + 1);
            }
            task.give_way().await;
        }
        self.send_chunk(run, chunk).await
    }

    fn state(self, place: usize) -> Option<RowState> {
        self.rows.try_with_value(|rows| rows.states.get(place).cloned()).flatten()
    }

    /// Takes over where rows stand. A sending that was stopped has no more say: its rows are in doubt.
    fn settle<'a>(self, run: Run, found: impl IntoIterator<Item = (usize, &'a EventRow, RowState)>) {
        if run.is_current() {
            self.rows.try_update_value(|rows| {
                found.into_iter().for_each(|(place, event, state)| rows.settle(place, event, state));
            });
        }
    }

    /// Sends the rows of a chunk until each has an answer of its own. None is sent twice without having been looked
    /// for, and the server takes no number twice.
    async fn send_chunk(self, run: Run, mut chunk: Chunk) -> Result<(), Failure> {
        let mut tries = 0;
        while !chunk.is_empty() {
            // Where rows are refused one after another there are many turns.
            if self.is_over(run) {
                return Ok(());
            }
            if chunk.iter().any(|(place, _)| self.state(*place) == Some(RowState::InDoubt)) {
                let found = self.look_for(&mut chunk, RowState::Imported).await?;
                self.settle(run, found.iter().map(|(place, event, state)| (*place, event, state.clone())));
                self.settle(run, chunk.iter().map(|(place, event)| (*place, event, RowState::New)));
                continue;
            }
            self.settle(run, chunk.iter().map(|(place, event)| (*place, event, RowState::InDoubt)));
            let events: Vec<&Record> = chunk.iter().map(|(_, event)| &event.event).collect();
            let answered = self.session.client.create_events(&events).await;
            let before = chunk.len();
            let failure = match answered {
                Ok(answers) => {
                    self.take_answers(run, &mut chunk, &answers).await?;
                    None
                }
                Err(failure) => Some(failure),
            };
            if chunk.len() < before {
                tries = 0;
                continue;
            }
            tries += 1;
            let may_be_tried = matches!(
                &failure,
                None | Some(Failure { kind: FailureKind::Unreachable | FailureKind::Unreadable(_), .. })
            );
            if !may_be_tried || tries >= MOST_TRIES {
                let unanswered =
                    || self.failed("The server does not say what became of the events".to_owned());
                return Err(failure.unwrap_or_else(unanswered));
            }
        }
        Ok(())
    }

    /// Judges each row by its own answer, and takes those that are settled out of the chunk. Where a row is refused
    /// the server may have made none of the others, so they stay in doubt, and are looked for.
    async fn take_answers(
        self,
        run: Run,
        chunk: &mut Chunk,
        answers: &[(usize, PartAnswer)],
    ) -> Result<(), Failure> {
        let is_refused = answers.iter().any(|(_, answer)| matches!(answer, PartAnswer::Refused(_)));
        let mut settled = BTreeMap::new();
        for (at, answer) in answers {
            let Some((place, _)) = chunk.get(*at) else { continue };
            match answer {
                PartAnswer::Refused(body) => {
                    settled.insert(*place, RowState::Failed(body.summary()));
                }
                PartAnswer::Done if !is_refused => {
                    settled.insert(*place, RowState::Imported);
                }
                PartAnswer::Done => {}
            }
        }
        let of_chunk =
            chunk.iter().filter_map(|(place, event)| Some((*place, event, settled.get(place)?.clone())));
        self.settle(run, of_chunk);
        let (mut refused, rest): (Chunk, Chunk) = std::mem::take(chunk)
            .into_iter()
            .filter(|(place, _)| settled.get(place) != Some(&RowState::Imported))
            .partition(|(place, _)| settled.contains_key(place));
        *chunk = rest;
        // What is refused may be there: made by another tab, or by an earlier sending that came late.
        let found = self.look_for(&mut refused, RowState::There).await?;
        self.settle(run, found.iter().map(|(place, event, state)| (*place, event, state.clone())));
        Ok(())
    }
}
