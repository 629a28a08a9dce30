//! Workbooks: a number is what the file holds, a cell that cannot be trusted is named, and nothing takes more memory
//! than a row.

use super::*;
use crate::made_workbook::{MadeWorkbook, archive, row};
use import_files::xlsx::HiddenRows;
use import_files::{NumberForm, TableFault};

const HEADER: [&str; 5] = ["EventNumber", "Start", "Product", "Currency", "Amount"];

fn header() -> String {
    row(1, &HEADER)
}

fn text(text: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// A row whose number and amount are given in XML.
fn event(number: u32, name: &str, amount: &str) -> String {
    let [start, product, currency] = ["2026-09-05", "P", "EUR"].map(text);
    format!("<row r=\"{number}\">{name}{start}{product}{currency}{amount}</row>")
}

fn fault(bytes: &[u8]) -> String {
    Table::read(bytes.into(), &Said::default()).map(|_| ()).expect_err("no table").to_string()
}

#[test]
fn a_notation_is_for_texts_only() {
    let rows = header()
        + &event(2, &text("A"), "<c><v>1234.5</v></c>")
        + &event(3, &text("B"), "<c><v>1234.25</v></c>")
        + &event(4, &text("C"), &text("1.234,50"));
    let table = table(&MadeWorkbook::of(&rows).bytes());
    let (mapping, questions) = mapping(&table);
    assert_eq!(questions, []);
    let Mapping::Columns(columns) = &mapping else { panic!("no cost file") };
    assert_eq!(columns.columns[4].number, Some(NumberForm::Comma));
    let outcome = read_by(&table, &mapping);
    assert_eq!(outcome.amounts(), ["1234.5", "1234.25", "1234.50"]);
    assert_eq!(outcome.sum("EUR"), "3703.25");
}

#[test]
fn a_cell_that_cannot_be_trusted_is_refused_with_its_column() {
    let texts = "<si><r><t>two </t></r><r><t xml:space=\"preserve\">runs</t></r><rPh><t>spoken</t></rPh></si>\
                 <si><t>later</t></si>";
    let shared = |place: u32| format!("<c t=\"s\"><v>{place}</v></c>");
    let rows = header()
        + &event(2, &text("A"), "<c t=\"e\"><v>#N/A</v></c>")
        + &event(3, &text("B"), "<c><f>SUM(A1:A2)</f></c>")
        + &event(4, &text("C"), "<c><f>1+1</f><v>2</v></c>")
        + &event(5, &shared(0), "<c><v>1</v></c>")
        + &event(6, &shared(1), "<c><v>1</v></c>");
    let outcome = read(&MadeWorkbook::of(&rows).texts(texts).bytes());
    assert_eq!(
        outcome.reasons(),
        [
            (2, "Amount holds the error #N/A"),
            (
                3,
                "Amount holds a formula without a result; open the file in a spreadsheet program, save it and try \
                 again"
            ),
        ]
    );
    assert_eq!(outcome.texts("EventNumber"), ["C", "two runs", "later"]);
    let missing = header() + &event(2, &shared(7), "<c><v>1</v></c>");
    assert!(fault(&MadeWorkbook::of(&missing).bytes()).contains("there is no shared text 7"));
}

#[test]
fn identifiers_that_were_kept_as_numbers_are_whole_or_refused() {
    let rows = header()
        + &event(2, "<c><v>9912140633506421</v></c>", "<c><v>1</v></c>")
        + &event(3, "<c s=\"1\"><v>51738928782</v></c>", "<c><v>0.30000000000000004</v></c>")
        + &event(4, "<c><v>1.2345678901234567E+18</v></c>", "<c><v>1</v></c>");
    let outcome = read(&MadeWorkbook::of(&rows).formats(&["000000000000"]).bytes());
    assert_eq!(outcome.texts("EventNumber"), ["051738928782"]);
    assert_eq!(outcome.amounts(), ["0.3"]);
    assert_eq!(outcome.refused.len(), 2);
    for (_, refused) in &outcome.refused {
        assert!(refused.reason.contains("whose last digits may be lost"), "{}", refused.reason);
    }
    assert_eq!(outcome.refused_sum("EUR"), "2");
}

#[test]
fn days_are_read_by_their_format_and_the_books_first_day() {
    let start = |style: u32, days: &str| {
        let [name, product, currency] = ["A", "P", "EUR"].map(text);
        let rows = format!(
            "<row r=\"2\">{name}<c s=\"{style}\"><v>{days}</v></c>{product}{currency}<c><v>1</v></c></row>"
        );
        MadeWorkbook::of(&(header() + &rows)).formats(&["dd/mm/yyyy hh:mm", "0.00"])
    };
    let read = |book: &MadeWorkbook| read(&book.bytes()).texts("EventStartTime");
    assert_eq!(read(&start(1, "46296.420138888891")), ["2026-10-01T10:05:00+00:00"]);
    assert_eq!(read(&start(1, "44834").counting_from_1904()), ["2026-10-01T00:00:00+00:00"]);
    let outcome = super::read(&start(2, "46296").bytes());
    assert_eq!(outcome.reasons(), [(2, "Start holds the number 46296, not a date")]);
    let outcome = super::read(&start(1, "60").bytes());
    assert_eq!(outcome.reasons(), [(2, "Start holds the date number 60, which is no date")]);
}

#[test]
fn other_sheets_and_hidden_rows_are_told_before_anything_is_read() {
    let rows = header()
        + &event(2, &text("A"), "<c><v>1</v></c>")
        + &event(3, &text("B"), "<c><v>2</v></c>").replace("<row ", "<row hidden=\"1\" ");
    let longer =
        header() + &event(2, &text("Z"), "<c><v>9</v></c>") + &event(3_000, &text("Y"), "<c><v>9</v></c>");
    let book = MadeWorkbook::of(&rows).sheet("Old", &longer, false).sheet("Rates", &header(), true).bytes();
    assert_eq!(
        fault(&book),
        "the workbook has several sheets; which one is meant: \"Usage\", \"Old\", \"Rates\" (hidden)?"
    );
    let said = |sheet: &str, hidden| Said { sheet: Some(sheet.to_owned()), hidden, ..Said::default() };
    let fault = Table::read(book.as_slice().into(), &said("Usage", None)).expect_err("hidden rows");
    assert_eq!(fault, TableFault::HiddenRows(1));
    let numbers = |sheet: &str, hidden| {
        let table = Table::read(book.as_slice().into(), &said(sheet, Some(hidden))).expect("a table");
        let (mapping, _) = mapping(&table);
        (read_by(&table, &mapping).texts("EventNumber"), table.empty_rows)
    };
    assert_eq!(numbers("Usage", HiddenRows::Take), (vec!["A".to_owned(), "B".to_owned()], 0));
    assert_eq!(numbers("Usage", HiddenRows::LeaveOut), (vec!["A".to_owned()], 0));
    assert_eq!(numbers("Old", HiddenRows::Take), (vec!["Z".to_owned(), "Y".to_owned()], 2_997));
}

#[test]
fn a_wide_and_deep_sheet_of_few_cells_is_few_cells() {
    let rows = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"B2\"><v>2</v></c></row>\
                <row r=\"1048576\"><c r=\"XFD1048576\"><v>3</v></c></row>";
    let table = table(&MadeWorkbook::of(rows).bytes());
    assert_eq!((table.rows.len(), table.empty_rows, table.headers.len()), (2, 1_048_573, 1));
    // What stands beyond the header is kept, and the empty cells between are not.
    let [first, second] = [0, 1].map(|row| {
        table
            .rows
            .get(row)
            .expect("a row")
            .cells
            .iter()
            .map(|cell| cell.shown().into_owned())
            .collect::<Vec<_>>()
    });
    assert_eq!((first, second), (vec!["".into(), "2".into()], vec!["".into(), "3".into()]));
    for rows in [
        "<row r=\"1048577\"><c><v>1</v></c></row>",
        "<row r=\"2\"><c><v>1</v></c></row><row r=\"2\"><c><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>",
    ] {
        let told = fault(&MadeWorkbook::of(rows).bytes());
        assert!(told.contains("not in order"), "{rows}: {told}");
    }
}

#[test]
fn what_unpacks_to_more_than_is_read_is_refused_with_its_size() {
    // A text that is longer than any cell can hold.
    let rows = format!("<row r=\"1\"><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", " ".repeat(8 << 20));
    let book = MadeWorkbook::of(&rows).bytes();
    assert!(book.len() < 1 << 20, "{} bytes", book.len());
    let told = fault(&book);
    assert!(told.contains("longer than any cell can hold"), "{told}");
    // Shared texts are kept, so their size is looked at before a byte of them is unpacked.
    let rows = header();
    let texts = format!("<si><t>{}</t></si>", " ".repeat(1 << 20)).repeat(100);
    let told = fault(&MadeWorkbook::of(&rows).texts(&texts).bytes());
    assert!(
        told.contains("sharedStrings.xml unpacks to 1048") && told.contains("at most 100663296"),
        "{told}"
    );
    // What an entity would make of few bytes is not asked.
    let told = fault(&archive(&[
        ("xl/_rels/workbook.xml.rels", b"<!DOCTYPE a [<!ENTITY b \"bbbb\">]><Relationships/>".as_slice()),
        ("xl/workbook.xml", b"<workbook/>".as_slice()),
    ]));
    assert!(told.contains("document type"), "{told}");
}

#[test]
fn what_is_no_workbook_says_so() {
    assert!(fault(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").contains("locked by a password or of the old format"));
    assert!(fault(b"PK\x03\x04").contains("cannot be opened"));
    let told = fault(&archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet".as_slice())]));
    assert!(told.contains("is it an .xlsx file?"), "{told}");
    // One letter of a packed part is another one.
    let rows = header() + &event(2, &text("A"), "<c><v>1</v></c>");
    let good = MadeWorkbook::of(&rows).bytes();
    let whole = table(&good).rows;
    for place in (0..good.len()).step_by(7) {
        let mut bytes = good.clone();
        bytes[place] ^= 0x10;
        // It is refused, or what is read is not touched by it.
        if let Ok(table) = Table::read(bytes.as_slice().into(), &Said::default()) {
            assert_eq!(table.rows, whole, "byte {place}");
        }
    }
}

/// Made by openpyxl 3.1: two sheets, a hidden row, days, a number of twelve digits, a formula without a result.
const OF_OPENPYXL: &[u8] = include_bytes!("openpyxl.xlsx");

#[test]
fn a_workbook_of_another_program_is_read() {
    assert_eq!(
        fault(OF_OPENPYXL),
        "the workbook has several sheets; which one is meant: \"M\u{e4}rz 2026\", \"Rates\"?"
    );
    let said = Said {
        sheet: Some("M\u{e4}rz 2026".to_owned()),
        hidden: Some(HiddenRows::LeaveOut),
        ..Said::default()
    };
    let table = Table::read(OF_OPENPYXL.into(), &said).expect("a table");
    let (mapping, questions) = mapping(&table);
    assert_eq!(questions, []);
    let outcome = read_by(&table, &mapping);
    assert_eq!(outcome.texts("EventNumber"), ["XL-1", "051738928782", "XL-3"]);
    assert_eq!(outcome.amounts(), ["0.3", "-30", "1234.50"]);
    // openpyxl writes `a_x0041_b` as it stands, which by the standard is the text that spreadsheet programs show.
    assert_eq!(outcome.texts("ServiceId"), ["aAb & <c>", "049", "s"]);
    let starts = ["2026-09-05T10:05:00+00:00", "2026-09-06T00:00:00+00:00", "2026-09-07T00:00:00+00:00"];
    assert_eq!(outcome.texts("EventStartTime"), starts);
    assert_eq!((outcome.refused.len(), outcome.sum("EUR")), (1, "1204.80".to_owned()));
}

#[test]
fn an_archive_that_is_no_workbook_says_what_to_do() {
    let told = |names: &[&str]| {
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"a,b"[..])).collect();
        fault(&archive(&files))
    };
    let head = "this is a ZIP archive";
    assert_eq!(
        told(&["usage.csv"]),
        format!("{head}, not a workbook. Unpack it, and choose the file within: usage.csv")
    );
    assert_eq!(
        told(&["__MACOSX/._usage.csv", "m\u{e4}rz/a.csv", "b.csv"]),
        format!(
            "{head}, not a workbook. Unpack it, and choose one of the files within: m\u{e4}rz/a.csv or b.csv"
        )
    );
    assert_eq!(
        told(&["1", "2", "3", "4", "5"]),
        format!(
            "{head} of 5 files, not a workbook. Unpack it, and choose one of the files within, such as 1"
        )
    );
}
