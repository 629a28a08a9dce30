//! Text files whose columns are known by their names.

use super::*;
use import_files::text::Encoding;
use import_files::{
    DateForm, EmptyCells, EventField, FailedRows, NumberForm, RowPack, RowReader, TableFault, TextTable,
};
use rest_contract::Value;

const DAY: &str = "2026-09-05";

/// What comes of one column of amounts: the amounts, or what is asked.
#[track_caller]
fn check_amounts(cells: &[&str], expected: Result<&[&str], &str>) {
    let rows: Vec<_> = cells.iter().map(|cell| (DAY, *cell)).collect();
    let table = table(file(&rows).as_bytes());
    let (mapping, questions) = mapping(&table);
    match expected {
        Ok(amounts) => {
            assert_eq!(questions, [], "{cells:?}");
            assert_eq!(read_by(&table, &mapping).amounts(), amounts, "{cells:?}");
        }
        Err(asked) => {
            let questions: Vec<_> = questions.iter().map(ToString::to_string).collect();
            assert_eq!(questions, [asked], "{cells:?}");
        }
    }
}

#[test]
fn amounts_have_one_notation_a_column_and_are_asked_where_two_fit() {
    check_amounts(
        &["1.000", "2.000"],
        Err("the column \"Amount\" can be read in two ways: is 1.000 1.000 or 1000?"),
    );
    check_amounts(&["1.000", "1.111,11"], Ok(&["1000", "1111.11"]));
    check_amounts(&["15.930000"], Ok(&["15.930000"]));
    check_amounts(&["\"0,02140001\""], Ok(&["0.02140001"]));
    check_amounts(&["1\u{2019}234.50"], Ok(&["1234.50"]));
    check_amounts(&["(30.00)", "\u{2212}30.00", "30.00-"], Ok(&["-30.00", "-30.00", "-30.00"]));
    check_amounts(
        &["1,5", "2.5", "3,5"],
        Err("the column \"Amount\": 1 cells fit only 1,234.50, 2 only 1.234,50; which is right?"),
    );
}

#[test]
fn what_was_said_is_kept_and_what_does_not_fit_it_is_refused() {
    let table = table(file(&[(DAY, "1.000"), (DAY, "2.5"), (DAY, "1,5")]).as_bytes());
    let (mut mapping, questions) = mapping(&table);
    assert_eq!(questions.len(), 1);
    let Mapping::Columns(columns) = &mut mapping else { panic!("no cost file") };
    columns.columns[4].choose_number(Some(NumberForm::Comma));
    let outcome = read_by(&table, &mapping);
    assert_eq!(outcome.amounts(), ["1000", "1.5"]);
    assert_eq!(
        outcome.reasons(),
        [(3, "Amount \"2.5\" is not a number in the notation of this column (like 1.234,50)")]
    );
    // An amount that nobody could read is counted, not left out.
    assert_eq!(outcome.refused_totals.amounts["EUR"].left_out(), 1);
    // The next file of its kind is read by what was said.
    let Mapping::Columns(columns) = Mapping::of_kept(&mapping, &table.headers).expect("the same columns")
    else {
        panic!("no cost file");
    };
    assert_eq!(columns.columns[4].number, Some(NumberForm::Comma));
    let other: Vec<String> = ["Start", "Product"].map(str::to_owned).to_vec();
    assert_eq!(Mapping::of_kept(&mapping, &other), None);
}

/// What is asked of the next file of the same kind, and its mapping.
fn next_file(kept: &Mapping, rows: &[(&str, &str)]) -> (Mapping, Vec<String>) {
    let table = table(file(rows).as_bytes());
    let mut mapping = Mapping::of_kept(kept, &table.headers).expect("the same columns");
    let mut survey = Survey::of(&mapping);
    table.rows.iter().for_each(|row| survey.add(&row));
    let questions = survey.settle(&mut mapping);
    // What was asked once is asked again until it is said, however often the cells are looked at.
    assert_eq!(survey.settle(&mut mapping), questions);
    (mapping, questions.iter().map(ToString::to_string).collect())
}

fn forms(mapping: &Mapping) -> (Option<DateForm>, Option<NumberForm>) {
    let Mapping::Columns(columns) = mapping else { panic!("no cost file") };
    (columns.columns[1].date, columns.columns[4].number)
}

#[test]
fn what_was_only_found_in_one_file_says_nothing_of_the_next_one() {
    let first = table(file(&[(DAY, "5"), (DAY, "12")]).as_bytes());
    let (known, questions) = mapping(&first);
    assert_eq!((questions, forms(&known).1), (vec![], Some(NumberForm::Point)));
    let (_, asked) = next_file(&known, &[("05/09/2026", "1.000"), ("06/09/2026", "2.000")]);
    assert_eq!(
        asked,
        [
            "the column \"Start\" can be read in two ways: is 05/09/2026 2026-09-05 or 2026-05-09?",
            "the column \"Amount\" can be read in two ways: is 1.000 1.000 or 1000?",
        ]
    );
    let (found, asked) = next_file(&known, &[("15.09.2026", "1,5")]);
    assert_eq!((asked, forms(&found).1), (vec![], Some(NumberForm::Comma)));
}

#[test]
fn what_was_said_of_one_file_answers_a_doubt_in_the_next_one_and_nothing_else() {
    let first = table(file(&[("05/09/2026", "1.000")]).as_bytes());
    let (mut said, _) = mapping(&first);
    let Mapping::Columns(columns) = &mut said else { panic!("no cost file") };
    columns.columns[1].choose_date(Some(DateForm::MonthFirst));
    columns.columns[4].choose_number(Some(NumberForm::Comma));
    let chosen = (Some(DateForm::MonthFirst), Some(NumberForm::Comma));
    for rows in [("07/09/2026", "2.000"), (DAY, "5"), ("09/15/2026", "1,5"), ("", "")] {
        let (known, asked) = next_file(&said, &[rows]);
        assert_eq!((asked, forms(&known)), (vec![], chosen), "{rows:?}");
        // And it stays said for the file after that.
        assert_eq!(forms(&next_file(&known, &[("07/09/2026", "2.000")]).0), chosen);
    }
    let (known, asked) = next_file(&said, &[("15/09/2026", "1.5")]);
    assert_eq!(
        asked,
        [
            "the column \"Start\": 1 cells are dates only with the day first, 0 only with the month first; which is \
             right?",
            "the column \"Amount\": 1 cells fit only 1,234.50, 0 only 1.234,50; which is right?",
        ]
    );
    assert_eq!(forms(&known), (None, None));
}

#[test]
fn a_kept_mapping_is_a_value_that_can_be_written_down() {
    let table = table(file(&[(DAY, "1.5")]).as_bytes());
    let (mapping, _) = mapping(&table);
    let text = serde_json::to_string(&mapping).expect("text");
    assert_eq!(serde_json::from_str::<Mapping>(&text).expect("a mapping"), mapping);
}

#[test]
fn dates_have_one_order_a_column_and_are_asked_where_two_fit() {
    let starts = |cells: &[&str]| {
        let rows: Vec<_> = cells.iter().map(|cell| (*cell, "1.5")).collect();
        table(file(&rows).as_bytes())
    };
    let file = starts(&["05/09/2026", "15/09/2026"]);
    let (known, questions) = mapping(&file);
    assert_eq!(questions, []);
    let days = ["2026-09-05T00:00:00+00:00", "2026-09-15T00:00:00+00:00"];
    assert_eq!(read_by(&file, &known).texts("EventStartTime"), days);

    let file = starts(&["05/09/2026"]);
    let (mut asked, questions) = mapping(&file);
    let told = "the column \"Start\" can be read in two ways: is 05/09/2026 2026-09-05 or 2026-05-09?";
    assert_eq!(questions.iter().map(ToString::to_string).collect::<Vec<_>>(), [told]);
    let Mapping::Columns(columns) = &mut asked else { panic!("no cost file") };
    columns.columns[1].choose_date(Some(DateForm::MonthFirst));
    assert_eq!(read_by(&file, &asked).texts("EventStartTime"), ["2026-05-09T00:00:00+00:00"]);

    let file = starts(&["31/02/2026", "15/09/2026"]);
    let (known, _) = mapping(&file);
    let outcome = read_by(&file, &known);
    assert_eq!(
        outcome.reasons(),
        [(2, "Start \"31/02/2026\" is not a date in the order of this column (day first)")]
    );
    assert_eq!((outcome.sum("EUR").as_str(), outcome.refused_sum("EUR").as_str()), ("1.5", "1.5"));
}

#[test]
fn rows_of_nothing_are_counted_and_no_events() {
    let text = format!("{HEADER}\nA;{DAY};P;EUR;1\n{}B;{DAY};P;EUR;2\n", ";;;;\n".repeat(2_000));
    let table = table(text.as_bytes());
    assert_eq!((table.rows.len(), table.empty_rows), (2, 2_000));
    assert_eq!(table.rows.get(1).expect("a row").number, 2_003);
    assert_eq!(read(text.as_bytes()).events.len(), 2);
}

#[test]
fn a_row_of_another_length_is_refused_by_its_line_and_the_others_are_read() {
    let mut text = format!("{HEADER}\n");
    for row in 1..=3_000 {
        text += &format!("E{row};{DAY};P;EUR;1.5{}\n", if row == 2_999 { ";more" } else { "" });
    }
    let outcome = read(text.as_bytes());
    assert_eq!(outcome.events.len(), 2_999);
    assert_eq!(outcome.reasons(), [(3_000, "the row has 6 cells, the header has 5")]);
    // Nobody can tell which of its cells is the amount: it is counted as one that could not be read.
    assert_eq!(outcome.refused_totals.amounts[""].left_out(), 1);
    // Signs at the end of a row make no cell that means anything.
    assert_eq!(read(format!("{HEADER}\nA;{DAY};P;EUR;1;;\n").as_bytes()).events.len(), 1);
}

#[test]
fn a_file_in_another_encoding_is_read_when_a_person_has_said_so() {
    let mut bytes = format!("{HEADER}\n").into_bytes();
    for row in 0..3_000 {
        bytes.extend(format!("E{row};{DAY};P;EUR;1\n").bytes());
    }
    assert!(bytes.len() > 70_000);
    bytes.extend(format!("Z;{DAY};").bytes());
    bytes.extend([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
    bytes.extend(b";EUR;1\n");
    let fault = Table::read(bytes.as_slice().into(), &Said::default()).expect_err("not UTF-8");
    assert!(matches!(fault, TableFault::NotEncoded(_)), "{fault}");
    let said = Said { encoding: Some(Encoding::Windows1252), ..Said::default() };
    let table = Table::read(bytes.as_slice().into(), &said).expect("a table");
    let (mapping, _) = mapping(&table);
    let products = read_by(&table, &mapping).texts("SubscriptionProductPuid");
    assert_eq!(products.last().map(String::as_str), Some("Müller"));
}

#[test]
fn marks_of_encodings_hide_no_column() {
    let text =
        format!("\u{feff}\"EventNumber\"\tStart\tProduct\tCurrency\tAmount\r\nü1\t{DAY}\tP\tEUR\t1\r\n");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes(), &wide] {
        assert_eq!(read(bytes).texts("EventNumber"), ["ü1"]);
    }
}

#[test]
fn a_column_that_is_missing_leaves_what_stands_and_an_empty_cell_too_unless_chosen() {
    let text = "EventNumber,Start,Product,ServiceId,Quantity,Unit\nA,2026-09-05,P,,5,HR\n";
    let table = table(text.as_bytes());
    let (mut known, questions) = mapping(&table);
    assert_eq!(questions, []);
    let event = &read_by(&table, &known).events[0];
    assert_eq!(
        (event.event.get("ServiceId"), event.event.get("EventEndTime"), event.emptied),
        (None, None, 0)
    );
    assert_eq!(
        event.event.children("usageCharges").map(<[_]>::len),
        None,
        "a file without amounts has no charges"
    );
    let Mapping::Columns(columns) = &mut known else { panic!("no cost file") };
    columns.empty_cells = EmptyCells::Empty;
    let event = &read_by(&table, &known).events[0];
    let found = (event.event.get("ServiceId"), event.event.get("EventEndTime"), event.emptied);
    assert_eq!(found, (Some(&Value::Null), None, 1));
}

#[test]
fn a_value_that_no_column_has_is_said_for_every_row() {
    let table =
        table(b"EventNumber,Start,Product,Amount,Currency\nA,2026-09-05,P,5,\nB,2026-09-05,P,6,USD\n");
    let (mut known, _) = mapping(&table);
    let Mapping::Columns(columns) = &mut known else { panic!("no cost file") };
    columns.set_constant(EventField::Currency, " GBP ");
    columns.set_constant(EventField::Currency, "EUR");
    columns.set_constant(EventField::EventType, "");
    let outcome = read_by(&table, &known);
    assert_eq!(outcome.texts("CurrencyCode"), ["EUR", "USD"]);
    assert_eq!(outcome.texts("EventType"), ["", ""]);
    let Mapping::Columns(columns) = &mut known else { panic!("no cost file") };
    columns.set_constant(EventField::Currency, "");
    assert_eq!(read_by(&table, &known).reasons(), [(2, "Currency is empty")]);
}

#[test]
fn identifiers_are_texts_and_amounts_keep_every_digit() {
    let text = "EventNumber,Start,Product,Currency,Amount\n\
                9912140633506421,2026-09-05,0049,EUR,123456789012.123456789\n\
                '=1+1,2026-09-05,'0049,EUR,0.00000080000\n";
    let outcome = read(text.as_bytes());
    // What this console has written comes back without its guard.
    assert_eq!(outcome.texts("EventNumber"), ["9912140633506421", "=1+1"]);
    assert_eq!(outcome.texts("SubscriptionProductPuid"), ["0049", "0049"]);
    assert_eq!(outcome.amounts(), ["123456789012.123456789", "0.00000080000"]);
    assert_eq!(outcome.sum("EUR"), "123456789012.12345758900");
}

#[test]
fn a_guard_is_taken_off_numbers_and_off_texts_that_need_one_and_off_no_other() {
    let text = "EventNumber,Start,Product,Currency,Amount\n\
                A,'2026-09-05,'s-Hertogenbosch,EUR,'-12.50\n\
                B,2026-09-05,''quoted,EUR,'12.50\n";
    let outcome = read(text.as_bytes());
    assert_eq!(outcome.texts("SubscriptionProductPuid"), ["'s-Hertogenbosch", "'quoted"]);
    assert_eq!(outcome.amounts(), ["-12.50", "12.50"]);
}

#[test]
fn a_note_of_several_lines_is_no_row_that_was_swallowed() {
    let header = "EventNumber,Start,Product,Currency,Amount,Note";
    let note = "\"Dear all,\nthis, that, these, those, and more, and more\nbest, regards, a, b, c, d\"";
    assert_eq!(read(format!("{header}\nA,{DAY},P,EUR,1,{note}\n").as_bytes()).events.len(), 1);
    let first = "Note,EventNumber,Start,Product,Currency,Amount";
    let note = "\"a, b, c, d, e, f, g\nbest\"";
    assert_eq!(read(format!("{first}\n{note},A,{DAY},P,EUR,1\n").as_bytes()).events.len(), 1);
    let swallowed = format!("{first}\n\"x,A,{DAY},P,EUR,1\ny\",B,{DAY},P,EUR,2\n");
    let fault = Table::read(swallowed.as_bytes().into(), &Said::default()).expect_err("a missing quote");
    assert!(fault.to_string().contains("is its quote closed where it should be?"), "{fault}");
}

#[test]
fn what_is_loaded_and_what_is_refused_are_the_file() {
    let text = "EventNumber;Start;Product;Currency;Amount;Quantity;Unit\n\
                A;05.09.2026;P;EUR;1,10;5;HR\n\
                A;05.09.2026;P;EUR;2,20;5;HR\n\
                B;05.09.2026;P;XXX;3,30;5;HR\n\
                C;05.09.2026;;EUR;4,40;5;HR\n\
                D;soon;P;EUR;5,50;5;HR\n\
                E;05.09.2026;P;eur;6,60;5;HR\n\
                F;05.09.2026;P;EUR;7,70;5;\n\
                G;05.09.2026;P;EUR;;5;HR\n\
                H;05.09.2026;P;JPY;8;5;Furlongs\n";
    let outcome = read(text.as_bytes());
    let reasons: Vec<_> = outcome.reasons().into_iter().map(|(_, reason)| reason.to_owned()).collect();
    assert_eq!(
        reasons,
        [
            "the event \"A\" stands in the file already",
            "Currency \"XXX\" is not an active currency",
            "Product is empty",
            "Start \"soon\" is not a date in the order of this column (day first)",
            "Currency \"eur\" is no code of three capital letters",
            "there is a quantity and no unit",
            "Amount is empty",
            "there is no unit code for the unit \"Furlongs\"",
        ]
    );
    assert_eq!((outcome.loaded.rows, outcome.refused_totals.rows), (1, 8));
    assert_eq!((outcome.sum("EUR").as_str(), outcome.refused_sum("EUR").as_str()), ("1.10", "19.80"));
    assert_eq!((outcome.refused_sum("XXX").as_str(), outcome.refused_sum("JPY").as_str()), ("3.30", "8"));
}

#[test]
fn a_file_without_the_columns_of_an_event_says_what_is_missing() {
    let asked = |header: &str| {
        let table = table(format!("{header}\n").as_bytes());
        mapping(&table).1
    };
    assert_eq!(
        asked("Note"),
        [EventField::Start, EventField::Product, EventField::Quantity].map(Question::Missing)
    );
    assert_eq!(asked("Date,Item,Cost"), [Question::Missing(EventField::Currency)]);
    assert_eq!(asked("Date,Item,Qty"), [Question::Missing(EventField::Unit)]);
    assert_eq!(asked("Date,Item,Qty,UoM"), []);
}

#[test]
fn a_file_is_the_same_however_its_bytes_come() {
    let mut text = "Event number,Note,Start,Product,Currency,Amount\r\n".to_owned();
    // What a portion may cut: a letter of two bytes, the end of a line, a doubled quote.
    let filler = "x".repeat(65_535 - text.len() - "A0,\"".len());
    text += &format!("A0,\"{filler}ü\",{DAY},P,EUR,1\r\nA1,\"say \"\"ü\"\"\",{DAY},P,EUR,2\r\n");
    assert_eq!(text.as_bytes()[65_535..65_537], *"ü".as_bytes());
    let whole = table(text.as_bytes());
    for portion in [1, 2, 3, 65_535, 65_536] {
        let (mut reader, mut rows) = (TextTable::new(None), RowPack::default());
        for part in text.as_bytes().chunks(portion) {
            reader.push(part, &mut rows).expect("a table");
        }
        let found = reader.finish(rows).expect("a table");
        assert_eq!((&found.headers, &found.rows), (&whole.headers, &whole.rows), "portions of {portion}");
    }
    assert_eq!(read(text.as_bytes()).amounts(), ["1", "2"]);
}

#[test]
fn which_of_two_columns_of_one_name_is_meant_is_asked() {
    let text = format!("EventNumber;Start;Product;Currency;Amount;Amount\nE1;{DAY};P;EUR;1.25;9.75\n");
    let table = table(text.as_bytes());
    let (mut mapping, questions) = mapping(&table);
    let asked: Vec<String> = questions.iter().map(ToString::to_string).collect();
    assert_eq!(asked, ["which column is Amount: Amount (column 5) or Amount (column 6)?"]);
    let Mapping::Columns(columns) = &mut mapping else { panic!("no cost file") };
    columns.columns[4].set_field(None);
    columns.columns[5].choose_number(Some(NumberForm::Point));
    assert_eq!(read_by(&table, &mapping).amounts(), ["9.75"]);
    // What was said is of the second one in the next file too.
    let again = Mapping::of_kept(&mapping, &table.headers).expect("the same columns");
    assert_eq!(read_by(&table, &again).amounts(), ["9.75"]);
    // Two columns of one name that fill no field are nothing to ask about.
    let text = format!("EventNumber;Start;Product;Currency;Amount;Note;Note\nE1;{DAY};P;EUR;1.25;a;b\n");
    assert_eq!(read(text.as_bytes()).amounts(), ["1.25"]);
}

#[test]
fn rows_that_failed_come_back_with_what_was_said_of_their_file() {
    let text = format!("Start;Product;Currency;Amount\n{DAY};P;EUR;1.000\n{DAY};Q;EUR;much\n");
    let table = table(text.as_bytes());
    let (mut mapping, questions) = mapping(&table);
    assert_eq!(questions.len(), 1);
    let Mapping::Columns(columns) = &mut mapping else { panic!("no cost file") };
    columns.columns[3].choose_number(Some(NumberForm::Comma));
    columns.zone = Some("Europe/Berlin".to_owned());
    let file = FailedRows::new(&mapping, &table.headers);
    let headers = file.headers(&table.headers);
    let Some(Mapping::Columns(found)) = Mapping::of_kept(&mapping, &headers) else {
        panic!("the same columns")
    };
    let said = found.columns.iter().map(|column| (column.field, column.number));
    let expected = [
        (Some(EventField::Start), None),
        (Some(EventField::Product), None),
        (Some(EventField::Currency), None),
        (Some(EventField::Amount), Some(NumberForm::Comma)),
        (Some(EventField::EventNumber), None),
        (None, None),
    ];
    assert!(said.eq(expected), "{found:?}");
    assert_eq!(found.zone.as_deref(), Some("Europe/Berlin"));
    // A column that only looks like it, in a file that this console has not written, is no such file.
    let other: Vec<String> = [table.headers.as_slice(), &["EventNumber".to_owned()]].concat();
    assert_eq!(Mapping::of_kept(&mapping, &other), None);
}

#[test]
fn a_time_that_names_no_offset_is_told_and_read_by_the_clock_that_is_said() {
    let of_a_clock = |start: &str| {
        let table = table(file(&[(start, "1.25")]).as_bytes());
        let mut survey = Survey::of(&mapping(&table).0);
        table.rows.iter().for_each(|row| survey.add(&row));
        survey.time_of_a_clock().map(str::to_owned)
    };
    for start in ["2026-10-01", "15/09/2026", "2026-10-01 02:00", "15.09.2026 10:00"] {
        assert_eq!(of_a_clock(start).as_deref(), Some(start));
    }
    for start in ["2026-10-01T00:00:00Z", "2026-10-01 02:00:00 +02:00", "15.09.2026 10:00+02:00", "", "soon"]
    {
        assert_eq!(of_a_clock(start), None, "{start}");
    }
    // A column whose name says that it is UTC is.
    let named = table(file(&[("2026-10-01", "1")]).replacen("Start", "Start (UTC)", 1).as_bytes());
    let mut survey = Survey::of(&mapping(&named).0);
    named.rows.iter().for_each(|row| survey.add(&row));
    assert_eq!(survey.time_of_a_clock(), None);
    let table =
        table(file(&[("2026-10-01", "1"), ("2026-10-25 02:30", "2"), ("2026-10-01T00:00Z", "4")]).as_bytes());
    let (mapping, _) = mapping(&table);
    // Two hours ahead, but for the hour that comes twice.
    let clock = |at: chrono::NaiveDateTime| match at.to_string().as_str() {
        "2026-10-25 02:30:00" => Err("comes twice in Europe/Berlin".to_owned()),
        _ => Ok((at - chrono::TimeDelta::hours(2)).and_utc()),
    };
    let mut reader = RowReader::new(&mapping, &table.headers).expect("a header").with_clock(Box::new(clock));
    let read: Vec<_> = table
        .rows
        .iter()
        .map(|row| match reader.read(&row, |_| true) {
            Ok(event) => event.event.get("EventStartTime").expect("a start").to_string(),
            Err(refused) => refused.reason,
        })
        .collect();
    assert_eq!(
        read,
        [
            "2026-09-30T22:00:00+00:00",
            "Start \"2026-10-25 02:30\" comes twice in Europe/Berlin",
            "2026-10-01T00:00:00+00:00"
        ]
    );
}
