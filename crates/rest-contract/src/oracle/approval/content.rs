//! What an approval is for, as one canonical text, whose SHA-256 is the digest.
//!
//! The text is UTF-8. Each line ends with a line feed and stands in this order; a name is a JSON text, so that no
//! letter of it can be taken for a line's end:
//!
//! ```text
//! usage-approval 1
//! act REVERSE
//! subject "UB-3"
//! record subscriptionUsageEventBatches 4 "UB-3"      each record with its version, ordered by resource and number
//! record usageEvents 1 "UE-1-REV"
//! count 1                                            events that the act is carried out on
//! reversals 1                                        those of them that reverse another one
//! amount 12.5 "EUR"                                  gross, by currency; null where there is none
//! not-known 0                                        events whose amount is not known yet
//! rule amount 5000 "EUR"                             the rules in force, in this order
//! rule reversals 20
//! rule purge
//! ```
//!
//! Of a purge the one record is the newest of `service_usage_events`, with the microseconds from 1970 to its creation in
//! the place of a version.

use super::rules::digits;
use super::{Act, Rules};
use crate::{ExactSum, read_decimal};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const FORM: &str = "usage-approval 1";

/// What is approved, and nothing else is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub act: Act,
    /// The batch; nothing for a purge.
    pub subject: String,
    /// The version of each record, by resource and number.
    pub records: BTreeMap<(String, String), i64>,
    /// How many events the act is carried out on.
    pub count: u64,
    /// How many of them reverse another one; a batch of reversals may hold their replacements too.
    pub reversals: u64,
    /// What the events come to, each charge without its sign; `None` holds charges without a currency.
    pub amounts: BTreeMap<Option<String>, ExactSum>,
    /// Events whose amount is not known yet.
    pub not_known: u64,
    pub rules: Rules,
}

/// In what a content differs from the one before. Amounts are digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Difference {
    Changed {
        number: String,
    },
    Added {
        number: String,
    },
    Gone {
        number: String,
    },
    /// So many records more changed, came or went.
    More {
        count: u64,
    },
    Amount {
        currency: Option<String>,
        before: String,
        now: String,
    },
    Rules,
}

/// So many records are named; of more, how many they are.
const MOST_NAMED: usize = 20;

impl Content {
    /// Without any record yet.
    pub fn new(act: Act, subject: &str, rules: Rules) -> Self {
        let subject = subject.to_owned();
        Self {
            act,
            subject,
            records: BTreeMap::new(),
            count: 0,
            reversals: 0,
            amounts: BTreeMap::new(),
            not_known: 0,
            rules,
        }
    }

    /// The canonical text.
    pub fn text(&self) -> String {
        let mut text = format!("{FORM}\nact {}\nsubject {}\n", self.act.code(), name(Some(&self.subject)));
        let mut line = |line: std::fmt::Arguments<'_>| {
            let _ = text.write_fmt(line);
            text.push('\n');
        };
        for ((resource, number), version) in &self.records {
            line(format_args!("record {resource} {version} {}", name(Some(number))));
        }
        line(format_args!("count {}", self.count));
        line(format_args!("reversals {}", self.reversals));
        for (currency, amount) in &self.amounts {
            line(format_args!("amount {} {}", digits(amount), name(currency.as_deref())));
        }
        line(format_args!("not-known {}", self.not_known));
        for (currency, limit) in &self.rules.amounts {
            line(format_args!("rule amount {} {}", limit.normalize(), name(Some(currency))));
        }
        if let Some(limit) = self.rules.reversals {
            line(format_args!("rule reversals {limit}"));
        }
        if self.rules.purge {
            line(format_args!("rule purge"));
        }
        text
    }

    /// SHA-256 of the text, in hexadecimal digits.
    pub fn digest(&self) -> String {
        digest_of(&self.text())
    }

    /// The content of a canonical text; nothing where it is none.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(FORM) {
            return None;
        }
        let act = Act::of(lines.next()?.strip_prefix("act ")?)?;
        let subject = read_name(lines.next()?.strip_prefix("subject ")?)??;
        let mut content = Self::new(act, &subject, Rules::default());
        for line in lines {
            content.read_line(line)?;
        }
        (content.text() == text).then_some(content)
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "record" => {
                let mut parts = rest.splitn(3, ' ');
                let (resource, version) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
                self.records.insert((resource, read_name(parts.next()?)??), version);
            }
            "count" => self.count = rest.parse().ok()?,
            "reversals" => self.reversals = rest.parse().ok()?,
            "amount" => {
                let (digits, currency) = rest.split_once(' ')?;
                self.amounts.insert(read_name(currency)?, ExactSum::of(digits, 0));
            }
            "not-known" => self.not_known = rest.parse().ok()?,
            "rule" => match rest.split_once(' ') {
                Some(("amount", rest)) => {
                    let (limit, currency) = rest.split_once(' ')?;
                    self.rules.limit(&read_name(currency)??, read_decimal(limit).ok()?);
                }
                Some(("reversals", limit)) => self.rules.reversals = Some(limit.parse().ok()?),
                _ if rest == "purge" => self.rules.purge = true,
                _ => return None,
            },
            _ => return None,
        }
        Some(())
    }

    /// In what the content is different now.
    pub fn differences(&self, now: &Self) -> Vec<Difference> {
        let mut records = Vec::new();
        for (record, version) in &self.records {
            let number = || record.1.clone();
            match now.records.get(record) {
                None => records.push(Difference::Gone { number: number() }),
                Some(other) if other != version => records.push(Difference::Changed { number: number() }),
                Some(_) => {}
            }
        }
        let added = now.records.keys().filter(|record| !self.records.contains_key(*record));
        records.extend(added.map(|(_, number)| Difference::Added { number: number.clone() }));
        let more = records.len().saturating_sub(MOST_NAMED);
        records.truncate(MOST_NAMED);
        if more > 0 {
            records.push(Difference::More { count: more as u64 });
        }
        let currencies =
            self.amounts.keys().chain(now.amounts.keys().filter(|it| !self.amounts.contains_key(*it)));
        for currency in currencies {
            let of = |content: &Self| content.amounts.get(currency).map_or_else(|| "0".to_owned(), digits);
            let (before, now) = (of(self), of(now));
            if before != now {
                records.push(Difference::Amount { currency: currency.clone(), before, now });
            }
        }
        if self.rules != now.rules {
            records.push(Difference::Rules);
        }
        records
    }
}

impl Difference {
    /// The difference as a sentence; `amount` writes digits of a currency as the reader has them.
    pub fn words(&self, amount: &dyn Fn(Option<&str>, &str) -> String) -> String {
        match self {
            Self::Changed { number } => format!("{number} was changed."),
            Self::Added { number } => format!("{number} was added."),
            Self::Gone { number } => format!("{number} is not in it any more."),
            Self::More { count: 1 } => "1 more record is different.".to_owned(),
            Self::More { count } => format!("{count} more records are different."),
            Self::Amount { currency, before, now } => {
                let write = |digits: &str| amount(currency.as_deref(), digits);
                format!("It came to {}, and comes to {} now.", write(before), write(now))
            }
            Self::Rules => "The rules of approvals were changed.".to_owned(),
        }
    }
}

/// SHA-256 of a text, in hexadecimal digits.
fn digest_of(text: &str) -> String {
    let mut digest = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

fn name(text: Option<&str>) -> String {
    serde_json::to_string(&text).unwrap_or_default()
}

fn read_name(text: &str) -> Option<Option<String>> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Content {
        let mut content = Content::new(Act::Reverse, "UB-3", Rules::default());
        for (resource, number, version) in [
            ("usageEvents", "UE-2", 7),
            ("subscriptionUsageEventBatches", "UB-3", 4),
            ("usageEvents", "UE \"1\"\nrecord usageEvents 9 \"UE-9\"", 1),
        ] {
            content.records.insert((resource.to_owned(), number.to_owned()), version);
        }
        content.amounts.insert(Some("EUR".to_owned()), ExactSum::of("600.00", 0));
        content.amounts.insert(None, ExactSum::of("100", 0));
        (content.count, content.reversals, content.not_known) = (2, 1, 1);
        content.rules.limit("EUR", read_decimal("5000.00").expect("a decimal"));
        content.rules.reversals = Some(20);
        content.rules.purge = true;
        content
    }

    #[test]
    fn the_text_is_the_documented_one_to_the_byte() {
        let expected = concat!(
            "usage-approval 1\nact REVERSE\nsubject \"UB-3\"\n",
            "record subscriptionUsageEventBatches 4 \"UB-3\"\n",
            "record usageEvents 1 \"UE \\\"1\\\"\\nrecord usageEvents 9 \\\"UE-9\\\"\"\n",
            "record usageEvents 7 \"UE-2\"\n",
            "count 2\nreversals 1\namount 100 null\namount 600 \"EUR\"\nnot-known 1\n",
            "rule amount 5000 \"EUR\"\nrule reversals 20\nrule purge\n",
        );
        assert_eq!(content().text(), expected);
        assert_eq!(digest_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(content().digest(), digest_of(expected));
    }

    #[test]
    fn a_text_is_read_back_whole_and_anything_else_is_no_content() {
        let text = content().text();
        assert_eq!(Content::read(&text).map(|read| read.text()), Some(text.clone()));
        for other in [
            text.replace("usage-approval 1", "usage-approval 2"),
            text.replace("act REVERSE", "act DELETE"),
            text.replace("count 2", "count two"),
            format!("{text}more\n"),
            text.replace("amount 600 ", "amount 600.00 "),
            text.trim_end().to_owned(),
        ] {
            assert_eq!(Content::read(&other), None, "{other}");
        }
    }

    #[test]
    fn the_digest_moves_with_everything_that_was_seen() {
        let mut seen = std::collections::BTreeSet::from([content().digest()]);
        let changes: [fn(&mut Content); 10] = [
            |it| it.act = Act::Submit,
            |it| it.subject.push('x'),
            |it| {
                it.records.insert(("usageEvents".to_owned(), "UE-2".to_owned()), 8);
            },
            |it| {
                it.records.pop_last();
            },
            |it| {
                it.amounts.insert(Some("EUR".to_owned()), ExactSum::of("600.01", 0));
            },
            |it| it.count = 3,
            |it| it.reversals = 2,
            |it| it.not_known = 0,
            |it| it.rules.reversals = Some(21),
            |it| it.rules.purge = false,
        ];
        for change in changes {
            let mut other = content();
            change(&mut other);
            assert!(seen.insert(other.digest()), "{}", other.text());
        }
        // Zeros at the end of a decimal say nothing.
        let mut same = content();
        same.amounts.insert(Some("EUR".to_owned()), ExactSum::of("600", 0));
        assert_eq!(same.digest(), content().digest());
    }

    #[test]
    fn differences_name_records_amounts_and_rules() {
        let mut now = content();
        now.records.insert(("usageEvents".to_owned(), "UE-2".to_owned()), 8);
        now.records.remove(&("subscriptionUsageEventBatches".to_owned(), "UB-3".to_owned()));
        now.records.insert(("usageEvents".to_owned(), "UE-4".to_owned()), 1);
        now.amounts.insert(Some("EUR".to_owned()), ExactSum::of("650.00", 0));
        now.amounts.insert(Some("JPY".to_owned()), ExactSum::of("5", 0));
        now.rules.purge = false;
        let words = |amount: &Difference| amount.words(&|currency, digits| format!("{digits} {currency:?}"));
        assert_eq!(
            content().differences(&now).iter().map(words).collect::<Vec<_>>(),
            [
                "UB-3 is not in it any more.",
                "UE-2 was changed.",
                "UE-4 was added.",
                "It came to 600 Some(\"EUR\"), and comes to 650 Some(\"EUR\") now.",
                "It came to 0 Some(\"JPY\"), and comes to 5 Some(\"JPY\") now.",
                "The rules of approvals were changed.",
            ]
        );
        assert!(content().differences(&content()).is_empty());
        let mut many = content();
        for number in 0..25 {
            many.records.insert(("usageEvents".to_owned(), format!("N-{number:02}")), 1);
        }
        let differences = content().differences(&many);
        assert_eq!(differences.len(), 21);
        assert_eq!(differences.last(), Some(&Difference::More { count: 5 }));
    }
}
