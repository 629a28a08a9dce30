//! One row of a file, as the usage event and the charge that it becomes.

use super::columns::FocusColumns;
use crate::event_number::RowNumbers;
use crate::event_row::{EventRow, Note, RefusedRow, is_currency_code};
use crate::moment;
use crate::shortened::shortened;
use crate::unit_code::unit_code;
use chrono::{DateTime, Utc};
use rest_contract::oracle::{CHARGE, EVENT};
use rest_contract::{NumberProblem, Record, Schema, Value, read_decimal};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A row that can be loaded. Usage has a quantity with a unit; a tax, a credit or a fee may have none.
#[derive(Clone, Debug, PartialEq)]
struct FocusRow {
    event_number: String,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    service_id: Option<String>,
    product: Option<String>,
    quantity: Option<Decimal>,
    unit: Option<String>,
    currency: String,
    billed: Decimal,
    list_cost: Option<Decimal>,
    charge_name: String,
    charge_category: String,
    notes: Vec<Note>,
}

/// Reads a row. `knows` tells whether a currency is active.
///
/// # Errors
/// The reason why the row cannot be an event, with its amount.
pub(crate) fn read_row(
    columns: &FocusColumns,
    cells: &[&str],
    numbers: &mut RowNumbers,
    knows: impl Fn(&str) -> bool,
) -> Result<EventRow, RefusedRow> {
    let number = number_of(columns, cells, numbers);
    read(columns, cells, number.clone(), knows)
        .and_then(EventRow::try_from)
        .map_err(|reason| refused(columns, cells, number.0, reason))
}

/// The number of a row, and the text that was too long for one. Every row takes its own, refused ones too: else a
/// corrected row would have another one's.
pub(crate) fn number_of(columns: &FocusColumns, cells: &[&str], numbers: &mut RowNumbers) -> RowNumber {
    match columns.text(cells, "Id") {
        Some(id) => {
            let longest = EVENT.field("EventNumber").and_then(|field| field.max_length);
            let short = shortened(id, longest.map_or(usize::MAX, usize::from));
            let note = (short != id).then(|| Note { column: "Id", whole: id.to_owned() });
            RowNumber(short, note)
        }
        None => RowNumber(numbers.next("FOCUS", columns.identity(cells)), None),
    }
}

#[derive(Clone, Debug)]
pub(crate) struct RowNumber(pub String, Option<Note>);

/// The row as one that is refused, with the amount that it names.
pub(crate) fn refused(columns: &FocusColumns, cells: &[&str], number: String, reason: String) -> RefusedRow {
    RefusedRow {
        reason,
        number: Some(number),
        currency: columns.text(cells, "BillingCurrency").unwrap_or_default().to_owned(),
        billed: columns.text(cells, "BilledCost").and_then(|digits| {
            let plain = plain(digits);
            (read_decimal(&plain) != Err(NumberProblem::NotANumber)).then(|| plain.into_owned())
        }),
    }
}

impl TryFrom<FocusRow> for EventRow {
    type Error = String;

    fn try_from(row: FocusRow) -> Result<Self, String> {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let some_text = |text: Option<String>| text.map(Value::Text);
        let decimal = |value: Option<Decimal>| value.map(Value::Decimal);
        let charge = record(
            &CHARGE,
            [
                ("BilledAmount", decimal(Some(row.billed))),
                ("ChargeCurrency", text(&row.currency)),
                ("ChargeDefinition", text(&row.charge_category)),
                ("ChargeName", text(&row.charge_name)),
                ("ExtendedAmount", decimal(row.list_cost)),
                ("PricedQuantity", decimal(row.quantity)),
                ("PricedQuantityUnitOfMeasure", some_text(row.unit.clone())),
            ],
        )?;
        let mut event = record(
            &EVENT,
            [
                ("CurrencyCode", text(&row.currency)),
                ("EventEndTime", Some(Value::DateTime(row.end))),
                ("EventNumber", text(&row.event_number)),
                ("EventRatingType", text("ORA_PRE_RATED")),
                ("EventStartTime", Some(Value::DateTime(row.start))),
                ("EventTimeZone", text("UTC")),
                ("EventType", text("ORA_CLOUD_COMPUTE")),
                ("ReportedUsageQuantity", decimal(row.quantity)),
                ("ReportedUsageUnitOfMeasure", some_text(row.unit.clone())),
                ("ServiceId", some_text(row.service_id)),
                ("SubscriptionProductPuid", some_text(row.product)),
                ("UsageQuantity", decimal(row.quantity)),
                ("UsageUnitOfMeasure", some_text(row.unit)),
            ],
        )?;
        if !event.set_children("usageCharges", vec![charge]) {
            return Err("an event has no charges".to_owned());
        }
        Ok(Self {
            number: row.event_number,
            event,
            amounts: BTreeMap::from([(row.currency.clone(), row.billed)]),
            currency: row.currency,
            lacks: None,
            emptied: 0,
            notes: row.notes,
        })
    }
}

/// A record of the values that there are.
pub(crate) fn record<const COUNT: usize>(
    schema: &'static Schema,
    values: [(&str, Option<Value>); COUNT],
) -> Result<Record, String> {
    let mut record = Record::new(schema);
    for (name, value) in values {
        if let Some(value) = value
            && !record.set(name, value)
        {
            return Err(format!("{} have no field {name}", schema.resource));
        }
    }
    Ok(record)
}

fn read(
    columns: &FocusColumns,
    cells: &[&str],
    RowNumber(number, note): RowNumber,
    knows: impl Fn(&str) -> bool,
) -> Result<FocusRow, String> {
    if let Some((name, _)) = columns.content(cells).find(|(_, text)| text.contains('\0')) {
        return Err(format!("{name} holds a zero character, which no database text can"));
    }
    let text = |name: &str| columns.text(cells, name);
    let needed = |name: &str| text(name).ok_or_else(|| format!("{name} is empty"));
    let amount = |name: &str| match text(name) {
        None => Ok(None),
        Some(digits) => read_amount(digits).map(Some).map_err(|reason| format!("{name} {digits:?} {reason}")),
    };
    let moment = |name: &str| {
        let text = needed(name)?;
        moment::read(text).map_err(|reason| format!("{name} {text:?} {reason}"))
    };
    let mut notes = Vec::from_iter(note);
    let mut fitted = |schema: &Schema, field: &str, column: &'static str, text: &str| {
        let longest = schema.field(field).and_then(|field| field.max_length).map_or(usize::MAX, usize::from);
        let short = shortened(text, longest);
        if short != text {
            notes.push(Note { column, whole: text.to_owned() });
        }
        short
    };
    let category = needed("ChargeCategory")?;
    let (quantity, unit) = match (amount("ConsumedQuantity")?, text("ConsumedUnit")) {
        (Some(quantity), Some(unit)) => (Some(quantity), Some(unit)),
        _ => (amount("PricingQuantity")?, text("PricingUnit")),
    };
    let (quantity, unit) = match (quantity, unit) {
        (Some(quantity), Some(unit)) => {
            let is_money = [text("BillingCurrency"), text("PricingCurrency")].contains(&Some(unit));
            // A commitment to spend is counted in the currency itself.
            let code = if is_money { Some(unit) } else { unit_code(unit) };
            let code = code.ok_or_else(|| format!("there is no unit code for the unit {unit:?}"))?;
            (Some(quantity), Some(code.to_owned()))
        }
        (None, None) if category.eq_ignore_ascii_case("usage") => {
            return Err("there is no quantity".to_owned());
        }
        (None, None) => (None, None),
        (Some(_), None) => return Err("there is a quantity and no unit".to_owned()),
        (None, Some(_)) => return Err("there is a unit and no quantity".to_owned()),
    };
    let (resource, column) = match text("ResourceId") {
        Some(id) => (Some(id), "ResourceId"),
        None => (text("SkuPriceId"), "SkuPriceId"),
    };
    let row = FocusRow {
        event_number: number,
        start: moment("ChargePeriodStart")?,
        end: moment("ChargePeriodEnd")?,
        service_id: resource.map(|id| fitted(&EVENT, "ServiceId", column, id)),
        product: text("SkuId").map(|sku| fitted(&EVENT, "SubscriptionProductPuid", "SkuId", sku)),
        quantity,
        unit,
        currency: needed("BillingCurrency")?.to_owned(),
        billed: amount("BilledCost")?.ok_or("BilledCost is empty")?,
        list_cost: amount("ListCost")?,
        charge_name: match text("ChargeDescription") {
            Some(description) => fitted(&CHARGE, "ChargeName", "ChargeDescription", description),
            None => {
                let service = text("ServiceName").map(|name| format!(", {name}")).unwrap_or_default();
                fitted(&CHARGE, "ChargeName", "ServiceName", &format!("{category}{service}"))
            }
        },
        charge_category: fitted(&CHARGE, "ChargeDefinition", "ChargeCategory", category),
        notes: Vec::new(),
    };
    if !is_currency_code(&row.currency) {
        return Err(format!("BillingCurrency {:?} is no code of three capital letters", row.currency));
    }
    if !knows(&row.currency) {
        return Err(format!("BillingCurrency {:?} is not an active currency", row.currency));
    }
    if row.end < row.start {
        return Err("ChargePeriodEnd lies before ChargePeriodStart".to_owned());
    }
    Ok(FocusRow { notes, ..row })
}

/// A number as files write it.
fn read_amount(text: &str) -> Result<Decimal, NumberProblem> {
    read_decimal(&plain(text))
}

/// An amount in machine notation: SQL tools leave the nought before the point away, and some write a plus.
fn plain(text: &str) -> Cow<'_, str> {
    let is_begun = |rest: &&str| rest.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.');
    let text = text.strip_prefix('+').filter(is_begun).unwrap_or(text);
    match text.strip_prefix('-').unwrap_or(text).strip_prefix('.') {
        Some(places) => format!("{}0.{places}", if text.starts_with('-') { "-" } else { "" }).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "BilledCost,BillingCurrency,ChargeCategory,ChargeDescription,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,PricingQuantity,PricingUnit,PricingCurrency,ResourceId,SkuId,ServiceName,Id";

    fn row(text: &str) -> Result<FocusRow, RefusedRow> {
        let columns = FocusColumns::of(HEADER.split(',')).expect("a header");
        let cells: Vec<_> = text.split(',').collect();
        let number = number_of(&columns, &cells, &mut RowNumbers::default());
        read(&columns, &cells, number.clone(), |code| ["EUR", "USD"].contains(&code))
            .map_err(|reason| refused(&columns, &cells, number.0, reason))
    }

    #[test]
    fn an_amount_is_read_as_files_write_it() {
        for (text, read) in
            [(".50", "0.50"), ("-.50", "-0.50"), ("+2", "2"), ("+.5", "0.5"), ("-1.0", "-1.0")]
        {
            assert_eq!(read_amount(text).map(|amount| amount.to_string()).as_deref(), Ok(read), "{text}");
        }
        for text in [".", "-.", "+", "+-2", "-+2", "--2", "..5", ".5.", "+ 2", ""] {
            assert!(read_amount(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn usage_tax_and_credit_are_events() {
        let usage =
            row("100.00,EUR,Usage,Storage,2026-10-01,2026-10-02,5,Hours,,,,r-1,sku,Disk,").expect("usage");
        assert_eq!(
            (usage.quantity.map(|q| q.to_string()).as_deref(), usage.unit.as_deref()),
            (Some("5"), Some("HR"))
        );
        assert!(usage.event_number.starts_with("FOCUS-") && usage.notes.is_empty());
        let instant = row("1,EUR,Tax,,2026-10-01,2026-10-01,,,,,,,,,").expect("a charge for a moment");
        assert_eq!(instant.start, instant.end);
        let tax = row("19.00,EUR,Tax,,2026-10-01,2026-10-02,,,,,,,,Disk,").expect("tax");
        assert_eq!(
            (tax.quantity, tax.unit, tax.product, tax.charge_name.as_str()),
            (None, None, None, "Tax, Disk")
        );
        let credit = row("-10.00,EUR,Credit,,2026-10-01,2026-10-02,,,,,,,,,c-7").expect("credit");
        assert_eq!((credit.billed.to_string().as_str(), credit.event_number.as_str()), ("-10.00", "c-7"));
        assert_eq!(credit.charge_name, "Credit");
        let plan = row("5,EUR,Purchase,Plan,2026-10-01,2026-10-02,,,3.2,USD,USD,,,,").expect("a commitment");
        assert_eq!(plan.unit.as_deref(), Some("USD"));
    }

    #[test]
    fn long_texts_are_kept_whole_beside_a_short_one() {
        let id = format!("/subscriptions/{}", "x".repeat(200));
        let row =
            row(&format!("1,EUR,Usage,{0},2026-10-01,2026-10-02,5,Hours,,,,{id},{0},,", "d".repeat(300)))
                .expect("a row");
        let service = row.service_id.expect("a service");
        assert!(service.starts_with("/subscriptions/xxx") && service.chars().count() == 120);
        let columns: Vec<_> = row.notes.iter().map(|note| note.column).collect();
        assert_eq!(columns, ["ResourceId", "SkuId", "ChargeDescription"]);
        assert_eq!(row.notes[0].whole, id);
    }

    #[test]
    fn a_refused_row_keeps_its_amount() {
        for (text, reason, currency, billed) in [
            ("9.00,EUR,Usage,a,2026-10-01,2026-10-02,,,,,,,,,", "there is no quantity", "EUR", Some("9.00")),
            (
                "9.00,EUR,Usage,a,2026-10-01,2026-10-02,5,Furlongs,,,,,,,",
                "there is no unit code for the unit \"Furlongs\"",
                "EUR",
                Some("9.00"),
            ),
            (
                "9.00,EUR,Tax,a,2026-10-01,2026-10-02,,,5,,,,,,",
                "there is a quantity and no unit",
                "EUR",
                Some("9.00"),
            ),
            (
                "9.00,XXX,Tax,a,2026-10-01,2026-10-02,,,,,,,,,",
                "BillingCurrency \"XXX\" is not an active currency",
                "XXX",
                Some("9.00"),
            ),
            (
                "9.00,X\nbilled EUR 999,Tax,a,2026-10-01,2026-10-02,,,,,,,,,",
                "BillingCurrency \"X\\nbilled EUR 999\" is no code of three capital letters",
                "X\nbilled EUR 999",
                Some("9.00"),
            ),
            (
                "9.00,EUR\u{200b},Tax,a,2026-10-01,2026-10-02,,,,,,,,,",
                "BillingCurrency \"EUR\\u{200b}\" is no code of three capital letters",
                "EUR\u{200b}",
                Some("9.00"),
            ),
            ("9.00,,Tax,a,2026-10-01,2026-10-02,,,,,,,,,", "BillingCurrency is empty", "", Some("9.00")),
            ("NULL,EUR,Tax,a,2026-10-01,2026-10-02,,,,,,,,,", "BilledCost is empty", "EUR", None),
            (
                "9.00,EUR,Tax,a,18.09.2026,2026-10-02,,,,,,,,,",
                "ChargePeriodStart \"18.09.2026\" is not a date and time",
                "EUR",
                Some("9.00"),
            ),
            (
                "9.00,EUR,Tax,a,2026-10-02,2026-10-01,,,,,,,,,",
                "ChargePeriodEnd lies before ChargePeriodStart",
                "EUR",
                Some("9.00"),
            ),
            ("9.00,EUR,,a,2026-10-02,2026-10-01,,,,,,,,,", "ChargeCategory is empty", "EUR", Some("9.00")),
            ("9.00,EUR", "ChargeCategory is empty", "EUR", Some("9.00")),
            (
                "-.1234567890123456789012345678901,EUR,Tax,a,2026-10-01,2026-10-02,,,,,,,,,",
                "BilledCost \"-.1234567890123456789012345678901\" has more digits than can be kept exactly",
                "EUR",
                Some("-0.1234567890123456789012345678901"),
            ),
            (
                "9.00,EUR,Tax,a,1026-10-01,2026-10-02,,,,,,,,,",
                "ChargePeriodStart \"1026-10-01\" is in the year 1026",
                "EUR",
                Some("9.00"),
            ),
            (
                "9.00,EUR,Tax,a\0,2026-10-02,2026-10-01,,,,,,,,,",
                "ChargeDescription holds a zero character",
                "EUR",
                Some("9.00"),
            ),
        ] {
            let refused = row(text).expect_err(text);
            assert!(refused.reason.starts_with(reason), "{text}: {}", refused.reason);
            assert_eq!((refused.currency.as_str(), refused.billed.as_deref()), (currency, billed), "{text}");
        }
    }
}
