//! Loads a FOCUS 1.0 cost-and-usage file (FinOps Foundation, "FOCUS Specification 1.0") into a new
//! batch. Every row is either loaded, to the last digit, or refused with its line and the reason;
//! a file that is not well-formed is refused as a whole, and then nothing of it is in the database.

mod row;
mod unit_code;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::Utc;
use csv::StringRecord;
use rust_decimal::Decimal;

use crate::database::{BulkInsert, Database, Parameter, Transaction, query_scalar};
use crate::oracle::{FILES, Stamp, note_in_batch};
use row::{Columns, FocusRow};

/// What became of a file.
#[derive(Debug)]
pub struct LoadReport {
    /// Nothing where every row was refused: then there is no batch either.
    pub batch_number: Option<String>,
    pub loaded: u64,
    pub refused: Vec<RefusedRow>,
    /// Billed amounts of the loaded rows; currencies are never added to one another.
    pub billed: BTreeMap<String, Decimal>,
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
    /// Not well-formed CSV in UTF-8.
    Malformed(csv::Error),
    MissingColumn(&'static str),
    Database(sqlx::Error),
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Open(reason) => write!(out, "the file cannot be read: {reason}"),
            Self::Malformed(reason) => write!(out, "nothing was loaded, the file is malformed: {reason}"),
            Self::MissingColumn(name) => {
                write!(out, "nothing was loaded, the file has no column {name:?}; is it a FOCUS 1.0 file?")
            }
            Self::Database(reason) => write!(out, "nothing was loaded, the database failed: {reason}"),
        }
    }
}

impl std::error::Error for LoadError {}

impl From<csv::Error> for LoadError {
    fn from(reason: csv::Error) -> Self {
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
    let file = std::fs::File::open(path).map_err(LoadError::Open)?;
    let mut reader = csv::Reader::from_reader(file);
    let headers = reader.headers()?.clone();
    let columns = Columns::of(&headers).map_err(LoadError::MissingColumn)?;
    let mut transaction = database.begin_write().await?;
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut batch = BatchInMaking::begin(&mut transaction, file_name).await?;
    let currencies = codes(&mut transaction, "SELECT currency_code FROM currencies").await?;
    let mut report =
        LoadReport { batch_number: None, loaded: 0, refused: Vec::new(), billed: BTreeMap::new(), headers };
    for record in reader.into_records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = match FocusRow::read(&columns, &record, &currencies) {
            Ok(row) => batch.is_new(&mut transaction, &row).await?.map(|()| row),
            Err(reason) => Err(reason),
        };
        let total = row.and_then(|row| {
            let sum = report.billed.get(&row.currency).copied().unwrap_or_default();
            let sum =
                sum.checked_add(row.billed).ok_or("the sum of the billed amounts has too many digits")?;
            Ok((row, sum))
        });
        match total {
            Ok((row, sum)) => {
                report.billed.insert(row.currency.clone(), sum);
                report.loaded += 1;
                batch.add(&mut transaction, row).await?;
            }
            Err(reason) => report.refused.push(RefusedRow { line, reason, row: record }),
        }
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
            Parameter::text("Cloud cost and usage in the FOCUS 1.0 layout"),
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
        })
    }

    /// Refuses a row whose number is taken, by an event in the database or an earlier row.
    async fn is_new(
        &mut self,
        transaction: &mut Transaction,
        row: &FocusRow,
    ) -> Result<Result<(), String>, sqlx::Error> {
        if !self.seen.insert(row.event_number.clone()) {
            return Ok(Err(format!("the Id {} stands in the file already", row.event_number)));
        }
        let sql = "SELECT COUNT(*) FROM usage_events WHERE event_number = $1";
        let known: i64 = query_scalar(sql).bind(&row.event_number).fetch_one(&mut **transaction).await?;
        Ok(if known == 0 { Ok(()) } else { Err(format!("the event {} is loaded already", row.event_number)) })
    }

    async fn add(&mut self, transaction: &mut Transaction, row: FocusRow) -> Result<(), sqlx::Error> {
        let event_id = Database::take_ids(transaction, "usage_events", 1).await?;
        let charge_id = Database::take_ids(transaction, "usage_charges", 1).await?;
        let now = Parameter::instant(Utc::now());
        let decimal = |value: Decimal| Parameter::Decimal(value.to_string());
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
            row.service_id.map_or(Parameter::Null, Parameter::Text),
            Parameter::text(&row.product),
            decimal(row.quantity),
            Parameter::text(row.unit),
            decimal(row.quantity),
            Parameter::text(row.unit),
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
            Parameter::text(row.unit),
            row.list_cost.map_or(Parameter::Null, decimal),
            decimal(row.billed),
            Parameter::text("ORA_USAGE_EVENT"),
            Parameter::Integer(event_id),
            Parameter::text(LOADED_BY),
            now.clone(),
            Parameter::text(LOADED_BY),
            now,
        ]);
        if self.events.is_full() {
            // The events go in before what hangs on them.
            self.events.flush(transaction).await?;
            self.charges.flush(transaction).await?;
        }
        Ok(())
    }

    async fn finish(mut self, transaction: &mut Transaction) -> Result<String, sqlx::Error> {
        self.events.flush(transaction).await?;
        self.charges.flush(transaction).await?;
        let stamp = Stamp::now(LOADED_BY, "");
        note_in_batch(transaction, &stamp, FILES, self.id, &self.file_name).await?;
        Ok(self.number)
    }
}

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
