//! All events of a list as a table: what is kept of each, and the row again. It loads with the first list that is
//! long enough.

use super::columns::{ColumnKind as EventColumn, EVENT_COLUMNS};
use super::list_query::GroupLevel;
use super::rows::EventRow;
use super::source::{EventList, Events, Row, waits_and_names_another};
use crate::api::{EventPageQuery, Failure, FailureKind, RecordKey, Resource, RestClient, System};
use crate::data::session::Session;
use crate::features::list::{Page, RowSpec, push_text};
use crate::features::whole_list::{
    Asked, TableSpec, WholeList, WholeSpec, cell_of, column_kind, is_kept, question_of, text_of, value_of,
};
use crate::next_task::TaskTime;
use crate::text::{TimeSpans, amount};
use crate::ui::key_input::composed;
use chrono::DateTime;
use grid_table::{
    Amount, ColumnKind, Filter, GroupColumn, OwnedValue, Question, Row as TableRow, Spans, Table, Test,
    Value as Cell,
};
use leptos::prelude::*;
use record_store::Version;
use rest_contract::oracle::EVENT;
use rest_contract::{Field, Value};
use rust_decimal::Decimal;
use std::rc::Rc;
use std::sync::LazyLock;

/// What rows tell of beside their columns.
const BESIDE: [&str; 4] = ["EventId", "RelatedEventId", "RelatedBatchId", "ReverseFlag"];

static FIELDS: LazyLock<Vec<&'static Field>> = LazyLock::new(|| {
    EVENT_COLUMNS.fields().chain(BESIDE.iter().filter_map(|name| EVENT.field(name))).collect()
});

/// Columns behind those of the fields.
#[derive(Clone, Copy)]
enum Extra {
    /// The record's path, where its number does not tell it.
    Path,
    /// Its change indicator.
    Version,
    /// The currency of the amount.
    Currency,
    Amount,
    /// An allowance covers something of the amount.
    Covered,
    /// There is an amount without a currency.
    Blank,
    /// There is no currency, or a charge without one.
    WithoutCurrency,
    /// It is a reversal that is still to be processed.
    Waits,
}

const EXTRA: usize = 8;

impl Extra {
    fn column(self) -> usize {
        FIELDS.len() + self as usize
    }
}

static SUMMED_BY: LazyLock<[usize; 3]> = LazyLock::new(|| {
    [Events::column("EventStatus").unwrap_or_default(), Extra::Blank.column(), Extra::Waits.column()]
});

/// What of an event is asked for.
static SHAPE: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
    // The version hangs on the item's own link, and in a batch the canonical one alone leads to the event itself.
    format!(
        "fields={};usageCharges:AllowanceAmount,BilledAmount,ChargeCurrency&links=self,canonical",
        names.join(",")
    )
});

#[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
mod work {
    use super::{EventList, WholeList};
    use crate::apart::apart;
    use leptos::prelude::*;
    use std::rc::Rc;

    apart! {
        whole_list: (list: StoredValue<Rc<EventList>, LocalStorage>, most: usize) -> () {
            if let Some(list) = list.try_get_value() {
                WholeList::begin(list, most);
            }
        }
    }
}

/// Reads all events of a list, unless there are more than `most`.
pub(super) async fn read_whole(list: StoredValue<Rc<EventList>, LocalStorage>, most: usize) {
    // A part that cannot be had is told of where it matters; the list stays as it is.
    if work::loading().await.is_ok() {
        let _ = work::made(list, most).await;
    }
}

impl TableSpec for Events {
    fn table() -> Table {
        let extra = [
            ColumnKind::Text,
            ColumnKind::Text,
            ColumnKind::Text,
            ColumnKind::Amount { unit: Extra::Currency.column() },
            ColumnKind::Flag,
            ColumnKind::Flag,
            ColumnKind::Flag,
            ColumnKind::Flag,
        ];
        let columns: Vec<_> = FIELDS.iter().map(|field| column_kind(field)).chain(extra).collect();
        Table::composing(&columns, |text| composed(text).into_owned())
    }

    fn column(field: &str) -> Option<usize> {
        FIELDS.iter().position(|known| known.name == field)
    }

    fn group_column(level: &str) -> Option<GroupColumn> {
        let GroupLevel { field, spans } = GroupLevel::read(level)?;
        let spans = spans.map(|spans| Spans { name: spans.name().into(), around });
        Some(GroupColumn { column: Self::column(field.name)?, spans })
    }

    fn group_text(column: &GroupColumn, value: Cell<'_>) -> String {
        match (&column.spans, value) {
            (Some(spans), Cell::Instant(begin)) => {
                let at = DateTime::from_timestamp_micros(begin);
                at.and_then(|at| TimeSpans::read(&spans.name)?.label(at)).unwrap_or_default()
            }
            (_, value) => text_of(value),
        }
    }

    fn summed() -> Option<(&'static [usize], usize)> {
        Some((&*SUMMED_BY, Extra::Amount.column()))
    }

    fn amounts(row: &Row) -> Vec<Amount> {
        let Ok(row) = row else { return Vec::new() };
        let mut amounts = Vec::new();
        for (unit, sum) in row.charged() {
            let value = sum.text().and_then(|text| Decimal::from_str_exact(&text).ok());
            amounts.push(Amount { unit: unit.clone(), value });
            amounts.extend((0..sum.left_out()).map(|_| Amount { unit: unit.clone(), value: None }));
        }
        amounts
    }

    fn values<'row>(row: &'row Row, amounts: &'row [Amount]) -> Vec<Cell<'row>> {
        let Ok(row) = row else { return vec![Cell::Blank; FIELDS.len() + EXTRA] };
        let mut cells: Vec<Cell<'_>> =
            FIELDS.iter().map(|field| row.fields.get(field.name).map_or(Cell::Blank, cell_of)).collect();
        let (currency, amount) = match amounts {
            [Amount { unit, value: Some(value) }] => (Cell::Text(unit), Cell::Decimal(*value)),
            [] => (Cell::Blank, Cell::Blank),
            several => (Cell::Blank, Cell::Amounts(several)),
        };
        let own_path = RecordKey::event(&row.number()).path == row.key.path;
        let flag = |is: bool| if is { Cell::Flag(true) } else { Cell::Blank };
        cells.extend([
            if own_path { Cell::Blank } else { Cell::Text(&row.key.path) },
            Cell::Text(&row.version.token),
            currency,
            amount,
            flag(row.has_allowance()),
            flag(amounts.iter().any(|amount| amount.unit.is_empty())),
            flag(row.is_without_currency()),
            flag(waits(row)),
        ]);
        cells
    }

    fn fits(row: &Row) -> bool {
        let has_amounts = Self::amounts(row).iter().all(|amount| amount.value.is_some());
        let Ok(row) = row else { return false };
        let fits = |field: &&Field| row.fields.get(field.name).is_none_or(is_kept);
        has_amounts && row.version.order.is_none() && FIELDS.iter().all(fits)
    }

    fn made(table: &Table, row: TableRow) -> Option<Row> {
        let text = |column: usize| match table.value(row, column) {
            Cell::Text(text) => text,
            _ => "",
        };
        let is = |extra: Extra| table.value(row, extra.column()) == Cell::Flag(true);
        let value = |(column, field): (usize, &&'static Field)| {
            (field.name, value_of(field.kind, table.value(row, column)))
        };
        let fields = FIELDS.iter().enumerate().map(value).collect();
        let number = Self::column(EVENT.key).map_or("", text);
        let key = match text(Extra::Path.column()) {
            "" => RecordKey::event(number),
            path => RecordKey { resource: Resource::Event, path: path.into() },
        };
        let amounts = match table.value(row, Extra::Amount.column()) {
            Cell::Decimal(value) => vec![(text(Extra::Currency.column()).to_owned(), Some(value))],
            Cell::Amounts(amounts) => {
                amounts.iter().map(|amount| (amount.unit.clone(), amount.value)).collect()
            }
            _ => Vec::new(),
        };
        let version = Version { token: text(Extra::Version.column()).to_owned(), order: None };
        let (has_allowance, without) = (is(Extra::Covered), is(Extra::WithoutCurrency));
        Some(Ok(EventRow::kept((key, version, fields), amounts, has_allowance, without)))
    }

    fn write(&self, table: &Table, row: TableRow, kind: EventColumn, text: &mut String) {
        match kind {
            EventColumn::Billed => match table.value(row, Extra::Amount.column()) {
                Cell::Decimal(value) => {
                    let unit = table.value(row, Extra::Currency.column());
                    text.push_str(&amount(&value, if let Cell::Text(unit) = unit { unit } else { "" }));
                }
                Cell::Blank => {}
                _ => {
                    if let Some(row) = Self::made(table, row) {
                        self.cell(&row, kind, text);
                    }
                }
            },
            EventColumn::Field(field) => {
                let Some(column) = Self::column(field.name) else { return };
                let value = value_of(field.kind, table.value(row, column));
                push_text(field, Some(&value), &self.session.lookups.tables.get_untracked(), text);
            }
        }
    }

    fn row_of_key(table: &Table, key: &str) -> Option<TableRow> {
        let path = key.split("/child/").next()?;
        let by_path = || table.row_with_text(Extra::Path.column(), path);
        let number = RecordKey { resource: Resource::Event, path: path.into() }.name();
        let by_number = table.row_with_text(Self::column(EVENT.key)?, &number);
        let is_its = |row: &TableRow| table.value(*row, Extra::Path.column()).is_blank();
        by_number.filter(is_its).or_else(by_path)
    }

    fn question(&self) -> Question {
        let query = self.query();
        let mut question =
            question_of::<Self>(&query.find, EVENT_COLUMNS.searched, &query.filters, &query.sort);
        let one_of = |column: usize, values: Vec<OwnedValue>| Filter { column, test: Test::OneOf(values) };
        if !query.statuses.is_empty() {
            let statuses = query.statuses.iter().cloned().map(OwnedValue::Text).collect();
            question.filters.extend(Self::column("EventStatus").map(|column| one_of(column, statuses)));
        }
        if query.without_currency {
            question.filters.push(one_of(Extra::WithoutCurrency.column(), vec![OwnedValue::Flag(true)]));
        }
        question
    }
}

/// The span that an instant lies in; where no calendar tells, itself.
fn around(spans: &str, instant: i64) -> std::ops::Range<i64> {
    let at = DateTime::from_timestamp_micros(instant);
    let span = at.and_then(|at| TimeSpans::read(spans)?.around(at));
    span.map_or(instant..instant.saturating_add(1), |span| {
        span.start.timestamp_micros()..span.end.timestamp_micros()
    })
}

impl WholeSpec for Events {
    fn session(&self) -> Session {
        self.session
    }

    async fn records(&self, client: RestClient, asked: Asked<'_>) -> Result<Page<(i64, Row)>, Failure> {
        let (q, order_by, limit) = asked.by_id("EventId");
        let is_in_sight = matches!(asked, Asked::InSight(_));
        let stamp = self.session.sync.stamp();
        let query = EventPageQuery {
            batch: self.batch.as_deref(),
            q: &q,
            order_by: &order_by,
            shape: match asked {
                Asked::Count | Asked::Last => "fields=EventId,EventNumber&onlyData=true",
                Asked::InSight(_) => "expand=usageCharges",
                Asked::Between { .. } | Asked::ChangedSince { .. } => &SHAPE,
            },
            offset: 0,
            limit,
        };
        let Page { rows: items, total, has_more } = Page::from(client.event_page(&query).await?);
        if matches!(asked, Asked::Count) {
            return Ok(Page { rows: Vec::new(), total, has_more: false });
        }
        let mut task = TaskTime::begin();
        let rows = if is_in_sight {
            self.rows_of(client, stamp, &items).await
        } else {
            let mut rows = Vec::with_capacity(items.len());
            for item in &items {
                rows.push(Self::row_of(item));
                task.give_way().await;
            }
            rows
        };
        let rows = items.iter().zip(rows).map(|(item, row)| match item.get("EventId") {
            Some(Value::Integer(id)) if row.is_ok() => Ok((*id, row)),
            _ => Err(unknown()),
        });
        Ok(Page { rows: rows.collect::<Result<_, _>>()?, total, has_more })
    }

    fn id(row: &Row) -> Option<i64> {
        row.as_ref().ok()?.fields.get("EventId").and_then(Value::as_integer)
    }

    fn renewed(&self, row: &mut Row, key: &RecordKey) -> bool {
        let Ok(row) = row else { return false };
        row.refresh(&self.session.sync);
        key.resource == Resource::Event
    }
}

fn unknown() -> Failure {
    let words = "An event came without its number or its identifier.".to_owned();
    Failure::new(System::Oracle, FailureKind::Unreadable(words))
}

fn waits(row: &EventRow) -> bool {
    waits_and_names_another(|name| row.fields.get(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use grid_table::Edit;
    use rest_contract::Record;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn row(body: &str) -> Row {
        Events::row_of(&Record::read(&EVENT, body.as_bytes()).expect("an event"))
    }

    /// The row as the table gives it back.
    fn kept(row: &Row) -> Row {
        let mut table = Events::table();
        let amounts = Events::amounts(row);
        let values = Events::values(row, &amounts);
        table
            .edit(&[Edit::Put { key: 1, version: 1, values: &values }])
            .expect("values of their columns' kinds");
        Events::made(&table, 0).expect("a row that fits")
    }

    const LINK: &str = r#""links":[{"rel":"self","href":"https://h/crmRestApi/resources/11.13.18.05/subscriptionUsageEvents/00AF","name":"e","kind":"item","properties":{"changeIndicator":"AB01"}}]"#;

    #[wasm_bindgen_test]
    fn a_row_out_of_the_table_is_the_one_that_went_in() {
        let charge = r#"{"BilledAmount":1.50,"ChargeCurrency":"EUR"}"#;
        for (body, fits) in [
            (r#"{"EventNumber":"E-1","EventId":1}"#.to_owned(), true),
            (
                format!(
                    r#"{{"EventNumber":"E 1/ä","EventId":300100190000001,"RelatedEventId":7,"ReverseFlag":false,"EventStatus":"ORA_PROCESSED","UsageQuantity":-12.500,"EventStartTime":"2026-10-05T08:15:00.123456+02:00","CurrencyCode":"EUR","usageCharges":[{charge}],{LINK}}}"#
                ),
                true,
            ),
            (
                format!(
                    r#"{{"EventNumber":"E-2","EventId":2,"usageCharges":[{charge},{{"BilledAmount":0,"ChargeCurrency":"USD","AllowanceAmount":2}},{{"BilledAmount":3,"ChargeCurrency":null}}]}}"#
                ),
                true,
            ),
            (r#"{"EventNumber":"E-3","EventId":3,"UsageQuantity":"many"}"#.to_owned(), false),
            (r#"{"EventNumber":"E-4","EventId":4,"EventStartTime":"2026-10-05T08:15:00.123456789Z"}"#.to_owned(), false),
            (r#"{"EventNumber":"E-5","EventId":5,"usageCharges":[{"BilledAmount":"?","ChargeCurrency":"EUR"}]}"#.to_owned(), false),
        ] {
            let came = row(&body);
            assert_eq!(Events::fits(&came), fits, "{body}");
            let kept = kept(&came);
            let (Ok(came), Ok(kept)) = (&came, &kept) else { panic!("{body}") };
            assert_eq!((&kept.key, &kept.version), (&came.key, &came.version), "{body}");
            assert_eq!(kept.charged(), came.charged(), "{body}");
            assert_eq!(
                (kept.has_allowance(), kept.is_without_currency(), waits(kept)),
                (came.has_allowance(), came.is_without_currency(), waits(came)),
                "{body}"
            );
            let value = |row: &EventRow, field: &Field| row.fields.get(field.name).cloned().unwrap_or(Value::Null);
            for field in FIELDS.iter().filter(|_| fits) {
                assert_eq!(value(kept, field), value(came, field), "{}: {body}", field.name);
            }
        }
    }
}
