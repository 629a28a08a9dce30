//! A typed number taken apart: its sign, its digits, and what stands between them.

use super::Notation;

/// Nought in each script whose digits are taken; nine follows in order.
const NOUGHTS: [u32; 18] = [
    0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
    0x1040, 0x17e0, 0xff10,
];

/// A number without its sign, in few signs: ASCII digits, one sort of blank, one of apostrophe.
pub(super) struct Amount {
    is_negative: bool,
    text: String,
    /// The reader's group sign as it stands in `text`.
    group: Option<char>,
}

impl Amount {
    /// Nothing for a text that is no number in any notation.
    pub(super) fn of(typed: &str, notation: &Notation) -> Option<Self> {
        let mut text = String::with_capacity(typed.len());
        let mut script = None;
        for letter in typed.trim().chars() {
            match letter {
                // Marks of direction are not seen, and come along with a copy.
                '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2066}'..='\u{2069}' => (),
                letter => match digit_of(letter, notation) {
                    Some((own, digit)) if script.is_none_or(|script| script == own) => {
                        script = Some(own);
                        text.push(digit);
                    }
                    Some(_) => return None,
                    None => text.push(plain_sign(letter, notation)),
                },
            }
        }
        let (is_negative, text) = unsigned(text.trim());
        let group = notation.group.map(|group| plain_sign(group, notation));
        Some(Self { is_negative, text: text.to_owned(), group })
    }

    /// The number in machine notation, if the text is one as the reader writes it.
    pub(super) fn in_notation(&self, notation: &Notation) -> Option<String> {
        self.read(&self.text, notation.decimal, |sign| Some(sign) == self.group, notation)
    }

    /// The same if it is one as machines write it. What can never begin a fraction may group digits.
    pub(super) fn in_machine_notation(&self) -> Option<String> {
        let Some((mantissa, exponent)) = self.text.split_once(['e', 'E']) else {
            return self.read(&self.text, '.', |_| false, &Notation::ENGLISH);
        };
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        let mantissa = self.read(mantissa, '.', |_| false, &Notation::ENGLISH)?;
        is_digits(digits).then(|| format!("{mantissa}e{exponent}"))
    }

    fn read(
        &self,
        text: &str,
        decimal: char,
        is_group: impl Fn(char) -> bool,
        notation: &Notation,
    ) -> Option<String> {
        let (whole, fraction) = match text.split_once(decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        if fraction.is_some_and(|fraction| !is_digits(fraction)) {
            return None;
        }
        let whole = match whole {
            "" => fraction.map(|_| String::new())?,
            _ => ungrouped(whole, is_group, notation)?,
        };
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.unwrap_or_default();
        let has_value = !whole.is_empty() || fraction.contains(|digit| digit != '0');
        let sign = if self.is_negative && has_value { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        Some(format!("{sign}{whole}{point}{fraction}"))
    }
}

/// The parts of a list between signs that stand in no number. A comma with a blank beside it is one.
pub(super) fn list_parts(typed: &str) -> impl Iterator<Item = &str> {
    // The comma and the semicolon of Arabic, the comma of ideographs, narrow and small forms.
    let parts = typed.split([
        ';', '\n', '\t', '\u{60c}', '\u{61b}', '\u{3001}', '\u{ff64}', '\u{fe50}', '\u{fe51}', '\u{fe54}',
        '\u{ff1b}',
    ]);
    let parts = parts.flat_map(|part| {
        let mut ends: Vec<(usize, usize)> = part
            .match_indices([',', WIDE_COMMA])
            .map(|(at, comma)| (at, at + comma.len()))
            .filter(|(at, end)| {
                part.get(..*at).is_none_or(|text| text.is_empty() || text.ends_with(char::is_whitespace))
                    || part
                        .get(*end..)
                        .is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
            })
            .collect();
        ends.push((part.len(), part.len()));
        let mut begin = 0;
        ends.into_iter().filter_map(move |(end, next)| {
            let piece = part.get(begin..end);
            begin = next;
            piece
        })
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// The comma that ideographs are written with; no keyboard of a reader whose numbers have a comma has it.
pub(super) const WIDE_COMMA: char = '\u{ff0c}';

/// A blank as it is put between words. One that holds its neighbours together groups the digits of a number
/// and parts no values.
pub(super) fn parts_words(letter: char) -> bool {
    letter.is_whitespace() && !letter.is_control() && !matches!(letter, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

pub(super) fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}')
}

/// Which script a digit is of, and which ASCII digit it is.
fn digit_of(letter: char, notation: &Notation) -> Option<(u32, char)> {
    let ascii = |value: usize| u32::try_from(value).ok().and_then(|value| char::from_digit(value, 10));
    let nought = NOUGHTS.into_iter().find(|nought| (*nought..nought + 10).contains(&u32::from(letter)));
    if let Some(nought) = nought {
        return Some((nought, char::from_digit(u32::from(letter) - nought, 10)?));
    }
    let own = notation.digits.iter().position(|digit| *digit == letter)?;
    Some((u32::from(*notation.digits.first()?), ascii(own)?))
}

/// One sign for all that are written for the same.
fn plain_sign(letter: char, notation: &Notation) -> char {
    match letter {
        // A tab and the end of a line part two values, and group no digits.
        letter if letter.is_whitespace() && !letter.is_control() => ' ',
        letter if is_apostrophe(letter) => '\'',
        '\u{2212}' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{207b}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{ff0b}' => '+',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{ff0e}' => '.',
        WIDE_COMMA => ',',
        // The Arabic signs mean but one thing, whatever else the reader writes.
        '\u{66b}' => notation.decimal,
        '\u{66c}' => ' ',
        other => other,
    }
}

/// Takes the sign off: a minus on either side, brackets, or a plus. A second sign stays, and makes the
/// rest no number.
fn unsigned(text: &str) -> (bool, &str) {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let (is_negative, rest) = match (inner, text.strip_prefix('-'), text.strip_suffix('-')) {
        (Some(inner), ..) => (true, inner),
        (None, Some(rest), _) | (None, None, Some(rest)) => (true, rest),
        (None, None, None) => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    (is_negative, rest.trim())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a whole that has no group signs, or one sort of them in the right places.
fn ungrouped(whole: &str, is_own: impl Fn(char) -> bool, notation: &Notation) -> Option<String> {
    if is_digits(whole) {
        return Some(whole.to_owned());
    }
    let sign = whole.chars().find(|letter| !letter.is_ascii_digit())?;
    if !(matches!(sign, ' ' | '\'') || is_own(sign)) {
        return None;
    }
    let groups: Vec<&str> = whole.split(sign).collect();
    let are_right = |others: usize, last: usize| match groups.as_slice() {
        [first, middle @ .., end] => {
            (1..=others).contains(&first.len())
                && !first.starts_with('0')
                && middle.iter().all(|group| group.len() == others)
                && end.len() == last
        }
        _ => false,
    };
    // Groups of three leave no doubt to a reader who groups otherwise.
    let are_right = are_right(notation.other_groups, notation.last_group) || are_right(3, 3);
    let digits = groups.concat();
    (are_right && is_digits(&digits)).then_some(digits)
}
