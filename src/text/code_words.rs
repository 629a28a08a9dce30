//! Codes of Oracle's that no list explains.

/// A code in plain words: `ORA_USAGE` as Usage, `ORA_ONE_TIME` as One time. What is no such code stays as it is.
pub fn code_in_words(code: &str) -> String {
    let is_code = |rest: &&str| {
        !rest.is_empty()
            && rest
                .chars()
                .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
    };
    let Some(rest) = code.strip_prefix("ORA_").filter(is_code) else { return code.to_owned() };
    let words = rest.to_lowercase().replace('_', " ");
    words.get(..1).unwrap_or_default().to_uppercase() + words.get(1..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_code_is_told_in_words_and_anything_else_as_it_is() {
        for (code, words) in [
            ("ORA_USAGE", "Usage"),
            ("ORA_ONE_TIME", "One time"),
            ("ORA_", "ORA_"),
            ("ORA_Mixed", "ORA_Mixed"),
            ("Usage fee", "Usage fee"),
            ("", ""),
        ] {
            assert_eq!(code_in_words(code), words);
        }
    }
}
