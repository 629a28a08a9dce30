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
/// wide as the widest.
///
/// A table counts only where it has as many rows and cells as the text. It then says where a cell ends: not every
/// program quotes, so `"begins` may be a whole cell, and what stands behind a line break may belong to the cell
/// before it. It also keeps line breaks for which some programs write blanks in the text.
pub fn pasted_rows(plain: &str, html: Option<&str>) -> Vec<Vec<PastedCell>> {
    let mut rows = html.and_then(|html| told_rows(plain, html)).unwrap_or_else(|| tabbed(plain, &[]));
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    for row in &mut rows {
        row.resize(width, PastedCell::default());
    }
    rows
}

/// The cell, where the clipboard holds a table of a single one.
pub fn pasted_cell(plain: &str, html: &str) -> Option<PastedCell> {
    let [row] = told_rows(plain, html)?.try_into().ok()?;
    let [cell] = row.try_into().ok()?;
    Some(cell)
}

/// The rows as a table tells them, where it is of this text.
fn told_rows(plain: &str, html: &str) -> Option<Vec<Vec<PastedCell>>> {
    let table = table_of(html, plain.len())?;
    let mut rows = tabbed(plain, &table);
    // LibreOffice leaves blanks at the right and below out of the text.
    let is_blank =
        |cells: &[TableCell]| cells.iter().all(|cell| cell.text.is_empty() && cell.number.is_none());
    let fits = |(row, told): (&Vec<PastedCell>, &Vec<TableCell>)| told.get(row.len()..).is_some_and(is_blank);
    let is_of_text = table.get(rows.len()..)?.iter().all(|told| is_blank(told));
    if !is_of_text || !rows.iter().zip(&table).all(fits) {
        return None;
    }
    for (row, told) in rows.iter_mut().zip(table) {
        for (cell, told) in row.iter_mut().zip(told) {
            cell.number = told.number.filter(|number| is_shown(number, &cell.text));
        }
    }
    Some(rows)
}

/// Whether a text is a number as it is seen, rounded or not: a date and a percentage are numbers too for a
/// spreadsheet, and others than their texts say.
fn is_shown(number: &str, text: &str) -> bool {
    let is_sign = |letter: char| "+-\u{2212}.,'\u{2019}()".contains(letter) || letter.is_whitespace();
    let digits = |text: &str| -> String {
        text.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').collect()
    };
    let is_number = text.contains(|letter: char| letter.is_ascii_digit())
        && text.chars().all(|letter| letter.is_ascii_digit() || is_sign(letter));
    let (mut whole, seen) = (digits(number), digits(text));
    // Where the point stands in what is seen is in doubt; the digits are not, but for the last one.
    whole.extend(std::iter::repeat_n('0', seen.len().saturating_sub(whole.len())));
    let (Ok(whole), Ok(seen)) = (format!("0{whole}").parse::<u128>(), format!("0{seen}").parse::<u128>())
    else {
        return false;
    };
    let powers = std::iter::successors(Some(1_u128), |power| power.checked_mul(10));
    let mut units = powers.take_while(|unit| *unit <= whole.max(1).saturating_mul(10));
    is_number && units.any(|unit| seen.checked_mul(unit).is_some_and(|seen| seen.abs_diff(whole) <= unit / 2))
}

/// The rows of a text. Cells are looked up in the table by their places.
fn tabbed(text: &str, table: &[Vec<TableCell>]) -> Vec<Vec<PastedCell>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = text;
    loop {
        let told = table.get(rows.len()).and_then(|cells| cells.get(row.len()));
        let (cell, after) = told.and_then(|told| told_cell(rest, told)).unwrap_or_else(|| first_cell(rest));
        row.push(PastedCell { text: cell, number: None });
        if let Some(next) = after.strip_prefix('\t') {
            rest = next;
            continue;
        }
        rows.push(std::mem::take(&mut row));
        rest = without_break(after).unwrap_or_default();
        if rest.is_empty() {
            return rows;
        }
    }
}

const ENDS: [char; 3] = ['\t', '\r', '\n'];

fn is_cell_end(after: &str) -> bool {
    after.is_empty() || after.starts_with(ENDS)
}

fn without_break(text: &str) -> Option<&str> {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix(['\r', '\n']))
}

/// The text of the first cell, and what follows it with its tab or line break.
fn first_cell(text: &str) -> (String, &str) {
    quoted(text).filter(|(_, after)| is_cell_end(after)).unwrap_or_else(|| {
        let (cell, after) = text.split_at(text.find(ENDS).unwrap_or(text.len()));
        (cell.to_owned(), after)
    })
}

/// The same where the text begins as the table says. What is quoted never does: it would have to begin with more
/// quotes than it has.
fn told_cell<'a>(text: &'a str, told: &TableCell) -> Option<(String, &'a str)> {
    let (mut cell, mut rest) = (String::new(), text);
    for letter in told.text.chars() {
        let here = rest.chars().next()?;
        if letter == BREAK && here != ' ' {
            let after = without_break(rest)?;
            cell.push_str(&rest[..rest.len() - after.len()]);
            rest = after;
            continue;
        }
        match letter {
            BREAK => cell.push('\n'),
            ANY => cell.push(here),
            '\t' if here == ' ' => cell.push(here),
            _ if letter == here => cell.push(here),
            _ => return None,
        }
        rest = &rest[here.len_utf8()..];
    }
    is_cell_end(rest).then_some((cell, rest))
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

/// What a table says of a cell.
#[derive(Clone, Debug, Default)]
struct TableCell {
    number: Option<String>,
    /// Its text, with [`BREAK`] for a line break and [`ANY`] for a letter that is written by a name.
    text: String,
}

const BREAK: char = '\n';
const ANY: char = '\u{fffd}';
/// No letter has a longer name in HTML.
const LONGEST_NAME: usize = 33;

/// The cells of the first table. One that spans several columns or rows stands in the first of them, as it does in
/// the plain text. Of more than `most` cells none are made: a table may say any width.
fn table_of(html: &str, most: usize) -> Option<Vec<Vec<TableCell>>> {
    let mut rows: Vec<Vec<TableCell>> = Vec::new();
    // In how many rows more a column is taken by a cell that spans it.
    let mut taken: Vec<usize> = Vec::new();
    let (mut count, mut is_in_cell) = (0, false);
    for (text, tag) in tags(html) {
        let name = tag.split(|letter: char| letter.is_ascii_whitespace()).next().unwrap_or_default();
        let name = name.trim_end_matches('/').to_ascii_lowercase();
        if is_in_cell && let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
            push_text(&mut cell.text, text);
            match name.as_str() {
                "br" => cell.text.push(BREAK),
                // It was a note on the cell.
                "/comment" => cell.text.clear(),
                // Only what keeps a blank cell as high as others.
                "/td" | "/th" if cell.text.chars().eq([BREAK]) => cell.text.clear(),
                _ => (),
            }
        }
        is_in_cell &= !matches!(name.as_str(), "/td" | "/th" | "tr" | "/tr");
        let is_cell = matches!(name.as_str(), "td" | "th");
        if !is_cell && !matches!(name.as_str(), "tr" | "/table") {
            continue;
        }
        if let Some(row) = rows.last_mut() {
            while let Some(left) = taken.get_mut(row.len()).filter(|left| **left > 0) {
                *left -= 1;
                row.push(TableCell::default());
                count += 1;
            }
        }
        if is_cell {
            let row = rows.last_mut()?;
            let spans = |name| attribute(tag, name).and_then(|span| span.parse().ok()).unwrap_or(1).max(1);
            let (columns, below): (usize, usize) = (spans("colspan"), spans("rowspan"));
            let at = row.len();
            row.push(TableCell { number: number_of(tag), text: String::new() });
            (count, is_in_cell) = (count + 1, true);
            if columns > most + 1 {
                return None;
            }
            taken.resize(taken.len().max(at + columns), 0);
            taken[at..at + columns].fill(below);
            taken[at] -= 1;
        } else if name == "tr" {
            rows.push(Vec::new());
        } else {
            break;
        }
        if count > most + 1 {
            return None;
        }
    }
    Some(rows)
}

/// A text between tags. A line of the file that ends where a line of the text does is none.
fn push_text(to: &mut String, text: &str) {
    let begins = to.is_empty() || to.ends_with(BREAK);
    let mut rest = if begins && text.starts_with(['\r', '\n']) { text.trim_start() } else { text };
    loop {
        let (plain, named) = rest.split_once('&').map_or((rest, None), |(plain, named)| (plain, Some(named)));
        to.extend(plain.chars().map(|letter| if matches!(letter, '\r' | '\n') { ' ' } else { letter }));
        let Some(named) = named else { return };
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'#';
        let end = named.bytes().take(LONGEST_NAME).position(|byte| !is_of_name(byte));
        match end.and_then(|end| Some((&named[..end], named[end..].strip_prefix(';')?))) {
            Some((name, after)) => {
                let basic = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"')];
                to.push(basic.into_iter().find(|(of, _)| *of == name).map_or(ANY, |(_, letter)| letter));
                rest = after;
            }
            None => {
                to.push('&');
                rest = named;
            }
        }
    }
}

/// The number of a cell, as Excel, LibreOffice and SheetJS tell it. LibreOffice writes it in the locale that the
/// first number of `sdnum` stands for, never with a group sign; 1033 is English.
fn number_of(tag: &str) -> Option<String> {
    let told = attribute(tag, "x:num")
        .or_else(|| attribute(tag, "data-v").filter(|_| attribute(tag, "data-t") == Some("n")))
        .map(str::to_owned)
        .filter(|digits| is_machine_number(digits));
    told.or_else(|| {
        let digits = attribute(tag, "sdval")?;
        let is_english = attribute(tag, "sdnum")?.starts_with("1033;");
        Some(if is_english { digits.to_owned() } else { digits.replace(',', ".") })
            .filter(|digits| is_machine_number(digits))
    })
}

/// The text before each tag, and what stands between its `<` and `>`. A value may be quoted behind `=`, and then
/// no `>` in it ends the tag; other quotes are letters. A comment is a tag of which nothing is told.
fn tags(html: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (text, tag) = rest.split_once('<')?;
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
            return Some((text, ""));
        }
        let (mut quote, mut before) = (None, ' ');
        let end = tag.find(|letter: char| {
            let is_end = quote.is_none() && letter == '>';
            if quote == Some(letter) {
                quote = None;
            } else if quote.is_none() && before == '=' && matches!(letter, '"' | '\'') {
                quote = Some(letter);
            }
            if !letter.is_ascii_whitespace() {
                before = letter;
            }
            is_end
        })?;
        rest = &tag[end + 1..];
        Some((text, &tag[..end]))
    })
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
        assert_eq!(one("1.234,5", "sdval=\"1234,5\" sdnum=\"1031;0;General\"").as_deref(), Some("1234.5"));
        assert_eq!(one("1,234.50", "data-t=\"n\" data-v=\"1234.5\"").as_deref(), Some("1234.5"));
        // Of what locale it is, or what kind of value, is not told.
        assert_eq!(one("1.234,5", "sdval=\"1234,5\" sdnum=\"1033;0;General\""), None);
        assert_eq!(one("1.234,5", "sdval=\"1.234,5\" sdnum=\"1031;0;General\""), None);
        assert_eq!(one("1.234,5", "sdval=\"1234.5\""), None);
        assert_eq!(one("007", "data-t=\"s\" data-v=\"7\""), None);
        // A date and a percentage say another thing.
        assert_eq!(one("2026-10-01 08:30", "x:num=\"46296.354\""), None);
        assert_eq!(one("-7%", "x:num=\"-0.07\""), None);
        assert_eq!(one("####", "x:num=\"12345.67\""), None);
        let words = ["x:num", "x:num=\"\"", "x:num=\"1e5\"", "x:num=\"=1+1\"", "x:num=\"1", "colspan=x"];
        for words in words.into_iter().chain(["x:num=\"-\"", "x:num=\"1,5\"", "x:num=\"1.\"", "x:num=\"x\""])
        {
            assert_eq!(one("5", words), None, "{words}");
        }
    }

    #[test]
    fn a_number_is_that_of_the_table_where_it_is_what_is_seen() {
        let is_told = |seen: &str, number: &str| {
            let told = numbers(seen, &format!("<table><tr><td x:num=\"{number}\"></td></tr></table>"));
            told == [[Some(number.to_owned())]]
        };
        for (seen, number) in [
            ("64", "64.123"),
            ("65", "64.5"),
            ("2,000.00", "1999.999"),
            ("1", "0.7"),
            ("0.00", "0.001"),
            ("0", "0"),
            ("0,0", "0"),
            ("007", "7"),
            ("12,50-", "-12.5"),
            ("(1\u{a0}234,50)", "-1234.5"),
            ("\u{2212}5", "-5"),
            // In thousands.
            ("1,235", "1234567"),
            (" 123456789012345.000 ", "123456789012345"),
        ] {
            assert!(is_told(seen, number), "{seen} {number}");
        }
        for (seen, number) in [
            ("64", "65.123"),
            ("64", "64.51"),
            ("1,236", "1234567"),
            ("12.5", "12.56"),
            ("5", "0"),
            ("2026-10-01", "46296"),
            ("01.10.2026", "46296"),
            ("10.2026", "46296"),
            ("2026", "46296"),
            ("-", "0"),
            ("", "0"),
            ("12 kg", "12"),
            ("12", "120000000000000000000000000000000000000000"),
            ("120000000000000000000000000000000000000000", "12"),
        ] {
            assert!(!is_told(seen, number), "{seen} {number}");
        }
    }

    #[test]
    fn a_table_tells_where_cells_end_and_keeps_line_breaks() {
        let told = |plain: &str, row: &str| {
            let rows = pasted_rows(plain, Some(&format!("<table>\n<tr>{row}</tr></table>")));
            rows.into_iter()
                .map(|row| row.into_iter().map(|cell| cell.text).collect())
                .collect::<Vec<Vec<_>>>()
        };
        assert_eq!(told("a\nb\t5\n", "<td>a<br>b</td><td>5</td>"), [["a\nb", "5"]]);
        assert_eq!(told("a\r\nb\t5\r\n", "<td>a<br />\r\n   b</td><td>5</td>"), [["a\r\nb", "5"]]);
        assert_eq!(told("a  b", "<td>a<br><br>b</td>"), [["a\n\nb"]]);
        assert_eq!(told("a\tb", "<TD>a\tb</TD>"), [["a\tb"]]);
        assert_eq!(told("a\tb", "<td>a</td><td>b</td>"), [["a", "b"]]);
        assert_eq!(told("\"a\tb\"", "<td>&quot;a</td><th>b&#34;</th>"), [["\"a", "b\""]]);
        assert_eq!(told("\"a\tb\"", "<td>a\tb</td>"), [["a\tb"]]);
        // A blank that stands for a tab in the text.
        assert_eq!(told("\"a b\"", "<td>&quot;a\tb&quot;</td>"), [["\"a b\""]]);
        assert_eq!(told("\"\"\t\"\"", "<td>\"\"</td><td></td>"), [["\"\"", ""]]);
        // A letter by its name, a name that is none, and what is no markup.
        assert_eq!(
            told("\"<\u{e9} & x; b\"", "<td>&quot;&lt;&eacute; & x; b\"</td>"),
            [["\"<\u{e9} & x; b\""]]
        );
        assert_eq!(told("\"a\"", "<td>&quot;b&quot;</td>"), [["a"]]);
        assert_eq!(told("\"a\"", "<td>&quot;a&quot; and more</td>"), [["a"]]);
        // Of another text.
        assert_eq!(told("\"a\"", "<td>&quot;a&quot;</td><td>b</td>"), [["a"]]);
        assert_eq!(told("\"a\"", "<td>&quot;a&quot;</td></tr><tr><td>b</td>"), [["a"]]);
        // Blanks at the right and below.
        assert_eq!(told("\"a\"", "<td>&quot;a&quot;</td><td><br></td></tr><tr><td></td>"), [["\"a\""]]);
        assert_eq!(told("\"a\"\t5\n\"b\"", "<td>&quot;a&quot;</td><td>5</td>"), [["a", "5"], ["b", ""]]);
        // A line of the file is none of the text.
        assert_eq!(told("\"a\nb\"", "<td>\"a\nb\"</td>"), [["a\nb"]]);
        assert_eq!(told("\"a b\"", "<td>\"a\nb\"</td>"), [["\"a b\""]]);
        assert_eq!(told("\"b\"", "<!-- > it's <td> --><td><comment>c</comment>\n\t\"b\"</td>"), [["\"b\""]]);
    }

    #[test]
    fn a_quoted_value_may_hold_what_ends_a_tag_and_a_quote_elsewhere_is_a_letter() {
        let told = |words: &str| numbers("5", &format!("<table><tr><td {words}>5</td></tr></table>"));
        for words in [
            "title=\"a>b\" x:num=\"5\"",
            "title='a>\"b' x:num=5",
            "title = \"a>b\" x:num=5",
            "title=it's x:num=5",
            "it's x:num=\"5\"",
        ] {
            assert_eq!(told(words), [[Some("5".to_owned())]], "{words}");
        }
    }

    #[test]
    fn a_table_of_far_more_cells_than_the_text_is_of_another_text() {
        let told = |row: &str| numbers("1", &format!("<table><tr><td {row}</table>"))[0][0].clone();
        assert_eq!(told("x:num=1>1</td><td></td></tr>").as_deref(), Some("1"));
        assert_eq!(told("x:num=1>1</td><td></td><td></td></tr>"), None);
        assert_eq!(told("rowspan=9 x:num=1>1</td></tr><tr></tr>").as_deref(), Some("1"));
        assert_eq!(told("rowspan=9 x:num=1>1</td></tr><tr></tr><tr></tr><tr></tr>"), None);
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
        assert_eq!(
            told("1\t\n\t2", "<tr><td rowspan=2>1</td><td></td></tr><tr><td x:num=2>2</td></tr>")[1][1],
            Some("2".to_owned())
        );
        assert_eq!(told("\t\t1", "<tr><td colspan=3>-</td></tr><tr><td x:num=1>1")[0], [None, None, None]);
    }
}
