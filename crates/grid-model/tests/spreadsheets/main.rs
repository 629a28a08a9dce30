//! What spreadsheet programs put on the clipboard is read as it stood in them, and what is copied here comes back.
//! README.md tells where the files are from.

mod generated;

use grid_model::{PastedCell, pasted_cell, pasted_rows};
use rest_contract::Notation;

macro_rules! clipboard {
    ($name:literal) => {
        (include_str!(concat!($name, ".txt")), include_str!(concat!($name, ".html")))
    };
}

const GERMAN: Notation = Notation { decimal: ',', group: Some('.'), ..Notation::ENGLISH };

fn texts((plain, html): (&str, &str)) -> Vec<Vec<String>> {
    let rows = pasted_rows(plain, Some(html));
    rows.into_iter().map(|row| row.into_iter().map(|cell| cell.text).collect()).collect()
}

/// What each cell comes to in a column of numbers; nothing where it is refused.
fn numbers(rows: &[Vec<PastedCell>], notation: &Notation) -> Vec<Vec<Option<String>>> {
    let number = |cell: &PastedCell| cell.number.clone().or_else(|| notation.read(&cell.text).ok());
    rows.iter().map(|row| row.iter().map(number).collect()).collect()
}

/// The same, a dash for what is refused.
fn told(rows: &[Vec<PastedCell>], notation: &Notation) -> Vec<Vec<String>> {
    let or_dash = |number: Option<String>| number.unwrap_or_else(|| "-".to_owned());
    numbers(rows, notation).into_iter().map(|row| row.into_iter().map(or_dash).collect()).collect()
}

#[test]
fn words_are_those_of_the_cells() {
    let both = [
        ["say \"no\"", "00012"],
        ["\"quoted whole\"", "7,95"],
        ["\"begins", "ends\""],
        ["a\u{a0}b", "Zürich \u{1f4b6}"],
    ];
    let begin = [["Note", "Id"], ["two\nlines", "007"]];
    // Calc puts a blank for the tab, and nothing tells that it is none.
    let calc_end = [["  two blanks  inside ", "<b>&amp;"], ["a\n\n<b>&\u{a0}ü", "\"\""], ["", "=1+1"]];
    let calc = [&begin[..], &[["tab here", "123456789012345678"]], &both, &calc_end].concat();
    assert_eq!(texts(clipboard!("calc-words")), calc);
    let tab = [["tab\there", "123456789012345678"]];
    let sheetjs = [&begin[..], &tab, &both, &[["<b>&amp;", "\"\""], ["", "=1+1"]]].concat();
    assert_eq!(texts(clipboard!("sheetjs-words")), sheetjs);
    let gnumeric = texts(clipboard!("gnumeric"));
    let gnumeric: Vec<_> = gnumeric[..sheetjs.len()].iter().map(|row| &row[..2]).collect();
    assert_eq!(gnumeric, sheetjs);
}

#[test]
fn no_word_is_a_number() {
    for (plain, html) in [clipboard!("calc-words"), clipboard!("sheetjs-words")] {
        let rows = pasted_rows(plain, Some(html));
        assert!(rows.iter().flatten().all(|cell| cell.number.is_none()), "{rows:?}");
    }
}

#[test]
fn a_number_is_the_same_to_every_reader_where_the_program_tells_it() {
    let calc = [
        ["1234.5", "-1234.5", "-", "-"],
        ["1234", "0.000001", "-", "-"],
        ["1234567.891", "-30", "123456789012345", "5"],
        ["64.123", "1234.567", "1000000000000000000000", "-"],
    ];
    let sheetjs = [
        ["1234.5", "-1234.5", "-", "-"],
        ["1234", "0.000001", "-30", "5"],
        ["1234.567", "123456789012345", "64.123", "-"],
    ];
    for (clipboard, expected) in [
        (clipboard!("calc-numbers-en"), &calc[..]),
        (clipboard!("calc-numbers-de"), &calc),
        (clipboard!("sheetjs-numbers"), &sheetjs),
    ] {
        for notation in [&Notation::ENGLISH, &GERMAN] {
            let rows = pasted_rows(clipboard.0, Some(clipboard.1));
            assert_eq!(told(&rows, notation), expected, "{notation:?}: {rows:?}");
        }
    }
    let rows = pasted_rows(clipboard!("calc-numbers-de").0, Some(clipboard!("calc-numbers-de").1));
    assert_eq!(rows[2][3].text, "000005", "a text column gets what is seen");
}

#[test]
fn without_a_table_a_number_is_the_readers_or_is_refused() {
    let (german, english) = (clipboard!("calc-numbers-de").0, clipboard!("calc-numbers-en").0);
    let rows = pasted_rows(german, None);
    assert_eq!(
        told(&rows, &GERMAN),
        [
            ["1234.50", "-1234.50", "-", "-"],
            ["-", "0.000001", "-", "-"],
            ["1234567.89", "-30.00", "123456789012345", "5"],
            ["64", "1234.567", "1000000000000000000000", "-"],
        ]
    );
    let refused = GERMAN.read(&rows[1][0].text).map_err(|problem| problem.to_string());
    assert_eq!(refused, Err("can be read in two ways; type 1234 or 1,234".to_owned()));
    assert_eq!(told(&rows, &Notation::ENGLISH)[0], ["-"; 4], "no part of a number is taken for it");
    assert_eq!(told(&pasted_rows(english, None), &GERMAN)[0], ["-"; 4]);
    // Gnumeric's table tells no numbers.
    let (plain, html) = clipboard!("gnumeric");
    let rows = pasted_rows(plain, Some(html));
    let expected = [
        ["1234.50", "-1234.50", "-", "-"],
        ["1234", "0.000001", "-30.00", "5"],
        ["1234.567", "123456789012345", "64", "-"],
    ];
    assert_eq!(told(&rows[rows.len() - 3..], &Notation::ENGLISH), expected);
    assert_eq!(told(&rows[rows.len() - 3..], &GERMAN)[0], ["-"; 4]);
}

#[test]
fn a_cell_is_what_its_text_says_or_is_refused_and_never_a_part_of_it() {
    let cell = |told: &str| format!("<table><tr><td {told}</td></tr></table>");
    let read = |plain: &str, told: &str, notation: &Notation| {
        let rows = pasted_rows(plain, Some(&cell(told)));
        assert_eq!(rows[0][0].text, plain);
        rows[0][0].number.clone().or_else(|| notation.read(plain).ok())
    };
    let english = |plain: &str, told: &str| read(plain, told, &Notation::ENGLISH);
    // A narrow column shows no digits to readers of the table.
    assert_eq!(english("12345.67", ">####").as_deref(), Some("12345.67"));
    assert_eq!(english("12345.67", "x:num=\"12345.6\">####").as_deref(), Some("12345.67"));
    assert_eq!(read("12345,67", ">####", &GERMAN).as_deref(), Some("12345.67"));
    assert_eq!(english("####", "x:num=\"12345.67\">####"), None);
    assert_eq!(english("(1.00)", ">(1.00)").as_deref(), Some("-1.00"));
    assert_eq!(english("1.00-", ">1.00-").as_deref(), Some("-1.00"));
    for plain in ["-7%", "$1.00", "1.2.3", "1 2", "(-1.00)", "12 kg"] {
        assert_eq!(english(plain, &format!(">{plain}")), None, "{plain}");
        assert!(Notation::ENGLISH.read(plain).is_err_and(|problem| !problem.to_string().is_empty()));
    }
    assert_eq!(english("(1.00)", "x:num=\"-1\">(1.00)").as_deref(), Some("-1"));
    assert_eq!(english("-7%", "x:num=\"-0.07\">-7%"), None);
    // Rounded to what is seen, it is the number behind it.
    assert_eq!(english("64", "x:num=\"64.123\">64").as_deref(), Some("64.123"));
    assert_eq!(english("64", ">64").as_deref(), Some("64"));
}

#[test]
fn blanks_stand_where_they_stood() {
    assert_eq!(
        texts(clipboard!("calc-gaps")),
        [["", "5", ""], ["", "", ""], ["1", "", "3"], ["last", "", ""]]
    );
    assert_eq!(
        texts(clipboard!("sheetjs-gaps")),
        [["", "5", ""], ["", "", ""], ["1", "", "3"], ["last", "", ""]]
    );
    for ((plain, html), column) in [(clipboard!("calc-gaps"), 2), (clipboard!("sheetjs-gaps"), 2)] {
        assert_eq!(pasted_rows(plain, Some(html))[2][column].number.as_deref(), Some("3"));
    }
}

#[test]
fn cells_over_several_columns_or_rows_move_none_beside_them() {
    let (plain, html) = clipboard!("calc-spans");
    let rows = pasted_rows(plain, Some(html));
    let column = |at: usize| rows.iter().map(move |row| row[at].number.as_deref()).collect::<Vec<_>>();
    assert_eq!(column(0), [None; 4]);
    assert_eq!(column(1), [None, Some("6.5"), Some("8.5"), None]);
    assert_eq!(column(2), [Some("5.5"), Some("7.5"), None, Some("123456789.25")]);
    assert_eq!(rows[2][2].text, "\"noted\"", "its note is no part of it");
}

#[test]
fn a_cell_by_itself_is_told_as_among_others() {
    let only = |(plain, html)| pasted_cell(plain, html);
    let cell = only(clipboard!("calc-one-number-de")).expect("a table of one cell");
    assert_eq!((cell.text.as_str(), cell.number.as_deref()), ("1.234,50", Some("1234.5")));
    let cell = only(clipboard!("calc-one-percentage")).expect("a table of one cell");
    assert_eq!((cell.text.as_str(), cell.number), ("-7.00%", None));
    assert_eq!(only(clipboard!("calc-gaps")), None);
    assert_eq!(pasted_cell("\"as it stands\"", "<p>\"as it stands\"</p>"), None);
}
