//! A row-match expression that is too long for an address, in portions of which no row is in two.

use crate::portions::divided;
use std::collections::BTreeSet;
use std::ops::Range;

/// The same question in portions that together have each of its rows once. Divided is the longest list of values
/// (`attribute in (…)`) that every row has to be in. Nothing where no portion fits, or where the expression is not
/// understood.
pub fn in_portions(q: &str, fits: &dyn Fn(&str) -> bool) -> Option<Vec<String>> {
    divided(q.to_owned(), fits, &halves)
}

/// A list of values, `attribute in (…)`.
struct ValueList {
    /// Where its attribute begins.
    begin: usize,
    /// Between its parentheses.
    values: Range<usize>,
    /// Where ` or attribute is null` ends, if that stands behind it.
    blank_end: Option<usize>,
}

fn halves(q: &str) -> Option<(String, String)> {
    let list = lists_of(q)?.into_iter().max_by_key(|list| list.values.len())?;
    let values = split_values(&q[list.values.clone()]);
    let (first, second) = values.split_at(values.len() / 2);
    if first.is_empty() {
        return None;
    }
    // Blanks go with the second half alone: no row may be in both.
    let behind_first = list.blank_end.unwrap_or(list.values.end + 1);
    let before = &q[..list.values.start];
    Some((
        format!("{before}{}){}", first.join(","), &q[behind_first..]),
        format!("{before}{}{}", second.join(","), &q[list.values.end..]),
    ))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Text,
    Open,
    Close,
    Comma,
}

/// The words of an expression with their places; nothing where a text has no end.
fn tokens(q: &str) -> Option<Vec<(Token<'_>, Range<usize>)>> {
    let bytes = q.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let token = match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'\'' => {
                // A quote within a text is written twice, which reads as two texts.
                at += 1 + q[at + 1..].find('\'')?;
                Token::Text
            }
            b'(' => Token::Open,
            b')' => Token::Close,
            b',' => Token::Comma,
            _ => {
                let end =
                    q[at..].find(|letter: char| letter.is_ascii_whitespace() || "'(),".contains(letter));
                at = end.map_or(q.len(), |end| at + end) - 1;
                Token::Word(&q[start..=at])
            }
        };
        at += 1;
        tokens.push((token, start..at));
    }
    Some(tokens)
}

/// The lists of which every row has to have a value; nothing where parentheses do not close.
fn lists_of(q: &str) -> Option<Vec<ValueList>> {
    let tokens = tokens(q)?;
    let is_word = |at: usize, is: &str| matches!(tokens.get(at), Some((Token::Word(word), _)) if word.eq_ignore_ascii_case(is));
    let mut open = vec![Group::default()];
    let mut lists: Vec<ValueList> = Vec::new();
    for (at, (token, place)) in tokens.iter().enumerate() {
        match token {
            Token::Open => {
                let is_in = at >= 2
                    && is_word(at - 1, "in")
                    && !is_word(at - 2, "not")
                    && stands_alone(at.checked_sub(3).map(|before| tokens[before].0));
                let attribute = match tokens.get(at.wrapping_sub(2)) {
                    Some((Token::Word(name), place)) if is_in => Some((*name, place.start)),
                    _ => None,
                };
                let is_plain = stands_alone(at.checked_sub(1).map(|before| tokens[before].0));
                let lists_before = lists.len();
                open.push(Group { attribute, begin: place.end, lists_before, ors: 0, is_plain });
            }
            Token::Close => {
                let group = open.pop()?;
                open.last()?;
                let is_whole = stands_alone(tokens.get(at + 1).map(|(token, _)| *token));
                match group.attribute {
                    None if group.is_plain && is_whole => keep_needed(&mut lists, &group, place.start),
                    None => lists.truncate(group.lists_before),
                    Some(_) if !is_whole => {}
                    Some((name, begin)) => {
                        let has_blank = ["or", name, "is", "null"]
                            .iter()
                            .zip(at + 1..)
                            .all(|(word, at)| is_word(at, word));
                        let blank_end = tokens.get(at + 4).filter(|_| has_blank).map(|(_, last)| last.end);
                        lists.push(ValueList { begin, values: group.begin..place.start, blank_end });
                    }
                }
            }
            Token::Word(word) if word.eq_ignore_ascii_case("or") => open.last_mut()?.ors += 1,
            Token::Word(_) | Token::Text | Token::Comma => {}
        }
    }
    let whole = open.pop().filter(|_| open.is_empty())?;
    keep_needed(&mut lists, &whole, q.len());
    Some(lists)
}

/// Whether a term is a condition of its own, by what stands beside it. A `not` before it excludes what it names, and
/// what else may stand there is not understood.
fn stands_alone(beside: Option<Token<'_>>) -> bool {
    match beside {
        None | Some(Token::Open | Token::Close) => true,
        Some(Token::Word(word)) => word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or"),
        Some(Token::Text | Token::Comma) => false,
    }
}

/// What stands between two parentheses.
#[derive(Default)]
struct Group<'a> {
    /// Of a list of values: its attribute, and where that begins.
    attribute: Option<(&'a str, usize)>,
    begin: usize,
    lists_before: usize,
    ors: usize,
    /// It stands alone.
    is_plain: bool,
}

/// Drops the lists of a group that a row may do without, as the group has another choice.
fn keep_needed(lists: &mut Vec<ValueList>, group: &Group<'_>, end: usize) {
    let is_list_or_blank = match &lists[group.lists_before..] {
        [list] => group.ors == 1 && list.begin == group.begin && list.blank_end == Some(end),
        _ => false,
    };
    if group.ors > 0 && !is_list_or_blank {
        lists.truncate(group.lists_before);
    }
}

/// The values of a list, each as it is written, and once: one that came twice would have its rows in two portions.
fn split_values(list: &str) -> Vec<&str> {
    let mut known = BTreeSet::new();
    let mut values = Vec::new();
    let (mut start, mut is_text) = (0, false);
    let ends = list.bytes().enumerate().filter_map(|(at, byte)| {
        is_text ^= byte == b'\'';
        (byte == b',' && !is_text).then_some(at)
    });
    for end in ends.chain([list.len()]) {
        let value = list[start..end].trim();
        if known.insert(same_for_all(value)) {
            values.push(value);
        }
        start = end + 1;
    }
    values
}

/// A number however it is written, `1`, `+1.0` and `01.` alike; any other value as it is.
fn same_for_all(value: &str) -> (bool, &str, &str) {
    let is_negative = value.starts_with('-');
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = digits.bytes().any(|byte| byte.is_ascii_digit())
        && [whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number {
        return (false, value, "");
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    // Nought has no sign.
    (is_negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::field_condition::FieldCondition;
    use crate::oracle::{EVENT, one_of};

    #[track_caller]
    fn check(q: &str, most: usize, portions: &[&str]) {
        let found = in_portions(q, &|portion| portion.len() <= most);
        assert_eq!(found.as_deref().unwrap_or_default(), portions, "{q}");
    }

    #[test]
    fn what_fits_is_left_as_it_is() {
        check("A in (1,2)", 10, &["A in (1,2)"]);
        check("", 0, &[""]);
    }

    #[test]
    fn the_longest_list_is_divided() {
        check("A in (1,2,3,4)", 12, &["A in (1,2)", "A in (3,4)"]);
        check("A in (1,2,3)", 11, &["A in (1)", "A in (2,3)"]);
        check(
            "B in ('x') and (A in (1,2,3,4)) and C > 5",
            37,
            &["B in ('x') and (A in (1,2)) and C > 5", "B in ('x') and (A in (3,4)) and C > 5"],
        );
        check(
            "A in ('a','b','c','d') and B in (1,2,3)",
            30,
            &[
                "A in ('a') and B in (1,2,3)",
                "A in ('b') and B in (1,2,3)",
                "A in ('c') and B in (1,2,3)",
                "A in ('d') and B in (1,2,3)",
            ],
        );
    }

    #[test]
    fn texts_may_hold_anything() {
        check("A in ('x,y','o''b) or (')", 19, &["A in ('x,y')", "A in ('o''b) or (')"]);
        check("A in ('x,y','it''s','or')", 20, &["A in ('x,y')", "A in ('it''s','or')"]);
    }

    #[test]
    fn blanks_are_in_one_portion() {
        let field = EVENT.field("Error").expect("a field");
        let values = ["a", "b", "c"].map(str::to_owned).to_vec();
        let q = FieldCondition::OneOf { values, or_blank: true }.q(field).expect("a condition");
        check(&q, q.len() - 1, &["(Error in ('a'))", "(Error in ('b','c') or Error is null)"]);
        check(
            "Error in ('a','b') or Error is null",
            34,
            &["Error in ('a')", "Error in ('b') or Error is null"],
        );
    }

    #[test]
    fn a_value_that_comes_twice_has_its_rows_once() {
        check("A in (1,1,2,1)", 13, &["A in (1)", "A in (2)"]);
        check("A in (1,1.0,2,+01.)", 13, &["A in (1)", "A in (2)"]);
        check("A in (-0,0.0,-1,1)", 15, &["A in (-0)", "A in (-1,1)"]);
        check("A in ('1','1.0')", 15, &["A in ('1')", "A in ('1.0')"]);
    }

    #[test]
    fn what_a_row_may_do_without_is_not_divided() {
        for q in [
            "A not in (1,2,3,4)",
            "A in (1,2,3) or B = 1",
            "A in (1,2,3) or B in (4,5,6)",
            "(A in (1,2,3) or A is null or B = 1)",
            "(A in (1,2,3) or B is null)",
            "C = 1 and A in (1,2,3) or A is null",
            "UPPER(A) like '%LONG%' and B = 'x'",
            "B = 1 and not (A in (1,2,3,4))",
            "B = 1 and not ((A is not null and A in (1,2,3,4)))",
            "B = 1 and NOT((C = 2) and (A in (1,2,3,4)))",
            "B = 1 and not A in (1,2,3,4)",
            "not A in (1,2,3,4)",
            "not (A in (1,2,3) or A is null)",
            "not not (A in (1,2,3,4))",
            "(A in (1,2,3,4)) = false",
            "A in (1,2,3,4) is false",
            "A in (1,2,3",
            "A in (1,2,3))",
            "A = 'never ends",
        ] {
            assert_eq!(in_portions(q, &|portion| portion.len() < q.len()), None, "{q}");
        }
    }

    #[test]
    fn what_a_rule_excludes_is_whole_in_each_portion() {
        check("A in (1,2) and not (B in (3,4,5,6,7))", 38, &["A in (1,2) and not (B in (3,4,5,6,7))"]);
        check(
            "A in (1,2) and not (B in (3,4,5,6,7))",
            36,
            &["A in (1) and not (B in (3,4,5,6,7))", "A in (2) and not (B in (3,4,5,6,7))"],
        );
    }

    #[test]
    fn two_thousand_values_are_a_few_portions() {
        let values: Vec<String> = (0..2000).map(|number| format!("UE-2026-{number:06}")).collect();
        let q = format!("({}) and EventId > 17", one_of("EventNumber", &values));
        let portions = in_portions(&q, &|portion| portion.len() <= 4000).expect("portions");
        let all: Vec<_> = portions
            .iter()
            .flat_map(|portion| {
                let list = lists_of(portion).expect("a list").pop().expect("a list");
                split_values(&portion[list.values]).into_iter().map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(all, values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>());
        assert!(portions.len() <= 16, "{}", portions.len());
    }
}
