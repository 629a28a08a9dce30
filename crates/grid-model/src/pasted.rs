//! Cells that come from the clipboard: what a spreadsheet, another grid or this one put there.
//!
//! Not here: what a cell means in its column, and in which rows the cells go.

use crate::clipboard::is_machine_number;

/// One pasted cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastedCell {
    /// As its text says it.
    pub text: String,
    /// The number in machine notation, where the program that it was copied from tells it beside the text
    /// (see [`crate::html_table`]): whatever the reader's locale, it is not in doubt.
    pub number: Option<String>,
}

/// The rows of cells in a clipboard's `text/plain`, with the numbers that its `text/html` tells beside them.
///
/// The plain text says what the cells are: in a table for readers a narrow column turns a number to `####`.
/// Tabs part cells; CR LF, LF or CR part rows; one line break at the end ends the last row and begins no other.
/// A cell that is quoted whole may hold tabs and line breaks, and doubled quotes are one. All rows are made as
/// wide as the widest. A table counts only where it has as many rows and cells as the text.
pub fn pasted_rows(plain: &str, html: Option<&str>) -> Vec<Vec<PastedCell>> {
    let mut rows = tabbed(plain);
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let numbers = html.and_then(|html| numbers_of_table(html, &rows));
    for (row, numbers) in rows.iter_mut().zip(numbers.unwrap_or_default()) {
        for (cell, number) in row.iter_mut().zip(numbers) {
            // A date and a percentage are numbers too for a spreadsheet, and others than their texts say.
            cell.number = number.filter(|_| is_written_in_digits(&cell.text));
        }
    }
    for row in &mut rows {
        row.resize(width, PastedCell::default());
    }
    rows
}

/// Digits with what parts or signs them, and nothing else.
fn is_written_in_digits(text: &str) -> bool {
    let is_sign = |letter: char| "+-\u{2212}.,'\u{2019}()".contains(letter) || letter.is_whitespace();
    let text = text.trim();
    text.contains(|letter: char| letter.is_ascii_digit())
        && text.chars().all(|letter| letter.is_ascii_digit() || is_sign(letter))
}

fn tabbed(text: &str) -> Vec<Vec<PastedCell>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = text;
    loop {
        let (cell, after) = first_cell(rest);
        row.push(PastedCell { text: cell, number: None });
        let Some(after) = after else {
            rows.push(row);
            return rows;
        };
        if let Some(next) = after.strip_prefix('\t') {
            rest = next;
            continue;
        }
        rows.push(std::mem::take(&mut row));
        rest = after.strip_prefix("\r\n").unwrap_or(&after[1..]);
        if rest.is_empty() {
            return rows;
        }
    }
}

/// The text of the first cell, and what follows it with its tab or line break; nothing at the end.
fn first_cell(text: &str) -> (String, Option<&str>) {
    const ENDS: [char; 3] = ['\t', '\r', '\n'];
    if let Some((cell, after)) = quoted(text).filter(|(_, after)| after.is_empty() || after.starts_with(ENDS))
    {
        return (cell, (!after.is_empty()).then_some(after));
    }
    match text.find(ENDS) {
        Some(end) => (text[..end].to_owned(), Some(&text[end..])),
        None => (text.to_owned(), None),
    }
}

/// What stands between the quote at the beginning and the one that ends it, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut cell = String::new();
    loop {
        let (part, after) = rest.split_once('"')?;
        cell.push_str(part);
        match after.strip_prefix('"') {
            Some(next) => {
                cell.push('"');
                rest = next;
            }
            None => return Some((cell, after)),
        }
    }
}

/// The numbers in the cells of the first table, where it has the shape of these rows. A cell that spans several
/// columns stands in the first of them, as it does in the plain text.
fn numbers_of_table(html: &str, shape: &[Vec<PastedCell>]) -> Option<Vec<Vec<Option<String>>>> {
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    for tag in tags(html) {
        if is_tag(tag, "/table") {
            break;
        } else if is_tag(tag, "tr") {
            rows.push(Vec::new());
        } else if is_tag(tag, "td") || is_tag(tag, "th") {
            let at = rows.len().checked_sub(1)?;
            let number = attribute(tag, "x:num").filter(|digits| is_machine_number(digits));
            let number = number.or_else(|| {
                let is_english = attribute(tag, "sdnum").is_some_and(|locale| locale.starts_with("1033;"));
                attribute(tag, "sdval").filter(|digits| is_english && is_machine_number(digits))
            });
            rows[at].push(number.map(str::to_owned));
            let span = attribute(tag, "colspan").and_then(|span| span.parse().ok()).unwrap_or(1_usize);
            let width = rows[at].len().checked_add(span.saturating_sub(1))?;
            // What is wider than its text is not made: a table may say any width.
            if width > shape.get(at)?.len() {
                return None;
            }
            rows[at].resize(width, None);
        }
    }
    let is_alike = rows.iter().map(Vec::len).eq(shape.iter().map(Vec::len));
    is_alike.then_some(rows)
}

/// What stands between `<` and `>`; a `>` within quotes ends nothing.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (_, tag) = rest.split_once('<')?;
        let mut quote = None;
        let end = tag.find(|letter| match quote {
            Some(open) => {
                if letter == open {
                    quote = None;
                }
                false
            }
            None if letter == '"' || letter == '\'' => {
                quote = Some(letter);
                false
            }
            None => letter == '>',
        })?;
        rest = &tag[end + 1..];
        Some(&tag[..end])
    })
}

fn is_tag(tag: &str, name: &str) -> bool {
    let found = tag.split(|letter: char| letter.is_ascii_whitespace()).next().unwrap_or_default();
    found.eq_ignore_ascii_case(name)
}

/// The value of an attribute, quoted or not.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once('=')?;
        let found = before.split(|letter: char| letter.is_ascii_whitespace()).next_back().unwrap_or_default();
        let (value, next) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote)?,
            _ => after.split_once(|letter: char| letter.is_ascii_whitespace()).unwrap_or((after, "")),
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CopiedCell, html_table, tab_separated};

    fn texts(plain: &str) -> Vec<Vec<String>> {
        let rows = pasted_rows(plain, None);
        rows.into_iter().map(|row| row.into_iter().map(|cell| cell.text).collect()).collect()
    }

    fn numbers(plain: &str, html: &str) -> Vec<Vec<Option<String>>> {
        let rows = pasted_rows(plain, Some(html));
        rows.into_iter().map(|row| row.into_iter().map(|cell| cell.number).collect()).collect()
    }

    #[test]
    fn rows_and_cells_stand_where_they_stood() {
        assert_eq!(texts("1\r\n\r\n3\r\n"), [["1"], [""], ["3"]]);
        assert_eq!(texts("7\r\n8\r\n"), [["7"], ["8"]]);
        assert_eq!(texts("7\n8"), [["7"], ["8"]]);
        assert_eq!(texts("7\r8\r"), [["7"], ["8"]]);
        assert_eq!(texts("\t5"), [["", "5"]]);
        assert_eq!(texts("a\tb\n\nc"), [["a", "b"], ["", ""], ["c", ""]]);
        assert_eq!(texts("a\t\n"), [["a", ""]]);
        assert_eq!(texts(""), [[""]]);
        assert_eq!(texts("\n"), [[""]]);
        assert_eq!(texts("Zürich\u{a0}1\t\u{1f4b6}"), [["Zürich\u{a0}1", "\u{1f4b6}"]]);
    }

    #[test]
    fn what_is_quoted_whole_is_one_cell() {
        let quoted = "\"two\nlines\"\t\"a\ttab\"\t\"say \"\"no\"\"\"\r\n\"\"\t5";
        assert_eq!(texts(quoted), [["two\nlines", "a\ttab", "say \"no\""], ["", "5", ""]]);
        assert_eq!(texts("\"open\t5\n6"), [["\"open", "5"], ["6", ""]]);
        assert_eq!(texts("\"19\" rack\t5"), [["\"19\" rack", "5"]]);
        assert_eq!(texts("5\" disk"), [["5\" disk"]]);
    }

    #[test]
    fn what_is_copied_here_is_pasted_here() {
        let (text, number) = (
            |text: &str| CopiedCell::Text(text.to_owned()),
            |number: &str| CopiedCell::Number(number.to_owned()),
        );
        let copied = vec![
            vec![text("007"), number("-1234.5"), text("two\r\nlines")],
            vec![text(""), number("0.000000000001"), text("say \"no\"\t!")],
            vec![text("123456789012345678"), number("123456789012345678"), text("<td x:num=\"1\">")],
        ];
        let rows = pasted_rows(&tab_separated(&copied), Some(&html_table(&copied)));
        let told: Vec<Vec<_>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect();
        let were: Vec<Vec<_>> = copied.iter().map(|row| row.iter().map(CopiedCell::text).collect()).collect();
        assert_eq!(told, were);
        let told: Vec<_> = rows.iter().map(|row| row[1].number.as_deref()).collect();
        // More digits than a spreadsheet keeps stand in the text alone.
        assert_eq!(told, [Some("-1234.5"), Some("0.000000000001"), None]);
        assert!(rows.iter().all(|row| row[0].number.is_none() && row[2].number.is_none()));
    }

    #[test]
    fn a_table_tells_numbers_and_never_texts() {
        let cell = |words: &str| format!("<table><tr><td {words}></td></tr></table>");
        let one = |plain: &str, words: &str| numbers(plain, &cell(words)).remove(0).remove(0);
        assert_eq!(one("12,345.67", "x:num=\"12345.67\"").as_deref(), Some("12345.67"));
        assert_eq!(one("1.234,5", "sdval=\"1234.5\" sdnum=\"1033;0;General\"").as_deref(), Some("1234.5"));
        assert_eq!(one("64", "class=xl65 align=right x:num='64.123'").as_deref(), Some("64.123"));
        assert_eq!(one("64", "title=\"x:num=9\" x:num=64.5").as_deref(), Some("64.5"));
        // In another locale the number's own point would be in doubt; a date and a percentage say another thing.
        assert_eq!(one("1.234,5", "sdval=\"1234,5\" sdnum=\"1031;0;General\""), None);
        assert_eq!(one("2026-10-01 08:30", "x:num=\"46296.354\""), None);
        assert_eq!(one("-7%", "x:num=\"-0.07\""), None);
        assert_eq!(one("####", "x:num=\"12345.67\""), None);
        for words in ["x:num", "x:num=\"\"", "x:num=\"1e5\"", "x:num=\"=1+1\"", "x:num=\"1", "colspan=x"] {
            assert_eq!(one("5", words), None, "{words}");
        }
    }

    #[test]
    fn a_table_of_another_shape_tells_nothing() {
        let row = "<tr><td x:num=\"1\">1<td x:num=\"2\">2</tr>";
        let told = |plain: &str, rows: &str| numbers(plain, &format!("<TABLE>{rows}</TABLE>"));
        let one_and_two = [Some("1".to_owned()), Some("2".to_owned())];
        assert_eq!(told("1\t2", row), [one_and_two]);
        assert_eq!(told("1\t2\n3\t4", row), [[None, None], [None, None]]);
        assert_eq!(told("1", row), [[None]]);
        // What runs over the cells beside it spans them, and moves none of them.
        let wide = "<tr><td colspan=2 style='mso-ignore:colspan'>a long text</td><td x:num=\"5\">5</td></tr>";
        assert_eq!(told("a long text\t\t5", wide), [[None, None, Some("5".to_owned())]]);
        assert_eq!(told("1", "<tr><td colspan=99999999999 x:num=1>"), [[None]]);
        assert_eq!(told("1", "<tr><td colspan=4000000000 x:num=1>"), [[None]]);
        assert_eq!(told("1", "<td x:num=1>"), [[None]]);
    }
}
