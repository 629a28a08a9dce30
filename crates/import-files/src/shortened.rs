//! Texts that are longer than the field that they go into.

use crate::event_number::hash;

/// The text itself where it is short enough; else its beginning and a mark that follows from the whole, so that
/// two long texts with one beginning stay two.
pub(crate) fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let mark = format!("~{:016x}", hash(std::iter::once(text)) >> 64);
    let kept: String = text.chars().take(longest.saturating_sub(mark.len())).collect();
    kept + &mark
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_text_keeps_its_beginning_and_stays_itself() {
        assert_eq!(shortened("ärger", 5), "ärger");
        let (one, other) = ("ä".repeat(150), format!("{}x", "ä".repeat(149)));
        let short = shortened(&one, 120);
        assert_eq!(short.chars().count(), 120);
        assert!(short.starts_with(&"ä".repeat(103)) && short != shortened(&other, 120), "{short}");
        assert_eq!(short, shortened(&one, 120));
    }
}
