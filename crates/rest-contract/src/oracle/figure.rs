//! A figure of a screen: what was counted or added up, by whom, when, whether all of it was read, and which events
//! it is of. Sentence, table, picture and link take the figure as a whole, so that none can show a part as the whole,
//! an old figure as a new one, or lead to other events than were counted.

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
    /// What is asked of their error, if anything.
    pub error: Option<FieldCondition>,
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
    /// By the server's clock. Of several counts the earliest.
    pub as_of: DateTime<Utc>,
    pub completeness: Completeness,
    pub question: EventQuestion,
}

impl<T> Figure<T> {
    pub fn whole(value: T, source: Source, as_of: DateTime<Utc>, question: EventQuestion) -> Self {
        Self { value: Some(value), source, as_of, completeness: Completeness::Whole, question }
    }

    /// What some of the counts came to, nothing where none was read.
    pub fn part(
        value: Option<T>,
        source: Source,
        as_of: DateTime<Utc>,
        (read, of): (usize, usize),
        stopped: DateTime<Utc>,
        question: EventQuestion,
    ) -> Self {
        Self { value, source, as_of, completeness: Completeness::Part { read, of, stopped }, question }
    }

    pub fn known(&self) -> Known<&T> {
        match (&self.value, self.completeness) {
            (Some(value), Completeness::Whole) => Known::Whole(value),
            (Some(value), Completeness::Part { .. }) => Known::AtLeast(value),
            (None, _) => Known::Nothing,
        }
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

impl EventQuestion {
    /// What is asked of each field, as a list of events is asked it. `field` gives the fields.
    pub fn conditions(
        &self,
        field: impl Fn(&str) -> Option<&'static Field>,
    ) -> Vec<(&'static Field, FieldCondition)> {
        let start = self
            .span
            .as_ref()
            .map(|span| ("EventStartTime", FieldCondition::between_instants(span.start, span.end)));
        let status = (!self.statuses.is_empty()).then(|| {
            let values = self.statuses.clone();
            ("EventStatus", FieldCondition::OneOf { values, or_blank: false })
        });
        let error = self.error.clone().map(|error| ("Error", error));
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
    use crate::read_date_time;

    fn at(text: &str) -> DateTime<Utc> {
        read_date_time(text).expect("an instant")
    }

    fn counted(value: u64, as_of: &str) -> Figure<u64> {
        Figure::whole(value, Source::OneReading, at(as_of), EventQuestion::default())
    }

    const TEN: &str = "2026-11-02T10:00:00Z";
    const LATER: &str = "2026-11-02T10:05:00Z";

    fn part(value: Option<u64>) -> Figure<u64> {
        Figure::part(value, Source::OneReading, at(TEN), (1, 3), at(LATER), EventQuestion::default())
    }

    #[test]
    fn a_part_is_never_whole() {
        assert_eq!(counted(998, TEN).known(), Known::Whole(&998));
        assert_eq!(part(Some(998)).known(), Known::AtLeast(&998));
        assert_eq!(part(None).known(), Known::Nothing);
    }

    #[test]
    fn figures_are_compared_within_one_reading() {
        let (early, late) = (counted(3, TEN), counted(5, LATER));
        assert_eq!(early.comparable(&late), None);
        assert_eq!(early.comparable(&counted(7, TEN)), Some((&3, &7)));
        let one_by_one = Figure { source: Source::Counts, ..counted(7, TEN) };
        assert_eq!(early.comparable(&one_by_one), None);
        assert_eq!(one_by_one.comparable(&one_by_one), None, "events may have moved between the two");
        assert_eq!(part(Some(3)).comparable(&counted(7, TEN)), None);
    }

    #[test]
    fn the_question_has_the_instants_of_the_count() {
        let question = EventQuestion {
            span: Some(at("2026-10-24T22:00:00Z")..at("2026-10-25T23:00:00Z")),
            statuses: vec!["ORA_ERROR".to_owned()],
            error: Some(FieldCondition::Blank),
        };
        assert_eq!(
            question.q(),
            "EventStartTime >= '2026-10-24T22:00:00+00:00' and EventStartTime < '2026-10-25T23:00:00+00:00' \
             and EventStatus = 'ORA_ERROR' and Error is null"
        );
        let of_error = |error| EventQuestion { error: Some(error), ..EventQuestion::default() }.q();
        let one = FieldCondition::OneOf { values: vec!["O'B".to_owned()], or_blank: false };
        assert_eq!(of_error(one), "Error = 'O''B'");
        assert_eq!(of_error(FieldCondition::NotBlank), "Error is not null");
        assert_eq!(EventQuestion::default().q(), "");
    }
}
