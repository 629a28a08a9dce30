//! Row-match expressions for the `q` parameter (Oracle REST, framework version 2 and later): text in
//! single quotes with quotes doubled, `like` with `*` or `%` for any run of characters.

use crate::letter_case;

/// `attribute in ('a','b')`; for one value an equation.
pub fn one_of(attribute: &str, values: &[impl AsRef<str>]) -> String {
    match values {
        [one] => format!("{attribute} = {}", quoted(one.as_ref())),
        _ => format!("{attribute} in ({})", quoted_list(values)),
    }
}

/// Texts between the parentheses of a list.
pub(crate) fn quoted_list(values: &[impl AsRef<str>]) -> String {
    values.iter().map(|value| quoted(value.as_ref())).collect::<Vec<_>>().join(",")
}

/// Rows in which one of the attributes holds the text, in any case.
pub fn any_like(attributes: &[&str], text: &str) -> String {
    let terms: Vec<_> = attributes.iter().map(|attribute| holds(attribute, text)).collect();
    format!("({})", terms.join(" or "))
}

/// Rows in which the attribute holds the text, in any case.
pub fn holds(attribute: &str, text: &str) -> String {
    like(attribute, text, "%")
}

/// Rows in which the attribute begins with the text, in any case.
pub fn begins_with(attribute: &str, text: &str) -> String {
    like(attribute, text, "")
}

/// What is typed is letters, also where it would be a wildcard. The vendor's pages tell no way to say so;
/// the one of SQL is used where it is needed and nowhere else, so that a server without it refuses
/// just such a text.
fn like(attribute: &str, text: &str, before: &str) -> String {
    let text = letter_case::upper(text);
    if text.contains(['%', '*']) {
        let mut escaped = String::with_capacity(text.len() + 4);
        for letter in text.chars() {
            if matches!(letter, '%' | '*' | '\\') {
                escaped.push('\\');
            }
            escaped.push(letter);
        }
        return format!("UPPER({attribute}) like {} escape '\\'", quoted(&format!("{before}{escaped}%")));
    }
    format!("UPPER({attribute}) like {}", quoted(&format!("{before}{text}%")))
}

pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_break_out_of_its_quotes() {
        assert_eq!(one_of("EventStatus", &["A"]), "EventStatus = 'A'");
        assert_eq!(one_of("EventStatus", &["A", "x' or '1'='1"]), "EventStatus in ('A','x'' or ''1''=''1')");
        assert_eq!(
            any_like(&["Error", "ServiceId"], "o'b"),
            "(UPPER(Error) like '%O''B%' or UPPER(ServiceId) like '%O''B%')"
        );
        assert_eq!(holds("ServiceId", "straße_1"), "UPPER(ServiceId) like '%STRAßE_1%'");
        assert_eq!(holds("ServiceId", "5%*\\"), r"UPPER(ServiceId) like '%5\%\*\\%' escape '\'");
        assert_eq!(begins_with("ServiceId", "+49"), "UPPER(ServiceId) like '+49%'");
    }
}
