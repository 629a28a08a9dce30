//! The two texts that a copy puts on the clipboard, as spreadsheets read them.
//!
//! Not here: protection against formulas. That belongs to files that travel to other people; what
//! is copied goes back where its owner puts it, and must come back unchanged when pasted here.

/// One copied cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopiedCell {
    /// Stays text: an id such as `007` is no number.
    Text(String),
    /// A number in machine notation: ASCII digits, `-`, a point.
    Number(String),
    /// An instant, in microseconds since 1970 in UTC, and as it is copied.
    Time { at: i64, text: String },
}

/// A spreadsheet keeps so many digits of a number and makes noughts of the rest.
const SPREADSHEET_DIGITS: usize = 15;

impl CopiedCell {
    pub fn text(&self) -> &str {
        let (Self::Text(text) | Self::Number(text) | Self::Time { text, .. }) = self;
        text
    }

    /// Whether a spreadsheet can hold it as a number with every digit.
    fn is_number_anywhere(&self) -> bool {
        let Self::Number(text) = self else { return false };
        let digits = text.trim_start_matches(['-', '0', '.']);
        digits.bytes().filter(u8::is_ascii_digit).count() <= SPREADSHEET_DIGITS
    }
}

/// Rows of cells as `text/plain`: tabs between cells, CR LF between rows. A cell that holds a tab,
/// a line break or a quote is quoted, and its quotes are doubled. Behind a last row that is one blank cell there
/// is CR LF too, without which it would be none.
pub fn tab_separated(rows: &[Vec<CopiedCell>]) -> String {
    let mut out = String::new();
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            out.push_str("\r\n");
        }
        for (j, cell) in row.iter().enumerate() {
            if j > 0 {
                out.push('\t');
            }
            let text = cell.text();
            if text.contains(['\t', '\n', '\r', '"']) {
                out.push('"');
                out.push_str(&text.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(text);
            }
        }
    }
    if out.ends_with("\r\n") {
        out.push_str("\r\n");
    }
    out
}

/// Rows of cells as `text/html`: a table whose text cells carry the spreadsheet format for text. A number
/// stands beside its cell's text once more for Excel (`x:num`) and LibreOffice (`sdval`, which is read
/// as in `sdnum`'s locale, 1033 for English), so that no reader's locale takes its point for a group sign.
pub fn html_table(rows: &[Vec<CopiedCell>]) -> String {
    let mut out = String::from(
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><meta charset=\"utf-8\"><table>",
    );
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            if cell.is_number_anywhere() {
                let digits = cell.text();
                out.push_str(&format!("<td x:num=\"{digits}\" sdval=\"{digits}\" sdnum=\"1033;\">"));
            } else {
                out.push_str("<td style='mso-number-format:\"\\@\"'>");
            }
            // A line ends by CR LF, LF or CR.
            for letter in cell.text().replace("\r\n", "\n").chars() {
                match letter {
                    '&' => out.push_str("&amp;"),
                    '<' => out.push_str("&lt;"),
                    '>' => out.push_str("&gt;"),
                    '"' => out.push_str("&quot;"),
                    '\n' | '\r' => out.push_str("<br>"),
                    other => out.push(other),
                }
            }
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</table></html>");
    out
}

/// Digits with at most a sign and a point.
pub(crate) fn is_machine_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_plain(whole) && is_plain(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use CopiedCell::{Number, Text};

    fn rows(texts: &[&[&str]]) -> Vec<Vec<CopiedCell>> {
        texts.iter().map(|row| row.iter().map(|text| Text((*text).to_owned())).collect()).collect()
    }

    #[test]
    fn tabs_breaks_and_quotes_are_quoted() {
        assert_eq!(tab_separated(&rows(&[&["a", "12"], &["b", ""]])), "a\t12\r\nb\t");
        assert_eq!(
            tab_separated(&rows(&[&["tab\there", "say \"no\"", "two\nlines", "=1+1"]])),
            "\"tab\there\"\t\"say \"\"no\"\"\"\t\"two\nlines\"\t=1+1"
        );
        assert_eq!(tab_separated(&[]), "");
        assert_eq!(tab_separated(&rows(&[&["a"], &[""]])), "a\r\n\r\n");
        assert_eq!(tab_separated(&rows(&[&[""]])), "");
        assert_eq!(
            tab_separated(&[vec![Number("-1234.5".to_owned()), Number("7".to_owned())]]),
            "-1234.5\t7"
        );
    }

    #[test]
    fn text_stays_text_and_markup_stays_text() {
        let table = html_table(&rows(&[&["007", "<b>&\"'"], &["x\ny\r\nz\r", ""]]));
        let text = "<td style='mso-number-format:\"\\@\"'>";
        assert!(
            table.ends_with(&format!(
                "<table><tr>{text}007</td>{text}&lt;b&gt;&amp;&quot;'</td></tr>\
                 <tr>{text}x<br>y<br>z<br></td>{text}</td></tr></table></html>"
            )),
            "{table}"
        );
    }

    #[test]
    fn a_number_is_typed_where_a_spreadsheet_keeps_all_its_digits() {
        let table = |digits: &str| html_table(&[vec![Number(digits.to_owned())]]);
        for digits in ["-1234.5", "0", "1.234", "999999999999999", "-0.000000000000000000123", "100.00"] {
            let cell = format!("<td x:num=\"{digits}\" sdval=\"{digits}\" sdnum=\"1033;\">{digits}</td>");
            assert!(table(digits).contains(&cell), "{digits}");
        }
        for digits in ["1234567890123456", "-12345678901.23456", "0.1234567890123456789"] {
            assert!(table(digits).contains(&format!("\\@\"'>{digits}</td>")), "{digits}");
        }
    }
}
