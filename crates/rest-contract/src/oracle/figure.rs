//! A figure of a screen: what was counted or added up, by whom, when, whether all of it was read, and which events
//! it is of. Sentence, table, picture and link take the figure as a whole, so that none can show a part as the whole,
//! an old figure as a new one, or lead to other events than were counted.

use super::charged_amounts::{Amounts, merge};
use super::condition::one_of;
use super::field_condition::FieldCondition;
use crate::schema::Field;
use chrono::{DateTime, Utc};
use std::ops::Range;

/// Which events a figure is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventQuestion {
    /// Those that began from an instant to another one, which is not in it; nothing for all.
    pub span: Option<Range<DateTime<Utc>>>,
    /// Of these statuses; empty for all.
    pub statuses: Vec<String>,
    /// With this error; an empty one stands for none.
    pub error: Option<String>,
}

/// Who counted or added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The server, all of it at one moment.
    OneReading,
    /// The server, count by count, so that events may have moved between two of them.
    Counts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    Whole,
    /// Reading was ended at this instant, with so many of the parts that make up the figure.
    Part {
        read: usize,
        of: usize,
        stopped: DateTime<Utc>,
    },
}

/// What is known of a figure's value. Whoever takes the value has to say which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    Whole(T),
    /// There may be more.
    AtLeast(T),
    Nothing,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Figure<T> {
    /// Nothing where no part of it was read.
    value: Option<T>,
    pub source: Source,
    /// By the server's clock. Of several readings the earliest.
    pub as_of: DateTime<Utc>,
    pub completeness: Completeness,
    pub question: EventQuestion,
}

/// A value of which parts can be put together.
pub trait Addable: Clone {
    fn put(&mut self, other: &Self);
}

impl Addable for u64 {
    fn put(&mut self, other: &Self) {
        *self = self.saturating_add(*other);
    }
}

impl Addable for Amounts {
    fn put(&mut self, other: &Self) {
        merge(self, other);
    }
}

impl<T: Addable> Figure<T> {
    pub fn whole(value: T, source: Source, as_of: DateTime<Utc>, question: EventQuestion) -> Self {
        Self { value: Some(value), source, as_of, completeness: Completeness::Whole, question }
    }

    /// What was not read, by the time that reading was ended.
    pub fn not_read(source: Source, stopped: DateTime<Utc>, question: EventQuestion) -> Self {
        let completeness = Completeness::Part { read: 0, of: 1, stopped };
        Self { value: None, source, as_of: stopped, completeness, question }
    }

    pub fn known(&self) -> Known<&T> {
        match (&self.value, self.completeness) {
            (Some(value), Completeness::Whole) => Known::Whole(value),
            (Some(value), Completeness::Part { .. }) => Known::AtLeast(value),
            (None, _) => Known::Nothing,
        }
    }

    /// Figures put together to one of `question`; nothing of none. It is as old as the oldest, and whole where all are.
    pub fn together<'f>(question: EventQuestion, figures: impl IntoIterator<Item = &'f Self>) -> Option<Self>
    where
        T: 'f,
    {
        let all = figures.into_iter().cloned().reduce(|mut all, one| {
            match (&mut all.value, one.value) {
                (Some(value), Some(more)) => value.put(&more),
                (value, more) => *value = value.take().or(more),
            }
            all.as_of = all.as_of.min(one.as_of);
            if one.source == Source::Counts {
                all.source = Source::Counts;
            }
            all.completeness = all.completeness.with(one.completeness);
            all
        });
        all.map(|all| Self { question, ..all })
    }

    /// Both values where they may be held against each other: both whole, and of one moment.
    pub fn comparable<'f>(&'f self, other: &'f Self) -> Option<(&'f T, &'f T)> {
        let is_one_reading = self.source == Source::OneReading
            && other.source == Source::OneReading
            && self.as_of == other.as_of;
        match (self.known(), other.known()) {
            (Known::Whole(one), Known::Whole(another)) if is_one_reading => Some((one, another)),
            _ => None,
        }
    }
}

impl Completeness {
    fn parts(self) -> (usize, usize) {
        match self {
            Self::Whole => (1, 1),
            Self::Part { read, of, .. } => (read, of),
        }
    }

    fn with(self, other: Self) -> Self {
        let stopped = match (self, other) {
            (Self::Whole, Self::Whole) => return Self::Whole,
            (Self::Part { stopped, .. }, Self::Part { stopped: other, .. }) => stopped.max(other),
            (Self::Part { stopped, .. }, Self::Whole) | (Self::Whole, Self::Part { stopped, .. }) => stopped,
        };
        let ((read, of), (more, others)) = (self.parts(), other.parts());
        Self::Part { read: read + more, of: of + others, stopped }
    }
}

impl EventQuestion {
    /// What is asked of each field, as a list of events is asked it. `field` gives the fields.
    pub fn conditions(
        &self,
        field: impl Fn(&str) -> Option<&'static Field>,
    ) -> Vec<(&'static Field, FieldCondition)> {
        let one_of = |values: Vec<String>| FieldCondition::OneOf { values, or_blank: false };
        let start = self
            .span
            .as_ref()
            .map(|span| ("EventStartTime", FieldCondition::between_instants(span.start, span.end)));
        let status = (!self.statuses.is_empty()).then(|| ("EventStatus", one_of(self.statuses.clone())));
        let error = self.error.as_ref().map(|error| match error.as_str() {
            "" => ("Error", FieldCondition::Blank),
            error => ("Error", one_of(vec![error.to_owned()])),
        });
        let all = [start, status, error].into_iter().flatten();
        all.filter_map(|(name, condition)| Some((field(name)?, condition))).collect()
    }

    /// The row-match expression that counts the same events.
    pub fn q(&self) -> String {
        let conditions = self.conditions(|name| super::EVENT.field(name)).into_iter();
        let terms = conditions.filter_map(|(field, condition)| match condition {
            FieldCondition::OneOf { values, or_blank: false } => Some(one_of(field.name, &values)),
            condition => condition.q(field),
        });
        terms.collect::<Vec<_>>().join(" and ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ExactSum, read_date_time};

    fn at(text: &str) -> DateTime<Utc> {
        read_date_time(text).expect("an instant")
    }

    fn counted(value: u64, as_of: &str) -> Figure<u64> {
        Figure::whole(value, Source::OneReading, at(as_of), EventQuestion::default())
    }

    const TEN: &str = "2026-11-02T10:00:00Z";
    const LATER: &str = "2026-11-02T10:05:00Z";

    #[test]
    fn what_holds_a_part_is_never_whole() {
        let missing = || Figure::<u64>::not_read(Source::Counts, at(LATER), EventQuestion::default());
        let all = Figure::together(EventQuestion::default(), [&counted(998, TEN), &missing(), &missing()]);
        let all = all.expect("a figure");
        assert_eq!(all.known(), Known::AtLeast(&998));
        assert_eq!(all.completeness, Completeness::Part { read: 1, of: 3, stopped: at(LATER) });
        assert_eq!((all.as_of, all.source), (at(TEN), Source::Counts));
        let more = Figure::together(EventQuestion::default(), [&all, &counted(2, TEN)]).expect("a figure");
        assert_eq!(more.known(), Known::AtLeast(&1000));
        assert_eq!(missing().known(), Known::Nothing);
        assert_eq!(Figure::<u64>::together(EventQuestion::default(), []), None);
    }

    #[test]
    fn figures_are_as_old_as_the_oldest_and_compared_within_one_reading() {
        let (early, late) = (counted(3, TEN), counted(5, LATER));
        let both = Figure::together(EventQuestion::default(), [&late, &early]).expect("a figure");
        assert_eq!((both.known(), both.as_of), (Known::Whole(&8), at(TEN)));
        assert_eq!(early.comparable(&late), None);
        assert_eq!(early.comparable(&counted(7, TEN)), Some((&3, &7)));
        let one_by_one = Figure { source: Source::Counts, ..counted(7, TEN) };
        assert_eq!(early.comparable(&one_by_one), None);
        assert_eq!(one_by_one.comparable(&one_by_one), None, "events may have moved between the two");
        let part = Figure::together(
            EventQuestion::default(),
            [&early, &Figure::not_read(Source::OneReading, at(TEN), EventQuestion::default())],
        );
        assert_eq!(part.expect("a figure").comparable(&counted(7, TEN)), None);
    }

    #[test]
    fn amounts_are_put_together_currency_by_currency() {
        let amounts = |amounts: &[(&str, &str)]| -> Amounts {
            amounts.iter().map(|(code, digits)| ((*code).to_owned(), ExactSum::of(digits, 0))).collect()
        };
        let figure = |value| Figure::whole(value, Source::OneReading, at(TEN), EventQuestion::default());
        let parts = [
            figure(amounts(&[("EUR", "1.50"), ("KWD", "0.125"), ("", "7")])),
            figure(amounts(&[("EUR", "0.50"), ("JPY", "900"), ("USD", "0.00125")])),
        ];
        let all = Figure::together(EventQuestion::default(), &parts).expect("a figure");
        let wanted =
            amounts(&[("EUR", "2.00"), ("KWD", "0.125"), ("", "7"), ("JPY", "900"), ("USD", "0.00125")]);
        assert_eq!(all.known(), Known::Whole(&wanted));
    }

    #[test]
    fn the_question_has_the_instants_of_the_count() {
        let question = EventQuestion {
            span: Some(at("2026-10-24T22:00:00Z")..at("2026-10-25T23:00:00Z")),
            statuses: vec!["ORA_ERROR".to_owned()],
            error: Some(String::new()),
        };
        assert_eq!(
            question.q(),
            "EventStartTime >= '2026-10-24T22:00:00+00:00' and EventStartTime < '2026-10-25T23:00:00+00:00' \
             and EventStatus = 'ORA_ERROR' and Error is null"
        );
        let of_error = EventQuestion { error: Some("O'B".to_owned()), ..EventQuestion::default() };
        assert_eq!(of_error.q(), "Error = 'O''B'");
        assert_eq!(EventQuestion::default().q(), "");
    }
}
