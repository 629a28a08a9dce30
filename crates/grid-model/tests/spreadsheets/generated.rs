//! Copied here and pasted here, and tables that nobody would write.

use grid_model::{CopiedCell, html_table, pasted_cell, pasted_rows, tab_separated};
use proptest::collection::vec;
use proptest::prelude::*;

/// Texts of what has a meaning in either form, in any order.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\"",
        "\"\"",
        "\t",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\u{a0}",
        "a",
        "b c",
        "<",
        ">",
        "&",
        "&amp;",
        "&#9;",
        ";",
        "<br>",
        "</td>",
        "<!--",
        "'",
        "=",
        "x:num=\"1\"",
        "007",
        "1.234",
        "1,234.5",
        "-7%",
        "Zürich",
        "\u{1f4b6}",
        "\u{fffd}",
    ]);
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn number() -> impl Strategy<Value = String> {
    (any::<i64>(), 0..19_usize).prop_map(|(digits, places)| {
        let (sign, digits) = (if digits < 0 { "-" } else { "" }, format!("{:0>20}", digits.unsigned_abs()));
        let (whole, fraction) = digits.split_at(20 - places);
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    })
}

fn cell() -> impl Strategy<Value = CopiedCell> {
    prop_oneof![
        3 => text().prop_map(CopiedCell::Text),
        1 => number().prop_map(CopiedCell::Number),
        1 => (0_i64..99).prop_map(|at| CopiedCell::Time { at, text: format!("2026-10-01 08:30:{at:02}Z") }),
        1 => (-99_999_i64..99_999).prop_map(|digits| CopiedCell::Number(digits.to_string())),
    ]
}

fn cells() -> impl Strategy<Value = Vec<Vec<CopiedCell>>> {
    (1..4_usize).prop_flat_map(|columns| vec(vec(cell(), columns), 1..5))
}

/// What somebody's table may hold, well made or not.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<th x:num=5>",
        "<td colspan=3>",
        "<td rowspan=2>",
        "<td colspan=18446744073709551615 rowspan=9>",
        "<td rowspan=18446744073709551615>",
        "<td colspan=0 rowspan=0>",
        "<br>",
        "<br/>",
        "<!-- a > b -->",
        "<!--",
        "<",
        ">",
        "\"",
        "='",
        "&",
        "&quot;",
        "&#8722;",
        "ü",
        "5",
        "\n",
        "\t",
        "</comment>",
        "<td sdval=\"1,5\" sdnum=\"1031;\">",
        "<td data-t=n data-v=7>",
    ]);
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_copied_here_is_pasted_here(copied in cells()) {
        let (plain, html) = (tab_separated(&copied), html_table(&copied));
        let with_table = pasted_rows(&plain, Some(&html));
        for rows in [&with_table, &pasted_rows(&plain, None)] {
            let told: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect();
            let were: Vec<Vec<_>> = copied.iter().map(|row| row.iter().map(CopiedCell::text).collect()).collect();
            prop_assert_eq!(told, were);
        }
        for (pasted, copied) in with_table.iter().flatten().zip(copied.iter().flatten()) {
            match (copied, &pasted.number) {
                (CopiedCell::Number(copied), Some(number)) => prop_assert_eq!(copied, number),
                // More digits than a spreadsheet keeps stand in the text alone.
                (CopiedCell::Number(copied), None) => prop_assert!(copied.len() > 15),
                (CopiedCell::Text(_) | CopiedCell::Time { .. }, number) => prop_assert_eq!(number, &None),
            }
        }
    }

    #[test]
    fn a_cell_that_is_copied_here_is_pasted_here(copied in cell()) {
        let copied = [vec![copied]];
        let pasted = pasted_cell(&tab_separated(&copied), &html_table(&copied));
        let pasted = pasted.map(|cell| cell.text);
        prop_assert_eq!(pasted.as_deref(), Some(copied[0][0].text()));
    }

    #[test]
    fn no_table_takes_anything_from_the_text(plain in text(), html in markup()) {
        let rows = pasted_rows(&plain, Some(&html));
        prop_assert!(rows.iter().all(|row| row.len() == rows[0].len()));
        let letters = |text: &str| -> Vec<char> {
            text.chars().filter(|letter| !letter.is_whitespace() && *letter != '"').collect()
        };
        let told: String = rows.iter().flatten().map(|cell| cell.text.as_str()).collect();
        prop_assert_eq!(letters(&told), letters(&plain));
    }
}
