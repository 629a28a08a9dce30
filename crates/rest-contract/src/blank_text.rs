//! Texts that nobody can see.

/// Whether a text shows nothing: it is empty, or all of it is blanks, controls and characters that take no
/// room or leave it white. As a name or a key it is none.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_unseen)
}

fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter,
            // Soft hyphen, grapheme joiner, Arabic letter mark, Mongolian separators, fillers, blank of Braille.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}'
            | '\u{17b5}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}'
            // Spaces and joiners without width, marks of direction.
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            // Variation selectors, byte order mark, annotations, tags.
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for text in
            ["", " ", "\u{a0}", "\u{200b}", "\u{feff}\t", "\u{2060}\u{ad}", "\u{3164}", "\u{e0041}", "\0"]
        {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", "\u{200b}-", "0", "\u{301}", "東"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
