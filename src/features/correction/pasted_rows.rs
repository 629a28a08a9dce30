//! Rows of cells from the clipboard, as corrections: which events they are meant for, which fields, and what
//! each cell says.
//!
//! Rows are meant for the events in the list from the cell on at which they were pasted, in the order of the
//! list; where the first row is a head that names the event's number, for the events of these numbers.

use super::change_form::{choices, is_correctable, read_value};
use crate::api::{EventPageQuery, Failure, RestClient};
use crate::data::latest::Run;
use crate::data::lookups::LookupTables;
use crate::text::with_notation;
use export_files::{BYTE_ORDER_MARK, CsvField, push_csv_line, unguarded};
use grid_model::{Column, PastedCell, Picked, Records, pasted_rows};
use rest_contract::oracle::EVENT;
use rest_contract::oracle::correction::Change;
use rest_contract::{Field, Kind, Record, Value};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The column of a head that names events.
const NUMBER: &str = "EventNumber";
/// The column that says why a row was left out, in the file of such rows. It is read back over.
const REASON: &str = "Reason";

/// What was pasted, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Pasted {
    pub text: String,
    pub html: Option<String>,
    /// The columns of the list as they stand on the screen.
    pub columns: Arc<[Column]>,
    /// How many rows and which columns were selected for it. One value is for all of these cells; of several, the
    /// first one is for the first of them.
    pub selected: (usize, Range<usize>),
    pub list: PastedList,
}

/// The list that it was pasted into.
#[derive(Clone, Debug, PartialEq)]
pub struct PastedList {
    pub batch: Option<String>,
    pub q: String,
    pub order_by: String,
    /// Row `n` of what is pasted is meant for the event at `place + n` in the list, where `here` has none.
    pub place: usize,
    /// The events that the first rows are meant for, as they were on the screen.
    pub here: Vec<Option<Picked>>,
}

/// How the rows found their events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matched {
    ByPlace,
    ByNumber,
}

/// What a column of cells is.
#[derive(Clone, Debug, PartialEq)]
enum Target {
    Field(&'static Field),
    /// The event's number, by which rows are matched.
    Number,
    /// Set by the system, or no column of the list: its title.
    LeftOut(String),
}

impl Target {
    fn field(&self) -> Option<&'static Field> {
        match self {
            Self::Field(field) => Some(field),
            Self::Number | Self::LeftOut(_) => None,
        }
    }
}

/// Rows with their events.
#[derive(Clone, Debug, PartialEq)]
pub struct PastedRows {
    pub matched: Matched,
    targets: Vec<Target>,
    rows: Vec<Vec<PastedCell>>,
    /// The row of each event; of a number that comes more than once, no row at all.
    rows_of: HashMap<Arc<str>, usize>,
    /// So many rows found no event: the list ends, or they name none.
    pub without_event: usize,
    /// The only batch whose events are meant.
    batch: Option<String>,
}

impl Pasted {
    /// The cells with what they are meant for.
    pub fn read(&self) -> PastedRows {
        let mut rows = pasted_rows(&self.text, self.html.as_deref());
        let (selected, columns) = &self.selected;
        if let [row] = rows.as_slice()
            && let [cell] = row.as_slice()
        {
            rows = vec![vec![cell.clone(); columns.len()]; *selected];
            return self.with_targets(rows, None);
        }
        let head = rows.first().and_then(|cells| self.head(cells));
        if head.is_some() {
            let head = rows.remove(0);
            // A file of the console's own keeps texts from spreadsheets behind an apostrophe.
            if head.iter().any(|cell| is(cell, REASON)) {
                for cell in rows.iter_mut().flatten() {
                    cell.text = unguarded(&cell.text).into_owned();
                }
            }
        }
        self.with_targets(rows, head)
    }

    /// Without a head the cells are for the columns as they stand, from the first one that is selected on.
    fn with_targets(&self, rows: Vec<Vec<PastedCell>>, head: Option<Vec<Target>>) -> PastedRows {
        let targets = head.unwrap_or_else(|| {
            let first = self.selected.1.start;
            let width = rows.first().map(Vec::len).unwrap_or_default();
            let columns = (first..first + width).map(|at| self.columns.get(at));
            columns
                .map(|column| column.map_or_else(beyond, |column| target(&column.id, &column.title)))
                .collect()
        });
        let matched = if targets.contains(&Target::Number) { Matched::ByNumber } else { Matched::ByPlace };
        let batch = self.list.batch.clone();
        PastedRows { matched, targets, rows, rows_of: HashMap::new(), without_event: 0, batch }
    }

    /// What the first row names, where it is a head: it names the event's number, or each of its cells is the
    /// title or the name of a field.
    fn head(&self, cells: &[PastedCell]) -> Option<Vec<Target>> {
        let named = |cell: &PastedCell| {
            let column = self.columns.iter().find(|column| is(cell, &column.title) || is(cell, &column.id));
            let field = || EVENT.fields.iter().find(|field| is(cell, field.name) || is(cell, field.title));
            let id = column.map(|column| column.id.as_str()).or_else(|| field().map(|field| field.name));
            id.map(|id| target(id, cell.text.trim()))
        };
        let targets: Vec<_> = cells.iter().map(named).collect();
        let is_head = targets.contains(&Some(Target::Number)) || targets.iter().all(Option::is_some);
        let unknown = |cell: &PastedCell| Target::LeftOut(cell.text.trim().to_owned());
        is_head.then(|| {
            targets
                .into_iter()
                .zip(cells)
                .map(|(target, cell)| target.unwrap_or_else(|| unknown(cell)))
                .collect()
        })
    }

    /// Finds the event of every row: those of the screen are known, others are read in the order of the list.
    pub async fn find(
        &self,
        mut rows: PastedRows,
        client: RestClient,
        run: Run,
    ) -> Result<Option<(PastedRows, Records)>, Failure> {
        let mut records = Vec::new();
        let numbers: Vec<Option<Picked>> = match rows.matched {
            Matched::ByNumber => {
                let at = rows.targets.iter().position(|target| *target == Target::Number);
                let named = |row: &Vec<PastedCell>| {
                    let number = row.get(at?)?.text.trim();
                    (!number.is_empty()).then(|| Picked { key: number.into(), version: "".into() })
                };
                rows.rows.iter().map(named).collect()
            }
            Matched::ByPlace => {
                let Some(numbers) = self.list.numbers(rows.rows.len(), client, run).await? else {
                    return Ok(None);
                };
                numbers
            }
        };
        for (at, picked) in numbers.into_iter().enumerate() {
            let Some(picked) = picked else {
                rows.without_event += 1;
                continue;
            };
            match rows.rows_of.get_mut(&picked.key) {
                Some(row) => *row = usize::MAX,
                None => {
                    rows.rows_of.insert(Arc::clone(&picked.key), at);
                    records.push(picked);
                }
            }
        }
        Ok(Some((rows, records.into_iter().collect())))
    }
}

/// The most that the vendor's servers give at once.
const PAGE: usize = 499;

impl PastedList {
    /// The events of so many rows from the first one on. What lies behind the end of the list has none.
    async fn numbers(
        &self,
        rows: usize,
        client: RestClient,
        run: Run,
    ) -> Result<Option<Vec<Option<Picked>>>, Failure> {
        let mut numbers = self.here.clone();
        numbers.resize(rows, None);
        while let Some(at) = numbers.iter().position(Option::is_none) {
            let missing = numbers[at..].iter().take_while(|number| number.is_none()).count();
            let query = EventPageQuery {
                batch: self.batch.as_deref(),
                q: &self.q,
                order_by: &self.order_by,
                shape: "fields=EventNumber&onlyData=true",
                offset: self.place + at,
                limit: missing.min(PAGE),
            };
            let page = client.event_page(&query).await?;
            if !run.is_current() {
                return Ok(None);
            }
            let came = page.items.len().min(missing);
            for (number, event) in numbers[at..].iter_mut().zip(&page.items) {
                let key = event.key().unwrap_or_default();
                *number = Some(Picked { key: key.into(), version: "".into() });
            }
            if came == 0 {
                break;
            }
        }
        // What came without a number is no event that can be changed.
        Ok(Some(numbers.into_iter().map(|picked| picked.filter(|picked| !picked.key.is_empty())).collect()))
    }
}

impl PastedRows {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Titles of the fields that the cells are meant for.
    pub fn fields(&self) -> Vec<&'static str> {
        self.targets.iter().filter_map(Target::field).map(|field| field.title).collect()
    }

    /// Titles of columns that nothing is written to, though something stands in them.
    pub fn left_out(&self) -> Vec<&str> {
        let is_filled =
            |at: usize| self.rows.iter().any(|row| row.get(at).is_some_and(|cell| !is_blank(cell)));
        let mut titles = Vec::new();
        for (at, target) in self.targets.iter().enumerate() {
            match target {
                Target::LeftOut(title)
                    if title != REASON && is_filled(at) && !titles.contains(&title.as_str()) =>
                {
                    titles.push(title.as_str());
                }
                _ => (),
            }
        }
        titles
    }

    /// How many cells for a field are blank.
    pub fn blanks(&self) -> usize {
        let cells = self.rows.iter().flat_map(|row| row.iter().zip(&self.targets));
        cells.filter(|(cell, target)| is_blank(cell) && target.field().is_some()).count()
    }

    fn row_of(&self, number: &str) -> Option<&Vec<PastedCell>> {
        self.rows.get(*self.rows_of.get(number)?)
    }

    /// What an event's row makes of it. A row of which one cell cannot be read changes nothing.
    ///
    /// # Errors
    /// Which cell it is, and why.
    pub fn changes(
        &self,
        event: &Record,
        clears: bool,
        tables: &LookupTables,
    ) -> Result<Vec<(&'static Field, Change)>, String> {
        let number = event.key().unwrap_or_default();
        let row = self.row_of(&number).ok_or("More than one pasted row is for this event.")?;
        let batch = event.text("BatchNumber");
        if let (Some(meant), Some(batch)) = (self.batch.as_deref(), batch)
            && meant != batch
        {
            return Err(format!("The event is in batch {batch}."));
        }
        let mut changes = Vec::new();
        for (cell, target) in row.iter().zip(&self.targets) {
            let Some(field) = target.field() else { continue };
            if !is_blank(cell) {
                let present = event.get(field.name);
                // A copied row says of a code what it means, also of one that nobody may set.
                if !present.is_some_and(|present| is_meant(field, present, cell.text.trim(), tables)) {
                    changes.push((field, Change::SetTo(value_of(field, cell, tables)?)));
                }
            } else if clears {
                changes.push((field, Change::SetTo(Value::Null)));
            }
        }
        Ok(changes)
    }

    /// Rows by the numbers of their events, each with the reason why it changed nothing, as a file to correct and
    /// to paste again.
    pub fn file(&self, left_out: impl Iterator<Item = (String, String)>) -> String {
        let mut text = String::from(BYTE_ORDER_MARK);
        let fields = self.targets.iter().filter_map(Target::field).map(|field| field.name);
        let head: Vec<_> = [NUMBER].into_iter().chain(fields).chain([REASON]).map(CsvField::Text).collect();
        push_csv_line(&mut text, &head);
        for (number, reason) in left_out {
            let cells = self.row_of(&number).into_iter().flatten().zip(&self.targets);
            let cells = cells.filter(|(_, target)| target.field().is_some());
            let cells = cells.map(|(cell, _)| match &cell.number {
                Some(digits) => CsvField::Number(digits),
                None => CsvField::Text(&cell.text),
            });
            let line = [CsvField::Text(&number)].into_iter().chain(cells).chain([CsvField::Text(&reason)]);
            push_csv_line(&mut text, &line.collect::<Vec<_>>());
        }
        text
    }
}

fn is(cell: &PastedCell, name: &str) -> bool {
    cell.text.trim().eq_ignore_ascii_case(name)
}

fn target(name: &str, title: &str) -> Target {
    if name == NUMBER {
        return Target::Number;
    }
    match EVENT.field(name).filter(|field| is_correctable(field)) {
        Some(field) => Target::Field(field),
        None => Target::LeftOut(title.to_owned()),
    }
}

fn beyond() -> Target {
    Target::LeftOut("beyond the last column".to_owned())
}

fn is_blank(cell: &PastedCell) -> bool {
    cell.text.trim().is_empty()
}

/// Whether a text is the code that stands there, or its meaning.
fn is_meant(field: &Field, present: &Value, text: &str, tables: &LookupTables) -> bool {
    let (Some(list), Some(code)) = (field.lookup, present.as_text()) else { return false };
    code == text || tables.meaning(list, code) == text
}

/// A number that the spreadsheet told as such is not in doubt; other text is read as the reader writes. A code
/// may stand there by its meaning, as the list shows it.
fn value_of(field: &'static Field, cell: &PastedCell, tables: &LookupTables) -> Result<Value, String> {
    let takes_number = matches!(field.kind, Kind::Decimal | Kind::Int32);
    let typed = match &cell.number {
        Some(number) if takes_number => with_notation(|notation| notation.write_to_type(number)),
        _ => cell.text.trim().to_owned(),
    };
    let choices = choices(field, tables);
    let is_code = choices.iter().any(|choice| choice.code == typed);
    let mut meant = choices.iter().filter(|choice| choice.meaning == typed);
    match (meant.next(), meant.next()) {
        (Some(one), None) if !is_code => read_value(field, &one.code, tables),
        _ => read_value(field, &typed, tables),
    }
}
