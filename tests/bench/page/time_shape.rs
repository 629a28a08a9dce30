//! Times as they are written in the JSON text, and as numbers that give the same text back.

use std::cell::Cell;
use std::fmt::Write;

/// How the times of a column are written: `2026-01-31T23:59:59`, so many digits of a second, and what
/// stands behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TimeShape {
    digits: usize,
    suffix: String,
    /// The day that was read last, and its number: rows mostly come by time.
    last: Cell<([u8; DATE_END], i64)>,
}

/// Where the date ends.
const DATE_END: usize = 10;
/// Where the seconds end.
const SECONDS_END: usize = 19;
const MOST_DIGITS: usize = 6;

impl TimeShape {
    /// The shape of a time, if it is one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let rest = text.get(SECONDS_END..)?;
        let (digits, suffix) = match rest.strip_prefix('.') {
            Some(fraction) => {
                let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
                (digits, fraction.get(digits..)?)
            }
            None => (0, rest),
        };
        let has_point = digits > 0 || !rest.starts_with('.');
        let shape = Self { digits, suffix: suffix.to_owned(), last: Cell::default() };
        (has_point && digits <= MOST_DIGITS && shape.instant(text).is_some()).then_some(shape)
    }

    /// Microseconds since 1970, counted as if the time were of UTC; nothing where the text is not of this shape.
    pub(crate) fn instant(&self, text: &str) -> Option<i64> {
        let bytes = text.as_bytes();
        let point = usize::from(self.digits > 0);
        let end = SECONDS_END + point + self.digits;
        if bytes.len() != end + self.suffix.len() || !bytes.ends_with(self.suffix.as_bytes()) {
            return None;
        }
        let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if signs.iter().any(|(at, sign)| bytes[*at] != *sign) || point > 0 && bytes[SECONDS_END] != b'.' {
            return None;
        }
        let number = |from: usize, to: usize| {
            bytes[from..to].iter().try_fold(0, |number, byte| {
                let digit = byte.wrapping_sub(b'0');
                (digit < 10).then(|| number * 10 + i64::from(digit))
            })
        };
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let fraction = number(SECONDS_END + point, end)?;
        if hour >= 24 || minute >= 60 || second >= 60 {
            return None;
        }
        let (last, mut known) = self.last.get();
        let date_text = *bytes.first_chunk()?;
        if date_text != last {
            let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
            known = days(year, month, day);
            if date(known) != (year, month, day) {
                return None;
            }
            self.last.set((date_text, known));
        }
        let seconds = known * 86_400 + hour * 3_600 + minute * 60 + second;
        Some(seconds * 1_000_000 + fraction * scale(self.digits))
    }

    /// Appends the text of an instant of this shape.
    pub(crate) fn push(&self, instant: i64, text: &mut String) {
        let (seconds, micros) = (instant.div_euclid(1_000_000), instant.rem_euclid(1_000_000));
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = date(days);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        // Writing into a text does not fail.
        let _ = write!(text, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if self.digits > 0 {
            let _ = write!(text, ".{:0width$}", micros / scale(self.digits), width = self.digits);
        }
        text.push_str(&self.suffix);
    }
}

/// Microseconds in the last of so many digits.
fn scale(digits: usize) -> i64 {
    (digits..MOST_DIGITS).fold(1, |scale, _| scale * 10)
}

/// Days since 1970, in the calendar that has no other one before it. The year is counted from March, so
/// that the odd day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_years = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    of_years + (month * 153 + 2) / 5 + day - 1 - 719_468
}

fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (year * 365 + year / 4 - year / 100);
    let month = (day * 5 + 2) / 153;
    let of_month = day - (month * 153 + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, of_month)
}
