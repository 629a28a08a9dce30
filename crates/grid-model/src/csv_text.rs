//! A table as CSV text (RFC 4180: CRLF, quotes doubled) that a spreadsheet opens without harm: a
//! text that would be taken for a formula is put behind an apostrophe. Numbers stay numbers.
//!
//! Not here: saving, encodings other than UTF-8.

/// One field of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvField<'a> {
    /// Anything a person or a server wrote.
    Text(&'a str),
    /// Digits of the console's own making, with a sign and a point at most.
    Number(&'a str),
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
            CsvField::Number(digits) if is_number(digits) => out.push_str(digits),
            CsvField::Number(text) | CsvField::Text(text) => push_text(out, text),
        }
    }
    out.push_str("\r\n");
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

fn push_text(out: &mut String, text: &str) {
    let is_formula = text
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let needs_quotes = is_formula || text.contains([',', '"', '\r', '\n', ';', '\t']);
    if !needs_quotes {
        out.push_str(text);
        return;
    }
    out.push('"');
    if is_formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &[CsvField<'_>], line: &str) {
        let mut out = String::new();
        push_csv_line(&mut out, fields);
        assert_eq!(out, format!("{line}\r\n"));
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        use CsvField::Text;
        check(&[Text("a"), Text(""), Text("b c")], "a,,b c");
        check(&[Text("a,b"), Text("say \"x\"")], "\"a,b\",\"say \"\"x\"\"\"");
        check(&[Text("two\nlines")], "\"two\nlines\"");
    }

    #[test]
    fn a_text_is_never_a_formula() {
        use CsvField::Text;
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\u{ff1d}1"] {
            check(&[Text(text)], &format!("\"'{text}\""));
        }
        check(&[Text("a=1")], "a=1");
    }

    #[test]
    fn numbers_stay_numbers_and_nothing_else_passes_for_one() {
        use CsvField::Number;
        check(&[Number("-12.50"), Number("0"), Number("9007199254740993")], "-12.50,0,9007199254740993");
        check(&[Number("-1+cmd"), Number("1.2.3"), Number("-")], "\"'-1+cmd\",1.2.3,\"'-\"");
        check(&[Number("")], "");
    }
}
