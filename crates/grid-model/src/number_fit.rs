/// How a number stands in a column of a given width. Digits are never cut: half a number is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFit<'a> {
    /// As it is, its point in line with the others.
    InLine,
    /// There is no room for the blanks that keep points in line; every digit shows.
    Digits(&'a str),
    /// Not even that: a sign stands in its place, and the number where one points at it.
    TooWide(&'a str),
}

/// Blanks that only keep the points of a column in line.
const PADDING: [char; 2] = ['\u{2007}', '\u{2008}'];

/// `room` and the widths of characters are in one unit, such as a part of a pixel.
pub fn number_fit<'a>(text: &'a str, room: u32, mut width_of: impl FnMut(char) -> u32) -> NumberFit<'a> {
    let mut fits = |text: &str| text.chars().map(&mut width_of).fold(0, u32::saturating_add) <= room;
    let digits = text.trim_end_matches(PADDING);
    if fits(text) {
        NumberFit::InLine
    } else if fits(digits) {
        NumberFit::Digits(digits)
    } else {
        NumberFit::TooWide(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, room: u32, expected: NumberFit<'_>) {
        // Digits and figure spaces are 70 wide, punctuation 30.
        let width = |letter: char| if letter.is_ascii_digit() || letter == '\u{2007}' { 70 } else { 30 };
        assert_eq!(number_fit(text, room, width), expected, "{text} in {room}");
    }

    #[test]
    fn digits_are_shown_whole_or_not_at_all() {
        let padded = "1,234,567.5\u{2007}\u{2007}\u{2007}\u{2007}\u{2007}";
        check(padded, 1_000, NumberFit::InLine);
        check(padded, 999, NumberFit::Digits("1,234,567.5"));
        check(padded, 650, NumberFit::Digits("1,234,567.5"));
        check(padded, 649, NumberFit::TooWide("1,234,567.5"));
        check("12\u{2008}\u{2007}", 140, NumberFit::Digits("12"));
        check("", 0, NumberFit::InLine);
        check("\u{2212}7", 90, NumberFit::TooWide("\u{2212}7"));
        // Blanks within a number are part of it: other people group by them.
        check("1\u{2007}234", 200, NumberFit::TooWide("1\u{2007}234"));
    }
}
