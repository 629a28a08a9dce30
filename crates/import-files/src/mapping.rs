//! What the columns of a file are, as a value that can be kept and used for the next file of its kind.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::cell::{Cell, Row};
use crate::date_form::DateForm;
use crate::event_field::EventField;
use crate::event_number::is_measure;
use crate::evidence::{Evidence, Form as _};
use crate::failed_rows::{NUMBER_COLUMN, REASON_COLUMN, unguarded};
use crate::focus::{ColumnFault, FocusColumns, Holds};
use crate::moment;
use crate::number_form::NumberForm;

/// The columns of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mapping {
    /// A cost file of the FinOps Foundation, whose columns are known.
    Focus,
    Columns(ColumnsMapping),
}

/// The columns of any other file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnsMapping {
    pub columns: Vec<MappedColumn>,
    /// Values that every event gets for which the file has no column or no value.
    pub constants: Vec<(EventField, String)>,
    pub empty_cells: EmptyCells,
    /// The zone by whose clock times are that name no offset; nothing until a person has said it. Who reads the rows
    /// knows zones ([`crate::RowReader::with_clock`]).
    #[serde(default)]
    pub zone: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MappedColumn {
    pub header: String,
    /// Nothing for a column that fills no field.
    pub field: Option<EventField>,
    /// The notation of its numbers; nothing until it is found or said.
    pub number: Option<NumberForm>,
    /// The order of its dates; nothing until it is found or said.
    pub date: Option<DateForm>,
    /// Where the notation or the order comes from.
    pub form_from: FormFrom,
    /// Whether the column tells rows apart that have no number of their own ([`crate::event_number`]).
    pub identifies: bool,
}

/// Where a column's notation comes from, and so how far it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormFrom {
    /// It was found from this file's cells, and says nothing of another file's.
    #[default]
    Cells,
    /// A person has chosen it for this file.
    Person,
    /// A person chose it for an earlier file: it answers where this file's cells leave a doubt, and is asked again
    /// where they speak for another one.
    EarlierFile,
}

impl MappedColumn {
    /// A column that fills no field.
    fn new(header: &str) -> Self {
        let mut column = Self {
            header: header.to_owned(),
            field: None,
            number: None,
            date: None,
            form_from: FormFrom::Cells,
            identifies: false,
        };
        column.set_field(None);
        column
    }

    /// Takes the notation of numbers that a person has chosen; nothing to have it found.
    pub fn choose_number(&mut self, form: Option<NumberForm>) {
        self.number = form;
        self.form_from = if form.is_some() { FormFrom::Person } else { FormFrom::Cells };
    }

    /// Takes the order of dates that a person has chosen; nothing to have it found.
    pub fn choose_date(&mut self, form: Option<DateForm>) {
        self.date = form;
        self.form_from = if form.is_some() { FormFrom::Person } else { FormFrom::Cells };
    }

    /// The column for another file: what was found in this one's cells is no part of it.
    fn for_another_file(&self) -> Self {
        let mut column = self.clone();
        if column.form_from == FormFrom::Cells {
            (column.number, column.date) = (None, None);
        } else {
            column.form_from = FormFrom::EarlierFile;
        }
        column
    }

    /// Makes it a field's column, or none's. In which notation it is written has to be found anew.
    pub fn set_field(&mut self, field: Option<EventField>) {
        self.field = field;
        self.number = None;
        self.date = None;
        self.form_from = FormFrom::Cells;
        self.identifies = match field {
            Some(field) => field.holds() != Holds::Number && field != EventField::EventNumber,
            None => !self.header.is_empty() && !is_measure(&self.header) && self.header != REASON_COLUMN,
        };
    }
}

/// What an empty cell does to a field of an event that is there already. A column that is missing leaves it in any
/// case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmptyCells {
    #[default]
    Leave,
    /// It empties the field.
    Empty,
}

/// What a person has to say before a row can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// In which notation a column writes its numbers. `example` is a cell that is another number in each; without one
    /// there are cells of both notations, so many of each.
    Notation { column: String, example: Option<String>, point: u64, comma: u64 },
    /// In which order a column writes its dates; as above.
    DateOrder { column: String, example: Option<String>, day_first: u64, month_first: u64 },
    /// A field that every event needs has no column.
    Missing(EventField),
    /// Two columns for one field.
    Doubled { field: EventField, columns: Vec<String> },
}

impl fmt::Display for Question {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notation { column, example: Some(example), .. } => {
                let point = NumberForm::Point.read(example).unwrap_or_default();
                let comma = NumberForm::Comma.read(example).unwrap_or_default();
                write!(out, "the column {column:?} can be read in two ways: is {example} {point} or {comma}?")
            }
            Self::Notation { column, point, comma, .. } => write!(
                out,
                "the column {column:?}: {point} cells fit only 1,234.50, {comma} only 1.234,50; which is right?"
            ),
            Self::DateOrder { column, example: Some(example), .. } => {
                let day = DateForm::DayFirst.read(example).unwrap_or_default();
                let month = DateForm::MonthFirst.read(example).unwrap_or_default();
                write!(out, "the column {column:?} can be read in two ways: is {example} {day} or {month}?")
            }
            Self::DateOrder { column, day_first, month_first, .. } => write!(
                out,
                "the column {column:?}: {day_first} cells are dates only with the day first, {month_first} only with the \
                 month first; which is right?"
            ),
            Self::Missing(field) => write!(out, "which column is {}?", field.title()),
            Self::Doubled { field, columns } => {
                write!(out, "which column is {}: {}?", field.title(), columns.join(" or "))
            }
        }
    }
}

impl Mapping {
    /// The mapping that a header suggests. Notations and orders are found from the cells ([`Survey`]).
    ///
    /// # Errors
    /// The header is that of a cost file in which a column stands twice.
    pub fn guess(headers: &[String]) -> Result<Self, ColumnFault> {
        match FocusColumns::of(headers.iter().map(String::as_str)) {
            Ok(_) => return Ok(Self::Focus),
            Err(fault @ ColumnFault::Doubled { .. }) if is_focus(headers) => return Err(fault),
            Err(_) => {}
        }
        let mut columns: Vec<MappedColumn> =
            headers.iter().map(|header| MappedColumn::new(header.trim())).collect();
        for field in EventField::ALL {
            let is_free = |place: usize| columns.get(place).is_some_and(|column| column.field.is_none());
            let Some(name) = field.guess(headers, is_free).and_then(|place| headers.get(place)) else {
                continue;
            };
            // Which of several columns of one name is meant, a person has to say.
            let of_one_name = columns.iter_mut().filter(|column| column.header == name.trim());
            of_one_name.for_each(|column| column.set_field(Some(field)));
        }
        Ok(Self::Columns(ColumnsMapping {
            columns,
            constants: vec![(EventField::EventType, "ORA_CLOUD_COMPUTE".to_owned())],
            empty_cells: EmptyCells::Leave,
            zone: None,
        }))
    }

    /// Whether the file numbers its rows itself.
    pub fn has_numbers(&self, headers: &[String]) -> bool {
        match self {
            Self::Focus => headers.iter().any(|header| header.trim() == "Id"),
            Self::Columns(columns) => columns.has_numbers(),
        }
    }

    /// A mapping that was kept, laid on the columns of another file by their names, in whatever order; nothing for a
    /// file with other columns. What was said of notations answers what is in doubt ([`FormFrom::EarlierFile`]); what
    /// was only found is found anew.
    pub fn of_kept(kept: &Self, headers: &[String]) -> Option<Self> {
        let Self::Columns(kept) = kept else {
            return matches!(Self::guess(headers), Ok(Self::Focus)).then_some(Self::Focus);
        };
        // Of several columns of one name each is the one at its turn.
        let mut left: Vec<&MappedColumn> = kept.columns.iter().collect();
        let is_corrected = headers.iter().any(|header| header.trim() == REASON_COLUMN);
        let column = |header: &String| {
            let header = header.trim();
            if let Some(at) = left.iter().position(|known| known.header == header) {
                return Some(left.remove(at).for_another_file());
            }
            // The rows that failed come back with two more columns, which this console has written.
            let field = match header {
                REASON_COLUMN => None,
                NUMBER_COLUMN if is_corrected && !kept.has_numbers() => Some(EventField::EventNumber),
                _ => return None,
            };
            let mut column = MappedColumn::new(header);
            column.set_field(field);
            Some(column)
        };
        let columns: Vec<MappedColumn> = headers.iter().map(column).collect::<Option<_>>()?;
        let is_same = left.iter().all(|known| known.header == REASON_COLUMN);
        is_same.then(|| Self::Columns(ColumnsMapping { columns, ..kept.clone() }))
    }
}

/// Whether a header has what only cost files have.
fn is_focus(headers: &[String]) -> bool {
    ["BilledCost", "ChargePeriodStart"].iter().all(|name| headers.iter().any(|header| header.trim() == *name))
}

impl ColumnsMapping {
    /// Takes a value for every row that has none of its own; a blank one takes it back.
    pub fn set_constant(&mut self, field: EventField, text: &str) {
        self.constants.retain(|(one, _)| *one != field);
        let text = text.trim();
        if !text.is_empty() {
            self.constants.push((field, text.to_owned()));
        }
    }

    /// Whether the file numbers its rows itself.
    pub fn has_numbers(&self) -> bool {
        self.place(EventField::EventNumber).is_some()
    }

    /// The place of a field's column.
    pub(crate) fn place(&self, field: EventField) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    pub(crate) fn constant(&self, field: EventField) -> Option<&str> {
        self.constants.iter().find(|(one, _)| *one == field).map(|(_, text)| text.as_str())
    }

    fn has(&self, field: EventField) -> bool {
        self.place(field).is_some() || self.constant(field).is_some()
    }

    /// Whether no other column has its name.
    fn is_alone(&self, column: &MappedColumn) -> bool {
        self.columns.iter().filter(|other| other.header == column.header).count() == 1
    }

    /// What cannot be read by the columns alone.
    fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::new();
        for field in EventField::ALL {
            let columns: Vec<String> = self
                .columns
                .iter()
                .zip(1..)
                .filter(|(column, _)| column.field == Some(field))
                .map(|(column, place): (_, usize)| match self.is_alone(column) {
                    true => column.header.clone(),
                    false => format!("{} (column {place})", column.header),
                })
                .collect();
            if columns.len() > 1 {
                questions.push(Question::Doubled { field, columns });
            }
        }
        let missing = |fields: &[EventField]| {
            let is_there = fields.iter().any(|field| self.has(*field));
            fields.first().filter(|_| !is_there).map(|field| Question::Missing(*field))
        };
        questions.extend(missing(&[EventField::Start]));
        questions.extend(missing(&[EventField::Product, EventField::Service]));
        questions.extend(missing(&[EventField::Quantity, EventField::Amount]));
        if self.has(EventField::Quantity) {
            questions.extend(missing(&[EventField::Unit]));
        }
        if self.has(EventField::Amount) {
            questions.extend(missing(&[EventField::Currency]));
        }
        questions
    }
}

/// What all cells of a file say of the notations of its columns. It has to see every row before one is read: a late
/// cell may disprove what the first ones suggest.
#[derive(Clone, Debug)]
pub struct Survey {
    columns: Vec<ColumnEvidence>,
    of_a_clock: Option<String>,
}

#[derive(Clone, Debug)]
enum ColumnEvidence {
    None,
    Numbers(Evidence<NumberForm>),
    /// And whether a time in it may be of any zone.
    Dates(Evidence<DateForm>, bool),
}

impl Survey {
    pub fn of(mapping: &Mapping) -> Self {
        let Mapping::Columns(mapping) = mapping else {
            return Self { columns: Vec::new(), of_a_clock: None };
        };
        let evidence = |column: &MappedColumn| match column.field.map(EventField::holds) {
            Some(Holds::Number) => ColumnEvidence::Numbers(Evidence::new()),
            Some(Holds::Moment) => ColumnEvidence::Dates(Evidence::new(), !moment::names_utc(&column.header)),
            Some(Holds::Text) | None => ColumnEvidence::None,
        };
        Self { columns: mapping.columns.iter().map(evidence).collect(), of_a_clock: None }
    }

    /// Takes a row in. Of a sheet only texts count: its numbers and dates have no notation.
    pub fn add(&mut self, row: &Row) {
        for (evidence, cell) in self.columns.iter_mut().zip(&row.cells) {
            let text = match (cell, &*evidence) {
                (Cell::Text(text), _) => unguarded(text),
                (Cell::Moment(_), ColumnEvidence::Dates(_, true)) if self.of_a_clock.is_none() => {
                    self.of_a_clock = Some(cell.shown().into_owned());
                    continue;
                }
                _ => continue,
            };
            match evidence {
                ColumnEvidence::None => {}
                ColumnEvidence::Numbers(numbers) => numbers.add(text),
                ColumnEvidence::Dates(dates, is_of_any_zone) => {
                    dates.add(text);
                    if *is_of_any_zone && self.of_a_clock.is_none() {
                        let read = DateForm::BOTH.into_iter().find_map(|form| form.read(text));
                        self.of_a_clock =
                            read.filter(|at| moment::is_of_a_clock(at)).map(|_| text.to_owned());
                    }
                }
            }
        }
    }

    /// The first time that names no offset: in which zone it is, nobody can tell by the file.
    pub fn time_of_a_clock(&self) -> Option<&str> {
        self.of_a_clock.as_deref()
    }

    /// Puts what was found into the mapping, where no person has said it of this file, and tells what has to be asked.
    pub fn settle(&self, mapping: &mut Mapping) -> Vec<Question> {
        let Mapping::Columns(mapping) = mapping else { return Vec::new() };
        let mut questions = mapping.questions();
        for (column, evidence) in mapping.columns.iter_mut().zip(&self.columns) {
            let header = || column.header.clone();
            match evidence {
                ColumnEvidence::Numbers(found) => {
                    let (form, is_sure) = found.found();
                    column.number = settled(column.form_from, column.number, form, is_sure);
                    if column.number.is_none() {
                        questions.push(Question::Notation {
                            column: header(),
                            example: found.example(),
                            point: found.only_first,
                            comma: found.only_second,
                        });
                    }
                }
                ColumnEvidence::Dates(found, _) => {
                    let (form, is_sure) = found.found();
                    column.date = settled(column.form_from, column.date, form, is_sure);
                    if column.date.is_none() {
                        questions.push(Question::DateOrder {
                            column: header(),
                            example: found.example(),
                            day_first: found.only_first,
                            month_first: found.only_second,
                        });
                    }
                }
                ColumnEvidence::None => {}
            }
        }
        questions
    }
}

/// The form of a column; nothing where a person has to say it. `said` is what was said before, `found` what this file's
/// cells say, and `is_sure` whether there are cells that fit no other form.
fn settled<Form: Copy + PartialEq>(
    from: FormFrom,
    said: Option<Form>,
    found: Option<Form>,
    is_sure: bool,
) -> Option<Form> {
    match from {
        FormFrom::Cells => found,
        FormFrom::Person => said.or(found),
        FormFrom::EarlierFile if is_sure => said.filter(|form| found == Some(*form)),
        FormFrom::EarlierFile => said,
    }
}
