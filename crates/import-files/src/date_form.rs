//! In which order a column writes day and month: found from all its cells, never from one.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::evidence::Form;
use crate::moment;
use crate::number_form::is_nothing;

/// The order of a column's dates. ISO 8601 (`2026-09-05`) is read in every column, for it has but one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateForm {
    /// `05/09/2026` is 5 September.
    DayFirst,
    /// `05/09/2026` is 9 May.
    MonthFirst,
}

impl DateForm {
    /// The moment in ISO 8601; nothing for a text that is none in this order. Without an offset it is UTC.
    pub fn read(self, text: &str) -> Option<String> {
        let text = text.trim();
        if moment::read(text).is_ok() {
            return Some(text.to_owned());
        }
        let (date, time) = text.split_once([' ', 'T']).map_or((text, ""), |(date, time)| (date, time.trim()));
        let sign = date.chars().find(|letter| !letter.is_ascii_digit())?;
        let parts: Vec<&str> = date.split(sign).collect();
        let numbers: Vec<u32> = parts.iter().filter_map(|part| number(part)).collect();
        let date = match (parts.as_slice(), numbers.as_slice()) {
            // A year of two digits could be of any century.
            ([_, _, year], [one, other, _]) if year.len() == 4 => {
                // With points between them no one puts the month first.
                let is_day_first = match sign {
                    '.' => true,
                    '/' | '-' => self == Self::DayFirst,
                    _ => return None,
                };
                let (day, month) = if is_day_first { (*one, *other) } else { (*other, *one) };
                NaiveDate::from_ymd_opt(year.parse().ok()?, month, day)?
            }
            ([year, _, _], [_, month, day]) if year.len() == 4 && matches!(sign, '/' | '.') => {
                NaiveDate::from_ymd_opt(year.parse().ok()?, *month, *day)?
            }
            _ => return None,
        };
        if time.is_empty() {
            return Some(date.to_string());
        }
        let (clock, offset) = time_and_offset(time)?;
        Some(format!("{date} {clock}{offset}"))
    }

    /// The cell in ISO 8601.
    ///
    /// # Errors
    /// A clause that follows the cell's name.
    pub fn read_cell(self, text: &str) -> Result<Cow<'_, str>, String> {
        if is_nothing(text) {
            return Ok(Cow::Borrowed(""));
        }
        // What is nearly ISO is told why it is none.
        self.read(text).map(Cow::Owned).ok_or_else(|| match moment::read(text.trim()) {
            Err(reason) if !reason.starts_with("is not") => format!("{text:?} {reason}"),
            _ => format!("{text:?} is not a date in the order of this column ({})", self.words()),
        })
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::DayFirst => "day first",
            Self::MonthFirst => "month first",
        }
    }
}

/// One or two digits, or four.
fn number(text: &str) -> Option<u32> {
    let is_plain = matches!(text.len(), 1 | 2 | 4) && text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

/// `10:00`, `10:00:00.5`, `10:00 PM`, each with an offset behind it or none.
fn time_and_offset(text: &str) -> Option<(NaiveTime, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ':' | '.'));
    let (clock, rest) = text.split_at(end.unwrap_or(text.len()));
    let half = rest.trim_start().get(..2).map(str::to_ascii_uppercase);
    match half.as_deref() {
        Some(half @ ("AM" | "PM")) => {
            let time = ["%I:%M %p", "%I:%M:%S %p"]
                .into_iter()
                .find_map(|form| NaiveTime::parse_from_str(&format!("{clock} {half}"), form).ok())?;
            Some((time, rest.trim_start().get(2..)?.trim()))
        }
        _ => {
            let time = ["%H:%M", "%H:%M:%S%.f"]
                .into_iter()
                .find_map(|form| NaiveTime::parse_from_str(clock, form).ok())?;
            Some((time, rest))
        }
    }
}

impl Form for DateForm {
    const BOTH: [Self; 2] = [Self::DayFirst, Self::MonthFirst];

    fn read(self, text: &str) -> Option<String> {
        self.read(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::Verdict::{self, Asked, Known, NoValues};
    use DateForm::{DayFirst, MonthFirst};

    #[track_caller]
    fn check(cells: &[&str], verdict: Verdict<DateForm>, read: &[Option<&str>]) {
        let mut evidence = Evidence::new();
        cells.iter().for_each(|cell| evidence.add(cell));
        assert_eq!(evidence.verdict(), verdict, "{cells:?}");
        if let Known(form) = verdict {
            let found: Vec<_> = cells.iter().map(|cell| form.read(cell)).collect();
            assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), read, "{cells:?}");
        }
    }

    #[test]
    fn a_column_has_one_order_found_from_all_its_cells() {
        check(&["05/09/2026", "15/09/2026"], Known(DayFirst), &[Some("2026-09-05"), Some("2026-09-15")]);
        check(&["05/09/2026", "09/15/2026"], Known(MonthFirst), &[Some("2026-05-09"), Some("2026-09-15")]);
        check(&["05/09/2026"], Asked, &[]);
        check(&["15/09/2026", "09/15/2026"], Asked, &[]);
        check(&["31/02/2026"], NoValues, &[]);
        check(&["05/05/2026"], Known(DayFirst), &[Some("2026-05-05")]);
        check(&["08.09.2026"], Known(DayFirst), &[Some("2026-09-08")]);
        check(&["2026-09-05", "", "NULL"], Known(DayFirst), &[Some("2026-09-05"), None, None]);
        check(&["05/09/26", "45553", "yesterday"], NoValues, &[]);
    }

    #[test]
    fn times_of_the_day_and_offsets_come_along() {
        for (text, read) in [
            ("15/09/2026 10:05", Some("2026-09-15 10:05:00")),
            ("15.9.2026 10:05:07.5", Some("2026-09-15 10:05:07.500")),
            ("15/09/2026 1:05 pm", Some("2026-09-15 13:05:00")),
            ("15/09/2026 12:00:00 AM", Some("2026-09-15 00:00:00")),
            ("15/09/2026 10:05 +02:00", Some("2026-09-15 10:05:00 +02:00")),
            ("2026/09/15 10:05", Some("2026-09-15 10:05:00")),
            ("2026-09-15T10:05:00+02:00", Some("2026-09-15T10:05:00+02:00")),
            ("15/09/2026 25:00", None),
            ("15/09/2026 soon", None),
        ] {
            assert_eq!(DayFirst.read(text).as_deref(), read, "{text}");
            if let Some(read) = read {
                assert!(moment::read(read).is_ok(), "{read}");
            }
        }
    }

    #[test]
    fn a_day_that_no_month_has_is_refused() {
        let reason = DayFirst.read_cell("31/02/2026").expect_err("no such day");
        assert_eq!(reason, "\"31/02/2026\" is not a date in the order of this column (day first)");
        let reason = DayFirst.read_cell("1026-09-05").expect_err("another millennium");
        assert!(reason.contains("is in the year 1026"), "{reason}");
    }
}
