use std::borrow::Cow;

/// A text as it may be shown: what cannot be seen, or would make its neighbours look like another text,
/// stands as a sign with its number. A right-to-left override shows `+49 0001 51` for `+49 15 1000`; here
/// it is `+49‹U+202E›15 1000`. Letters of every script stay as they are, and so do the joiners that some
/// scripts and emoji need.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\n' => shown.push('\u{2424}'),
            '\t' => shown.push('\u{2409}'),
            '\r' => shown.push('\u{240d}'),
            letter if is_hidden(letter) => {
                shown.push_str(&format!("\u{2039}U+{:04X}\u{203a}", u32::from(letter)));
            }
            letter => shown.push(letter),
        }
    }
    Cow::Owned(shown)
}

/// Whether a character is a control, steers the direction of writing, or takes no room at all.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            // Soft hyphen, Arabic letter mark, Mongolian vowel separator, fillers.
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
            // Zero-width space, directional marks; the joiners U+200C and U+200D stay.
            | '\u{200b}' | '\u{200e}' | '\u{200f}'
            // Line and paragraph separator, embeddings and overrides.
            | '\u{2028}'..='\u{202e}'
            // Word joiner, invisible operators, isolates.
            | '\u{2060}'..='\u{206f}'
            // Byte order mark, interlinear annotation, what no font can show.
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            // Tags.
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown_as_a_sign() {
        let cases = [
            ("+49\u{202e}0001 51", "+49‹U+202E›0001 51"),
            ("in\u{200b}voice", "in‹U+200B›voice"),
            ("\u{2067}abc\u{2069}", "‹U+2067›abc‹U+2069›"),
            ("a\u{7}b", "a‹U+0007›b"),
            ("one\ntwo\tthree\r", "one␤two␉three␍"),
            ("\u{feff}EUR", "‹U+FEFF›EUR"),
            ("x\u{85}y", "x‹U+0085›y"),
            ("\u{e0041}", "‹U+E0041›"),
            ("sub\u{ad}scription", "sub‹U+00AD›scription"),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn letters_of_every_script_stay() {
        // A line of padding, Arabic, Hebrew, Persian with a joiner, an emoji of several, a real minus.
        for text in [
            "1,234.5\u{2007}\u{2008}",
            "فاتورة",
            "חשבון",
            "می\u{200c}خواهم",
            "👩\u{200d}💻",
            "\u{2212}5",
            "Größe 📦",
            "",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
