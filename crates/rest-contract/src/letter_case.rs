//! Upper and lower case as databases fold it: letter for letter. `ß` is not made `SS`, for no database's
//! `UPPER` does that, and then nothing would be found.
//!
//! Not here: letters and accents that are written apart (`e` and U+0301). No database's `UPPER` brings them
//! together, so a text that is searched for is composed by whoever asks (NFC, as keyboards write and the web
//! sends) before it comes here. The vendor gets the composed text and finds what is stored composed; the demo
//! server finds both.

/// Each letter's capital where that is one letter, else the letter itself.
pub fn upper(text: &str) -> String {
    text.chars().map(|letter| one(letter.to_uppercase(), letter)).collect()
}

/// Each letter's small one where that is one letter, else the letter itself.
pub fn lower(text: &str) -> String {
    text.chars().map(|letter| one(letter.to_lowercase(), letter)).collect()
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
    fn letters_keep_their_number() {
        for (text, expected) in [
            ("Zürich-07", "ZÜRICH-07"),
            ("straße", "STRAßE"),
            ("ﬁx", "ﬁX"),
            ("σς", "ΣΣ"),
            ("Łódź", "ŁÓDŹ"),
            ("ŉ", "ŉ"),
            ("ǆ", "Ǆ"),
        ] {
            assert_eq!(upper(text), expected);
            assert_eq!(upper(text).chars().count(), text.chars().count(), "{text}");
            assert_eq!(upper(&lower(&upper(text))), upper(text), "{text}");
        }
        assert_eq!(lower("İSTANBUL ÜLKER"), "İstanbul ülker");
    }
}
