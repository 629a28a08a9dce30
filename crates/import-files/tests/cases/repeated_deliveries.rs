//! Files without numbers of events that come a second time, corrected or not: which of their rows an earlier file had.

use super::*;
use crate::made_workbook::{MadeWorkbook, row};
use import_files::{FailedRows, REASON_COLUMN, StartSpan};
use std::collections::BTreeMap;

/// What is known of each event after earlier files: its amount.
#[derive(Default)]
struct Known(BTreeMap<String, String>);

impl Known {
    /// Takes a file in, and tells how many of its rows are the same, changed and new.
    fn take(&mut self, text: &str) -> (usize, usize, usize) {
        let outcome = read(text.as_bytes());
        assert_eq!(outcome.reasons(), []);
        let (mut same, mut changed, mut new) = (0, 0, 0);
        for (number, amount) in outcome.texts("EventNumber").into_iter().zip(outcome.amounts()) {
            match self.0.insert(number, amount.clone()) {
                Some(known) if known == amount => same += 1,
                Some(_) => changed += 1,
                None => new += 1,
            }
        }
        (same, changed, new)
    }

    fn sum(&self) -> String {
        let amounts =
            self.0.values().map(|amount| amount.parse::<rust_decimal::Decimal>().expect("an amount"));
        amounts.sum::<rust_decimal::Decimal>().to_string()
    }
}

const HEADER: &str = "Account,Start,End,Product,Currency,Amount\n";

fn month(rows: &[(&str, &str)]) -> String {
    let row =
        |(product, amount): &(&str, &str)| format!("acme,2026-09-01,2026-10-01,{product},EUR,{amount}\n");
    format!("{HEADER}{}", rows.iter().map(row).collect::<String>())
}

#[test]
fn a_corrected_delivery_of_a_month_changes_what_it_corrects_and_doubles_nothing() {
    let mut known = Known::default();
    assert_eq!(known.take(&month(&[("P", "1.20"), ("Q", "2.00")])), (0, 0, 2));
    let corrected = month(&[("P", "1.25"), ("Q", "2.00"), ("T", "3.00")]);
    assert_eq!(known.take(&corrected), (1, 1, 1));
    assert_eq!(known.sum(), "6.25");
    assert_eq!(known.take(&corrected), (3, 0, 0));
}

#[test]
fn two_true_rows_that_are_equal_are_two_events_and_a_third_is_one_more() {
    let mut known = Known::default();
    assert_eq!(known.take(&month(&[("P", "1.20"), ("P", "1.20")])), (0, 0, 2));
    assert_eq!(known.take(&month(&[("P", "1.20"), ("P", "1.20")])), (2, 0, 0));
    assert_eq!(known.take(&month(&[("P", "1.20"), ("P", "1.20"), ("P", "1.20")])), (2, 0, 1));
    assert_eq!(known.sum(), "3.60");
}

#[test]
fn the_order_of_columns_and_the_notation_of_a_moment_make_no_other_row() {
    let mut known = Known::default();
    known.take(&month(&[("P", "1.20")]));
    let other = "Amount;Currency;Product;End;Start;Account\n1,20;EUR;P;01.10.2026;01.09.2026;acme\n";
    assert_eq!(known.take(other), (1, 0, 0));
}

#[test]
fn another_account_or_period_is_another_row() {
    let mut known = Known::default();
    known.take(&month(&[("P", "1.20")]));
    assert_eq!(known.take(&month(&[("P", "1.20")]).replace("acme", "other")), (0, 0, 1));
    assert_eq!(known.take(&month(&[("P", "1.20")]).replace("2026-09", "2026-08")), (0, 0, 1));
}

/// The columns of cost files that these rows are about.
const FOCUS: &str = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodEnd,ChargePeriodStart,EffectiveCost,\
                     ListCost,ResourceId,ChargeDescription,ConsumedQuantity,ConsumedUnit,x_CostInUsd\n";

fn focus_row(billed: &str, category: &str, effective: &str, resource: &str) -> String {
    let quantity = if category == "Usage" { "5,Hours" } else { "," };
    format!(
        "{billed},EUR,{category},2026-10-01,2026-09-01,{effective},{billed},{resource},d,{quantity},{billed}\n"
    )
}

#[test]
fn a_cost_file_that_is_delivered_again_changes_what_it_corrects() {
    let file = |amounts: [&str; 2]| {
        let rows =
            amounts.iter().zip(["r-1", "r-2"]).map(|(amount, id)| focus_row(amount, "Usage", amount, id));
        format!("{FOCUS}{}", rows.collect::<String>())
    };
    let mut known = Known::default();
    assert_eq!(known.take(&file(["1.20", "2.00"])), (0, 0, 2));
    assert_eq!(known.take(&file(["1.25", "2.00"])), (1, 1, 0));
    assert_eq!(known.sum(), "3.25");
}

#[test]
fn a_cost_file_is_added_up_by_what_is_billed_and_by_nothing_else() {
    // A commitment is billed once, and used up by rows that are billed nothing.
    let rows = [("100.00", "Purchase", "0"), ("0", "Usage", "60.00"), ("0", "Usage", "40.00")];
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(place, (billed, category, effective))| {
        focus_row(billed, category, effective, &format!("r-{place}"))
    });
    let outcome = read(format!("{FOCUS}{}", rows.collect::<String>()).as_bytes());
    assert_eq!((outcome.sum("EUR").as_str(), outcome.reasons()), ("100.00", vec![]));
    // A charge and the credit that takes it back are two events, and come to nothing.
    let rows = focus_row("33.86", "Usage", "33.86", "r") + &focus_row("-33.86", "Credit", "-33.86", "r");
    let outcome = read(format!("{FOCUS}{rows}").as_bytes());
    assert_eq!((outcome.events.len(), outcome.sum("EUR").as_str()), (2, "0.00"));
}

#[test]
fn rows_that_failed_are_corrected_and_read_again_under_their_own_numbers() {
    let first = month(&[("P", "1.20"), ("P", "much"), ("Q", "3.00")])
        .replace("acme,2026-09-01,2026-10-01,Q", "acme,soon,,Q");
    let table = table(first.as_bytes());
    let (mapping, _) = mapping(&table);
    let outcome = read_by(&table, &mapping);
    assert_eq!((outcome.events.len(), outcome.refused.len()), (1, 2));
    let file = FailedRows::new(&mapping, &table.headers);
    let mut rows = vec![file.headers(&table.headers).join(",")];
    for (line, refused) in &outcome.refused {
        let row = table.rows.iter().find(|row| row.number == *line).expect("the row");
        let cells = file.cells(&row, refused.number.as_deref(), &refused.reason.replace('"', ""));
        rows.push(cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(","));
    }
    let corrected = rows.join("\n").replace("much", "1.20").replace("soon", "2026-09-01");
    let again = read(corrected.as_bytes());
    assert_eq!(again.reasons(), []);
    // Of the two rows that say the same, the second is another event.
    let [one, other] = [&outcome.events[0].number, &again.events[0].number];
    assert_eq!(*other, format!("{one}-2"));
    assert_eq!(again.events[1].number, outcome.refused[1].1.number.clone().expect("a number"));
    assert_eq!(file.headers(&table.headers).last().map(String::as_str), Some(REASON_COLUMN));
}

/// The number of each row of a workbook.
fn numbers_of_workbook(rows: &str) -> Vec<String> {
    let book = MadeWorkbook::of(rows).formats(&["dd/mm/yyyy", "0000"]).bytes();
    let outcome = read(&book);
    assert_eq!(outcome.reasons(), []);
    outcome.texts("EventNumber")
}

#[test]
fn a_month_as_csv_and_as_a_workbook_is_the_same_month() {
    let csv = |start: &str, end: &str, invoice: &str| {
        let text = format!(
            "Account,Start,End,Product,Currency,Amount,Invoice day,Seats\n\
             0049,{start},{end}, P ,EUR,1.20,{invoice},5.00\n"
        );
        read(text.as_bytes()).texts("EventNumber")
    };
    let plain = csv("2026-09-01", "2026-10-01", "2026-09-15");
    assert_eq!(csv("2026-09-01T00:00:00Z", "2026-10-01T02:00:00+02:00", "15.09.2026"), plain);
    assert_eq!(csv("01.09.2026", "01.10.2026", "15/09/2026"), plain);
    let header = ["Account", "Start", "End", "Product", "Currency", "Amount", "Invoice day", "Seats"];
    let day = |days: u32| format!("<c s=\"1\"><v>{days}</v></c>");
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>");
    let cells = [
        "<c s=\"2\"><v>49</v></c>".to_owned(),
        day(46266),
        day(46296),
        text("P "),
        text("EUR"),
        "<c><v>1.2</v></c>".to_owned(),
        day(46280),
        "<c><v>5</v></c>".to_owned(),
    ];
    assert_eq!(
        numbers_of_workbook(&(row(1, &header) + &format!("<row r=\"2\">{}</row>", cells.concat()))),
        plain
    );
}

#[test]
fn a_cost_file_as_csv_and_as_a_workbook_is_the_same_file() {
    let csv = |start: &str, end: &str| {
        let row =
            focus_row("1.20", "Usage", "1.20", "r").replace("2026-10-01", end).replace("2026-09-01", start);
        read(format!("{FOCUS}{row}").as_bytes()).texts("EventNumber")
    };
    let plain = csv("2026-09-01", "2026-10-01");
    assert_eq!(csv("2026-09-01T00:00:00Z", "2026-10-01T00:00Z"), plain);
    let header: Vec<&str> = FOCUS.trim().split(',').collect();
    let cells = focus_row("1.20", "Usage", "1.20", "r");
    let cells = cells.trim().split(',').map(|cell| match cell {
        "2026-09-01" => "<c s=\"1\"><v>46266</v></c>".to_owned(),
        "2026-10-01" => "<c s=\"1\"><v>46296</v></c>".to_owned(),
        text => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    });
    let rows = row(1, &header) + &format!("<row r=\"2\">{}</row>", cells.collect::<String>());
    assert_eq!(numbers_of_workbook(&rows), plain);
}

#[test]
fn blanks_around_a_text_make_no_other_event() {
    let text = "EventNumber,Start,Product,Currency,Amount\n A ,2026-09-05, P,EUR,1\nA,2026-09-05,P,EUR,1\n";
    let outcome = read(text.as_bytes());
    assert_eq!(outcome.texts("EventNumber"), ["A"]);
    assert_eq!(outcome.texts("SubscriptionProductPuid"), ["P"]);
    assert_eq!(outcome.reasons(), [(3, "the event \"A\" stands in the file already")]);
}

/// The rows that failed as the file of them, each cell between quotes and with a guard where it could be taken for a
/// number.
fn failed_file(table: &Table, mapping: &Mapping, refused: &[(u64, RefusedRow)]) -> Vec<Vec<String>> {
    let file = FailedRows::new(mapping, &table.headers);
    let rows = refused.iter().map(|(line, refused)| {
        let row = table.rows.iter().find(|row| row.number == *line).expect("the row");
        file.cells(&row, refused.number.as_deref(), &refused.reason)
    });
    std::iter::once(file.headers(&table.headers)).chain(rows).collect()
}

#[test]
fn rows_that_failed_come_back_as_a_workbook_without_their_guards() {
    let first = format!("{HEADER}0049,2026-09-01,2026-10-01,=P,EUR,much\n");
    let table = table(first.as_bytes());
    let (mapping, _) = mapping(&table);
    let outcome = read_by(&table, &mapping);
    let failed = failed_file(&table, &mapping, &outcome.refused);
    let header: Vec<&str> = failed[0].iter().map(String::as_str).collect();
    let guarded = ["'0049", "2026-09-01", "2026-10-01", "'=P", "EUR", "1.20", &failed[1][6], "why"];
    let book = MadeWorkbook::of(&(row(1, &header) + &row(2, &guarded))).bytes();
    let again = read(&book);
    assert_eq!(again.reasons(), []);
    assert_eq!(again.texts("SubscriptionProductPuid"), ["=P"]);
    assert_eq!(Some(again.events[0].number.clone()), outcome.refused[0].1.number);
    // Without its number the row is the same one, for its account has lost the guard too.
    let without = ["'0049", "2026-09-01", "2026-10-01", "'=P", "EUR", "1.20", "", "why"];
    let book = MadeWorkbook::of(&(row(1, &header) + &row(2, &without))).bytes();
    assert_eq!(read(&book).texts("EventNumber"), again.texts("EventNumber"));
}

#[test]
fn a_row_of_another_length_is_a_row_of_its_own_once_it_is_corrected() {
    let first = month(&[("P", "1.20"), ("P", "1.20")]);
    let broken = format!("{first}acme,2026-09-01,2026-10-01,P,EUR,1,20\n");
    let table = table(broken.as_bytes());
    let (mapping, _) = mapping(&table);
    let outcome = read_by(&table, &mapping);
    assert_eq!((outcome.events.len(), outcome.refused.len()), (2, 1));
    let number = outcome.refused[0].1.number.clone().expect("a number");
    let failed = failed_file(&table, &mapping, &outcome.refused);
    // A person puts the amount together again: what stands behind it moves to its place.
    let mut corrected = failed[1].clone();
    corrected.splice(5..7, ["1.20".to_owned()]);
    let text = format!("{}\n{}\n", failed[0].join(","), corrected.join(","));
    let text = text.replace("the row has 7 cells, the header has 6", "why");
    let again = read(text.as_bytes());
    assert_eq!((again.reasons(), again.texts("EventNumber")), (vec![], vec![number.clone()]));
    assert!(outcome.events.iter().all(|event| event.number != number));
    // The same broken file has the same number once more.
    assert_eq!(read_by(&table, &mapping).refused[0].1.number, Some(number));
}

#[test]
fn a_corrected_delivery_with_other_words_for_its_measures_doubles_nothing() {
    for measures in
        ["Net,Gross,MwSt", "Amount (EUR),costInBillingCurrency,GB", "Total USD,Charges,Price per unit"]
    {
        let file = |amounts: &str| {
            let header = format!("Account,Start,Product,Currency,Billed amount,{measures}\n");
            read(format!("{header}acme,2026-09-01,P,EUR,{amounts}\n").as_bytes()).texts("EventNumber")
        };
        assert_eq!(file("1,2,3,4"), file("5,6,7,8"), "{measures}");
    }
}

#[test]
fn the_time_of_a_file_is_from_its_first_start_to_its_last() {
    let text = "Start,Product,Currency,Amount\n2026-09-05,P,EUR,1\n2026-09-01T02:00:00+02:00,P,EUR,1\n\
                2026-09-03,P,EUR,1\n2026-12-01,,EUR,1\n";
    let mut span = StartSpan::default();
    assert_eq!(span.condition(), None);
    read(text.as_bytes()).events.iter().for_each(|event| span.add(event));
    assert_eq!(
        span.condition().as_deref(),
        Some(
            "EventStartTime >= '2026-09-01T00:00:00+00:00' and EventStartTime <= '2026-09-05T00:00:00+00:00'"
        )
    );
}
