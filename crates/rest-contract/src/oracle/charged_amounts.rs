//! What charges come to, per currency: the one place that reads an amount off a charge.

use crate::{ExactSum, Record, Value};
use std::collections::BTreeMap;

/// Sums by currency code. Charges without a currency have an empty code and are a line of their own.
pub type Amounts = BTreeMap<String, ExactSum>;

/// Adds an amount to its currency's sum. An amount or a currency that came and was not understood is
/// counted as left out: of its currency where that is known, else of the line without one.
pub fn add_amount(sums: &mut Amounts, currency: Option<&Value>, amount: Option<&Value>) {
    let (Some(Value::Decimal(_) | Value::Unread(_)), code) = (amount, currency.and_then(Value::as_text))
    else {
        return;
    };
    let sum = sums.entry(code.unwrap_or_default().to_owned()).or_default();
    match amount {
        Some(Value::Decimal(amount)) if !currency.is_some_and(Value::is_unread) => sum.add(*amount),
        _ => sum.leave_out(),
    }
}

/// What all charges of an event come to, as far as `counts` lets them. Charges that came as no list at all,
/// and those that did not come with the others, are one amount that is left out.
pub fn billed_by(event: &Record, counts: impl Fn(&Record) -> bool) -> Amounts {
    let mut sums = Amounts::new();
    for charge in event.children("usageCharges").unwrap_or_default().iter().filter(|charge| counts(charge)) {
        add_amount(&mut sums, charge.get("ChargeCurrency"), charge.get("BilledAmount"));
    }
    for _ in 0..missing_charges(event) {
        sums.entry(String::new()).or_default().leave_out();
    }
    sums
}

/// How many charges of an event came as something that is none; a collection that is no list, or that did
/// not come whole, is one.
pub fn missing_charges(event: &Record) -> usize {
    event
        .faults()
        .iter()
        .filter(|fault| matches!(fault.field.as_str(), "usageCharges" | "usageCharges/"))
        .count()
}

/// Adds one set of sums to another, currency by currency.
pub fn merge(into: &mut Amounts, from: &Amounts) {
    for (currency, sum) in from {
        into.entry(currency.clone()).or_default().merge(sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::EVENT;

    fn check(charges: &str, expected: &[(&str, Option<&str>, u32)]) {
        let body = format!(r#"{{"EventNumber":"E-1","usageCharges":{charges}}}"#);
        let event = Record::read(&EVENT, body.as_bytes()).expect("an event");
        let sums = billed_by(&event, |_| true);
        let found: Vec<_> =
            sums.iter().map(|(code, sum)| (code.as_str(), sum.text(), sum.left_out())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(code, text, out)| (*code, text.map(str::to_owned), *out)).collect();
        assert_eq!(found, expected, "{charges}");
    }

    #[test]
    fn amounts_that_are_not_understood_are_left_out_and_counted() {
        check(
            r#"[{"BilledAmount":1.10,"ChargeCurrency":"EUR"},{"BilledAmount":2,"ChargeCurrency":null}]"#,
            &[("", Some("2"), 0), ("EUR", Some("1.10"), 0)],
        );
        check(
            r#"[{"BilledAmount":0.333333333333333333333333333333333333,"ChargeCurrency":"EUR"},{"BilledAmount":1,"ChargeCurrency":"EUR"}]"#,
            &[("EUR", Some("1"), 1)],
        );
        check(r#"[{"BilledAmount":1,"ChargeCurrency":7}]"#, &[("", Some("0"), 1)]);
        check(r#"[17]"#, &[("", Some("0"), 1)]);
        let one = r#""items":[{"BilledAmount":1.10,"ChargeCurrency":"EUR"}]"#;
        for more in [r#""hasMore":true"#, r#""hasMore":"yes""#, r#""count":2"#, r#""totalResults":2"#] {
            check(&format!("{{{one},{more}}}"), &[("", Some("0"), 1), ("EUR", Some("1.10"), 0)]);
        }
        check(
            &format!(r#"{{{one},"count":1,"totalResults":1,"hasMore":false}}"#),
            &[("EUR", Some("1.10"), 0)],
        );
        check(r#"{"items":[],"hasMore":true}"#, &[("", Some("0"), 1)]);
        check(r#""none""#, &[("", Some("0"), 1)]);
        check(r#"[{"BilledAmount":null,"ChargeCurrency":"EUR"}]"#, &[]);
        check("null", &[]);
    }
}
