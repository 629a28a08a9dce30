//! Files without numbers of events that come a second time, corrected or not: which of their rows an earlier file had.

use super::*;
use import_files::{FailedRows, REASON_COLUMN};
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
        let cells = file.cells(row, refused.number.as_deref(), &refused.reason.replace('"', ""));
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
