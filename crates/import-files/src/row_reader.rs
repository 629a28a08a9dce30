//! The rows of a file, one after another, as events or as refused.

use rest_contract::oracle::{CHARGE, EVENT};
use rest_contract::{Field, NumberProblem, Record, Value, read_decimal};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::cell::{Cell, Row};
use crate::date_form::DateForm;
use crate::event_field::EventField;
use crate::event_number::RowNumbers;
use crate::event_row::{EventRow, RefusedRow, is_currency_code};
use crate::failed_rows::{REASON_COLUMN, unguarded};
use crate::focus::{self, ColumnFault, FocusColumns, Holds, record};
use crate::mapping::{ColumnsMapping, EmptyCells, Mapping};
use crate::moment::{self, ClockReading};
use crate::named_amounts::named_amounts;
use crate::number_form::{NumberForm, is_nothing};
use crate::unit_code::unit_code;

/// Reads the rows of one file by its mapping. It remembers the numbers that it gave and saw.
pub struct RowReader {
    columns: Columns,
    width: usize,
    numbers: RowNumbers,
    seen: BTreeSet<String>,
    clock: Box<ClockReading>,
}

#[derive(Debug)]
enum Columns {
    Focus(FocusColumns),
    Mapped(ColumnsMapping),
}

impl RowReader {
    /// # Errors
    /// The mapping says that the file is a cost file, and its header does not.
    pub fn new(mapping: &Mapping, headers: &[String]) -> Result<Self, ColumnFault> {
        let columns = match mapping {
            Mapping::Focus => Columns::Focus(FocusColumns::of(headers.iter().map(String::as_str))?),
            Mapping::Columns(mapping) => Columns::Mapped(mapping.clone()),
        };
        let clock: Box<ClockReading> = Box::new(|clock| Ok(clock.and_utc()));
        Ok(Self {
            columns,
            width: headers.len(),
            numbers: RowNumbers::default(),
            seen: BTreeSet::new(),
            clock,
        })
    }

    /// Has times that name no offset read by a zone's clock; UTC without it. A cost file's are UTC by its specification,
    /// and so are those of a column whose name says it.
    #[must_use]
    pub fn with_clock(self, clock: Box<ClockReading>) -> Self {
        Self { clock, ..self }
    }

    /// Reads the next row. `knows` tells whether a currency is active.
    ///
    /// # Errors
    /// The reason why the row cannot be an event, with its amount.
    pub fn read(&mut self, row: &Row, knows: impl Fn(&str) -> bool) -> Result<EventRow, RefusedRow> {
        if row.cells.get(self.width..).is_some_and(|more| more.iter().any(|cell| !cell.is_empty()))
            || row.cells.len() < self.width
        {
            // Which cell is the amount nobody can tell.
            let reason = format!("the row has {} cells, the header has {}", row.cells.len(), self.width);
            let number = self.raw_number(row);
            return Err(RefusedRow { reason, number, currency: String::new(), billed: None });
        }
        let read = match &self.columns {
            Columns::Focus(columns) => read_focus(columns, row, &mut self.numbers, knows),
            Columns::Mapped(mapping) => {
                let cells = MappedCells { mapping, row, clock: &*self.clock };
                let number = cells.number(&mut self.numbers);
                let read = number.clone().and_then(|number| cells.read(number, knows));
                read.map_err(|reason| cells.refused(number.ok(), reason))
            }
        }?;
        // A row that can be no event leaves its number to one that can.
        let is_taken = match read.lacks {
            None => !self.seen.insert(read.number.clone()),
            Some(_) => self.seen.contains(&read.number),
        };
        if is_taken {
            let reason = format!("the event {:?} stands in the file already", read.number);
            return Err(read.refused(reason));
        }
        Ok(read)
    }
}

impl RowReader {
    /// The number of a row of which nobody can tell which cell is which, from all its cells: so that it is a row of its
    /// own when it comes back corrected, and not the first one that says the same. Nothing where the file has numbers.
    fn raw_number(&mut self, row: &Row) -> Option<String> {
        let (prefix, has_numbers) = match &self.columns {
            Columns::Focus(columns) => ("FOCUS", columns.has_numbers()),
            Columns::Mapped(mapping) => ("ROW", mapping.has_numbers()),
        };
        let cells: Vec<Cow<'_, str>> = row.cells.iter().map(Cell::identity).collect();
        (!has_numbers).then(|| self.numbers.next(prefix, cells.iter().map(|text| ("", &**text))))
    }
}

fn read_focus(
    columns: &FocusColumns,
    row: &Row,
    numbers: &mut RowNumbers,
    knows: impl Fn(&str) -> bool,
) -> Result<EventRow, RefusedRow> {
    let mut fault = None;
    let texts: Vec<Cow<'_, str>> = row
        .cells
        .iter()
        .enumerate()
        .map(|(place, cell)| {
            let Some((name, holds)) = columns.used_at(place) else { return cell.identity() };
            let as_it_is = |text| Ok(Cow::Borrowed(text));
            let read = match holds {
                Holds::Text => cell.text(),
                Holds::Number => cell.amount(as_it_is),
                Holds::Moment => cell.moment(as_it_is),
            };
            read.unwrap_or_else(|reason| {
                fault.get_or_insert(format!("{name} {reason}"));
                Cow::Borrowed("")
            })
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
    match fault {
        Some(reason) => {
            let number = focus::number_of(columns, &texts, numbers);
            Err(focus::refused(columns, &texts, number.0, reason))
        }
        None => focus::read_row(columns, &texts, numbers, knows),
    }
}

/// The cells of a row, by the fields that they are.
struct MappedCells<'a> {
    mapping: &'a ColumnsMapping,
    row: &'a Row,
    clock: &'a ClockReading,
}

impl<'a> MappedCells<'a> {
    /// The text of a field in machine notation; nothing where it has no column. An empty cell is an empty text,
    /// unless a constant stands in for it.
    fn text(&self, field: EventField) -> Result<Option<Cow<'a, str>>, String> {
        let constant = || self.mapping.constant(field).map(Cow::Borrowed);
        let Some(place) = self.mapping.place(field) else { return Ok(constant()) };
        let (Some(column), Some(cell)) = (self.mapping.columns.get(place), self.row.cells.get(place)) else {
            return Ok(constant());
        };
        let named = |reason: String| format!("{} {reason}", column.header);
        let text = match field.holds() {
            Holds::Text => cell.text().map(|text| match text {
                Cow::Borrowed(text) if !self.has_reasons() => Cow::Borrowed(unguarded(text.trim()).trim()),
                Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                text @ Cow::Owned(_) => text,
            }),
            Holds::Number => {
                let form = column.number.unwrap_or(NumberForm::Point);
                cell.amount(|text| form.read_cell(unguarded(text)))
            }
            Holds::Moment => {
                let form = column.date.unwrap_or(DateForm::DayFirst);
                cell.moment(|text| form.read_cell(unguarded(text)))
            }
        };
        let text = text.map_err(named)?;
        if text.contains('\0') {
            return Err(named("holds a zero character, which no database text can".to_owned()));
        }
        if is_nothing(&text) { Ok(constant().or(Some(Cow::Borrowed("")))) } else { Ok(Some(text)) }
    }

    fn has_reasons(&self) -> bool {
        self.mapping.columns.iter().any(|column| column.header == REASON_COLUMN)
    }

    /// The same, with an empty cell as nothing.
    fn filled(&self, field: EventField) -> Result<Option<Cow<'a, str>>, String> {
        Ok(self.text(field)?.filter(|text| !text.is_empty()))
    }

    /// What the file calls a field.
    fn name(&self, field: EventField) -> &'a str {
        let column = self.mapping.place(field).and_then(|place| self.mapping.columns.get(place));
        column.map_or(field.title(), |column| column.header.as_str())
    }

    /// The value of a field, and whether an empty cell is to empty it; nothing where it is not to be touched.
    fn value(&self, field: EventField) -> Result<Option<Value>, String> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        if text.is_empty() {
            return Ok((self.mapping.empty_cells == EmptyCells::Empty).then_some(Value::Null));
        }
        let place = match field.in_charge() {
            Some(name) => CHARGE.field(name),
            None => EVENT.field(field.in_event()),
        };
        let Some(place) = place else { return Ok(None) };
        self.read_text(field, place, &text).map(Some)
    }

    fn read_text(&self, field: EventField, place: &Field, text: &str) -> Result<Value, String> {
        let told = |reason: &dyn std::fmt::Display| format!("{} {text:?} {reason}", self.name(field));
        match field {
            EventField::Start | EventField::End => {
                let in_utc = moment::names_utc(self.name(field));
                let read = if in_utc { moment::read(text) } else { moment::read_by(text, self.clock) };
                read.map(Value::DateTime).map_err(|reason| told(&reason))
            }
            EventField::Unit => {
                let code = unit_code(text).unwrap_or(text);
                place.read_text(code).map_err(|_| format!("there is no unit code for the unit {text:?}"))
            }
            _ => place.read_text(text).map_err(|reason| told(&reason)),
        }
    }

    /// The number of the row. Every row takes its own, refused ones too: else a corrected row would have another
    /// one's.
    fn number(&self, numbers: &mut RowNumbers) -> Result<String, String> {
        match self.value(EventField::EventNumber)? {
            Some(Value::Text(number)) => Ok(number),
            _ => Ok(numbers.next("ROW", self.identity().iter().map(|(name, text)| (*name, &**text)))),
        }
    }

    fn read(&self, number: String, knows: impl Fn(&str) -> bool) -> Result<EventRow, String> {
        let currency = self.filled(EventField::Currency)?.unwrap_or_default().into_owned();
        let amounts = self.amounts(&currency)?;
        let lacks = self.lacks(&amounts, &currency, knows)?;
        let (event, charge, emptied) = self.records(&number, &amounts)?;
        let lacks = lacks.or_else(|| {
            let [start, end] = ["EventStartTime", "EventEndTime"].map(|name| moment_of(&event, name));
            let is_turned = matches!((start, end), (Some(start), Some(end)) if end < start);
            let [start, end] = [EventField::Start, EventField::End].map(|field| self.name(field));
            is_turned.then(|| format!("{end} lies before {start}"))
        });
        let mut event = event;
        if let Some(charge) = charge
            && !event.set_children("usageCharges", vec![charge])
        {
            return Err("an event has no charges".to_owned());
        }
        Ok(EventRow { number, event, currency, amounts, lacks, emptied, notes: Vec::new() })
    }

    /// What the row says is billed, per currency; nothing where it says nothing.
    fn amounts(&self, currency: &str) -> Result<BTreeMap<String, Decimal>, String> {
        let place = self.mapping.place(EventField::Amount);
        if let Some(Cell::Text(text)) = place.and_then(|place| self.row.cells.get(place))
            && let Some(named) = named_amounts(unguarded(text.trim()))
        {
            return Ok(named);
        }
        let amount = self.value(EventField::Amount)?;
        let amount = amount.and_then(|amount| amount.as_decimal());
        Ok(amount.into_iter().map(|amount| (currency.to_owned(), amount)).collect())
    }

    /// Why the row cannot become an event that is not there yet, if so.
    fn lacks(
        &self,
        amounts: &BTreeMap<String, Decimal>,
        currency: &str,
        knows: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, String> {
        let has_amount = self.mapping.place(EventField::Amount).is_some();
        let is_empty = |field: EventField| Ok::<_, String>(self.filled(field)?.is_none());
        let empty = |field: EventField| Ok(Some(format!("{} is empty", self.name(field))));
        if is_empty(EventField::Start)? {
            return empty(EventField::Start);
        }
        if is_empty(EventField::Product)? && is_empty(EventField::Service)? {
            let mut fields = [EventField::Product, EventField::Service].into_iter();
            let mapped = fields.find(|field| self.mapping.place(*field).is_some());
            return empty(mapped.unwrap_or(EventField::Product));
        }
        let told = |reason: &str| Ok(Some(reason.to_owned()));
        match (is_empty(EventField::Quantity)?, is_empty(EventField::Unit)?) {
            (true, _) if !has_amount => return told("there is no quantity"),
            (false, true) => return told("there is a quantity and no unit"),
            _ => {}
        }
        if has_amount && amounts.is_empty() {
            return empty(EventField::Amount);
        }
        if has_amount && currency.is_empty() {
            return empty(EventField::Currency);
        }
        let named = || format!("{} {currency:?}", self.name(EventField::Currency));
        if !currency.is_empty() && !is_currency_code(currency) {
            return Ok(Some(format!("{} is no code of three capital letters", named())));
        }
        if !currency.is_empty() && !knows(currency) {
            return Ok(Some(format!("{} is not an active currency", named())));
        }
        if amounts.keys().any(|one| one != currency) {
            return told("an event that is not there yet has one amount, in its own currency");
        }
        Ok(None)
    }

    /// The event and its charge, and how many fields an empty cell empties.
    fn records(
        &self,
        number: &str,
        amounts: &BTreeMap<String, Decimal>,
    ) -> Result<(Record, Option<Record>, u32), String> {
        let has_amount = self.mapping.place(EventField::Amount).is_some();
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let [quantity, unit] = [self.value(EventField::Quantity)?, self.value(EventField::Unit)?];
        let event = record(
            &EVENT,
            [
                ("CurrencyCode", self.value(EventField::Currency)?),
                ("EventEndTime", self.value(EventField::End)?),
                ("EventNumber", text(number)),
                ("EventRatingType", text(if has_amount { "ORA_PRE_RATED" } else { "ORA_TO_BE_RATED" })),
                ("EventStartTime", self.value(EventField::Start)?),
                ("EventTimeZone", text("UTC")),
                ("EventType", self.value(EventField::EventType)?),
                ("ReportedUsageQuantity", quantity.clone()),
                ("ReportedUsageUnitOfMeasure", unit.clone()),
                ("ServiceId", self.value(EventField::Service)?),
                ("SubscriptionProductPuid", self.value(EventField::Product)?),
                ("UsageQuantity", quantity.clone()),
                ("UsageUnitOfMeasure", unit.clone()),
            ],
        )?;
        let charge = match amounts.iter().next().filter(|_| amounts.len() == 1) {
            Some((charged_in, amount)) => Some(record(
                &CHARGE,
                [
                    ("BilledAmount", Some(Value::Decimal(*amount))),
                    ("ChargeCurrency", text(charged_in).filter(|_| !charged_in.is_empty())),
                    ("ChargeDefinition", self.value(EventField::ChargeCategory)?),
                    ("ChargeName", self.value(EventField::ChargeName)?),
                    ("ExtendedAmount", self.value(EventField::ListAmount)?),
                    ("PricedQuantity", quantity),
                    ("PricedQuantityUnitOfMeasure", unit),
                ],
            )?),
            None => None,
        };
        let mut emptied = 0;
        // No empty cell takes an amount away.
        let may_be_emptied =
            |field: &EventField| !matches!(field, EventField::EventNumber | EventField::Amount);
        for field in EventField::ALL.into_iter().filter(may_be_emptied) {
            emptied += u32::from(self.value(field)? == Some(Value::Null));
        }
        Ok((event, charge, emptied))
    }

    /// The cells that identify the row, in the order of their columns' names. Read where they are a field, by the
    /// notation of its column.
    fn identity(&self) -> Vec<(&'a str, Cow<'a, str>)> {
        let columns = self.mapping.columns.iter().zip(&self.row.cells);
        let mut cells: Vec<_> = columns
            .filter(|(column, _)| column.identifies)
            .map(|(column, cell)| {
                let read = column.field.and_then(|field| self.text(field).ok().flatten());
                (column.header.trim(), read.unwrap_or_else(|| cell.identity()))
            })
            .filter(|(_, text)| !is_nothing(text))
            .collect();
        cells.sort();
        cells
    }

    fn refused(&self, number: Option<String>, reason: String) -> RefusedRow {
        let currency = self.filled(EventField::Currency).ok().flatten();
        let billed = self.filled(EventField::Amount).ok().flatten();
        let is_number = |digits: &Cow<'_, str>| read_decimal(digits) != Err(NumberProblem::NotANumber);
        RefusedRow {
            reason,
            number,
            currency: currency.unwrap_or_default().into_owned(),
            billed: billed.filter(is_number).map(Cow::into_owned),
        }
    }
}

fn moment_of(event: &Record, name: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    event.get(name)?.as_date_time()
}

/// The headers of a file: the texts of its first row.
pub fn headers_of(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell: &Cell| cell.shown().trim().to_owned()).collect()
}
