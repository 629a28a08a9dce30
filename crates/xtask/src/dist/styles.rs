//! The styles as a browser needs them: what only their authors read is left out.

/// Without comments, indentation and empty lines. What is quoted stays as it is.
pub(crate) fn packed(styles: &str) -> String {
    let mut bare = String::with_capacity(styles.len());
    let mut rest = styles;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (before, from) = rest.split_at(at);
        bare.push_str(before);
        let end = match from.get(..2) {
            Some("/*") => {
                rest = from.get(2..).and_then(|inner| inner.split_once("*/")).map_or("", |(_, after)| after);
                continue;
            }
            _ if from.starts_with('/') => 1,
            // To the same quote, or where it is missing to the end.
            _ => from
                .char_indices()
                .skip(1)
                .find(|(_, letter)| from.starts_with(*letter))
                .map_or(from.len(), |(at, _)| at + 1),
        };
        let (kept, after) = from.split_at(end);
        bare.push_str(kept);
        rest = after;
    }
    bare.push_str(rest);
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_needs_stays() {
        for (styles, packed_to) in [
            (
                "/* Why. */\na { b: c; }\n\n  /* more\n lines */ d { e: f / 2; }\n",
                "a { b: c; }\nd { e: f / 2; }\n",
            ),
            ("a { content: \"/* kept */\"; }\n", "a { content: \"/* kept */\"; }\n"),
            ("a { b: url('x//y'); }", "a { b: url('x//y'); }\n"),
            ("a { content: \"\u{2192} it's\"; } /* end", "a { content: \"\u{2192} it's\"; }\n"),
            ("a { content: \"open", "a { content: \"open\n"),
            ("", ""),
        ] {
            assert_eq!(packed(styles), packed_to, "{styles}");
        }
    }
}
