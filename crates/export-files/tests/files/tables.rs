use crate::unpacked::{text_of, unpacked};
use export_files::{About, Cell, ControlTotal, Fault, Finished, Format, Head, TableFile};
use rest_contract::ExactSum;

const CSV: Format = Format::Csv { has_mark: true };
/// 2026-12-01 10:00:00 UTC.
const NOW: i64 = 1_796_119_200_000_000;

fn about(counted: Option<u64>) -> About {
    About {
        source: "All events".to_owned(),
        filters: vec!["Status is Error".to_owned()],
        zone: "UTC".to_owned(),
        as_of: NOW,
        counted,
        ..About::default()
    }
}

fn written(format: Format, rows: &[&[Cell<'_>]], about: &About) -> (Vec<u8>, Finished) {
    let columns = rows.first().map_or(1, |row| row.len());
    let heads: Vec<_> = (1..=columns).map(|number| Head::new(&format!("Column {number}"), 120)).collect();
    let mut file = TableFile::begin(format, "Usage events", &heads, NOW).expect("it begins");
    rows.iter().for_each(|row| file.push_row(row).expect("the row fits"));
    let mut bytes = file.take();
    let finished = file.finish(about).expect("it ends");
    bytes.extend(&finished.rest);
    (bytes, finished)
}

fn sheet(cells: &[Cell<'_>]) -> String {
    text_of(&written(Format::Xlsx, &[cells], &about(Some(1))).0, "xl/worksheets/sheet1.xml")
}

#[track_caller]
fn check(cell: Cell<'_>, xml: &str) {
    let sheet = sheet(&[cell]);
    assert!(sheet.contains(&format!("<row r=\"2\">{xml}</row>")), "{sheet}");
}

fn text(xml: &str) -> String {
    format!("<c r=\"A2\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{xml}</t></is></c>")
}

/// I25: ids are texts; what a spreadsheet would lose digits of is a text with all of them; the rest are numbers
/// whose format shows every digit.
#[test]
fn no_digit_is_lost() {
    check(Cell::Text("9912140633506421"), &text("9912140633506421"));
    check(Cell::Text("007"), &text("007"));
    check(Cell::Number("123456789012.123456789"), &text("123456789012.123456789"));
    check(Cell::Number("0.00000080000"), "<c r=\"A2\" s=\"17\"><v>0.00000080000</v></c>");
    check(Cell::Number("-1234.5"), "<c r=\"A2\" s=\"7\"><v>-1234.5</v></c>");
    check(Cell::Number("-33.86"), "<c r=\"A2\" s=\"8\"><v>-33.86</v></c>");
    let (book, _) = written(Format::Xlsx, &[&[Cell::Text("x")]], &about(Some(1)));
    let styles = text_of(&book, "xl/styles.xml");
    let format = |style: usize| {
        let cells = styles.split("<cellXfs").nth(1).unwrap();
        let number = cells.split("<xf numFmtId=\"").nth(style + 1).unwrap().split('"').next().unwrap();
        let from = styles.split(&format!("numFmtId=\"{number}\" formatCode=\"")).nth(1);
        from.map_or(number, |from| from.split('"').next().unwrap()).to_owned()
    };
    assert_eq!(format(1), "49", "texts are kept as texts when they are edited");
    assert_eq!(format(7), "#,##0.0");
    assert_eq!(format(17), "#,##0.00000000000");
    assert_eq!(format(3), "yyyy\\-mm\\-dd hh:mm:ss");
}

/// I25: what the file adds up is exact, also where the numbers are texts in it, and it says that they are.
#[test]
fn control_totals_are_exact() {
    let mut sum = ExactSum::default();
    let amounts = ["123456789012.123456789", "0.00000080000", "-0.000000001"];
    amounts.iter().for_each(|amount| sum.add(amount.parse().unwrap()));
    let total = |currency: &str, sum: Option<String>| ControlTotal {
        of: "Amount".to_owned(),
        currency: currency.to_owned(),
        sum,
        rows: 3,
    };
    let totals = vec![total("EUR", sum.text()), total("", Some("1.00".to_owned())), total("JPY", None)];
    let about = About { totals, ..about(Some(3)) };
    let rows: Vec<_> = amounts.iter().map(|amount| [Cell::Number(amount)]).collect();
    let rows: Vec<&[Cell<'_>]> = rows.iter().map(<[Cell<'_>; 1]>::as_slice).collect();
    let (csv, _) = written(CSV, &rows, &about);
    let told = text_of(&csv, "about this export.csv");
    for line in [
        "\"Amount, EUR, total\",123456789012.12345758800\r\n",
        "\"Amount, EUR, rows\",3\r\n",
        "\"Amount, no currency, total\",1.00\r\n",
        "\"Amount, JPY, total\",Not known: an amount cannot be added exactly\r\n",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
    assert!(text_of(&csv, "usage-events.csv").contains("\r\n123456789012.123456789\r\n"));
    assert!(told.contains("Note,\"1 number has more than 15 digits. A spreadsheet that"), "{told}");
    let book = text_of(&written(Format::Xlsx, &rows, &about).0, "xl/worksheets/sheet2.xml");
    assert!(book.contains(">123456789012.12345758800<"), "{book}");
    assert!(book.contains(">1 number has more than 15 digits. They stand as text"), "{book}");
}

/// Formula-like texts are texts, and negative numbers are numbers.
#[test]
fn nothing_becomes_a_formula() {
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"] {
        check(Cell::Text(formula), &text(formula));
        let (csv, _) = written(CSV, &[&[Cell::Text(formula), Cell::Number("-1234.5")]], &about(Some(1)));
        let rows = text_of(&csv, "usage-events.csv");
        assert_eq!(rows, format!("\u{feff}Column 1,Column 2\r\n\"'{formula}\",-1234.5\r\n"));
    }
    // What only says that it is a number is none.
    check(Cell::Number("1+cmd"), &text("1+cmd"));
    assert!(!sheet(&[Cell::Text("=1+1")]).contains("<f>"));
}

/// I29: what XML or a cell cannot hold comes back to the letter or is named.
#[test]
fn odd_texts_come_back_or_are_named() {
    check(Cell::Text("a\u{b}b"), &text("a_x000B_b"));
    check(Cell::Text("_x0041_"), &text("_x005F_x0041_"));
    check(Cell::Text(" a\r\nb "), &text(" a_x000D_\nb "));
    check(Cell::Text(""), "");
    let (fits, long) = ("x".repeat(32_767), "\u{1f600}".repeat(16_384));
    check(Cell::Text(&fits), &text(&fits));
    // 32,768 units; the last letter, of two, has no room.
    check(Cell::Text(&long), &text(&"\u{1f600}".repeat(16_383)));
    let (book, _) = written(Format::Xlsx, &[&[Cell::Text(&fits)], &[Cell::Text(&long)]], &about(Some(2)));
    let told = text_of(&book, "xl/worksheets/sheet2.xml");
    assert!(told.contains("The text of Usage events, A3 is cut: it has 32768 characters"), "{told}");
    assert!(!told.contains("A2 is cut"), "{told}");
    // CSV holds any text.
    let (csv, _) = written(CSV, &[&[Cell::Text(&long)], &[Cell::Text("a\u{b}_x0041_")]], &about(Some(2)));
    assert!(text_of(&csv, "usage-events.csv").ends_with(&format!("{long}\r\na\u{b}_x0041_\r\n")));
}

#[test]
fn times_are_times_in_both() {
    // 2026-12-01 is day 46,357 of a spreadsheet.
    check(Cell::Time(NOW), "<c r=\"A2\" s=\"3\"><v>46357.4166666667</v></c>");
    check(Cell::Time(NOW + 250_000), "<c r=\"A2\" s=\"4\"><v>46357.4166695602</v></c>");
    // 2026-12-01 is day 20,788 since 1970.
    check(Cell::Day(20_788), "<c r=\"A2\" s=\"5\"><v>46357</v></c>");
    check(Cell::Day(-100_000), &text("1696-03-17"));
    check(Cell::Time(NOW + 1), &text("2026-12-01 10:00:00.000001"));
    check(Cell::Time(-8_640_000_000_000_000), &text("1696-03-17 00:00:00"));
    let (csv, _) = written(CSV, &[&[Cell::Time(NOW), Cell::Day(20_788), Cell::Blank]], &about(Some(1)));
    assert!(text_of(&csv, "usage-events.csv").ends_with("2026-12-01 10:00:00,2026-12-01,\r\n"));
}

/// I13: more rows than a sheet has room for stand on two, each under the head; what they come to is told once.
#[test]
fn a_sheet_that_is_full_goes_on_in_the_next() {
    const ROWS: u64 = 1_048_576;
    let heads = [Head::new("Event", 120)];
    let mut file = TableFile::begin(Format::Xlsx, "Usage events", &heads, NOW).unwrap();
    let mut bytes = Vec::new();
    for row in 1..=ROWS {
        file.push_row(&[Cell::Number(&row.to_string())]).unwrap();
        if row % 10_000 == 0 {
            bytes.extend(file.take());
        }
    }
    let total = ControlTotal {
        of: "Amount".to_owned(),
        currency: "EUR".to_owned(),
        sum: Some("7.5".to_owned()),
        rows: ROWS,
    };
    let finished = file.finish(&About { totals: vec![total], ..about(Some(ROWS)) }).unwrap();
    bytes.extend(&finished.rest);
    let [one, two, three] =
        [1, 2, 3].map(|number| text_of(&bytes, &format!("xl/worksheets/sheet{number}.xml")));
    let rows = |sheet: &str| sheet.matches("<row ").count();
    assert_eq!((rows(&one), rows(&two)), (1_048_576, 2));
    assert!(one.ends_with(
        "<row r=\"1048576\"><c r=\"A1048576\" s=\"6\"><v>1048575</v></c></row></sheetData></worksheet>"
    ));
    let head = "<row r=\"1\"><c r=\"A1\" s=\"2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">Event</t></is></c></row>";
    assert!(
        one.contains(head)
            && two.contains(&format!("{head}<row r=\"2\"><c r=\"A2\" s=\"6\"><v>1048576</v></c></row>"))
    );
    assert_eq!(
        (one.matches("7.5").count(), two.matches("7.5").count(), three.matches(">7.5<").count()),
        (0, 0, 1)
    );
    let book = text_of(&bytes, "xl/workbook.xml");
    assert!(book.contains("<sheet name=\"Usage events\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Usage events 2\" sheetId=\"2\" r:id=\"rId2\"/><sheet name=\"About this export\""));
    assert!(finished.is_whole && finished.name == "usage-events-20261201T100000Z.xlsx", "{}", finished.name);
}

/// I12, I13: a file says that it is complete only where it has as many rows as were counted.
#[test]
fn a_file_that_lacks_rows_says_so_in_its_name_and_first_lines() {
    for (counted, words) in [
        (Some(35_000), "NOT COMPLETE: 2 of 35000 rows are in this file"),
        (Some(1), "NOT COMPLETE: 2 of 1 rows are in this file"),
        (None, "NOT COMPLETE: 2 rows are in this file, and how many there are is not known"),
    ] {
        let rows: [&[Cell<'_>]; 2] = [&[Cell::Text("a")], &[Cell::Text("b")]];
        let (book, finished) = written(Format::Xlsx, &rows, &about(counted));
        assert!(!finished.is_whole && finished.name.starts_with("NOT COMPLETE "), "{}", finished.name);
        let sheets = text_of(&book, "xl/workbook.xml");
        assert!(sheets.contains("<sheets><sheet name=\"About this export\" sheetId=\"2\" r:id=\"rId2\"/><sheet name=\"Usage events\""), "{sheets}");
        let first = text_of(&book, "xl/worksheets/sheet2.xml");
        assert!(
            first.split("<row r=\"2\">").nth(1).unwrap().split("</row>").next().unwrap().contains(words),
            "{first}"
        );
        let (csv, finished) = written(CSV, &rows, &about(counted));
        assert!(finished.name.starts_with("NOT COMPLETE "));
        let told = text_of(&csv, "NOT COMPLETE about this export.csv");
        let told = told.replace('"', "");
        assert!(told.starts_with(&format!("\u{feff}Completeness,{words}\r\n")), "{told}");
    }
}

#[test]
fn a_complete_file_tells_what_it_is_of() {
    let (csv, finished) = written(Format::Csv { has_mark: false }, &[&[Cell::Text("a")]], &about(Some(1)));
    assert_eq!((finished.rows, finished.name.as_str()), (1, "usage-events-20261201T100000Z.zip"));
    let names: Vec<_> = unpacked(&csv).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["usage-events.csv", "about this export.csv"]);
    assert_eq!(text_of(&csv, "usage-events.csv"), "Column 1\r\na\r\n");
    assert_eq!(
        text_of(&csv, "about this export.csv"),
        "Completeness,Every row was read\r\nRows,1\r\nSource,All events\r\nSystem,\r\nEnvironment,\r\nAddress,\r\n\
         Filter,Status is Error\r\nOrder,\r\nColumns,Column 1\r\nTime zone,UTC\r\nAs of (UTC),2026-12-01 10:00:00\r\n\
         User,\r\nNote,\"An apostrophe in front of a text, or of a part of it behind a semicolon, a tab or a line break, keeps a spreadsheet from \
         changing it. It is not part of the text; take one off.\"\r\n"
    );
}

#[test]
fn a_row_that_does_not_fit_its_table_is_refused() {
    for format in [CSV, Format::Xlsx] {
        let mut file =
            TableFile::begin(format, "Rows", &[Head::new("A", 50), Head::new("B", 50)], NOW).unwrap();
        assert_eq!(file.push_row(&[Cell::Blank]), Err(Fault::Uneven));
    }
}
