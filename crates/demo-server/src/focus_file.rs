//! Loads a cost-and-usage file (FinOps Foundation, "FOCUS Specification", 1.0 to 1.3) into a new batch. Every
//! row is either loaded, to the last digit, or refused with its line and the reason; a file that is not
//! well-formed is refused as a whole, and then nothing of it is in the database.
//!
//! Not here: what a row means (`rest_contract::focus`).

mod file;
mod file_sum;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::Utc;
use csv::StringRecord;
use rest_contract::focus::{ColumnFault, FocusColumns, FocusRow, Note, Twins, read_row};
use rust_decimal::Decimal;

use crate::database::{BulkInsert, Database, Parameter, Transaction, query, query_scalar};
use crate::oracle::{FILES, Stamp, note_in_batch};
use file::CsvFile;
pub use file::Malformed;
pub use file_sum::FileSum;

/// Amounts by currency code; an empty code stands for rows without one. Currencies are never added to one
/// another.
pub type Sums = BTreeMap<String, FileSum>;

/// What became of a file.
#[derive(Debug)]
pub struct LoadReport {
    /// Nothing where every row was refused: then there is no batch either.
    pub batch_number: Option<String>,
    pub loaded: u64,
    pub refused: Vec<RefusedRow>,
    /// Billed amounts of the loaded rows.
    pub billed: Sums,
    /// Billed amounts of the refused rows: together with those of the loaded ones they are the file's.
    pub refused_amounts: Sums,
    pub headers: StringRecord,
}

#[derive(Debug)]
pub struct RefusedRow {
    /// The line of the file on which the row begins, counted from 1.
    pub line: u64,
    pub reason: String,
    pub row: StringRecord,
}

/// Why a file was refused as a whole.
#[derive(Debug)]
pub enum LoadError {
    Open(std::io::Error),
    Malformed(Malformed),
    Columns(ColumnFault),
    Database(sqlx::Error),
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open(reason) => write!(out, "the file cannot be read: {reason}"),
            Self::Malformed(reason) => write!(out, "nothing was loaded, the file is malformed: {reason}"),
            Self::Columns(fault) => write!(out, "nothing was loaded, {fault}"),
            Self::Database(reason) => write!(out, "nothing was loaded, the database failed: {reason}"),
        }
    }
}

impl std::error::Error for LoadError {}

impl From<Malformed> for LoadError {
    fn from(reason: Malformed) -> Self {
        Self::Malformed(reason)
    }
}

impl From<sqlx::Error> for LoadError {
    fn from(reason: sqlx::Error) -> Self {
        Self::Database(reason)
    }
}

/// Loads the file in one transaction.
pub async fn load(database: &Database, path: &Path) -> Result<LoadReport, LoadError> {
    let bytes = tokio::fs::read(path).await.map_err(LoadError::Open)?;
    let file = CsvFile::read(&bytes)?;
    let columns = FocusColumns::of(file.headers.iter()).map_err(LoadError::Columns)?;
    file.check_cells(&columns)?;
    let mut transaction = database.begin_write().await?;
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut batch = BatchInMaking::begin(&mut transaction, file_name).await?;
    let currencies = codes(&mut transaction, "SELECT currency_code FROM currencies").await?;
    let mut twins = Twins::default();
    let mut report = LoadReport {
        batch_number: None,
        loaded: 0,
        refused: Vec::new(),
        billed: Sums::new(),
        refused_amounts: Sums::new(),
        headers: file.headers,
    };
    for (line, record) in file.rows {
        let cells: Vec<_> = record.iter().collect();
        let reason = match read_row(&columns, &cells, &mut twins, |code| currencies.contains(code)) {
            Ok(row) => match batch.is_new(&mut transaction, &row).await? {
                Ok(()) => {
                    report.billed.entry(row.currency.clone()).or_default().add(row.billed);
                    report.loaded += 1;
                    batch.add(&mut transaction, row).await?;
                    continue;
                }
                Err(reason) => {
                    report.refused_amounts.entry(row.currency).or_default().add(row.billed);
                    reason
                }
            },
            Err(refused) => {
                let sum = report.refused_amounts.entry(refused.currency).or_default();
                sum.add_digits(refused.billed.as_deref());
                refused.reason
            }
        };
        report.refused.push(RefusedRow { line, reason, row: record });
    }
    if report.loaded > 0 {
        report.batch_number = Some(batch.finish(&mut transaction).await?);
        transaction.commit().await?;
    }
    Ok(report)
}

async fn codes(transaction: &mut Transaction, sql: &str) -> Result<BTreeSet<String>, sqlx::Error> {
    Ok(query_scalar(sql).fetch_all(&mut **transaction).await?.into_iter().collect())
}

/// The batch that the rows go into.
struct BatchInMaking {
    id: i64,
    number: String,
    file_name: String,
    seen: BTreeSet<String>,
    events: BulkInsert,
    charges: BulkInsert,
    messages: BulkInsert,
}

const LOADED_BY: &str = "Import Management";
const BUSINESS_UNIT: (i64, &str) = (300_000_200_000_012, "Vision Cloud Services");

impl BatchInMaking {
    async fn begin(transaction: &mut Transaction, file_name: String) -> Result<Self, sqlx::Error> {
        let id = Database::take_ids(transaction, "usage_event_batches", 1).await?;
        let number = format!("UB-FOCUS-{}", id % 1_000_000);
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
            Parameter::text("Cloud cost and usage in the FOCUS layout"),
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
            seen: BTreeSet::new(),
            events: BulkInsert::new("usage_events", EVENT_COLUMNS),
            charges: BulkInsert::new("usage_charges", CHARGE_COLUMNS),
            messages: BulkInsert::new("usage_messages", MESSAGE_COLUMNS),
        })
    }

    /// Refuses a row whose number is taken, by an event in the database or an earlier row.
    async fn is_new(
        &mut self,
        transaction: &mut Transaction,
        row: &FocusRow,
    ) -> Result<Result<(), String>, sqlx::Error> {
        if !self.seen.insert(row.event_number.clone()) {
            return Ok(Err(format!("the event {:?} stands in the file already", row.event_number)));
        }
        let sql = "SELECT COUNT(*) FROM usage_events WHERE event_number = $1";
        let known: i64 = query_scalar(sql).bind(&row.event_number).fetch_one(&mut **transaction).await?;
        Ok(if known == 0 {
            Ok(())
        } else {
            Err(format!("the event {:?} is loaded already", row.event_number))
        })
    }

    async fn add(&mut self, transaction: &mut Transaction, row: FocusRow) -> Result<(), sqlx::Error> {
        let event_id = Database::take_ids(transaction, "usage_events", 1).await?;
        let charge_id = Database::take_ids(transaction, "usage_charges", 1).await?;
        let now = Parameter::instant(Utc::now());
        let decimal = |value: Option<Decimal>| {
            value.map_or(Parameter::Null, |value| Parameter::Decimal(value.to_string()))
        };
        let text = |text: Option<String>| text.map_or(Parameter::Null, Parameter::Text);
        if let Some(unit) = row.unit.as_deref().filter(|unit| *unit == row.currency) {
            self.add_currency_unit(transaction, unit).await?;
        }
        for note in &row.notes {
            self.keep(transaction, event_id, note, &now).await?;
        }
        self.events.push([
            Parameter::Integer(event_id),
            Parameter::text(&row.event_number),
            Parameter::Integer(self.id),
            Parameter::text("ORA_DRAFT"),
            Parameter::text("ORA_CLOUD_COMPUTE"),
            Parameter::text("ORA_PRE_RATED"),
            Parameter::instant(row.start),
            Parameter::instant(row.end),
            Parameter::text("UTC"),
            Parameter::Text(row.start.date_naive().to_string()),
            text(row.service_id),
            text(row.product),
            decimal(row.quantity),
            text(row.unit.clone()),
            decimal(row.quantity),
            text(row.unit.clone()),
            Parameter::text(&row.currency),
            Parameter::text(&self.file_name),
            Parameter::text("ORA_EXTERNAL"),
            Parameter::text("ORA_FILE"),
            Parameter::text(LOADED_BY),
            now.clone(),
            Parameter::text(LOADED_BY),
            now.clone(),
        ]);
        self.charges.push([
            Parameter::Integer(charge_id),
            Parameter::Text(format!("{}-C1", row.event_number)),
            Parameter::Integer(event_id),
            Parameter::Integer(1),
            Parameter::text(&row.charge_name),
            Parameter::text(&row.charge_category),
            Parameter::text(&row.currency),
            decimal(row.quantity),
            text(row.unit),
            decimal(row.list_cost),
            decimal(Some(row.billed)),
            Parameter::text("ORA_USAGE_EVENT"),
            Parameter::Integer(event_id),
            Parameter::text(LOADED_BY),
            now.clone(),
            Parameter::text(LOADED_BY),
            now,
        ]);
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
        let letters: Vec<char> = note.whole.chars().collect();
        for part in letters.chunks(LONGEST_MESSAGE) {
            let id = Database::take_ids(transaction, "usage_messages", 1).await?;
            self.messages.push([
                Parameter::Integer(id),
                Parameter::Integer(event_id),
                Parameter::text(WHOLE_TEXT),
                Parameter::text("ORA_INFO"),
                Parameter::Text(format!("{}: {}", note.column, part.iter().collect::<String>())),
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

/// The key of messages that keep a text whole.
const WHOLE_TEXT: &str = "FOCUS_WHOLE_TEXT";
/// Room for the column's name beside it (`MessageText`, 2000 characters).
const LONGEST_MESSAGE: usize = 1900;

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
