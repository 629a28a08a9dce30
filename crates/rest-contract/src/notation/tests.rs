use super::*;
use crate::oracle::EVENT;

fn german() -> Notation {
    Notation { decimal: ',', group: Some('.'), ..Notation::ENGLISH }
}

fn indian() -> Notation {
    Notation { other_groups: 2, ..Notation::ENGLISH }
}

fn french() -> Notation {
    Notation { decimal: ',', group: Some('\u{202f}'), ..Notation::ENGLISH }
}

fn spanish() -> Notation {
    Notation { minimum_grouping: 2, ..german() }
}

fn swiss() -> Notation {
    Notation { group: Some('\u{2019}'), ..Notation::ENGLISH }
}

fn egyptian() -> Notation {
    let mut digits = ['\0'; 10];
    for (digit, at) in digits.iter_mut().zip('\u{660}'..) {
        *digit = at;
    }
    Notation { decimal: '\u{66b}', group: Some('\u{66c}'), digits, ..Notation::ENGLISH }
}

#[track_caller]
fn reads(notation: &Notation, typed: &str, plain: &str) {
    assert_eq!(notation.read(typed).as_deref(), Ok(plain), "{typed}");
}

#[track_caller]
fn refuses(notation: &Notation, typed: &str, words: &str) {
    assert_eq!(notation.read(typed).map_err(|problem| problem.to_string()), Err(words.to_owned()), "{typed}");
}

#[test]
fn numbers_are_written_as_the_reader_writes_them() {
    let written = [
        (Notation::ENGLISH, "-1234567.50", "\u{2212}1,234,567.50"),
        (Notation::ENGLISH, "123", "123"),
        (Notation::ENGLISH, "1234", "1,234"),
        (german(), "1234.5", "1.234,5"),
        (indian(), "1234567.5", "12,34,567.5"),
        (indian(), "123456789012", "1,23,45,67,89,012"),
        (spanish(), "1234", "1234"),
        (spanish(), "12345", "12.345"),
        (french(), "1234567", "1\u{202f}234\u{202f}567"),
        (egyptian(), "-1234.5", "\u{2212}\u{661}\u{66c}\u{662}\u{663}\u{664}\u{66b}\u{665}"),
        (Notation { group: None, ..Notation::ENGLISH }, "1234567", "1234567"),
    ];
    for (notation, plain, text) in written {
        assert_eq!(notation.write(plain), text);
    }
    assert_eq!(german().write_to_type("-1234.50"), "-1234,50");
}

#[test]
fn the_readers_own_notation_is_read() {
    reads(&german(), "1.234,5", "1234.5");
    reads(&german(), "0,125", "0.125");
    reads(&german(), "1.234.567", "1234567");
    reads(&indian(), "12,34,567.5", "1234567.5");
    reads(&indian(), "1,234,567.5", "1234567.5");
    reads(&french(), "1 234,5", "1234.5");
    reads(&french(), "1\u{a0}234\u{a0}567", "1234567");
    reads(&swiss(), "1'234.5", "1234.5");
    reads(&egyptian(), "\u{661}\u{66c}\u{662}\u{663}\u{664}\u{66b}\u{665}", "1234.5");
    reads(&Notation::ENGLISH, "\u{661}\u{662}\u{66b}\u{665}", "12.5");
    reads(&Notation::ENGLISH, "\u{661}\u{66c}\u{662}\u{663}\u{664}", "1234");
    refuses(&german(), "\u{661}\u{66c}\u{662}\u{663}", "is not a number; write it like 1234,50");
    reads(&Notation::ENGLISH, "\u{ff11}\u{ff12}\u{ff0e}\u{ff15}", "12.5");
    reads(&Notation::ENGLISH, ".5", "0.5");
    reads(&Notation::ENGLISH, " 0012.50 ", "12.50");
    reads(&Notation::ENGLISH, "1 234 567.5", "1234567.5");
}

#[test]
fn negative_is_written_in_many_ways() {
    let minus = [
        "-1,234.5",
        "\u{2212}1,234.5\u{2007}",
        "1,234.5-",
        "(1,234.5)",
        "\u{200e}-1,234.5",
        "- 1,234.5",
        "( 1,234.50 )",
        "\u{2013}1234.5",
        "\u{ff08}1234.5\u{ff09}",
    ];
    for typed in minus {
        assert_eq!(
            Notation::ENGLISH
                .read(typed)
                .and_then(|plain| check(plain, false))
                .map(|plain| plain.replace(".50", ".5")),
            Ok("-1234.5".to_owned()),
            "{typed}"
        );
    }
    reads(&Notation::ENGLISH, "+5", "5");
    reads(&Notation::ENGLISH, "(0.00)", "0.00");
    let like = "is not a number; write it like 1234.50";
    for typed in ["--5", "(-5)", "-5-", "-", "()", "(5", "5)", "+-5", "5+"] {
        refuses(&Notation::ENGLISH, typed, like);
    }
}

#[test]
fn machine_notation_is_read_where_it_can_mean_nothing_else() {
    reads(&german(), "-1234.5", "-1234.5");
    reads(&german(), "1.5", "1.5");
    reads(&german(), "0.125", "0.125");
    reads(&german(), "1234.567", "1234.567");
    reads(&german(), "1.2345", "1.2345");
    reads(&french(), "1.234", "1.234");
    reads(&german(), "1E-7", "0.0000001");
    reads(&Notation::ENGLISH, "(1.5e3)", "-1500");
    refuses(&german(), "1E99", "has more digits than can be kept exactly");
    reads(&egyptian(), "1.5", "1.5");
    reads(&german(), "1 234.5", "1234.5");
}

#[test]
fn what_can_be_read_in_two_ways_names_both() {
    refuses(&german(), "1.234", "can be read in two ways; type 1234 or 1,234");
    refuses(&german(), "-12.345", "can be read in two ways; type -12345 or -12,345");
    refuses(&german(), "(123.000)", "can be read in two ways; type -123000 or -123,000");
    refuses(&spanish(), "1.234", "can be read in two ways; type 1234 or 1,234");
    for typed in ["1234", "1,234", "-12345", "-12,345"] {
        assert!(german().read(typed).is_ok(), "{typed}");
    }
}

#[test]
fn digits_in_wrong_groups_are_no_number() {
    // Two cells of a table are two values.
    for typed in ["1\t234", "1\n234", "1\r\n234"] {
        for notation in [french(), Notation::ENGLISH] {
            assert!(notation.read(typed).is_err(), "{typed:?}");
        }
    }
    let like = "is not a number; write it like 1234.50";
    for typed in [
        "1,5",
        "1,23,456.5",
        "12,34",
        "1,2345",
        "1,234,5",
        ",234",
        "0,123",
        "1,,234",
        "1,234 567",
        "1.234,5",
        "1.2.3",
        "5.",
        "1,234.",
        "",
        "abc",
        "5%",
        "$5",
        "1_000",
        "1,234e2",
        "1e2-1",
        "NaN",
        "0x10",
        "1e",
        "1e+",
        "e5",
        "1\u{661}",
        "1 2",
        "\u{202e}12",
    ] {
        refuses(&Notation::ENGLISH, typed, like);
    }
    refuses(&german(), "1,2,3", "is not a number; write it like 1234,50");
    refuses(&swiss(), "1,234", like);
}

#[test]
fn a_list_is_parted_by_what_stands_in_no_number() {
    let list = |notation: &Notation, typed: &str, is_whole| {
        notation
            .read_list(typed, is_whole)
            .map(|values| values.join("|"))
            .map_err(|problem| problem.to_string())
    };
    let of = |values: &str| Ok(values.to_owned());
    assert_eq!(list(&german(), "1,5", false), of("1.5"));
    assert_eq!(list(&german(), "1,5; 2,5;1.234,5", false), of("1.5|2.5|1234.5"));
    assert_eq!(list(&german(), "1, 5", false), of("1|5"));
    assert_eq!(list(&german(), "1,5", true), of("1|5"));
    assert_eq!(list(&german(), "1,0", true), Err("can be read in two ways; type 1,0 or 1; 0".to_owned()));
    assert_eq!(list(&Notation::ENGLISH, "1,5", false), of("1|5"));
    assert_eq!(list(&Notation::ENGLISH, "9007199254740993,7", true), of("9007199254740993|7"));
    assert_eq!(list(&Notation::ENGLISH, "1, 5,", false), of("1|5"));
    assert_eq!(list(&Notation::ENGLISH, "1,5; 7", false), of("1|5|7"));
    assert_eq!(
        list(&Notation::ENGLISH, "1,234", false),
        Err("can be read in two ways; type 1234 or 1; 234".to_owned())
    );
    // Other commas, and signs that part, tell nothing of the one between digits.
    let doubtful = |reading: &str| Err(format!("can be read in two ways; type {reading}"));
    for typed in ["100,200, 300", "100,200; 300", "100,200\n300", "300, 100,200", "5; 100,200, 300"] {
        assert_eq!(list(&Notation::ENGLISH, typed, true), doubtful("100200 or 100; 200"), "{typed}");
    }
    assert_eq!(list(&Notation::ENGLISH, "1,234.5; 2", false), doubtful("1234.5 or 1; 234.5"));
    assert_eq!(list(&german(), "1,0; 5", true), doubtful("1,0 or 1; 0"));
    assert_eq!(list(&indian(), "12,34,567, 8", true), doubtful("1234567 or 12; 34; 567"));
    assert_eq!(list(&french(), "1\u{202f}234,5; 7\n8", false), of("1234.5|7|8"));
    for typed in ["100\u{ff0c}200", "100 200", "100'200", "100\u{2019}200", "100\u{3000}200"] {
        assert_eq!(list(&Notation::ENGLISH, typed, false), doubtful("100200 or 100; 200"), "{typed}");
    }
    assert_eq!(list(&french(), "1 234,5; 7", false), doubtful("1234,5 or 1; 234,5"));
    assert_eq!(list(&german(), "100\u{ff0c}200", false), doubtful("100,200 or 100; 200"));
    assert_eq!(list(&Notation::ENGLISH, "1,234 5", false), doubtful("1234 or 1; 234"));
    assert_eq!(
        list(&Notation::ENGLISH, "10 2000  - 5", false),
        Err("is not a number; write it like 1234.50".to_owned())
    );
    assert_eq!(list(&Notation::ENGLISH, "10 2000  -5", false), of("10|2000|-5"));
    assert_eq!(list(&Notation::ENGLISH, "- 5; (1)", false), of("-5|-1"));
    let swiss = Notation { group: Some('\u{2019}'), ..Notation::ENGLISH };
    assert_eq!(list(&swiss, "1'234; 5", false), of("1234|5"));
    for sign in ['\u{60c}', '\u{61b}', '\u{3001}', '\u{ff64}', '\u{fe50}', '\u{fe51}', '\u{fe54}', '\u{ff1b}']
    {
        assert_eq!(list(&Notation::ENGLISH, &format!("100{sign}200"), true), of("100|200"), "{sign}");
    }
    for typed in ["1, 5", "1 ,5", "1\u{ff0c} 5", "1\u{ff0c}5\u{ff0c}"] {
        assert_eq!(list(&Notation::ENGLISH, typed, false), of("1|5"), "{typed}");
    }
    assert_eq!(list(&german(), "1,2,3", false), Err("is not a number; write it like 1234,50".to_owned()));
    assert_eq!(list(&Notation::ENGLISH, "1.5", true), Err("must be a whole number".to_owned()));
    assert_eq!(list(&Notation::ENGLISH, " ; ", false), of(""));
}

#[test]
fn a_field_takes_what_its_kind_is() {
    let read = |name: &str, typed: &str| {
        let field = EVENT.field(name).unwrap();
        german()
            .read_field(field, typed)
            .map(|value| value.to_string())
            .map_err(|problem| problem.to_string())
    };
    assert_eq!(read("UsageQuantity", "1.234,50"), Ok("1234.50".to_owned()));
    assert_eq!(read("UsageQuantity", "  "), Ok(String::new()));
    assert_eq!(read("UsageQuantity", "1.234"), Err("can be read in two ways; type 1234 or 1,234".to_owned()));
    assert_eq!(read("EventId", "300000209351523"), Ok("300000209351523".to_owned()));
    assert_eq!(read("EventId", "1,5"), Err("must be a whole number".to_owned()));
    assert_eq!(read("ServiceId", "1.234"), Ok("1.234".to_owned()));
    let long = "1".repeat(40);
    assert_eq!(read("UsageQuantity", &long), Err("has more digits than can be kept exactly".to_owned()));
}

#[test]
fn what_was_typed_by_another_notation_is_typed_anew() {
    let typed =
        |name: &str, typed: &str| Notation::ENGLISH.retyped(EVENT.field(name).unwrap(), typed, &german());
    assert_eq!(typed("UsageQuantity", "-1.234,50"), "-1234.50");
    assert_eq!(typed("UsageQuantity", "0,125"), "0.125");
    // What was read in two ways, or in none, is told as it is.
    assert_eq!(typed("UsageQuantity", "1.234"), "1.234");
    assert_eq!(typed("UsageQuantity", "soon"), "soon");
    assert_eq!(typed("ServiceId", "1,5"), "1,5");
    let times = TimeForm { order: DayOrder::DayMonthYear, between: '.', ..TimeForm::MACHINE };
    let start = EVENT.field("EventStartTime").unwrap();
    let before = Notation { times, ..german() };
    assert_eq!(Notation::ENGLISH.retyped(start, "5.9.2026 8:30", &before), "2026-09-05 8:30");
    assert_eq!(before.retyped(start, "2026-09-05 08:30", &german()), "05.09.2026 08:30");
}

#[test]
fn digits_are_read_however_many_there_are() {
    let long = "0.12345678901234567890123456789012345";
    reads(&german(), long, long);
}
