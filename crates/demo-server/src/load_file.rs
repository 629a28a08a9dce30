//! Loads a file of usage into a new batch: a cost file (FinOps Foundation, "FOCUS Specification", 1.0 to 1.3), or any
//! CSV file or workbook whose columns are known by their names. Every row is either loaded, to the last digit, or
//! refused with its line and the reason; a file that is not well-formed, or of which something has to be said first,
//! is refused as a whole, and then nothing of it is in the database.
//!
//! Not here: how a file is read and what a row means (`import_files`).

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chrono::Utc;
use import_files::focus::ColumnFault;
use import_files::{
    DateForm, EventRow, FailedRows, Mapping, Note, NumberForm, Question, RefusedRow, Row, RowReader, Said,
    Survey, Table, TableFault, Totals, WHOLE_TEXT, WHOLE_TEXT_TYPE,
};
use rest_contract::{Record, Value};

use crate::database::{BulkInsert, Database, Parameter, Transaction, query, query_scalar};
use crate::oracle::{FILES, Stamp, note_in_batch};

/// What the file does not tell by itself.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub said: Said,
    /// The notation of columns in which it is in doubt.
    pub numbers: Option<NumberForm>,
    /// The order of columns in which it is in doubt.
    pub dates: Option<DateForm>,
}

/// What became of a file.
#[derive(Debug)]
pub struct LoadReport {
    /// Nothing where every row was refused: then there is no batch either.
    pub batch_number: Option<String>,
    pub loaded: Totals,
    pub refused: Vec<RefusedLine>,
    /// What the refused rows come to: together with the loaded ones they are the file.
    pub refused_totals: Totals,
    pub empty_rows: u64,
    pub headers: Vec<String>,
    /// How the refused rows are written down.
    pub refused_file: FailedRows,
}

#[derive(Debug)]
pub struct RefusedLine {
    /// The line of the text on which the row begins, or the row of the sheet; counted from 1.
    pub line: u64,
    pub number: Option<String>,
    pub reason: String,
    pub row: Row,
}

/// Why a file was refused as a whole.
#[derive(Debug)]
pub enum LoadError {
    Open(std::io::Error),
    Table(TableFault),
    Columns(ColumnFault),
    /// What has to be said first.
    Asked(Vec<Question>),
    Database(sqlx::Error),
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open(reason) => write!(out, "the file cannot be read: {reason}"),
            Self::Table(fault) => {
                write!(out, "nothing was loaded, {fault}")?;
                match fault {
                    TableFault::NotEncoded(_) => {
                        out.write_str("; say --encoding windows-1252 where it is that")
                    }
                    TableFault::WhichSheet(_) => out.write_str(" Say --sheet NAME."),
                    TableFault::HiddenRows(_) => {
                        out.write_str(" Say --hidden-rows take or --hidden-rows leave-out.")
                    }
                    _ => Ok(()),
                }
            }
            Self::Columns(fault) => write!(out, "nothing was loaded, {fault}"),
            Self::Asked(questions) => {
                out.write_str("nothing was loaded, for something has to be said first")?;
                for question in questions {
                    write!(out, "\n{question}")?;
                    match question {
                        Question::Notation { .. } => {
                            out.write_str(" Say --decimal point or --decimal comma.")?;
                        }
                        Question::DateOrder { .. } => {
                            out.write_str(" Say --dates day-first or --dates month-first.")?;
                        }
                        Question::Missing(_) | Question::Doubled { .. } => {}
                    }
                }
                Ok(())
            }
            Self::Database(reason) => write!(out, "nothing was loaded, the database failed: {reason}"),
        }
    }
}

impl std::error::Error for LoadError {}

impl From<TableFault> for LoadError {
    fn from(fault: TableFault) -> Self {
        Self::Table(fault)
    }
}

impl From<sqlx::Error> for LoadError {
    fn from(reason: sqlx::Error) -> Self {
        Self::Database(reason)
    }
}

/// Loads the file in one transaction.
pub async fn load(database: &Database, path: &Path, answers: &Answers) -> Result<LoadReport, LoadError> {
    let bytes: Arc<[u8]> = tokio::fs::read(path).await.map_err(LoadError::Open)?.into();
    let table = Table::read(bytes, &answers.said)?;
    let mapping = mapping_of(&table, answers)?;
    let mut reader = RowReader::new(&mapping, &table.headers).map_err(LoadError::Columns)?;
    let mut transaction = database.begin_write().await?;
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut batch = BatchInMaking::begin(&mut transaction, file_name, mapping == Mapping::Focus).await?;
    let currencies = codes(&mut transaction, "SELECT currency_code FROM currencies").await?;
    let mut report = LoadReport {
        batch_number: None,
        loaded: Totals::default(),
        refused: Vec::new(),
        refused_totals: Totals::default(),
        empty_rows: table.empty_rows,
        refused_file: FailedRows::new(&mapping, &table.headers),
        headers: table.headers,
    };
    for row in table.rows.iter() {
        let refused = match reader.read(&row, |code| currencies.contains(code)) {
            Ok(event) => {
                match batch.known_as(&mut transaction, &event).await?.or_else(|| event.lacks.clone()) {
                    None => {
                        report.loaded.add(&event);
                        batch.add(&mut transaction, event).await?;
                        continue;
                    }
                    Some(reason) => {
                        report.refused_totals.add(&event);
                        event.refused(reason)
                    }
                }
            }
            Err(refused) => {
                report.refused_totals.add_refused(&refused);
                refused
            }
        };
        let RefusedRow { number, reason, .. } = refused;
        report.refused.push(RefusedLine { line: row.number, number, reason, row });
    }
    if report.loaded.rows > 0 {
        report.batch_number = Some(batch.finish(&mut transaction).await?);
        transaction.commit().await?;
    }
    Ok(report)
}

/// What the columns are: by the header, by all cells, and where these leave a doubt by what was said.
fn mapping_of(table: &Table, answers: &Answers) -> Result<Mapping, LoadError> {
    let mut mapping = Mapping::guess(&table.headers).map_err(LoadError::Columns)?;
    let mut survey = Survey::of(&mapping);
    table.rows.iter().for_each(|row| survey.add(&row));
    let mut questions = survey.settle(&mut mapping);
    if let Mapping::Columns(columns) = &mut mapping {
        questions.retain(|question| {
            let (Question::Notation { column, .. } | Question::DateOrder { column, .. }) = question else {
                return true;
            };
            let Some(column) = columns.columns.iter_mut().find(|one| one.header == *column) else {
                return true;
            };
            match question {
                Question::Notation { .. } => {
                    column.choose_number(answers.numbers);
                    column.number.is_none()
                }
                _ => {
                    column.choose_date(answers.dates);
                    column.date.is_none()
                }
            }
        });
    }
    if questions.is_empty() { Ok(mapping) } else { Err(LoadError::Asked(questions)) }
}

async fn codes(transaction: &mut Transaction, sql: &str) -> Result<BTreeSet<String>, sqlx::Error> {
    Ok(query_scalar(sql).fetch_all(&mut **transaction).await?.into_iter().collect())
}

/// A field of a record as the database keeps it.
fn stored(record: &Record, name: &str) -> Parameter {
    record.get(name).map_or(Parameter::Null, crate::oracle::stored)
}

/// The batch that the rows go into.
struct BatchInMaking {
    id: i64,
    number: String,
    file_name: String,
    events: BulkInsert,
    charges: BulkInsert,
    messages: BulkInsert,
}

/// Who made what comes from a file.
pub(crate) const LOADED_BY: &str = "Import Management";
const BUSINESS_UNIT: (i64, &str) = (300_000_200_000_012, "Vision Cloud Services");

impl BatchInMaking {
    async fn begin(
        transaction: &mut Transaction,
        file_name: String,
        is_focus: bool,
    ) -> Result<Self, sqlx::Error> {
        let id = Database::take_ids(transaction, "usage_event_batches", 1).await?;
        let (kind, description) = match is_focus {
            true => ("FOCUS", "Cloud cost and usage in the FOCUS layout"),
            false => ("FILE", "Usage from a file"),
        };
        let number = format!("UB-{kind}-{}", id % 1_000_000);
        let now = Utc::now();
        let mut row = BulkInsert::new(
            "usage_event_batches",
            &[
                "usage_batch_id",
                "batch_number",
                "batch_name",
                "batch_description",
                "batch_status",
                "usage_type",
                "creation_type",
                "pricer_type",
                "business_unit_id",
                "business_unit_name",
                "created_by",
                "creation_date",
                "last_updated_by",
                "last_update_date",
            ],
        );
        row.push([
            Parameter::Integer(id),
            Parameter::text(&number),
            Parameter::text(&file_name),
            Parameter::text(description),
            Parameter::text("ORA_DRAFT"),
            Parameter::text("ORA_RATING"),
            Parameter::text("ORA_FILE"),
            Parameter::text("ORA_EXTERNAL"),
            Parameter::Integer(BUSINESS_UNIT.0),
            Parameter::text(BUSINESS_UNIT.1),
            Parameter::text(LOADED_BY),
            Parameter::instant(now),
            Parameter::text(LOADED_BY),
            Parameter::instant(now),
        ]);
        row.flush(transaction).await?;
        Ok(Self {
            id,
            number,
            file_name,
            events: BulkInsert::new("usage_events", EVENT_COLUMNS),
            charges: BulkInsert::new("usage_charges", CHARGE_COLUMNS),
            messages: BulkInsert::new("usage_messages", MESSAGE_COLUMNS),
        })
    }

    /// Why a row is not loaded whose number an event has already, with what tells a delivery once more from a
    /// corrected one.
    async fn known_as(
        &self,
        transaction: &mut Transaction,
        row: &EventRow,
    ) -> Result<Option<String>, sqlx::Error> {
        let sql = "SELECT CAST(c.billed_amount AS TEXT) FROM usage_events e \
                   LEFT JOIN usage_charges c ON c.event_id = e.event_id WHERE e.event_number = $1";
        let stored: Vec<Option<String>> =
            query_scalar(sql).bind(&row.number).fetch_all(&mut **transaction).await?;
        if stored.is_empty() {
            return Ok(None);
        }
        let mut reason = format!("the event {:?} is loaded already", row.number);
        if let ([Some(amount)], Some(billed)) = (stored.as_slice(), row.amounts.values().next())
            && amount.parse() != Ok(*billed)
        {
            reason += &format!(", with the amount {amount}");
        }
        Ok(Some(reason))
    }

    async fn add(&mut self, transaction: &mut Transaction, row: EventRow) -> Result<(), sqlx::Error> {
        let event_id = Database::take_ids(transaction, "usage_events", 1).await?;
        let now = Parameter::instant(Utc::now());
        let event = |name: &str| stored(&row.event, name);
        if let Some(unit) = row.event.text("UsageUnitOfMeasure").filter(|unit| *unit == row.currency) {
            self.add_currency_unit(transaction, unit).await?;
        }
        for note in &row.notes {
            self.keep(transaction, event_id, note, &now).await?;
        }
        let day = row.event.get("EventStartTime").and_then(Value::as_date_time).map(|at| at.date_naive());
        self.events.push([
            Parameter::Integer(event_id),
            Parameter::text(&row.number),
            Parameter::Integer(self.id),
            Parameter::text("ORA_DRAFT"),
            event("EventType"),
            event("EventRatingType"),
            event("EventStartTime"),
            event("EventEndTime"),
            event("EventTimeZone"),
            day.map_or(Parameter::Null, |day| Parameter::Text(day.to_string())),
            event("ServiceId"),
            event("SubscriptionProductPuid"),
            event("ReportedUsageQuantity"),
            event("ReportedUsageUnitOfMeasure"),
            event("UsageQuantity"),
            event("UsageUnitOfMeasure"),
            event("CurrencyCode"),
            Parameter::text(&self.file_name),
            Parameter::text(if !row.amounts.is_empty() { "ORA_EXTERNAL" } else { "ORA_SUBSCRIPTION" }),
            Parameter::text("ORA_FILE"),
            Parameter::text(LOADED_BY),
            now.clone(),
            Parameter::text(LOADED_BY),
            now.clone(),
        ]);
        for charge in row.event.children("usageCharges").unwrap_or_default() {
            let charge_id = Database::take_ids(transaction, "usage_charges", 1).await?;
            let charge = |name: &str| stored(charge, name);
            self.charges.push([
                Parameter::Integer(charge_id),
                Parameter::Text(format!("{}-C1", row.number)),
                Parameter::Integer(event_id),
                Parameter::Integer(1),
                charge("ChargeName"),
                charge("ChargeDefinition"),
                charge("ChargeCurrency"),
                charge("PricedQuantity"),
                charge("PricedQuantityUnitOfMeasure"),
                charge("ExtendedAmount"),
                charge("BilledAmount"),
                Parameter::text("ORA_USAGE_EVENT"),
                Parameter::Integer(event_id),
                Parameter::text(LOADED_BY),
                now.clone(),
                Parameter::text(LOADED_BY),
                now.clone(),
            ]);
        }
        if self.events.is_full() {
            // The events go in before what hangs on them.
            self.flush(transaction).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, transaction: &mut Transaction) -> Result<(), sqlx::Error> {
        self.events.flush(transaction).await?;
        self.charges.flush(transaction).await?;
        self.messages.flush(transaction).await
    }

    /// A commitment to spend is counted in a currency, which is a unit then.
    async fn add_currency_unit(&self, transaction: &mut Transaction, code: &str) -> Result<(), sqlx::Error> {
        let sql =
            "INSERT INTO units_of_measure (uom_code, uom) VALUES ($1, $2) ON CONFLICT (uom_code) DO NOTHING";
        query(sql).bind(code).bind(format!("Amount in {code}")).execute(&mut **transaction).await?;
        Ok(())
    }

    /// Keeps a text whole that did not fit into its field: in messages of the event, in as many as it
    /// takes.
    async fn keep(
        &mut self,
        transaction: &mut Transaction,
        event_id: i64,
        note: &Note,
        now: &Parameter,
    ) -> Result<(), sqlx::Error> {
        for text in note.messages() {
            let id = Database::take_ids(transaction, "usage_messages", 1).await?;
            self.messages.push([
                Parameter::Integer(id),
                Parameter::Integer(event_id),
                Parameter::text(WHOLE_TEXT),
                Parameter::text(WHOLE_TEXT_TYPE),
                Parameter::Text(text),
                Parameter::text(LOADED_BY),
                now.clone(),
                Parameter::text(LOADED_BY),
                now.clone(),
            ]);
        }
        Ok(())
    }

    async fn finish(mut self, transaction: &mut Transaction) -> Result<String, sqlx::Error> {
        self.flush(transaction).await?;
        let stamp = Stamp::now(LOADED_BY, "");
        note_in_batch(transaction, &stamp, FILES, self.id, &self.file_name).await?;
        Ok(self.number)
    }
}

const MESSAGE_COLUMNS: &[&str] = &[
    "usage_message_id",
    "event_id",
    "message_name",
    "message_type",
    "message_text",
    "created_by",
    "creation_date",
    "last_updated_by",
    "last_update_date",
];

const EVENT_COLUMNS: &[&str] = &[
    "event_id",
    "event_number",
    "usage_batch_id",
    "event_status",
    "event_type",
    "event_rating_type",
    "event_start_time",
    "event_end_time",
    "event_time_zone",
    "le_event_start_date",
    "service_id",
    "subscription_product_puid",
    "reported_usage_quantity",
    "reported_usage_unit_of_measure",
    "usage_quantity",
    "usage_unit_of_measure",
    "currency_code",
    "file_name",
    "rating_source",
    "source_interface_type",
    "created_by",
    "creation_date",
    "last_updated_by",
    "last_update_date",
];

const CHARGE_COLUMNS: &[&str] = &[
    "usage_charge_id",
    "usage_charge_puid",
    "event_id",
    "sequence_number",
    "charge_name",
    "charge_definition",
    "charge_currency",
    "priced_quantity",
    "priced_quantity_unit_of_measure",
    "extended_amount",
    "billed_amount",
    "parent_entity",
    "parent_entity_id",
    "created_by",
    "creation_date",
    "last_updated_by",
    "last_update_date",
];
