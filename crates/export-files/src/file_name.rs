//! Names of files and sheets out of names that people gave.

/// As many letters as every system takes, with room for what is added.
const MOST_LETTERS: usize = 100;

/// Names that are devices on Windows, whatever stands behind the point.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

/// A name as every system takes it for a file: letters of any script stay, what paths, shells and screens
/// understand otherwise becomes a dash, as in `März-2026-A` for `März/2026: "A"`. `otherwise` stands for a name of
/// which nothing is left.
pub fn safe_name(name: &str, otherwise: &str) -> String {
    let mut safe = String::new();
    for letter in name.chars() {
        match letter {
            // Blanks beside a dash go with it.
            ' ' if safe.ends_with('-') => (),
            letter if is_safe(letter) => safe.push(letter),
            _ => {
                safe.truncate(safe.trim_end_matches([' ', '-']).len());
                safe.push('-');
            }
        }
    }
    let cut: String = safe.trim_matches(['-', '.', ' ']).chars().take(MOST_LETTERS).collect();
    let cut = cut.trim_end_matches(['-', '.', ' ']);
    let stem = cut.split('.').next().unwrap_or_default().trim_end_matches(|last: char| last.is_ascii_digit());
    if cut.is_empty() {
        otherwise.to_owned()
    } else if DEVICES.iter().any(|device| device.eq_ignore_ascii_case(stem.trim())) {
        format!("_{cut}")
    } else {
        cut.to_owned()
    }
}

fn is_safe(letter: char) -> bool {
    match letter {
        ' ' | '-' | '_' | '.' | '(' | ')' => true,
        _ if letter.is_ascii() => letter.is_ascii_alphanumeric(),
        // What is not seen, or turns the way of writing.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => false,
        _ => !letter.is_control() && !letter.is_whitespace(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_safe_and_can_still_be_read() {
        for (name, safe) in [
            ("März/2026: \"A\"", "März-2026-A"),
            ("UB-2026 10", "UB-2026 10"),
            ("../../etc/passwd", "etc-passwd"),
            ("C:\\x|y", "C-x-y"),
            ("a\u{202e}fdp.exe", "a-fdp.exe"),
            ("nul", "_nul"),
            ("Com1.csv", "_Com1.csv"),
            ("請求 2026", "請求 2026"),
            ("  . ", "export"),
            ("///", "export"),
        ] {
            assert_eq!(safe_name(name, "export"), safe, "{name}");
        }
        assert_eq!(safe_name(&"x".repeat(300), "export").len(), 100);
    }
}
