use super::*;
use proptest::prelude::*;

fn rows_by(text: &str, layout: CsvLayout, portion: usize) -> Result<(Vec<CsvRow>, u64), Malformed> {
    let (mut reader, mut rows) = (CsvReader::new(layout), Vec::new());
    let letters: Vec<char> = text.chars().collect();
    for part in letters.chunks(portion) {
        reader.push(&part.iter().collect::<String>(), &mut rows)?;
    }
    reader.finish(&mut rows)?;
    Ok((rows, reader.blank_lines()))
}

/// The cells of each row with its line, however the text comes.
#[track_caller]
fn check(text: &str, expected: &[(u64, &[&str])]) {
    let layout = CsvLayout::of(text, true);
    for portion in [1, 2, 3, 65_536] {
        let (rows, _) = rows_by(text, layout, portion).expect("rows");
        let found: Vec<(u64, Vec<&str>)> =
            rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect();
        let expected: Vec<(u64, Vec<&str>)> =
            expected.iter().map(|(line, cells)| (*line, cells.to_vec())).collect();
        assert_eq!(found, expected, "{text:?} in portions of {portion}");
    }
}

#[test]
fn lines_are_those_of_an_editor() {
    check("a,b\n1,2\n3,4\n", &[(1, &["a", "b"]), (2, &["1", "2"]), (3, &["3", "4"])]);
    check("a,b\r\n1,2\r\n3,4", &[(1, &["a", "b"]), (2, &["1", "2"]), (3, &["3", "4"])]);
    check("a,b\r1,2\r3,4\r", &[(1, &["a", "b"]), (2, &["1", "2"]), (3, &["3", "4"])]);
    check("a,b\n\n\n1,2\n", &[(1, &["a", "b"]), (4, &["1", "2"])]);
    check("a,b\r\n1,\"x\r\ny\"\r\n3,4\r\n", &[(1, &["a", "b"]), (2, &["1", "x\r\ny"]), (4, &["3", "4"])]);
    check(
        "a,b\n\"1\",\"say \"\"no\"\"\"\n3,4\n",
        &[(1, &["a", "b"]), (2, &["1", "say \"no\""]), (3, &["3", "4"])],
    );
    check("a,b\n1,2\"x\n3,\n", &[(1, &["a", "b"]), (2, &["1", "2\"x"]), (3, &["3", ""])]);
}

#[test]
fn a_sign_parts_cells_where_it_parts_the_header() {
    check("Note\nplain\na;b\n", &[(1, &["Note"]), (2, &["plain"]), (3, &["a;b"])]);
    check("08.09.2026;A;-21.419,06\n", &[(1, &["08.09.2026", "A", "-21.419,06"])]);
    check("a\tb\n1,5\t2\n", &[(1, &["a", "b"]), (2, &["1,5", "2"])]);
    check("a|b\n1|2;3\n", &[(1, &["a", "b"]), (2, &["1", "2;3"])]);
    check("a;b;c\n1,5;2,5;3\n", &[(1, &["a", "b", "c"]), (2, &["1,5", "2,5", "3"])]);
    check("'a','b'\n'1,5','it''s'\n", &[(1, &["a", "b"]), (2, &["1,5", "it's"])]);
    check("\"Note\"\n\"a,b\"\n", &[(1, &["Note"]), (2, &["a,b"])]);
    check("", &[]);
}

#[test]
fn one_row_of_another_length_does_not_change_what_parts_the_others() {
    let mut text = "Item;Amount\n".to_owned();
    for row in 1..=30_000 {
        text += if row == 3_000 { "a;b;c\n" } else { "a;1,5\n" };
    }
    let sample: String = text.chars().take(SAMPLE).collect();
    let layout = CsvLayout::of(&sample, false);
    assert_eq!(layout.delimiter, Some(';'));
    let (rows, _) = rows_by(&text, layout, 4096).expect("rows");
    let uneven: Vec<u64> = rows.iter().filter(|row| row.cells.len() != 2).map(|row| row.line).collect();
    assert_eq!((rows.len(), uneven), (30_001, vec![3_001]));
}

#[test]
fn rows_of_nothing_are_told_from_rows() {
    let text = format!("a,b,c\n1,2,3\n{}\n\n4,5,6\n", ",,\n".repeat(2_000).trim_end());
    let (rows, blank) = rows_by(&text, CsvLayout::COMMA, 7).expect("rows");
    assert_eq!((rows.iter().filter(|row| row.is_empty()).count(), blank), (2_000, 1));
    let (_, blank) = rows_by("a\r\n\r\n\r\nb\r\n", CsvLayout::COMMA, 1).expect("rows");
    assert_eq!(blank, 2);
}

fn refusal(text: &str) -> String {
    let layout = CsvLayout::COMMA;
    let fault = rows_by(text, layout, 3).and_then(|(rows, _)| {
        let header = rows.first().map(|row| row.cells.clone()).unwrap_or_default();
        rows.iter().skip(1).try_for_each(|row| check_quotes(row, &header, layout))
    });
    fault.map_or_else(|fault| fault.to_string(), |()| String::new())
}

#[test]
fn a_quote_that_is_never_closed_is_told_with_its_line() {
    let told = "line 3: a quote is opened and never closed";
    assert_eq!(refusal("a,b\n1,2\n3,\"4\n5,6\n7,8\n"), told);
    assert_eq!(refusal("a,b\r\n1,2\r\n3,\"4\r\n5,6\r\n"), told);
    assert_eq!(refusal("a,b\n1,2\n\"3,4\n"), told);
    assert_eq!(refusal("a,b\n1,2\n3,\"4\"\"\n5,6\n"), told);
    assert_eq!(refusal("a,b\n1,\"\n\"\n3,\""), "line 4: a quote is opened and never closed");
    let told = "line 3: a quote is opened and closed on line 4, and the row between has not as many cells as the \
                header; is a quote missing?";
    assert_eq!(refusal("a,b\n1,2\n3,\"4\n5,\"6,7\"\n"), told);
    let told = "line 2: a quote is opened and closed on line 3, and the row between has not as many cells as the \
                header; is a quote missing?";
    assert_eq!(refusal("a,b\r\"1\r2\"\r3,4\r"), told);
    // A row of the wrong length is not laid to another row's quote.
    assert_eq!(refusal("a,b\n1\n3,\"4\n5\"\n"), "");
}

#[test]
fn a_cell_of_many_lines_is_one_unless_it_holds_rows() {
    let header = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodEnd,ChargePeriodStart,Tags";
    let check = |body: &str, told: &str| {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{header}\n{body}\n").replace('\n', end);
            assert_eq!(refusal(&text), told, "{text:?}");
        }
    };
    let json = "\"{\n  \"\"a\"\": [1, 2, 3, 4, 5, 6],\n  \"\"b\"\": 1,\n  \"\"c\"\": 2, \"\"d\"\": 3\n}\"";
    check(&format!("1,EUR,Tax,b,a,{json}\n2,EUR,Tax,b,a,{json}"), "");
    check("1,EUR,\"a, b, c\ne, f, g\",b,a,x", "");
    let told = |column: &str, breaks: u32| {
        format!(
            "line 2: the cell {column} holds {breaks} line breaks, and signs between cells as rows have them; is its \
             quote closed where it should be?"
        )
    };
    check("1,EUR,Tax,b,a,\"x\n2,EUR,Tax,b,a,y\"", &told("Tags", 1));
    check("1,EUR,\"Tax,b,a,x\n2,EUR,Tax\",b,a,x", &told("ChargeCategory", 1));
    check("\"1,EUR,Tax,b,a,x\n2,EUR,Tax,b,a,x\n3\",EUR,Tax,b,a,x", &told("BilledCost", 2));
    // Between them rows may hold what they will.
    check("1,EUR,Tax,b,\"a,{\n}\n2,EUR,Tax,b,a\",x", &told("ChargePeriodStart", 2));
}

#[test]
fn a_quote_that_swallows_the_file_takes_no_memory() {
    let text = format!("a,b\n1,\"{}", "x\n".repeat(1 << 20));
    assert_eq!(refusal(&text), "line 2: a cell or a row is longer than can be read; is a quote missing?");
    let wide = ",".repeat(20_000);
    assert_eq!(refusal(&wide), "line 1: a cell or a row is longer than can be read; is a quote missing?");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn it_reads_what_the_crate_reads(text in "[ab,;\"\r\n ]{0,40}", portion in 1_usize..9) {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        // The crate takes a quote that is never closed for one that ends with the file.
        if let Ok((rows, _)) = rows_by(&text, CsvLayout::COMMA, portion) {
            prop_assert!(rows.iter().map(|row| row.line).is_sorted());
            prop_assert_eq!(rows.into_iter().map(|row| row.cells).collect::<Vec<_>>(), theirs);
        }
    }
}
