//! Loading files of usage: every row accounted for, every digit kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use demo_server::database::query;
use demo_server::load_file::{self, Answers, LoadError, LoadReport};
use import_files::{NumberForm, Totals};
use rust_decimal::Decimal;

use crate::test_service::*;

/// The real sample is not part of the project; it is looked for beside the checkout.
fn real_file() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("USAGE_DESK_SHARED").map_or(beside, PathBuf::from);
    let file = folder.join("data/focus-1.0-sample-600.csv");
    if file.is_file() {
        return Some(file);
    }
    eprintln!("skipped: there is no {}; USAGE_DESK_SHARED names its folder", file.display());
    None
}

type Cells = BTreeMap<String, String>;

/// An independent reading of the file.
fn rows_of(file: &Path) -> Vec<Cells> {
    csv::Reader::from_path(file).unwrap().into_deserialize().map(|row| row.unwrap()).collect()
}

#[tokio::test]
async fn the_real_file_is_loaded_to_the_last_digit() {
    let Some(file) = real_file() else { return };
    let service = TestService::new().await;
    let report = load_file::load(&service.service.database, &file, &Answers::default()).await.unwrap();
    let rows = rows_of(&file);
    assert_eq!(report.loaded.rows as usize + report.refused.len(), rows.len());
    assert!(report.loaded.rows >= 500, "most rows are good: {} were refused", report.refused.len());
    let refused = report.refused.iter().map(|row| row.line).collect::<Vec<_>>();
    assert!(report.refused.iter().all(|row| !row.reason.is_empty()));

    // No cell of this file holds a line break, so a row's line is its place and one for the header.
    let loaded =
        (2..).zip(&rows).filter(|(line, _)| !refused.contains(line)).map(|(_, row)| row).collect::<Vec<_>>();
    let sums = |rows: &[&Cells]| {
        let mut sums = BTreeMap::<String, Decimal>::new();
        for row in rows {
            *sums.entry(row["BillingCurrency"].clone()).or_default() +=
                row["BilledCost"].parse::<Decimal>().unwrap();
        }
        sums
    };
    let digits = |totals: &Totals| -> BTreeMap<String, Decimal> {
        totals.amounts.iter().map(|(code, sum)| (code.clone(), sum.text().parse().unwrap())).collect()
    };
    assert_eq!(digits(&report.loaded), sums(&loaded));
    let rest: Vec<_> =
        (2..).zip(&rows).filter(|(line, _)| refused.contains(line)).map(|(_, row)| row).collect();
    assert_eq!(digits(&report.refused_totals), sums(&rest));

    let sql = "SELECT e.event_number, CAST(e.reported_usage_quantity AS TEXT), e.service_id, e.currency_code, \
               CAST(c.billed_amount AS TEXT), CAST(c.extended_amount AS TEXT), c.charge_name, e.event_start_time FROM usage_events e \
               JOIN usage_charges c ON c.event_id = e.event_id \
               JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id \
               WHERE b.batch_number = $1 ORDER BY e.event_id";
    let stored =
        query(sql).bind(&report.batch_number).fetch_all(&service.service.database.readers).await.unwrap();
    assert_eq!(stored.len(), loaded.len());
    for (stored, row) in stored.iter().zip(loaded) {
        let cell = |name: &str| Some(row[name].clone()).filter(|text| text != "NULL");
        let text = |index: usize| stored.try_get::<Option<String>, _>(index).unwrap();
        assert_eq!(text(0), cell("Id"));
        assert_eq!(text(1), cell("ConsumedQuantity").or_else(|| cell("PricingQuantity")));
        let service = cell("ResourceId").or_else(|| cell("SkuPriceId")).unwrap_or_default();
        let stored = text(2).unwrap_or_default();
        let kept: String = service.chars().take(100).collect();
        assert!(
            stored == service || (stored.chars().count() == 120 && stored.starts_with(&kept)),
            "{stored}"
        );
        assert_eq!(text(3), cell("BillingCurrency"));
        assert_eq!((text(4), text(5)), (cell("BilledCost"), cell("ListCost")), "digit by digit");
        let name = text(6).unwrap();
        let description = cell("ChargeDescription").unwrap_or(row["ChargeCategory"].clone());
        let kept: String = description.chars().take(100).collect();
        assert!(name == description || (name.chars().count() == 120 && name.starts_with(&kept)), "{name}");
    }
    let batch = service.get(&format!("{BATCHES}/{}", report.batch_number.unwrap()), &[]).await.json();
    assert_eq!(batch["CountOfUsageEvents"], report.loaded.rows);

    // A second time every row is known, and no batch is made.
    let again = load_file::load(&service.service.database, &file, &Answers::default()).await.unwrap();
    assert_eq!((again.loaded.rows, again.refused.len(), again.batch_number), (0, rows.len(), None));
    assert_eq!(service.items(BATCHES, &[("limit", "499")]).await.len(), 13);
}

const HEADER: &str = "Id,BilledCost,BillingCurrency,ChargeCategory,ChargeDescription,ChargePeriodEnd,\
                      ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ListCost,PricingQuantity,PricingUnit,\
                      ResourceId,SkuId,SkuPriceId";

/// A row in the header's order, good but for the cells given.
fn row(id: &str, changes: &[(&str, &str)]) -> String {
    let good = |name: &str| match name {
        "BilledCost" => "0.00000000000000017",
        "BillingCurrency" => "USD",
        "ChargeCategory" => "Usage",
        "ChargeDescription" => "\"Storage, \"\"cold\"\"\"",
        "ChargePeriodEnd" => "2024-09-18 23:00:00",
        "ChargePeriodStart" => "2024-09-18 22:00:00",
        "ConsumedQuantity" | "PricingQuantity" => "2.50",
        "ConsumedUnit" | "PricingUnit" => "GB-Months",
        "ListCost" => "1",
        "SkuId" => "SKU",
        _ => "NULL",
    };
    let cell = |name: &str| match changes.iter().find(|(one, _)| *one == name) {
        Some((_, value)) => (*value).to_owned(),
        None if name == "Id" => id.to_owned(),
        None => good(name).to_owned(),
    };
    HEADER.split(',').map(|name| cell(name.trim())).collect::<Vec<_>>().join(",")
}

async fn load(service: &TestService, text: &str) -> Result<LoadReport, LoadError> {
    load_with(service, text.as_bytes(), &Answers::default()).await
}

async fn load_with(service: &TestService, bytes: &[u8], answers: &Answers) -> Result<LoadReport, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("usage.csv");
    std::fs::write(&path, bytes).unwrap();
    load_file::load(&service.service.database, &path, answers).await
}

#[tokio::test]
async fn refused_rows_say_why() {
    let service = TestService::new().await;
    let cases = [
        // Which cell is the amount nobody can tell.
        (vec![("BilledCost", "1,000")], "the row has 16 cells, the header has 15"),
        (vec![("BilledCost", "abc")], "BilledCost \"abc\" is not a number"),
        (vec![("BilledCost", "NULL")], "BilledCost is empty"),
        (vec![("BillingCurrency", "XXX")], "BillingCurrency \"XXX\" is not an active currency"),
        (vec![("ConsumedUnit", "Furlongs")], "there is no unit code for the unit \"Furlongs\""),
        (vec![("ChargePeriodStart", "yesterday")], "ChargePeriodStart \"yesterday\" is not a date and time"),
        (
            vec![("ChargePeriodStart", "1026-09-18 22:00:00")],
            "ChargePeriodStart \"1026-09-18 22:00:00\" is in the year 1026",
        ),
        (
            vec![("ChargePeriodEnd", "2024-12-31T23:59:60Z")],
            "ChargePeriodEnd \"2024-12-31T23:59:60Z\" is a leap second",
        ),
        (vec![("ChargePeriodEnd", "2024-09-18 21:00:00")], "ChargePeriodEnd lies before ChargePeriodStart"),
        (vec![("Id", "good")], "the event \"good\" stands in the file already"),
        (
            vec![("ConsumedQuantity", "NULL"), ("PricingQuantity", "NULL"), ("PricingUnit", "NULL")],
            "there is no quantity",
        ),
    ];
    let mut text = format!("{HEADER}\n{}\n", row("good", &[]));
    for (place, (changes, _)) in cases.iter().enumerate() {
        text += &format!("{}\n", row(&format!("row-{place}"), changes));
    }
    let report = load(&service, &text).await.unwrap();
    assert_eq!(report.loaded.rows, 1);
    for ((line, (_, reason)), refused) in (3..).zip(&cases).zip(&report.refused) {
        assert!(refused.reason.starts_with(reason), "{} instead of {reason}", refused.reason);
        assert_eq!(refused.line, line);
    }
    assert_eq!(report.refused.len(), cases.len());
    let charge = &service.items(&format!("{EVENTS}/good/child/usageCharges"), &[]).await[0];
    assert_eq!(charge["ChargeName"], "Storage, \"cold\"");
    let text = service.get(&format!("{EVENTS}/good/child/usageCharges"), &[]).await.text;
    assert!(text.contains("\"BilledAmount\":0.00000000000000017,"), "17 decimals: {text}");
}

#[tokio::test]
async fn a_malformed_file_leaves_nothing_behind() {
    let service = TestService::new().await;
    for (text, part) in [
        ("Id,Cost\n1,2\n".to_owned(), "which column is Start?"),
        ("\n\n".to_owned(), "the file has no rows"),
        (format!("{HEADER},BilledCost\n"), "\"BilledCost\" more than once, as columns 2 and 16"),
        (
            format!(
                "{HEADER}\n{}\n{}\n",
                row("a", &[("SkuPriceId", "\"open")]),
                row("b", &[("ChargeDescription", "x")])
            ),
            "line 2: a quote is opened and never closed",
        ),
        (
            format!("{HEADER}\n{}\n{}\n", row("a", &[("SkuPriceId", "\"open")]), row("b", &[])),
            "line 2: a quote is opened and closed on line 3",
        ),
        (
            format!(
                "{HEADER}\n{}\n{}\n",
                row("a", &[("ChargeDescription", "\"open")]),
                row("b", &[("ChargeDescription", "closed\"")])
            ),
            "line 2: the cell ChargeDescription holds 1 line breaks",
        ),
    ] {
        let reason = load(&service, &text).await.unwrap_err().to_string();
        assert!(reason.contains(part) && reason.contains("nothing was loaded"), "{reason}");
        assert_eq!(service.items(BATCHES, &[]).await.len(), 12);
        assert_eq!(service.get(&format!("{EVENTS}/a"), &[]).await.status.as_u16(), 404);
    }
}

#[tokio::test]
async fn a_file_of_the_standard_needs_no_number_of_its_own() {
    let service = TestService::new().await;
    let header = HEADER.trim_start_matches("Id,");
    let without_number = |changes: &[(&str, &str)]| {
        let row = row("", changes);
        row.trim_start_matches(',').to_owned()
    };
    let tax = [
        ("ChargeCategory", "Tax"),
        ("BilledCost", "19.00"),
        ("BillingCurrency", "EUR"),
        ("ConsumedQuantity", ""),
        ("ConsumedUnit", ""),
        ("PricingQuantity", ""),
        ("PricingUnit", ""),
        ("SkuId", ""),
    ];
    let mut credit = tax.to_vec();
    credit.extend([("ChargeDescription", ""), ("ListCost", "")]);
    credit[0].1 = "Credit";
    credit[1].1 = "-10.00";
    let long = format!("/subscriptions/{}", "x".repeat(128));
    let usage = [("BillingCurrency", "EUR"), ("BilledCost", "100.00"), ("ResourceId", long.as_str())];
    let odd = [("BillingCurrency", "EUR"), ("BilledCost", "9.00"), ("ConsumedUnit", "Furlongs")];
    let rows = [&usage[..], &tax, &credit, &odd, &usage].map(without_number);
    let text = format!("{header}\r\n{}\r\n", rows.join("\r\n"));
    let report = load(&service, &text).await.unwrap();
    assert_eq!((report.loaded.rows, report.refused.len()), (4, 1));
    assert_eq!(report.refused[0].line, 5);
    let sum = |totals: &Totals| totals.amounts["EUR"].text();
    assert_eq!((sum(&report.loaded), sum(&report.refused_totals)), ("209.00".to_owned(), "9.00".to_owned()));

    let batch = format!("{BATCHES}/{}/child/usageEvents", report.batch_number.unwrap());
    let shape = [("expand", "usageCharges,usageMessages"), ("orderBy", "EventId:asc")];
    let events = service.items(&batch, &shape).await;
    let number = events[0]["EventNumber"].as_str().unwrap();
    assert_eq!(events[3]["EventNumber"], format!("{number}-2"), "of two rows alike each is an event");
    // The long id is whole beside the short one.
    let short = events[0]["ServiceId"].as_str().unwrap();
    assert!(short.len() == 120 && long.starts_with(&short[..100]), "{short}");
    let message = &events[0]["usageMessages"]["items"][0];
    assert_eq!(message["MessageText"], format!("ResourceId: {long}"));
    assert_eq!(message["MessageType"], "ORA_INFO");
    assert_eq!(events[1]["usageCharges"]["items"][0]["ChargeName"], "Storage, \"cold\"");
    assert_eq!(events[2]["usageCharges"]["items"][0]["ChargeName"], "Credit");
    assert_eq!(events[2]["UsageQuantity"], serde_json::Value::Null);

    // The same file once more, its columns in another order: every row is known.
    let again = load(&service, &text).await.unwrap();
    assert_eq!((again.loaded.rows, again.refused.len()), (0, 5));
    assert_eq!(sum(&again.refused_totals), "218.00");
}

#[tokio::test]
async fn sums_keep_more_digits_than_an_amount_can_have() {
    let service = TestService::new().await;
    let amounts = ["99999999999.99", "0.00000000000000000001", "-0.00000000000000000003"];
    let rows = amounts
        .iter()
        .enumerate()
        .map(|(place, amount)| row(&format!("r{place}"), &[("BilledCost", amount)]));
    let text = format!("{HEADER}\n{}\n", rows.collect::<Vec<_>>().join("\n"));
    let report = load(&service, &text).await.unwrap();
    assert_eq!(report.loaded.amounts["USD"].text(), "99999999999.98999999999999999998");
    // One more digit than an event can hold is refused, and stands in the sum of what is.
    let amounts = [
        "79228162514264337593543950335",
        "0.0000000000000000000000000001",
        "1234567890123456789012345678901.5",
        ".0000000000000000000000000000000000000001",
    ];
    let rows = amounts
        .iter()
        .enumerate()
        .map(|(place, amount)| row(&format!("s{place}"), &[("BilledCost", amount)]));
    let text = format!("{HEADER}\n{}\n", rows.collect::<Vec<_>>().join("\n"));
    let report = load(&service, &text).await.unwrap();
    assert_eq!(report.loaded.rows, 2);
    assert_eq!(
        report.loaded.amounts["USD"].text(),
        "79228162514264337593543950335.0000000000000000000000000001"
    );
    let refused = &report.refused_totals.amounts["USD"];
    assert_eq!(refused.left_out(), 0);
    assert_eq!(refused.text(), "1234567890123456789012345678901.5000000000000000000000000000000000000001");
}

#[tokio::test]
async fn a_cell_that_becomes_no_field_may_have_many_lines() {
    let service = TestService::new().await;
    let tags = "\"{\r\n  \"\"team\"\": \"\"a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q\"\"\r\n}\"";
    let rows = [row("a", &[]), row("b", &[("ConsumedUnit", "Furlongs")]), row("c", &[])];
    let rows = rows.map(|row| format!("{row},{tags}"));
    let report = load(&service, &format!("{HEADER},Tags\r\n{}\r\n", rows.join("\r\n"))).await.unwrap();
    assert_eq!(report.loaded.rows, 2);
    assert_eq!(report.refused.iter().map(|row| row.line).collect::<Vec<_>>(), [5]);
    assert!(report.refused[0].row.cells[15].shown().contains("\"team\""));
}

#[tokio::test]
async fn any_file_whose_columns_are_known_is_loaded_and_what_is_in_doubt_is_asked() {
    let service = TestService::new().await;
    let text = "Date;Item;Account;Quantity;Unit;Currency;Betrag;Note\n\
                05.09.2026;P;acme;5;Hours;EUR;1.000;a\n\
                06.09.2026;Q;acme;2;HR;EUR;2.000;\n";
    let asked = load(&service, text).await.unwrap_err().to_string();
    assert!(asked.contains("is 1.000 1.000 or 1000? Say --decimal point or --decimal comma."), "{asked}");
    assert_eq!(service.items(BATCHES, &[]).await.len(), 12);
    let comma = Answers { numbers: Some(NumberForm::Comma), ..Answers::default() };
    let report = load_with(&service, text.as_bytes(), &comma).await.unwrap();
    assert_eq!((report.loaded.rows, report.loaded.amounts["EUR"].text()), (2, "3000".to_owned()));
    let events = service
        .items(
            &format!("{BATCHES}/{}/child/usageEvents", report.batch_number.unwrap()),
            &[("expand", "usageCharges"), ("orderBy", "EventId:asc")],
        )
        .await;
    assert_eq!(events[0]["EventStartTime"], "2026-09-05T00:00:00+00:00");
    assert_eq!(
        (&events[0]["UsageUnitOfMeasure"], &events[0]["EventRatingType"]),
        (&"HR".into(), &"ORA_PRE_RATED".into())
    );
    assert_eq!(events[0]["usageCharges"]["items"][0]["BilledAmount"], 1000);
    // Delivered again, corrected: what is there already is not added once more.
    let corrected = text.replace("1.000", "1.000,50") + "07.09.2026;T;acme;1;HR;EUR;3,00;\n";
    let again = load(&service, &corrected).await.unwrap();
    assert_eq!((again.loaded.rows, again.loaded.amounts["EUR"].text()), (1, "3.00".to_owned()));
    let reasons: Vec<_> = again.refused.iter().map(|row| row.reason.as_str()).collect();
    assert!(reasons[0].ends_with("is loaded already, with the amount 1000"), "{reasons:?}");
    assert!(reasons[1].ends_with("is loaded already"), "{reasons:?}");
}
