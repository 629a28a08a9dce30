//! Rules of approvals, and what they find in a content.

use super::{Act, Content};
use crate::{ExactSum, Record, Value};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

/// Over so many hours the acts of one person that needed no approval add up, so that several small ones are not a way
/// past a limit; and so long a rule that was lifted stays in force.
pub const ADD_UP_HOURS: i64 = 24;

/// `RuleKind` of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// Submitting more than `AmountLimit` of `CurrencyCode`.
    Amount,
    /// Submitting more than `CountLimit` reversals.
    Reversals,
    /// Every purge.
    Purge,
}

impl RuleKind {
    pub const ALL: [Self; 3] = [Self::Amount, Self::Reversals, Self::Purge];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Amount => "AMOUNT",
            Self::Reversals => "REVERSALS",
            Self::Purge => "PURGE",
        }
    }

    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The rules in force. Of two of one kind (and currency) the stricter one counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The limit of each currency. Where there is any, a currency without one has the limit zero.
    pub amounts: BTreeMap<String, Decimal>,
    pub reversals: Option<u64>,
    pub purge: bool,
}

/// What a person did within `ADD_UP_HOURS` without an approval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    pub amounts: BTreeMap<Option<String>, ExactSum>,
    pub reversals: u64,
}

/// Why an act needs a second person. Amounts are digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Need {
    /// The amount of the act with what went before is above the limit; without one, any amount is.
    Amount {
        currency: Option<String>,
        amount: String,
        earlier: String,
        limit: Option<String>,
    },
    /// So many events have no amount yet.
    NotKnown {
        events: u64,
    },
    Reversals {
        count: u64,
        earlier: u64,
        limit: u64,
    },
    Purge,
}

impl Rules {
    /// From the records of `usageApprovalRules`. One that cannot be read is no reason to let something pass: it counts
    /// as the limit zero.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut rules = Self::default();
        for record in records {
            match record.text("RuleKind").and_then(RuleKind::of) {
                Some(RuleKind::Amount) => {
                    let currency = record.text("CurrencyCode").unwrap_or_default();
                    rules.limit(
                        currency,
                        record.get("AmountLimit").and_then(Value::as_decimal).unwrap_or_default(),
                    );
                }
                Some(RuleKind::Reversals) => {
                    let limit = record.get("CountLimit").and_then(Value::as_integer);
                    rules.count(limit.and_then(|limit| u64::try_from(limit).ok()).unwrap_or_default());
                }
                Some(RuleKind::Purge) => rules.purge = true,
                None => {}
            }
        }
        rules
    }

    pub fn limit(&mut self, currency: &str, limit: Decimal) {
        let known = self.amounts.entry(currency.to_owned()).or_insert(limit);
        *known = limit.min(*known);
    }

    pub fn count(&mut self, limit: u64) {
        self.reversals = Some(self.reversals.map_or(limit, |known| known.min(limit)));
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Each of them as a sentence; `amount` writes digits of a currency as the reader has them.
    pub fn words(&self, amount: &dyn Fn(Option<&str>, &str) -> String) -> Vec<String> {
        let amounts = self.amounts.iter().map(|(currency, limit)| {
            let limit = amount(Some(currency), &limit.normalize().to_string());
            format!("More than {limit} needs an approval.")
        });
        let mut words: Vec<_> = amounts.collect();
        words.extend(match self.reversals {
            Some(1) => Some("More than 1 reversal needs an approval.".to_owned()),
            limit => limit.map(|limit| format!("More than {limit} reversals need an approval.")),
        });
        words.extend(self.purge.then(|| Need::Purge.words(amount)));
        words
    }

    /// Whether any of them is about this act at all.
    pub fn concern(&self, act: Act) -> bool {
        match act {
            Act::Purge => self.purge,
            Act::Submit => !self.amounts.is_empty(),
            Act::Reverse => !self.amounts.is_empty() || self.reversals.is_some(),
        }
    }

    /// Why the content needs a second person; nothing where it does not.
    pub fn needs(&self, content: &Content, earlier: &Earlier) -> Vec<Need> {
        if content.act == Act::Purge {
            return if self.purge { vec![Need::Purge] } else { Vec::new() };
        }
        let mut needs = Vec::new();
        if !self.amounts.is_empty() {
            needs.extend(content.amounts.iter().filter_map(|(currency, amount)| {
                self.amount_need(currency.as_deref(), amount, earlier.amounts.get(currency))
            }));
            if content.not_known > 0 {
                needs.push(Need::NotKnown { events: content.not_known });
            }
        }
        if let (Act::Reverse, Some(limit)) = (content.act, self.reversals) {
            let (count, earlier) = (content.reversals, earlier.reversals);
            if count > 0 && count.saturating_add(earlier) > limit {
                needs.push(Need::Reversals { count, earlier, limit });
            }
        }
        needs
    }

    fn amount_need(
        &self,
        currency: Option<&str>,
        amount: &ExactSum,
        earlier: Option<&ExactSum>,
    ) -> Option<Need> {
        if amount.is_zero() {
            return None;
        }
        let limit = currency.and_then(|currency| self.amounts.get(currency));
        let mut bound = ExactSum::default();
        bound.add(limit.copied().unwrap_or_default());
        let earlier = earlier.copied().unwrap_or_default();
        let mut total = *amount;
        total.merge(&earlier);
        (total.compare_sizes(&bound) == Ordering::Greater).then(|| Need::Amount {
            currency: currency.map(str::to_owned),
            amount: digits(amount),
            earlier: digits(&earlier),
            limit: limit.map(|limit| limit.normalize().to_string()),
        })
    }
}

/// The digits of a sum without zeros behind the last other one.
pub(super) fn digits(sum: &ExactSum) -> String {
    let Some(text) = sum.text() else { return "?".to_owned() };
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

impl Need {
    /// The reason as a sentence; `amount` writes digits of a currency as the reader has them.
    pub fn words(&self, amount: &dyn Fn(Option<&str>, &str) -> String) -> String {
        match self {
            Self::Amount { currency, amount: own, earlier, limit } => {
                let write = |digits: &str| amount(currency.as_deref(), digits);
                let before = match earlier.as_str() {
                    "0" => String::new(),
                    earlier => format!(
                        ", with {} that you submitted within {ADD_UP_HOURS} hours without an approval,",
                        write(earlier)
                    ),
                };
                match limit {
                    Some(limit) => format!("{}{before} is above the limit of {}.", write(own), write(limit)),
                    None => format!(
                        "{} has no limit of its currency, so every amount needs an approval.",
                        write(own)
                    ),
                }
            }
            Self::NotKnown { events: 1 } => "The amount of 1 event is not known yet.".to_owned(),
            Self::NotKnown { events } => format!("The amounts of {events} events are not known yet."),
            Self::Reversals { count, earlier, limit } => {
                let before = match earlier {
                    0 => String::new(),
                    earlier => format!(
                        ", with {earlier} that you submitted within {ADD_UP_HOURS} hours without an approval,"
                    ),
                };
                let (what, verb) = if *count == 1 { ("1 reversal", "is") } else { ("", "are") };
                let what = if what.is_empty() { format!("{count} reversals") } else { what.to_owned() };
                format!("{what}{before} {verb} above the limit of {limit}.")
            }
            Self::Purge => "Every purge needs an approval.".to_owned(),
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount =
            |currency: Option<&str>, digits: &str| format!("{} {digits}", currency.unwrap_or("no currency"));
        out.write_str(&self.words(&amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::approval::APPROVAL_RULE;
    use crate::read_decimal;

    fn rules() -> Rules {
        let records = [
            r#"{"RuleName":"a","RuleKind":"AMOUNT","CurrencyCode":"EUR","AmountLimit":5000.00}"#,
            r#"{"RuleName":"b","RuleKind":"AMOUNT","CurrencyCode":"EUR","AmountLimit":9000}"#,
            r#"{"RuleName":"c","RuleKind":"REVERSALS","CountLimit":20}"#,
            r#"{"RuleName":"d","RuleKind":"SOMETHING"}"#,
        ];
        let records = records.map(|body| Record::read(&APPROVAL_RULE, body.as_bytes()).expect("a record"));
        Rules::of(&records)
    }

    fn sum(digits: &str) -> ExactSum {
        let mut sum = ExactSum::default();
        sum.add(read_decimal(digits).expect("a decimal"));
        sum
    }

    fn content(act: Act, amounts: &[(Option<&str>, &str)]) -> Content {
        let amounts = amounts.iter().map(|(currency, digits)| (currency.map(str::to_owned), sum(digits)));
        Content { amounts: amounts.collect(), ..Content::new(act, "B", rules()) }
    }

    fn told(content: &Content, earlier: &Earlier) -> Vec<String> {
        rules().needs(content, earlier).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn above_means_above_and_a_currency_without_a_limit_needs_a_second_person() {
        let none = Earlier::default();
        let of = |currency, digits| told(&content(Act::Submit, &[(currency, digits)]), &none);
        assert!(of(Some("EUR"), "5000.00").is_empty());
        assert_eq!(of(Some("EUR"), "5000.01"), ["EUR 5000.01 is above the limit of EUR 5000."]);
        let no_limit = "has no limit of its currency, so every amount needs an approval.";
        assert_eq!(of(Some("JPY"), "900000"), [format!("JPY 900000 {no_limit}")]);
        assert_eq!(of(None, "0.01"), [format!("no currency 0.01 {no_limit}")]);
        assert!(of(Some("JPY"), "0").is_empty());
        let unknown = Content { not_known: 2, ..content(Act::Submit, &[]) };
        assert_eq!(told(&unknown, &none), ["The amounts of 2 events are not known yet."]);
    }

    #[test]
    fn what_one_person_did_without_an_approval_adds_up() {
        let amounts = [(Some("EUR".to_owned()), sum("3000"))].into();
        let earlier = Earlier { amounts, reversals: 15 };
        let small = content(Act::Submit, &[(Some("EUR"), "2000.01")]);
        let within = "that you submitted within 24 hours without an approval,";
        assert_eq!(
            told(&small, &earlier),
            [format!("EUR 2000.01, with EUR 3000 {within} is above the limit of EUR 5000.")]
        );
        let reversals = Content { count: 15, reversals: 15, ..content(Act::Reverse, &[]) };
        assert!(told(&reversals, &Earlier::default()).is_empty());
        assert_eq!(
            told(&reversals, &earlier),
            [format!("15 reversals, with 15 {within} are above the limit of 20.")]
        );
        let with_replacements = Content { count: 40, reversals: 20, ..content(Act::Reverse, &[]) };
        assert!(told(&with_replacements, &Earlier::default()).is_empty(), "a replacement is no reversal");
        let replacements = Content { count: 500, ..content(Act::Reverse, &[]) };
        assert!(told(&replacements, &Earlier { reversals: 21, ..Earlier::default() }).is_empty());
        let of_rating = Content { count: 500, ..content(Act::Submit, &[]) };
        assert!(told(&of_rating, &earlier).is_empty(), "only reversals are counted");
    }

    #[test]
    fn a_sum_of_more_digits_than_can_be_held_is_above_every_limit() {
        let mut too_long = sum("1");
        for _ in 0..5 {
            too_long = too_long.times(u32::MAX);
        }
        assert_eq!(too_long.text(), None);
        let amounts = [(Some("EUR".to_owned()), too_long)].into();
        let content = Content { amounts, ..Content::new(Act::Submit, "B", rules()) };
        assert_eq!(rules().needs(&content, &Earlier::default()).len(), 1);
    }

    #[test]
    fn every_rule_is_told() {
        let amount =
            |currency: Option<&str>, digits: &str| format!("{digits} {}", currency.unwrap_or_default());
        let all = Rules { purge: true, ..rules() };
        assert_eq!(
            all.words(&amount),
            [
                "More than 5000 EUR needs an approval.",
                "More than 20 reversals need an approval.",
                "Every purge needs an approval.",
            ]
        );
        assert!(Rules::default().words(&amount).is_empty());
    }

    #[test]
    fn a_purge_needs_one_where_its_rule_is_in_force() {
        let purge = Content::new(Act::Purge, "", rules());
        assert!(told(&purge, &Earlier::default()).is_empty());
        let strict = Rules { purge: true, ..Rules::default() };
        assert_eq!(strict.needs(&purge, &Earlier::default()), [Need::Purge]);
        assert!(strict.concern(Act::Purge) && !strict.concern(Act::Submit) && !strict.concern(Act::Reverse));
        assert!(Rules::default().is_empty() && !strict.is_empty());
    }
}
