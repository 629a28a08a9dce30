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

/// What allowances cover of the prices of an event's charges, as far as `counts` lets them. Currencies in which
/// they cover nothing are not among them.
pub fn covered_by(event: &Record, counts: impl Fn(&Record) -> bool) -> Amounts {
    let mut sums = Amounts::new();
    for charge in event.children("usageCharges").unwrap_or_default().iter().filter(|charge| counts(charge)) {
        add_amount(&mut sums, charge.get("ChargeCurrency"), charge.get("AllowanceAmount"));
    }
    sums.retain(|_, covered| !covered.is_zero());
    sums
}

/// Whether an amount is nothing because allowances cover all of the price, which is another thing than
/// nothing. `covered` is what they cover in its currency.
pub fn is_all_covered(amount: &ExactSum, covered: Option<&ExactSum>) -> bool {
    amount.is_zero() && amount.left_out() == 0 && covered.is_some_and(|covered| !covered.is_zero())
}

/// What an event is billed in one currency.
#[derive(Clone, Debug, PartialEq)]
pub struct EventAmount {
    /// An empty code stands for charges without one.
    pub currency: String,
    pub amount: ExactSum,
    /// It is nothing because allowances cover all of it.
    pub is_covered: bool,
}

impl EventAmount {
    /// The amounts of an event with what allowances cover of them.
    pub fn of(billed: Amounts, covered: &Amounts) -> impl Iterator<Item = Self> {
        billed.into_iter().map(|(currency, amount)| {
            let is_covered = is_all_covered(&amount, covered.get(&currency));
            Self { currency, amount, is_covered }
        })
    }

    /// With its sign turned.
    pub fn negated(&self) -> Self {
        Self { amount: self.amount.negated(), ..self.clone() }
    }
}

/// How many charges of an event came as something that is none; a collection that is no list, or that did
/// not come whole, is one.
pub fn missing_charges(event: &Record) -> usize {
    missing_of(event, "usageCharges")
}

/// The same of an event's messages.
pub fn missing_messages(event: &Record) -> usize {
    missing_of(event, "usageMessages")
}

fn missing_of(event: &Record, children: &str) -> usize {
    let is_of = |field: &str| field.strip_suffix('/').unwrap_or(field) == children;
    event.faults().iter().filter(|fault| is_of(&fault.field)).count()
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
    fn children_that_did_not_come_whole_are_counted() {
        let told = |children: &str| {
            let body = format!(r#"{{"EventNumber":"E-1",{children}}}"#);
            let event = Record::read(&EVENT, body.as_bytes()).expect("an event");
            (missing_charges(&event), missing_messages(&event))
        };
        assert_eq!(told(r#""usageCharges":[],"usageMessages":[]"#), (0, 0));
        assert_eq!(told(r#""usageCharges":[7],"usageMessages":[]"#), (1, 0));
        assert_eq!(told(r#""usageMessages":[1,2]"#), (0, 2));
        assert_eq!(told(r#""usageMessages":{"items":[],"hasMore":true}"#), (0, 1));
        assert_eq!(told(r#""usageMessages":"none""#), (0, 1));
    }

    #[test]
    fn a_nothing_that_is_covered_is_told_from_a_nothing() {
        let told = |charges: &str| {
            let body = format!(r#"{{"EventNumber":"E-1","usageCharges":[{charges}]}}"#);
            let event = Record::read(&EVENT, body.as_bytes()).expect("an event");
            let covered = covered_by(&event, |_| true);
            let amounts = EventAmount::of(billed_by(&event, |_| true), &covered);
            let line = |one: EventAmount| {
                format!("{} {} {}", one.currency, one.amount.text().unwrap(), one.is_covered)
            };
            amounts.map(line).collect::<Vec<_>>()
        };
        let charge = |currency: &str, billed: &str, covered: &str| {
            format!(
                r#"{{"BilledAmount":{billed},"AllowanceAmount":{covered},"ChargeCurrency":"{currency}"}}"#
            )
        };
        assert_eq!(told(&charge("EUR", "0.00", "1.20")), ["EUR 0.00 true"]);
        assert_eq!(told(&charge("EUR", "0.00", "0.00")), ["EUR 0.00 false"]);
        assert_eq!(told(&charge("EUR", "0.00", "null")), ["EUR 0.00 false"]);
        assert_eq!(told(&charge("EUR", "0.30", "1.20")), ["EUR 0.30 false"]);
        // What covers one currency covers no other; what is taken back covers nothing.
        let two = format!("{},{}", charge("EUR", "0", "0"), charge("USD", "0", "2"));
        assert_eq!(told(&two), ["EUR 0 false", "USD 0 true"]);
        let back = format!("{},{}", charge("EUR", "0", "2"), charge("EUR", "0", "-2"));
        assert_eq!(told(&back), ["EUR 0 false"]);
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
