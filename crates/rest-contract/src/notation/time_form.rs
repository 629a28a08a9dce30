//! Days and times as a locale's readers write them, made of machine notation and read back to it: that is
//! `2026-10-31`, a clock of 24 hours behind it, and what is behind that, such as an offset, as it is.

/// The signs and the order; how many digits a part has is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeForm {
    pub order: DayOrder,
    /// Stands between year, month and day.
    pub between: char,
    /// A blank follows that sign, and one ends a day that begins with its year: `2026. 10. 31.`
    pub is_spaced: bool,
    /// Stands between hours, minutes and seconds.
    pub clock: char,
    /// Stands before the fraction of a second.
    pub fraction: char,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
}

impl DayOrder {
    /// Whether that is what stands at each place, of year, month and day.
    fn in_order<T: Copy>(self, [year, month, day]: [T; 3]) -> [T; 3] {
        match self {
            Self::YearMonthDay => [year, month, day],
            Self::DayMonthYear => [day, month, year],
            Self::MonthDayYear => [month, day, year],
        }
    }

    fn year_month_day<T: Copy>(self, [first, second, third]: [T; 3]) -> [T; 3] {
        match self {
            Self::YearMonthDay => [first, second, third],
            Self::DayMonthYear => [third, second, first],
            Self::MonthDayYear => [third, first, second],
        }
    }
}

impl TimeForm {
    /// Machine notation, which no reader takes for another day.
    pub const MACHINE: Self =
        Self { order: DayOrder::YearMonthDay, between: '-', is_spaced: false, clock: ':', fraction: '.' };

    /// A day or a time in machine notation as this reader reads it. What is neither stays as it is.
    pub fn write(&self, machine: &str) -> String {
        self.written(machine).unwrap_or_else(|| machine.to_owned())
    }

    fn written(&self, machine: &str) -> Option<String> {
        let (day, rest) = machine.split_at_checked(10).filter(|_| *self != Self::MACHINE)?;
        let mut parts = day.split('-');
        let parts = [parts.next()?, parts.next()?, parts.next()?];
        let is_day = parts.map(str::len) == [4, 2, 2] && parts.iter().all(|part| is_digits(part));
        if !is_day {
            return None;
        }
        let blank = if self.is_spaced { " " } else { "" };
        let sign = format!("{}{blank}", self.between);
        let mut text = self.order.in_order(parts).join(&sign);
        if self.is_spaced && self.order == DayOrder::YearMonthDay {
            text.push(self.between);
        }
        let clock = rest.get(1..).map_or("", clock_at_start);
        if rest.starts_with([' ', 'T']) && !clock.is_empty() {
            text.push(' ');
            text.extend(clock.chars().map(|sign| match sign {
                ':' => self.clock,
                '.' => self.fraction,
                digit => digit,
            }));
            text.push_str(rest.get(1 + clock.len()..)?);
        } else {
            text.push_str(rest);
        }
        Some(text)
    }

    /// What a person typed, in machine notation where it is written in this one. Anything else stays as it is:
    /// whoever reads machine notation says what is wrong with it.
    pub fn read(&self, typed: &str) -> String {
        self.as_machine(typed).unwrap_or_else(|| typed.to_owned())
    }

    fn as_machine(&self, typed: &str) -> Option<String> {
        let mut rest = Some(typed.trim()).filter(|_| *self != Self::MACHINE)?;
        let mut parts = [""; 3];
        for (place, part) in parts.iter_mut().enumerate() {
            if place > 0 {
                rest = rest.trim_start().strip_prefix(self.between)?.trim_start();
            }
            let digits = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
            (*part, rest) = rest.split_at_checked(digits)?;
        }
        let [year, month, day] = self.order.year_month_day(parts);
        // Of a year with two digits nobody knows the century.
        let is_day = year.len() == 4 && [month, day].iter().all(|part| matches!(part.len(), 1 | 2));
        if !is_day {
            return None;
        }
        let day = format!("{year}-{month:0>2}-{day:0>2}");
        let rest = rest.strip_prefix(self.between).filter(|_| self.is_spaced).unwrap_or(rest);
        let rest = rest.strip_prefix(',').unwrap_or(rest);
        if rest.trim().is_empty() {
            return Some(day);
        }
        let behind = rest.strip_prefix('T').or_else(|| rest.strip_prefix(char::is_whitespace))?.trim_start();
        let end = behind.find(|sign: char| !self.is_of_clock(sign)).unwrap_or(behind.len());
        let (clock, offset) = behind.split_at_checked(end)?;
        Some(format!("{day} {}{offset}", self.machine_clock(clock)?))
    }

    fn is_of_clock(&self, sign: char) -> bool {
        sign.is_ascii_digit() || sign == ':' || sign == '.' || sign == self.clock || sign == self.fraction
    }

    /// Hours, minutes, seconds, and a fraction of these.
    fn machine_clock(&self, clock: &str) -> Option<String> {
        let is_between = |sign: char| sign == ':' || sign == self.clock;
        let mut pieces = clock.splitn(3, is_between);
        let mut machine = pieces.next()?.to_owned();
        for piece in pieces {
            machine.push(':');
            machine.push_str(&piece.replacen(self.fraction, ".", 1));
        }
        Some(machine)
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|sign| sign.is_ascii_digit())
}

fn clock_at_start(text: &str) -> &str {
    let end = text.find(|sign: char| !(sign.is_ascii_digit() || matches!(sign, ':' | '.')));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: TimeForm =
        TimeForm { order: DayOrder::DayMonthYear, between: '.', fraction: ',', ..TimeForm::MACHINE };
    const AMERICAN: TimeForm = TimeForm { order: DayOrder::MonthDayYear, between: '/', ..TimeForm::MACHINE };
    const FINNISH: TimeForm = TimeForm { clock: '.', ..GERMAN };
    const HUNGARIAN: TimeForm = TimeForm { between: '.', is_spaced: true, ..TimeForm::MACHINE };

    #[test]
    fn a_time_is_written_in_each_form_and_read_back() {
        for (form, machine, text) in [
            (TimeForm::MACHINE, "2026-09-05 14:03:07.250", "2026-09-05 14:03:07.250"),
            (GERMAN, "2026-09-05 14:03:07.250", "05.09.2026 14:03:07,250"),
            (GERMAN, "2026-09-05", "05.09.2026"),
            (GERMAN, "2026-09-05 14:03 +02:00", "05.09.2026 14:03 +02:00"),
            (AMERICAN, "2026-09-05 14:03:07", "09/05/2026 14:03:07"),
            (FINNISH, "2026-09-05 14:03:07.5", "05.09.2026 14.03.07,5"),
            (HUNGARIAN, "2026-09-05 14:03", "2026. 09. 05. 14:03"),
            (HUNGARIAN, "2026-09-05", "2026. 09. 05."),
        ] {
            assert_eq!((form.write(machine).as_str(), form.read(text).as_str()), (text, machine));
            // Machine notation is read in any form.
            assert_eq!(form.read(machine), machine, "{form:?}");
        }
    }

    #[test]
    fn what_people_type_beside_it_is_taken_and_nothing_is_guessed() {
        for (form, typed, read) in [
            (GERMAN, " 5.9.2026, 8:05", "2026-09-05 8:05"),
            (GERMAN, "5.9.2026 14:03:07.5", "2026-09-05 14:03:07.5"),
            (AMERICAN, "9/5/2026", "2026-09-05"),
            (FINNISH, "5.9.2026 14:03", "2026-09-05 14:03"),
            // No such day: the reader of machine notation refuses it.
            (AMERICAN, "25/10/2026", "2026-25-10"),
            // Left as they are typed.
            (GERMAN, "5.9.26", "5.9.26"),
            (GERMAN, "5/9/2026", "5/9/2026"),
            (GERMAN, "5.9.2026x", "5.9.2026x"),
            (GERMAN, "", ""),
            (GERMAN, "é.9.2026", "é.9.2026"),
        ] {
            assert_eq!(form.read(typed), read, "{typed}");
        }
    }

    #[test]
    fn what_is_no_time_stays_as_it_is() {
        for text in ["", "soon", "+12026-09-05 14:03:07", "2026-W36-6", "2026-09-5", "Zürich, 2026-09-05"] {
            assert_eq!(GERMAN.write(text), text);
        }
    }
}
