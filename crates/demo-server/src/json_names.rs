//! Finds a name that a JSON object gives more than once. Which of the two values is meant, nobody can tell, and
//! one that is taken in silence may be the wrong amount.

use std::collections::HashSet;

use rest_contract::RawEntries;
use serde_json::value::RawValue;

/// Deeper than any body of these APIs, and than what their readers take.
const DEEPEST: usize = 100;

/// The path of the first name that is given twice, such as `usageCharges/BilledAmount`; nothing for a text
/// without one, or that is no JSON.
pub(crate) fn doubled(json: &[u8]) -> Option<String> {
    within(std::str::from_utf8(json).ok()?, "", DEEPEST)
}

fn within(json: &str, path: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match json.trim_start().as_bytes().first()? {
        b'{' => {
            let RawEntries(members) = serde_json::from_str(json).ok()?;
            let slash = if path.is_empty() { "" } else { "/" };
            let mut names = HashSet::new();
            members.iter().find_map(|(name, value)| {
                let path = format!("{path}{slash}{name}");
                if names.insert(name) { within(value.get(), &path, depth) } else { Some(path) }
            })
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            items.into_iter().find_map(|item| within(item.get(), path, depth))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::doubled;

    #[test]
    fn the_first_doubled_name_is_told_with_its_path() {
        for (json, expected) in [
            (r#"{"a":1,"b":2}"#, None),
            (r#"{"a":1,"a":1}"#, Some("a")),
            (r#"{"a":{"b":1,"c":[{"d":1},{"d":2}],"b":null}}"#, Some("a/b")),
            (r#"{"c":[{"d":1,"d":2}]}"#, Some("c/d")),
            (r#"[{"x":1,"\u0078":2}]"#, Some("x")),
            (r#"{"a":1.5e400,"a":true}"#, Some("a")),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(doubled(json.as_bytes()).as_deref(), expected, "{json}");
        }
        let deep = "[".repeat(500_000);
        assert_eq!(doubled(deep.as_bytes()), None);
        let deep = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
        assert_eq!(doubled(deep.as_bytes()), None);
    }
}
