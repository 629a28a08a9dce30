//! A table as CSV text (RFC 4180: CRLF, quotes doubled) that a spreadsheet opens without harm: a text
//! that it would take for a formula, or for a number or a date of which it keeps less than was written,
//! is put behind an apostrophe. So is one that begins with an apostrophe, so that taking one off
//! ([`unguarded`]) gives every text back to the letter. Numbers stay numbers.
//!
//! A spreadsheet that parts fields at semicolons does not know the quotes of a field that begins behind a comma: what
//! stands behind a semicolon, a tab or a line break within a text begins a cell of its own there. So a formula there
//! is put behind an apostrophe as well.
//!
//! Not here: saving, encodings other than UTF-8.

use crate::is_machine_number;
use std::borrow::Cow;

/// One field of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvField<'a> {
    /// Anything a person or a server wrote.
    Text(&'a str),
    /// Digits of the console's own making, with a sign and a point at most.
    Number(&'a str),
    /// A time of the console's own making, `2026-10-01 08:30:00`, which a spreadsheet may know as one.
    Time(&'a str),
}

/// With this in front Excel reads the file as UTF-8.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Appends one line.
pub fn push_csv_line(out: &mut String, fields: &[CsvField<'_>]) {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        match *field {
            CsvField::Number(digits) if is_machine_number(digits) => out.push_str(digits),
            CsvField::Time(time) if is_time(time) => out.push_str(time),
            CsvField::Number(text) | CsvField::Time(text) | CsvField::Text(text) => push_text(out, text),
        }
    }
    out.push_str("\r\n");
}

/// The text that a field of such a file stands for, once its quotes are read.
pub fn unguarded(field: &str) -> Cow<'_, str> {
    let field = field.strip_prefix('\'').unwrap_or(field);
    let is_guarded_within = field.split(PARTS_FIELDS).skip(1).any(|part| part.starts_with('\''));
    if !is_guarded_within {
        return Cow::Borrowed(field);
    }
    let mut text = String::with_capacity(field.len());
    for (place, part) in field.split_inclusive(PARTS_FIELDS).enumerate() {
        text.push_str(part.strip_prefix('\'').filter(|_| place > 0).unwrap_or(part));
    }
    Cow::Owned(text)
}

/// At which some reader begins another cell.
const PARTS_FIELDS: [char; 4] = [';', '\t', '\r', '\n'];

fn is_time(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-: .".contains(&byte))
}

fn push_text(out: &mut String, text: &str) {
    let is_guarded = is_guarded(text);
    if !is_guarded && !text.contains([',', '"', '\r', '\n', ';', '\t']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    if is_guarded {
        out.push('\'');
    }
    let mut rest = text;
    while let Some(place) = rest.find(PARTS_FIELDS) {
        // Each of them is one byte.
        let (part, behind) = rest.split_at(place + 1);
        out.push_str(&part.replace('"', "\"\""));
        // Quotes that are doubled are an empty field there, and what follows them is its text.
        let begin = behind.trim_start_matches(|letter: char| letter == '"' || letter.is_whitespace());
        if behind.starts_with('\'') || is_formula(begin) {
            out.push('\'');
        }
        rest = behind;
    }
    out.push_str(&rest.replace('"', "\"\""));
    out.push('"');
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

fn is_guarded(text: &str) -> bool {
    text.starts_with(['\'', '\t', '\r', '\n']) || is_formula(text.trim_start()) || is_digits_and_marks(text)
}

/// Whether nothing but digits and the marks of numbers, dates and amounts stands in a text, such as
/// `0049176123456789`, `1E5`, `10-11` or `12.50`.
fn is_digits_and_marks(text: &str) -> bool {
    let is_mark =
        |letter: char| letter.is_whitespace() || ".,:/+-%'()eE$\u{20ac}\u{a3}\u{a5}".contains(letter);
    text.contains(|letter: char| letter.is_numeric())
        && text.chars().all(|letter| letter.is_numeric() || is_mark(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use CsvField::{Number, Text, Time};

    fn line_of(fields: &[CsvField<'_>]) -> String {
        let mut out = String::new();
        push_csv_line(&mut out, fields);
        out
    }

    #[track_caller]
    fn check(fields: &[CsvField<'_>], line: &str) {
        assert_eq!(line_of(fields), format!("{line}\r\n"));
    }

    /// The fields of a file, as RFC 4180 reads them.
    fn read(text: &str) -> Vec<Vec<String>> {
        let (mut lines, mut line, mut field) = (Vec::new(), Vec::new(), String::new());
        let (mut is_quoted, mut letters) = (false, text.chars().peekable());
        while let Some(letter) = letters.next() {
            match (letter, is_quoted) {
                ('"', true) if letters.next_if_eq(&'"').is_some() => field.push('"'),
                ('"', _) => is_quoted = !is_quoted,
                (',', false) => line.push(std::mem::take(&mut field)),
                ('\r', false) => {
                    assert_eq!(letters.next(), Some('\n'));
                    line.push(std::mem::take(&mut field));
                    lines.push(std::mem::take(&mut line));
                }
                (letter, _) => field.push(letter),
            }
        }
        assert!(!is_quoted && line.is_empty() && field.is_empty(), "the file ends with its last line");
        lines
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        check(&[Text("a"), Text(""), Text("b c")], "a,,b c");
        check(&[Text("a,b"), Text("say \"x\"")], "\"a,b\",\"say \"\"x\"\"\"");
        check(&[Text("two\nlines")], "\"two\nlines\"");
    }

    #[test]
    fn a_text_is_never_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\u{ff1d}1", " =1+1", "\u{a0}@x"] {
            check(&[Text(text)], &format!("\"'{text}\""));
        }
        check(&[Text("a=1")], "a=1");
    }

    /// A reader that parts fields at semicolons knows no quotes that begin behind a comma.
    #[test]
    fn a_text_is_no_formula_where_semicolons_part_fields() {
        for (text, field) in [
            ("a;=HYPERLINK(1)", "\"a;'=HYPERLINK(1)\""),
            ("a;\"=1+1;b", "\"a;'\"\"=1+1;b\""),
            ("a\n+1\r\n -2", "\"a\n'+1\r'\n' -2\""),
            ("a;'b", "\"a;''b\""),
            ("a; b; c", "\"a; b; c\""),
            ("=1;@x", "\"'=1;'@x\""),
            ("\t=1", "\"'\t'=1\""),
        ] {
            check(&[Text("x"), Text(text)], &format!("x,{field}"));
            assert_eq!(unguarded(&read(&line_of(&[Text(text)]))[0][0]), text);
        }
    }

    #[test]
    fn digits_that_are_no_number_keep_every_digit() {
        for text in [
            "0049176123456789",
            "1234567890123456",
            "1E5",
            "10-11",
            "10/11",
            "12.50",
            "3:07",
            "\u{664}\u{662}",
        ] {
            check(&[Text(text)], &format!("\"'{text}\""));
        }
        for text in ["E", "()", "SP-10485", "12 GB", "1x5", "2026-10-01T08:30:00+00:00"] {
            check(&[Text(text)], text);
        }
    }

    #[test]
    fn what_is_exported_reads_back_to_the_letter() {
        let signs =
            ["", "'", "=", "-", "1", "0", ",", "\"", "\r", "\n", "\t", " ", "a", ";", "E", "@", "\u{feff}"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| signs.map(|sign| format!("{text}{sign}"))).collect();
        }
        texts.extend(["=1+1", "'=1+1", "''=1+1", "'", "'0049", "l'eau"].map(str::to_owned));
        let mut file = String::new();
        for text in &texts {
            push_csv_line(&mut file, &[Text(text), Number("-12.50"), Text(text)]);
        }
        for (line, text) in read(&file).iter().zip(&texts) {
            assert_eq!(line.len(), 3);
            assert_eq!(
                (&*unguarded(&line[0]), line[1].as_str(), &*unguarded(&line[2])),
                (text.as_str(), "-12.50", text.as_str())
            );
        }
        assert_eq!(read(&file).len(), texts.len());
    }

    #[test]
    fn numbers_stay_numbers_and_nothing_else_passes_for_one() {
        check(&[Number("-12.50"), Number("0"), Number("9007199254740993")], "-12.50,0,9007199254740993");
        check(&[Number("-1+cmd"), Number("1.2.3"), Number("-")], "\"'-1+cmd\",\"'1.2.3\",\"'-\"");
        check(&[Number("")], "");
    }

    #[test]
    fn times_stay_times_and_nothing_else_passes_for_one() {
        check(&[Time("2026-10-01 08:30:00"), Time("2026-10-01")], "2026-10-01 08:30:00,2026-10-01");
        check(&[Time("=1+1"), Time("-2"), Time("soon"), Time("")], "\"'=1+1\",\"'-2\",soon,");
    }
}
