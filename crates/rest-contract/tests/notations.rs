//! What is shown to a reader of any of some forty locales, copied or exported, reads back as the same
//! value or is refused. `notations.txt` is what browsers say of each locale, in a line for each opinion; the
//! browser suite holds it against the browser that it runs in.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use rest_contract::{Notation, TypedProblem, read_decimal};
use rust_decimal::Decimal;

/// Locale, decimal sign, group sign, digits in the last group and in the others, digits before the
/// first group at least, nought; signs as code points.
fn notations() -> Vec<(&'static str, Notation)> {
    let sign = |code: &str| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap();
    let lines = include_str!("notations.txt").lines();
    let read = lines.map(|line| {
        let parts: Vec<&str> = line.split(' ').collect();
        let size = |at: usize| parts[at].parse().unwrap();
        let mut digits = ['\0'; 10];
        for (digit, own) in digits.iter_mut().zip(sign(parts[6])..) {
            *digit = own;
        }
        let notation = Notation {
            decimal: sign(parts[1]),
            group: Some(sign(parts[2])),
            last_group: size(3),
            other_groups: size(4),
            minimum_grouping: size(5),
            digits,
            ..Notation::ENGLISH
        };
        (parts[0], notation)
    });
    read.collect()
}

/// Where a value comes back it is the same one, digit for digit.
fn comes_back(locale: &str, notation: &Notation, text: &str, plain: &str) -> bool {
    match notation.read(text) {
        Ok(read) => {
            assert_eq!(read_decimal(&read).unwrap().to_string(), plain, "{locale}: {text}");
            true
        }
        Err(TypedProblem::TwoReadings { .. }) => false,
        Err(problem) => panic!("{locale}: {text} {problem}"),
    }
}

#[test]
fn there_are_forty_locales_of_many_kinds() {
    let notations = notations();
    assert!(notations.len() >= 40);
    let differ = |look: fn(&Notation) -> String| {
        let mut kinds: Vec<_> = notations.iter().map(|(_, notation)| look(notation)).collect();
        kinds.sort();
        kinds.dedup();
        kinds.len()
    };
    assert_eq!(differ(|notation| notation.decimal.to_string()), 3);
    assert!(differ(|notation| format!("{:?}", notation.group)) >= 6);
    assert_eq!(differ(|notation| notation.other_groups.to_string()), 2);
    assert_eq!(differ(|notation| notation.minimum_grouping.to_string()), 2);
    assert!(differ(|notation| notation.digits[0].to_string()) >= 5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_shown_or_copied_reads_back_or_is_refused(
        digits in prop_oneof![any::<i128>().prop_map(|digits| digits >> 33), any::<i32>().prop_map(i128::from), -99_999_i128..99_999],
        scale in 0_u32..=28,
    ) {
        let value = Decimal::try_from_i128_with_scale(digits, scale).unwrap();
        let plain = value.to_string();
        for (locale, notation) in notations() {
            // As shown and as an editor begins it: in the reader's own notation, never in doubt but
            // where the locale's groups look like a machine's fraction.
            comes_back(locale, &notation, &notation.write_to_type(&plain), &plain);
            prop_assert!(notation.read(&notation.write_to_type(&plain)).is_ok());
            let shown = comes_back(locale, &notation, &notation.write(&plain), &plain);
            prop_assert!(shown || (notation.group == Some('.') && scale == 0));
            // As copied and exported.
            let copied = comes_back(locale, &notation, &plain, &plain);
            prop_assert!(copied || (notation.group == Some('.') && scale == 3));
            // As accountants write it.
            if let Some(amount) = plain.strip_prefix('-') {
                comes_back(locale, &notation, &format!("({})", notation.write(amount)), &plain);
                comes_back(locale, &notation, &format!("{}-", notation.write(amount)), &plain);
            }
        }
    }

    #[test]
    fn a_list_of_what_is_shown_reads_back(several in prop::collection::vec((any::<i32>(), 0_u32..6), 1..5)) {
        for (locale, notation) in notations() {
            let plain: Vec<String> = several.iter().map(|(digits, scale)| Decimal::new(i64::from(*digits), *scale).to_string()).collect();
            let typed: Vec<String> = plain.iter().map(|one| notation.write_to_type(one)).collect();
            prop_assert_eq!(notation.read_list(&typed.join("; "), false).unwrap(), plain, "{}", locale);
        }
    }
}
