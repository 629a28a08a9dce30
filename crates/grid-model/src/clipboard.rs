//! The two texts that a copy puts on the clipboard, as spreadsheets read them.
//!
//! Not here: protection against formulas. That belongs to files that travel to other people; what
//! is copied goes back where its owner puts it, and must come back unchanged when pasted here.

/// One copied cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedCell {
    pub text: String,
    /// False keeps a spreadsheet from turning an id such as `007` or a long number into a number.
    pub is_number: bool,
}

/// Rows of cells as `text/plain`: tabs between cells, CR LF between rows. A cell that holds a tab,
/// a line break or a quote is quoted, and its quotes are doubled.
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
            if cell.text.contains(['\t', '\n', '\r', '"']) {
                out.push('"');
                out.push_str(&cell.text.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(&cell.text);
            }
        }
    }
    out
}

/// Rows of cells as `text/html`: a table whose text cells carry the spreadsheet format for text.
pub fn html_table(rows: &[Vec<CopiedCell>]) -> String {
    let mut out = String::from("<meta charset=\"utf-8\"><table>");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            out.push_str(if cell.is_number { "<td>" } else { "<td style='mso-number-format:\"\\@\"'>" });
            for letter in cell.text.chars() {
                match letter {
                    '&' => out.push_str("&amp;"),
                    '<' => out.push_str("&lt;"),
                    '>' => out.push_str("&gt;"),
                    '\n' => out.push_str("<br>"),
                    '\r' => (),
                    other => out.push(other),
                }
            }
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</table>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &[&[&str]]) -> Vec<Vec<CopiedCell>> {
        texts
            .iter()
            .map(|row| {
                row.iter()
                    .map(|text| CopiedCell {
                        text: (*text).to_owned(),
                        is_number: text.parse::<i64>().is_ok_and(|_| !text.starts_with('0')),
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn tabs_breaks_and_quotes_are_quoted() {
        assert_eq!(tab_separated(&rows(&[&["a", "12"], &["b", ""]])), "a\t12\r\nb\t");
        assert_eq!(
            tab_separated(&rows(&[&["tab\there", "say \"no\"", "two\nlines", "=1+1"]])),
            "\"tab\there\"\t\"say \"\"no\"\"\"\t\"two\nlines\"\t=1+1"
        );
        assert_eq!(tab_separated(&[]), "");
    }

    #[test]
    fn text_stays_text_and_markup_stays_text() {
        assert_eq!(
            html_table(&rows(&[&["007", "12"], &["<b>&", "x\ny"]])),
            "<meta charset=\"utf-8\"><table>\
             <tr><td style='mso-number-format:\"\\@\"'>007</td><td>12</td></tr>\
             <tr><td style='mso-number-format:\"\\@\"'>&lt;b&gt;&amp;</td>\
             <td style='mso-number-format:\"\\@\"'>x<br>y</td></tr></table>"
        );
    }
}
