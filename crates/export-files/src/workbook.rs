//! A workbook (ECMA-376, XLSX) written row by row: numbers with a format that shows all their digits, texts that stay
//! texts whatever they look like, times as times. Rows that a sheet has no room for go on in the next one, under the
//! same head.

use crate::civil_time::{MICROS_A_DAY, day_text, time_text};
use crate::{Archive, Cell, Fault, Head, is_machine_number};
use std::fmt::Write;

/// Rows of a sheet, its head among them.
pub(crate) const SHEET_ROWS: u64 = 1_048_576;
/// UTF-16 units of a cell's text.
const CELL_LETTERS: usize = 32_767;
/// A spreadsheet keeps so many digits of a number and makes noughts of the rest.
const SPREADSHEET_DIGITS: usize = 15;
/// Decimals that a format can show.
const MOST_PLACES: usize = 30;
/// Texts that are cut are named, so many of them each.
const MOST_NAMED: usize = 20;
/// Written at once.
const PIECE: usize = 64 << 10;

const TEXT: usize = 1;
const HEAD: usize = 2;
const TIME: usize = 3;
const TIME_WITH_PARTS: usize = 4;
const DAY: usize = 5;
/// The first of the formats of numbers, that without decimals.
const NUMBER: usize = 6;

/// Days that a spreadsheet counts as the calendar does: from 1900-03-01 to 9999-12-31, since 1970.
const DAYS: std::ops::RangeInclusive<i64> = -25_508..=2_932_896;
/// 1970-01-01, as a spreadsheet counts.
const FIRST_DAY: i64 = 25_569;

pub(crate) struct Workbook {
    archive: Archive,
    title: String,
    heads: Vec<Head>,
    columns: Vec<String>,
    sheets: Vec<String>,
    /// Rows of the sheet that is being written.
    row: u64,
    text: String,
    /// Numbers that are texts, because a spreadsheet would lose digits of them.
    pub(crate) long_numbers: u64,
    /// Where texts were cut, and how long they are.
    cut: Vec<(String, usize)>,
    cuts: u64,
}

impl Workbook {
    pub(crate) fn begin(title: &str, heads: &[Head], at: i64) -> Result<Self, Fault> {
        let mut archive = Archive::begin(at);
        archive.begin_file("_rels/.rels")?;
        archive.write(RELATIONS.as_bytes())?;
        archive.begin_file("xl/styles.xml")?;
        archive.write(styles().as_bytes())?;
        let mut book = Self {
            archive,
            title: title.to_owned(),
            heads: heads.to_vec(),
            columns: (0..heads.len()).map(column_name).collect(),
            sheets: Vec::new(),
            row: 0,
            text: String::new(),
            long_numbers: 0,
            cut: Vec::new(),
            cuts: 0,
        };
        book.begin_sheet()?;
        Ok(book)
    }

    pub(crate) fn push_row(&mut self, cells: &[Cell<'_>]) -> Result<(), Fault> {
        if self.row == SHEET_ROWS {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.open_row();
        for (place, cell) in cells.iter().enumerate() {
            self.push_cell(place, cell);
        }
        self.close_row()
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.archive.take()
    }

    /// What was done to cells that a spreadsheet cannot hold as they are.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.sheets.len() > 1 {
            notes.push(format!("The rows stand on {} sheets", self.sheets.len()));
        }
        if self.long_numbers > 0 {
            notes.push(format!(
                "{}. They stand as text, with all of them: a spreadsheet's own sum passes them over",
                long_words(self.long_numbers)
            ));
        }
        for (cell, letters) in &self.cut {
            notes.push(format!(
                "The text of {cell} is cut: it has {letters} characters, and a cell holds {CELL_LETTERS}"
            ));
        }
        let unnamed = self.cuts.saturating_sub(self.cut.len() as u64);
        if unnamed > 0 {
            notes.push(if unnamed == 1 {
                "1 more text is cut".to_owned()
            } else {
                format!("{unnamed} more texts are cut")
            });
        }
        notes
    }

    /// Writes the sheet of what the file is of. It stands before the rows where they are not all.
    pub(crate) fn finish(
        mut self,
        about: &[(String, crate::about::OwnedCell)],
        is_whole: bool,
    ) -> Result<Vec<u8>, Fault> {
        self.end_sheet()?;
        let rows = self.sheets.len();
        self.heads = vec![Head::new("About this export", 200), Head::new("", 640)];
        self.columns = vec![column_name(0), column_name(1)];
        self.title = "About this export".to_owned();
        self.begin_named_sheet(self.title.clone())?;
        for (name, value) in about {
            self.open_row();
            self.push_cell(0, &Cell::Text(name));
            self.push_cell(1, &value.as_cell());
            self.close_row()?;
        }
        self.end_sheet()?;
        let order: Vec<usize> =
            if is_whole { (0..=rows).collect() } else { std::iter::once(rows).chain(0..rows).collect() };
        self.write_parts(&order)?;
        Ok(self.archive.finish()?.0)
    }

    fn write_parts(&mut self, order: &[usize]) -> Result<(), Fault> {
        let (mut sheets, mut relations, mut types) = (String::new(), String::new(), String::new());
        for place in order {
            let (number, mut name) = (place + 1, String::new());
            push_escaped(&mut name, &self.sheets[*place]);
            sheets.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>"));
            relations.push_str(&format!(
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            ));
            types.push_str(&format!(
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{SPREADSHEET}.worksheet+xml\"/>"
            ));
        }
        let styles = self.sheets.len() + 1;
        let parts = [
            (
                "xl/workbook.xml",
                format!(
                    "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}/relationships\"><sheets>{sheets}</sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}<Relationship Id=\"rId{styles}\" Type=\"{OFFICE}/relationships/styles\" Target=\"styles.xml\"/></Relationships>"
                ),
            ),
            (
                "[Content_Types].xml",
                format!(
                    "{XML}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{SPREADSHEET}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{SPREADSHEET}.styles+xml\"/>{types}</Types>"
                ),
            ),
        ];
        for (name, text) in parts {
            self.archive.begin_file(name)?;
            self.archive.write(text.as_bytes())?;
        }
        Ok(())
    }

    fn begin_sheet(&mut self) -> Result<(), Fault> {
        let name = match self.sheets.len() {
            0 => self.title.clone(),
            before => format!("{} {}", self.title, before + 1),
        };
        self.begin_named_sheet(name)
    }

    fn begin_named_sheet(&mut self, name: String) -> Result<(), Fault> {
        self.sheets.push(name);
        self.archive.begin_file(&format!("xl/worksheets/sheet{}.xml", self.sheets.len()))?;
        self.row = 0;
        self.text.push_str(XML);
        self.text.push_str(&format!("<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"));
        for (number, head) in self.heads.iter().enumerate().map(|(place, head)| (place + 1, head)) {
            // A letter takes some seven pixels.
            let letters = (head.width / 7).clamp(4, 120);
            self.text.push_str(&format!(
                "<col min=\"{number}\" max=\"{number}\" width=\"{letters}\" customWidth=\"1\"/>"
            ));
        }
        self.text.push_str("</cols><sheetData>");
        self.open_row();
        for place in 0..self.heads.len() {
            let title = self.heads[place].title.clone();
            self.push_text(place, &title, HEAD);
        }
        self.close_row()
    }

    fn end_sheet(&mut self) -> Result<(), Fault> {
        self.text.push_str("</sheetData></worksheet>");
        self.flush()
    }

    fn open_row(&mut self) {
        self.row += 1;
        // Writing to a text does not fail.
        let _ = write!(self.text, "<row r=\"{}\">", self.row);
    }

    fn close_row(&mut self) -> Result<(), Fault> {
        self.text.push_str("</row>");
        if self.text.len() < PIECE { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<(), Fault> {
        self.archive.write(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }

    fn push_cell(&mut self, place: usize, cell: &Cell<'_>) {
        match *cell {
            Cell::Blank => (),
            Cell::Text(text) => self.push_text(place, text, TEXT),
            Cell::Number(digits) => match number_places(digits) {
                Some(places) => self.push_value(place, digits, NUMBER + places),
                None => {
                    self.long_numbers += u64::from(has_too_many_digits(digits));
                    self.push_text(place, digits, TEXT);
                }
            },
            Cell::Time(at) => match serial_time(at) {
                Some((serial, has_parts)) => {
                    self.push_value(place, &serial, if has_parts { TIME_WITH_PARTS } else { TIME });
                }
                None => self.push_text(place, &time_text(at), TEXT),
            },
            Cell::Day(day) if DAYS.contains(&day) => {
                self.push_value(place, &(day + FIRST_DAY).to_string(), DAY);
            }
            Cell::Day(day) => self.push_text(place, &day_text(day), TEXT),
        }
    }

    fn push_value(&mut self, place: usize, value: &str, style: usize) {
        let (column, row) = (&self.columns[place], self.row);
        // Writing to a text does not fail.
        let _ = write!(self.text, "<c r=\"{column}{row}\" s=\"{style}\"><v>{value}</v></c>");
    }

    fn push_text(&mut self, place: usize, text: &str, style: usize) {
        if text.is_empty() {
            return;
        }
        let (column, row) = (&self.columns[place], self.row);
        let letters = text.encode_utf16().count();
        let text = if letters <= CELL_LETTERS {
            text
        } else {
            self.cuts += 1;
            if self.cut.len() < MOST_NAMED {
                let sheet = self.sheets.last().map_or("", String::as_str);
                self.cut.push((format!("{sheet}, {column}{row}"), letters));
            }
            first_units(text, CELL_LETTERS)
        };
        let _ = write!(
            self.text,
            "<c r=\"{column}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
        );
        push_escaped(&mut self.text, text);
        self.text.push_str("</t></is></c>");
    }
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const SPREADSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

/// The formats of cells: those above by their numbers, then one of numbers for each count of decimals.
fn styles() -> String {
    const FIRST: usize = 164;
    let (mut formats, mut cells) = (String::new(), String::new());
    let mut format = |number: usize, code: &str| {
        formats.push_str(&format!("<numFmt numFmtId=\"{number}\" formatCode=\"{code}\"/>"));
    };
    format(FIRST, "yyyy\\-mm\\-dd hh:mm:ss");
    format(FIRST + 1, "yyyy\\-mm\\-dd hh:mm:ss.000");
    format(FIRST + 2, "yyyy\\-mm\\-dd");
    let mut cell = |format: usize, font: usize| {
        cells.push_str(&format!(
            "<xf numFmtId=\"{format}\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/>"
        ));
    };
    // 49 is the format of texts.
    for (format, font) in [(0, 0), (49, 0), (49, 1), (FIRST, 0), (FIRST + 1, 0), (FIRST + 2, 0)] {
        cell(format, font);
    }
    for places in 0..=MOST_PLACES {
        let point = if places == 0 { "" } else { "." };
        format(FIRST + 3 + places, &format!("#,##0{point}{}", "0".repeat(places)));
        cell(FIRST + 3 + places, 0);
    }
    let (many_formats, many_cells) = (MOST_PLACES + 4, NUMBER + MOST_PLACES + 1);
    format!(
        "{XML}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"{many_formats}\">{formats}</numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"{many_cells}\">{cells}</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
    )
}

/// A, B, …, Z, AA, …
fn column_name(place: usize) -> String {
    let (mut name, mut left) = (Vec::new(), place + 1);
    while left > 0 {
        let letter = (left - 1) % 26;
        name.push(char::from(b'A' + u8::try_from(letter).unwrap_or_default()));
        left = (left - 1) / 26;
    }
    name.into_iter().rev().collect()
}

/// Whether a spreadsheet cannot keep or show all digits of a number.
pub(crate) fn has_too_many_digits(digits: &str) -> bool {
    is_machine_number(digits) && number_places(digits).is_none()
}

pub(crate) fn long_words(numbers: u64) -> String {
    let words = if numbers == 1 { "1 number has".to_owned() } else { format!("{numbers} numbers have") };
    format!("{words} more than {SPREADSHEET_DIGITS} digits")
}

/// With how many decimals a number is shown, where a spreadsheet keeps all digits of it.
fn number_places(digits: &str) -> Option<usize> {
    if !is_machine_number(digits) {
        return None;
    }
    let unsigned = digits.trim_start_matches('-');
    let places = unsigned.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let counted: String = unsigned.chars().filter(char::is_ascii_digit).collect();
    // Noughts in front and behind are no digits that could be lost.
    let counted = counted.trim_start_matches('0').trim_end_matches('0').len();
    (counted <= SPREADSHEET_DIGITS && places <= MOST_PLACES && unsigned.len() < 60).then_some(places)
}

/// An instant as a spreadsheet counts days, and whether it has parts of a second. Nothing where it would not come
/// back as it was.
fn serial_time(micros: i64) -> Option<(String, bool)> {
    const PLACES: i128 = 10_000_000_000;
    let (day, rest) = (micros.div_euclid(MICROS_A_DAY), micros.rem_euclid(MICROS_A_DAY));
    // A spreadsheet knows thousandths of a second.
    if !DAYS.contains(&day) || rest % 1_000 != 0 {
        return None;
    }
    let a_day = i128::from(MICROS_A_DAY);
    let fraction = (i128::from(rest) * PLACES + a_day / 2) / a_day;
    Some((format!("{}.{fraction:010}", day + FIRST_DAY), rest % 1_000_000 != 0))
}

/// As much of a text as has so many UTF-16 units at most.
pub(crate) fn first_units(text: &str, most: usize) -> &str {
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        units += letter.len_utf16();
        if units > most {
            return &text[..at];
        }
    }
    text
}

/// A text as XML holds it in a cell. What XML cannot hold, and what reads like such an escape, is escaped as
/// spreadsheets do (`_x000B_`).
fn push_escaped(out: &mut String, text: &str) {
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '_' if is_escape(&text[at..]) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(letter),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "_x{:04X}_", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
}

fn is_escape(text: &str) -> bool {
    let text = text.as_bytes();
    text.len() >= 7 && text[1] == b'x' && text[6] == b'_' && text[2..6].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_where_no_digit_is_lost() {
        for (digits, places) in [
            ("-1234.5", Some(1)),
            ("0", Some(0)),
            ("0.00000080000", Some(11)),
            ("123456789012.123456789", None),
            ("9912140633506421", None),
            ("999999999999999", Some(0)),
            ("12345678901234.500", Some(3)),
            ("9000000000000000000", Some(0)),
            ("-0.30000000000000004", None),
            ("1E5", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(number_places(digits), places, "{digits}");
        }
    }

    #[test]
    fn times_are_counted_in_days() {
        assert_eq!(serial_time(0), Some(("25569.0000000000".to_owned(), false)));
        assert_eq!(serial_time(MICROS_A_DAY / 2 + 500_000), Some(("25569.5000057870".to_owned(), true)));
        assert_eq!(serial_time(1), None);
        assert_eq!(serial_time(MICROS_A_DAY * -25_509), None, "a spreadsheet has a day there that never was");
    }

    #[test]
    fn columns_have_letters() {
        let names: Vec<_> = [0, 25, 26, 51, 701, 702, 16_383].into_iter().map(column_name).collect();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn what_xml_cannot_hold_is_escaped() {
        for (text, escaped) in [
            ("a\u{b}b", "a_x000B_b"),
            ("_x0041_", "_x005F_x0041_"),
            ("_x004G_ _x41_", "_x004G_ _x41_"),
            ("x__x0041_", "x__x005F_x0041_"),
            ("\r\n\t", "_x000D_\n\t"),
            ("<&>\"'", "&lt;&amp;&gt;&quot;'"),
            ("\u{ffff}", "_xFFFF_"),
        ] {
            let mut out = String::new();
            push_escaped(&mut out, text);
            assert_eq!(out, escaped);
        }
    }
}
