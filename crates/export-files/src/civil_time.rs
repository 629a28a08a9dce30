//! Days and times of the calendar, exactly.

use std::fmt::Write;

const MICROS_A_SECOND: i64 = 1_000_000;
pub(crate) const MICROS_A_DAY: i64 = 86_400 * MICROS_A_SECOND;

/// Year, month and day of a day that is counted from 1970-01-01 (Gregorian, also before its beginning).
pub(crate) fn civil(day: i64) -> (i64, u32, u32) {
    // Years begin in March here, so that the leap day is the last one; an era has 400 of them.
    let from_march = day.saturating_add(719_468);
    let era = from_march.div_euclid(146_097);
    let of_era = from_march.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, u32::try_from(month).unwrap_or(1), u32::try_from(of_month).unwrap_or(1))
}

/// A day as `2026-10-01`.
pub(crate) fn day_text(day: i64) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// An instant in UTC as `2026-10-01 08:30:00`, with as many digits of the second's parts as it has.
pub fn time_text(micros: i64) -> String {
    let (day, rest) = (micros.div_euclid(MICROS_A_DAY), micros.rem_euclid(MICROS_A_DAY));
    let (seconds, parts) = (rest / MICROS_A_SECOND, rest % MICROS_A_SECOND);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{} {hours:02}:{minutes:02}:{seconds:02}", day_text(day));
    if parts != 0 {
        let digits = format!("{parts:06}");
        // Writing to a text does not fail.
        let _ = write!(text, ".{}", digits.trim_end_matches('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_those_of_the_calendar() {
        for (day, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (20_512, "2026-02-28"),
            (20_513, "2026-03-01"),
            (-719_468, "0000-03-01"),
        ] {
            assert_eq!(day_text(day), text);
        }
        assert_eq!(time_text(0), "1970-01-01 00:00:00");
        assert_eq!(time_text(-1), "1969-12-31 23:59:59.999999");
        assert_eq!(time_text(MICROS_A_DAY + 90_500_000), "1970-01-02 00:01:30.5");
    }
}
