//! The figures of a month and of the month before it: by day, by status, by error and by currency, each with what it
//! is of. They come from one reading of the server's (`event_metrics`), or from counts that come one by one.

use super::charged_amounts::{Amounts, merge};
use super::event_metrics::{EventKind, EventMetrics, SpanMetrics};
use super::field_condition::FieldCondition;
use super::figure::{EventQuestion, Figure, Known, Source};
use crate::month::{DaySpan, Month};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What there is to be read of a month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthPlan {
    pub month: Month,
    pub days: Vec<DaySpan>,
    pub previous_days: Vec<DaySpan>,
}

/// Events of one span of time, as far as they were read.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanFigures {
    pub span: Range<DateTime<Utc>>,
    source: Source,
    /// Of several counts that of the first, and that of the last.
    as_of: DateTime<Utc>,
    read_until: DateTime<Utc>,
    counts: BTreeMap<EventKind, u64>,
    /// Nothing where nobody adds amounts up.
    amounts: Option<BTreeMap<EventKind, Amounts>>,
    /// The statuses of which no count has come.
    unread: BTreeSet<String>,
    pub first_and_last: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Which events' amounts are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Without what takes others back.
    Gross,
    /// What is taken back.
    Reversals,
    Net,
}

#[derive(Clone, Debug, PartialEq)]
pub struct MonthFigures {
    pub plan: MonthPlan,
    pub month: SpanFigures,
    pub previous: SpanFigures,
    pub days: Vec<SpanFigures>,
    pub previous_days: Vec<SpanFigures>,
}

/// One of the counts that stand in for a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountAsked {
    place: Place,
    pub question: EventQuestion,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Month,
    Previous,
    Day(usize),
}

impl MonthPlan {
    /// Nothing for a zone that is not known.
    pub fn new(month: Month, offset_at: impl Fn(&DateTime<Utc>) -> Option<i64>) -> Option<Self> {
        let (days, previous_days) = (month.days(&offset_at)?, month.previous()?.days(&offset_at)?);
        (!days.is_empty() && !previous_days.is_empty()).then_some(Self { month, days, previous_days })
    }

    /// All of the month.
    pub fn span(&self) -> Range<DateTime<Utc>> {
        span_of(&self.days)
    }

    /// The instants between which figures are asked for: the days of the month before, and those of the month.
    pub fn boundaries(&self) -> Vec<DateTime<Utc>> {
        let days = self.previous_days.iter().chain(&self.days);
        days.map(|day| day.from).chain([self.span().end]).collect()
    }
}

fn span_of(days: &[DaySpan]) -> Range<DateTime<Utc>> {
    let ends = days.first().zip(days.last()).map(|(first, last)| first.from..last.before);
    ends.unwrap_or(DateTime::UNIX_EPOCH..DateTime::UNIX_EPOCH)
}

impl MonthFigures {
    /// From one reading of the plan's spans; nothing where it is of others.
    pub fn of_reading(plan: MonthPlan, metrics: EventMetrics) -> Option<Self> {
        let as_of = metrics.as_of;
        let all = plan.previous_days.iter().chain(&plan.days);
        let mut spans: Vec<_> = all
            .zip(metrics.spans)
            .map(|(day, metrics)| SpanFigures::read(day.from..day.before, as_of, metrics))
            .collect();
        if spans.len() != plan.previous_days.len() + plan.days.len() {
            return None;
        }
        let days = spans.split_off(plan.previous_days.len());
        let (month, previous) = (SpanFigures::of_days(&days)?, SpanFigures::of_days(&spans)?);
        Some(Self { plan, month, previous, days, previous_days: spans })
    }

    /// Nothing of it counted yet.
    pub fn to_count(plan: MonthPlan, statuses: &[String], now: DateTime<Utc>) -> Self {
        let uncounted = |span| SpanFigures {
            span,
            source: Source::Counts,
            as_of: now,
            read_until: now,
            counts: BTreeMap::new(),
            amounts: None,
            unread: statuses.iter().cloned().collect(),
            first_and_last: None,
        };
        Self {
            month: uncounted(span_of(&plan.days)),
            previous: uncounted(span_of(&plan.previous_days)),
            days: plan.days.iter().map(|day| uncounted(day.from..day.before)).collect(),
            previous_days: plan.previous_days.iter().map(|day| uncounted(day.from..day.before)).collect(),
            plan,
        }
    }

    /// The counts of both months by status, which come first: what a month has none of, none of its days has.
    pub fn counts_of_months(&self) -> Vec<CountAsked> {
        let of = |place: Place, of: &SpanFigures| -> Vec<_> {
            of.unread
                .iter()
                .map(|status| CountAsked { place, question: of.question(Some(&[status])) })
                .collect()
        };
        [of(Place::Month, &self.month), of(Place::Previous, &self.previous)].concat()
    }

    /// The counts of the days that have begun, once the month is counted.
    pub fn counts_of_days(&self, now: DateTime<Utc>) -> Vec<CountAsked> {
        let there = self.month.statuses();
        let days = self.days.iter().enumerate().filter(|(_, day)| day.span.start <= now);
        days.flat_map(|(place, day)| {
            let asked = there.iter().filter(|status| day.unread.contains(**status));
            let asked = asked.map(|status| CountAsked {
                place: Place::Day(place),
                question: day.question(Some(&[status])),
            });
            asked.collect::<Vec<_>>()
        })
        .collect()
    }

    /// Takes a count in, as it was at an instant.
    pub fn take(&mut self, asked: &CountAsked, count: u64, at: DateTime<Utc>) {
        let Some(status) = asked.question.statuses.first() else { return };
        let spans = match asked.place {
            Place::Month => Some(&mut self.month),
            Place::Previous => Some(&mut self.previous),
            Place::Day(day) => self.days.get_mut(day),
        };
        if let Some(span) = spans {
            span.take(status, count, at);
        }
        if asked.place == Place::Month && count == 0 {
            self.days.iter_mut().for_each(|day| day.take(status, 0, at));
        }
    }

    /// The errors of the events of some statuses with their events and amounts, the most events first.
    pub fn errors(&self, statuses: &[&str]) -> Vec<(String, Figure<u64>, Option<Figure<Amounts>>)> {
        let of = &self.month;
        let kinds = of.counts.iter().filter(|(kind, _)| is_among(Some(statuses), &kind.status));
        let mut by_error = BTreeMap::<&str, (u64, Amounts, BTreeSet<&str>)>::new();
        for (kind, count) in kinds {
            let Some(error) = &kind.error else { continue };
            let (events, amounts, statuses) = by_error.entry(error).or_default();
            *events += count;
            if let Some(more) = of.amounts.as_ref().and_then(|amounts| amounts.get(kind)) {
                merge(amounts, more);
            }
            statuses.insert(&kind.status);
        }
        let figures = by_error.into_iter().map(|(error, (events, amounts, statuses))| {
            let asked = match error {
                "" => FieldCondition::Blank,
                error => FieldCondition::OneOf { values: vec![error.to_owned()], or_blank: false },
            };
            let statuses: Vec<_> = statuses.into_iter().collect();
            let question = EventQuestion { error: Some(asked), ..of.question(Some(&statuses)) };
            let amounts = of.amounts.is_some().then(|| of.figure(amounts, question.clone()));
            (error.to_owned(), of.figure(events, question), amounts)
        });
        let mut figures: Vec<_> = figures.collect();
        let size = |figure: &Figure<u64>| match figure.known() {
            Known::Whole(events) | Known::AtLeast(events) => *events,
            Known::Nothing => 0,
        };
        figures.sort_by_key(|(_, events, _)| std::cmp::Reverse(size(events)));
        figures
    }
}

impl SpanFigures {
    fn read(span: Range<DateTime<Utc>>, as_of: DateTime<Utc>, metrics: SpanMetrics) -> Self {
        Self {
            span,
            source: Source::OneReading,
            as_of,
            read_until: as_of,
            counts: metrics.counts,
            amounts: Some(metrics.amounts),
            unread: BTreeSet::new(),
            first_and_last: metrics.first_and_last,
        }
    }

    /// Days that follow one another, of one reading.
    fn of_days(days: &[Self]) -> Option<Self> {
        let mut all = days.first()?.clone();
        for day in days.iter().skip(1) {
            all.span.end = day.span.end;
            for (kind, count) in &day.counts {
                *all.counts.entry(kind.clone()).or_default() += count;
            }
            if let (Some(all), Some(amounts)) = (&mut all.amounts, &day.amounts) {
                for (kind, amounts) in amounts {
                    merge(all.entry(kind.clone()).or_default(), amounts);
                }
            }
            all.first_and_last = match (all.first_and_last, day.first_and_last) {
                (Some((first, last)), Some((earlier, later))) => Some((first.min(earlier), last.max(later))),
                (one, other) => one.or(other),
            };
        }
        Some(all)
    }

    fn take(&mut self, status: &str, count: u64, at: DateTime<Utc>) {
        let is_first = self.counts.is_empty();
        (self.as_of, self.read_until) =
            if is_first { (at, at) } else { (self.as_of.min(at), self.read_until.max(at)) };
        self.unread.remove(status);
        let kind = EventKind { status: status.to_owned(), ..EventKind::default() };
        self.counts.insert(kind, count);
    }

    /// The statuses that some of its events have.
    pub fn statuses(&self) -> BTreeSet<&str> {
        self.counts.iter().filter(|(_, count)| **count > 0).map(|(kind, _)| kind.status.as_str()).collect()
    }

    /// The statuses that events of it have, or may have because they were not counted yet.
    pub fn possible_statuses(&self) -> BTreeSet<&str> {
        self.statuses().into_iter().chain(self.unread.iter().map(String::as_str)).collect()
    }

    /// When it was read, by the server's clock.
    pub fn as_of(&self) -> DateTime<Utc> {
        self.as_of
    }

    /// Whether amounts are added up by whoever counted.
    pub fn has_amounts(&self) -> bool {
        self.amounts.is_some()
    }

    fn question(&self, statuses: Option<&[&str]>) -> EventQuestion {
        let statuses = statuses.unwrap_or_default().iter().map(|status| (*status).to_owned()).collect();
        EventQuestion { span: Some(self.span.clone()), statuses, error: None }
    }

    /// How many events there are, of some statuses or of all.
    pub fn events(&self, statuses: Option<&[&str]>) -> Figure<u64> {
        let counts = self.counts.iter().filter(|(kind, _)| is_among(statuses, &kind.status));
        self.figure(counts.map(|(_, count)| count).sum(), self.question(statuses))
    }

    /// What the events of some statuses come to; nothing where nobody adds up.
    pub fn amounts(&self, statuses: &[&str], part: Part) -> Option<Figure<Amounts>> {
        let mut sums = Amounts::new();
        for (kind, amounts) in self.amounts.as_ref()? {
            let counts = match part {
                Part::Net => true,
                Part::Gross => !kind.is_reversal,
                Part::Reversals => kind.is_reversal,
            };
            if counts && is_among(Some(statuses), &kind.status) {
                merge(&mut sums, amounts);
            }
        }
        Some(self.figure(sums, self.question(Some(statuses))))
    }

    /// The events of some statuses that have an error, whatever it is; nothing where errors are not told.
    pub fn events_with_error(&self, statuses: &[&str]) -> Option<Figure<u64>> {
        let question =
            EventQuestion { error: Some(FieldCondition::NotBlank), ..self.question(Some(statuses)) };
        let has_error = |kind: &EventKind| kind.error.as_ref().is_some_and(|error| !error.is_empty());
        let counts =
            self.counts.iter().filter(|(kind, _)| has_error(kind) && is_among(Some(statuses), &kind.status));
        (self.source == Source::OneReading)
            .then(|| self.figure(counts.map(|(_, count)| count).sum(), question))
    }

    /// How many of the events are there to take others back; nothing where that is not told.
    pub fn reversing_events(&self, statuses: Option<&[&str]>) -> Option<u64> {
        let counts = self.counts.iter();
        let counts = counts.filter(|(kind, _)| kind.is_reversal && is_among(statuses, &kind.status));
        (self.source == Source::OneReading).then(|| counts.map(|(_, count)| count).sum())
    }

    fn figure<T>(&self, value: T, question: EventQuestion) -> Figure<T> {
        let asked =
            |status: &str| question.statuses.is_empty() || question.statuses.iter().any(|one| one == status);
        let unread = self.unread.iter().filter(|status| asked(status)).count();
        if unread == 0 {
            return Figure::whole(value, self.source, self.as_of, question);
        }
        // One by one, each count is of one status.
        let read = self.counts.keys().filter(|kind| asked(&kind.status)).count();
        let value = (read > 0).then_some(value);
        Figure::part(value, self.source, self.as_of, (read, read + unread), self.read_until, question)
    }
}

fn is_among(statuses: Option<&[&str]>, status: &str) -> bool {
    statuses.is_none_or(|statuses| statuses.contains(&status))
}

#[cfg(test)]
mod tests {
    use super::super::figure::Completeness;
    use super::*;
    use crate::{ExactSum, read_date_time};

    fn at(text: &str) -> DateTime<Utc> {
        read_date_time(text).expect("an instant")
    }

    fn plan() -> MonthPlan {
        MonthPlan::new(Month::read("2026-10").expect("a month"), |_| Some(0)).expect("a plan")
    }

    fn kind(status: &str, is_reversal: bool, error: Option<&str>) -> EventKind {
        EventKind { status: status.to_owned(), is_reversal, error: error.map(str::to_owned) }
    }

    fn amounts(digits: &str) -> Amounts {
        Amounts::from([("EUR".to_owned(), ExactSum::of(digits, 0))])
    }

    const BILLED: &[&str] = &["ORA_PROCESSED", "ORA_REVERSED"];

    /// Five of 20.00 on the 13th, one of them reversed; an error on the 14th; one event in the month before.
    fn reading() -> MonthFigures {
        let mut spans = vec![SpanMetrics::default(); 61];
        let mut add = |span: usize, kind: EventKind, count, digits| {
            spans[span].counts.insert(kind.clone(), count);
            spans[span].amounts.insert(kind, amounts(digits));
        };
        add(3, kind("ORA_PROCESSED", false, None), 1, "7");
        add(42, kind("ORA_PROCESSED", false, None), 4, "80.00");
        add(42, kind("ORA_REVERSED", false, None), 1, "20.00");
        add(42, kind("ORA_PROCESSED", true, None), 1, "-20.00");
        add(43, kind("ORA_ERROR", false, Some("KEY")), 2, "0.125");
        add(44, kind("ORA_PROCESSED", false, Some("KEY")), 1, "0");
        let metrics = EventMetrics { as_of: at("2026-11-02T10:00:00Z"), spans };
        MonthFigures::of_reading(plan(), metrics).expect("figures")
    }

    #[test]
    fn a_month_is_its_days_together() {
        let found = reading();
        assert_eq!((found.days.len(), found.previous_days.len()), (31, 30));
        assert_eq!(found.month.events(None).known(), Known::Whole(&9));
        assert_eq!(found.days[12].events(Some(BILLED)).known(), Known::Whole(&6));
        assert_eq!(found.previous.events(None).known(), Known::Whole(&1));
        let sum = |part| found.month.amounts(BILLED, part).expect("amounts");
        assert_eq!(sum(Part::Gross).known(), Known::Whole(&amounts("100.00")));
        assert_eq!(sum(Part::Reversals).known(), Known::Whole(&amounts("-20.00")));
        assert_eq!(sum(Part::Net).known(), Known::Whole(&amounts("80.00")));
        let question = found.month.events(Some(&["ORA_ERROR"])).question;
        assert_eq!(question.span, Some(at("2026-10-01T00:00:00Z")..at("2026-11-01T00:00:00Z")));
        let errors = found.errors(&["ORA_ERROR"]);
        assert_eq!(errors.len(), 1);
        assert_eq!((errors[0].0.as_str(), errors[0].1.known()), ("KEY", Known::Whole(&2)));
        assert_eq!(errors[0].1.question.q().matches("Error = 'KEY'").count(), 1);
        let kept = found.month.events_with_error(&["ORA_PROCESSED"]).expect("errors are told");
        assert_eq!(kept.known(), Known::Whole(&1), "processed, and not at its new amount");
        assert!(kept.question.q().ends_with("EventStatus = 'ORA_PROCESSED' and Error is not null"));
        assert_eq!(found.days[12].reversing_events(None), Some(1));
        assert_eq!(found.month.reversing_events(Some(&["ORA_REVERSED"])), Some(0));
        let fewer = EventMetrics { as_of: at("2026-11-02T10:00:00Z"), spans: Vec::new() };
        assert_eq!(MonthFigures::of_reading(plan(), fewer), None);
    }

    #[test]
    fn counts_that_come_one_by_one_are_a_part_until_all_are_there() {
        let statuses = ["ORA_DRAFT", "ORA_ERROR", "ORA_PROCESSED", "ORA_READY", "ORA_REVERSED"];
        let now = at("2026-10-02T12:00:00Z");
        let mut found = MonthFigures::to_count(plan(), &statuses.map(str::to_owned), now);
        assert_eq!(found.month.events(None).known(), Known::Nothing);
        assert_eq!(found.month.amounts(BILLED, Part::Net), None);
        let asked = found.counts_of_months();
        assert_eq!(asked.len(), 10);
        for (place, count) in [0, 0, 998].into_iter().enumerate() {
            found.take(&asked[place], count, at(&format!("2026-10-02T12:00:0{}Z", 3 - place)));
        }
        let part = found.month.events(None);
        assert_eq!(part.known(), Known::AtLeast(&998));
        let stopped = at("2026-10-02T12:00:03Z");
        assert_eq!(part.completeness, Completeness::Part { read: 3, of: 5, stopped });
        assert_eq!(part.source, Source::Counts);
        let of_some = found.month.events(Some(&["ORA_READY", "ORA_PROCESSED"])).completeness;
        assert_eq!(of_some, Completeness::Part { read: 1, of: 2, stopped });
        assert_eq!(found.month.events(Some(&["ORA_PROCESSED"])).known(), Known::Whole(&998));
        assert_eq!(found.month.events_with_error(&["ORA_PROCESSED"]), None, "counts do not tell");
        assert_eq!(found.month.reversing_events(None), None);
        for (place, one) in asked.iter().enumerate().take(5).skip(3) {
            found.take(one, 0, at(&format!("2026-10-02T12:00:0{place}Z")));
        }
        assert_eq!(found.month.events(None).known(), Known::Whole(&998));
        assert_eq!(found.month.as_of(), at("2026-10-02T12:00:01Z"), "as old as the oldest");
        assert_eq!(found.previous.events(None).known(), Known::Nothing);
        // What the month has none of, no day has; days to come are not asked for.
        let days = found.counts_of_days(now);
        assert_eq!(days.len(), 2);
        assert_eq!(days[0].question.statuses, ["ORA_PROCESSED"]);
        assert_eq!(found.days[0].events(Some(&["ORA_ERROR"])).known(), Known::Whole(&0));
        assert_eq!(found.days[0].events(Some(&["ORA_PROCESSED"])).known(), Known::Nothing);
        found.take(&days[0], 998, now);
        assert_eq!(found.days[0].events(None).known(), Known::Whole(&998));
    }
}
