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
use crate::ui::finished_work::Work;
use chrono::{DateTime, Utc};
use export_files::{About, Cell, ControlTotal, Fault, Format, Head, TableFile};
use grid_model::{CopiedCell, Selection, SortDirection, Tone};
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use rest_contract::oracle::field_condition::FieldCondition;
use rest_contract::{ExactSum, Field};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use web_sys::Blob;

/// What of the list is meant, and as what, as it was when the person asked for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    format: Format,
    /// Only these, where not all rows are meant.
    only: Option<Selection>,
    /// What the rows were asked, and of whom.
    about: About,
}

/// How far the file is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Job {
    #[default]
    Idle,
    /// The rows are still to come.
    Waiting(Arc<Wanted>),
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
    began: StoredValue<Work>,
}

/// Bytes that are put aside together, where the browser can move them out of the page's memory.
const PIECE: usize = 1 << 20;
/// So often a file is begun anew where the list moves under it.
const MOST_TURNS: usize = 4;
const CHANGES_TOO_OFTEN: &str =
    "The list changed each time that it was read. Try again once others have done with it.";
const ASKED_OTHERWISE: &str = "The list was asked something else meanwhile. Export it again.";

impl Writing {
    /// Made within a component, whose end ends the writing.
    pub fn new(of: ListExport, grid: ExportedGrid) -> Self {
        let work = Self {
            of,
            grid,
            job: RwSignal::default(),
            latest: Latest::new(grid.session),
            began: StoredValue::new(Work::begin()),
        };
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
        // Rows of another question are not what was meant.
        Effect::new(move |before: Option<_>| {
            let asked = (
                grid.filters.map(|filters| filters.asked.get()),
                grid.sort.get(),
                of.asked.get(),
                of.source.get(),
            );
            if before.is_some_and(|before| before != asked) && work.job.with_untracked(Job::is_under_way) {
                work.latest.stop();
                untrack(|| work.end(Err(ASKED_OTHERWISE.to_owned())));
            }
            asked
        });
        work
    }

    /// Only what is selected now, or all rows.
    pub fn begin(self, format: Format, only_selected: bool) {
        self.began.set_value(Work::begin());
        let only = only_selected.then(|| self.grid.selection.get_untracked());
        let about = self.about(only.is_some());
        let wanted = Arc::new(Wanted { format, only, about });
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
        let reading =
            list.read_pages(self.of.system, Rc::new(on_read)).filter(|_| is_short || does_not_come.is_some());
        let Some(reading) = reading else {
            match does_not_come {
                Some(reason) => self.end(Err(reason)),
                None => self.wait(wanted),
            }
            return;
        };
        self.job.set(Job::Reading { read: 0, of: rows.known() });
        let asked = Arc::clone(&wanted);
        self.latest.start(
            async move |run| match reading.await? {
                Some(rows) => Ok(self.made(rows, &asked, run).await),
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

    fn wait(self, wanted: Arc<Wanted>) {
        self.job.set(Job::Waiting(wanted));
        self.grid.list.with_value(|list| list.want_whole());
    }

    fn write(self, wanted: Arc<Wanted>) {
        let rows: Rc<dyn FileRows> = Rc::new(self.grid.list.get_value());
        self.job.set(Job::Writing { written: 0, of: rows.count() });
        let asked = Arc::clone(&wanted);
        self.latest.start(
            async move |run| Ok(self.made(rows, &asked, run).await),
            move |made| match made {
                Ok(Some(made)) => self.end(made),
                Ok(None) => self.wait(wanted),
                Err(failure) => self.end(Err(failure.title())),
            },
        );
    }

    fn end(self, made: Result<Made, String>) {
        let job = made.and_then(|made| match save_file(&made.name, &made.content) {
            Ok(()) => Ok(Job::Saved { name: made.name, rows: made.rows, is_whole: made.is_whole }),
            Err(_) => Err("The browser could not save the file.".to_owned()),
        });
        let job = job.unwrap_or_else(Job::Failed);
        self.began.get_value().end(match &job {
            Job::Saved { .. } => "Export finished",
            _ => "Export failed",
        });
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

    /// Writes the rows. Begins anew where they, or their columns, come to stand otherwise meanwhile. Nothing where it
    /// was stopped, or where the rows are not here any longer.
    async fn made(self, rows: Rc<dyn FileRows>, wanted: &Wanted, run: Run) -> Option<Result<Made, String>> {
        for _ in 0..MOST_TURNS {
            // Once the list is left, there is nothing to ask it.
            if !run.is_current() {
                return None;
            }
            rows.turn()?;
            match self.written(&*rows, wanted, run).await {
                Ok(Written::Made(made)) => return Some(Ok(made)),
                Ok(Written::Moved) => (),
                Ok(Written::Stopped) => return None,
                Err(fault) => return Some(Err(words_of(fault).to_owned())),
            }
        }
        Some(Err("The list changed again and again while it was written. Try again once it stands still."
            .to_owned()))
    }

    async fn written(self, rows: &dyn FileRows, wanted: &Wanted, run: Run) -> Result<Written, WriteFault> {
        let turn = rows.turn();
        let columns = self.grid.columns.get_untracked();
        let now = self.grid.session.client.now_at(self.of.system);
        let heads: Vec<_> = columns.iter().map(|column| Head::new(&column.title, column.width)).collect();
        let label = self.grid.label.get_value();
        let mut file = TableFile::begin(wanted.format, &label, &heads, now.timestamp_micros())?;
        let (pieces, mut waiting) = (Array::new(), Vec::new());
        let mut totals = BTreeMap::<String, (ExactSum, u64)>::new();
        let (mut unread, of) = (0_u64, rows.count());
        let mut task = TaskTime::begin();
        for row in 0..of {
            if task.is_over() {
                task.give_way().await;
                if !run.is_current() {
                    return Ok(Written::Stopped);
                }
                if rows.turn() != turn || self.grid.columns.with_untracked(|now| *now != columns) {
                    return Ok(Written::Moved);
                }
                self.job.set(Job::Writing { written: row, of });
            }
            let key = rows.key(row);
            let is_meant = |only| key.as_deref().is_some_and(|key| is_selected(only, key));
            if !wanted.only.as_ref().is_none_or(is_meant) {
                continue;
            }
            let cells: Vec<CopiedCell> = (0..columns.len()).map(|column| rows.cell(row, column)).collect();
            let cells: Vec<Cell<'_>> = cells.iter().map(cell_of).collect();
            file.push_row(&cells)?;
            unread += u64::from(key.is_none());
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
        let counted = match &wanted.only {
            Some(only) => only.number().map(|number| number as u64),
            None => rows.counted(),
        };
        let totals = totals.into_iter().map(|(currency, (sum, rows))| ControlTotal {
            of: "Amount".to_owned(),
            currency,
            // A row that could not be read may have an amount, too.
            sum: sum.text().filter(|_| sum.left_out() == 0 && unread == 0),
            rows,
        });
        let (as_of, mut notes) = self.standing(now);
        if unread > 0 {
            notes.push(match unread {
                1 => "1 row came without a key that can be read: what of it could not be read is blank, and totals are not known".to_owned(),
                _ => format!("{} rows came without a key that can be read: what of them could not be read is blank, and totals are not known", count(unread)),
            });
        }
        let missing = rows.without_place();
        if missing > 0 && wanted.only.is_none() {
            notes.push(match missing {
                1 => "1 record came without a key that can be read, and has no row here".to_owned(),
                _ => format!(
                    "{} records came without a key that can be read, and have no rows here",
                    count(missing)
                ),
            });
        }
        let about = About {
            as_of: rows.as_of().unwrap_or(as_of).timestamp_micros(),
            counted,
            totals: totals.collect(),
            notes,
            ..wanted.about.clone()
        };
        let finished = file.finish(&about)?;
        waiting.extend(&finished.rest);
        let rest = blob_of(&waiting)?;
        pieces.push(&rest);
        let content = Blob::new_with_blob_sequence(&pieces).map_err(|_| WriteFault::NotHeld)?;
        Ok(Written::Made(Made {
            name: finished.name,
            content,
            rows: finished.rows,
            is_whole: finished.is_whole,
        }))
    }

    /// What the list is asked now.
    fn about(self, only_selected: bool) -> About {
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
        if only_selected {
            filters.push("Only what was selected".to_owned());
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
            user: session.with_access(|access| access.map(Access::name_and_account)).unwrap_or_default(),
            ..About::default()
        }
    }

    /// Of when the rows are, and what is known of their standing.
    fn standing(self, now: DateTime<Utc>) -> (DateTime<Utc>, Vec<String>) {
        let (mut as_of, mut notes) = (now, Vec::new());
        if let WholeProgress::Here { as_of: read, news } = self.of.progress.get_untracked() {
            as_of = read;
            if !news.is_none() {
                notes.push(changed_words(news));
            }
        }
        let unfinished = self.grid.session.sync.summary.with_untracked(|summary| summary.unfinished());
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
        (as_of, notes)
    }

    fn order(self) -> String {
        let (columns, sort) = (self.grid.columns.get_untracked(), self.grid.sort.get_untracked());
        let key = |key: &grid_model::SortKey| {
            let column = columns.iter().find(|column| column.id == key.column);
            let title = column.map_or(key.column.as_str(), |column| column.title.as_str());
            match key.direction {
                SortDirection::Ascending => format!("{title}, ascending"),
                SortDirection::Descending => format!("{title}, descending"),
            }
        };
        let keys: Vec<_> = sort.iter().map(key).collect();
        if keys.is_empty() { "The default order of the list".to_owned() } else { keys.join("; then ") }
    }
}

/// What came of writing once.
enum Written {
    Made(Made),
    /// Rows or columns stand otherwise than when it began.
    Moved,
    Stopped,
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

/// Such as "On the server 12 rows were added, 1 row was changed after this list was put in order".
fn changed_words(news: News) -> String {
    let kinds = [(news.added, "added"), (news.changed, "changed"), (news.gone, "removed")];
    let words = kinds.iter().filter(|(rows, _)| *rows > 0).map(|(rows, kind)| match rows {
        1 => format!("1 row was {kind}"),
        _ => format!("{} rows were {kind}", count(*rows as u64)),
    });
    let words: Vec<_> = words.collect();
    format!("On the server {} after this list was put in order", words.join(", "))
}

pub fn saved_words(job: &Job) -> String {
    let Job::Saved { name, rows, is_whole } = job else { return String::new() };
    let rows = if *rows == 1 { "1 row".to_owned() } else { format!("{} rows", count(*rows)) };
    let whole = if *is_whole { "" } else { " It is not complete, and says so." };
    format!("Saved {name} with {rows}.{whole}")
}
