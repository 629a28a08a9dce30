//! A list of texts as a person types it: commas between them, and double quotes around one that holds a comma.

/// The texts of a list. Blanks around them and places without a text do not count.
///
/// # Errors
/// A sentence, where a quote is not closed or more follows behind the one that closes.
pub(super) fn read(typed: &str) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    let mut rest = typed.trim();
    while !rest.is_empty() {
        let Some(quoted) = rest.strip_prefix('"') else {
            let (text, behind) = rest.split_once(',').unwrap_or((rest, ""));
            texts.push(text.trim_end().to_owned());
            rest = behind.trim_start();
            continue;
        };
        let (text, behind) = to_the_closing_quote(quoted).ok_or_else(|| {
            "A double quote is not closed; one that belongs to the value is doubled.".to_owned()
        })?;
        texts.push(text);
        rest = match behind.trim_start() {
            "" => "",
            behind => behind
                .strip_prefix(',')
                .ok_or_else(|| "Behind a value in double quotes a comma is due.".to_owned())?
                .trim_start(),
        };
    }
    texts.retain(|text| !text.is_empty());
    Ok(texts)
}

/// The text up to a quote that is not doubled, and what stands behind that.
fn to_the_closing_quote(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut rest = quoted;
    loop {
        let (before, behind) = rest.split_once('"')?;
        text.push_str(before);
        rest = match behind.strip_prefix('"') {
            Some(more) => more,
            None => return Some((text, behind)),
        };
        text.push('"');
    }
}

/// A text as [`read`] takes it for one.
pub(super) fn write(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<&[&str], &str>) {
        let expected = expected.map(|texts| texts.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read(typed), expected.map_err(str::to_owned), "{typed}");
    }

    #[test]
    fn a_text_in_quotes_is_one() {
        check("EUR, USD", Ok(&["EUR", "USD"]));
        check("I1 a,b", Ok(&["I1 a", "b"]));
        check(r#""I1 a,b""#, Ok(&["I1 a,b"]));
        check(r#" "a, b" ,c,, "say ""x""" "#, Ok(&["a, b", "c", r#"say "x""#]));
        check(r#"" a ",b"#, Ok(&[" a ", "b"]));
        check(r#"5" disk, b"c"#, Ok(&["5\" disk", "b\"c"]));
        check(" , ", Ok(&[]));
        check("", Ok(&[]));
    }

    #[test]
    fn quotes_that_do_not_match_are_told() {
        let open = "A double quote is not closed; one that belongs to the value is doubled.";
        check(r#""a,b"#, Err(open));
        check(r#"a,""""#, Err(open));
        check(r#""a" b, c"#, Err("Behind a value in double quotes a comma is due."));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(texts in proptest::collection::vec("[ a,\"']{1,6}", 0..5)) {
            let typed: Vec<_> = texts.iter().map(|text| write(text)).collect();
            prop_assert_eq!(read(&typed.join(", ")), Ok(texts));
        }
    }
}
