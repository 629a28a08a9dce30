//! Lists that this console exported and that come back: untouched they say nothing new, and what was changed in them is
//! told, whatever an event that is there already may lack.

use super::*;
use export_files::{About, Cell, Format, Head, TableFile};
use import_files::{Place, differences};
use rest_contract::Record;
use rest_contract::oracle::{CHARGE, EVENT};

/// The columns of the list of events, as their heads stand on the screen.
const HEADS: [&str; 10] = [
    "Event",
    "Batch",
    "Status",
    "Quantity",
    "Unit",
    "Amount",
    "Currency",
    "Service",
    "Start (UTC)",
    "End (UTC)",
];

fn exported(format: Format, rows: &[[Cell<'_>; 10]]) -> Vec<u8> {
    let heads: Vec<Head> = HEADS.iter().map(|title| Head::new(title, 120)).collect();
    let mut file = TableFile::begin(format, "Usage events", &heads, 0).expect("a file");
    rows.iter().for_each(|row| file.push_row(row).expect("a row"));
    let mut bytes = file.take();
    bytes.extend(file.finish(&About::default()).expect("the end").rest);
    bytes
}

fn event(fields: &str, charges: &[&str]) -> Record {
    let mut event = Record::read(&EVENT, fields.as_bytes()).expect("an event");
    let charges = charges.iter().map(|charge| Record::read(&CHARGE, charge.as_bytes()).expect("a charge"));
    assert!(event.set_children("usageCharges", charges.collect()));
    event
}

/// 2026-09-05T10:00:00.25Z in microseconds.
const START: i64 = 1_788_602_400_250_000;

#[test]
fn an_untouched_list_says_what_is_there_whatever_its_events_lack() {
    let (text, number) = (Cell::Text, Cell::Number);

    let rows = [
        // Rated, with a text that looks like a formula.
        [
            text("A"),
            text("UB"),
            text("Processed"),
            number("5.250"),
            text("HR"),
            number("-1234.50"),
            text("EUR"),
            text("=1+1"),
            Cell::Time(START),
            Cell::Time(START),
        ],
        // Neither rated nor with a currency or an end.
        [
            text("0049"),
            text("UB"),
            text("Error"),
            number("1"),
            text("QQQ"),
            Cell::Blank,
            Cell::Blank,
            text("s"),
            Cell::Time(START),
            Cell::Blank,
        ],
        // In two currencies, one of them not active.
        [
            text("C"),
            text("UB"),
            text("Processed"),
            Cell::Blank,
            Cell::Blank,
            text("2.00 EUR, 3 XXX"),
            text("XXX"),
            text("s"),
            Cell::Time(START),
            Cell::Blank,
        ],
    ];
    let there = [
        event(
            r#"{"EventNumber":"A","UsageQuantity":5.25,"UsageUnitOfMeasure":"HR","CurrencyCode":"EUR","ServiceId":"=1+1","ReportedUsageQuantity":5,"EventStartTime":"2026-09-05T10:00:00.25Z","EventEndTime":"2026-09-05T10:00:00.25Z"}"#,
            &[
                r#"{"BilledAmount":-1000,"ChargeCurrency":"EUR"}"#,
                r#"{"BilledAmount":-234.5,"ChargeCurrency":"EUR"}"#,
            ],
        ),
        event(
            r#"{"EventNumber":"0049","UsageQuantity":1,"UsageUnitOfMeasure":"QQQ","CurrencyCode":null,"ServiceId":"s","EventStartTime":"2026-09-05T10:00:00.25Z"}"#,
            &[],
        ),
        event(
            r#"{"EventNumber":"C","CurrencyCode":"XXX","ServiceId":"s","EventStartTime":"2026-09-05T10:00:00.25Z"}"#,
            &[r#"{"BilledAmount":3,"ChargeCurrency":"XXX"}"#, r#"{"BilledAmount":2,"ChargeCurrency":"EUR"}"#],
        ),
    ];
    let told = |bytes: &[u8]| -> Vec<(String, Option<String>, Vec<String>)> {
        let table = table(bytes);
        let (mapping, questions) = mapping(&table);
        assert_eq!(questions, []);
        let mut reader = RowReader::new(&mapping, &table.headers).expect("a header");
        let rows = table.rows.iter().map(|row| reader.read(&row, |code| code != "XXX").expect("a row"));
        let told = rows.zip(&there).map(|(row, there)| {
            let others = differences(there, &row);
            let words = others.iter().map(|one| format!("{} {} {}", one.title, one.there, one.in_file));
            (row.number.clone(), row.lacks.clone(), words.collect())
        });
        told.collect()
    };
    let untouched = told(&exported(Format::Xlsx, &rows));
    let lacks = ["Amount is empty", "Currency \"XXX\" is not an active currency"];
    assert_eq!(
        untouched,
        [
            ("A".to_owned(), None, vec![]),
            ("0049".to_owned(), Some(lacks[0].to_owned()), vec![]),
            ("C".to_owned(), Some(lacks[1].to_owned()), vec![]),
        ]
    );
    let mut changed = rows.clone();
    changed[0][5] = number("-1234.51");
    changed[1][6] = text("EUR");
    changed[2][5] = text("2.00 EUR, 4 XXX");
    let changed: Vec<_> =
        told(&exported(Format::Xlsx, &changed)).into_iter().map(|(.., words)| words).collect();
    assert_eq!(
        changed,
        [["Amount -1234.5 -1234.51"], ["Currency  EUR"], ["Amount 3 4"]]
            .map(|words| words.map(str::to_owned).to_vec())
    );
}

#[test]
fn what_a_difference_needs_is_a_field_or_none() {
    let row = |charge: &[&str]| {
        let there =
            event(r#"{"EventNumber":"A","CurrencyCode":"EUR","SubscriptionProductPuid":"P"}"#, charge);
        let text = format!("{HEADER}\nA;2026-09-05;Q;EUR;5\n");
        let outcome = read(text.as_bytes());
        let places = differences(&there, &outcome.events[0]).into_iter().map(|one| match one.place {
            Place::Event(field) | Place::Charge(field) => field.name,
            Place::Amounts => "",
        });
        places.collect::<Vec<_>>()
    };
    let charge = r#"{"BilledAmount":1,"ChargeCurrency":"EUR"}"#;
    assert_eq!(row(&[charge]), ["EventStartTime", "SubscriptionProductPuid", "BilledAmount"]);
    assert_eq!(row(&[charge, charge]), ["EventStartTime", "SubscriptionProductPuid", ""]);
}
