//! Errored events put together by what is wrong with them, so that a person corrects a cause and not a
//! row: by the error's key, and within it by the value that is at fault.
//!
//! Which value that is, the vendor's messages tell: the text with its parameters filled in
//! (`AdditionalMessageText`) names it. Of the event's own values the first that the text names is taken,
//! those that a person may change before the others. Where it names none that a person may change, the advice
//! may name a field in words, such as "the event's start time". No code of an error is known here.
//!
//! Not here: reading the events, and correcting them (`correction`).

use super::EVENT;
use super::charged_amounts::{Amounts, billed_by, covered_by, merge};
use super::estimate::{Consumption, EventUsage, RateBook};
use crate::schema::{Access, Field, Kind};
use crate::{Record, Value};
use std::collections::BTreeMap;

/// The value of an event that its message names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AtFault {
    /// The field's name on the wire.
    pub field: &'static str,
    /// As plain text.
    pub value: String,
}

/// What a number of errored events is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worth {
    /// Billed amounts of the charges that they have.
    pub charged: Amounts,
    /// What those without charges are expected to cost.
    pub estimated: Amounts,
    /// What allowances cover of the prices of charges that they have, and of those expected.
    pub charged_covered: Amounts,
    pub estimated_covered: Amounts,
    /// How many have neither.
    pub not_known: usize,
}

/// The events of one cause with the same value at fault.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorGroup {
    /// In the order they were read.
    pub events: Vec<String>,
    pub worth: Worth,
}

/// The events of one cause.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cause {
    /// What the error means, and what to do about it, in the system's words.
    pub text: String,
    pub remedy: String,
    /// By the value at fault; nothing where the message names none.
    pub groups: BTreeMap<Option<AtFault>, ErrorGroup>,
}

/// All causes, by the error's key (`MessageName`, or the event's `Error`); an empty key where the
/// event is in error and says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorGroups {
    pub causes: BTreeMap<String, Cause>,
    pub events: usize,
    used: Consumption,
}

impl Worth {
    /// Adds what one event is worth.
    fn add(&mut self, event: &Record, book: &RateBook, used: &mut Consumption) {
        let charged = billed_by(event, |_| true);
        if !charged.is_empty() {
            merge(&mut self.charged_covered, &covered_by(event, |_| true));
            return merge(&mut self.charged, &charged);
        }
        match book.estimate_after(&EventUsage::of(|name| event.get(name)), used) {
            Ok(estimate) => {
                let sum = self.estimated.entry(estimate.currency.clone()).or_default();
                estimate.charges.iter().for_each(|charge| sum.add(charge.billed()));
                let covered = self.estimated_covered.entry(estimate.currency.clone()).or_default();
                covered.merge(&estimate.covered());
            }
            Err(_) => self.not_known += 1,
        }
    }

    /// Puts what others are worth to it.
    pub fn merge(&mut self, other: &Self) {
        merge(&mut self.charged, &other.charged);
        merge(&mut self.estimated, &other.estimated);
        merge(&mut self.charged_covered, &other.charged_covered);
        merge(&mut self.estimated_covered, &other.estimated_covered);
        self.not_known += other.not_known;
    }
}

impl Cause {
    pub fn count(&self) -> usize {
        self.groups.values().map(|group| group.events.len()).sum()
    }

    pub fn worth(&self) -> Worth {
        let mut worth = Worth::default();
        self.groups.values().for_each(|group| worth.merge(&group.worth));
        worth
    }

    /// The one field that is at fault in every group, if it is one.
    pub fn field(&self) -> Option<&'static str> {
        let mut fields = self.groups.keys().map(|fault| fault.as_ref().map(|fault| fault.field));
        let first = fields.next()??;
        fields.all(|field| field == Some(first)).then_some(first)
    }
}

impl ErrorGroups {
    /// Takes in an event in error, as it was read with its charges and messages. `meaning` gives the
    /// text and the remedy of an error's key where the message has none.
    pub fn add(
        &mut self,
        event: &Record,
        book: &RateBook,
        meaning: impl Fn(&str) -> Option<(String, String)>,
    ) {
        let messages = event.children("usageMessages").unwrap_or_default();
        let is_error =
            |message: &&Record| !matches!(message.text("MessageType"), Some("ORA_WARNING" | "ORA_INFO"));
        // The newest stands last; older ones may be of an earlier attempt.
        let message = messages.iter().rfind(is_error);
        let said =
            |name: &str| message.and_then(|message| message.text(name)).filter(|text| !text.is_empty());
        let key = said("MessageName").or_else(|| event.text("Error")).unwrap_or_default();
        let cause = self.causes.entry(key.to_owned()).or_default();
        if cause.text.is_empty() {
            let (text, remedy) = meaning(key).unwrap_or_default();
            let or = |said: Option<&str>, other: String| said.map_or(other, str::to_owned);
            cause.text = or(said("MessageText").or_else(|| said("TranslatedMessageText")), text);
            cause.remedy = or(said("MessageUserDetails"), remedy);
        }
        let fault = said("AdditionalMessageText").and_then(|text| value_named(|name| event.get(name), text));
        let group = cause.groups.entry(fault).or_default();
        group.events.push(event.key().unwrap_or_default());
        group.worth.add(event, book, &mut self.used);
        self.events += 1;
    }

    pub fn worth(&self) -> Worth {
        let mut worth = Worth::default();
        self.causes.values().for_each(|cause| worth.merge(&cause.worth()));
        worth
    }

    /// The causes with the most events first.
    pub fn ranked(&self) -> Vec<(&str, &Cause)> {
        let mut causes: Vec<_> = self.causes.iter().map(|(key, cause)| (key.as_str(), cause)).collect();
        causes.sort_by_key(|(_, cause)| std::cmp::Reverse(cause.count()));
        causes
    }
}

/// Fields that a message never means, though it may hold their value by chance.
fn is_named(field: &Field) -> bool {
    let is_kind = matches!(field.kind, Kind::Text | Kind::DateTime | Kind::Date | Kind::Decimal);
    let is_bookkeeping = matches!(
        field.name,
        "Error"
            | "EventStatus"
            | "EventNumber"
            | "BatchNumber"
            | "CreatedBy"
            | "CreationDate"
            | "LastUpdateDate"
            | "LastUpdateLogin"
            | "LastUpdatedBy"
            | "EventTimeZone"
            | "EventRatingType"
            | "RatingSource"
    );
    is_kind && !is_bookkeeping
}

/// The field at fault in an event of which rating said `text`; `value` gives the event's values.
pub fn field_at_fault<'v>(
    value: impl Fn(&'static str) -> Option<&'v Value>,
    text: &str,
) -> Option<&'static str> {
    value_named(value, text).map(|fault| fault.field)
}

/// The first field that the advice names in words, of those that a person may change: a time as "start time",
/// another by its title, if that is more than one word, which no prose holds by chance.
pub fn field_advised(advice: &str) -> Option<&'static str> {
    let advice = advice.to_lowercase();
    let fields = EVENT.fields.iter().filter(|field| is_named(field) && field.access == Access::Writable);
    let named = fields.filter_map(|field| {
        let title = field.title.to_lowercase();
        let words = if field.kind == Kind::DateTime { format!("{title} time") } else { title };
        let place = place_of(&advice, &words).filter(|_| words.contains(' '))?;
        Some((place, field.name))
    });
    named.min().map(|(_, name)| name)
}

/// The first of the event's values that the text names: of those that a person may change, else of the
/// others.
fn value_named<'v>(value: impl Fn(&'static str) -> Option<&'v Value>, text: &str) -> Option<AtFault> {
    let named = EVENT.fields.iter().filter(|field| is_named(field)).filter_map(|field| {
        let value = value(field.name).filter(|value| **value != Value::Null)?.to_string();
        let place = place_of(text, &value)?;
        Some((field.access != Access::Writable, place, AtFault { field: field.name, value }))
    });
    named.min_by_key(|(is_fixed, place, _)| (*is_fixed, *place)).map(|(.., fault)| fault)
}

/// Where the text holds the value as a word of its own.
fn place_of(text: &str, value: &str) -> Option<usize> {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    text.match_indices(value).map(|(place, _)| place).find(|place| {
        let before = text.get(..*place).and_then(|part| part.chars().next_back());
        let after = text.get(place + value.len()..).and_then(|part| part.chars().next());
        !value.is_empty() && !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: &str, fields: &str, message: &str, charges: &str) -> Record {
        let body = format!(
            r#"{{"EventNumber":"{number}","EventStatus":"ORA_ERROR","Error":"KEY"{fields},
                "usageMessages":[{message}],"usageCharges":[{charges}]}}"#
        );
        Record::read(&EVENT, body.as_bytes()).unwrap()
    }

    fn message(additional: &str) -> String {
        format!(
            r#"{{"UsageMessageId":1,"MessageName":"UNIT","MessageText":"Not mapped.","MessageUserDetails":"Map it.",
                "AdditionalMessageText":"{additional}"}}"#
        )
    }

    fn grouped(events: &[Record]) -> ErrorGroups {
        let mut groups = ErrorGroups::default();
        for event in events {
            groups.add(event, &RateBook::default(), |key| {
                Some((format!("{key} means this."), "Do that.".to_owned()))
            });
        }
        groups
    }

    fn named(fields: &str, text: &str) -> Option<String> {
        let event = event("E", fields, "", "");
        value_named(|name| event.get(name), text).map(|fault| format!("{}={}", fault.field, fault.value))
    }

    #[test]
    fn the_message_names_the_value_at_fault() {
        let unit = r#","ReportedUsageUnitOfMeasure":"TB","UsageUnitOfMeasure":"MIN","SubscriptionProductPuid":"SP-1""#;
        let found = |fields: &str, text: &str| named(fields, text).unwrap_or_default();
        assert_eq!(
            found(unit, "Unit TB is not mapped to unit MIN of SP-1."),
            "ReportedUsageUnitOfMeasure=TB"
        );
        // As a word of its own only.
        assert_eq!(found(unit, "Unit TBX of MINUTE is odd."), "");
        assert_eq!(found(unit, "Unit XTB of AMIN is odd."), "");
        assert_eq!(found(unit, "Product SP-2-TB has no price."), "");
        assert_eq!(found(r#","ServiceId":"""#, "It is odd."), "");
        // What is kept about an event, and numbers and flags, are in a message by chance.
        assert_eq!(found(r#","EventId":17,"ReverseFlag":true"#, "E is 1 of 17: true."), "");
        // What a person may change comes before what they may not, wherever it stands.
        let priced =
            r#","SubscriptionProductPuid":"SP-1","CurrencyCode":"EUR","LeEventStartDate":"2026-10-05""#;
        assert_eq!(found(priced, "Product SP-1 has no price in EUR."), "CurrencyCode=EUR");
        assert_eq!(found(priced, "Product SP-1 has no price on 2026-10-05."), "SubscriptionProductPuid=SP-1");
        assert_eq!(
            found(r#","CurrencyCode":"HRK""#, r"Currency \u{22}HRK\u{22} is not active."),
            "CurrencyCode=HRK"
        );
        let times =
            r#","EventEndTime":"2026-10-05T08:00:00+00:00","EventStartTime":"2026-10-05T09:00:00+00:00""#;
        let text = "The end 2026-10-05T08:00:00+00:00 lies before the start 2026-10-05T09:00:00+00:00.";
        assert_eq!(found(times, text), "EventEndTime=2026-10-05T08:00:00+00:00");
        assert_eq!(found(times, "It ends before it starts."), "");
        assert_eq!(found(r#","ServiceId":"+49151""#, "Service +49151 is not known."), "ServiceId=+49151");
    }

    #[test]
    fn the_advice_names_a_field_in_words() {
        let advised = field_advised;
        assert_eq!(
            advised("Check the event's start time. If it is right, ask pricing."),
            Some("EventStartTime")
        );
        assert_eq!(
            advised("Correct the Reported unit, then the start time."),
            Some("ReportedUsageUnitOfMeasure")
        );
        // One word is in prose by chance, and so are parts of words and what nobody changes here.
        for chance in [
            "Compare it with the source file, then start.",
            "Restart times of the unit.",
            "The time zone.",
            "",
        ] {
            assert_eq!(advised(chance), None, "{chance}");
        }
    }

    #[test]
    fn events_are_counted_and_valued_by_cause_and_value() {
        let charge = |currency: &str, amount: &str| {
            format!(r#"{{"UsageChargePuid":"c","ChargeCurrency":{currency},"BilledAmount":{amount}}}"#)
        };
        let unit = |unit: &str| format!(r#","ReportedUsageUnitOfMeasure":"{unit}""#);
        let groups = grouped(&[
            event("A", &unit("TB"), &message("Unit TB is not mapped."), &charge("\"EUR\"", "0.10")),
            event("B", &unit("TB"), &message("Unit TB is not mapped."), &charge("\"EUR\"", "0.205")),
            event("C", &unit("YR"), &message("Unit YR is not mapped."), &charge("null", "7")),
            event("D", "", "", ""),
        ]);
        assert_eq!(groups.events, 4);
        let ranked = groups.ranked();
        assert_eq!(
            ranked.iter().map(|(key, cause)| (*key, cause.count())).collect::<Vec<_>>(),
            [("UNIT", 3), ("KEY", 1)]
        );
        let (_, cause) = ranked[0];
        assert_eq!((cause.text.as_str(), cause.remedy.as_str()), ("Not mapped.", "Map it."));
        assert_eq!(cause.field(), Some("ReportedUsageUnitOfMeasure"));
        let events: Vec<_> = cause.groups.values().map(|group| group.events.join(" ")).collect();
        assert_eq!(events, ["A B", "C"]);
        let texts = |amounts: &Amounts| {
            amounts.iter().map(|(code, sum)| format!("{code} {}", sum.text().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(texts(&groups.worth().charged), [" 7", "EUR 0.305"]);
        assert_eq!(groups.worth().not_known, 1);
        // Without a message the key's own meaning stands.
        let (_, silent) = ranked[1];
        assert_eq!(
            (silent.text.as_str(), silent.remedy.as_str(), silent.field()),
            ("KEY means this.", "Do that.", None)
        );
    }

    #[test]
    fn the_newest_message_counts_and_warnings_do_not() {
        let warning = r#"{"UsageMessageId":3,"MessageName":"LATE","MessageType":"ORA_WARNING"}"#;
        let older = r#"{"UsageMessageId":1,"MessageName":"OLD"}"#;
        let messages = format!("{older},{},{warning}", message("Nothing named."));
        let groups = grouped(&[event("A", "", &messages, "")]);
        assert_eq!(groups.causes.keys().collect::<Vec<_>>(), ["UNIT"]);
    }
}
