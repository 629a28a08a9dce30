//! Texts without their letter case, as the server's search brings them together: letter for letter, so
//! that no text gets longer or shorter, and `ß` stays what it is.
//!
//! What is searched for is made of capitals. Of what is stored a letter becomes its capital where that
//! capital's small letter is this one again; so `ı` and `ſ` stay, as they do in the server's database. The
//! final sigma is the one small letter that comes along all the same. Accents count: `u` is not found in
//! `ü`. A letter and an accent that are written apart are one letter only after they were composed (NFC),
//! which is the business of whoever makes the table.

/// What a search asks for.
pub(super) fn sought(text: &str) -> String {
    text.chars().map(capital).collect()
}

/// What a stored text is searched as.
pub(super) fn stored(text: &str) -> String {
    text.chars().map(stored_letter).collect()
}

fn stored_letter(letter: char) -> char {
    let capital = capital(letter);
    let is_pair = one(capital.to_lowercase(), capital) == letter || letter == 'ς';
    if is_pair && capital.is_ascii() == letter.is_ascii() { capital } else { letter }
}

fn capital(letter: char) -> char {
    one(letter.to_uppercase(), letter)
}

fn one(mut cased: impl Iterator<Item = char>, letter: char) -> char {
    match (cased.next(), cased.next()) {
        (Some(cased), None) => cased,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_ignored_and_nothing_else() {
        for (text, expected) in [
            ("Zürich-07", "ZÜRICH-07"),
            ("straße", "STRAßE"),
            ("σς", "ΣΣ"),
            ("ıſ", "ıſ"),
            ("µ", "µ"),
            ("ǅǆ", "ǅǄ"),
            ("ﬁx", "ﬁX"),
            ("İi", "İI"),
        ] {
            assert_eq!(stored(text), expected);
        }
        assert_eq!(sought("ıſµ"), "ISΜ");
        assert_ne!(stored("Zürich"), stored("zurich"));
    }
}
