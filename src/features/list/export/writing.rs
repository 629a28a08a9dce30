//! Writes the file, some milliseconds at a time, and gives it to the browser.

use super::super::column_filter::told;
use super::super::file_rows::FileRows;
use super::super::whole_rows::{FEWEST_KEPT, News, WholeProgress};
use super::{ExportedGrid, ListExport};
use crate::api::{Access, connections};
use crate::data::latest::{Latest, Run};
use crate::next_task::TaskTime;
use crate::text::count;
use crate::ui::controls::save_file;
use chrono::{DateTime, Utc};
use export_files::{About, Cell, ControlTotal, Fault, Format, Head, TableFile};
use grid_model::{CopiedCell, Selection, SortDirection, Tone};
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use rest_contract::oracle::field_condition::FieldCondition;
use rest_contract::{ExactSum, Field};
use std::collections::BTreeMap;
use std::rc::Rc;
use web_sys::Blob;

/// What of the list is meant, and as what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    pub format: Format,
    /// Only what is selected.
    pub only_selected: bool,
}

/// How far the file is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Job {
    #[default]
    Idle,
    /// The rows are still to come.
    Waiting(Wanted),
    Reading {
        read: usize,
        of: usize,
    },
    Writing {
        written: usize,
        of: usize,
    },
    Saved {
        name: String,
        rows: u64,
        is_whole: bool,
    },
    Failed(String),
}

impl Job {
    pub fn is_under_way(&self) -> bool {
        matches!(self, Self::Waiting(_) | Self::Reading { .. } | Self::Writing { .. })
    }
}

/// The making of one file; a handle.
#[derive(Clone, Copy)]
pub struct Writing {
    of: ListExport,
    grid: ExportedGrid,
    pub job: RwSignal<Job>,
    latest: Latest,
}

/// Bytes that are put aside together, where the browser can move them out of the page's memory.
const PIECE: usize = 1 << 20;
/// So often a file is begun anew where the list moves under it.
const MOST_TURNS: usize = 4;
const CHANGES_TOO_OFTEN: &str =
    "The list changed each time that it was read. Try again once others have done with it.";

impl Writing {
    /// Made within a component, whose end ends the writing.
    pub fn new(of: ListExport, grid: ExportedGrid) -> Self {
        let work = Self { of, grid, job: RwSignal::default(), latest: Latest::new(grid.session) };
        let (revision, status) = grid.list.with_value(|list| (list.revision(), list.status()));
        // The rows come by themselves, or do not.
        Effect::new(move || {
            let Job::Waiting(wanted) = work.job.get() else { return };
            revision.track();
            let failure = status.with(|status| status.failure.clone());
            let refused = failure.map(|failure| failure.title());
            match refused.or_else(|| why_none_come(&of.progress.get())) {
                Some(reason) => work.job.set(Job::Failed(reason)),
                None if grid.list.with_value(|list| list.turn()).is_some() => untrack(|| work.write(wanted)),
                None => {}
            }
        });
        work
    }

    pub fn begin(self, wanted: Wanted) {
        let list = self.grid.list.get_value();
        if list.turn().is_some() {
            self.write(wanted);
            return;
        }
        let rows = list.row_count();
        let does_not_come = why_none_come(&self.of.progress.get_untracked());
        let is_short = rows.exact().is_some_and(|rows| rows < FEWEST_KEPT);
        let job = self.job;
        let on_read = move |read: usize| {
            // Whoever stops it has another job there, or none.
            let is_wanted = job.try_with_untracked(|job| matches!(job, Job::Reading { .. })) == Some(true);
            is_wanted && job.try_set(Job::Reading { read, of: rows.known() }).is_none()
        };
        let reading = list.read_pages(Rc::new(on_read)).filter(|_| is_short || does_not_come.is_some());
        let Some(reading) = reading else {
            match does_not_come {
                Some(reason) => self.end(Err(reason)),
                None => self.wait(wanted),
            }
            return;
        };
        self.job.set(Job::Reading { read: 0, of: rows.known() });
        self.latest.start(
            async move |run| match reading.await? {
                Some(rows) => Ok(Some(self.made(rows, wanted, run).await)),
                None => Ok(None),
            },
            move |made| match made {
                Ok(Some(made)) => self.end(made),
                Ok(None) if does_not_come.is_none() => self.wait(wanted),
                Ok(None) => self.end(Err(CHANGES_TOO_OFTEN.to_owned())),
                Err(failure) => self.end(Err(failure.title())),
            },
        );
    }

    pub fn cancel(self) {
        self.latest.stop();
        self.job.set(Job::Idle);
    }

    fn wait(self, wanted: Wanted) {
        self.job.set(Job::Waiting(wanted));
        self.grid.list.with_value(|list| list.want_whole());
    }

    fn write(self, wanted: Wanted) {
        let rows: Rc<dyn FileRows> = Rc::new(self.grid.list.get_value());
        self.job.set(Job::Writing { written: 0, of: rows.count() });
        self.latest.start(
            async move |run| Ok(self.made(rows, wanted, run).await),
            move |made| self.end(made.unwrap_or_else(|failure| Err(failure.title()))),
        );
    }

    fn end(self, made: Result<Made, String>) {
        let job = made.and_then(|made| match save_file(&made.name, &made.content) {
            Ok(()) => Ok(Job::Saved { name: made.name, rows: made.rows, is_whole: made.is_whole }),
            Err(_) => Err("The browser could not save the file.".to_owned()),
        });
        let job = job.unwrap_or_else(Job::Failed);
        // Where the dialog is closed, nothing else tells.
        if !self.of.open.get_untracked() {
            let (tone, words) = match &job {
                Job::Saved { is_whole: true, .. } => (Tone::Ok, saved_words(&job)),
                Job::Saved { .. } => (Tone::Warn, saved_words(&job)),
                Job::Failed(reason) => (Tone::Bad, format!("Nothing was exported. {reason}")),
                _ => return,
            };
            self.grid.session.sync.notices.notify(tone, words);
        }
        self.job.set(job);
    }

    /// Writes the rows. Begins anew where they come to stand in another order meanwhile.
    async fn made(self, rows: Rc<dyn FileRows>, wanted: Wanted, run: Run) -> Result<Made, String> {
        for _ in 0..MOST_TURNS {
            match self.written(&*rows, wanted, run).await {
                Ok(Some(made)) => return Ok(made),
                Ok(None) => (),
                Err(fault) => return Err(words_of(fault).to_owned()),
            }
        }
        Err("The list changed again and again while it was written. Try again once it stands still."
            .to_owned())
    }

    async fn written(
        self,
        rows: &dyn FileRows,
        wanted: Wanted,
        run: Run,
    ) -> Result<Option<Made>, WriteFault> {
        let turn = rows.turn();
        let columns = self.grid.columns.get_untracked();
        let selection = self.grid.selection.get_untracked();
        let now = self.grid.session.client.now_at(self.of.system);
        let heads: Vec<_> = columns.iter().map(|column| Head::new(&column.title, column.width)).collect();
        let label = self.grid.label.get_value();
        let mut file = TableFile::begin(wanted.format, &label, &heads, now.timestamp_micros())?;
        let (pieces, mut waiting) = (Array::new(), Vec::new());
        let mut totals = BTreeMap::<String, (ExactSum, u64)>::new();
        let (mut kept, mut unread, of) = (0_u64, 0_u64, rows.count());
        let mut task = TaskTime::begin();
        for row in 0..of {
            if task.is_over() {
                let _ = self.job.try_set(Job::Writing { written: row, of });
                task.give_way().await;
                if rows.turn() != turn || !run.is_current() {
                    return Ok(None);
                }
            }
            if wanted.only_selected && !rows.key(row).is_some_and(|key| is_selected(&selection, &key)) {
                continue;
            }
            let cells: Vec<CopiedCell> = (0..columns.len()).map(|column| rows.cell(row, column)).collect();
            let cells: Vec<Cell<'_>> = cells.iter().map(cell_of).collect();
            file.push_row(&cells)?;
            kept += 1;
            unread += u64::from(rows.key(row).is_none());
            for (currency, sum) in rows.totalled(row) {
                let (total, rows) = totals.entry(currency).or_default();
                total.merge(&sum);
                *rows += 1;
            }
            waiting.extend(file.take());
            if waiting.len() >= PIECE {
                let piece = blob_of(&waiting)?;
                pieces.push(&piece);
                waiting.clear();
            }
        }
        let selected = selection.records().map(|records| records.len() as u64);
        let counted = selected.filter(|_| wanted.only_selected).unwrap_or(kept);
        let totals = totals.into_iter().map(|(currency, (sum, rows))| ControlTotal {
            of: "Amount".to_owned(),
            currency,
            sum: sum.text().filter(|_| sum.left_out() == 0),
            rows,
        });
        let mut about = self.about(wanted, now);
        if unread > 0 {
            about
                .notes
                .push(format!("{unread} rows came without a key that can be read, and hold what could be"));
        }
        let about = About { counted: Some(counted), totals: totals.collect(), ..about };
        let finished = file.finish(&about)?;
        waiting.extend(&finished.rest);
        let rest = blob_of(&waiting)?;
        pieces.push(&rest);
        let content = Blob::new_with_blob_sequence(&pieces).map_err(|_| WriteFault::NotHeld)?;
        Ok(Some(Made { name: finished.name, content, rows: finished.rows, is_whole: finished.is_whole }))
    }

    fn about(self, wanted: Wanted, now: DateTime<Utc>) -> About {
        let Self { of, grid, .. } = self;
        let session = grid.session;
        let tables = session.lookups.tables.get_untracked();
        let mut filters = of.asked.get_untracked();
        if let Some(columns) = grid.filters {
            columns.asked.with_untracked(|asked| {
                let words = |(field, condition): &(&Field, FieldCondition)| {
                    told(columns.columns, field, condition, &tables)
                };
                filters.extend(asked.iter().map(words));
            });
        }
        if wanted.only_selected {
            filters.push("Only what was selected".to_owned());
        }
        let mut notes = Vec::new();
        let mut as_of = now;
        if let WholeProgress::Here { as_of: read, news } = of.progress.get_untracked() {
            as_of = read;
            if !news.is_none() {
                notes.push(format!("{} since the rows were put in order", changed_words(news)));
            }
        }
        let unfinished = session.sync.summary.with_untracked(|summary| summary.unfinished());
        if unfinished > 0 {
            notes.push(format!(
                "{} made in this browser had not been confirmed by the server; rows show what was typed",
                if unfinished == 1 {
                    "1 change".to_owned()
                } else {
                    format!("{} changes", count(unfinished as u64))
                }
            ));
        }
        let environment = connections().environment.as_ref().map(|environment| environment.name.clone());
        About {
            source: of.source.get_untracked(),
            system: of.system.name().to_owned(),
            environment: environment.unwrap_or_else(|| "not named".to_owned()),
            address: window().location().href().unwrap_or_default(),
            filters,
            order: self.order(),
            zone: "UTC".to_owned(),
            as_of: as_of.timestamp_micros(),
            user: session.with_access(|access| access.map(Access::name_and_account)).unwrap_or_default(),
            notes,
            ..About::default()
        }
    }

    fn order(self) -> String {
        let (columns, sort) = (self.grid.columns.get_untracked(), self.grid.sort.get_untracked());
        let key = |key: &grid_model::SortKey| {
            let column = columns.iter().find(|column| column.id == key.column);
            let title = column.map_or(key.column.as_str(), |column| column.title.as_str());
            match key.direction {
                SortDirection::Ascending => format!("{title}, smallest first"),
                SortDirection::Descending => format!("{title}, largest first"),
            }
        };
        let keys: Vec<_> = sort.iter().map(key).collect();
        if keys.is_empty() { "As the list stands".to_owned() } else { keys.join("; then ") }
    }
}

struct Made {
    name: String,
    content: Blob,
    rows: u64,
    is_whole: bool,
}

/// Why a file could not be made.
enum WriteFault {
    File(Fault),
    /// The browser has no room for it.
    NotHeld,
}

impl From<Fault> for WriteFault {
    fn from(fault: Fault) -> Self {
        Self::File(fault)
    }
}

fn words_of(fault: WriteFault) -> &'static str {
    match fault {
        WriteFault::File(Fault::TooLong) => "The file would be longer than 4 GB. Filter the list first.",
        WriteFault::File(Fault::Uneven) => "The columns changed while the file was written. Try again.",
        WriteFault::NotHeld => "The browser could not hold the file.",
    }
}

fn is_selected(selection: &Selection, key: &str) -> bool {
    selection.records().map_or_else(|| selection.holds(key), |records| records.contains(key))
}

fn cell_of(copied: &CopiedCell) -> Cell<'_> {
    match copied {
        CopiedCell::Text(text) if text.is_empty() => Cell::Blank,
        CopiedCell::Text(text) => Cell::Text(text),
        CopiedCell::Number(digits) => Cell::Number(digits),
        CopiedCell::Time { at, .. } => Cell::Time(*at),
    }
}

fn blob_of(bytes: &[u8]) -> Result<Blob, WriteFault> {
    let bytes = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence(&bytes).map_err(|_| WriteFault::NotHeld)
}

/// Why the rows of a list do not come, where that is so.
fn why_none_come(progress: &WholeProgress) -> Option<String> {
    let number = |rows: usize| count(rows as u64);
    match progress {
        WholeProgress::InSight | WholeProgress::Reading { .. } | WholeProgress::Here { .. } => None,
        WholeProgress::TooLong { of, most } => Some(format!(
            "The list has {} rows, and at most {} are kept here. Filter it to fewer than 50,000, or press \u{201c}Load all\u{201d} below the list first.",
            number(*of),
            number(*most)
        )),
        WholeProgress::Stopped { read, of } => Some(format!(
            "Loading was stopped at {} of {}. Press \u{201c}Load the rest\u{201d} below the list first.",
            number(*read),
            number(*of)
        )),
        WholeProgress::Failed { read, of, failure } => {
            Some(format!("Loading ended at {} of {}: {}", number(*read), number(*of), failure.title()))
        }
        WholeProgress::NotWhole => Some(
            "The list changed while it was read, so it is not known whether every row came. Press \u{201c}Load again\u{201d} below the list.".to_owned(),
        ),
    }
}

/// Such as "12 rows were added and 3 changed by others".
fn changed_words(news: News) -> String {
    let kinds = [(news.added, "added"), (news.changed, "changed"), (news.gone, "removed")];
    let told = kinds.iter().filter(|(rows, _)| *rows > 0);
    let words: Vec<_> = told.map(|(rows, kind)| format!("{} {kind}", count(*rows as u64))).collect();
    format!("Rows on the server: {}", words.join(", "))
}

pub fn saved_words(job: &Job) -> String {
    let Job::Saved { name, rows, is_whole } = job else { return String::new() };
    let rows = if *rows == 1 { "1 row".to_owned() } else { format!("{} rows", count(*rows)) };
    let whole = if *is_whole { "" } else { " It is not complete, and says so." };
    format!("Saved {name} with {rows}.{whole}")
}
